/* The verdict table: what an answer, or silence, says of the socket that was asked. */
#ifndef SONDE_PACKET_RULES_H
#define SONDE_PACKET_RULES_H

#include <stdint.h>

/* What was sent, as far as verdicts care. */
enum sonde_asked {
	SONDE_ASKED_OTHER,
	SONDE_ASKED_SYN,    /* TCP, SYN without ACK */
	SONDE_ASKED_ACK,    /* TCP with ACK */
	SONDE_ASKED_FIN,    /* TCP without SYN, ACK and RST: FIN, Null, Xmas */
	SONDE_ASKED_UDP,
	SONDE_ASKED_ECHO,   /* ICMP echo and the other ICMP requests */
	SONDE_ASKED_ARP,
	SONDE_ASKED_ND,     /* neighbour solicitation */
	SONDE_ASKED_SCTP,   /* INIT */
	SONDE_N_ASKED,
};

/* What came back. */
enum sonde_answer {
	SONDE_SILENCE,
	SONDE_ANSWER_SYN_ACK,
	SONDE_ANSWER_RST,
	SONDE_ANSWER_TCP,          /* any other segment of the same pair */
	SONDE_ANSWER_UDP,
	SONDE_ANSWER_ECHO,
	SONDE_ANSWER_ARP,
	SONDE_ANSWER_ND,
	SONDE_ANSWER_SCTP_ACK,     /* INIT ACK */
	SONDE_ANSWER_SCTP_ABORT,
	SONDE_ANSWER_IP,           /* the same protocol, addresses the other way round */
	SONDE_ANSWER_PORT,         /* port unreachable, from the target */
	SONDE_ANSWER_PROTOCOL,     /* protocol unreachable, or an unknown next header */
	SONDE_ANSWER_HOST,         /* no way to the network, host or address */
	SONDE_ANSWER_PROHIBITED,   /* forbidden by a filter */
	SONDE_ANSWER_TOO_BIG,
	SONDE_ANSWER_TTL,          /* hop limit exceeded */
	SONDE_ANSWER_REASSEMBLY,
	SONDE_ANSWER_PARAMETER,    /* parameter problem */
	SONDE_ANSWER_REDIRECT,
	SONDE_ANSWER_ERROR,        /* any other ICMP error about our packet */
	SONDE_N_ANSWERS,
};

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

/* The rule for an answer to what was asked. Never NULL. */
const struct sonde_rule *sonde_rule_for(enum sonde_asked asked, enum sonde_answer answer);

/* Walk every row of the table: from index 0 until NULL. */
const struct sonde_rule *sonde_rule_at(unsigned index, enum sonde_asked *asked, enum sonde_answer *answer);

/* open, closed, open|filtered, ... */
const char *sonde_state_name(enum sonde_state s);

#endif
