/* Fields by their names. */
#include "packet/field.h"

#include "proto/tcp.h"

#include "tests/unit/wire.h"

#define ANY  "ip src=10.0.0.1 dst=10.0.0.2 id=1 "
#define TUNNEL                                                                                                         \
	ANY "ttl=9 / gre key=5 / ip src=10.1.0.1 dst=10.1.0.2 id=2 ttl=8 / tcp sport=1 dport=80 seq=3 flags=SA "       \
	    "options=mss:1460"

static const struct name_row {
	const char *name;
	const char *proto, *row; /* NULL: none */
	unsigned nth;
} names[] = {
	{ "tcp.dport", "tcp", "dport", 0 },        { "tcp.dstport", "tcp", "dport", 0 },
	{ "ipv4.ttl", "ip", "ttl", 0 },            { "ip.src#1", "ip", "src", 0 },
	{ "ip.src#2", "ip", "src", 1 },            { "icmp.objects", "objects", "objects", 0 },
	{ "ip.dscp", "ip", "dscp", 0 },            { "tcp", NULL, NULL, 0 },
	{ "tcp.", NULL, NULL, 0 },                 { ".dport", NULL, NULL, 0 },
	{ "tcp.dprot", NULL, NULL, 0 },            { "tpc.dport", NULL, NULL, 0 },
	{ "ip.src#", NULL, NULL, 0 },              { "ip.src#0", NULL, NULL, 0 },
	{ "ip.src#x", NULL, NULL, 0 },             { "ip#2.src", NULL, NULL, 0 },
	{ "", NULL, NULL, 0 },
};

static void is_looked_up(void **state)
{
	const struct name_row *row = *state;
	struct sonde_field_ref f = sonde_field(row->name);
	if (!row->proto) {
		assert_null(f.proto);
		assert_null(f.row);
		return;
	}
	assert_string_equal(f.proto->name, row->proto);
	assert_string_equal(f.row->name, row->row);
	assert_int_equal(f.nth, row->nth);
}

static const struct read_row {
	const char *name, *text, *field;
	int err;           /* of reading a number */
	uint64_t number;
	const char *value; /* as text; NULL: none */
	const char *bytes; /* in hex; NULL: none */
} reads[] = {
	{ "read: a number", TUNNEL, "tcp.dport", 0, 80, "80", "0050" },
	{ "read: flags", TUNNEL, "tcp.flags", 0, 0x12, "SA", NULL },
	{ "read: the outermost", TUNNEL, "ip.ttl", 0, 9, "9", "09" },
	{ "read: the second", TUNNEL, "ip.ttl#2", 0, 8, "8", "08" },
	{ "read: the third of two", TUNNEL, "ip.ttl#3", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: an address", TUNNEL, "ip.dst#2", SONDE_E_KIND, 0, "10.1.0.2", "0a010002" },
	{ "read: a list", TUNNEL, "tcp.options", SONDE_E_KIND, 0, "mss:1460", "020405b4" },
	{ "read: bits of other fields", ANY "tos=0x28 / tcp", "ip.dscp", 0, 10, "10", NULL },
	{ "read: where it stands by flags", TUNNEL, "gre.key", 0, 5, "5", "00000005" },
	{ "read: what flags leave out", TUNNEL, "gre.seq", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: one of two of that name", ANY "/ icmp type=echo id=7 seq=9", "icmp.seq", 0, 9, "9", "0009" },
	{ "read: the other", ANY "/ icmp type=xecho id=7 seq=9", "icmp.seq", 0, 9, "9", "09" },
	{ "read: none of them", ANY "/ icmp type=unreach", "icmp.seq", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: no such layer", TUNNEL, "udp.dport", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: no such field", TUNNEL, "tcp.dprot", SONDE_E_UNKNOWN, 0, NULL, NULL },
	{ "read: cut off", ANY "proto=tcp / hex:00010002", "tcp.seq", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: bits that are cut off", "ip have=1", "ip.dscp", SONDE_E_ABSENT, 0, NULL, NULL },
	{ "read: names by another field", ANY "/ icmp type=unreach code=port", "icmp.code", 0, 3, "port", "03" },
};

static void is_read(void **state)
{
	const struct read_row *row = *state;
	uint8_t room[WIRE_MAX], want[WIRE_MAX];
	char text[100];
	struct sonde_packet p, q;
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_view bytes;
	uint64_t v = 0;
	struct sonde_field_ref f = sonde_field(row->field);
	wire_build(&p, room, row->text);
	sonde_dissect(&q, p.data, p.len, p.len, p.layers[0].proto->ids[0]);
	assert_int_equal(sonde_field_get(&v, &q, f), row->err);
	assert_int_equal(v, row->number);
	int missing = row->err == SONDE_E_KIND ? 0 : row->err;
	assert_int_equal(sonde_field_print(&t, &q, f), missing);
	assert_string_equal(text, row->value ? row->value : "");
	assert_int_equal(sonde_field_bytes(&bytes, &q, f), row->bytes ? 0 : missing ? missing : SONDE_E_KIND);
	if (row->bytes)
		wire_equal(bytes.data, bytes.len, want, wire_hex(want, row->bytes));
}

static const struct write_row {
	const char *name, *text, *field, *value;
	int err;
	const char *same; /* the packet that it makes */
} writes[] = {
	{ "write: a number", ANY "/ tcp", "tcp.dport", "80", 0, ANY "/ tcp dport=80" },
	{ "write: a name", ANY "/ tcp", "tcp.dport", "https", 0, ANY "/ tcp dport=443" },
	{ "write: flags", ANY "/ tcp", "tcp.flags", "SA", 0, ANY "/ tcp flags=SA" },
	{ "write: an address", ANY "/ tcp", "ip.dst", "10.9.9.9", 0, "ip src=10.0.0.1 dst=10.9.9.9 id=1 / tcp" },
	{ "write: a type, and then its code", ANY "/ icmp type=unreach", "icmp.code", "port", 0,
	  ANY "/ icmp type=unreach code=port" },
	{ "write: what sets its flag", ANY "/ gre", "gre.key", "5", 0, ANY "/ gre key=5" },
	{ "write: a list", ANY "/ tcp", "tcp.options", "mss:9,nop", 0, ANY "/ tcp options=mss:9,nop" },
	{ "write: a list that grows", ANY "/ tcp options=nop", "tcp.options", "ts:1:2,sack:1-2+3-4", 0,
	  ANY "/ tcp options=ts:1:2,sack:1-2+3-4" },
	{ "write: and shrinks", ANY "/ tcp options=ts:1:2,sack:1-2+3-4", "tcp.options", "nop", 0,
	  ANY "/ tcp options=nop" },
	{ "write: open again", ANY "ttl=3 / tcp", "ip.ttl", "auto", 0, ANY "/ tcp" },
	{ "write: the second layer", ANY "/ " ANY "/ tcp", "ip.ttl#2", "7", 0, ANY "/ " ANY "ttl=7 / tcp" },
	{ "write: bits of another field", ANY "/ tcp", "ip.dscp", "10", 0, ANY "tos=0x28 / tcp" },
	{ "write: no number", ANY "/ tcp", "tcp.dport", "x", SONDE_E_SYNTAX, NULL },
	{ "write: too large", ANY "/ tcp", "tcp.dport", "65536", SONDE_E_RANGE, NULL },
	{ "write: the other family", ANY "/ tcp", "ip.dst", "::1", SONDE_E_KIND, NULL },
	{ "write: no such option", ANY "/ tcp", "tcp.options", "msss:9", SONDE_E_UNKNOWN, NULL },
	{ "write: no such layer", ANY "/ tcp", "udp.dport", "7", SONDE_E_ABSENT, NULL },
	{ "write: no such field", ANY "/ tcp", "tcp.x", "7", SONDE_E_UNKNOWN, NULL },
	{ "write: in another kind of message", ANY "/ icmp type=unreach", "icmp.seq", "7", SONDE_E_ABSENT, NULL },
};

static void build(struct sonde_packet *p, uint8_t room[static WIRE_MAX], const char *text)
{
	wire_build(p, room, text);
	p->cap = WIRE_MAX;
}

static void is_written(void **state)
{
	const struct write_row *row = *state;
	uint8_t room[WIRE_MAX], again[WIRE_MAX];
	struct sonde_packet p, q;
	build(&p, room, row->text);
	assert_int_equal(sonde_field_parse(&p, sonde_field(row->field), row->value), row->err);
	sonde_finish(&p);
	build(&q, again, row->same ? row->same : row->text);
	wire_equal(p.data, p.len, q.data, q.len);
}

static void numbers_and_bytes(void **state)
{
	uint8_t room[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_view addr = sonde_view("\x0a\x09\x08\x07", 4);
	(void)state;
	build(&p, room, ANY "/ tcp sport=1");
	assert_int_equal(sonde_field_set(&p, sonde_field("tcp.sport"), 65536), SONDE_E_RANGE);
	assert_int_equal(sonde_field_set(&p, sonde_field("tcp.sport"), 7), 0);
	assert_int_equal(sonde_field_set(&p, sonde_field("ip.src"), 7), SONDE_E_KIND);
	assert_int_equal(sonde_field_set(&p, sonde_field("tcp.options"), 7), SONDE_E_KIND);
	assert_int_equal(sonde_field_set_bytes(&p, sonde_field("ip.src"), addr), 0);
	assert_int_equal(sonde_field_set_bytes(&p, sonde_field("ip.src"), sonde_view("", 1)), SONDE_E_RANGE);
	assert_int_equal(sonde_get(sonde_layer_header(&p, 1), SONDE_TCP_SPORT), 7);
	assert_memory_equal(sonde_layer_header(&p, 0) + 12, addr.data, 4);
}

/* What is remembered of checksums is forgotten. */
static void checksums_are_judged_again(void **state)
{
	uint8_t room[WIRE_MAX];
	struct sonde_packet p, q;
	(void)state;
	wire_build(&p, room, ANY "/ tcp sport=1");
	sonde_dissect(&q, p.data, p.len, p.len, p.layers[0].proto->ids[0]);
	assert_int_equal(sonde_verify(&q, 1), SONDE_SUM_OK);
	assert_int_equal(sonde_field_parse(&q, sonde_field("ip.dst"), "10.0.0.3"), 0);
	assert_int_equal(sonde_verify(&q, 1), SONDE_SUM_WRONG);
	sonde_finish(&q);
	assert_int_equal(sonde_verify(&q, 1), SONDE_SUM_OK);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_looked_up, names);
	UNIT_ROWS(&u, is_read, reads);
	UNIT_ROWS(&u, is_written, writes);
	UNIT_TEST(&u, numbers_and_bytes);
	UNIT_TEST(&u, checksums_are_judged_again);
	return unit_run(&u, "fields by name");
}
