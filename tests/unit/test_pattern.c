/* Packets that patterns choose. */
#include "packet/pattern.h"

#include "base/text.h"
#include "packet/notation.h"

#include "tests/unit/wire.h"

#define SYN  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 ttl=64 / " \
	    "tcp sport=40000 dport=80 seq=1 flags=S win=1000 options=mss:1460,sackok,ts:1:0,nop,wscale:7"
#define ECHO  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=7 seq=3 / text:hello"
#define UNREACH "ip id=1 src=10.0.0.9 dst=10.0.0.1 / icmp type=unreach code=port / " \
		"ip id=2 src=10.0.0.1 dst=10.0.0.2 / udp sport=4000 dport=53 / text:abc"
#define TUNNEL "ip id=1 src=10.0.0.1 dst=10.0.0.2 ttl=9 / gre / ip id=2 src=10.1.0.1 dst=10.1.0.2 ttl=64 / " \
	       "udp sport=4000 dport=53 / dns id=5 qname=www.Example.com qtype=A"
#define WRONG "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0x0007 / text:ab"

static const struct pattern_row {
	const char *name, *packet, *pattern;
	bool matches;
} rows[] = {
	{ "pattern: a layer", SYN, "tcp", true },
	{ "pattern: a layer that is not there", SYN, "udp", false },
	{ "pattern: layers with others between", SYN, "ether / tcp", true },
	{ "pattern: layers in another order", SYN, "tcp / ip", false },
	{ "pattern: a value", SYN, "tcp dport=80", true },
	{ "pattern: another value", SYN, "tcp dport=81", false },
	{ "pattern: a set", SYN, "tcp dport=22,80,443", true },
	{ "pattern: a set without it", SYN, "tcp dport=22,443", false },
	{ "pattern: steps of a range", SYN, "tcp dport=70-90:5", true },
	{ "pattern: between the steps of a range", SYN, "tcp dport=71-91:5", false },
	{ "pattern: an open range", SYN, "ip ttl=-64 / tcp win=1000-", true },
	{ "pattern: out of an open range", SYN, "ip ttl=-63", false },
	{ "pattern: a prefix", SYN, "ip src=10.0.0.0/30", true },
	{ "pattern: another prefix", SYN, "ip src=10.0.1.0/24", false },
	{ "pattern: not a value", SYN, "tcp dport!=81", true },
	{ "pattern: not that value", SYN, "tcp dport!=80", false },
	{ "pattern: not a value of a field that is not there", ECHO, "icmp gateway!=10.0.0.9", false },
	{ "pattern: flags as they are", SYN, "tcp flags=S", true },
	{ "pattern: flags as they are not", SYN, "tcp flags=SA", false },
	{ "pattern: a flag set and one clear", SYN, "tcp flags=+S-A", true },
	{ "pattern: a flag that is clear", SYN, "tcp flags=+A", false },
	{ "pattern: no named flag", SYN, "ip flags=-DF", true },
	{ "pattern: a MAC address", SYN, "ether src=02:00:00:00:00:01", true },
	{ "pattern: an option", SYN, "tcp options=sackok", true },
	{ "pattern: an option with arguments left out", SYN, "tcp options=mss,wscale", true },
	{ "pattern: options in another order", SYN, "tcp options=wscale:7,mss:1460", false },
	{ "pattern: an option in a range", SYN, "tcp options=mss:-1460", true },
	{ "pattern: an option out of a range", SYN, "tcp options=mss:-1400", false },
	{ "pattern: the second argument of an option", SYN, "tcp options=ts::0", true },
	{ "pattern: another second argument", SYN, "tcp options=ts::1", false },
	{ "pattern: an option by its bytes", SYN, "tcp options=2:05b4", true },
	{ "pattern: no such option", SYN, "tcp options!=md5", true },
	{ "pattern: data", ECHO, "icmp / text:hello", true },
	{ "pattern: the beginning of data", ECHO, "text:he", true },
	{ "pattern: data of any layer further in", ECHO, "ip / text:hel", true },
	{ "pattern: other data", ECHO, "icmp / text:help", false },
	{ "pattern: more data than there is", ECHO, "icmp / text:hello!", false },
	{ "pattern: any bytes", ECHO, "icmp / random:2 text:llo", true },
	{ "pattern: a quote behind its error", UNREACH, "icmp type=unreach / udp dport=53", true },
	{ "pattern: a quote without its error", UNREACH, "udp dport=53", false },
	{ "pattern: a quote is not what it is in", UNREACH, "ip src=10.0.0.9 / udp", false },
	{ "pattern: the inner of two addresses", TUNNEL, "ip ttl=64 / udp", true },
	{ "pattern: both addresses", TUNNEL, "ip ttl=9 / ip ttl=64", true },
	{ "pattern: both, the other way round", TUNNEL, "ip ttl=64 / ip ttl=9", false },
	{ "pattern: a name in another case", TUNNEL, "dns qname=WWW.example.com", true },
	{ "pattern: another name", TUNNEL, "dns qname=example.com", false },
	{ "pattern: a checksum that is right", SYN, "tcp checksum=auto", true },
	{ "pattern: a checksum that is wrong", WRONG, "udp checksum!=auto", true },
	{ "pattern: a right checksum sought as wrong", SYN, "tcp checksum!=auto", false },
	{ "pattern: a constant that is as usual", SYN, "tcp urg=auto", true },
};

static void build(struct sonde_packet *out, uint8_t *buffer, uint32_t size, const char *text)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, buffer, size);
	if (sonde_notation_parse(&spec, text, strlen(text), NULL, &e) || sonde_spec_packet(&p, &spec, 0, 1, false, &e))
		fail_msg("%s: %s", text, e.what);
	assert_int_equal(sonde_finish(&p), 0);
	sonde_dissect(out, buffer, p.len, p.len, p.layers[0].proto->ids[0]);
	sonde_spec_free(&spec);
}

static void read_pattern(struct sonde_spec *out, const char *text)
{
	const struct sonde_notation_env env = { .pattern = true };
	struct sonde_error e = { 0 };
	if (sonde_notation_parse(out, text, strlen(text), &env, &e) || sonde_pattern_check(out, &e))
		fail_msg("%s: %s", text, e.what);
}

static void chooses(void **state)
{
	const struct pattern_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec pattern = { 0 };
	struct sonde_packet p;
	build(&p, buffer, sizeof buffer, row->packet);
	read_pattern(&pattern, row->pattern);
	assert_int_equal(sonde_pattern_match(&pattern, &p), row->matches);
	sonde_spec_free(&pattern);
}

static const struct refused_row {
	const char *name, *pattern, *why;
} refused[] = {
	{ "pattern: refuses a reference", "tcp ack=@.end", "a reference to another packet needs a conversation" },
	{ "pattern: refuses the frame layer", "frame wire=9 / ip", "frame: a pattern is about what is on the wire" },
	{ "pattern: refuses what only the sender knows", "tcp seq=auto", "only the sender knows" },
	{ "pattern: refuses an unknown option", "tcp options=mssx", "no such item" },
	{ "pattern: refuses an option out of range", "tcp options=mss:70000-", "70000-" },
};

static void is_refused(void **state)
{
	const struct refused_row *row = *state;
	const struct sonde_notation_env env = { .pattern = true };
	struct sonde_spec pattern = { 0 };
	struct sonde_error e = { 0 };
	int err = sonde_notation_parse(&pattern, row->pattern, strlen(row->pattern), &env, &e);
	if (!err)
		err = sonde_pattern_check(&pattern, &e);
	assert_true(err < 0);
	assert_non_null(strstr(e.what, row->why));
	sonde_spec_free(&pattern);
}

static const struct filter_row {
	const char *name, *pattern, *filter;
} filters[] = {
	{ "pattern: the kernel leaves out other ports", "tcp dport=80,1000-2000",
	  "not (tcp and not (tcp and (dst portrange 80-80 or dst portrange 1000-2000)))" },
	{ "pattern: the kernel leaves out other addresses", "ip src=10.0.0.0/24 / tcp",
	  "not (tcp and not (tcp and (src net 10.0.0.0/24)))" },
	{ "pattern: the kernel leaves out TCP", "udp dport=53", "not tcp" },
	{ "pattern: the kernel leaves out TCP for ARP", "arp op=request", "not tcp" },
	{ "pattern: the kernel leaves out TCP for a tunnel", "ip / ip src=10.0.0.1", "not tcp" },
	{ "pattern: the kernel knows no steps", "tcp dport=80-90:2", "" },
	{ "pattern: the kernel cannot help", "ip ttl=64", "" },
};

static void leaves_out(void **state)
{
	const struct filter_row *row = *state;
	char text[300];
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_spec pattern = { 0 };
	read_pattern(&pattern, row->pattern);
	sonde_pattern_filter(&t, &pattern);
	assert_string_equal(text, row->filter);
	sonde_spec_free(&pattern);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, chooses, rows);
	UNIT_ROWS(&u, is_refused, refused);
	UNIT_ROWS(&u, leaves_out, filters);
	return unit_run(&u, "pattern");
}
