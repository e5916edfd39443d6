/* Questions and answers: what a sent packet asks for, and what may answer it. Protocols define both; packet/match.h
 * combines them, packet/rules.h says what an answer means. */
#ifndef SONDE_PROTO_QUESTION_H
#define SONDE_PROTO_QUESTION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

/* The kinds of packets sent, as far as verdicts distinguish them. */
enum sonde_question_kind {
	SONDE_ASKS_OTHER,
	SONDE_ASKS_SYN,    /* TCP, SYN without ACK */
	SONDE_ASKS_ACK,    /* TCP with ACK */
	SONDE_ASKS_WINDOW, /* the same, when the window of the RST is what is asked */
	SONDE_ASKS_FIN,    /* TCP without SYN, ACK and RST: FIN, Null, Xmas */
	SONDE_ASKS_UDP,
	SONDE_ASKS_ECHO,   /* ICMP echo and the other ICMP requests */
	SONDE_ASKS_ARP,
	SONDE_ASKS_ND,     /* neighbour solicitation */
	SONDE_ASKS_SCTP,   /* INIT */
	SONDE_ASKS_DHCP,
	SONDE_ASKS_CONNECT, /* TCP by connect(2), whose result takes the place of frames */
	SONDE_N_QUESTIONS,
};

/* What came back. */
enum sonde_answer {
	SONDE_SILENCE,
	SONDE_ANSWER_SYN_ACK,
	SONDE_ANSWER_SYN,          /* a SYN that crosses ours */
	SONDE_ANSWER_RST,
	SONDE_ANSWER_RST_WINDOW,   /* an RST whose window is not 0, to who asks for it */
	SONDE_ANSWER_TCP,          /* any other segment of the same pair */
	SONDE_ANSWER_UDP,
	SONDE_ANSWER_ECHO,
	SONDE_ANSWER_ARP,
	SONDE_ANSWER_ND,
	SONDE_ANSWER_SCTP_ACK,     /* INIT ACK */
	SONDE_ANSWER_SCTP_ABORT,
	SONDE_ANSWER_DHCP_OFFER,
	SONDE_ANSWER_DHCP_ACK,
	SONDE_ANSWER_DHCP_NAK,
	SONDE_ANSWER_IP,           /* a packet of the same protocol with addresses swapped */
	/* ICMP errors: */
	SONDE_ANSWER_PORT,         /* port unreachable */
	SONDE_ANSWER_PROTOCOL,     /* protocol unreachable, or an unknown next header */
	SONDE_ANSWER_HOST,         /* network, host or address unreachable */
	SONDE_ANSWER_PROHIBITED,   /* forbidden by a filter */
	SONDE_ANSWER_TOO_BIG,
	SONDE_ANSWER_TTL,          /* hop limit exceeded */
	SONDE_ANSWER_REASSEMBLY,
	SONDE_ANSWER_PARAMETER,    /* parameter problem */
	SONDE_ANSWER_REDIRECT,
	SONDE_ANSWER_QUENCH,       /* source quench */
	SONDE_ANSWER_ERROR,        /* any other ICMP error about our packet */
	SONDE_N_ANSWERS,
};

static inline bool sonde_answer_is_error(enum sonde_answer a)
{
	return a >= SONDE_ANSWER_PORT;
}

/* Whether no other answer is to be waited for. After a redirect the packet was forwarded all the same (RFC 792), and
 * source quench is to be ignored (RFC 6633). */
static inline bool sonde_answer_is_final(enum sonde_answer a)
{
	return a != SONDE_SILENCE && a != SONDE_ANSWER_REDIRECT && a != SONDE_ANSWER_QUENCH;
}

struct sonde_proto;

/* What is known of a sent packet that answers can show. */
struct sonde_question {
	enum sonde_question_kind kind;
	struct sonde_addr src, dst; /* ARP: sender and target address */
	uint8_t ip_proto;           /* what IP carries; ARP: 0 */
	uint16_t sport, dport;      /* host order; 0 without ports */
	uint32_t seq, seq_end;      /* TCP: sequence number, and the one after SYN, data and FIN */
	uint32_t ack;               /* TCP */
	uint32_t tag, peer_tag;     /* SCTP: verification tags, expected in answers and sent; DHCP: xid */
	uint16_t id, count;         /* ICMP requests */
	uint8_t icmp_type, icmp_code;
	bool has_data;              /* ICMP echo: all of its data is known, */
	uint32_t data_len;          /* its length */
	uint64_t data_hash;
	uint32_t outermost;         /* in a tunnel: a hash of the outermost IP header and 8 bytes, which is what some
				     * errors quote (RFC 792); 0: no tunnel */
	uint8_t message;            /* DHCP: type of the message */
	struct sonde_addr target;   /* neighbour solicitation */
	bool any_source;            /* sent to a group: anybody may answer */
	const struct sonde_proto *message_proto; /* the layer above the transport that identifies answers, or NULL */
};

/* Two message types that belong together: an ICMP request and its reply. */
struct sonde_message_pair {
	uint8_t request, reply; /* both 0: the end of a table */
	bool one_flow;          /* both belong to one flow, as Zeek and the Community ID pair them */
	bool solicited;         /* the reply is only sent on request, so it shows who is the originator */
	bool no_match;          /* a reply does not identify its request */
	bool same_data;         /* a reply returns the request's data */
};

#endif
