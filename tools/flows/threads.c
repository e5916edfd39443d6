#include "tools/flows/threads.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>

#include "io/input.h"

#define JOB_PACKETS 1024
#define AHEAD       6 /* packets that are fetched before they are written */
#define ROOM_BYTES  (256u << 10)
#define JOBS        4 /* that are filled, or worked on */
#define STACK_BYTES (256u << 10)

/* Packets that are handed on together. */
struct job {
	struct sonde_flows_packet packets[JOB_PACKETS + AHEAD];
	size_t n;
	struct sonde_input_room room; /* nobody needs it when the job is done */
	bool is_read;
};

struct flows_threads {
	struct threads_work work;
	struct job *jobs; /* JOBS of them, one after the other, in a circle */
	struct sonde_input_room spare[JOBS + 1];
	unsigned n_spare;
	pthread_t workers[FLOWS_THREADS_MAX];
	unsigned n_workers;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* any of what follows, and .is_read */
	uint64_t filled;  /* jobs that were handed over, */
	uint64_t claimed; /* that somebody reads or has read, */
	uint64_t taken;   /* that are done */
	bool taking;      /* somebody has the table */
	unsigned n_idle;  /* workers that wait */
	bool ended;
	int status;
};

unsigned threads_usual(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof set, &set) ? 1 : CPU_COUNT(&set);
	return n < 1 ? 1 : n < FLOWS_THREADS_USUAL ? (unsigned)n : FLOWS_THREADS_USUAL;
}

/* --- Any thread, which has the lock ------------------------------------------------------------------------------- */

static struct job *job_of(const struct flows_threads *t, uint64_t number)
{
	return &t->jobs[number % JOBS];
}

static bool read_next(struct flows_threads *t)
{
	if (t->claimed == t->filled)
		return false;
	struct job *job = job_of(t, t->claimed++);
	pthread_mutex_unlock(&t->lock);
	sonde_flows_read(job->packets, job->n, t->work.table);
	pthread_mutex_lock(&t->lock);
	job->is_read = true;
	pthread_cond_broadcast(&t->changed);
	return true;
}

static bool take_next(struct flows_threads *t)
{
	struct job *job = job_of(t, t->taken);
	if (t->taking || t->taken == t->claimed || !job->is_read)
		return false;
	t->taking = true;
	int status = t->status;
	pthread_mutex_unlock(&t->lock);
	/* After a failure, what is left is passed over. */
	if (!status)
		status = t->work.take(t->work.arg, job->packets, job->n);
	pthread_mutex_lock(&t->lock);
	t->taking = false;
	t->taken++;
	t->status = status;
	pthread_cond_broadcast(&t->changed);
	return true;
}

static bool help(struct flows_threads *t)
{
	return take_next(t) || read_next(t);
}

static void *work(void *arg)
{
	struct flows_threads *t = arg;
	pthread_mutex_lock(&t->lock);
	while (!t->ended) {
		if (help(t))
			continue;
		t->n_idle++;
		pthread_cond_wait(&t->changed, &t->lock);
		t->n_idle--;
	}
	pthread_mutex_unlock(&t->lock);
	return NULL;
}

/* --- The caller's thread ------------------------------------------------------------------------------------------ */

/* Wait until at most n jobs are not done. */
static void wait_for(struct flows_threads *t, uint64_t n)
{
	while (t->filled - t->taken > n)
		if (!read_next(t))
			pthread_cond_wait(&t->changed, &t->lock);
}

/* Hand over the job that is being filled, and begin the next one. Returns the status so far. */
static int hand_over(struct flows_threads *t)
{
	pthread_mutex_lock(&t->lock);
	t->filled++;
	pthread_cond_broadcast(&t->changed);
	/* What was read from the file is in this core's cache. */
	if (!t->n_idle)
		read_next(t);
	wait_for(t, JOBS - 1);
	int status = t->status;
	pthread_mutex_unlock(&t->lock);
	struct job *job = job_of(t, t->filled);
	if (job->room.data)
		t->spare[t->n_spare++] = job->room;
	job->room = (struct sonde_input_room){ NULL, 0 };
	job->is_read = false;
	job->n = 0;
	return status;
}

static bool next_room(void *arg, struct sonde_input_room *room, size_t need)
{
	struct flows_threads *t = arg;
	struct sonde_input_room next = { NULL, 0 };
	need = need > ROOM_BYTES ? need : ROOM_BYTES;
	if (t->n_spare)
		next = t->spare[--t->n_spare];
	if (next.cap < need) {
		free(next.data);
		next = (struct sonde_input_room){ malloc(need), need };
	}
	if (!next.data)
		return false;
	job_of(t, t->filled)->room = *room;
	hand_over(t);
	*room = next;
	return true;
}

/* Another core has it since it took what was there before. */
static void fetch_to_write(struct sonde_flows_packet *p)
{
	for (size_t at = 0; at < sizeof *p; at += 64)
		__builtin_prefetch((uint8_t *)p + at, 1);
}

void threads_read_from(struct flows_threads *t, struct sonde_reader *r)
{
	const struct sonde_input_rooms rooms = { next_room, t };
	sonde_reader_keep(r, &rooms);
}

int threads_take(struct flows_threads *t, struct sonde_flows_frame frame)
{
	struct job *job = job_of(t, t->filled);
	struct sonde_flows_packet *p = &job->packets[job->n++];
	p->frame = frame;
	fetch_to_write(p + AHEAD);
	return job->n == JOB_PACKETS ? hand_over(t) : 0;
}

int threads_wait(struct flows_threads *t)
{
	hand_over(t);
	pthread_mutex_lock(&t->lock);
	wait_for(t, 0);
	int status = t->status;
	pthread_mutex_unlock(&t->lock);
	return status;
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

static int start_worker(struct flows_threads *t)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	int err = -pthread_create(&t->workers[t->n_workers], &attributes, work, t);
	pthread_attr_destroy(&attributes);
	t->n_workers += !err;
	return err;
}

int threads_start(struct flows_threads **out, const struct threads_work *work, unsigned n)
{
	struct flows_threads *t = *out = calloc(1, sizeof *t);
	if (!t)
		return -ENOMEM;
	t->work = *work;
	/* A heap of a thread's own asks /proc for leave to shrink, which the sandbox does not give. */
	mallopt(M_ARENA_MAX, 1);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	t->jobs = calloc(JOBS, sizeof *t->jobs);
	int err = t->jobs ? 0 : -ENOMEM;
	while (!err && t->n_workers + 1 < n)
		err = start_worker(t);
	return err;
}

void threads_free(struct flows_threads *t)
{
	if (!t)
		return;
	pthread_mutex_lock(&t->lock);
	t->ended = true;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
	for (unsigned i = 0; i < t->n_workers; i++)
		pthread_join(t->workers[i], NULL);
	for (unsigned i = 0; t->jobs && i < JOBS; i++)
		free(t->jobs[i].room.data);
	for (unsigned i = 0; i < t->n_spare; i++)
		free(t->spare[i].data);
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	free(t->jobs);
	free(t);
}
