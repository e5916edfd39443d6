#include "tools/lab/tap.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/file_write.h"
#include "io/live.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/lab/process.h"

#define RINGS_BYTES (64u << 20) /* of all links together */
#define RING_MIN    (2u << 20)
#define BLOCK_NS    (10 * SONDE_MS) /* how long the kernel collects frames before it hands them over */
#define REORDER_NS  (3 * BLOCK_NS)  /* how old a frame is when no earlier one can come any more */
#define WAIT_MS     10

/* A link, and its frame that is to be written next. */
struct link {
	struct sonde_live *live;
	uint32_t number; /* of its interface in the file */
	bool has_next;
	struct sonde_record next;
};

struct tap {
	const struct topology *t;
	struct sonde_writer *writer;
	struct link links[LAB_LINKS];
	struct pollfd fds[LAB_LINKS + 1]; /* the last one is the signal's */
	struct sonde_error error;
};

int tap_open(struct sonde_writer **out, struct sonde_error *e, const char *path, const struct topology *t,
	     uint64_t seed)
{
	char comment[LAB_LINE + 60];

	snprintf(comment, sizeof(comment), "sonde lab: topology %s, seed %" PRIu64, t->name, seed);
	int err = record_create(out, e, path, sonde_view(comment, strlen(comment)), true,
				&(struct sonde_rotation){ 0 });
	if (!err && (err = sonde_writer_flush(*out, e))) {
		sonde_writer_close(*out, NULL);
		*out = NULL;
	}
	return err;
}

static int open_link(struct tap *tap, const int *net_fd, unsigned i)
{
	const struct lab_end *end = tap->t->links[i].end;
	const char *from = tap->t->hosts[end[0].host].name, *to = tap->t->hosts[end[1].host].name;
	struct sonde_live_options o = sonde_live_frames(end[0].index, NULL);
	char name[LAB_NAME + 16], description[2 * LAB_NAME + 40];

	o.ring_bytes = RINGS_BYTES / tap->t->n_links > RING_MIN ? RINGS_BYTES / tap->t->n_links : RING_MIN;
	o.block_ns = BLOCK_NS;
	o.promiscuous = true;
	if (setns(net_fd[end[0].host], CLONE_NEWNET))
		return sonde_fail(&tap->error, -errno, "cannot enter '%s': %s", from, strerror(errno));
	int err = sonde_live_open(&tap->links[i].live, &o, &tap->error);
	if (err)
		return err;
	snprintf(name, sizeof(name), "%s.eth%u", from, end[0].eth);
	snprintf(description, sizeof(description), "%s eth%u to %s eth%u", from, end[0].eth, to, end[1].eth);
	const struct sonde_pcapng_interface face = { .name = sonde_view(name, strlen(name)),
						     .description = sonde_view(description, strlen(description)),
						     .link = sonde_live_link(tap->links[i].live),
						     .snap = o.snap };
	tap->fds[i] = (struct pollfd){ .fd = sonde_live_fd(tap->links[i].live), .events = POLLIN };
	return sonde_writer_interface(&tap->links[i].number, tap->writer, &face, &tap->error);
}

/* The link whose next frame is the earliest of all, or NULL. */
static struct link *earliest(struct tap *tap)
{
	struct link *best = NULL;

	for (unsigned i = 0; i < tap->t->n_links; i++) {
		struct link *l = &tap->links[i];
		struct sonde_error ignored;
		if (!l->has_next)
			l->has_next = sonde_live_next(&l->next, l->live, &ignored) == 1;
		if (l->has_next && (!best || l->next.time < best->next.time))
			best = l;
	}
	return best;
}

/* Write the frames that came until then, in the order of their times. */
static int write_until(struct tap *tap, sonde_time limit_ns)
{
	struct link *l;

	while ((l = earliest(tap)) && l->next.time <= limit_ns) {
		l->next.interface = l->number;
		int err = sonde_writer_put(tap->writer, &l->next, &tap->error);
		if (err)
			return err;
		l->has_next = false;
	}
	return 0;
}

static int capture(struct tap *tap)
{
	unsigned n = tap->t->n_links;

	for (;;) {
		bool waits = false;
		for (unsigned i = 0; i < n; i++)
			waits = waits || tap->links[i].has_next;
		/* The file can be read while the lab is up. */
		int err = waits ? 0 : sonde_writer_flush(tap->writer, &tap->error);
		if (err)
			return err;
		/* A link with a frame that waits to be written stays readable, so only the signal is polled. */
		int ready = waits ? poll(&tap->fds[n], 1, WAIT_MS) : poll(tap->fds, n + 1, -1);
		if (ready < 0 && errno != EINTR)
			return sonde_fail(&tap->error, -errno, "cannot capture: %s", strerror(errno));
		if (ready > 0 && tap->fds[n].revents)
			return 0;
		if ((err = write_until(tap, sonde_clock_real() - REORDER_NS)))
			return err;
	}
}

/* Tell, in the file and in a message, how many frames the kernel had no room for. Returns their number. */
static uint64_t report_drops(struct tap *tap)
{
	uint64_t dropped = 0;

	for (unsigned i = 0; i < tap->t->n_links; i++) {
		struct sonde_live_stats s;
		if (sonde_live_stats(&s, tap->links[i].live, NULL))
			continue;
		const struct sonde_pcapng_statistics written = { .interface = tap->links[i].number,
								 .time = sonde_clock_real(),
								 .received = s.received,
								 .dropped_by_interface = UINT64_MAX,
								 .accepted = s.received,
								 .dropped_by_kernel = s.dropped_by_kernel,
								 .delivered = s.received - s.dropped_by_kernel };
		sonde_writer_statistics(tap->writer, &written, NULL);
		dropped += s.dropped_by_kernel;
	}
	if (dropped)
		message("%" PRIu64 " frames are missing in the capture: they came too fast", dropped);
	return dropped;
}

static int set_up(struct tap *tap, const int *net_fd)
{
	int term_fd = lab_process_term_fd();
	int err = term_fd < 0 ? sonde_fail(&tap->error, term_fd, "cannot capture: %s", sonde_strerror(term_fd)) : 0;

	tap->fds[tap->t->n_links] = (struct pollfd){ .fd = term_fd, .events = POLLIN };
	for (unsigned i = 0; i < tap->t->n_links && !err; i++)
		err = open_link(tap, net_fd, i);
	return err;
}

int tap_run(const struct topology *t, const int *net_fd, struct sonde_writer *writer, int ready_fd)
{
	static struct tap tap;

	tap.t = t;
	tap.writer = writer;
	int err = set_up(&tap, net_fd);
	if (!err)
		err = lab_process_confine("tap", writer, &tap.error);
	err = lab_process_ready(ready_fd, err);
	if (!err && !(err = capture(&tap))) {
		usleep(REORDER_NS / SONDE_US);
		err = write_until(&tap, INT64_MAX);
	}
	bool missing = !err && report_drops(&tap) > 0;
	struct sonde_error closing = { 0 };
	int closed = sonde_writer_close(writer, &closing);
	if (err || closed)
		message_error(err ? &tap.error : &closing);
	return err || closed || missing ? STATUS_SYSTEM : STATUS_DONE;
}
