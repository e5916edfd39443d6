#include "packet/rules.h"

#include <stddef.h>

/* Rows of SONDE_ASKED_OTHER hold for everything that has no row of its own. */
static const struct row {
	enum sonde_asked asked;
	enum sonde_answer answer;
	struct sonde_rule rule;
} rows[] = {
	{ SONDE_ASKED_SYN,
	  SONDE_ANSWER_SYN_ACK,
	  { "syn-ack", SONDE_STATE_OPEN, "SYN+ACK acknowledges our SYN", "RFC 9293, 3.5" } },
	{ SONDE_ASKED_SYN,
	  SONDE_ANSWER_RST,
	  { "rst", SONDE_STATE_CLOSED, "RST answers our SYN: nobody listens", "RFC 9293, 3.5.2" } },
	{ SONDE_ASKED_SYN,
	  SONDE_ANSWER_TCP,
	  { "tcp-reply", SONDE_STATE_OPEN, "a segment of this connection: somebody has the port", "RFC 9293, 3.5" } },
	{ SONDE_ASKED_SYN,
	  SONDE_ANSWER_PORT,
	  { "port-unreach", SONDE_STATE_FILTERED, "port unreachable instead of RST: a firewall rejects",
	    "RFC 1122, 3.2.2.1" } },
	{ SONDE_ASKED_SYN,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_FILTERED, "no answer: dropped, or lost", "RFC 9293, 3.5" } },

	{ SONDE_ASKED_ACK,
	  SONDE_ANSWER_RST,
	  { "ack-rst", SONDE_STATE_UNFILTERED, "RST answers an ACK of no connection: it got there",
	    "RFC 9293, 3.5.2" } },
	{ SONDE_ASKED_ACK,
	  SONDE_ANSWER_TCP,
	  { "tcp-reply", SONDE_STATE_UNFILTERED, "a segment of this connection", "RFC 9293, 3.10" } },
	{ SONDE_ASKED_ACK,
	  SONDE_ANSWER_SYN_ACK,
	  { "tcp-reply", SONDE_STATE_UNFILTERED, "a segment of this connection", "RFC 9293, 3.10" } },
	{ SONDE_ASKED_ACK,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_FILTERED, "no RST: dropped, or lost", "RFC 9293, 3.5.2" } },

	{ SONDE_ASKED_FIN,
	  SONDE_ANSWER_RST,
	  { "rst", SONDE_STATE_CLOSED, "RST answers a segment for no connection: nobody listens",
	    "RFC 9293, 3.10.7.1" } },
	{ SONDE_ASKED_FIN,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_OPEN_FILTERED, "a listener drops such a segment, and so does a filter",
	    "RFC 9293, 3.10.7.2" } },

	{ SONDE_ASKED_UDP, SONDE_ANSWER_UDP, { "udp-reply", SONDE_STATE_OPEN, "a datagram came back", "RFC 768" } },
	{ SONDE_ASKED_UDP,
	  SONDE_ANSWER_PORT,
	  { "port-unreach", SONDE_STATE_CLOSED, "port unreachable: nobody listens", "RFC 1122, 4.1.3.1" } },
	{ SONDE_ASKED_UDP,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_OPEN_FILTERED, "no answer: taken without a word, dropped, or lost", "RFC 768" } },

	{ SONDE_ASKED_ECHO,
	  SONDE_ANSWER_ECHO,
	  { "echo-reply", SONDE_STATE_UP, "the reply carries our identifier and sequence number",
	    "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_ARP,
	  SONDE_ANSWER_ARP,
	  { "arp-reply", SONDE_STATE_UP, "the owner of the address answers", "RFC 826" } },
	{ SONDE_ASKED_ND,
	  SONDE_ANSWER_ND,
	  { "neighbour-advert", SONDE_STATE_UP, "the owner of the address answers", "RFC 4861, 7.2" } },

	{ SONDE_ASKED_SCTP,
	  SONDE_ANSWER_SCTP_ACK,
	  { "init-ack", SONDE_STATE_OPEN, "INIT ACK answers our INIT", "RFC 9260, 5.1" } },
	{ SONDE_ASKED_SCTP,
	  SONDE_ANSWER_SCTP_ABORT,
	  { "abort", SONDE_STATE_CLOSED, "ABORT answers our INIT: nobody listens", "RFC 9260, 8.4" } },
	{ SONDE_ASKED_SCTP,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_FILTERED, "no answer: dropped, or lost", "RFC 9260" } },

	{ SONDE_ASKED_OTHER, SONDE_ANSWER_PORT, { "port-unreach", SONDE_STATE_CLOSED, "port unreachable", "RFC 792" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_PROTOCOL,
	  { "proto-unreach", SONDE_STATE_CLOSED, "the host does not know the protocol", "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_HOST,
	  { "host-unreach", SONDE_STATE_UNREACHABLE, "a router has no way to the host, or the host does not answer it",
	    "RFC 1812, 5.2.7.1" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_PROHIBITED,
	  { "prohibited", SONDE_STATE_FILTERED, "a filter says that it forbids this", "RFC 1812, 5.2.7.1" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_TOO_BIG,
	  { "too-big", SONDE_STATE_ON_THE_WAY, "a link on the way is too narrow; its MTU is in the error",
	    "RFC 1191, RFC 8201" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_TTL,
	  { "ttl-exceeded", SONDE_STATE_ON_THE_WAY, "a router on the way counted the last hop down",
	    "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_REASSEMBLY,
	  { "reassembly", SONDE_STATE_UP, "the host waited for missing fragments", "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_PARAMETER,
	  { "param-problem", SONDE_STATE_UNKNOWN, "a host or router did not understand a field",
	    "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_REDIRECT,
	  { "redirect", SONDE_STATE_ON_THE_WAY, "a router names a better way", "RFC 792" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_ERROR,
	  { "icmp-error", SONDE_STATE_UNKNOWN, "an ICMP error quotes our packet", "RFC 792, RFC 4443" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_SILENCE,
	  { "no-answer", SONDE_STATE_UNKNOWN, "no answer: dropped, or lost, or none was due", "RFC 1122" } },
	{ SONDE_ASKED_OTHER,
	  SONDE_ANSWER_IP,
	  { "reply", SONDE_STATE_UP, "a packet of the same protocol came back", "RFC 791, RFC 8200" } },
};

#define N_ROWS (sizeof rows / sizeof *rows)

const struct sonde_rule *sonde_rule_for(enum sonde_asked asked, enum sonde_answer answer)
{
	const struct sonde_rule *general = NULL;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].answer != answer)
			continue;
		if (rows[i].asked == asked)
			return &rows[i].rule;
		if (rows[i].asked == SONDE_ASKED_OTHER)
			general = &rows[i].rule;
	}
	/* An answer that has no rule for this question is at least an answer. */
	return general ? general : &rows[N_ROWS - 1].rule;
}

const struct sonde_rule *sonde_rule_at(unsigned index, enum sonde_asked *asked, enum sonde_answer *answer)
{
	if (index >= N_ROWS)
		return NULL;
	*asked = rows[index].asked;
	*answer = rows[index].answer;
	return &rows[index].rule;
}

const char *sonde_state_name(enum sonde_state s)
{
	static const char *const names[] = {
		[SONDE_STATE_UNKNOWN] = "unknown",       [SONDE_STATE_OPEN] = "open",
		[SONDE_STATE_CLOSED] = "closed",         [SONDE_STATE_FILTERED] = "filtered",
		[SONDE_STATE_UNFILTERED] = "unfiltered", [SONDE_STATE_OPEN_FILTERED] = "open|filtered",
		[SONDE_STATE_UP] = "up",                 [SONDE_STATE_UNREACHABLE] = "unreachable",
		[SONDE_STATE_ON_THE_WAY] = "on the way",
	};
	return (unsigned)s < sizeof names / sizeof *names ? names[s] : "unknown";
}
