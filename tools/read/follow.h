/* sonde read --follow: what the two sockets of a pair say to each other. */
#ifndef SONDE_TOOLS_READ_FOLLOW_H
#define SONDE_TOOLS_READ_FOLLOW_H

#include "base/addr.h"
#include "base/time.h"
#include "packet/reassemble.h"
#include "tools/read/stream.h"

struct printer;
struct print_frame;

/* One of the two, and what it says. */
struct follow_side {
	struct follow *follow;
	struct stream stream;
	struct sonde_endpoint from;
	uint64_t bytes, missing, gaps;
};

enum follow_form { FOLLOW_RAW, FOLLOW_TEXT, FOLLOW_HEX, FOLLOW_JSON };

struct follow {
	struct printer *printer;
	enum follow_form form;
	struct follow_side sides[2];
	uint8_t proto;      /* of the pair: TCP or UDP; 0: the first that is seen */
	uint64_t packets;
	struct sonde_reassembler fragments;
	sonde_time latest;  /* of the fragments */
	sonde_time time;    /* of the packet at hand */
	bool has_time;
	int speaking;       /* the side that spoke last: 1 or 2; 0: none did */
	bool in_line;       /* its last line of text has no end yet */
};

/* Read a pair: 10.0.0.1:40000-10.0.0.2:80, also with blanks, > or <-> between, with /tcp or /udp behind.
 * Returns 0 or what option_bad returned. */
int follow_parse(struct sonde_pair *out, const char *arg);

/* Make ready. The form follows from -o, and from whether standard output is a terminal. */
int follow_open(struct printer *p);
int follow_frame(struct printer *p, const struct print_frame *f);
int follow_end(struct printer *p);
void follow_close(struct printer *p);

#endif
