#include "proto/snmppdu.h"

#include "proto/ber.h"
#include "proto/layout.h"

enum { GET = 0xa0, RESPONSE = 0xa2, TRAP = 0xa4, LAST = 0xa8, MIN_LEN = 2 };

/* --- Integers ---------------------------------------------------------------------------------------------------- */

/* Tag 2, a length of one byte, two's complement in as few bytes as possible. */
enum { INTEGER = 2, INTEGER_HEAD = 2, INTEGER_MOST = 8 };

static size_t integer_measure(struct sonde_view there)
{
	size_t len = there.len >= INTEGER_HEAD ? INTEGER_HEAD + (size_t)there.data[1] : 0;
	return len > INTEGER_HEAD && there.data[0] == INTEGER && len <= INTEGER_HEAD + INTEGER_MOST && len <= there.len
		? len : 0;
}

static int64_t integer_of(struct sonde_view v)
{
	uint64_t n = v.data[INTEGER_HEAD] >> 7 ? UINT64_MAX : 0;
	for (size_t i = INTEGER_HEAD; i < v.len; i++)
		n = n << 8 | v.data[i];
	return (int64_t)n;
}

static int put_integer(struct sonde_buf *out, int64_t v)
{
	uint8_t bytes[INTEGER_HEAD + INTEGER_MOST];
	size_t n = 1;
	while (n < INTEGER_MOST && v >> (n * 8 - 1) != 0 && v >> (n * 8 - 1) != -1)
		n++;
	bytes[0] = INTEGER;
	bytes[1] = (uint8_t)n;
	for (size_t i = 0; i < n; i++)
		bytes[INTEGER_HEAD + i] = (uint8_t)((uint64_t)v >> (n - 1 - i) * 8);
	return sonde_buf_put(out, sonde_view(bytes, INTEGER_HEAD + n)) ? 0 : SONDE_E_SPACE;
}

static bool integer_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	uint8_t room[INTEGER_HEAD + INTEGER_MOST];
	struct sonde_buf shortest = { room, 0, sizeof room };
	(void)ctx;
	if (v.len == 0 || integer_measure(v) != v.len || put_integer(&shortest, integer_of(v)) || shortest.len != v.len)
		return false;
	sonde_text_fmt(t, "%lld", (long long)integer_of(v));
	return true;
}

static int integer_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint64_t v;
	bool minus = len && *s == '-';
	(void)ctx;
	int err = sonde_uint_parse(&v, s + minus, len - minus);
	if (err || v > (uint64_t)INT64_MAX)
		return err ? err : SONDE_E_RANGE;
	return put_integer(out, minus ? -(int64_t)v : (int64_t)v);
}

static const struct sonde_kind integer = {
	.name = "number", .expected = "not a number", .print_bytes = integer_print, .parse_bytes = integer_parse,
	.measure = integer_measure, .empty = { (const uint8_t *)"\2\1\0", 3 },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

#define NOT_IN_TRAPS .when = SONDE_WHEN_IS_NOT(SONDE_SNMPPDU_TAG, TRAP, 1 << 0)

static const struct sonde_name pdus[] = {
	{ GET, "get" }, { 0xa1, "getnext" }, { RESPONSE, "response" }, { 0xa3, "set" }, { TRAP, "trap" },
	{ 0xa5, "getbulk" }, { 0xa6, "inform" }, { 0xa7, "trap2" }, { LAST, "report" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("pdu", SONDE_SNMPPDU_TAG, KIND(code), .names = pdus, .value = GET, .always = true,
		.help = "get, getnext, response, set, getbulk, ..."),
	SONDE_BER_ROWS(SONDE_SNMPPDU),
	BYTES("id", SONDE_SNMPPDU_ID, .alias = "request_id", .kind = &integer, .always = true, NOT_IN_TRAPS,
		.help = "copied to the response"),
	BYTES("error", SONDE_SNMPPDU_ERROR, .alias = "error_status non_repeaters", .kind = &integer, NOT_IN_TRAPS,
		.help = "2: no such name, ...; getbulk: variables that are read once"),
	BYTES("index", SONDE_SNMPPDU_INDEX, .alias = "error_index max_repetitions", .kind = &integer, NOT_IN_TRAPS,
		.help = "of the variable; getbulk: how often others are read"),
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

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && payload.data[0] >= GET && payload.data[0] <= LAST;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* The identifier, or 0. */
static uint32_t id_of(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_SNMPPDU_ID), header, c->layer->header_len);
	struct sonde_view v = s.there ? sonde_slot_view(header, s) : (struct sonde_view){ 0 };
	return v.len && integer_measure(v) == v.len ? (uint32_t)integer_of(v) : 0;
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, id_of(c));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	uint64_t pdu = sonde_get(sonde_header(c), SONDE_SNMPPDU_TAG);
	bool answers = pdu == RESPONSE || pdu == LAST;
	return answers && sonde_number_answers(q, c, id_of(c)) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_snmppdu = {
	.name = "snmppdu", .title = "Simple Network Management Protocol, request or response", .source = "RFC 3416",
	.example = "ip dst=10.0.0.2 / udp / snmp community=public / snmppdu pdu=get id=7 / "
		   "hex:300e300c06082b060102010101000500",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMP } },
	.measure = measure, .declared = declared, .finish = sonde_ber_finish, .heuristic = heuristic,
	.question = question, .answer = answer,
};
