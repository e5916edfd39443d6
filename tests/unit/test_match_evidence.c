/* What verdicts are told with: echo data that did not come back as it was sent; questions that nobody had to answer;
 * the window of an RST. */
#include "packet/match.h"
#include "packet/question_fault.h"

#include "tests/unit/asks.h"
#include "tests/unit/wire.h"

static const struct row {
	const char *name, *sent, *got;
	const char *remark; /* NULL: none */
} rows[] = {
	{ "echo: the same data", ECHO, BACK "icmp type=echo-reply id=5 seq=6 / text:ping", NULL },
	{ "echo: another byte", ECHO, BACK "icmp type=echo-reply id=5 seq=6 / text:pong",
	  "its data came back altered" },
	{ "echo: one byte less", ECHO, BACK "icmp type=echo-reply id=5 seq=6 / text:pin", "its data came back short" },
	{ "echo: one byte more", ECHO, BACK "icmp type=echo-reply id=5 seq=6 / text:pings",
	  "its data came back longer" },
	{ "echo: behind a link layer, padded", ECHO,
	  "ether / " BACK "icmp type=echo-reply id=5 seq=6 / text:ping / pad zero:14", NULL },
	{ "echo: none at all in ip6", ECHO6, BACK6 "icmp6 type=echo-reply id=5 seq=6", "its data came back short" },
	{ "echo: the same data in ip6", ECHO6, BACK6 "icmp6 type=echo-reply id=5 seq=6 / text:ping", NULL },
	{ "echo: timestamps carry none", "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=timestamp id=5 seq=6 / text:ping",
	  BACK "icmp type=timestamp-reply id=5 seq=6", NULL },
	{ "echo: nor do extended ones", XECHO, BACK "icmp type=xecho-reply id=5 seq=6 flags=0x46", NULL },
	{ "echo: an error is no echo", ECHO, FROM "icmp type=timxceed code=transit / " ECHO, NULL },
	{ "echo: a datagram need not", UDP, BACK "udp sport=53 dport=40000 / text:x", NULL },
};

static void remark(void **state)
{
	const struct row *row = *state;
	uint8_t sent[WIRE_MAX], got[WIRE_MAX];
	struct sonde_packet p, q;
	struct sonde_question ask;
	struct sonde_match m;
	wire_build(&p, sent, row->sent);
	assert_int_equal(sonde_question_of(&ask, &p), 0);
	wire_build(&p, got, row->got);
	wire_read(&q, p.data, p.len, p.layers[0].proto);
	assert_true(sonde_match(&m, &ask, &q));
	if (row->remark)
		assert_string_equal(m.remark, row->remark);
	else
		assert_null(m.remark);
}

/* --- Questions --------------------------------------------------------------------------------------------------- */

#define SUM    "the question's checksum is wrong: hosts drop it"
#define LENGTH "a length in the question is wrong: hosts drop it"
#define IP     "ip src=10.0.0.1 dst=10.0.0.2 "
#define IP6    "ip6 src=2001:db8::1 dst=2001:db8::2 "

static const struct fault_row {
	const char *name, *sent, *fault;
} faults[] = {
	{ "question: a SYN", SYN, NULL },
	{ "question: a datagram in ip6", UDP6, NULL },
	{ "question: an echo behind a link layer", "ether / " ECHO, NULL },
	{ "question: a datagram without a sum", IP "/ udp sport=1 dport=2 checksum=0", NULL },
	{ "question: in ip6, a sum has to be", IP6 "/ udp sport=1 dport=2 checksum=0",
	  "the question has no checksum, which IPv6 demands: hosts drop it" },
	{ "question: a wrong sum", IP "/ tcp dport=80 flags=S checksum=1", SUM },
	{ "question: a wrong sum of icmp", IP "/ icmp checksum=1", SUM },
	{ "question: a wrong sum of the header", IP "checksum=1 / udp sport=1 dport=2", SUM },
	{ "question: the pseudo-header's sum", IP "/ udp sport=1 dport=2 checksum=partial", SUM },
	{ "question: a wrong sum in a tunnel", IP "/ gre / " IP "/ udp sport=1 dport=2 checksum=1", SUM },
	{ "question: the version", IP "version=5 / udp", "the question's IP version is wrong: hosts drop it" },
	{ "question: the header's length", IP "ihl=4 / udp", LENGTH },
	{ "question: the length", IP "length=2000 / udp", LENGTH },
	{ "question: no length", IP "length=0 / udp", LENGTH },
	{ "question: the datagram's length", IP "/ udp length=7", LENGTH },
	{ "question: the segment's header", IP "/ tcp offset=4 flags=S", LENGTH },
	{ "question: TTL 0", IP "ttl=0 / udp", "the question's TTL is 0: no router passes it on" },
	{ "question: TTL 1", IP "ttl=1 / udp", "the question's TTL is 1: no router passes it on" },
	{ "question: a hop limit of 1", IP6 "hlim=1 / udp", "the question's TTL is 1: no router passes it on" },
	{ "question: TTL 1 is right for a group", "ip src=10.0.0.1 dst=224.0.0.1 ttl=1 / udp", NULL },
	{ "question: the quote of an error may be wrong",
	  IP "/ icmp type=unreach code=port / ip src=1.1.1.1 dst=2.2.2.2 ttl=0 checksum=1 / udp", NULL },
};

static void fault(void **state)
{
	const struct fault_row *row = *state;
	uint8_t sent[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, sent, row->sent);
	const char *said = sonde_question_fault(&p);
	if (row->fault)
		assert_string_equal(said ? said : "none", row->fault);
	else
		assert_null(said);
}

/* Who asks for the window of the RST says so: the packet is an ACK. */
static void window(void **state)
{
	static const struct {
		const char *got, *rule;
	} asks[] = {
		{ BACK "tcp sport=80 dport=40000 seq=5000 win=512 flags=R", "rst-window" },
		{ BACK "tcp sport=80 dport=40000 seq=5000 win=0 flags=R", "rst-no-window" },
		{ BACK "tcp sport=80 dport=40000 seq=5000 ack=1000 flags=A", "tcp-reply" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
		uint8_t sent[WIRE_MAX], got[WIRE_MAX];
		struct sonde_packet p, q;
		struct sonde_question ask;
		struct sonde_match m;
		wire_build(&p, sent, ACK);
		assert_int_equal(sonde_question_of(&ask, &p), 0);
		ask.kind = SONDE_ASKS_WINDOW;
		wire_build(&p, got, asks[i].got);
		wire_read(&q, p.data, p.len, p.layers[0].proto);
		assert_true(sonde_match(&m, &ask, &q));
		assert_string_equal(m.rule->name, asks[i].rule);
	}
	assert_int_equal(sonde_rule_for(SONDE_ASKS_WINDOW, SONDE_SILENCE, false)->state, SONDE_STATE_FILTERED);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, fault, faults);
	UNIT_ROWS(&u, remark, rows);
	UNIT_TEST(&u, window);
	return unit_run(&u, "match_evidence");
}
