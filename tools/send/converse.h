/* Conversations of `sonde send`. */
#ifndef SONDE_TOOLS_SEND_CONVERSE_H
#define SONDE_TOOLS_SEND_CONVERSE_H

#include "probe/conversation.h"
#include "tools/send/send.h"

/* Run the script of the source. Returns the exit status. */
int converse_run(struct source *s, struct printer *t);
/* Read and check it, and show what of it is known. Returns the exit status. */
int converse_dry(struct source *s, struct printer *t);

/* --- What is told (transcript.c) --------------------------------------------------------------------------------- */

#define TRANSCRIPT_GOT 400 /* characters of a packet in a message */

/* What is told of a conversation: packets as they pass; with -o packets the script itself, the packets in comments. */
struct transcript {
	struct printer *t;
	const char *text, *end;
	const char *at;        /* the first line that was not printed yet */
	unsigned line;         /* its number */
	char got[TRANSCRIPT_GOT]; /* the last packet that was not asked for; "": none */
	uint64_t n_got;        /* since the step began */
};

void transcript_begin(struct transcript *tr, struct printer *t, const char *text, size_t len);
void transcript_sent(struct transcript *tr, const struct sonde_step *step, const struct sonde_sent *sent,
		     const struct sonde_plan *plan);
void transcript_event(struct transcript *tr, const struct sonde_conversation_event *e);
/* Say that a packet did not come, and what did. */
void transcript_missed(struct transcript *tr, const char *file, const struct sonde_step *step, sonde_time wait_ns);
void transcript_end(struct transcript *tr, const struct sonde_conversation *c, enum loop_end end, int status);

/* The steps of a script that is not run. */
void transcript_dry(struct printer *t, const struct sonde_script *script);

#endif
