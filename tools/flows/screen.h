/* sonde flows --live: the busiest flows on the whole terminal, drawn anew each second. */
#ifndef SONDE_TOOLS_FLOWS_SCREEN_H
#define SONDE_TOOLS_FLOWS_SCREEN_H

#include "tools/common/loop.h"
#include "tools/flows/run.h"

#define FLOWS_SCREEN_ROWS 1024 /* that arrows reach */

struct flows_screen {
	struct flows_run *run; /* NULL: there is no screen */
	struct loop *loop;
	struct loop_watch keys;
	struct loop_timer redraw;
	struct loop_signal resized;
	sonde_time began_at; /* monotonic */
	struct table_head heads[TABLE_CELLS];
	unsigned first;      /* the row on top */
	unsigned n;          /* rows there are */
	uint64_t n_chosen;
	struct flows_screen_row {
		uint64_t key;
		const struct sonde_flow *flow;
	} rows[FLOWS_SCREEN_ROWS]; /* the largest keys first */
};

/* Take the terminal: before the sandbox, for the terminal's description is a file. Returns 0 or an exit status after a
 * message. */
int flows_screen_open(struct flows_screen *v, struct flows_run *s, struct loop *loop);
/* Draw from now on. q ends the loop as Ctrl-C does. */
void flows_screen_begin(struct flows_screen *v);
/* Give the terminal back. Zeroed is fine. */
void flows_screen_close(struct flows_screen *v);

#endif
