/* The questions that UDP ports are asked: each is what its text says in the eyes of a server, and of what comes back,
 * an answer to another question of the same protocol is none. That tshark reads them as the same protocols is for
 * tests/lab/test_probe_udp.sh. */
#include "probe/payloads.h"

#include <stdio.h>
#include <stdlib.h>

#include "packet/match.h"
#include "probe/scan_state.h"
#include "proto/ip.h"
#include "proto/udp.h"
#include "tests/unit/engine.h"
#include "tests/unit/wire.h"

#define START (1000 * SONDE_S)

/* Rows that are bytes have no protocol of ours behind UDP. */
static size_t name_len(const char *text)
{
	size_t n = strcspn(text, " ");
	return memchr(text, ':', n) ? 0 : n;
}

static void are_valid(void **state)
{
	const struct sonde_payload_row *row;
	unsigned n = 0, last = 0;
	(void)state;
	for (; (row = sonde_payload_row(n)); n++) {
		uint8_t room[SONDE_PAYLOAD_ROOM];
		struct sonde_payload payload;
		struct sonde_packet p;
		struct sonde_fault faults[SONDE_MAX_FAULTS];
		size_t len = name_len(row->text);
		assert_true(row->port >= last);
		last = row->port;
		assert_int_equal(sonde_payload_build(&payload, row, room, sizeof room), 0);
		assert_in_range(payload.bytes.len, 1, 1232); /* no link fragments it */
		sonde_dissect(&p, payload.bytes.data, (uint32_t)payload.bytes.len, (uint32_t)payload.bytes.len,
			      (struct sonde_id){ SONDE_SPACE_UDP, row->port });
		if (!len)
			continue;
		assert_true(p.n_layers > 0);
		assert_int_equal(strlen(p.layers[0].proto->name), len);
		assert_memory_equal(p.layers[0].proto->name, row->text, len);
		assert_false(p.layers[0].cut);
		assert_int_equal(sonde_faults(faults, &p, 0), 0);
	}
	assert_in_range(n, 35, 100);
}

static void no_room(void **state)
{
	uint8_t room[SONDE_PAYLOAD_ROOM];
	struct sonde_payload payload;
	(void)state;
	assert_int_equal(sonde_payload_build(&payload, sonde_payload_row(0), room, sizeof room - 1), SONDE_E_SPACE);
}

/* Bytes written by hand from the documents that the rows name. */
static void bytes(void **state)
{
	static const struct {
		unsigned port, number; /* of the port's rows */
		const char *hex;
	} rows[] = {
		{ 53, 0, "534f01000001000000000000 0776657273696f6e0462696e6400 0010 0003" },
		{ 111, 0, "534f4e44 00000000 00000002 000186a0 00000002 00000000 00000000 00000000 "
			  "00000000 00000000" },
		{ 161, 0, "303e020103 30110204534f4e44020300ffe3040104020103 0410300e0400020100020100040004000400 "
		       "301404000400a00e0204534f4e440201000201003000" },
		{ 161, 1, "3029020101 04067075626c6963 a01c 0204534f4e44 020100 020100 "
			  "300e300c06082b060102010101000500" },
		{ 161, 2, "3029020100 04067075626c6963 a01c 0204534f4e44 020100 020100 "
			  "300e300c06082b060102010101000500" },
		{ 500, 0, "534f4e4445000001 0000000000000000 00 30 22 08 00000000 0000001c" },
		{ 520, 0, "01 02 0000 0000 0000 00000000 00000000 00000000 00000010" },
		{ 521, 0, "01 01 0000 00000000000000000000000000000000 0000 00 10" },
		{ 623, 1, "0600ff07 00 00000000 00000000 09 2018c8 81 00 38 8e 04 b5" },
		{ 2049, 0, "534f4e44 00000000 00000002 000186a3 00000003 00000000 00000000 00000000 "
			   "00000000 00000000" },
		{ 2152, 0, "32 01 0004 00000000 0000 00 00" },
		{ 3478, 0, "0001 0000 2112a442 534f4e444500000000000001" },
		{ 4500, 0, "00000000 534f4e4445000001 0000000000000000 00 30 22 08 00000000 0000001c" },
		{ 5683, 0, "40 01 534f bb 2e77656c6c2d6b6e6f776e 04 636f7265" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[SONDE_PAYLOAD_ROOM], want[WIRE_MAX];
		struct sonde_payload payload;
		unsigned n = 0;
		while (sonde_payload_row(n)->port != rows[i].port)
			n++;
		n += rows[i].number;
		assert_int_equal(sonde_payload_build(&payload, sonde_payload_row(n), room, sizeof room), 0);
		wire_equal(payload.bytes.data, payload.bytes.len, want, wire_hex(want, rows[i].hex));
	}
}

/* --- Answers ----------------------------------------------------------------------------------------------------- */

struct answer_row {
	const char *name;
	unsigned port;
	const char *text; /* behind UDP; NUMBER is the token in hexadecimal digits */
	bool is_one;
};

static const struct answer_row answer_rows[] = {
	{ "dns: ours", 53, "dns id=0xNUMBER qr=1 rcode=refused qname=version.bind qclass=CH qtype=TXT", true },
	{ "dns: another id", 53, "dns id=0x534f qr=1 rcode=refused qname=version.bind qclass=CH qtype=TXT", false },
	{ "dns: an echo", 53, "dns id=0xNUMBER qname=version.bind qclass=CH qtype=TXT", true },
	{ "dns: no dns", 53, "text:hello", true },
	{ "ntp: ours", 123, "ntp mode=server stratum=2 origin=0x534f4e4445NUMBER", true },
	{ "ntp: another origin", 123, "ntp mode=server stratum=2 origin=0x534f4e4445000001", false },
	{ "ntp: an echo", 123, "ntp mode=client transmit=0x534f4e4445NUMBER", true },
	{ "stun: ours", 3478, "stun type=binding-response id=534f4e444500000000NUMBER", true },
	{ "stun: another id", 3478, "stun type=binding-response id=004f4e444500000000NUMBER", false },
	{ "snmp: ours", 161, "snmp version=v3 / snmpv3 id=0x020453NUMBER flags=none", true },
	{ "snmp: another id", 161, "snmp version=v3 / snmpv3 id=1397706308 flags=none", false },
	{ "radius: ours", 1812, "radius code=access-reject id=0xNUMBER", true },
	{ "radius: another id", 1812, "radius code=access-reject id=83", false },
	{ "sip: ours", 5060, "sipresponse code=404 reason=\"Not Found\" "
		"headers=CSEQ:\"1 OPTIONS\",i:534f4e44@sonde.invalid,Content-Length:0", true },
	{ "sip: another call", 5060, "sipresponse code=200 reason=OK "
		"headers=Call-ID:534f4e45@sonde.invalid,CSeq:\"1 OPTIONS\"", false },
	{ "sip: another of the call", 5060, "sipresponse code=200 reason=OK "
		"headers=Call-ID:534f4e44@sonde.invalid,CSeq:\"2 OPTIONS\"", false },
	{ "sip: a request", 5060, "sip method=OPTIONS target=sip:a headers=Call-ID:1,CSeq:\"1 OPTIONS\"", false },
	{ "isakmp: ours", 500, "isakmp ispi=0x534f4e4445NUMBER exchange=informational flags=R", true },
	{ "isakmp: another initiator", 500, "isakmp ispi=0x534f4e4445000001 exchange=informational flags=R", false },
	{ "isakmp: an echo", 500, "isakmp ispi=0x534f4e4445NUMBER major=3 exchange=ike-sa-init flags=I", true },
	{ "isakmp: ours, behind the marker", 4500,
	  "nonesp / isakmp ispi=0x534f4e4445NUMBER exchange=informational flags=R", true },
	{ "isakmp: another initiator, behind the marker", 4500,
	  "nonesp / isakmp ispi=0x534f4e4445000001 exchange=informational flags=R", false },
	{ "isakmp: esp in its place", 4500, "esp spi=0x1 / zero:8", true },
	{ "rpc: ours", 111, "rpc xid=0x53NUMBER type=reply state=accepted accept=success", true },
	{ "rpc: refused", 2049, "rpc xid=0x53NUMBER type=reply state=denied reject=auth_error why=tooweak", true },
	{ "rpc: another transaction", 111, "rpc xid=0x534f4e44 type=reply state=accepted accept=success", false },
	{ "rpc: a call", 111, "rpc xid=0x534f4e44 program=nfs version=3 procedure=0", false },
	/* A response that is sent later has another number (RFC 7252, 5.2.2). */
	{ "coap: another number", 5683, "coap type=non code=content id=7", true },
	{ "rip has no number", 520, "rip command=response entries=ip:10.0.0.0:0.0.0.0:1", true },
	{ "tftp has no number", 69, "tftp opcode=error code=not-found message=no", true },
	{ "no question of its own", 9, "text:hello", true },
	{ "nothing", 53, "text:\"\"", true },
};

/* A scan of one port of one host, whose first packet left. */
struct world {
	struct sonde_scan scan;
	struct engine_out out;
	struct sonde_span span;
	struct sonde_scan_port port;
	struct sonde_payload payloads[4];
	uint8_t rooms[4][SONDE_PAYLOAD_ROOM];
	void *memory;
};

static void add_payloads(struct world *w)
{
	const struct sonde_payload_row *row;
	for (unsigned i = 0; (row = sonde_payload_row(i)); i++) {
		unsigned n = w->port.n_payloads;
		if (row->port != w->port.port)
			continue;
		assert_int_equal(sonde_payload_build(&w->payloads[n], row, w->rooms[n], SONDE_PAYLOAD_ROOM), 0);
		w->port.n_payloads++;
	}
}

static struct world *ask(unsigned port, unsigned n_hosts)
{
	struct world *w = calloc(1, sizeof *w);
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	assert_non_null(w);
	w->span = (struct sonde_span){ .first = sonde_addr4((const uint8_t[]){ 10, 0, 0, 2 }), .n = n_hosts };
	w->port = (struct sonde_scan_port){ .kind = SONDE_SCAN_UDP, .port = (uint16_t)port };
	struct sonde_scan_options o = { .ports = &w->port, .n_ports = 1, .payloads = w->payloads, .gap_ns = -1 };
	o.wait_ns = SONDE_S;
	assert_true(sonde_hosts_init(&o.hosts, &w->span, 1));
	add_payloads(w);
	w->memory = calloc(1, sonde_scan_memory(&o));
	assert_non_null(w->memory);
	sonde_scan_init(&w->scan, &o, w->memory, START);
	assert_true(engine_next(&w->out, &w->scan.engine, &src, START));
	sonde_finish(&w->out.packet);
	engine_sent(&w->out, &w->scan.engine, START, START, SONDE_STAMP_USER);
	return w;
}

/* The text of an answer to the packet that left, whose token goes where the text says. */
static void answer_text(char *out, size_t size, const struct answer_row *row, const struct world *w, const uint8_t *udp)
{
	const struct sonde_payload *payload = &w->payloads[0];
	const char *mark = strstr(row->text, "NUMBER");
	char digits[2 * SONDE_PAYLOAD_NUMBER + 1] = "";
	for (unsigned i = 0; i < payload->number_len; i++)
		sprintf(digits + 2 * i, "%02x", udp[8 + payload->number_at + i]);
	snprintf(out, size, "ip src=10.0.0.2 dst=10.0.0.1 / udp sport=%u dport=%u / %.*s%s%s", row->port,
		 (unsigned)sonde_get(udp, SONDE_UDP_SPORT), mark ? (int)(mark - row->text) : (int)strlen(row->text),
		 row->text, mark ? digits : "", mark ? mark + strlen("NUMBER") : "");
}

/* What left is the payload with a token in it. */
static void assert_payload(const struct world *w, const uint8_t *udp, size_t len)
{
	const struct sonde_payload *payload = &w->payloads[0];
	uint8_t want[SONDE_PAYLOAD_ROOM];
	if (payload->bytes.len)
		memcpy(want, payload->bytes.data, payload->bytes.len);
	memcpy(want + payload->number_at, udp + 8 + payload->number_at, payload->number_len);
	wire_equal(udp + 8, len, want, payload->bytes.len);
}

static void answers(void **state)
{
	const struct answer_row *row = *state;
	struct world *w = ask(row->port, 1);
	const struct sonde_packet *sent = &w->out.packet;
	const uint8_t *udp = sonde_layer_header(sent, sonde_find(sent, &sonde_udp));
	struct sonde_scan_verdict v;
	struct sonde_packet built, p;
	uint8_t room[WIRE_MAX];
	char text[256];
	assert_payload(w, udp, sent->len - (size_t)(udp - sent->data) - 8);
	answer_text(text, sizeof text, row, w, udp);
	wire_build(&built, room, text);
	wire_read(&p, built.data, built.len, built.layers[0].proto);
	engine_see(&w->scan.engine, &p, START + SONDE_MS, false);
	assert_true(sonde_scan_verdict(&v, &w->scan, 0, 0));
	assert_string_equal(v.rule->name, row->is_one ? "udp-reply" : "no-answer");
	assert_int_equal(w->scan.counts.rejected, !row->is_one);
	free(w->memory);
	free(w);
}

/* Each packet has a token of its own, and those that are stamped have the bytes of those that are built. */
static void stamped_as_built(void **state)
{
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	const unsigned n = 200;
	struct world *w = ask(53, n);
	struct sonde_scan *s = &w->scan;
	unsigned stamped = 0, same = 0;
	uint64_t before = 0;
	(void)state;
	for (unsigned i = 1; i < n; i++) {
		uint8_t room[2 * SONDE_PAYLOAD_ROOM];
		struct sonde_packet p;
		while (!engine_next(&w->out, &s->engine, &src, s->now))
			s->engine.ops->on_time(&s->engine, s->engine.ops->next_deadline(&s->engine));
		struct sonde_scan_target t = sonde_scan_target_at(s, w->out.id >> 4);
		struct sonde_addr dst = sonde_hosts_at(&s->o.hosts, t.host);
		sonde_packet_init(&p, room, sizeof room);
		assert_int_equal(sonde_scan_build(s, &p, &t, &dst, 0), 0);
		assert_int_equal(sonde_set_bytes(&p, 0, SONDE_IP_SRC, sonde_addr_view(&src)), 0);
		sonde_finish(&p);
		wire_equal(w->out.packet.data + 20, w->out.packet.len - 20, p.data + 20, p.len - 20);
		uint64_t id = sonde_get_be16(p.data + 28);
		same += id == before;
		before = id;
		stamped += w->out.was_stamped;
		engine_sent(&w->out, &s->engine, s->now, s->now, SONDE_STAMP_USER);
	}
	assert_int_equal(stamped, n - 1);
	assert_in_range(same, 0, 2);
	free(w->memory);
	free(w);
}

/* Whatever its number says, a question is the same but for the number that its answers carry. */
static void numbers_are_free(void **state)
{
	static const uint8_t values[] = { 0, 0x7f, 0x80, 0xff };
	unsigned n = 0, with_number = 0;
	(void)state;
	for (const struct sonde_payload_row *row; (row = sonde_payload_row(n)); n++) {
		uint8_t room[SONDE_PAYLOAD_ROOM], copy[28 + SONDE_PAYLOAD_ROOM];
		struct sonde_payload payload;
		struct sonde_packet p;
		struct sonde_fault faults[SONDE_MAX_FAULTS];
		struct sonde_question q;
		assert_int_equal(sonde_payload_build(&payload, row, room, sizeof room), 0);
		with_number += payload.number_len > 0;
		for (unsigned i = 0; payload.number_len && i < sizeof values; i++) {
			uint32_t len = 28 + (uint32_t)payload.bytes.len;
			memcpy(copy, payload.bytes.data - 28, len); /* its IP and UDP headers are in front */
			memset(copy + 28 + payload.number_at, values[i], payload.number_len);
			sonde_dissect(&p, copy, len, len, (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
			assert_int_equal(sonde_question_of(&q, &p), 0);
			assert_ptr_equal(q.message_proto, payload.asks.message_proto);
			assert_int_not_equal(q.tag, payload.asks.tag);
			sonde_dissect(&p, copy + 28, len - 28, len - 28,
				      (struct sonde_id){ SONDE_SPACE_UDP, row->port });
			assert_int_equal(sonde_faults(faults, &p, 0), 0);
		}
	}
	assert_in_range(with_number, 15, n);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, are_valid);
	UNIT_TEST(&u, no_room);
	UNIT_TEST(&u, bytes);
	UNIT_TEST(&u, numbers_are_free);
	UNIT_TEST(&u, stamped_as_built);
	UNIT_ROWS(&u, answers, answer_rows);
	return unit_run(&u, "payloads");
}
