/* Finding out how fast packets may be sent: the rate rises as long as the same share of them is answered, and falls
 * when fewer are, or when this machine loses some itself. That needs packets to targets in random order, so that any
 * part of them is answered as often as any other; the answers are counted for the window of time in which their
 * question left. window = sonde_tempo_sent(&tempo, now); ... a packet left sonde_tempo_answered(&tempo, window); ...
 * and was answered sonde_tempo_judge(&tempo, usual, now); ... now and then pace.gap_ns = sonde_tempo_gap(&tempo); /
 */
#ifndef SONDE_PROBE_TEMPO_H
#define SONDE_PROBE_TEMPO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/time.h"

#define SONDE_TEMPO_WINDOWS 64 /* a power of two */

struct sonde_tempo_window {
	sonde_time began_at;
	uint32_t sent, answered;
	double rate; /* at which it was sent */
};

struct sonde_tempo {
	double rate, most;       /* packets a second: now, and at most (0: no limit) */
	double top;              /* the highest rate of which the answers tell that nothing was lost; 0: none */
	double ceiling;          /* a rate at which something was; 0: none yet */
	double sent, answered;   /* packets of the windows in which nothing was lost */
	sonde_time fell_at;
	uint64_t window, judged; /* numbers of the one that is open, and of the first that is not judged */
	struct sonde_tempo_window windows[SONDE_TEMPO_WINDOWS];
};

void sonde_tempo_init(struct sonde_tempo *t, uint64_t most_pps, sonde_time now);

/* A packet leaves. Returns the number of its window. */
uint64_t sonde_tempo_sent(struct sonde_tempo *t, sonde_time now);
/* One of that window was answered. */
void sonde_tempo_answered(struct sonde_tempo *t, uint64_t window);

/* This machine lost packets itself. */
void sonde_tempo_lost(struct sonde_tempo *t, sonde_time now);

/* Judge the windows whose answers are all there by now, if they take so long; and change the rate. */
void sonde_tempo_judge(struct sonde_tempo *t, sonde_time usual_ns, sonde_time now);

/* The shares that were answered so far say nothing of what follows: other targets are asked. The rate may fall, and
 * rises no more. */
void sonde_tempo_hold(struct sonde_tempo *t);

/* Begin, before anything is sent, at the rate at which an earlier run ended; 0: as found out anew. holds: that run had
 * called sonde_tempo_hold. */
void sonde_tempo_resume(struct sonde_tempo *t, uint64_t rate, bool holds, sonde_time now);

/* Nanoseconds from one packet to the next. */
sonde_time sonde_tempo_gap(const struct sonde_tempo *t);

#endif
