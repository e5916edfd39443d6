#include "packet/rules.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "base/error.h"

enum sender {
	ANYBODY,
	TARGET, /* the target of the question */
	ROUTER, /* another host */
};

/* The kinds of question and answer; who answered; the rule's name, the state, the reason, and the document. */
#define RULE(kind, answer, from, name, state, text, source)                                                            \
	{ SONDE_ASKS_##kind, SONDE_##answer, from, { name, SONDE_STATE_##state, text, source } },

/* Rules for OTHER apply to questions without a rule of their own. */
static const struct row {
	enum sonde_question_kind kind;
	enum sonde_answer answer;
	enum sender from;
	struct sonde_rule rule;
} rows[] = {
	/* clang-format off */
	RULE(SYN, ANSWER_SYN_ACK, ANYBODY, "syn-ack", OPEN,
	     "SYN+ACK acknowledges our SYN", "RFC 9293, 3.5")
	RULE(SYN, ANSWER_SYN, ANYBODY, "syn", OPEN,
	     "a SYN crosses ours: both ends begin", "RFC 9293, 3.5")
	RULE(SYN, ANSWER_RST, ANYBODY, "rst", CLOSED,
	     "RST answers our SYN: nobody listens", "RFC 9293, 3.5.2")
	RULE(SYN, ANSWER_TCP, ANYBODY, "tcp-reply", OPEN,
	     "a segment of this connection: somebody has the port", "RFC 9293, 3.5")
	RULE(SYN, ANSWER_PORT, ANYBODY, "port-unreach", FILTERED,
	     "port unreachable instead of RST: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(SYN, SILENCE, ANYBODY, "no-answer", FILTERED,
	     "no answer: dropped, or lost", "RFC 9293, 3.5")

	RULE(CONNECT, ANSWER_SYN_ACK, ANYBODY, "connected", OPEN,
	     "connect(2) made a connection", "RFC 9293, 3.5")
	RULE(CONNECT, ANSWER_RST, ANYBODY, "refused", CLOSED,
	     "connect(2) was refused: nobody listens", "RFC 9293, 3.5.2")

	RULE(ACK, ANSWER_RST, ANYBODY, "ack-rst", UNFILTERED,
	     "RST answers an ACK of no connection: it got there", "RFC 9293, 3.5.2")
	RULE(ACK, ANSWER_TCP, ANYBODY, "tcp-reply", UNFILTERED,
	     "a segment of this connection", "RFC 9293, 3.10")
	RULE(ACK, ANSWER_SYN_ACK, ANYBODY, "tcp-reply", UNFILTERED,
	     "a segment of this connection", "RFC 9293, 3.10")
	RULE(ACK, SILENCE, ANYBODY, "no-answer", FILTERED,
	     "no RST: dropped, or lost", "RFC 9293, 3.5.2")

	/* Some stacks give away by the window whether a socket has the port. */
	RULE(WINDOW, ANSWER_RST_WINDOW, ANYBODY, "rst-window", OPEN,
	     "the RST that answers an ACK has a window: a socket has the port", "RFC 9293, 3.5.2")
	RULE(WINDOW, ANSWER_RST, ANYBODY, "rst-no-window", CLOSED,
	     "the RST that answers an ACK has no window", "RFC 9293, 3.5.2")

	RULE(FIN, ANSWER_RST, ANYBODY, "rst", CLOSED,
	     "RST answers a segment for no connection: nobody listens", "RFC 9293, 3.10.7.1")
	RULE(FIN, SILENCE, ANYBODY, "no-answer", OPEN_FILTERED,
	     "a listener drops such a segment, and so does a filter", "RFC 9293, 3.10.7.2")

	RULE(UDP, ANSWER_UDP, ANYBODY, "udp-reply", OPEN,
	     "a datagram came back", "RFC 768")
	RULE(UDP, ANSWER_PORT, TARGET, "port-unreach", CLOSED,
	     "port unreachable: nobody listens", "RFC 1122, 4.1.3.1")
	RULE(UDP, SILENCE, ANYBODY, "no-answer", OPEN_FILTERED,
	     "no answer: taken without a word, dropped, or lost", "RFC 768")

	RULE(ECHO, ANSWER_ECHO, ANYBODY, "echo-reply", UP,
	     "the reply carries our identifier and sequence number", "RFC 792, RFC 4443")
	RULE(ARP, ANSWER_ARP, ANYBODY, "arp-reply", UP,
	     "the owner of the address answers", "RFC 826")
	RULE(ND, ANSWER_ND, ANYBODY, "neighbour-advert", UP,
	     "the owner of the address answers", "RFC 4861, 7.2")

	RULE(SCTP, ANSWER_SCTP_ACK, ANYBODY, "init-ack", OPEN,
	     "INIT ACK answers our INIT", "RFC 9260, 5.1")
	RULE(SCTP, ANSWER_SCTP_ABORT, ANYBODY, "abort", CLOSED,
	     "ABORT answers our INIT: nobody listens", "RFC 9260, 8.4")
	RULE(SCTP, SILENCE, ANYBODY, "no-answer", FILTERED,
	     "no answer: dropped, or lost", "RFC 9260")

	RULE(DHCP, ANSWER_DHCP_OFFER, ANYBODY, "dhcp-offer", UP,
	     "a server offers an address", "RFC 2131, 3.1")
	RULE(DHCP, ANSWER_DHCP_ACK, ANYBODY, "dhcp-ack", UP,
	     "a server grants what was asked for", "RFC 2131, 3.1")
	RULE(DHCP, ANSWER_DHCP_NAK, ANYBODY, "dhcp-nak", UP,
	     "a server refuses the address that was asked for", "RFC 2131, 3.1")
	RULE(DHCP, ANSWER_UDP, ANYBODY, "bootp-reply", UP,
	     "a reply of the same transaction", "RFC 951")

	RULE(ACK, ANSWER_PORT, ANYBODY, "port-unreach", FILTERED,
	     "port unreachable instead of RST: a firewall rejects", "RFC 1122, 3.2.2.1")

	RULE(FIN, ANSWER_PORT, ANYBODY, "port-unreach", FILTERED,
	     "port unreachable instead of RST: a firewall rejects", "RFC 1122, 3.2.2.1")

	/* Every host has TCP, UDP and ICMP (RFC 1122, 1.1.3): a filter speaks. */
	RULE(SYN, ANSWER_PROTOCOL, ANYBODY, "proto-unreach", FILTERED,
	     "protocol unreachable about TCP: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(ACK, ANSWER_PROTOCOL, ANYBODY, "proto-unreach", FILTERED,
	     "protocol unreachable about TCP: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(FIN, ANSWER_PROTOCOL, ANYBODY, "proto-unreach", FILTERED,
	     "protocol unreachable about TCP: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(UDP, ANSWER_PROTOCOL, ANYBODY, "proto-unreach", FILTERED,
	     "protocol unreachable about UDP: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(ECHO, ANSWER_PROTOCOL, ANYBODY, "proto-unreach", FILTERED,
	     "protocol unreachable about ICMP: a firewall rejects", "RFC 1122, 3.2.2.1")

	RULE(OTHER, ANSWER_PORT, TARGET, "port-unreach", FILTERED,
	     "port unreachable about what has no such ports: a firewall rejects", "RFC 1122, 3.2.2.1")
	RULE(OTHER, ANSWER_PORT, ROUTER, "port-unreach-router", FILTERED,
	     "port unreachable, but not from the target: a filter on the way rejects", "RFC 1122, 3.2.2.1")
	RULE(OTHER, ANSWER_PROTOCOL, TARGET, "proto-unreach", CLOSED,
	     "the host does not know the protocol", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_PROTOCOL, ROUTER, "proto-unreach-router", FILTERED,
	     "protocol unreachable, but not from the target: a filter on the way rejects", "RFC 1122, 3.2.2.1")
	RULE(OTHER, ANSWER_HOST, ROUTER, "host-unreach", UNREACHABLE,
	     "a router has no way to the host, or the host does not answer it", "RFC 1812, 5.2.7.1")
	RULE(OTHER, ANSWER_HOST, TARGET, "host-unreach", FILTERED,
	     "the host says that it cannot be reached: a firewall rejects", "RFC 1812, 5.2.7.1")
	RULE(OTHER, ANSWER_PROHIBITED, ANYBODY, "prohibited", FILTERED,
	     "a filter says that it forbids this", "RFC 1812, 5.2.7.1")
	RULE(OTHER, ANSWER_TOO_BIG, ANYBODY, "too-big", ON_THE_WAY,
	     "a link on the way is too narrow; its MTU is in the error", "RFC 1191, RFC 8201")
	RULE(OTHER, ANSWER_TTL, ANYBODY, "ttl-exceeded", ON_THE_WAY,
	     "a router on the way counted the last hop down", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_REASSEMBLY, TARGET, "reassembly", UP,
	     "the host waited for missing fragments", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_REASSEMBLY, ROUTER, "reassembly", ON_THE_WAY,
	     "somebody on the way waited for missing fragments", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_PARAMETER, TARGET, "param-problem", UP,
	     "the host did not understand a field", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_PARAMETER, ROUTER, "param-problem", ON_THE_WAY,
	     "a router did not understand a field", "RFC 792, RFC 4443")
	RULE(OTHER, ANSWER_REDIRECT, ANYBODY, "redirect", ON_THE_WAY,
	     "a router names a better way", "RFC 792")
	RULE(OTHER, ANSWER_QUENCH, ANYBODY, "quench", UNKNOWN,
	     "an old router asks to send less: it says nothing of the packet", "RFC 6633")
	RULE(OTHER, ANSWER_ERROR, ANYBODY, "icmp-other", FILTERED,
	     "an ICMP error whose code has no rule of its own quotes our packet", "RFC 792, RFC 4443")
	RULE(OTHER, SILENCE, ANYBODY, "no-answer", UNKNOWN,
	     "no answer: dropped, or lost, or none was due", "RFC 1122")
	RULE(OTHER, ANSWER_IP, ANYBODY, "reply", UP,
	     "a packet of the same protocol came back", "RFC 791, RFC 8200")
	/* clang-format on */
};

#define N_ROWS (sizeof rows / sizeof *rows)

static bool may_say(const struct row *row, bool from_target)
{
	return row->from == ANYBODY || (row->from == TARGET) == from_target;
}

const struct sonde_rule *sonde_rule_for(enum sonde_question_kind kind, enum sonde_answer answer, bool from_target)
{
	const struct sonde_rule *general = NULL;
	/* It is an ACK, of which the RST alone says more. */
	if (kind == SONDE_ASKS_WINDOW && answer != SONDE_ANSWER_RST && answer != SONDE_ANSWER_RST_WINDOW)
		kind = SONDE_ASKS_ACK;
	/* The kernel sends a SYN, and tells which ICMP error came. */
	if (kind == SONDE_ASKS_CONNECT && answer != SONDE_ANSWER_RST && answer != SONDE_ANSWER_SYN_ACK)
		kind = SONDE_ASKS_SYN;
	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].answer != answer || !may_say(&rows[i], from_target))
			continue;
		if (rows[i].kind == kind)
			return &rows[i].rule;
		if (rows[i].kind == SONDE_ASKS_OTHER)
			general = &rows[i].rule;
	}
	/* Any other answer proves at least that something answers. */
	return general ? general : &rows[N_ROWS - 1].rule;
}

const struct sonde_rule *sonde_rule_at(unsigned index, enum sonde_question_kind *kind, enum sonde_answer *answer,
				       bool *from_target)
{
	if (index >= N_ROWS)
		return NULL;
	*kind = rows[index].kind;
	*answer = rows[index].answer;
	*from_target = rows[index].from != ROUTER;
	return &rows[index].rule;
}

unsigned sonde_rule_index(const struct sonde_rule *rule)
{
	for (unsigned i = 0; i < N_ROWS; i++)
		if (&rows[i].rule == rule)
			return i;
	return UINT_MAX;
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

const struct sonde_rule *sonde_rule_unsent(int code)
{
	static const struct sonde_rule no_neighbour = { "no-neighbour", SONDE_STATE_UNKNOWN,
							"not sent: the next hop does not tell its link address",
							"RFC 826, RFC 4861" };
	static const struct sonde_rule withheld = {
		"withheld", SONDE_STATE_UNKNOWN, "this machine took the packet and did not let it out", "packet(7)"
	};
	static const struct sonde_rule link_down = { "link-down", SONDE_STATE_UNKNOWN,
						     "not sent: the interface is down, or has no carrier", "RFC 2863" };
	static const struct sonde_rule not_asked = { "not-asked", SONDE_STATE_UNKNOWN,
						     "the run ended before it was asked", "sonde-probe(8)" };
	if (code == -ECANCELED)
		return &not_asked;
	return code == SONDE_E_NO_NEIGHBOUR ? &no_neighbour : code == -ENETDOWN ? &link_down : &withheld;
}
