/* Lists in headers: options, objects, chunks and records, as items and as text, both ways. */
#include "proto/list.h"

#include <stdlib.h>

#include "base/text.h"
#include "packet/list_text.h"
#include "proto/icmp6.h"
#include "proto/igmp.h"
#include "proto/ip.h"
#include "proto/objects.h"
#include "proto/routing.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/hopopts.h"

#include "tests/unit/wire.h"

static const struct sonde_list *list_of(const struct sonde_proto *proto, const char *field)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (f->shape == SONDE_LIST && strcmp(f->name, field) == 0)
			return f->list;
	fail_msg("%s has no list %s", proto->name, field);
	return NULL;
}

/* --- Text and bytes ---------------------------------------------------------------------------------------------- */

/* Bytes and what they print as; the text gives the bytes again. The bytes are drawn from the RFCs named beside them. */
static const struct text_row {
	const char *name;
	const struct sonde_proto *proto;
	const char *field, *hex, *text;
} texts[] = {
	/* RFC 9293, 3.2; RFC 7323, 2.2 and 3.2; RFC 2018, 2 and 3. */
	{ "list: a usual syn", &sonde_tcp, "options", "020405b40402080a000000010000000001030307",
	  "mss:1460,sackok,ts:1:0,nop,wscale:7" },
	{ "list: sack blocks", &sonde_tcp, "options", "051200000001000000020000000300000004", "sack:1-2+3-4" },
	{ "list: half a sack block", &sonde_tcp, "options", "050600000001", "5:00000001" },
	{ "list: an end, and what is behind it", &sonde_tcp, "options", "0100020405b4", "nop,eol,hex:020405b4" },
	{ "list: an unknown kind", &sonde_tcp, "options", "4d040102", "77:0102" },
	{ "list: an unknown kind without bytes", &sonde_tcp, "options", "4d02", "77:" },
	{ "list: a known kind of another length", &sonde_tcp, "options", "02060000000a", "2:0000000a" },
	{ "list: a length of 0", &sonde_tcp, "options", "020005b4", "mss.0:05b4" },
	{ "list: a length of 1", &sonde_tcp, "options", "4d01aabb", "77.1:aabb" },
	{ "list: a length behind the end", &sonde_tcp, "options", "010206", "nop,mss.6:" },
	{ "list: a kind without a length", &sonde_tcp, "options", "0102", "nop,hex:02" },
	{ "list: md5 and ao", &sonde_tcp, "options", "131200112233445566778899aabbccddeeff1d060102abcd",
	  "md5:00112233445566778899aabbccddeeff,ao:1:2:abcd" },
	/* RFC 791, 3.1. */
	{ "list: routes", &sonde_ip, "options", "070b040000000000000000830b080a0000010a000002",
	  "rr:0.0.0.0+0.0.0.0,lsrr:10.0.0.1+10.0.0.2:8" },
	{ "list: a route without addresses", &sonde_ip, "options", "070304", "rr" },
	{ "list: a route with half an address", &sonde_ip, "options", "0705040a00", "7:040a00" },
	{ "list: timestamps", &sonde_ip, "options", "440c05000000000100000002", "ts:0:00000001+00000002" },
	{ "list: timestamps that overflow", &sonde_ip, "options", "44080d3100000001", "ts:1:00000001:13:3" },
	{ "list: an alert", &sonde_ip, "options", "94040000", "ra" },
	{ "list: an alert of another value", &sonde_ip, "options", "94040007", "ra:7" },
	{ "list: a security option of any bytes", &sonde_ip, "options", "820501f2a3", "sec:01f2a3" },
	/* RFC 8200, 4.2; RFC 2711; RFC 2675. */
	{ "list: options of ip6", &sonde_hopopts, "options", "05020000c20400011170", "ra:0,jumbo:70000" },
	{ "list: padding of ip6 inside", &sonde_hopopts, "options", "000103000000050200000100",
	  "pad1,padn:3,ra:0,padn" },
	{ "list: padding that is no zeros", &sonde_hopopts, "options", "01020102", "1:0102" },
	/* RFC 4861, 4.6. */
	{ "list: a link-layer address", &sonde_icmp6, "options", "0101020000000001", "slla:02:00:00:00:00:01" },
	{ "list: an option of two units", &sonde_icmp6, "options", "4d02" "0102030405060708090a0b0c0d0e",
	  "77:0102030405060708090a0b0c0d0e" },
	{ "list: an option of no units", &sonde_icmp6, "options", "4d000102030405060708090a0b0c0d0e",
	  "77.0:0102030405060708090a0b0c0d0e" },
	/* RFC 4884, 7; RFC 4950; RFC 5837, 4.1. */
	{ "list: labels", &sonde_objects, "objects", "000c010103e800ff" "03e9" "01fe",
	  "mpls:16000/0/0/255+16016/0/1/254" },
	{ "list: an object of another type", &sonde_objects, "objects", "000801020102" "0304", "258:01020304" },
	/* RFC 3376, 4.2; RFC 3810, 5.2. */
	{ "list: records", &sonde_igmp, "records", "04000000ef010101" "01000001ef0202020a000005",
	  "to_ex:239.1.1.1,is_in:239.2.2.2:10.0.0.5" },
	{ "list: records of ip6", &sonde_icmp6, "records", "04000000ff020000000000000000000000010003",
	  "to_ex:[ff02::1:3]" },
	{ "list: addresses", &sonde_routing, "addrs",
	  "20010db8000000000000000000000001" "20010db8000000000000000000000002",
	  "2001:db8::1,2001:db8::2" },
	{ "list: an address and a half", &sonde_routing, "addrs", "20010db8000000000000000000000001" "20010db8",
	  "2001:db8::1,hex:20010db8" },
	/* RFC 9260, 3.2: a chunk is filled up to 4 bytes, and its length does not count that. */
	{ "list: chunks", &sonde_sctp, "chunks", "0b000004" "0003001100000001000200030000000468000000" "0e000004",
	  "cookie-ack,data:BE:1:2:3:4:68,shutdown-complete" },
	{ "list: an unknown chunk, filled up", &sonde_sctp, "chunks", "4d000005" "aa000000", "77:00aa" },
	{ "list: an unknown chunk, not filled up", &sonde_sctp, "chunks", "4d000005" "aa", "77.5:00aa" },
	{ "list: filling that is not zero", &sonde_sctp, "chunks", "4d000005" "aa0000ff", "77.5:00aa0000ff" },
};

static void read_and_print(void **state)
{
	const struct text_row *row = *state;
	const struct sonde_list *list = list_of(row->proto, row->field);
	uint8_t bytes[WIRE_MAX], again[WIRE_MAX];
	char s[WIRE_MAX];
	size_t len = wire_hex(bytes, row->hex);
	struct sonde_text t = sonde_text(s, sizeof s);
	sonde_list_print(&t, list, sonde_view(bytes, len), &(struct sonde_list_style){ .exact = true });
	assert_string_equal(s, row->text);
	struct sonde_buf b = { again, 0, sizeof again };
	struct sonde_error e = { 0 };
	if (sonde_list_parse(&b, list, s, t.len, &e))
		fail_msg("%s: %s", s, e.what);
	wire_equal(again, b.len, bytes, len);
}

/* Texts that leave to the reader what is theirs to fill up. */
static const struct text_row shorts[] = {
	{ "list: an option is filled up to its unit", &sonde_icmp6, "options", "4d01010200000000", "77:0102" },
	{ "list: a chunk is filled up to 4 bytes", &sonde_sctp, "chunks", "4d000005aa000000", "77:00aa" },
	{ "list: but not one whose length is given", &sonde_sctp, "chunks", "4d000005aa", "77.5:00aa" },
	{ "list: a route keeps its pointer", &sonde_ip, "options", "8307080a000001", "lsrr:10.0.0.1:8" },
	{ "list: arguments that are left out are 0", &sonde_tcp, "options", "080a0000000700000000", "ts:7" },
};

static void read_short(void **state)
{
	const struct text_row *row = *state;
	uint8_t bytes[WIRE_MAX], got[WIRE_MAX];
	struct sonde_buf b = { got, 0, sizeof got };
	struct sonde_error e = { 0 };
	size_t len = wire_hex(bytes, row->hex);
	if (sonde_list_parse(&b, list_of(row->proto, row->field), row->text, strlen(row->text), &e))
		fail_msg("%s: %s", row->text, e.what);
	wire_equal(got, b.len, bytes, len);
}

/* --- Filling up -------------------------------------------------------------------------------------------------- */

static const struct fill_row {
	const char *name;
	const struct sonde_proto *proto;
	const char *field, *content, *fill;
} fills[] = {
	{ "fill: nothing to a tcp header of 20", &sonde_tcp, "options", "", "" },
	{ "fill: zeros to 4 bytes", &sonde_tcp, "options", "030307", "00" },
	{ "fill: nothing to 4 bytes", &sonde_tcp, "options", "020405b4", "" },
	{ "fill: two zeros", &sonde_ip, "options", "940400000101", "0000" },
	{ "fill: ip6 options to 8n + 6", &sonde_hopopts, "options", "", "010400000000" },
	{ "fill: ip6 options by 2", &sonde_hopopts, "options", "05020000", "0100" },
	{ "fill: ip6 options by 1", &sonde_hopopts, "options", "0502000000", "00" },
	{ "fill: ip6 options by 7", &sonde_hopopts, "options", "05020000000000", "01050000000000" },
	{ "fill: addresses are not filled", &sonde_routing, "addrs", "00", "" },
};

static void fill(void **state)
{
	const struct fill_row *row = *state;
	const struct sonde_list *list = list_of(row->proto, row->field);
	uint8_t bytes[WIRE_MAX], want[WIRE_MAX], got[8];
	size_t len = wire_hex(bytes, row->content), want_len = wire_hex(want, row->fill);
	unsigned n = sonde_list_fill(got, list, len);
	wire_equal(got, n, want, want_len);
	/* What is filled up need not be given. */
	memcpy(bytes + len, got, n);
	assert_int_equal(sonde_list_content(list, sonde_view(bytes, len + n)), len);
}

static const struct content_row {
	const char *name;
	const struct sonde_proto *proto;
	const char *hex;
	size_t content;
} contents[] = {
	{ "content: more zeros than would be filled up", &sonde_tcp, "0303070000000000", 8 },
	{ "content: an end that is said, and the rest filled up", &sonde_tcp, "0101010100000000", 5 },
	{ "content: an end with other bytes behind", &sonde_tcp, "01010100000000ff", 8 },
	{ "content: only zeros", &sonde_tcp, "00000000", 1 },
	{ "content: padding of another length", &sonde_hopopts, "0502000001000100", 8 },
	{ "content: padding in two pieces", &sonde_hopopts, "0502000000" "00", 5 },
};

static void content(void **state)
{
	const struct content_row *row = *state;
	uint8_t bytes[WIRE_MAX];
	size_t len = wire_hex(bytes, row->hex);
	assert_int_equal(sonde_list_content(list_of(row->proto, "options"), sonde_view(bytes, len)), row->content);
}

/* --- Any bytes --------------------------------------------------------------------------------------------------- */

/* Every list of every protocol: random bytes are items that follow each other, and their print reads back. */
static void any_bytes(void **state)
{
	const struct sonde_list *list = ((const struct sonde_field *)*state)->list;
	static char s[1 << 16];
	uint8_t again[WIRE_MAX];
	uint64_t random = 21;
	for (int round = 0; round < 3000; round++) {
		size_t len = unit_random(&random) % 60, at = 0, sum = 0;
		uint8_t *bytes = malloc(len ? len : 1);
		assert_non_null(bytes);
		/* Small numbers are kinds and lengths. */
		for (size_t i = 0; i < len; i++)
			bytes[i] = (uint8_t)(unit_random(&random) >> 8 & (unit_random(&random) & 1 ? 0xff : 0x0f));
		struct sonde_list_item item;
		while (sonde_list_next(&item, list, sonde_view(bytes, len), &at))
			sum += item.bytes.len;
		assert_int_equal(sum, len);
		struct sonde_text t = sonde_text(s, sizeof s);
		sonde_list_print(&t, list, sonde_view(bytes, len), &(struct sonde_list_style){ .exact = true });
		struct sonde_buf b = { again, 0, sizeof again };
		struct sonde_error e = { 0 };
		if (sonde_list_parse(&b, list, s, t.len, &e))
			fail_msg("%s: %s", s, e.what);
		wire_equal(again, b.len, bytes, len);
		free(bytes);
	}
}

static void a_list_has_an_end(void **state)
{
	const struct sonde_list *list = list_of(&sonde_tcp, "options");
	uint8_t room[3];
	struct sonde_buf b = { room, 0, sizeof room };
	struct sonde_error e = { 0 };
	(void)state;
	assert_int_equal(sonde_list_parse(&b, list, "nop,mss:1460", 12, &e), SONDE_E_SPACE);
	assert_int_equal(e.code, SONDE_E_SPACE);
	b.len = 0;
	assert_int_equal(sonde_list_parse(&b, list, "77:010203", 9, &e), SONDE_E_SPACE);
	b.len = 0;
	assert_int_equal(sonde_list_parse(&b, list, "nop,nop,nop", 11, &e), 0);
	b.len = 0;
	assert_int_equal(sonde_list_parse(&b, list, "", 0, &e), 0);
	assert_int_equal(b.len, 0);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, read_and_print, texts);
	UNIT_ROWS(&u, read_short, shorts);
	UNIT_ROWS(&u, fill, fills);
	UNIT_ROWS(&u, content, contents);
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (const struct sonde_field *f = (*p)->fields; f->name; f++)
			if (f->shape == SONDE_LIST)
				unit_add(&u, (*p)->name, any_bytes, f);
	UNIT_TEST(&u, a_list_has_an_end);
	return unit_run(&u, "list");
}
