#include "proto/snmp.h"

#include "base/escape.h"
#include "proto/ber.h"
#include "proto/layout.h"
#include "proto/say.h"

#define MIN_LEN  5
#define SEQUENCE 0x30
#define V1       0x020100 /* an integer of one byte */

/* --- The community ----------------------------------------------------------------------------------------------- */

/* A string: tag 4, a length of one byte, characters. */
enum { STRING = 4, STRING_HEAD = 2, MOST = 127 };

static size_t string_measure(struct sonde_view there)
{
	size_t len = there.len >= STRING_HEAD ? STRING_HEAD + (size_t)there.data[1] : 0;
	return len && there.data[0] == STRING && there.data[1] <= MOST && len <= there.len ? len : 0;
}

static bool string_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	if (v.len == 0 || string_measure(v) != v.len)
		return false;
	return sonde_kind_text.print_bytes(t, ctx, sonde_view_sub(v, STRING_HEAD, v.len));
}

static int string_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t start = out->len;
	int err = sonde_buf_extend(out, STRING_HEAD) ? sonde_kind_text.parse_bytes(out, ctx, s, len) : SONDE_E_SPACE;
	size_t n = out->len - start - STRING_HEAD;
	if (err || n > MOST)
		return err ? err : SONDE_E_RANGE;
	out->data[start] = STRING;
	out->data[start + 1] = (uint8_t)n;
	return 0;
}

static const struct sonde_kind string = {
	.name = "text", .expected = SONDE_NO_ESCAPE, .print_bytes = string_print, .parse_bytes = string_parse,
	.measure = string_measure, .empty = { (const uint8_t *)"\4\0", STRING_HEAD },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

static const struct sonde_name versions[] = { { V1, "v1" }, { V1 + 1, "v2c" }, { V1 + 3, "v3" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("tag", SONDE_SNMP_TAG, KIND(hex), .value = SEQUENCE, .help = "0x30: a sequence"),
	SONDE_BER_ROWS(SONDE_SNMP),
	SCALAR("version", SONDE_SNMP_VERSION, KIND(code), .names = versions, .value = V1 + 1, .always = true,
		.help = "v1, v2c or v3"),
	BYTES("community", SONDE_SNMP_COMMUNITY, .kind = &string, .text = "\4\6public", .always = true,
		.when = SONDE_WHEN_IS(SONDE_SNMP_VERSION, V1, 1 << 0 | 1 << 1), .help = "who asks, in clear text"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	return sonde_ber_len(header, layer->header_len);
}

/* Version 3 has a header of its own in the place of the community. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_SNMP_VERSION), sonde_header(c),
					   c->layer->header_len);
	return s.there ? sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMP) : NULL;
}

static bool heuristic(struct sonde_view payload)
{
	if (payload.len < MIN_LEN || payload.data[0] != SEQUENCE)
		return false;
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_SNMP_VERSION), payload.data, payload.len);
	uint64_t version = s.there ? sonde_slot_get(payload.data, s) : 0;
	return version >= V1 && version <= V1 + 3;
}

/* snmp v2c community=public */
static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_SNMP_VERSION);
	sonde_say_field(s, SONDE_SNMP_COMMUNITY);
}

const struct sonde_proto sonde_snmp = {
	.name = "snmp", .title = "Simple Network Management Protocol", .source = "RFC 1157, RFC 3416",
	.example = "ip dst=10.0.0.2 / udp / snmp community=public / snmppdu pdu=get id=7 / snmpvars / "
		   "snmpvar oid=1.3.6.1.2.1.1.5.0",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .length_rows = SONDE_BER_LENGTHS,
	.ids = { { SONDE_SPACE_UDP, 161 }, { SONDE_SPACE_UDP, 162 } },
	.measure = measure, .declared = declared, .child = child, .finish = sonde_ber_finish, .heuristic = heuristic,
	.say = say,
};
