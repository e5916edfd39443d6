#include "base/addr.h"
#include "proto/proto.h"

/* --- IP ---------------------------------------------------------------------------------------------------------- */

static void print_addr(struct sonde_text *t, const uint8_t *bytes, size_t len)
{
	struct sonde_addr a = len == SONDE_IP4_LEN ? sonde_addr4(bytes) : sonde_addr6(bytes);
	sonde_addr_print(t, &a);
}

static int parse_addr(struct sonde_buf *out, uint8_t family, const char *s, size_t len)
{
	struct sonde_addr a;
	if (sonde_addr_parse(&a, NULL, s, len))
		return SONDE_E_SYNTAX;
	if (a.family != family)
		return SONDE_E_KIND;
	return sonde_buf_put(out, sonde_addr_view(&a)) ? 0 : SONDE_E_SPACE;
}

static bool ip4_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len == SONDE_IP4_LEN)
		print_addr(t, v.data, v.len);
	return v.len == SONDE_IP4_LEN;
}

static int ip4_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	(void)ctx;
	return parse_addr(out, SONDE_IP4, s, len);
}

const struct sonde_kind sonde_kind_ip4 = {
	.name = "IPv4", .expected = "not an IPv4 address", .family = SONDE_IP4, .bytes = SONDE_IP4_LEN,
	.print_bytes = ip4_print, .parse_bytes = ip4_parse,
};

static bool ip6_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len == SONDE_IP6_LEN)
		print_addr(t, v.data, v.len);
	return v.len == SONDE_IP6_LEN;
}

static int ip6_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	(void)ctx;
	return parse_addr(out, SONDE_IP6, s, len);
}

const struct sonde_kind sonde_kind_ip6 = {
	.name = "IPv6", .expected = "not an IPv6 address", .family = SONDE_IP6, .bytes = SONDE_IP6_LEN,
	.print_bytes = ip6_print, .parse_bytes = ip6_parse,
};

/* --- MAC --------------------------------------------------------------------------------------------------------- */

static bool mac_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (v.len == SONDE_MAC_LEN)
		sonde_mac_print(t, v.data);
	return v.len == SONDE_MAC_LEN;
}

static int mac_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	uint8_t mac[SONDE_MAC_LEN];
	(void)ctx;
	if (sonde_mac_parse(mac, s, len))
		return SONDE_E_SYNTAX;
	return sonde_buf_put(out, sonde_view(mac, sizeof mac)) ? 0 : SONDE_E_SPACE;
}

const struct sonde_kind sonde_kind_mac = {
	.name = "MAC", .expected = "not a MAC address, such as 02:00:00:00:00:01", .bytes = SONDE_MAC_LEN,
	.print_bytes = mac_print, .parse_bytes = mac_parse,
};

/* In a field with room for longer addresses. */
static bool mac_padded_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	bool padded = v.len * 8 == SONDE_WIDTH(ctx->row->place) &&
		      sonde_view_is_zero(sonde_view_sub(v, SONDE_MAC_LEN, v.len));
	return padded && mac_print(t, ctx, sonde_view_sub(v, 0, SONDE_MAC_LEN));
}

static int mac_padded_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	size_t left = SONDE_WIDTH(ctx->row->place) / 8 - SONDE_MAC_LEN;
	int err = mac_parse(out, ctx, s, len);
	uint8_t *at = err ? NULL : sonde_buf_extend(out, left);
	if (!at)
		return err ? err : SONDE_E_SPACE;
	memset(at, 0, left);
	return 0;
}

const struct sonde_kind sonde_kind_mac_padded = {
	.name = "MAC", .expected = "not a MAC address, such as 02:00:00:00:00:01",
	.print_bytes = mac_padded_print, .parse_bytes = mac_padded_parse,
};

/* --- A prefix ---------------------------------------------------------------------------------------------------- */

static size_t prefix4_measure(struct sonde_view there)
{
	size_t bits = there.data[0], len = 1 + (bits + 7) / 8;
	return bits <= 8 * SONDE_IP4_LEN && len <= there.len ? len : 0;
}

/* Bits after the prefix must be 0, since the text does not have them. */
static bool prefix4_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	uint8_t addr[SONDE_IP4_LEN] = { 0 };
	(void)ctx;
	if (v.len == 0 || prefix4_measure(v) != v.len)
		return false;
	unsigned bits = v.data[0];
	memcpy(addr, v.data + 1, v.len - 1);
	if (bits < 32 && sonde_get_be32(addr) << bits)
		return false;
	print_addr(t, addr, sizeof addr);
	sonde_text_fmt(t, "/%u", bits);
	return true;
}

static int prefix4_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	struct sonde_addr a;
	uint64_t bits;
	const char *slash = memchr(s, '/', len);
	size_t head = slash ? (size_t)(slash - s) : len;
	(void)ctx;
	if (!slash || sonde_addr_parse(&a, NULL, s, head) || a.family != SONDE_IP4 ||
	    sonde_uint_parse(&bits, slash + 1, len - head - 1))
		return SONDE_E_SYNTAX;
	if (bits > 8 * SONDE_IP4_LEN || (bits < 32 && sonde_get_be32(a.bytes) << bits))
		return SONDE_E_RANGE;
	uint8_t head_byte = (uint8_t)bits;
	bool fits = sonde_buf_put(out, sonde_view(&head_byte, 1)) &&
		    sonde_buf_put(out, sonde_view(a.bytes, (bits + 7) / 8));
	return fits ? 0 : SONDE_E_SPACE;
}

const struct sonde_kind sonde_kind_prefix4 = {
	.name = "prefix", .expected = "not an IPv4 prefix, such as 10.0.0.0/8, with no bits behind it",
	.print_bytes = prefix4_print, .parse_bytes = prefix4_parse, .measure = prefix4_measure,
	.empty = { (const uint8_t *)"", 1 },
};

/* --- An address behind the number of its family ------------------------------------------------------------------ */

#define AFI_HEAD 4 /* address family by IANA, and two zeros */

static size_t afi_measure(struct sonde_view there)
{
	uint16_t afi = there.len >= AFI_HEAD ? sonde_get_be16(there.data) : 0;
	size_t len = afi == 1 ? AFI_HEAD + SONDE_IP4_LEN : afi == 2 ? AFI_HEAD + SONDE_IP6_LEN : 0;
	return len <= there.len ? len : 0;
}

static bool afi_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	(void)ctx;
	if (afi_measure(v) != v.len || v.data[2] || v.data[3])
		return false;
	print_addr(t, v.data + AFI_HEAD, v.len - AFI_HEAD);
	return true;
}

static int afi_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	struct sonde_addr a;
	(void)ctx;
	if (sonde_addr_parse(&a, NULL, s, len))
		return SONDE_E_SYNTAX;
	uint8_t *at = sonde_buf_extend(out, AFI_HEAD + sonde_addr_len(&a));
	if (!at)
		return SONDE_E_SPACE;
	sonde_put_be32(at, (a.family == SONDE_IP4 ? 1u : 2u) << 16);
	memcpy(at + AFI_HEAD, a.bytes, sonde_addr_len(&a));
	return 0;
}

const struct sonde_kind sonde_kind_afi = {
	.name = "address", .expected = "an address expected",
	.print_bytes = afi_print, .parse_bytes = afi_parse, .measure = afi_measure,
	.empty = { (const uint8_t *)"\0\1\0\0\0\0\0", 8 },
};
