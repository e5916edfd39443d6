/* The table of verdicts: what an answer, or no answer, says about the target. */
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
	SONDE_N_STATES,
};

struct sonde_rule {
	const char *name;        /* syn-ack */
	enum sonde_state state;
	const char *text;        /* the reason, a sentence */
	const char *source;      /* the document */
};

/* The rule for an answer to a question. from_target: the target itself answered. Never NULL. */
const struct sonde_rule *sonde_rule_for(enum sonde_question_kind kind, enum sonde_answer answer, bool from_target);

/* The rule for a packet that was not sent. code is the error that functions returned (-ECANCELED: the run ended
 * before); 0: unknown. */
const struct sonde_rule *sonde_rule_unsent(int code);

/* The row of the table with this index, or NULL after the last. */
const struct sonde_rule *sonde_rule_at(unsigned index, enum sonde_question_kind *kind, enum sonde_answer *answer,
				       bool *from_target);

/* The index of a rule in the table; UINT_MAX for those that are not in it. */
unsigned sonde_rule_index(const struct sonde_rule *rule);

/* open, closed, open|filtered, ... */
const char *sonde_state_name(enum sonde_state s);

#endif
