/* What is printed, and what is left out: every field that is there is needed. */
#include "packet/print.h"

#include <stdlib.h>

#include "packet/notation.h"
#include "proto/ip.h"

#include "tests/unit/law.h"
#include "tests/unit/wire.h"

/* A packet in many words, and what is printed of its bytes. */
static const struct print_row {
	const char *name, *text, *print;
} prints[] = {
	{ "print: constants and computed fields are left out",
	  "ip version=4 ihl=5 tos=0 length=40 id=7 flags=0 offset=0 ttl=64 proto=tcp src=10.0.0.1 dst=10.0.0.2 / "
	  "tcp sport=1 dport=2 seq=3 ack=0 offset=5 reserved=0 flags=S win=65535 urg=0",
	  "ip id=7 src=10.0.0.1 dst=10.0.0.2 / tcp sport=1 dport=2 seq=3 flags=S" },
	{ "print: others are not",
	  "ether / ip version=5 ihl=6 tos=1 length=41 id=7 flags=4 offset=0 ttl=63 proto=udp src=10.0.0.1 "
	    "dst=10.0.0.2 / "
	  "tcp sport=1 dport=2 seq=3 flags=0",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 / ip version=5 tos=0x01 length=41 id=7 flags=evil ttl=63 "
	  "checksum=0xd6b9 src=10.0.0.1 dst=10.0.0.2 options=eol,hex:010002 / "
	  "udp sport=0 dport=3 length=0 checksum=0x0000 / hex:5000ffff9bdc0000" },
	{ "print: a length and a sum that lie",
	  "ip id=1 length=20 checksum=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 length=9 checksum=5",
	  "ip id=1 proto=udp checksum=0x0001 src=10.0.0.1 dst=10.0.0.2 / pad hex:0001000200090005" },
	{ "print: what makes a packet what it is is there", "ip / icmp",
	  "ip id=0 src=0.0.0.0 dst=0.0.0.0 / icmp type=echo code=0 id=0 seq=0" },
	{ "print: the sum of offload", "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial" },
	{ "print: no sum", "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0x0000" },
	{ "print: a ttl that the layer inside wants", "ip ttl=1 dst=224.0.0.1 / igmp type=query",
	  "ip id=0 src=0.0.0.0 dst=224.0.0.1 / igmp type=query group=0.0.0.0" },
	{ "print: and another one", "ip ttl=64 dst=224.0.0.1 / igmp type=query",
	  "ip id=0 ttl=64 src=0.0.0.0 dst=224.0.0.1 / igmp type=query group=0.0.0.0" },
	{ "print: filling is left out", "ip / tcp options=wscale:7,hex:00",
	  "ip id=0 src=0.0.0.0 dst=0.0.0.0 / tcp sport=0 dport=0 seq=0 flags=0 options=wscale:7" },
	{ "print: filling of another kind is not", "ip / tcp options=wscale:7,nop",
	  "ip id=0 src=0.0.0.0 dst=0.0.0.0 / tcp sport=0 dport=0 seq=0 flags=0 options=wscale:7,nop" },
	{ "print: protocols by name", "ip proto=sctp / hex:00",
	  "ip id=0 src=0.0.0.0 dst=0.0.0.0 / sctp have=0 / hex:00" },
	{ "print: protocols by number", "ip proto=200 / hex:00", "ip id=0 proto=200 src=0.0.0.0 dst=0.0.0.0 / hex:00" },
	{ "print: types of ether by number", "ether type=0x1234 / hex:00",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 type=0x1234 / hex:00" },
	{ "print: data without a protocol", "ether / hex:00",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 / hex:00" },
	{ "print: padding", "ether / ip / pad zero:9",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 / ip id=0 src=0.0.0.0 dst=0.0.0.0 / pad zero:9" },
	{ "print: a header that is cut", "ip src=10.0.0.1 dst=10.0.0.2 proto=tcp / hex:0001000200",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / tcp sport=1 dport=2 have=4 / hex:00" },
	{ "print: lengths of what is cut", "ip src=10.0.0.1 dst=10.0.0.2 proto=udp / hex:00010002000c",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 length=12 have=6" },
	{ "print: addresses that are cut off", "ether type=arp / hex:0001080006040001",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 / arp op=request have=8" },
	{ "print: addresses of the usual lengths", "ether / arp sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2",
	  "ether dst=00:00:00:00:00:00 src=00:00:00:00:00:00 / arp op=request sha=02:00:00:00:00:01 spa=10.0.0.1 "
	    "tpa=10.0.0.2" },
	{ "print: an index that lies about its segments",
	  "ip6 dst=::1 / routing type=segment last=4 segs=2001:db8::4 / udp dport=7 / text:a",
	  "ip6 src=:: dst=::1 / routing type=segment last=4 segs=2001:db8::4 / udp sport=0 dport=7 / "
	    "text:a" },
	{ "print: a quote that is cut",
	  "ip src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=port / ip src=10.0.0.2 dst=10.0.0.1 / udp sport=1 "
	  "dport=2 checksum=7 / text:ab cut:9",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=port / ip id=0 src=10.0.0.2 dst=10.0.0.1 / udp "
	    "sport=1 dport=2 checksum=0x0007 / text:ab cut:9" },
	{ "print: bytes behind the length of udp",
	  "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 length=10 / text:abcd",
	  "ip id=0 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 length=10 / text:abcd" },
};

static void print_inferred(char *s, size_t cap, const uint8_t *bytes, size_t len, const struct sonde_proto *first)
{
	struct sonde_packet p;
	struct sonde_text t = sonde_text(s, cap);
	wire_read(&p, bytes, len, first);
	sonde_infer(&p);
	sonde_print(&t, &p);
	assert_true(sonde_text_fits(&t));
}

static void print(void **state)
{
	const struct print_row *row = *state;
	uint8_t built[WIRE_MAX], again[WIRE_MAX];
	char s[4 * WIRE_MAX];
	struct sonde_packet p, q;
	wire_build(&p, built, row->text);
	print_inferred(s, sizeof s, p.data, p.len, p.layers[0].proto);
	assert_string_equal(s, row->print);
	wire_build(&q, again, row->print);
	wire_equal(q.data, q.len, p.data, p.len);
}

/* --- Nothing is there in vain ------------------------------------------------------------------------------------ */

static bool builds_same(const char *text, const uint8_t *bytes, size_t len)
{
	static uint8_t room[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, room, sizeof room);
	int err = sonde_notation_parse(&spec, text, strlen(text), NULL, NULL);
	if (!err)
		err = sonde_spec_packet(&p, &spec, 0, 1, false, NULL);
	sonde_spec_free(&spec);
	if (err)
		return false;
	sonde_finish(&p);
	return sonde_view_equal(sonde_view(p.data, p.len), sonde_view(bytes, len));
}

static const struct sonde_field *row_named(const struct sonde_proto *proto, const char *name, size_t len)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	return NULL;
}

/* Whether a token may be there although the bytes do not need it: what is looked up, what makes the packet what it is,
 * the first row of a tail, and have=. */
static bool may_be_idle(const struct sonde_proto *proto, const char *token, size_t name_len)
{
	const struct sonde_field *f = proto ? row_named(proto, token, name_len) : NULL;
	return !f || f->always || f->open == SONDE_LOOKED_UP || f->tail;
}

/* Leave out each field of the print in turn: other bytes come of it. */
static void needs_every_field(const char *s, const uint8_t *bytes, size_t len)
{
	static char without[4 * WIRE_MAX];
	const struct sonde_proto *proto = NULL;
	for (const char *token = s; *token;) {
		size_t n = strcspn(token, " ");
		const char *equals = memchr(token, '=', n);
		bool starts_layer = token == s || (token >= s + 2 && token[-2] == '/');
		if (starts_layer)
			proto = sonde_proto_by_name(token, n);
		if (!starts_layer && equals && !may_be_idle(proto, token, (size_t)(equals - token))) {
			size_t head = (size_t)(token - s) - 1;
			memcpy(without, s, head);
			strcpy(without + head, token + n);
			if (builds_same(without, bytes, len))
				fail_msg("%.*s is not needed in: %s", (int)n, token, s);
		}
		token += n + (token[n] == ' ');
	}
}

static void minimal(void **state)
{
	const struct print_row *row = *state;
	uint8_t built[WIRE_MAX];
	char s[4 * WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, built, row->text);
	print_inferred(s, sizeof s, p.data, p.len, p.layers[0].proto);
	needs_every_field(s, p.data, p.len);
}

/* The same for headers with random bits turned. */
static void minimal_when_spoiled(void **state)
{
	const struct print_row *row = *state;
	uint8_t built[WIRE_MAX];
	static char s[4 * WIRE_MAX];
	struct sonde_packet p;
	uint64_t random = 3;
	wire_build(&p, built, row->text);
	for (int round = 0; round < 300; round++) {
		uint32_t i = (uint32_t)(unit_random(&random) % (p.len < 60 ? p.len : 60));
		uint8_t kept = p.data[i];
		p.data[i] ^= (uint8_t)(1 << unit_random(&random) % 8);
		print_inferred(s, sizeof s, p.data, p.len, p.layers[0].proto);
		needs_every_field(s, p.data, p.len);
		p.data[i] = kept;
	}
}

/* --- Data and frames --------------------------------------------------------------------------------------------- */

static const struct data_row {
	const char *name, *hex, *print;
} datas[] = {
	{ "data: none", "", "hex:" },
	{ "data: text", "68656c6c6f", "text:hello" },
	{ "data: text with blanks and quotes",
	  "612022625c24602123275c0a" "63636363636363636363636363636363636363636363",
	  "text:a\\x20\\x22b\\x5c\\x24\\x60\\x21\\x23\\x27\\x5c\\x0acccccccccccccccccccccc" },
	{ "data: with more of those it is no text", "612022625c24602123275c0a63636363",
	  "hex:612022625c24602123275c0a63636363" },
	{ "data: mostly no text", "0102030461", "hex:0102030461" },
	{ "data: as long in text as in hex", "006161", "text:\\x00aa" },
	{ "data: few zeros", "000000", "hex:000000" },
	{ "data: zeros", "00000000", "zero:4" },
	{ "data: high bytes", "c3a4c3b6", "hex:c3a4c3b6" },
};

static void data(void **state)
{
	const struct data_row *row = *state;
	uint8_t bytes[WIRE_MAX];
	char s[WIRE_MAX];
	size_t len = wire_hex(bytes, row->hex);
	struct sonde_text t = sonde_text(s, sizeof s);
	sonde_print_data(&t, sonde_view(bytes, len));
	assert_string_equal(s, row->print);
	assert_true(builds_same(s, bytes, len));
}

static const struct frame_row {
	const char *name, *text;
	struct sonde_frame_info info;
	const char *print;
} frames[] = {
	{ "frame: nothing to say", "ip dst=10.0.0.1", { .wire_len = 20, .link = 101 }, "ip dst=10.0.0.1" },
	{ "frame: a time", "ip dst=10.0.0.1", { .has_time = true, .time = 1500000001, .wire_len = 20, .link = 101 },
	  "frame time=1.500000001 / ip dst=10.0.0.1" },
	{ "frame: longer than captured", "ip length=20 dst=10.0.0.1", { .wire_len = 99, .link = 101 },
	  "frame wire=99 / ip length=20 dst=10.0.0.1" },
	{ "frame: another link", "ip dst=10.0.0.1", { .wire_len = 20, .link = 228 },
	  "frame link=228 / ip dst=10.0.0.1" },
	{ "frame: no link of its own", "hex:00", { .wire_len = 1, .link = 147 }, "frame link=147 / hex:00" },
	{ "frame: whence", "ether", { .wire_len = 14, .link = 1, .iface = "eth 0", .dir = 1 },
	  "frame iface=eth\\x200 dir=in / ether" },
	{ "frame: with a comment", "ether", { .wire_len = 14, .link = 1, .dir = 2,
	  .comment = { (const uint8_t *)"a \"b\"", 5 } },
	  "frame dir=out comment=a\\x20\\x22b\\x22 / ether" },
};

static void frame(void **state)
{
	const struct frame_row *row = *state;
	uint8_t built[WIRE_MAX];
	char s[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(s, sizeof s);
	wire_build(&p, built, row->text);
	sonde_print_frame(&t, &p, &row->info);
	assert_string_equal(s, row->print);
	assert_true(builds_same(s, p.data, p.len));
}

static void one_value(void **state)
{
	uint8_t built[WIRE_MAX];
	char s[100];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(s, sizeof s);
	(void)state;
	wire_build(&p, built, "ip dst=10.0.0.1 tos=0xb8");
	sonde_print_value(&t, &p, 0, SONDE_ROW(SONDE_IP_DST), false);
	sonde_text_char(&t, ' ');
	sonde_print_value(&t, &p, 0, SONDE_ROW(SONDE_IP_DSCP), false);
	sonde_print_value(&t, &p, 0, SONDE_ROW(SONDE_IP_OPTIONS), false);
	assert_string_equal(s, "10.0.0.1 46");
}

static void a_small_room_is_no_harm(void **state)
{
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, built, "ip dst=10.0.0.1 id=5 src=10.0.0.9 / tcp dport=5 options=mss:1460,77:0102 / text:hello");
	char whole[400];
	struct sonde_text t = sonde_text(whole, sizeof whole);
	sonde_print(&t, &p);
	for (size_t cap = 1; cap < t.len; cap++) {
		char *s = malloc(cap);
		assert_non_null(s);
		struct sonde_text small = sonde_text(s, cap);
		sonde_print(&small, &p);
		assert_false(sonde_text_fits(&small));
		assert_int_equal(strlen(s), cap - 1);
		free(s);
	}
}

static const struct shell_row {
	const char *name, *text, *print;
} shells[] = {
	{ "for a shell: nothing to quote", "ip dst=10.0.0.1 / text:a", "ip dst=10.0.0.1 / text:a" },
	{ "for a shell: data", "ip dst=10.0.0.1 / text:a\\x20b", "ip dst=10.0.0.1 / text:\"a\\x20b\"" },
	{ "for a shell: several words", "frame comment=\\x20 / ip dst=10.0.0.1 / dns qname=a\\x2eb.c / text:\\x00aa hex:",
	  "frame comment=\"\\x20\" / ip dst=10.0.0.1 / dns qname=\"a\\x2eb.c\" / text:\"\\x00aa\" hex:" },
	{ "for a shell: a list, quoted behind its name", "ip options=1:a\\x20b:c=d", "ip options=\"1:a\\x20b:c=d\"" },
	{ "for a shell: empty", "", "" },
};

/* In any room: what does not fit is counted. */
static void for_a_shell(void **state)
{
	const struct shell_row *row = *state;
	char s[200];
	for (size_t cap = 1; cap < sizeof s; cap++) {
		struct sonde_text t = sonde_text(s, cap);
		sonde_text_str(&t, "> ");
		sonde_text_str(&t, row->text);
		sonde_print_for_shell(&t, 2);
		if (cap > strlen(row->print) + 2) {
			assert_string_equal(s + 2, row->print);
			assert_int_equal(t.len, strlen(s));
		} else {
			assert_false(sonde_text_fits(&t));
		}
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, print, prints);
	UNIT_ROWS(&u, minimal, prints);
	UNIT_ROWS(&u, minimal_when_spoiled, prints);
	UNIT_ROWS(&u, data, datas);
	UNIT_ROWS(&u, frame, frames);
	UNIT_ROWS(&u, for_a_shell, shells);
	UNIT_TEST(&u, one_value);
	UNIT_TEST(&u, a_small_room_is_no_harm);
	return unit_run(&u, "print");
}
