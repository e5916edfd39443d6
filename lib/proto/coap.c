#include "proto/coap.h"

#include "base/escape.h"
#include "proto/describe.h"
#include "proto/layout.h"

enum { MIN_LEN = 4, VERSION1 = 1, MAX_TOKEN = 8, MARKER = 0xff };

/* --- Options ------------------------------------------------------------------------------------------------------
 *
 * Numbers are written, not differences: one value holds all options and the marker behind them, joined by +. There is
 * one way to code a number or a length, so what is printed gives the same bytes again. */

enum form { AS_HEX, AS_TEXT, AS_NUMBER };
enum { ONE_MORE = 13, TWO_MORE = 14, RESERVED = 15, ONE_FROM = 13, TWO_FROM = 269, MOST = 0xffff, HEAD_MOST = 5 };

/* RFC 7252, 5.10; RFC 7641, RFC 7959, RFC 7967, RFC 8613. */
static const struct option {
	uint16_t number;
	uint8_t form; /* enum form */
	const char *name;
} known[] = {
	{ 1, AS_HEX, "if-match" }, { 3, AS_TEXT, "uri-host" }, { 4, AS_HEX, "etag" }, { 5, AS_HEX, "if-none-match" },
	{ 6, AS_NUMBER, "observe" }, { 7, AS_NUMBER, "uri-port" }, { 8, AS_TEXT, "location-path" },
	{ 9, AS_HEX, "oscore" }, { 11, AS_TEXT, "uri-path" }, { 12, AS_NUMBER, "content-format" },
	{ 14, AS_NUMBER, "max-age" }, { 15, AS_TEXT, "uri-query" }, { 17, AS_NUMBER, "accept" },
	{ 20, AS_TEXT, "location-query" }, { 23, AS_NUMBER, "block2" }, { 27, AS_NUMBER, "block1" },
	{ 28, AS_NUMBER, "size2" }, { 35, AS_TEXT, "proxy-uri" }, { 39, AS_TEXT, "proxy-scheme" },
	{ 60, AS_NUMBER, "size1" }, { 258, AS_NUMBER, "no-response" },
};
#define N_KNOWN (sizeof known / sizeof *known)

/* Read one of the two numbers of a head, and the bytes at *at that extend it. Returns false for none. */
static bool read_part(uint32_t *v, struct sonde_view there, size_t *at, unsigned nibble)
{
	size_t more = nibble == ONE_MORE ? 1 : nibble == TWO_MORE ? 2 : 0;
	if (nibble == RESERVED || there.len - *at < more)
		return false;
	*v = nibble;
	if (nibble == ONE_MORE)
		*v = ONE_FROM + (uint32_t)there.data[*at];
	if (nibble == TWO_MORE)
		*v = TWO_FROM + (uint32_t)sonde_get_be16(there.data + *at);
	*at += more;
	return true;
}

/* Read the option at *at, behind one of number *number. Returns false for none. */
static bool read_option(uint32_t *number, struct sonde_view *value, struct sonde_view there, size_t *at)
{
	uint32_t delta, len;
	uint8_t head = there.data[(*at)++];
	if (!read_part(&delta, there, at, head >> 4) || !read_part(&len, there, at, head & 0xf) ||
	    len > there.len - *at || delta > MOST - *number)
		return false;
	*number += delta;
	*value = sonde_view_sub(there, *at, len);
	*at += len;
	return true;
}

static size_t options_measure(struct sonde_view there)
{
	uint32_t number = 0;
	struct sonde_view value;
	for (size_t at = 0; at < there.len;) {
		if (there.data[at] == MARKER)
			return at + 1;
		if (!read_option(&number, &value, there, &at))
			return 0;
	}
	return there.len;
}

/* A number has no zeros in front (RFC 7252, 3.2). */
static bool is_number(struct sonde_view v)
{
	return v.len <= sizeof(uint32_t) && (v.len == 0 || v.data[0]);
}

static void print_value(struct sonde_text *t, enum form form, struct sonde_view v)
{
	uint64_t n = 0;
	if (form == AS_NUMBER) {
		for (size_t i = 0; i < v.len; i++)
			n = n << 8 | v.data[i];
		sonde_text_uint(t, n);
		return;
	}
	for (size_t i = 0; i < v.len; i++) {
		/* + ends an option, a comma a value of several. */
		uint8_t c = v.data[i];
		bool plain = form == AS_TEXT && sonde_char_is_literal(c) && c != '+' && c != ',';
		sonde_text_str(t, form == AS_TEXT && !plain ? "\\x" : "");
		if (plain)
			sonde_text_char(t, (char)c);
		else
			sonde_text_hex(t, sonde_view_sub(v, i, 1));
	}
}

static void print_option(struct sonde_text *t, uint32_t number, struct sonde_view v)
{
	const struct option *o = known;
	while (o < known + N_KNOWN && o->number != number)
		o++;
	bool named = o < known + N_KNOWN && (o->form != AS_NUMBER || is_number(v));
	enum form form = named ? (enum form)o->form : AS_HEX;
	if (named)
		sonde_text_str(t, o->name);
	else
		sonde_text_uint(t, number);
	sonde_text_str(t, v.len || form == AS_NUMBER ? ":" : "");
	print_value(t, form, v);
}

static bool options_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	uint32_t number = 0;
	struct sonde_view value;
	(void)ctx;
	if (v.len == 0 || options_measure(v) != v.len)
		return false;
	for (size_t at = 0; at < v.len;) {
		sonde_text_str(t, at ? "+" : "");
		if (v.data[at] == MARKER) {
			sonde_text_str(t, "marker");
			return true;
		}
		read_option(&number, &value, v, &at);
		print_option(t, number, value);
	}
	return true;
}

/* Code a number of a head: returns its four bits, and appends what extends them. */
static unsigned put_part(uint8_t *head, size_t *len, size_t v)
{
	if (v < ONE_FROM)
		return (unsigned)v;
	if (v >= TWO_FROM)
		head[(*len)++] = (uint8_t)((v - TWO_FROM) >> 8);
	head[(*len)++] = (uint8_t)(v >= TWO_FROM ? v - TWO_FROM : v - ONE_FROM);
	return v >= TWO_FROM ? TWO_MORE : ONE_MORE;
}

/* Put the head before the value, which was appended from `start` on. */
static int close_option(struct sonde_buf *out, size_t start, uint32_t delta)
{
	uint8_t head[HEAD_MOST] = { 0 };
	size_t len = out->len - start, n = 1;
	if (len > MOST)
		return SONDE_E_RANGE;
	head[0] = (uint8_t)(put_part(head, &n, delta) << 4);
	head[0] |= (uint8_t)put_part(head, &n, len);
	if (!sonde_buf_extend(out, n))
		return SONDE_E_SPACE;
	memmove(out->data + start + n, out->data + start, len);
	memcpy(out->data + start, head, n);
	return 0;
}

static int parse_value(struct sonde_buf *out, enum form form, const char *s, size_t len)
{
	uint8_t bytes[sizeof(uint32_t)];
	uint64_t v;
	if (form == AS_TEXT)
		return sonde_string_parse(out, NULL, s, len);
	if (form == AS_HEX)
		return sonde_hex_parse(out, s, len);
	int err = sonde_uint_parse(&v, s, len);
	if (err || v > UINT32_MAX)
		return err ? err : SONDE_E_RANGE;
	sonde_put_be32(bytes, (uint32_t)v);
	size_t zeros = 0;
	while (zeros < sizeof bytes && !bytes[zeros])
		zeros++;
	return sonde_buf_put(out, sonde_view(bytes + zeros, sizeof bytes - zeros)) ? 0 : SONDE_E_SPACE;
}

/* NAME[:VALUE], or NUMBER[:HEX]. */
static int parse_option(struct sonde_buf *out, uint32_t *number, const char *s, size_t len)
{
	const char *colon = memchr(s, ':', len);
	size_t name_len = colon ? (size_t)(colon - s) : len, start = out->len;
	const struct option *o = known;
	while (o < known + N_KNOWN && (strlen(o->name) != name_len || memcmp(o->name, s, name_len) != 0))
		o++;
	uint64_t is = o < known + N_KNOWN ? o->number : 0;
	int err = o < known + N_KNOWN ? 0 : sonde_uint_parse(&is, s, name_len);
	if (err || is > MOST || is < *number)
		return err ? err : is > MOST ? SONDE_E_RANGE : SONDE_E_SYNTAX;
	enum form form = o < known + N_KNOWN ? (enum form)o->form : AS_HEX;
	err = colon ? parse_value(out, form, colon + 1, len - name_len - 1) : 0;
	uint32_t delta = (uint32_t)is - *number;
	*number = (uint32_t)is;
	return err ? err : close_option(out, start, delta);
}

static int options_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	const char marker[] = "marker";
	uint32_t number = 0;
	(void)ctx;
	if (len >= 2 && s[0] == '"' && s[len - 1] == '"')
		s++, len -= 2;
	for (const char *end = s + len; s < end;) {
		const char *plus = memchr(s, '+', (size_t)(end - s)), *stop = plus ? plus : end;
		size_t n = (size_t)(stop - s);
		if (!plus && n == sizeof marker - 1 && memcmp(s, marker, n) == 0)
			return sonde_buf_put(out, sonde_view("\xff", 1)) ? 0 : SONDE_E_SPACE;
		int err = parse_option(out, &number, s, n);
		if (err || (plus && plus + 1 == end))
			return err ? err : SONDE_E_SYNTAX;
		s = plus ? plus + 1 : end;
	}
	return 0;
}

static const struct sonde_kind options = {
	.name = "options", .print_bytes = options_print, .parse_bytes = options_parse, .measure = options_measure,
	.expected = "no options: uri-path:a+uri-query:b+marker, by name or number, the smallest number first",
	.empty = { (const uint8_t *)"", 0 },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

static const struct sonde_name types[] = { { 0, "con" }, { 1, "non" }, { 2, "ack" }, { 3, "rst" }, { 0 } };
static const struct sonde_name codes[] = {
	{ 0, "empty" }, { 1, "get" }, { 2, "post" }, { 3, "put" }, { 4, "delete" }, { 5, "fetch" }, { 6, "patch" },
	{ 7, "ipatch" }, { 65, "created" }, { 66, "deleted" }, { 67, "valid" }, { 68, "changed" }, { 69, "content" },
	{ 95, "continue" }, { 128, "bad-request" }, { 129, "unauthorized" }, { 130, "bad-option" },
	{ 131, "forbidden" }, { 132, "not-found" }, { 133, "method-not-allowed" }, { 134, "not-acceptable" },
	{ 136, "request-entity-incomplete" }, { 137, "conflict" }, { 140, "precondition-failed" },
	{ 141, "request-entity-too-large" }, { 143, "unsupported-content-format" }, { 160, "internal-server-error" },
	{ 161, "not-implemented" }, { 162, "bad-gateway" }, { 163, "service-unavailable" },
	{ 164, "gateway-timeout" }, { 165, "proxying-not-supported" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_COAP_VERSION, .alias = "ver", .value = VERSION1, .help = "1"),
	SCALAR("type", SONDE_COAP_TYPE, KIND(named), .names = types, .always = true,
		.help = "con: to be acknowledged, non: not, ack, rst"),
	SCALAR("tkl", SONDE_COAP_TKL, .alias = "token_len", .open = SONDE_COMPUTED,
		.help = "bytes of token, 8 at most"),
	SCALAR("code", SONDE_COAP_CODE, KIND(named), .names = codes, .value = 1, .always = true,
		.help = "get, ...; of a response its class << 5 and detail: content is 2.05"),
	SCALAR("id", SONDE_COAP_ID, .alias = "mid", .always = true, .help = "message ID: ack and rst repeat it"),
	BYTES("token", SONDE_COAP_TOKEN, KIND(raw), .len_from = SONDE_COAP_TKL, .help = "a response repeats it"),
	BYTES("options", SONDE_COAP_OPTIONS, .kind = &options,
		.help = "uri-path:a+uri-query:b, by name or number; at their end marker, if a payload follows"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t least = MIN_LEN + (uint32_t)sonde_get(header, SONDE_COAP_TKL);
	return least > have ? least : sonde_rows_len(fields, header, have);
}

/* Version, length of the token, class of the code (0 request, 2, 4 and 5 response) and all options fit. */
static bool heuristic(struct sonde_view payload)
{
	const unsigned classes = 1 << 0 | 1 << 2 | 1 << 4 | 1 << 5;
	if (payload.len < MIN_LEN || sonde_get(payload.data, SONDE_COAP_VERSION) != VERSION1)
		return false;
	uint64_t tkl = sonde_get(payload.data, SONDE_COAP_TKL), code = sonde_get(payload.data, SONDE_COAP_CODE);
	if (tkl > MAX_TOKEN || MIN_LEN + tkl > payload.len || !(classes >> (code >> 5) & 1))
		return false;
	struct sonde_view rest = sonde_view_sub(payload, MIN_LEN + (size_t)tkl, payload.len);
	return rest.len == 0 || options_measure(rest) > 0;
}

const struct sonde_proto sonde_coap = {
	.name = "coap", .title = "Constrained Application Protocol", .source = "RFC 7252",
	.example = "ip dst=10.0.0.2 / udp / coap code=put id=7 token=0a0b options=uri-path:lamp+marker / text:on",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 5683 } },
	.measure = measure, .heuristic = heuristic,
};
