/* The packets of one flow, for pictures of it: read in a second pass over the files. */
#ifndef SONDE_TOOLS_FLOWS_PICTURE_H
#define SONDE_TOOLS_FLOWS_PICTURE_H

#include "flow/tcp_options.h"
#include "tools/flows/flows.h"

#define PICTURE_MOST 20000 /* packets that are drawn; those behind them are counted */

#define PICTURE_NAME 44 /* bytes of a name that are shown, and the 0 */

struct picture_packet {
	sonde_time time;     /* since the flow began */
	uint64_t number;     /* of the frame */
	uint32_t seq, ack;   /* TCP: relative to the initial numbers */
	uint32_t len, win;   /* of the payload; the window, scaled */
	uint16_t flags;      /* of TCP */
	bool from_responder, again, has_ack, is_fragment;
	struct {
		uint32_t from, to;
	} sacks[4];
	unsigned n_sacks;
};

struct picture {
	const struct flow_row *row;
	struct picture_packet *packets;
	size_t n, cap;
	uint64_t n_all; /* drawn or not */
	char names[2][PICTURE_NAME + 8]; /* the sockets: originator, responder */
	uint32_t isn[2];                 /* what numbers count from */
	bool knows_isn[2];
	char proto[8];
};

/* Write the picture. */
void picture_graph(FILE *out, const struct picture *p);
void picture_ladder(FILE *out, const struct picture *p);
void picture_map(FILE *out, const struct rows *rows, const struct flows_options *f);

/* A host as pictures show it: cut where it is long. Returns out. */
char *picture_name(char out[static PICTURE_NAME], const struct flow_row *row, const struct sonde_report_side *s);

/* A span of time as axes have it: 1.5 s, 20 ms, 300 us. Returns out. */
char *picture_time(char out[static 32], double ns, double unit);
/* The largest unit of which a span has one: 1e9 of seconds, 1e6, 1e3 or 1. */
double picture_unit(double ns);

#endif
