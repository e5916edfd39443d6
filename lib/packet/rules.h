/* The verdict table: what an answer, or silence, says of the socket that was asked. */
#ifndef SONDE_PACKET_RULES_H
#define SONDE_PACKET_RULES_H

#include "proto/question.h"

enum sonde_state {
	SONDE_STATE_UNKNOWN,
	SONDE_STATE_OPEN,
	SONDE_STATE_CLOSED,
	SONDE_STATE_FILTERED,
	SONDE_STATE_UNFILTERED,
	SONDE_STATE_OPEN_FILTERED,
	SONDE_STATE_UP,          /* the host answers */
	SONDE_STATE_UNREACHABLE,
	SONDE_STATE_ON_THE_WAY,  /* a router answered, not the target */
};

struct sonde_rule {
	const char *name;        /* syn-ack */
	enum sonde_state state;
	const char *text;        /* what it rests on, in a sentence */
	const char *source;      /* the document */
};

/* The rule for an answer to what was asked; from_target: who answers is who was asked. Never NULL. */
const struct sonde_rule *sonde_rule_for(enum sonde_question_kind kind, enum sonde_answer answer, bool from_target);

/* What is to be said of a packet that did not leave: code is why, as functions return it; 0: nothing tells. */
const struct sonde_rule *sonde_rule_unsent(int code);

/* Walk every row of the table: from index 0 until NULL. */
const struct sonde_rule *sonde_rule_at(unsigned index, enum sonde_question_kind *kind, enum sonde_answer *answer,
				       bool *from_target);

/* open, closed, open|filtered, ... */
const char *sonde_state_name(enum sonde_state s);

#endif
