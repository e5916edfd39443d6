/* Scripts: packet files with marks, read and checked before anything is sent.
 *
 *	default ip src=10.0.0.99 dst=10.0.0.2 / tcp sport=40000 dport=7
 *	syn: > ip / tcp flags=S
 *	< ip / tcp flags=SA
 *	> ip / tcp flags=A seq=@.ack ack=@.end
 *
 * `default` lies under the lines that follow: under what is sent as it is; under what is waited for with addresses and
 * ports alone, source and destination the other way round. */
#ifndef SONDE_PACKET_SCRIPT_H
#define SONDE_PACKET_SCRIPT_H

#include "packet/notation.h"
#include "packet/spec.h"

enum sonde_step_kind {
	SONDE_STEP_SEND,
	SONDE_STEP_EXPECT,
	SONDE_STEP_WAIT,
};

struct sonde_step {
	uint8_t kind;             /* enum sonde_step_kind */
	unsigned line;            /* of the text, from 1 */
	struct sonde_view name;   /* or empty */
	struct sonde_view text;   /* the packet as it is written */
	struct sonde_spec spec;   /* with the default under it */
	uint64_t count;           /* packets that are sent */
	sonde_time wait_ns;
};

/* Zeroed, it is empty. The text it was read from stays the caller's, and has to stay. */
struct sonde_script {
	struct sonde_step *steps;
	size_t n, cap;
};

/* Whether the text is a conversation: something in it is waited for, or refers to another packet. Else it is a list of
 * packets, with marks or without. */
bool sonde_script_is(const char *text, size_t len);

/* Read a text of len bytes and check it: references lead to lines before, what is sent is a packet, what is waited for
 * can come. Returns 0, or fills e and sets *line to where the mistake is. */
int sonde_script_parse(struct sonde_script *out, const char *text, size_t len, const struct sonde_notation_env *env,
		       unsigned *line, struct sonde_error *e);
void sonde_script_free(struct sonde_script *s);

#endif
