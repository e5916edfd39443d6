/* The history of a flow: what happened first, in the order of time, a letter each, as Zeek's conn.log has it. Upper
 * case: the originator did it. */
#ifndef SONDE_FLOW_HISTORY_H
#define SONDE_FLOW_HISTORY_H

#include <stdbool.h>

#include "base/bytes.h"
#include "flow/flow.h"

enum sonde_letter {
	SONDE_LETTER_SYN = 1, /* s */
	SONDE_LETTER_SYN_ACK, /* h */
	SONDE_LETTER_ACK,     /* a: without data */
	SONDE_LETTER_DATA,    /* d */
	SONDE_LETTER_FIN,     /* f */
	SONDE_LETTER_RST,     /* r */
	SONDE_LETTER_FIN_RST, /* i */
	SONDE_LETTER_MIXED,   /* q: SYN with FIN or RST */
	SONDE_LETTER_WRONG_SUM,   /* c */
	SONDE_LETTER_GAP,         /* g */
	SONDE_LETTER_REXMT,       /* t */
	SONDE_LETTER_ZERO_WINDOW, /* w */
};

#define SONDE_HISTORY_STRLEN (SONDE_FLOW_MOST_LETTERS + 3) /* "^", the letters, "+" where there were more, and the 0 */

/* Add a letter of a side. tcp may be NULL. */
void sonde_history_add(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter);
/* Add one of the first SONDE_LETTERS_ONCE unless the side has it already. Returns whether it was new. */
bool sonde_history_once(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter);
/* Add it for the first, tenth, hundredth ... time that something happened. */
void sonde_history_count(struct sonde_flow *f, struct sonde_flow_tcp *tcp, unsigned side, enum sonde_letter letter,
			 uint64_t times);

/* The letters; "^" in front where the first packet came from the responder. Returns out. */
char *sonde_history_format(char out[SONDE_AT_LEAST(SONDE_HISTORY_STRLEN)], const struct sonde_flow *f,
			   const struct sonde_flow_tcp *tcp);

#endif
