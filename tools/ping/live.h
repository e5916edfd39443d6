/* ping --live: a screen with a row for each target, and a strip of its last times that moves on. */
#ifndef SONDE_TOOLS_PING_LIVE_H
#define SONDE_TOOLS_PING_LIVE_H

#include "probe/ping.h"
#include "tools/common/screen_loop.h"
#include "tools/ping/ping.h"

#define PING_LIVE_CELLS 512  /* rounds that a strip can show */
#define PING_LIVE_ROWS  1024 /* targets that have one */

/* What became of a round; 0 and more: the round-trip time, in units of 100 ns. */
enum { PING_CELL_WAITS = -1, PING_CELL_LOST = -2, PING_CELL_NOT_SENT = -3, PING_CELL_NO_TIME = -4 };

struct ping_live_row {
	int32_t cells[PING_LIVE_CELLS]; /* by round */
	uint64_t n_rounds;              /* that were begun */
	struct sonde_histogram histogram;
};

struct ping_live {
	const struct sonde_ping *ping; /* NULL: there is no screen */
	const struct ping_printer *t;  /* how targets are named */
	struct ping_live_row *rows;
	uint32_t n_rows, first; /* first: the one on top of the screen */
	struct screen_loop screen;
	sonde_time began_at; /* monotonic */
};

/* Take the terminal and draw from now on, within the loop; q ends it as Ctrl-C does. Returns 0 or an exit
 * status after a message. */
int ping_live_open(struct ping_live *v, const struct sonde_ping *ping, const struct ping_printer *t, struct loop *loop);
void ping_live_close(struct ping_live *v);
void ping_live_event(struct ping_live *v, const struct sonde_ping_event *e);

#endif
