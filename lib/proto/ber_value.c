#include "base/escape.h"
#include "proto/ber.h"

enum {
	INTEGER = 0x02, STRING = 0x04, NOTHING = 0x05, OBJECT = 0x06, ADDRESS = 0x40, COUNTER = 0x41, GAUGE = 0x42,
	TICKS = 0x43, OPAQUE = 0x44, COUNTER64 = 0x46, NO_OBJECT = 0x80, NO_INSTANCE = 0x81, END = 0x82
};
enum { HEAD_MOST = 6, NUMBER_MOST = 9, ARC_BITS = 56, ARC_MOST = 9, MANY_TAGS = 0x1f };

/* --- Tag and length ----------------------------------------------------------------------------------------------- */

/* Bytes of tag and length, or 0: a tag of several bytes, a length of more than four, or without an end. */
static size_t head_len(struct sonde_view v)
{
	if (v.len < 2 || (v.data[0] & MANY_TAGS) == MANY_TAGS)
		return 0;
	size_t more = v.data[1] & 0x80 ? v.data[1] & 0x7fu : 0;
	bool known = v.data[1] < 0x80 || (more >= 1 && more <= 4);
	return known && v.len >= 2 + more ? 2 + more : 0;
}

static size_t content_len(struct sonde_view v, size_t head)
{
	size_t len = head == 2 ? v.data[1] : 0;
	for (size_t i = 2; i < head; i++)
		len = len << 8 | v.data[i];
	return len;
}

static size_t measure(struct sonde_view there)
{
	size_t head = head_len(there), len = head ? content_len(there, head) : 0;
	return head && len <= there.len - head ? head + len : 0;
}

static size_t measure_object(struct sonde_view there)
{
	return there.data[0] == OBJECT ? measure(there) : 0;
}

/* Tag and length in as few bytes as possible. Returns how many. */
static size_t put_head(uint8_t out[static HEAD_MOST], uint8_t tag, size_t len)
{
	size_t more = len < 0x80 ? 0 : len <= 0xff ? 1 : len <= 0xffff ? 2 : len <= 0xffffff ? 3 : 4;
	out[0] = tag;
	out[1] = (uint8_t)(more ? 0x80 | more : len);
	for (size_t i = 0; i < more; i++)
		out[2 + i] = (uint8_t)(len >> 8 * (more - 1 - i));
	return 2 + more;
}

/* What stands behind a head that is as short as possible. Returns false for another one. */
static bool content_of(struct sonde_view *out, struct sonde_view v)
{
	uint8_t shortest[HEAD_MOST];
	size_t head = v.len && measure(v) == v.len ? head_len(v) : 0;
	*out = sonde_view_sub(v, head, v.len);
	return head && put_head(shortest, v.data[0], out->len) == head;
}

/* The head of what was appended from `start` on. */
static int close_value(struct sonde_buf *out, size_t start, uint8_t tag)
{
	uint8_t head[HEAD_MOST];
	size_t len = out->len - start, n = put_head(head, tag, len);
	if (!sonde_buf_extend(out, n))
		return SONDE_E_SPACE;
	memmove(out->data + start + n, out->data + start, len);
	memcpy(out->data + start, head, n);
	return 0;
}

/* --- Numbers ------------------------------------------------------------------------------------------------------ */

/* In as few bytes as possible, of two's complement: numbers without a sign may need a zero in front. */
static struct sonde_view number_bytes(uint8_t room[static NUMBER_MOST], uint64_t v, bool negative)
{
	size_t at = 0;
	room[0] = negative ? 0xff : 0;
	sonde_put_be64(room + 1, v);
	while (at + 1 < NUMBER_MOST && room[at] == (room[at + 1] & 0x80 ? 0xff : 0))
		at++;
	return sonde_view(room + at, NUMBER_MOST - at);
}

static bool print_number(struct sonde_text *t, struct sonde_view v, bool has_sign)
{
	uint8_t room[NUMBER_MOST];
	bool negative = has_sign && v.len && v.data[0] & 0x80;
	uint64_t n = negative ? UINT64_MAX : 0;
	for (size_t i = 0; i < v.len; i++)
		n = n << 8 | v.data[i];
	/* Others than those that are read back have no sign that they must not have, and fit. */
	if (!sonde_view_equal(number_bytes(room, n, negative), v) || (has_sign && !negative && n > INT64_MAX))
		return false;
	sonde_text_str(t, negative ? "-" : "");
	sonde_text_uint(t, negative ? -n : n);
	return true;
}

static int parse_number(struct sonde_buf *out, const char *s, size_t len, bool has_sign)
{
	uint8_t room[NUMBER_MOST];
	uint64_t v;
	bool negative = has_sign && len && *s == '-';
	int err = sonde_uint_parse(&v, s + negative, len - negative);
	if (err || (has_sign && v > (uint64_t)INT64_MAX + negative))
		return err ? err : SONDE_E_RANGE;
	negative = negative && v;
	return sonde_buf_put(out, number_bytes(room, negative ? -v : v, negative)) ? 0 : SONDE_E_SPACE;
}

/* --- Object identifiers (X.690, 8.19) ----------------------------------------------------------------------------- */

/* The two first arcs are one number; each number has 7 bits a byte, the first bit saying that more follow. */
static bool print_object(struct sonde_text *t, struct sonde_view v)
{
	size_t start = t->len;
	uint64_t n = 0;
	bool begins = true;
	for (size_t i = 0; i < v.len; i++) {
		if ((begins && v.data[i] == 0x80) || n >> (ARC_BITS - 7))
			break;
		n = n << 7 | (v.data[i] & 0x7f);
		begins = !(v.data[i] & 0x80);
		if (!begins)
			continue;
		if (t->len == start) {
			uint64_t first = n < 80 ? n / 40 : 2;
			sonde_text_uint(t, first);
			n -= 40 * first;
		}
		sonde_text_char(t, '.');
		sonde_text_uint(t, n);
		n = 0;
		if (i + 1 == v.len)
			return true;
	}
	sonde_text_cut(t, start);
	return false;
}

static int put_arc(struct sonde_buf *out, uint64_t v)
{
	uint8_t bytes[ARC_MOST];
	size_t at = sizeof bytes - 1;
	bytes[at] = v & 0x7f;
	while (v >>= 7)
		bytes[--at] = (uint8_t)(0x80 | (v & 0x7f));
	return sonde_buf_put(out, sonde_view(bytes + at, sizeof bytes - at)) ? 0 : SONDE_E_SPACE;
}

static int parse_object(struct sonde_buf *out, const char *s, size_t len)
{
	uint64_t first = 0, v;
	const char *end = s + len;
	s += len && *s == '.';
	for (unsigned n = 0; s < end; n++) {
		const char *dot = memchr(s, '.', (size_t)(end - s)), *stop = dot ? dot : end;
		int err = sonde_uint_parse(&v, s, (size_t)(stop - s));
		if (err || (n == 0 && (v > 2 || !dot)) || (dot && dot + 1 == end))
			return err ? err : SONDE_E_SYNTAX;
		if ((n == 1 && first < 2 && v >= 40) || v >> ARC_BITS)
			return SONDE_E_RANGE;
		err = n == 0 ? 0 : put_arc(out, n == 1 ? 40 * first + v : v);
		if (err)
			return err;
		first = n == 0 ? v : first;
		s = dot ? dot + 1 : end;
	}
	return len ? 0 : SONDE_E_SYNTAX;
}

static bool object_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	struct sonde_view content;
	(void)ctx;
	return content_of(&content, v) && v.data[0] == OBJECT && print_object(t, content);
}

static int object_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t start = out->len;
	(void)ctx;
	int err = parse_object(out, s, len);
	return err ? err : close_value(out, start, OBJECT);
}

const struct sonde_kind sonde_ber_object = {
	.name = "oid", .expected = "no object identifier: 1.3.6.1.2.1.1.5.0", .print_bytes = object_print,
	.parse_bytes = object_parse, .measure = measure_object, .empty = { (const uint8_t *)"\6\1\x2b", 3 },
};

/* --- Values of any type (RFC 3416, 3) ----------------------------------------------------------------------------- */

enum form { AS_NUMBER, AS_COUNT, AS_TEXT, AS_HEX, AS_NOTHING, AS_OBJECT, AS_ADDRESS };

static const struct type {
	uint8_t tag, form;
	const char *name;
} types[] = {
	{ INTEGER, AS_NUMBER, "int" },        { STRING, AS_TEXT, "text" },
	{ STRING, AS_HEX, "hex" },            { NOTHING, AS_NOTHING, "null" },
	{ OBJECT, AS_OBJECT, "oid" },         { ADDRESS, AS_ADDRESS, "ip" },
	{ COUNTER, AS_COUNT, "counter" },     { GAUGE, AS_COUNT, "gauge" },
	{ TICKS, AS_COUNT, "ticks" },         { OPAQUE, AS_HEX, "opaque" },
	{ COUNTER64, AS_COUNT, "counter64" }, { NO_OBJECT, AS_NOTHING, "nosuchobject" },
	{ NO_INSTANCE, AS_NOTHING, "nosuchinstance" }, { END, AS_NOTHING, "endofmibview" },
};
#define N_TYPES (sizeof types / sizeof *types)

/* Bytes are text if few of them need an escape, and then the first of their two types. */
static const struct type *type_of(uint8_t tag, struct sonde_view content)
{
	size_t most = content.len / 3, i = 0;
	while (i < N_TYPES && types[i].tag != tag)
		i++;
	bool is_text = i == N_TYPES || types[i].form != AS_TEXT || sonde_count_escapes(content, most) <= most;
	return i == N_TYPES ? NULL : &types[is_text ? i : i + 1];
}

static bool print_content(struct sonde_text *t, const struct sonde_row_context *ctx, enum form form,
			  struct sonde_view v)
{
	switch (form) {
	case AS_NUMBER:
	case AS_COUNT: return print_number(t, v, form == AS_NUMBER);
	case AS_TEXT: return sonde_kind_text.print_bytes(t, ctx, v);
	case AS_HEX: sonde_text_hex(t, v); return true;
	case AS_OBJECT: return print_object(t, v);
	case AS_ADDRESS: return v.len == SONDE_IP4_LEN && sonde_kind_ip4.print_bytes(t, ctx, v);
	default: return v.len == 0;
	}
}

static bool value_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	struct sonde_view content;
	size_t start = t->len;
	const struct type *type = content_of(&content, v) ? type_of(v.data[0], content) : NULL;
	if (!type)
		return false;
	sonde_text_str(t, type->name);
	sonde_text_str(t, type->form == AS_NOTHING ? "" : ":");
	if (print_content(t, ctx, type->form, content))
		return true;
	sonde_text_cut(t, start);
	return false;
}

static int parse_content(struct sonde_buf *out, const struct sonde_row_context *ctx, enum form form, const char *s,
			 size_t len)
{
	switch (form) {
	case AS_NUMBER:
	case AS_COUNT: return parse_number(out, s, len, form == AS_NUMBER);
	case AS_TEXT: return sonde_kind_text.parse_bytes(out, ctx, s, len);
	case AS_HEX: return sonde_hex_parse(out, s, len);
	case AS_OBJECT: return parse_object(out, s, len);
	case AS_ADDRESS: return sonde_kind_ip4.parse_bytes(out, ctx, s, len);
	default: return 0;
	}
}

static int value_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	if (len >= 2 && s[0] == '"' && s[len - 1] == '"')
		s++, len -= 2;
	const char *colon = memchr(s, ':', len);
	size_t name_len = colon ? (size_t)(colon - s) : len, start = out->len;
	for (size_t i = 0; i < N_TYPES; i++) {
		bool wants_content = types[i].form != AS_NOTHING;
		if (strlen(types[i].name) != name_len || memcmp(types[i].name, s, name_len) != 0 ||
		    wants_content != (colon != NULL))
			continue;
		int err = colon ? parse_content(out, ctx, (enum form)types[i].form, colon + 1, len - name_len - 1) : 0;
		return err ? err : close_value(out, start, types[i].tag);
	}
	return SONDE_E_SYNTAX;
}

#define VALUE                                                                                                          \
	.name = "value", .print_bytes = value_print, .parse_bytes = value_parse, .measure = measure,                   \
	.expected = "no value: null, int:7, text:abc, hex:00ff, oid:1.3.6, ip:10.0.0.1, counter:7, ticks:7, ..."

const struct sonde_kind sonde_ber_value = { VALUE, .empty = { (const uint8_t *)"\5\0", 2 } };
const struct sonde_kind sonde_ber_address = { VALUE, .empty = { (const uint8_t *)"\x40\4\0\0\0\0", 6 } };
const struct sonde_kind sonde_ber_ticks = { VALUE, .empty = { (const uint8_t *)"\x43\1\0", 3 } };
