#include "packet/value.h"

#include "base/addr.h"
#include "base/error.h"
#include "proto/names.h"

/* --- Printing ---------------------------------------------------------------------------------------------------- */

static uint32_t name_key(const struct sonde_field *f, uint64_t v, uint64_t by)
{
	return f->names_by ? (uint32_t)(by << 8 | v) : (uint32_t)v;
}

static const char *name_of(const struct sonde_field *f, uint64_t v, uint64_t by)
{
	const struct sonde_proto *p = f->space ? sonde_proto_by_id(f->space, (uint32_t)v) : NULL;
	/* A protocol lends its name only to the number by which finish announces it. */
	if (p && sonde_number_in(p, f->space, UINT32_MAX) == v)
		return p->name;
	return sonde_name_of(f->names, name_key(f, v, by));
}

static uint64_t known_bits(const struct sonde_name *names)
{
	uint64_t known = 0;
	for (const struct sonde_name *n = names; n->name; n++)
		known |= n->value;
	return known;
}

static void print_letters(struct sonde_text *t, const struct sonde_field *f, uint64_t v)
{
	bool known = (v & ~known_bits(f->names)) == 0;
	if (!known)
		sonde_text_hexnum(t, v, 1);
	else if (v == 0)
		sonde_text_char(t, '0');
	for (const struct sonde_name *n = f->names; known && n->name; n++)
		if (v & n->value)
			sonde_text_str(t, n->name);
}

static void print_span(struct sonde_text *t, uint64_t v, unsigned half)
{
	uint64_t mask = (UINT64_C(1) << half) - 1;
	sonde_text_uint(t, v >> half);
	sonde_text_char(t, '-');
	sonde_text_uint(t, v & mask);
}

static void print_words(struct sonde_text *t, const struct sonde_field *f, uint64_t v)
{
	if (v == 0 || v & ~known_bits(f->names)) {
		sonde_text_hexnum(t, v, 1);
		return;
	}
	const char *joint = "";
	for (const struct sonde_name *n = f->names; n->name; n++)
		if (v & n->value) {
			sonde_text_str(t, joint);
			sonde_text_str(t, n->name);
			joint = "+";
		}
}

static void print_named(struct sonde_text *t, const struct sonde_field *f, uint64_t v, uint64_t by)
{
	const char *name = name_of(f, v, by);
	if (name)
		sonde_text_str(t, name);
	else if (f->space == SONDE_SPACE_ETHERTYPE)
		sonde_text_hexnum(t, v, 4);
	else
		sonde_text_uint(t, v);
}

void sonde_value_print(struct sonde_text *t, const struct sonde_field *f, uint64_t v, uint64_t by)
{
	unsigned width = SONDE_WIDTH(f->place);
	switch (f->kind) {
	case SONDE_HEX: sonde_text_hexnum(t, v, (width + 3) / 4); break;
	case SONDE_NAMED: print_named(t, f, v, by); break;
	case SONDE_LETTERS: print_letters(t, f, v); break;
	case SONDE_WORDS: print_words(t, f, v); break;
	case SONDE_SPAN: print_span(t, v, width / 2); break;
	case SONDE_LABEL:
		sonde_text_fmt(t, "%u/%u/%u/%u", (unsigned)(v >> 12), (unsigned)(v >> 9 & 7), (unsigned)(v >> 8 & 1),
			       (unsigned)(v & 255));
		break;
	case SONDE_SIGNED: sonde_text_fmt(t, "%lld", (long long)(int64_t)(v << (64 - width)) >> (64 - width)); break;
	default: sonde_text_uint(t, v); break;
	}
}

static void print_address(struct sonde_text *t, const struct sonde_addr *a)
{
	char s[SONDE_ADDR_STRLEN];
	sonde_text_str(t, sonde_addr_format(s, a));
}

/* So that sonde_string_parse gives it back, also out of a list: whatever is no letter, digit, dot, dash, underscore or
 * slash as \xHH. */
static void print_name(struct sonde_text *t, struct sonde_view v)
{
	for (size_t i = 0; i < v.len; i++) {
		uint8_t c = v.data[i], letter = c | 0x20;
		if ((letter >= 'a' && letter <= 'z') || (c >= '-' && c <= '9') || c == '_')
			sonde_text_char(t, (char)c);
		else
			sonde_text_fmt(t, "\\x%02x", c);
	}
}

/* Bytes that say how many they are: what they hold, or hex digits, which do not read back, where they lie. */
static void print_own(struct sonde_text *t, const struct sonde_field *f, struct sonde_view v)
{
	const size_t head = f->kind == SONDE_AFI_ADDR ? 4 : 1;
	size_t len = v.len;
	if (f->kind == SONDE_AFI_ADDR && (len == head + SONDE_IP4_LEN || len == head + SONDE_IP6_LEN)) {
		struct sonde_addr a =
			len == head + SONDE_IP4_LEN ? sonde_addr4(v.data + head) : sonde_addr6(v.data + head);
		print_address(t, &a);
	} else if (f->kind == SONDE_COUNTED_NAME && len > head) {
		while (len > head && v.data[len - 1] == 0)
			len--;
		print_name(t, sonde_view(v.data + head, len - head));
	} else {
		sonde_text_hex(t, v);
	}
}

bool sonde_bytes_have_colons(const struct sonde_field *f, struct sonde_view v)
{
	return f->kind == SONDE_IP6_ADDR || f->kind == SONDE_MAC_ADDR ||
	       (f->kind == SONDE_AFI_ADDR && v.len > SONDE_IP6_LEN);
}

void sonde_bytes_print(struct sonde_text *t, const struct sonde_field *f, struct sonde_view v)
{
	if (f->kind == SONDE_AFI_ADDR || f->kind == SONDE_COUNTED_NAME) {
		print_own(t, f, v);
		return;
	}
	if (f->kind == SONDE_IP4_ADDR && v.len == SONDE_IP4_LEN) {
		struct sonde_addr a = sonde_addr4(v.data);
		print_address(t, &a);
	} else if (f->kind == SONDE_IP6_ADDR && v.len == SONDE_IP6_LEN) {
		struct sonde_addr a = sonde_addr6(v.data);
		print_address(t, &a);
	} else if (f->kind == SONDE_MAC_ADDR && v.len == SONDE_MAC_LEN) {
		char s[SONDE_MAC_STRLEN];
		sonde_text_str(t, sonde_mac_format(s, v.data));
	} else {
		if (f->kind == SONDE_ZEROS) {
			sonde_text_uint(t, v.len);
			return;
		}
		if (f->kind != SONDE_RAW)
			sonde_text_str(t, "0x");
		sonde_text_hex(t, v);
	}
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

void sonde_u128_bytes(uint8_t *out, size_t len, sonde_u128 v)
{
	for (size_t i = len; i-- > 0; v >>= 8)
		out[i] = (uint8_t)v;
}

static sonde_u128 u128_from(const uint8_t *bytes, size_t len)
{
	sonde_u128 v = 0;
	for (size_t i = 0; i < len; i++)
		v = v << 8 | bytes[i];
	return v;
}

bool sonde_value_named(uint64_t *out, const struct sonde_field *f, uint64_t by, const char *s, size_t len)
{
	uint32_t v;
	if (f->kind == SONDE_PORT) {
		if (!sonde_name_value(&v, sonde_port_names, s, len))
			return false;
		*out = v;
		return true;
	}
	if (f->kind != SONDE_NAMED)
		return false;
	const struct sonde_proto *p = f->space ? sonde_proto_by_name(s, len) : NULL;
	uint32_t number = p ? sonde_number_in(p, f->space, UINT32_MAX) : UINT32_MAX;
	if (number != UINT32_MAX) {
		*out = number;
		return true;
	}
	for (const struct sonde_name *n = f->names; n && n->name; n++) {
		bool same_set = !f->names_by || n->value >> 8 == by;
		if (same_set && strlen(n->name) == len && memcmp(n->name, s, len) == 0) {
			*out = f->names_by ? n->value & 0xff : n->value;
			return true;
		}
	}
	return false;
}

void sonde_value_offer_names(struct sonde_nearest *n, const struct sonde_field *f, uint64_t by)
{
	for (const struct sonde_name *i = f->names; i && i->name; i++)
		if (!f->names_by || i->value >> 8 == by)
			sonde_nearest_offer(n, i->name);
	for (const struct sonde_proto *const *p = sonde_protos; f->space && *p; p++)
		if (sonde_number_in(*p, f->space, UINT32_MAX) != UINT32_MAX)
			sonde_nearest_offer(n, (*p)->name);
	for (const struct sonde_name *i = sonde_port_names; f->kind == SONDE_PORT && i->name; i++)
		sonde_nearest_offer(n, i->name);
}

static int letters_parse(uint64_t *out, const struct sonde_field *f, const char *s, size_t len)
{
	*out = 0;
	for (size_t i = 0; i < len; i++) {
		uint32_t bit;
		if (!sonde_name_value(&bit, f->names, s + i, 1))
			return SONDE_E_SYNTAX;
		*out |= bit;
	}
	return len ? 0 : SONDE_E_SYNTAX;
}

static int words_parse(uint64_t *out, const struct sonde_field *f, const char *s, size_t len)
{
	*out = 0;
	for (const char *end = s + len;; s++) {
		const char *plus = memchr(s, '+', (size_t)(end - s));
		size_t n = (size_t)((plus ? plus : end) - s);
		uint32_t bit;
		if (!sonde_name_value(&bit, f->names, s, n))
			return SONDE_E_SYNTAX;
		*out |= bit;
		if (!plus)
			return 0;
		s = plus;
	}
}

/* Numbers joined by a character: what spans and labels are made of. */
static int parts_parse(uint64_t *parts, unsigned n_parts, char joint, const char *s, size_t len)
{
	for (unsigned i = 0; i < n_parts; i++) {
		const char *end = i + 1 < n_parts ? memchr(s, joint, len) : s + len;
		if (!end)
			return SONDE_E_SYNTAX;
		int err = sonde_uint_parse(&parts[i], s, (size_t)(end - s));
		if (err)
			return err;
		len -= (size_t)(end - s) + (i + 1 < n_parts);
		s = end + 1;
	}
	return 0;
}

static int span_parse(uint64_t *out, unsigned half, const char *s, size_t len)
{
	uint64_t v[2];
	int err = parts_parse(v, 2, '-', s, len);
	if (err)
		return err;
	*out = v[0] << half | v[1];
	return (v[0] | v[1]) >> half ? SONDE_E_RANGE : 0;
}

static int label_parse(uint64_t *out, const char *s, size_t len)
{
	uint64_t v[4];
	int err = parts_parse(v, 4, '/', s, len);
	if (err)
		return err;
	*out = v[0] << 12 | v[1] << 9 | v[2] << 8 | v[3];
	return v[0] >> 20 || v[1] > 7 || v[2] > 1 || v[3] > 255 ? SONDE_E_RANGE : 0;
}

static int signed_parse(uint64_t *out, unsigned width, const char *s, size_t len)
{
	if (len == 0 || *s != '-')
		return sonde_uint_parse(out, s, len);
	int err = sonde_uint_parse(out, s + 1, len - 1);
	if (err)
		return err;
	if (*out > UINT64_C(1) << (width - 1))
		return SONDE_E_RANGE;
	*out = (UINT64_C(0) - *out) & (~UINT64_C(0) >> (64 - width));
	return 0;
}

static int scalar_parse(uint64_t *v, const struct sonde_field *f, uint64_t by, const char *s, size_t len)
{
	int err = sonde_uint_parse(v, s, len);
	if (err != SONDE_E_SYNTAX)
		return err;
	if (sonde_value_named(v, f, by, s, len))
		return 0;
	switch (f->kind) {
	case SONDE_LETTERS: return letters_parse(v, f, s, len);
	case SONDE_WORDS: return words_parse(v, f, s, len);
	case SONDE_SPAN: return span_parse(v, SONDE_WIDTH(f->place) / 2, s, len);
	case SONDE_LABEL: return label_parse(v, s, len);
	case SONDE_SIGNED: return signed_parse(v, SONDE_WIDTH(f->place), s, len);
	default: return SONDE_E_SYNTAX;
	}
}

static int ip_parse(struct sonde_value *out, uint8_t family, const char *s, size_t len)
{
	struct sonde_addr a;
	int err = sonde_addr_parse(&a, NULL, s, len);
	if (err)
		return err;
	if (a.family != family)
		return SONDE_E_KIND;
	out->len = (uint8_t)sonde_addr_len(&a);
	out->number = u128_from(a.bytes, out->len);
	return 0;
}

static int bytes_parse(struct sonde_value *out, const struct sonde_field *f, const char *s, size_t len)
{
	uint8_t mac[SONDE_MAC_LEN];
	switch (f->kind) {
	case SONDE_IP4_ADDR: return ip_parse(out, SONDE_IP4, s, len);
	case SONDE_IP6_ADDR: return ip_parse(out, SONDE_IP6, s, len);
	case SONDE_MAC_ADDR:
		if (sonde_mac_parse(mac, s, len))
			return SONDE_E_SYNTAX;
		out->len = sizeof mac;
		out->number = u128_from(mac, sizeof mac);
		return 0;
	default: return SONDE_E_SYNTAX;
	}
}

int sonde_value_parse(struct sonde_value *out, const struct sonde_field *f, uint64_t by, const char *s, size_t len)
{
	*out = (struct sonde_value){ 0, 0 };
	if (f->shape != SONDE_SCALAR)
		return bytes_parse(out, f, s, len);
	uint64_t v = 0;
	int err = scalar_parse(&v, f, by, s, len);
	if (err)
		return err;
	out->number = v;
	unsigned width = SONDE_WIDTH(f->place);
	return width < 64 && v >> width ? SONDE_E_RANGE : 0;
}
