#include "tools/lab/wire.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/lab/build.h"
#include "tools/lab/impair.h"
#include "tools/lab/ring.h"
#include "tools/lab/process.h"
#include "tools/lab/wheel.h"

#define TAG_LEN      4 /* a VLAN tag, which the kernel takes out of the frame */
#define FRAME_MIN    (1500 + 14 + TAG_LEN)
#define FRAMES       65536        /* at most on their way at once */
#define FRAMES_BYTES (256u << 20) /* their memory at most */
#define RINGS_BYTES  (16u << 20)  /* of all rings together: 40 ms at 200,000 frames a second */
#define MACS_LEN     12
#define SPIN_NS      (60 * SONDE_US) /* a sleep may last this much too long, so this much is waited actively */
#define CLOSE_NS     (2 * SONDE_US)  /* two clocks read within this time are compared */
#define SLICE_NS     100000          /* the scheduler's time slice */
#define STOP         UINT32_MAX      /* the event of the signal */

struct frame {
	uint32_t len;
	uint32_t lane;
	uint32_t next; /* in the list of free frames */
};

struct lane {
	struct ring *in, *out;
	const struct lab_impairment *impairment;
	struct wire_count *count;
	struct impair_queue queue;
	uint64_t seen[IMPAIR_CLASSES];
};

struct wire {
	uint64_t seed;
	int epoll_fd, signal_fd;
	struct ring rings[LAB_LINKS * 2];
	struct lane lanes[LAB_LINKS * 2];
	unsigned n_lanes;
	uint32_t n_frames, free;
	size_t room; /* bytes for each frame */
	struct frame *frames;
	uint8_t *bytes;
	struct wheel_item *items;
	struct wheel wheel;
	sonde_time real_offset_ns; /* how far the real-time clock, which stamps frames, is ahead of the monotonic one */
};

static uint8_t *bytes_of(const struct wire *w, uint32_t frame)
{
	return w->bytes + (size_t)frame * w->room;
}

static uint32_t take_frame(struct wire *w)
{
	uint32_t frame = w->free;

	if (frame != WHEEL_NONE)
		w->free = w->frames[frame].next;
	return frame;
}

static void free_frame(struct wire *w, uint32_t frame)
{
	w->frames[frame].next = w->free;
	w->free = frame;
}

/* --- Receiving ------------------------------------------------------------------------------------------------- */

/* Copy a frame out of the ring, with its VLAN tag back in its place. */
static void copy_frame(struct wire *w, uint32_t frame, const struct ring_frame *f)
{
	uint8_t *bytes = bytes_of(w, frame);
	size_t len = f->bytes.len, head = f->tagged && len >= MACS_LEN ? MACS_LEN : 0;

	memcpy(bytes, f->bytes.data, head);
	if (head) {
		sonde_put_be16(bytes + head, f->tag[0]);
		sonde_put_be16(bytes + head + 2, f->tag[1]);
		bytes += TAG_LEN;
	}
	memcpy(bytes + head, f->bytes.data + head, len - head);
	w->frames[frame].len = (uint32_t)len + (head ? TAG_LEN : 0);
}

static void schedule(struct wire *w, struct lane *l, uint32_t frame, const struct impair_result *f, sonde_time came_ns)
{
	uint32_t copy = f->n == 2 ? take_frame(w) : WHEEL_NONE;
	uint32_t len = w->frames[frame].len;

	if (f->n == 2 && copy == WHEEL_NONE)
		l->count->overload++;
	if (copy != WHEEL_NONE) {
		memcpy(bytes_of(w, copy), bytes_of(w, frame), len);
		w->frames[copy].len = len;
		w->frames[copy].lane = w->frames[frame].lane;
		l->count->duplicated++;
	}
	for (unsigned i = 0; i < f->n; i++) {
		uint32_t which = i == 0 ? frame : copy;
		if (which == WHEEL_NONE)
			continue;
		l->count->held_back += f->held_back[i];
		wheel_add(&w->wheel, which, impair_due(&l->queue, came_ns, f->delay_ns[i], f->held_back[i]));
	}
}

/* Decide what happens to a frame: afterwards it is in the wheel, or free again. */
static void take_in(struct wire *w, struct lane *l, uint32_t frame, sonde_time came_ns)
{
	uint32_t len = w->frames[frame].len;
	unsigned class = impair_class(sonde_view(bytes_of(w, frame), len));
	struct impair_result result;

	w->frames[frame].lane = (uint32_t)(l - w->lanes);
	l->count->came++;
	impair_decide(&result, l->impairment, w->seed, w->frames[frame].lane, class, l->seen[class]++);
	bool fits = impair_enqueue(&l->queue, l->impairment, came_ns, len);
	if (result.lost)
		l->count->lost++;
	else if (!fits)
		l->count->full++;
	else {
		schedule(w, l, frame, &result, came_ns);
		return;
	}
	free_frame(w, frame);
}

/* Read a batch of a lane's frames. Returns how many there were. */
static unsigned receive(struct wire *w, struct lane *l)
{
	struct ring_frame f;
	sonde_time now_ns = sonde_clock_monotonic();
	unsigned n = 0;

	for (; n < RING_BATCH && ring_next(&f, l->in); n++) {
		uint32_t frame = f.whole ? take_frame(w) : WHEEL_NONE;
		sonde_time came_ns = f.came_ns - w->real_offset_ns;
		if (came_ns > now_ns) /* while the others were read */
			now_ns = sonde_clock_monotonic();
		/* The real-time clock may have been set in between. */
		if (came_ns > now_ns || came_ns < now_ns - SONDE_S)
			came_ns = now_ns;
		if (frame == WHEEL_NONE) {
			l->count->overload++;
		} else {
			copy_frame(w, frame, &f);
			take_in(w, l, frame, came_ns);
		}
	}
	return n;
}

/* --- Sending --------------------------------------------------------------------------------------------------- */

/* Send n frames of one lane. What the kernel does not take is lost, and counted. */
static void transmit(struct wire *w, struct lane *l, const uint32_t *frame, unsigned n)
{
	struct sonde_view bytes[RING_BATCH] = { 0 };

	for (unsigned i = 0; i < n; i++)
		bytes[i] = sonde_view(bytes_of(w, frame[i]), w->frames[frame[i]].len);
	unsigned taken = ring_send(l->out, bytes, n);
	l->count->arrived += taken;
	l->count->overload += n - taken;
	for (unsigned i = 0; i < n; i++)
		free_frame(w, frame[i]);
}

/* Send what is due, successive frames of a lane together. Returns how many there were. */
static unsigned release(struct wire *w, sonde_time now_ns)
{
	uint32_t run[RING_BATCH];
	unsigned n = 0, total = 0;

	for (; total < RING_BATCH * 4; total++) {
		uint32_t frame = wheel_take(&w->wheel, now_ns);
		if (n && (n == RING_BATCH || frame == WHEEL_NONE || w->frames[frame].lane != w->frames[run[0]].lane)) {
			transmit(w, &w->lanes[w->frames[run[0]].lane], run, n);
			n = 0;
		}
		if (frame == WHEEL_NONE)
			return total;
		run[n++] = frame;
	}
	transmit(w, &w->lanes[w->frames[run[0]].lane], run, n);
	return total;
}

/* --- The loop ---------------------------------------------------------------------------------------------------- */

/* Wait for frames until the next one is due, without sleeping for the last SPIN_NS. */
static int wait_for_events(const struct wire *w, struct epoll_event *events, bool busy)
{
	sonde_time next_ns = wheel_next(&w->wheel);
	sonde_time left_ns = next_ns == INT64_MAX ? next_ns : next_ns - sonde_clock_monotonic() - SPIN_NS;
	struct timespec limit = { 0 };

	if (!busy && left_ns > 0) {
		limit.tv_sec = (time_t)(left_ns / SONDE_S);
		limit.tv_nsec = (long)(left_ns % SONDE_S);
	}
	return epoll_pwait2(w->epoll_fd, events, RING_BATCH, left_ns == INT64_MAX && !busy ? NULL : &limit, NULL);
}

/* Readings between which this process was interrupted do not count. */
static void compare_clocks(struct wire *w)
{
	for (unsigned tries = w->real_offset_ns ? 1 : 1000; tries > 0; tries--) {
		sonde_time before_ns = sonde_clock_monotonic(), real_ns = sonde_clock_real();
		bool close = sonde_clock_monotonic() - before_ns < CLOSE_NS;
		if (close || (tries == 1 && !w->real_offset_ns)) {
			w->real_offset_ns = real_ns - before_ns;
			return;
		}
	}
}

/* Count what the kernel dropped because the rings were full. */
static void count_overload(struct wire *w)
{
	for (unsigned i = 0; i < w->n_lanes; i++)
		if (w->lanes[i].count)
			w->lanes[i].count->overload += ring_drops(w->lanes[i].in);
}

static void carry(struct wire *w)
{
	struct epoll_event events[RING_BATCH];
	sonde_time counted_ns = sonde_clock_monotonic();
	unsigned moved = 0;

	for (;;) {
		int n = wait_for_events(w, events, moved > 0);
		compare_clocks(w);
		moved = 0;
		for (int i = 0; i < n; i++) {
			if (events[i].data.u32 == STOP)
				return;
			moved += receive(w, &w->lanes[events[i].data.u32]);
		}
		sonde_time now_ns = sonde_clock_monotonic();
		moved += release(w, now_ns);
		if (now_ns - counted_ns > SONDE_S) {
			count_overload(w);
			counted_ns = now_ns;
		}
	}
}

/* --- Setting up -------------------------------------------------------------------------------------------------- */

static int watch(const struct wire *w, int fd, uint32_t what)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = what };

	return epoll_ctl(w->epoll_fd, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static int open_link(struct wire *w, const struct topology *t, struct wire_counts *counts, unsigned link,
		     size_t ring_len)
{
	struct ring *rings = &w->rings[link * 2];

	for (unsigned end = 0; end < 2; end++) {
		char name[BUILD_WIRE_NAME];
		int err = ring_open(&rings[end], build_wire_name(name, link, end), w->room - TAG_LEN, ring_len);
		if (err || (err = watch(w, rings[end].fd, link * 2 + end)))
			return err;
		w->lanes[link * 2 + end] = (struct lane){ .in = &rings[end],
							  .out = &rings[1 - end],
							  .impairment = &t->links[link].impairment,
							  .count = &counts->lanes[link * 2 + end] };
	}
	return 0;
}

static int make_room(struct wire *w, const struct topology *t)
{
	w->room = FRAME_MIN;
	for (unsigned i = 0; i < t->n_links; i++)
		if (lab_is_impaired(&t->links[i]) && t->links[i].mtu + 14 + TAG_LEN > w->room)
			w->room = t->links[i].mtu + 14 + TAG_LEN;
	w->room = (w->room + TAG_LEN + 63) / 64 * 64;
	w->n_frames = (uint32_t)(FRAMES_BYTES / w->room < FRAMES ? FRAMES_BYTES / w->room : FRAMES);
	w->frames = calloc(w->n_frames, sizeof(*w->frames));
	w->items = calloc(w->n_frames, sizeof(*w->items));
	w->bytes = mmap(NULL, w->room * w->n_frames, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (!w->frames || !w->items || w->bytes == MAP_FAILED)
		return -ENOMEM;
	w->free = WHEEL_NONE;
	for (uint32_t i = w->n_frames; i-- > 0;)
		free_frame(w, i);
	return 0;
}

static int set_up(struct wire *w, const struct topology *t, struct wire_counts *counts)
{
	int err = make_room(w, t);

	w->epoll_fd = err ? -1 : epoll_create1(EPOLL_CLOEXEC);
	if (!err && w->epoll_fd < 0)
		err = -errno;
	w->signal_fd = err ? err : lab_process_term_fd();
	if (w->signal_fd < 0)
		return w->signal_fd;
	err = watch(w, w->signal_fd, STOP);
	w->n_lanes = t->n_links * 2;
	unsigned n_impaired = 0;
	for (unsigned i = 0; i < t->n_links; i++)
		n_impaired += lab_is_impaired(&t->links[i]);
	for (unsigned i = 0; i < t->n_links && !err; i++)
		if (lab_is_impaired(&t->links[i]))
			err = open_link(w, t, counts, i, RINGS_BYTES / 2 / n_impaired);
	return err;
}

/* The kernel's struct sched_attr, which glibc has from 2.41 on. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime_ns, deadline_ns, period_ns;
};

/* Frames are as late as this process is scheduled. Real-time priority comes before everybody else, and needs a second
 * CPU for them; without it, a short time slice comes sooner (Linux 6.12). */
static void raise_priority(void)
{
	const struct attributes short_slice = { .size = sizeof(short_slice), .runtime_ns = SLICE_NS };
	cpu_set_t cpus;

	prctl(PR_SET_TIMERSLACK, 1);
	if (sched_getaffinity(0, sizeof(cpus), &cpus) == 0 && CPU_COUNT(&cpus) > 1 &&
	    sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){ .sched_priority = 1 }) == 0)
		return;
	syscall(SYS_sched_setattr, 0, &short_slice, 0);
}

int wire_run(const struct topology *t, uint64_t seed, struct wire_counts *counts, int ready_fd)
{
	static struct wire w;

	raise_priority();
	w.seed = seed;
	int err = set_up(&w, t, counts);
	struct sonde_error e;
	if (err)
		message_code(err, "cannot set up the wire");
	else if ((err = lab_process_confine("wire", NULL, &e)))
		message_error(&e);
	if (lab_process_ready(ready_fd, err))
		return STATUS_SYSTEM;
	wheel_init(&w.wheel, w.items, sonde_clock_monotonic());
	carry(&w);
	count_overload(&w);
	return STATUS_DONE;
}
