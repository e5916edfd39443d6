/* The grammar of the notation: what texts mean. */
#include "packet/notation.h"

#include <errno.h>

#include "packet/notation_parser.h"

#include "tests/unit/wire.h"

/* Lines of `same`, one text each, all mean the packet of the first. */
static const struct same_row {
	const char *name, *text, *same;
} sames[] = {
	{ "notation: order of fields", "ip dst=10.0.0.1 ttl=9 tos=0x10", "ip tos=16 ttl=9 dst=10.0.0.1" },
	{ "notation: blanks and tabs", "ip dst=10.0.0.1 / udp dport=7", "  ip\tdst=10.0.0.1   /\tudp dport=7  " },
	{ "notation: a comment", "ip dst=10.0.0.1", "ip dst=10.0.0.1 # / tcp dport=7" },
	{ "notation: names of layers", "ether / ip / icmp", "eth / ipv4 / icmp4" },
	{ "notation: names of fields", "ip proto=17 length=30 checksum=1 offset=2",
	  "ip p=udp len=30 chksum=0x0001 frag=2" },
	{ "notation: names of values", "ip / tcp dport=80 flags=SA / text:x",
	  "ip / tcp dstport=http flags=0x12 / hex:78" },
	{ "notation: numbers", "tcp seq=255 win=16", "tcp seq=0xff win=0x10" },
	{ "notation: flags joined by plus", "ip flags=DF+MF", "ip flags=3" },
	{ "notation: a view of bits", "ip tos=0xb9", "ip dscp=46 ecn=1" },
	{ "notation: types and codes", "icmp type=3 code=3", "icmp type=unreach code=port" },
	{ "notation: a code before its type", "icmp type=unreach code=port", "icmp code=port type=unreach" },
	{ "notation: a MAC address", "ether dst=02:00:5e:10:00:ff", "ether dst=02-00-5E-10-00-FF" },
	{ "notation: an IPv6 address", "ip6 dst=2001:db8::1", "ip6 dst=2001:0DB8:0:0:0:0:0:1" },
	{ "notation: auto is open", "ip dst=10.0.0.1 / udp dport=7",
	  "ip dst=10.0.0.1 ttl=auto checksum=auto / udp dport=7 length=auto" },
	{ "notation: data in pieces", "ip / hex:61620000006364", "ip / text:ab zero:3 hex:6364" },
	{ "notation: data at the end of a layer", "ip / udp / text:ab", "ip / udp text:ab" },
	{ "notation: data between headers", "ip / text:ab / udp", "ip text:ab / udp" },
	{ "notation: a string in quotes", "hex:612062202f2023", "text:\"a b / #\"" },
	{ "notation: quotes inside a string", "hex:61225c20", "text:\"a\\\"\\\\ \"" },
	{ "notation: escapes", "hex:000a0d09235c416a", "text:\\0\\n\\r\\t\\#\\\\\\x41\\x6A" },
	{ "notation: the other escapes of C", "hex:07080c0b00", "text:\\a\\b\\f\\v\\0" },
	{ "notation: a bare string ends at a blank", "text:a hex:62", "text:a text:b" },
	{ "notation: no bytes", "ip / hex:", "ip text:" },
	{ "notation: options by name and by number", "tcp options=mss:1460,wscale:7,sackok,ts:1:2,nop,eol",
	  "tcp options=2:05b4,3:07,4:,8:0000000100000002,1,0" },
	{ "notation: options as bytes", "tcp options=mss:1460,nop", "tcp options=hex:020405b401" },
	{ "notation: an option with a length that lies", "tcp options=hex:020005b4", "tcp options=mss.0:05b4" },
	{ "notation: parts joined by plus", "ip options=rr:10.0.0.1+10.0.0.2", "ip options=7:040a0000010a000002" },
	{ "notation: brackets around addresses",
	  "ip6 / icmp6 type=neighbour-solicit target=::1 options=slla:02:00:00:00:00:01",
	  "ip6 / icmp6 type=135 target=::1 options=slla:[02:00:00:00:00:01]" },
	{ "notation: objects belong to their message", "icmp type=timxceed objects=mpls:16/0/1/1 / ip",
	  "icmp objects=mpls:16/0/1/1 type=timxceed / ip" },
	{ "notation: raw bytes of an address", "arp sha=02:00:00:00:00:01", "arp sha=0x020000000001" },
	{ "notation: the frame is no layer", "ip dst=10.0.0.1",
	  "frame time=1.5 iface=eth0 dir=in comment=\"a b\" link=101 / ip dst=10.0.0.1" },
	{ "notation: all of a prefix of one", "ip dst=10.0.0.1", "ip dst=10.0.0.1/32" },
	{ "notation: a range of one", "ip ttl=7", "ip ttl=7-7" },
	{ "notation: the first of a set", "ip ttl=7", "ip ttl=7,9,11-20:3" },
	{ "notation: an address range has its first", "ip dst=10.0.0.1", "ip dst=10.0.0.1-10.0.0.9" },
	{ "notation: a dash in a name", "ip / icmp type=0", "ip / icmp type=echo-reply" },
	{ "notation: the sum of a pseudo-header",
	  "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0x1420 / text:abcd",
	  "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial / text:abcd" },
};

static void means_the_same(void **state)
{
	const struct same_row *row = *state;
	uint8_t a[WIRE_MAX], b[WIRE_MAX];
	struct sonde_packet p, q;
	wire_build(&p, a, row->text);
	wire_build(&q, b, row->same);
	wire_equal(b, q.len, a, p.len);
}

/* --- Words ------------------------------------------------------------------------------------------------------- */

static void words_are_never_split(void **state)
{
	char *const words[] = { "ip", "dst=10.0.0.1", "/", "text:a \"b\" / c", "hex:00" };
	uint8_t a[WIRE_MAX], b[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p, q;
	(void)state;
	assert_int_equal(sonde_notation_parse_words(&spec, 5, words, NULL, &e), 0);
	sonde_packet_init(&p, a, sizeof a);
	assert_int_equal(sonde_spec_packet(&p, &spec, 0, 1, false, &e), 0);
	sonde_finish(&p);
	wire_build(&q, b, "ip dst=10.0.0.1 / hex:6120226222202f206300");
	wire_equal(p.data, p.len, q.data, q.len);
	sonde_spec_free(&spec);
}

static void columns_of_words_count_blanks(void **state)
{
	char *const words[] = { "ip", "dst=10.0.0.1", "/", "tcp", "dprot=1" };
	char *const wrong[] = { "ip dst=10.0.0.1" };
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	(void)state;
	assert_int_equal(sonde_notation_parse_words(&spec, 5, words, NULL, &e), SONDE_E_UNKNOWN);
	assert_int_equal(e.column, strlen("ip dst=10.0.0.1 / tcp "));
	assert_int_equal(e.length, strlen("dprot"));
	assert_int_equal(sonde_notation_parse_words(&spec, 1, wrong, NULL, &e), SONDE_E_SYNTAX);
	assert_int_equal(sonde_notation_parse_words(&spec, 0, words, NULL, &e), SONDE_E_SYNTAX);
	sonde_spec_free(&spec);
}

/* --- What only the caller knows ---------------------------------------------------------------------------------- */

static int resolve(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len)
{
	static const uint8_t ip6[16] = { 0x20, 1, [15] = 9 };
	++*(int *)arg;
	if (len != 4 || memcmp(name, "host", 4) != 0)
		return SONDE_E_UNKNOWN;
	*out = family == SONDE_IP4 ? sonde_addr4((const uint8_t[]){ 10, 0, 0, 9 }) : sonde_addr6(ip6);
	return 0;
}

static int zone(void *arg, uint32_t *out, const char *name, size_t len)
{
	++*(int *)arg;
	*out = 7;
	return len == 4 && memcmp(name, "eth0", 4) == 0 ? 0 : -ENODEV;
}

static int file(void *arg, struct sonde_view *out, const char *path)
{
	++*(int *)arg;
	*out = sonde_view("contents", 8);
	return strcmp(path, "some/file") == 0 ? 0 : -ENOENT;
}

static const struct env_row {
	const char *name, *text, *same;
	int calls, code;
	uint32_t scope;
} env_rows[] = {
	{ "env: a host", "ip dst=host", "ip dst=10.0.0.9", 1, 0, 0 },
	{ "env: a host of the other family", "ip6 dst=host", "ip6 dst=2001::9", 1, 0, 0 },
	{ "env: no such host", "ip dst=hos", NULL, 1, SONDE_E_UNKNOWN, 0 },
	{ "env: an address is no host", "ip dst=10.0.0.1", "ip dst=10.0.0.1", 0, 0, 0 },
	{ "env: a zone", "ip6 dst=fe80::1%eth0", "ip6 dst=fe80::1", 1, 0, 7 },
	{ "env: no such zone", "ip6 dst=fe80::1%eth1", NULL, 1, -ENODEV, 7 },
	{ "env: a file", "ip / file:some/file", "ip / text:contents", 1, 0, 0 },
	{ "env: no such file", "ip / file:other", NULL, 1, -ENOENT, 0 },
};

static void callers_are_asked(void **state)
{
	const struct env_row *row = *state;
	int calls = 0;
	struct sonde_notation_env env = { .arg = &calls, .resolve = resolve, .zone = zone, .file = file };
	uint8_t a[WIRE_MAX], b[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p, q;
	assert_int_equal(sonde_notation_parse(&spec, row->text, strlen(row->text), &env, &e), row->code);
	assert_int_equal(calls, row->calls);
	assert_int_equal(spec.scope, row->scope);
	if (row->same) {
		sonde_packet_init(&p, a, sizeof a);
		assert_int_equal(sonde_spec_packet(&p, &spec, 0, 1, false, &e), 0);
		sonde_finish(&p);
		wire_build(&q, b, row->same);
		wire_equal(p.data, p.len, q.data, q.len);
	}
	sonde_spec_free(&spec);
}

/* --- Lines of a file --------------------------------------------------------------------------------------------- */

static const struct line_row {
	const char *name, *text;
	enum sonde_file_line_kind kind;
	char mark;
	const char *label, *packet;
	sonde_time wait_ns;
	int code;
} line_rows[] = {
	{ "line: empty", "  ", SONDE_LINE_EMPTY, 0, "", "", 0, 0 },
	{ "line: a comment", "# ip", SONDE_LINE_EMPTY, 0, "", "", 0, 0 },
	{ "line: a packet", " ip / udp # x", SONDE_LINE_PACKET, 0, "", "ip / udp # x", 0, 0 },
	{ "line: sent", "> ip", SONDE_LINE_PACKET, '>', "", "ip", 0, 0 },
	{ "line: waited for", "< ip", SONDE_LINE_PACKET, '<', "", "ip", 0, 0 },
	{ "line: with a name", "syn: > ip / tcp", SONDE_LINE_PACKET, '>', "syn", "ip / tcp", 0, 0 },
	{ "line: a name alone", "syn: ip", SONDE_LINE_PACKET, 0, "syn", "ip", 0, 0 },
	{ "line: data is no name", "text:a hex:00", SONDE_LINE_PACKET, 0, "", "text:a hex:00", 0, 0 },
	{ "line: defaults", "default ip ttl=9", SONDE_LINE_DEFAULT, 0, "", "ip ttl=9", 0, 0 },
	{ "line: a pause", "wait 10ms", SONDE_LINE_WAIT, 0, "", "", 10 * SONDE_MS, 0 },
	{ "line: a pause without time", "wait", SONDE_LINE_EMPTY, 0, "", "", 0, SONDE_E_SYNTAX },
	{ "line: a pause of what", "wait x", SONDE_LINE_EMPTY, 0, "", "", 0, SONDE_E_SYNTAX },
	{ "line: a mark without packet", ">", SONDE_LINE_PACKET, '>', "", "", 0, SONDE_E_SYNTAX },
	{ "line: a name without packet", "syn:", SONDE_LINE_PACKET, 0, "syn", "", 0, SONDE_E_SYNTAX },
};

static void line_is_taken_apart(void **state)
{
	const struct line_row *row = *state;
	struct sonde_file_line line;
	struct sonde_error e = { 0 };
	assert_int_equal(sonde_notation_line(&line, row->text, strlen(row->text), &e), row->code);
	assert_int_equal(e.code, row->code);
	if (row->code)
		return;
	assert_int_equal(line.kind, row->kind);
	assert_int_equal(line.mark, row->mark);
	assert_true(sonde_view_equal(line.name, sonde_view(row->label, strlen(row->label))));
	assert_true(sonde_view_equal(line.packet, sonde_view(row->packet, strlen(row->packet))));
	assert_int_equal(line.wait_ns, row->wait_ns);
}

/* --- The rest ---------------------------------------------------------------------------------------------------- */

static const struct ref_row {
	const char *name;
	bool is;
} refs[] = {
	{ "@.ttl", true },      { "@a.ttl", true },     { "@a.ip.ttl", true }, { "@my-syn.tcp.seq+10", true },
	{ "@.end-1", true },    { "@.seq+0x10", true }, { "@", false },        { "@a", false },
	{ "@.", false },        { "@.a.", false },      { "@..a", false },     { "@.a+", false },
	{ "@.a+x", false },     { "@.a+1+1", false },   { ".a", false },       { "", false },
	{ "@.a b", false },
};

static void reference(void **state)
{
	const struct ref_row *row = *state;
	assert_int_equal(sonde_is_ref(row->name, strlen(row->name)), row->is);
}

static void the_frame_says_what_bytes_do_not(void **state)
{
	const char *text = "frame time=1700000000.123456789 wire=99 link=113 dir=out iface=a\\x20b comment=\"c d\" / "
	  "ip";
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	assert_int_equal(sonde_notation_parse(&spec, text, strlen(text), NULL, &e), 0);
	assert_true(spec.frame.has_time && spec.frame.has_wire && spec.frame.has_link && spec.frame.has_dir);
	assert_int_equal(spec.frame.time, 1700000000123456789);
	assert_int_equal(spec.frame.link, 113);
	assert_int_equal(spec.frame.dir, 2);
	assert_int_equal(spec.frame.iface_len, 3);
	assert_memory_equal(spec.bytes + spec.frame.iface, "a b", 3);
	assert_int_equal(spec.frame.comment_len, 3);
	assert_memory_equal(spec.bytes + spec.frame.comment, "c d", 3);
	sonde_packet_init(&p, buffer, sizeof buffer);
	assert_int_equal(sonde_spec_packet(&p, &spec, 0, 1, false, &e), 0);
	assert_int_equal(p.missing, 99 - 20);
	sonde_spec_free(&spec);
}

static void layers_have_an_end(void **state)
{
	char text[2000] = "ip";
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	(void)state;
	for (int i = 1; i < SONDE_MAX_LAYERS; i++)
		strcat(text, " / ip");
	assert_int_equal(sonde_notation_parse(&spec, text, strlen(text), NULL, &e), 0);
	assert_int_equal(spec.n_layers, SONDE_MAX_LAYERS);
	strcat(text, " / ip");
	assert_int_equal(sonde_notation_parse(&spec, text, strlen(text), NULL, &e), SONDE_E_LAYERS);
	assert_int_equal(e.column, strlen(text) - 2);
	sonde_spec_free(&spec);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, means_the_same, sames);
	UNIT_TEST(&u, words_are_never_split);
	UNIT_TEST(&u, columns_of_words_count_blanks);
	UNIT_ROWS(&u, callers_are_asked, env_rows);
	UNIT_ROWS(&u, line_is_taken_apart, line_rows);
	UNIT_ROWS(&u, reference, refs);
	UNIT_TEST(&u, the_frame_says_what_bytes_do_not);
	UNIT_TEST(&u, layers_have_an_end);
	return unit_run(&u, "notation");
}
