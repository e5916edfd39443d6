#include "proto/ber.h"

#include "proto/layout.h"

#define LENGTH4 SONDE_FIELD(3, 16, 32)
#define LENGTH3 SONDE_FIELD(4, 16, 24)
#define LENGTH2 SONDE_FIELD(5, 16, 16)
#define LENGTH1 SONDE_FIELD(6, 16, 8)
#define LENGTH  SONDE_FIELD(7, 9, 7)

/* The row that holds the length; 0: a length of more bytes, or without an end. */
static sonde_place length_place(const uint8_t *header)
{
	static const sonde_place places[] = { 0, LENGTH1, LENGTH2, LENGTH3, LENGTH4 };
	uint64_t n = sonde_get(header, SONDE_BER_LENLEN);
	if (!sonde_get(header, SONDE_BER_LONG))
		return LENGTH;
	return n < sizeof places / sizeof *places ? places[n] : 0;
}

uint32_t sonde_ber_len(const uint8_t *header, uint32_t have)
{
	sonde_place place = have >= SONDE_BER_HEAD_LEN ? length_place(header) : 0;
	uint32_t head = SONDE_END(place) / 8;
	if (!place || head > have)
		return 0;
	uint64_t len = head + sonde_get(header, place);
	return len <= UINT32_MAX ? (uint32_t)len : 0;
}

static void fill_length(const struct sonde_context *c, uint32_t len)
{
	sonde_place place = length_place(sonde_header(c));
	uint32_t head = SONDE_END(place) / 8;
	if (place && head <= c->layer->header_len)
		sonde_fill(c, place, len > head ? len - head : 0);
}

void sonde_ber_finish(const struct sonde_context *c)
{
	fill_length(c, c->layer->total_len);
}

void sonde_ber_finish_header(const struct sonde_context *c)
{
	fill_length(c, c->layer->header_len);
}

/* --- Integers ---------------------------------------------------------------------------------------------------- */

/* Tag 2, a length of one byte, two's complement in as few bytes as possible. */
enum { INTEGER = 2, INTEGER_HEAD = 2, INTEGER_MOST = 8 };

static size_t integer_measure(struct sonde_view there)
{
	size_t len = there.len >= INTEGER_HEAD ? INTEGER_HEAD + (size_t)there.data[1] : 0;
	return len > INTEGER_HEAD && there.data[0] == INTEGER && len <= INTEGER_HEAD + INTEGER_MOST && len <= there.len
		? len : 0;
}

int64_t sonde_ber_integer_of(struct sonde_view v)
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
	if (v.len == 0 || integer_measure(v) != v.len || put_integer(&shortest, sonde_ber_integer_of(v)) ||
	    shortest.len != v.len)
		return false;
	sonde_text_fmt(t, "%lld", (long long)sonde_ber_integer_of(v));
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

const struct sonde_kind sonde_ber_integer = {
	.name = "number", .expected = "not a number", .print_bytes = integer_print, .parse_bytes = integer_parse,
	.measure = integer_measure, .empty = { (const uint8_t *)"\2\1\0", 3 },
};

uint32_t sonde_ber_field(const struct sonde_context *c, sonde_place place)
{
	const uint8_t *header = sonde_header(c);
	struct sonde_slot s = sonde_locate(c->layer->proto->fields, SONDE_ROW(place), header, c->layer->header_len);
	struct sonde_view v = s.there ? sonde_slot_view(header, s) : (struct sonde_view){ 0 };
	return v.len && sonde_ber_integer.measure(v) == v.len ? (uint32_t)sonde_ber_integer_of(v) : 0;
}
