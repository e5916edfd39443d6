/* Values that other packets give. */
#include "packet/reference.h"

#include "base/text.h"
#include "packet/notation.h"
#include "packet/print.h"

#include "tests/unit/wire.h"

#define SYN_ACK "ip id=7 ttl=61 src=10.0.0.2 dst=10.0.0.1 / " \
		"tcp sport=80 dport=4000 seq=1000 ack=5 flags=SA options=ts:9:8"
#define DATA    "ip id=8 src=10.0.0.2 dst=10.0.0.1 / " \
		"tcp sport=80 dport=4000 seq=4294967290 ack=5 flags=FPA / text:hello"
#define DNS     "ip id=9 src=10.0.0.1 dst=10.0.0.2 / udp sport=4000 dport=53 / dns id=77 qname=www.example.com"
#define INIT_ACK "ip id=9 src=10.0.0.2 dst=10.0.0.1 / sctp sport=9 dport=4000 vtag=7 " \
		 "chunks=init-ack:0:305419896:1:1:1:200:[heartbeat-info:aa,state-cookie:00112233]"
#define UNREACH "ip id=1 src=10.0.0.9 dst=10.0.0.1 / icmp type=unreach code=port / " \
		"ip id=2 src=10.0.0.1 dst=10.0.0.2 / udp sport=4000 dport=53"

static const struct reference_row {
	const char *name, *last, *named, *text, *want;
} rows[] = {
	{ "reference: a number", SYN_ACK, NULL, "tcp sport=1 dport=2 seq=@.ack ack=0",
	  "tcp sport=1 dport=2 seq=5 ack=0" },
	{ "reference: what is added", SYN_ACK, NULL, "tcp sport=1 dport=2 seq=@.ack+3 ack=@.seq-1000",
	  "tcp sport=1 dport=2 seq=8 ack=0" },
	{ "reference: modulo the field", SYN_ACK, NULL, "ip id=@.id-8 src=10.0.0.1 dst=10.0.0.2",
	  "ip id=65535 src=10.0.0.1 dst=10.0.0.2" },
	{ "reference: behind a SYN", SYN_ACK, NULL, "tcp sport=1 dport=2 seq=1 ack=@.end flags=A",
	  "tcp sport=1 dport=2 seq=1 ack=1001 flags=A" },
	{ "reference: behind data and FIN, over the end of numbers", DATA, NULL,
	  "tcp sport=1 dport=2 seq=1 ack=@.end flags=A",
	  "tcp sport=1 dport=2 seq=1 ack=0 flags=A" },
	{ "reference: an address", SYN_ACK, NULL, "ip id=1 src=@.dst dst=@.src", "ip id=1 src=10.0.0.1 dst=10.0.0.2" },
	{ "reference: by a path", UNREACH, NULL, "udp sport=@.icmp.udp.dport dport=@.icmp.ip.id",
	  "udp sport=53 dport=2" },
	{ "reference: by a name", SYN_ACK, DNS, "udp sport=@first.dport dport=@first.sport",
	  "udp sport=53 dport=4000" },
	{ "reference: a payload", DATA, NULL, "udp sport=1 dport=2 / @.payload", "udp sport=1 dport=2 / text:hello" },
	{ "reference: a timestamp in a list", SYN_ACK, NULL, "tcp sport=1 dport=2 seq=1 ack=0 options=ts:3:@.tsval",
	  "tcp sport=1 dport=2 seq=1 ack=0 options=ts:3:9" },
	{ "reference: an echoed one, and something added", SYN_ACK, NULL,
	  "tcp sport=1 dport=2 seq=1 ack=0 options=ts:@.tsecr+1:0", "tcp sport=1 dport=2 seq=1 ack=0 options=ts:9:0" },
	{ "reference: an argument in a list", INIT_ACK, NULL, "sctp sport=1 dport=2 vtag=@.chunks.init-ack.tag",
	  "sctp sport=1 dport=2 vtag=0x12345678" },
	{ "reference: in a list of a list, the only argument", INIT_ACK, NULL,
	  "sctp sport=1 dport=2 "
	  "chunks=cookie-echo:0:@.chunks.init-ack.params.state-cookie,sack:0:@.chunks.init-ack.tsn-1:1",
	  "sctp sport=1 dport=2 chunks=cookie-echo:0:00112233,sack:0:199:1" },
	{ "reference: a name of DNS", DNS, NULL, "dns id=@.id qr=1 qname=@.qname answers=@.qname:A:192.0.2.1:ttl=60",
	  "dns id=77 qr=1 qname=www.example.com answers=www.example.com:A:192.0.2.1:ttl=60" },
};

/* A packet built of text, and dissected. */
static void build(struct sonde_packet *out, uint8_t *buffer, const char *text)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	sonde_packet_init(&p, buffer, WIRE_MAX);
	if (sonde_notation_parse(&spec, text, strlen(text), NULL, &e) || sonde_spec_packet(&p, &spec, 0, 1, false, &e))
		fail_msg("%s: %s", text, e.what);
	sonde_finish(&p);
	sonde_dissect(out, buffer, p.len, p.len, p.layers[0].proto->ids[0]);
	sonde_spec_free(&spec);
}

struct referents {
	struct sonde_packet last, named;
	bool has_last, has_named;
};

static const struct sonde_packet *find(void *arg, struct sonde_view name)
{
	const struct referents *r = arg;
	if (name.len == 0)
		return r->has_last ? &r->last : NULL;
	return r->has_named && name.len == 5 && memcmp(name.data, "first", 5) == 0 ? &r->named : NULL;
}

static uint8_t last_bytes[WIRE_MAX], named_bytes[WIRE_MAX];

static int resolve(struct sonde_spec *out, const char *text, struct referents *r, struct sonde_error *e)
{
	const struct sonde_referents from = { r, find };
	struct sonde_spec spec = { 0 };
	int err = sonde_notation_parse(&spec, text, strlen(text), NULL, e);
	if (!err)
		err = sonde_spec_resolve(out, &spec, &from, e);
	sonde_spec_free(&spec);
	return err;
}

static void gives_its_value(void **state)
{
	const struct reference_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	char printed[1024];
	struct sonde_text t = sonde_text(printed, sizeof printed);
	struct sonde_spec resolved = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	struct referents r = { .has_last = true, .has_named = row->named != NULL };
	build(&r.last, last_bytes, row->last);
	if (row->named)
		build(&r.named, named_bytes, row->named);
	sonde_packet_init(&p, buffer, sizeof buffer);
	if (resolve(&resolved, row->text, &r, &e) || sonde_spec_packet(&p, &resolved, 0, 1, false, &e))
		fail_msg("%s", e.what);
	sonde_finish(&p);
	sonde_print(&t, &p);
	assert_string_equal(printed, row->want);
	sonde_spec_free(&resolved);
}

static const struct bad_row {
	const char *name, *last, *text;
	int code;
} bad[] = {
	{ "reference: to nothing received", NULL, "tcp ack=@.seq", SONDE_E_UNKNOWN },
	{ "reference: to a name that nobody has", SYN_ACK, "tcp ack=@other.seq", SONDE_E_UNKNOWN },
	{ "reference: to a layer that is not there", SYN_ACK, "udp sport=@.sport", SONDE_E_ABSENT },
	{ "reference: to a field that is not there", DATA, "tcp options=ts:@.tsval:0", SONDE_E_ABSENT },
	{ "reference: to a field that no layer has", SYN_ACK, "tcp ack=@.dprot", SONDE_E_UNKNOWN },
	{ "reference: to a protocol that is none", SYN_ACK, "tcp ack=@.tpc.seq", SONDE_E_UNKNOWN },
	{ "reference: bytes for a number", SYN_ACK, "tcp ack=@.ip.src", SONDE_E_KIND },
	{ "reference: a number for bytes", SYN_ACK, "ip src=@.id", SONDE_E_KIND },
	{ "reference: a number as data", SYN_ACK, "udp / @.tcp.seq", SONDE_E_KIND },
	{ "reference: bytes of another length", SYN_ACK, "ip6 src=@.ip.src", SONDE_E_RANGE },
	{ "reference: something added to an address", SYN_ACK, "ip src=@.src+1", SONDE_E_KIND },
	{ "reference: data of no layer", SYN_ACK, "udp / @.seq", SONDE_E_SYNTAX },
	{ "reference: to an item that is not there", SYN_ACK, "tcp window=@.options.mss", SONDE_E_ABSENT },
	{ "reference: to an item that is none", SYN_ACK, "tcp window=@.options.msss.size", SONDE_E_UNKNOWN },
	{ "reference: to an argument that is none", SYN_ACK, "tcp seq=@.options.ts.value", SONDE_E_UNKNOWN },
	{ "reference: to one of two arguments", SYN_ACK, "tcp seq=@.options.ts", SONDE_E_UNKNOWN },
	{ "reference: into a number", SYN_ACK, "tcp seq=@.options.ts.val.low", SONDE_E_UNKNOWN },
	{ "reference: into a field that is no list", SYN_ACK, "tcp seq=@.seq.low", SONDE_E_UNKNOWN },
};

static void is_refused(void **state)
{
	const struct bad_row *row = *state;
	struct sonde_spec resolved = { 0 };
	struct sonde_error e = { 0 };
	struct referents r = { .has_last = row->last != NULL };
	if (row->last)
		build(&r.last, last_bytes, row->last);
	assert_int_equal(resolve(&resolved, row->text, &r, &e), row->code);
	assert_true(e.what[0] != 0);
	sonde_spec_free(&resolved);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, gives_its_value, rows);
	UNIT_ROWS(&u, is_refused, bad);
	return unit_run(&u, "reference");
}
