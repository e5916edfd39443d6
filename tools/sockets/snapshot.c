#include "tools/sockets/snapshot.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

#define MOST (1u << 24) /* things of a kind */

struct head {
	uint32_t n_sockets, n_owners, n_slots, n_spaces, n_closed, n_hidden;
};

struct answer {
	int code;
	struct sonde_error error;
};

/* --- The process that gathers ------------------------------------------------------------------------------------- */

static bool put(int fd, const void *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (const char *)bytes + n;
		len -= (size_t)n;
	}
	return true;
}

static bool put_all(int fd, const struct gathered *g)
{
	const struct head h = { g->sockets.n, g->owners.n, g->owners.n_slots, g->n_spaces, g->n_closed,
				g->owners.n_hidden };
	return put(fd, &h, sizeof h) && put(fd, g->sockets.list, h.n_sockets * sizeof *g->sockets.list) &&
	       put(fd, g->owners.list, h.n_owners * sizeof *g->owners.list) &&
	       put(fd, g->owners.slots, h.n_slots * sizeof *g->owners.slots) &&
	       put(fd, g->spaces, h.n_spaces * sizeof *g->spaces) && lseek(fd, 0, SEEK_SET) == 0;
}

/* s: NULL when what was asked is no such request. */
static void serve_one(int channel, const struct sockets_options *s)
{
	struct answer a = { .code = -EINVAL };
	struct gathered g = { 0 };
	int fd = -1;
	if (s)
		a.code = gathered_read(&g, s, &a.error);
	if (!a.code && ((fd = memfd_create("sockets", MFD_CLOEXEC)) < 0 || !put_all(fd, &g)))
		a.code = sonde_fail(&a.error, -errno, "cannot hand over the sockets: %s", strerror(errno));
	channel_answer(channel, &a, sizeof a, a.code ? -1 : fd);
	if (fd >= 0)
		close(fd);
	gathered_free(&g);
}

static void serve(int channel, void *arg)
{
	const struct snapshots *p = arg;
	const struct sandbox sandbox = { .name = "sockets-reader", .keep = p->keep, .sees = true };
	char request[2];
	size_t len;
	if (p->has_sandbox && sandbox_apply(NULL, &sandbox, NULL))
		return;
	while ((len = channel_next(channel, request, sizeof request)) > 0)
		serve_one(channel, len == 1 ? p->s : NULL);
}

int snapshots_open(struct snapshots *p, const struct sockets_options *s, uint64_t keep, const struct options *o)
{
	int status;
	*p = (struct snapshots){ .s = s, .keep = keep, .has_sandbox = sandbox_wanted(&status, o) };
	if (status)
		return status;
	int rc = channel_start(&p->channel, "sonde-reader", serve, p);
	if (rc)
		message_code(rc, "cannot start the process that reads the sockets");
	return rc ? STATUS_SYSTEM : 0;
}

void snapshots_close(struct snapshots *p)
{
	channel_stop(&p->channel);
}

/* --- The screen's side -------------------------------------------------------------------------------------------- */

static bool get(int fd, void *bytes, size_t len)
{
	while (len) {
		ssize_t n = read(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = (char *)bytes + n;
		len -= (size_t)n;
	}
	return true;
}

/* An array of n things; *ok becomes false where they are not all there. */
static void *get_array(bool *ok, int fd, uint32_t n, size_t size)
{
	*ok = *ok && n <= MOST;
	void *list = *ok ? message_need_memory(calloc(n + 1, size)) : NULL;
	*ok = *ok && get(fd, list, n * size);
	return list;
}

static int read_all(struct gathered *g, int fd, struct sonde_error *e)
{
	struct head h = { 0 };
	bool ok = get(fd, &h, sizeof h);
	g->sockets = (struct sonde_sockets){ get_array(&ok, fd, h.n_sockets, sizeof *g->sockets.list), h.n_sockets,
					     h.n_sockets };
	g->owners = (struct sonde_owners){ .list = get_array(&ok, fd, h.n_owners, sizeof *g->owners.list),
					   .n = h.n_owners,
					   .cap = h.n_owners,
					   .n_slots = h.n_slots,
					   .n_hidden = h.n_hidden };
	g->owners.slots = get_array(&ok, fd, h.n_slots, sizeof *g->owners.slots);
	g->spaces = get_array(&ok, fd, h.n_spaces, sizeof *g->spaces);
	g->n_spaces = h.n_spaces;
	g->n_closed = h.n_closed;
	return ok ? 0 : sonde_fail(e, -EPIPE, "the sockets were not handed over whole");
}

int snapshot_take(struct gathered *g, struct snapshots *p, struct sonde_error *e)
{
	struct answer a;
	int fd = -1;
	*g = (struct gathered){ 0 };
	int rc = channel_ask(&p->channel, "", 1, &a, sizeof a, &fd);
	if (rc)
		return sonde_fail(e, rc, "the process that reads the sockets does not answer: %s", sonde_strerror(rc));
	if (a.code)
		*e = a.error;
	rc = a.code ? a.code : read_all(g, fd, e);
	if (fd >= 0)
		close(fd);
	return rc;
}
