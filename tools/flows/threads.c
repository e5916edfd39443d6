#include "tools/flows/threads.h"

#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define JOB_PACKETS 1024
#define JOB_BYTES   (1u << 20) /* usual room for their bytes */
#define JOBS        4          /* that are filled or worked on */
#define STACK_BYTES (256u << 10)

/* Frames that were read together are taken together, as they are with one table: only then is the result the same where
 * an ICMP error is taken afterwards. */
struct step {
	size_t first, n;
	bool two_parts;
};

struct job {
	struct sonde_flows_packet packets[JOB_PACKETS];
	struct step steps[JOB_PACKETS];
	size_t n, n_steps;
	uint8_t *bytes;
	size_t len, cap;
};

struct worker {
	struct flows_threads *all;
	unsigned number;
	pthread_t thread;
	bool runs;
	uint64_t done;   /* jobs */
	uint64_t passed; /* steps of two parts that were taken, but for the errors that are left over */
	int err;
};

struct flows_threads {
	unsigned n;
	struct sonde_flows *tables[FLOWS_THREADS_MAX];
	struct sonde_flows_reader *reader;
	struct worker workers[FLOWS_THREADS_MAX];
	struct job *jobs; /* JOBS of them */
	bool any;         /* frame was read, the newest at: */
	sonde_time newest;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* any of what follows, and of the workers' counts */
	uint64_t filled;        /* jobs */
	bool ended;
};

/* --- A table's thread --------------------------------------------------------------------------------------------- */

static bool have_passed(const struct flows_threads *t, uint64_t step)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->workers[i].passed < step)
			return false;
	return true;
}

/* Wait until all tables have taken this step: then errors that nobody took are known. */
static void meet(struct worker *w)
{
	struct flows_threads *t = w->all;
	pthread_mutex_lock(&t->lock);
	w->passed++;
	pthread_cond_broadcast(&t->changed);
	while (!have_passed(t, w->passed))
		pthread_cond_wait(&t->changed, &t->lock);
	pthread_mutex_unlock(&t->lock);
}

static void take_step(struct worker *w, struct job *job, const struct step *s)
{
	struct sonde_flows *table = w->all->tables[w->number];
	struct sonde_flows_packet *packets = job->packets + s->first;
	int err = sonde_flows_take(table, packets, s->n);
	if (s->two_parts)
		meet(w);
	int lone = sonde_flows_take_lone(table, packets, s->n);
	w->err = err ? err : lone ? lone : w->err;
}

/* Returns the next job, or NULL at the end. */
static struct job *next_job(struct worker *w)
{
	struct flows_threads *t = w->all;
	pthread_mutex_lock(&t->lock);
	while (w->done == t->filled && !t->ended)
		pthread_cond_wait(&t->changed, &t->lock);
	bool is_there = w->done < t->filled;
	pthread_mutex_unlock(&t->lock);
	return is_there ? &t->jobs[w->done % JOBS] : NULL;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct job *job;
	while ((job = next_job(w))) {
		for (size_t i = 0; i < job->n_steps; i++)
			take_step(w, job, &job->steps[i]);
		pthread_mutex_lock(&w->all->lock);
		w->done++;
		pthread_cond_broadcast(&w->all->changed);
		pthread_mutex_unlock(&w->all->lock);
	}
	return NULL;
}

/* --- This thread -------------------------------------------------------------------------------------------------- */

static bool is_free(const struct flows_threads *t)
{
	for (unsigned i = 0; i < t->n; i++)
		if (t->filled - t->workers[i].done >= JOBS)
			return false;
	return true;
}

/* Hand the job over, and wait until there is room for the next one. */
static void hand_over(struct flows_threads *t)
{
	pthread_mutex_lock(&t->lock);
	t->filled++;
	pthread_cond_broadcast(&t->changed);
	while (!is_free(t))
		pthread_cond_wait(&t->changed, &t->lock);
	pthread_mutex_unlock(&t->lock);
	struct job *job = &t->jobs[t->filled % JOBS];
	job->n = job->n_steps = job->len = 0;
}

/* Room for the bytes of a step in a job that has none yet. */
static int make_room(struct job *job, size_t need)
{
	size_t cap = need > JOB_BYTES ? need : JOB_BYTES;
	if (job->cap >= cap)
		return 0;
	free(job->bytes);
	job->bytes = malloc(cap);
	job->cap = job->bytes ? cap : 0;
	return job->bytes ? 0 : -ENOMEM;
}

static int put_step(struct flows_threads *t, const struct sonde_flows_frame *frames, size_t n)
{
	struct job *job = &t->jobs[t->filled % JOBS];
	size_t need = 0;
	for (size_t i = 0; i < n; i++)
		need += frames[i].bytes.len;
	if (job->n && (job->n + n > JOB_PACKETS || job->len + need > job->cap)) {
		hand_over(t);
		job = &t->jobs[t->filled % JOBS];
	}
	if (!job->n && make_room(job, need))
		return -ENOMEM;
	struct sonde_flows_packet *packets = job->packets + job->n;
	bool two_parts = sonde_flows_read(t->reader, packets, frames, n);
	for (size_t i = 0; i < n; i++) {
		const struct sonde_view v = frames[i].bytes;
		if (v.len)
			memcpy(job->bytes + job->len, v.data, v.len);
		packets[i].frame = sonde_view(job->bytes + job->len, v.len);
		job->len += v.len;
	}
	job->steps[job->n_steps++] = (struct step){ job->n, n, two_parts };
	job->n += n;
	return 0;
}

int threads_take(struct flows_threads *t, const struct sonde_flows_frame *frames, size_t n)
{
	int err = 0;
	for (size_t i = 0; i < n; i++)
		if (!t->any || frames[i].time > t->newest) {
			t->newest = frames[i].time;
			t->any = true;
		}
	for (size_t done = 0; done < n && !err; ) {
		size_t some = n - done < JOB_PACKETS ? n - done : JOB_PACKETS;
		err = put_step(t, frames + done, some);
		done += some;
	}
	return err;
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

static int start_worker(struct worker *w)
{
	pthread_attr_t attributes;
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	int err = -pthread_create(&w->thread, &attributes, work, w);
	pthread_attr_destroy(&attributes);
	w->runs = !err;
	return err;
}

int threads_start(struct flows_threads **out, const struct sonde_flows_options *o, unsigned n)
{
	struct flows_threads *t = *out = calloc(1, sizeof *t);
	if (!t)
		return -ENOMEM;
	t->n = n;
	/* A heap of a thread's own asks /proc for leave to shrink, which the sandbox does not give. */
	mallopt(M_ARENA_MAX, 1);
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->changed, NULL);
	t->jobs = calloc(JOBS, sizeof *t->jobs);
	int err = t->jobs ? sonde_flows_reader_new(&t->reader, o, n) : -ENOMEM;
	for (unsigned i = 0; i < n && !err; i++)
		err = sonde_flows_new_part(&t->tables[i], o, t->reader, i);
	for (unsigned i = 0; i < n && !err; i++) {
		t->workers[i] = (struct worker){ .all = t, .number = i };
		err = start_worker(&t->workers[i]);
	}
	return err;
}

/* Let the threads end when they have done what is there. */
static int join(struct flows_threads *t)
{
	int err = 0;
	pthread_mutex_lock(&t->lock);
	t->ended = true;
	pthread_cond_broadcast(&t->changed);
	pthread_mutex_unlock(&t->lock);
	for (unsigned i = 0; i < t->n; i++) {
		struct worker *w = &t->workers[i];
		if (w->runs)
			pthread_join(w->thread, NULL);
		w->runs = false;
		err = w->err ? w->err : err;
	}
	return err;
}

int threads_end(struct flows_threads *t)
{
	hand_over(t);
	int err = join(t);
	for (unsigned i = 0; i < t->n; i++) {
		if (t->any)
			sonde_flows_tell_time(t->tables[i], t->newest);
		int one = sonde_flows_end_all(t->tables[i]);
		err = one ? one : err;
	}
	return err;
}

void threads_free(struct flows_threads *t)
{
	if (!t)
		return;
	join(t);
	for (unsigned i = 0; i < t->n; i++)
		sonde_flows_free(t->tables[i]);
	for (unsigned i = 0; t->jobs && i < JOBS; i++)
		free(t->jobs[i].bytes);
	sonde_flows_reader_free(t->reader);
	pthread_cond_destroy(&t->changed);
	pthread_mutex_destroy(&t->lock);
	free(t->jobs);
	free(t);
}

struct sonde_flows *const *threads_tables(const struct flows_threads *t, unsigned *n)
{
	*n = t->n;
	return t->tables;
}

struct sonde_flows_stats threads_stats(const struct flows_threads *t)
{
	struct sonde_flows_stats sum = sonde_flows_reader_stats(t->reader);
	for (unsigned i = 0; i < t->n; i++) {
		const struct sonde_flows_stats st = sonde_flows_stats(t->tables[i]);
		sum.lone_errors += st.lone_errors;
		sum.lone_fragments += st.lone_fragments;
		sum.flows += st.flows;
		sum.evicted += st.evicted;
	}
	return sum;
}
