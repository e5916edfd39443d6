/* Names of addresses out of DNS answers: each row is answers, and what an address is called then. */
#include <stdio.h>

#include "tests/unit/wire.h"
#include "tools/flows/names.h"

#define FIRST_TIME (1000 * SONDE_S)
#define ASK        "ip src=10.0.0.53 dst=10.0.0.1 / udp sport=53 dport=5000 / dns "
#define ANSWER     ASK "qr=1 "

static const struct row {
	const char *name;
	const char *packets[4]; /* a second apart */
	const char *addr;
	const char *right; /* NULL: none */
	const char *asker; /* NULL: 10.0.0.1 */
	int at;            /* seconds after the first packet; 0: 10 */
} rows[] = {
	{ .name = "an address",
	  .packets = { ANSWER "qname=www.example.com answers=www.example.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "www.example.com" },
	{ .name = "an IPv6 address, in small letters",
	  .packets = { ANSWER "qname=WWW.Example.com qtype=AAAA answers=WWW.Example.com:AAAA:2001:db8::1" },
	  .addr = "2001:db8::1", .right = "www.example.com" },
	{ .name = "names that point back into the message (RFC 1035, 4.1.4)",
	  .packets = { ANSWER "qname=example.com answers=www.@12:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "www.example.com" },
	{ .name = "an alias of an alias, back to the question",
	  .packets = { ANSWER "qname=a.com "
		       "answers=a.com:CNAME:b.com,b.com:CNAME:c.com,c.com:A:1.2.3.4,c.com:A:1.2.3.5" },
	  .addr = "1.2.3.5", .right = "a.com" },
	{ .name = "aliases in the other order",
	  .packets = { ANSWER "qname=a.com answers=c.com:A:1.2.3.4,b.com:CNAME:c.com,a.com:CNAME:b.com" },
	  .addr = "1.2.3.4", .right = "a.com" },
	{ .name = "aliases in a circle end",
	  .packets = { ANSWER "qname=a.com answers=a.com:CNAME:b.com,b.com:CNAME:a.com,a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "a.com" },
	{ .name = "in a stream",
	  .packets = { "ip src=10.0.0.53 dst=10.0.0.1 / tcp sport=53 dport=5000 "
		       "flags=PA / dnstcp / dns qr=1 qname=a.com "
			"answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "a.com" },
	{ .name = "by multicast, with its bit in the class",
	  .packets = { "ip src=10.0.0.7 dst=224.0.0.251 / udp sport=5353 dport=5353 / dns id=0 qr=1 qdcount=0 "
			"answers=printer.local:A:10.0.0.7:class=0x8001" },
	  .addr = "10.0.0.7", .right = "printer.local" },
	{ .name = "a question is no answer",
	  .packets = { ASK "qname=a.com answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4" },
	{ .name = "nor is a refusal",
	  .packets = { ANSWER "rcode=refused qname=a.com answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4" },
	{ .name = "another address has no name",
	  .packets = { ANSWER "qname=a.com answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.5" },
	{ .name = "before the answer it has none",
	  .packets = { "", "", ANSWER "qname=a.com answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .at = 1 },
	{ .name = "the last answer before it counts",
	  .packets = { ANSWER "qname=a.com "
		       "answers=a.com:A:1.2.3.4", "", "", ANSWER "qname=b.com answers=b.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "a.com", .at = 2 },
	{ .name = "and a later one later",
	  .packets = { ANSWER "qname=a.com "
		       "answers=a.com:A:1.2.3.4", "", "", ANSWER "qname=b.com answers=b.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "b.com", .at = 3 },
	{ .name = "what the asker itself was told comes first",
	  .packets = { ANSWER "qname=a.com answers=a.com:A:1.2.3.4",
			"ip src=10.0.0.53 dst=10.0.0.2 / udp sport=53 dport=5000 / dns qr=1 qname=b.com "
		       "answers=b.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "a.com" },
	{ .name = "and else what anybody was told",
	  .packets = { ANSWER "qname=a.com answers=a.com:A:1.2.3.4" },
	  .addr = "1.2.3.4", .right = "a.com", .asker = "10.0.0.9" },
};

static void learn(struct flow_names *n, const char *text, sonde_time time)
{
	uint8_t bytes[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, bytes, text);
	const struct sonde_flows_frame frame = { time, sonde_view(bytes, p.len), p.len, SONDE_LINK_RAW, 1 };
	flow_names_learn(n, &frame);
}

static struct sonde_addr addr_of(const char *text)
{
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	return a;
}

static void name_is(void **state)
{
	const struct row *row = *state;
	struct flow_names *n = flow_names_new(sonde_key_from_seed(1));
	const struct sonde_addr a = addr_of(row->addr), asker = addr_of(row->asker ? row->asker : "10.0.0.1");
	for (unsigned i = 0; i < 4; i++)
		if (row->packets[i] && *row->packets[i])
			learn(n, row->packets[i], FIRST_TIME + i * SONDE_S);
	const char *name = flow_names_of(n, &a, &asker, FIRST_TIME + (row->at ? row->at : 10) * SONDE_S);
	if (!row->right)
		assert_null(name);
	else
		assert_string_equal(name ? name : "none", row->right);
	flow_names_free(n);
}

/* Of more answers than are remembered, the newest stay. */
static void oldest_are_forgotten(void **state)
{
	struct flow_names *n = flow_names_new(sonde_key_from_seed(1));
	const struct sonde_addr asker = addr_of("10.0.0.1"), one = addr_of("1.2.3.4");
	(void)state;
	flow_names_add(n, &one, &asker, FIRST_TIME, "first");
	for (unsigned i = 0; i < 3 * FLOW_NAMES_MOST; i++) {
		char text[32];
		uint8_t bytes[4];
		sonde_put_be32(bytes, i % 1000);
		const struct sonde_addr a = sonde_addr4(bytes);
		snprintf(text, sizeof text, "name-%u", i);
		flow_names_add(n, &a, &asker, FIRST_TIME + i, text);
		assert_string_equal(flow_names_of(n, &a, &asker, FIRST_TIME + i), text);
	}
	assert_null(flow_names_of(n, &one, &asker, INT64_MAX));
	flow_names_free(n);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, name_is, rows);
	UNIT_TEST(&u, oldest_are_forgotten);
	return unit_run(&u, "flow_names");
}
