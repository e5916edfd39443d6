/* What ICMP errors say of what was asked: by type and code, by who says it, and by how much they quote. */
#include "packet/match.h"

#include "proto/icmp.h"
#include "proto/ip6.h"
#include "tests/unit/asks.h"
#include "tests/unit/wire.h"

/* --- Errors about tunnels ---------------------------------------------------------------------------------------- */

#define OUTER "ip src=10.1.1.1 dst=10.1.1.2 id=9 / "
#define GRE   OUTER "gre / " UDP
#define IPIP  OUTER SYN
#define SIT   OUTER ECHO6
#define GRE6  "ip6 src=2001:db8::1 dst=2001:db8::2 / gre key=7 / " UDP
#define VXLAN OUTER "udp sport=1 / vxlan / ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / " UDP
#define QUOTE 20 + 8 /* what RFC 792 has routers quote */
#define ALL   1000

/* What is sent through a tunnel, the packet that an error quotes, and how many bytes of it. */
static const struct tunnel_row {
	const char *name, *sent, *quoted;
	uint32_t len;
	bool ours;
} tunnels[] = {
	{ "tunnel: gre", GRE, GRE, QUOTE, true },
	{ "tunnel: IP in IP", IPIP, IPIP, QUOTE, true },
	{ "tunnel: IPv6 in IP", SIT, SIT, QUOTE, true },
	{ "tunnel: vxlan", VXLAN, VXLAN, QUOTE, true },
	{ "tunnel: gre in IPv6", GRE6, GRE6, 40 + 8, true },
	{ "tunnel: the inner header is there, and too little behind it", GRE, GRE, 20 + 4 + 20 + 4, true },
	{ "tunnel: all of it", GRE, GRE, ALL, true },
	{ "tunnel: less than 8 bytes", GRE, GRE, QUOTE - 1, false },
	{ "tunnel: between others", GRE, "ip src=10.1.1.1 dst=10.1.1.3 id=9 / gre / " UDP, QUOTE, false },
	{ "tunnel: another packet of it", GRE, "ip src=10.1.1.1 dst=10.1.1.2 id=10 / gre / " UDP, QUOTE, false },
	{ "tunnel: of another kind", GRE, OUTER UDP, QUOTE, false },
	{ "tunnel: another packet inside, and enough of it", GRE,
	  OUTER "gre / ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=40001 dport=53", ALL, false },
	{ "tunnel: none was sent", UDP, GRE, QUOTE, false },
};

static void quotes_of_tunnels(void **state)
{
	const struct tunnel_row *row = *state;
	uint8_t sent[WIRE_MAX], quoted[WIRE_MAX], error[WIRE_MAX];
	struct sonde_question ask;
	struct sonde_match m;
	struct sonde_packet p, got;
	wire_build(&p, sent, row->sent);
	assert_int_equal(sonde_question_of(&ask, &p), 0);
	bool v6 = p.layers[0].proto == &sonde_ip6;
	wire_build(&p, quoted, row->quoted);
	uint32_t len = row->len < p.len ? row->len : p.len;
	wire_build(&got, error, v6 ? FROM6 "icmp6 type=unreach code=0" : FROM "icmp type=unreach code=host");
	assert_int_equal(sonde_push_payload(&got, sonde_view(quoted, len)), 0);
	assert_int_equal(sonde_finish(&got), 0);
	wire_read(&p, error, got.len, got.layers[0].proto);
	assert_int_equal(sonde_match(&m, &ask, &p), row->ours);
	assert_int_equal(m.answer, row->ours ? SONDE_ANSWER_HOST : SONDE_SILENCE);
}

/* --- The truth table of ICMP errors ------------------------------------------------------------------------------ */

/* Who asks what, in the order of the letters below. */
static const char *const asked4[] = { SYN, ACK, FIN, UDP, SCTP, ECHO, OTHER };
static const char *const asked6[] = {
	SYN6,
	"ip6 src=2001:db8::1 dst=2001:db8::2 / tcp sport=40000 dport=80 seq=1000 ack=5000 flags=A",
	"ip6 src=2001:db8::1 dst=2001:db8::2 / tcp sport=40000 dport=80 seq=1000 flags=F",
	UDP6,
	"ip6 src=2001:db8::1 dst=2001:db8::2 / sctp sport=40000 dport=80 vtag=0 chunks=init:1:2:3:4:5",
	ECHO6,
	"ip6 src=2001:db8::1 dst=2001:db8::2 next=99 / text:abc",
};
#define N_ASKED (sizeof asked4 / sizeof *asked4)

/* What an error says, a letter for each question: (c)losed, (f)iltered, host (U)p, (n)ot reachable, on the (w)ay,
 * (?) nothing.
 *
 * After nmap's "Port Scanning Techniques", TCP, UDP and SCTP are filtered by the unreachable codes 0 to 3, 9, 10 and
 * 13, but a UDP port is closed by 3 from the target, and a protocol by 2. Not reachable is told apart from filtered
 * here: RFC 1812, 5.2.7.1 has routers send net and host unreachable for want of a way, prohibited and precedence for a
 * policy. What only the last hop can know (RFC 1122, 3.2.2.1) is believed of the target alone; a target that calls
 * itself unreachable, or has no TCP, UDP or ICMP, speaks for a filter. */
static const struct error_row {
	const char *name;
	bool ip6;
	uint8_t type, code;
	const char *target, *router;
} errors[] = {
	{ "icmp 3/0: net", false, 3, 0, "fffffff", "nnnnnnn" },
	{ "icmp 3/1: host", false, 3, 1, "fffffff", "nnnnnnn" },
	{ "icmp 3/2: protocol", false, 3, 2, "ffffcfc", "fffffff" },
	{ "icmp 3/3: port", false, 3, 3, "fffcfff", "fffffff" },
	{ "icmp 3/4: fragmentation needed", false, 3, 4, "wwwwwww", "wwwwwww" },
	{ "icmp 3/5: source route failed", false, 3, 5, "fffffff", "nnnnnnn" },
	{ "icmp 3/6: net unknown", false, 3, 6, "fffffff", "nnnnnnn" },
	{ "icmp 3/7: host unknown", false, 3, 7, "fffffff", "nnnnnnn" },
	{ "icmp 3/8: source host isolated", false, 3, 8, "fffffff", "nnnnnnn" },
	{ "icmp 3/9: net prohibited", false, 3, 9, "fffffff", "fffffff" },
	{ "icmp 3/10: host prohibited", false, 3, 10, "fffffff", "fffffff" },
	{ "icmp 3/11: net unreachable for this tos", false, 3, 11, "fffffff", "nnnnnnn" },
	{ "icmp 3/12: host unreachable for this tos", false, 3, 12, "fffffff", "nnnnnnn" },
	{ "icmp 3/13: communication prohibited", false, 3, 13, "fffffff", "fffffff" },
	{ "icmp 3/14: precedence violation", false, 3, 14, "fffffff", "fffffff" },
	{ "icmp 3/15: precedence cutoff", false, 3, 15, "fffffff", "fffffff" },
	{ "icmp 3/16: no such code", false, 3, 16, "fffffff", "fffffff" },
	{ "icmp 4/0: source quench", false, 4, 0, "???????", "???????" },
	{ "icmp 5/0: redirect, net", false, 5, 0, "wwwwwww", "wwwwwww" },
	{ "icmp 5/1: redirect, host", false, 5, 1, "wwwwwww", "wwwwwww" },
	{ "icmp 11/0: time to live", false, 11, 0, "wwwwwww", "wwwwwww" },
	{ "icmp 11/1: reassembly", false, 11, 1, "UUUUUUU", "wwwwwww" },
	{ "icmp 12/0: pointer", false, 12, 0, "UUUUUUU", "wwwwwww" },
	{ "icmp 12/1: option missing", false, 12, 1, "UUUUUUU", "wwwwwww" },
	{ "icmp 12/2: bad length", false, 12, 2, "UUUUUUU", "wwwwwww" },
	{ "icmp6 1/0: no route", true, 1, 0, "fffffff", "nnnnnnn" },
	{ "icmp6 1/1: prohibited", true, 1, 1, "fffffff", "fffffff" },
	{ "icmp6 1/2: beyond scope", true, 1, 2, "fffffff", "nnnnnnn" },
	{ "icmp6 1/3: address", true, 1, 3, "fffffff", "nnnnnnn" },
	{ "icmp6 1/4: port", true, 1, 4, "fffcfff", "fffffff" },
	{ "icmp6 1/5: source policy", true, 1, 5, "fffffff", "fffffff" },
	{ "icmp6 1/6: reject route", true, 1, 6, "fffffff", "fffffff" },
	{ "icmp6 1/7: source route", true, 1, 7, "fffffff", "nnnnnnn" },
	{ "icmp6 1/9: no such code", true, 1, 9, "fffffff", "fffffff" },
	{ "icmp6 2/0: too big", true, 2, 0, "wwwwwww", "wwwwwww" },
	{ "icmp6 3/0: hop limit", true, 3, 0, "wwwwwww", "wwwwwww" },
	{ "icmp6 3/1: reassembly", true, 3, 1, "UUUUUUU", "wwwwwww" },
	{ "icmp6 4/0: field", true, 4, 0, "UUUUUUU", "wwwwwww" },
	{ "icmp6 4/1: next header", true, 4, 1, "ffffcfc", "fffffff" },
	{ "icmp6 4/2: option", true, 4, 2, "UUUUUUU", "wwwwwww" },
	{ "icmp6 4/3: incomplete chain", true, 4, 3, "UUUUUUU", "wwwwwww" },
};

static char letter(enum sonde_state state)
{
	switch (state) {
	case SONDE_STATE_CLOSED: return 'c';
	case SONDE_STATE_FILTERED: return 'f';
	case SONDE_STATE_UP: return 'U';
	case SONDE_STATE_UNREACHABLE: return 'n';
	case SONDE_STATE_ON_THE_WAY: return 'w';
	case SONDE_STATE_UNKNOWN: return '?';
	default: return '!';
	}
}

/* The rule for the error about what a text sends. */
static const struct sonde_rule *verdict(const struct error_row *row, const char *sent, bool from_target)
{
	uint8_t built[WIRE_MAX], error[WIRE_MAX];
	struct sonde_packet p, got;
	struct sonde_question ask;
	struct sonde_match m;
	static const char *const heads[] = { FROM "icmp", BACK "icmp", FROM6 "icmp6", BACK6 "icmp6" };
	wire_build(&p, built, sent);
	assert_int_equal(sonde_question_of(&ask, &p), 0);
	wire_build(&got, error, heads[2 * row->ip6 + from_target]);
	int icmp = got.n_layers - 1;
	assert_int_equal(sonde_set(&got, icmp, SONDE_ICMP_TYPE, row->type), 0);
	assert_int_equal(sonde_set(&got, icmp, SONDE_ICMP_CODE, row->code), 0);
	assert_int_equal(sonde_push_payload(&got, sonde_view(built, p.len)), 0);
	assert_int_equal(sonde_finish(&got), 0);
	wire_read(&p, error, got.len, got.layers[0].proto);
	assert_true(sonde_match(&m, &ask, &p));
	assert_int_equal(m.from_target, from_target);
	return m.rule;
}

static void truth(void **state)
{
	const struct error_row *row = *state;
	char target[N_ASKED + 1] = { 0 }, router[N_ASKED + 1] = { 0 };
	for (size_t i = 0; i < N_ASKED; i++) {
		const char *sent = row->ip6 ? asked6[i] : asked4[i];
		target[i] = letter(verdict(row, sent, true)->state);
		router[i] = letter(verdict(row, sent, false)->state);
	}
	assert_string_equal(target, row->target);
	assert_string_equal(router, row->router);
}

static bool is_in_table(const struct sonde_rule *rule)
{
	for (size_t i = 0; i < sizeof errors / sizeof *errors * N_ASKED * 2; i++) {
		const struct error_row *row = &errors[i / 2 / N_ASKED];
		size_t kind = i / 2 % N_ASKED;
		if (verdict(row, row->ip6 ? asked6[kind] : asked4[kind], i % 2) == rule)
			return true;
	}
	return false;
}

static void every_rule_of_errors_is_in_the_table(void **state)
{
	enum sonde_question_kind asked;
	enum sonde_answer answer;
	const struct sonde_rule *rule;
	bool from_target;
	(void)state;
	for (unsigned i = 0; (rule = sonde_rule_at(i, &asked, &answer, &from_target)) != NULL; i++)
		if (sonde_answer_is_error(answer) && !is_in_table(rule))
			fail_msg("rule %u (%s) is not in the table", i, rule->name);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, quotes_of_tunnels, tunnels);
	UNIT_ROWS(&u, truth, errors);
	UNIT_TEST(&u, every_rule_of_errors_is_in_the_table);
	return unit_run(&u, "match_errors");
}
