/* probe --live: a screen with the ports of a host as a map, or with a row for each host that answers. */
#ifndef SONDE_TOOLS_PROBE_LIVE_H
#define SONDE_TOOLS_PROBE_LIVE_H

#include "tools/common/screen_loop.h"
#include "tools/probe/probe.h"

#define PROBE_LIVE_MOST (1u << 24) /* ports of all hosts that are drawn: a byte each */
#define PROBE_LIVE_ROWS 256        /* hosts that the list has */

struct probe_live_row {
	uint64_t host;
	uint64_t states[SONDE_N_STATES]; /* its ports, by state; SONDE_STATE_UNKNOWN: no answer so far */
};

struct probe_live {
	struct screen_loop screen;
	const struct probe_printer *t;
	uint8_t *states; /* of each port of each host: enum sonde_state */
	int label;       /* columns of the widest name of a port */
	uint64_t marked; /* the host that is pointed at (UINT64_MAX: none yet), */
	bool shows_map;  /* and whether it is shown alone */
	struct probe_live_row rows[PROBE_LIVE_ROWS]; /* those with most open ports first */
	uint32_t n_rows;
	uint64_t n_answering; /* hosts */
};

/* Take the terminal and draw from now on, within the loop. Returns 0 or an exit status after a message. */
int probe_live_open(struct probe_live *v, const struct probe_printer *t, struct loop *loop);
void probe_live_close(struct probe_live *v); /* zeroed is fine */
/* An answer. Does nothing when no screen is open. */
void probe_live_event(struct probe_live *v, const struct sonde_scan_verdict *e);
/* What an earlier run knew. */
void probe_live_known(struct probe_live *v);

#endif
