/* sonde flows -I: the flows of interfaces, told as they end, or shown while they are open. */
#include <stdio.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/flows/process.h"
#include "tools/flows/run.h"
#include "tools/flows/screen.h"

#define MOST_BYTES     256000000 /* of open flows, unless --memory says more: anybody may begin as many as he likes */
#define CLOSED_SILENCE (5 * SONDE_S) /* a FIN or its acknowledgement may be sent again */
#define TICK_NS        (500 * SONDE_MS)

struct live {
	struct flows_run *run;
	struct loop loop;
	struct loop_timer tick;
	struct taps taps;
	struct flows_screen screen;
	bool keeps; /* flows are printed at the end, in an order that needs all */
};

/* --- Frames ------------------------------------------------------------------------------------------------------- */

static void forget_ended(struct sonde_flows *t)
{
	while (sonde_flows_next_ended(t))
		sonde_flows_drop_first(t);
}

/* Flows that wait for the end have as much memory as those that are open. */
static bool is_full(const struct flows_run *s)
{
	return sonde_flows_bytes(s->table) > 2 * s->f->table.most_bytes;
}

static void print_ended(struct live *l)
{
	if (l->screen.run)
		forget_ended(l->run->table);
	else if (!l->keeps || is_full(l->run))
		run_print_ended(l->run);
}

static int take(void *arg, struct tap *t, struct sonde_record *rec)
{
	struct live *l = arg;
	(void)t;
	int status = run_take(l->run, rec, 1);
	if (!l->run->f->processes)
		return status;
	/* What ended with this packet was the socket of somebody else, perhaps. */
	print_ended(l);
	processes_see(l->run->f->processes, rec);
	return status;
}

static bool enough(void *arg)
{
	const struct live *l = arg;
	return l->run->o->count && l->run->n_frames >= l->run->o->count;
}

static void taken(void *arg, bool more)
{
	struct live *l = arg;
	print_ended(l);
	if (!more && !l->screen.run)
		fflush(stdout);
}

/* Silence is known only when all that was said before has been read: frames of the last block still wait. */
static void on_tick(void *arg)
{
	struct live *l = arg;
	sonde_time now = sonde_clock_real();
	if (taps_read(&l->taps))
		sonde_flows_tell_time(l->run->table, now - 2 * SONDE_LIVE_BLOCK_NS);
	taken(l, false);
	loop_set(&l->loop, &l->tick, sonde_clock_monotonic() + TICK_NS);
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

static int watch(struct live *l, char **argv)
{
	const struct taps_taker taker = { .arg = l, .take = take, .enough = enough, .taken = taken };
	struct flows_run *s = l->run;
	int status = taps_open(&l->taps, s->o, s->f->captures.filter_text, s->f->ring_bytes);
	if (!status && s->f->process)
		status = processes_open(&s->f->processes, s->o);
	if (!status && s->f->live)
		status = flows_screen_open(&l->screen, s, &l->loop);
	if (!status)
		status = sandbox_enter(s->f->live ? "flows-screen" : "flows-live", s->o, NULL);
	if (!status)
		status = run_begin(s, argv);
	if (status)
		return status;
	l->tick = (struct loop_timer){ .fn = on_tick, .arg = l };
	loop_set(&l->loop, &l->tick, sonde_clock_monotonic() + TICK_NS);
	if (l->screen.run)
		flows_screen_begin(&l->screen);
	status = taps_run(&l->taps, &l->loop, &taker, s->o);
	s->end = l->taps.end;
	flows_screen_close(&l->screen);
	if (s->end == LOOP_INTERRUPTED && !s->printer.any && !status)
		status = STATUS_INTERRUPTED;
	return status == STATUS_SYSTEM ? status : run_end(s, status);
}

int run_live(struct flows_run *s, char **argv)
{
	static struct live l; /* too large for the stack */
	l = (struct live){ .run = s, .keeps = s->f->sort || s->f->top };
	int err = loop_open(&l.loop);
	if (err) {
		message_code(err, "cannot begin");
		return STATUS_SYSTEM;
	}
	s->taps = &l.taps;
	s->f->table.expires = true;
	s->f->table.closed_silence = CLOSED_SILENCE;
	if (!s->f->table.most_bytes)
		s->f->table.most_bytes = MOST_BYTES;
	int status = watch(&l, argv);
	flows_screen_close(&l.screen);
	processes_close(s->f->processes);
	taps_close(&l.taps);
	loop_close(&l.loop);
	s->taps = NULL;
	return status;
}
