#include "tools/common/forwarder.h"

#include <errno.h>
#include <malloc.h>
#include <sched.h>

#include "io/clock.h"

#define STACK_BYTES  (256u << 10)
#define MOST_FULL_NS (100 * SONDE_MS) /* a full socket is waited for */

/* --- The thread --------------------------------------------------------------------------------------------------- */

/* Give each frame a result: those for which a full socket has no room for too long are refused. */
static void send_all(const struct forwarder_batch *b)
{
	__atomic_store_n(&b->state->began_at, sonde_clock_real(), __ATOMIC_RELEASE);
	struct sonde_wait room = { .fd = sonde_sender_fd(b->sender), .writing = true };
	size_t at = sonde_sender_send(b->sender, b->frames, b->n);
	while (at < b->n && sonde_wait(&room, 1, sonde_clock_monotonic() + MOST_FULL_NS) > 0)
		at += sonde_sender_send(b->sender, b->frames + at, b->n - at);
	for (; at < b->n; at++)
		b->frames[at].result = -EAGAIN;
	__atomic_store_n(&b->state->is_done, true, __ATOMIC_RELEASE);
}

static void *work(void *arg)
{
	struct forwarder *f = arg;
	pthread_mutex_lock(&f->lock);
	for (;;) {
		while (f->done == f->taken && !f->ended)
			pthread_cond_wait(&f->changed, &f->lock);
		if (f->done == f->taken)
			break;
		const struct forwarder_batch batch = f->batches[f->done % FORWARDER_BATCHES];
		pthread_mutex_unlock(&f->lock);
		send_all(&batch);
		pthread_mutex_lock(&f->lock);
		f->done++;
	}
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

/* --- This thread -------------------------------------------------------------------------------------------------- */

static void start(struct forwarder *f)
{
	pthread_attr_t attributes;
	/* A heap of a thread's own asks /proc for leave to shrink, which the sandbox does not give. */
	mallopt(M_ARENA_MAX, 1);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	f->runs = pthread_create(&f->thread, &attributes, work, f) == 0;
	f->failed = !f->runs;
	pthread_attr_destroy(&attributes);
}

static bool take(void *arg, struct sonde_sender *sender, struct sonde_outgoing *frames, size_t n,
		 struct sonde_forwarding *state)
{
	struct forwarder *f = arg;
	if (!f->runs && !f->failed)
		start(f);
	if (f->failed)
		return false;
	pthread_mutex_lock(&f->lock);
	bool has_room = f->taken - f->done < FORWARDER_BATCHES;
	if (has_room)
		f->batches[f->taken++ % FORWARDER_BATCHES] = (struct forwarder_batch){ sender, frames, n, state };
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return has_room;
}

void forwarder_open(struct forwarder *f)
{
	cpu_set_t cores;
	*f = (struct forwarder){ .ops = { .arg = f, .take = take }, .is_open = true };
	f->is_useful = sched_getaffinity(0, sizeof cores, &cores) == 0 && CPU_COUNT(&cores) > 1;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
}

void forwarder_close(struct forwarder *f)
{
	if (!f->is_open)
		return;
	pthread_mutex_lock(&f->lock);
	f->ended = true;
	pthread_cond_signal(&f->changed);
	pthread_mutex_unlock(&f->lock);
	if (f->runs)
		pthread_join(f->thread, NULL);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	f->is_open = false;
}
