#include "tools/read/tail.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/file_write.h"
#include "tools/common/message.h"
#include "tools/common/stop.h"

#define LOOK_NS (200 * SONDE_MS) /* files on servers grow without an event */

/* Whether the folder's events say that the name stands for another file, or for none. */
static bool is_replaced(const struct tail *t)
{
	_Alignas(struct inotify_event) char room[4096];
	ssize_t n = t->events_fd >= 0 ? read(t->events_fd, room, sizeof room) : 0;
	bool replaced = false;
	for (ssize_t at = 0; at < n;) {
		const struct inotify_event *e = (const struct inotify_event *)(const void *)(room + at);
		bool is_name = e->len && strcmp(e->name, t->name) == 0;
		replaced |= is_name && (e->mask & (IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM));
		at += (ssize_t)(sizeof *e + e->len);
	}
	return replaced;
}

static bool is_cut(const struct tail *t)
{
	off_t at = lseek(t->fd, 0, SEEK_CUR), end = lseek(t->fd, 0, SEEK_END);
	lseek(t->fd, at, SEEK_SET);
	return end < at;
}

/* What was read is shown and written before the wait. */
static bool flush(struct tail *t)
{
	struct sonde_error e;
	fflush(stdout);
	if (t->writer && sonde_writer_flush(t->writer, &e)) {
		message_error(&e);
		t->failed = true;
	}
	return !t->failed;
}

/* A file that was replaced is read to its end: its writer may have it open still, but nobody finds what comes. */
static bool wait_for_more(void *arg)
{
	struct tail *t = arg;
	if (stop_requested() || t->is_told || !flush(t))
		return false;
	bool cut = is_cut(t), replaced = !cut && is_replaced(t);
	if (cut || replaced) {
		message("%s was %s: nothing more comes from it", t->path,
			cut ? "cut while it was read" : "renamed, removed or replaced");
		t->is_told = true;
		return replaced;
	}
	sonde_wait(&(struct sonde_wait){ .fd = t->events_fd }, 1, sonde_clock_monotonic() + LOOK_NS);
	return true;
}

void tail_open(struct tail *t, const char *path, int fd, struct sonde_writer *writer)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	*t = (struct tail){ .path = path, .name = slash ? slash + 1 : path, .fd = fd, .writer = writer,
			    .growth = { wait_for_more, t } };
	t->events_fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	const uint32_t events = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_MOVED_FROM;
	if (t->events_fd >= 0 && folder && inotify_add_watch(t->events_fd, folder, events) < 0)
		tail_close(t);
	free(folder);
}

void tail_close(struct tail *t)
{
	if (t->growth.more && t->events_fd >= 0)
		close(t->events_fd);
	t->events_fd = -1;
}
