#include "base/addr.h"
#include "proto/kind.h"

/* --- IP ---------------------------------------------------------------------------------------------------------- */

static void print_addr(struct sonde_text *t, const uint8_t *bytes, size_t len)
{
	char s[SONDE_ADDR_STRLEN];
	struct sonde_addr a = len == SONDE_IP4_LEN ? sonde_addr4(bytes) : sonde_addr6(bytes);
	sonde_text_str(t, sonde_addr_format(s, &a));
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

static bool ip4_print(struct sonde_text *t, const struct sonde_spot *spot, struct sonde_view v)
{
	(void)spot;
	if (v.len == SONDE_IP4_LEN)
		print_addr(t, v.data, v.len);
	return v.len == SONDE_IP4_LEN;
}

static int ip4_parse(struct sonde_buf *out, const struct sonde_spot *spot, const char *s, size_t len)
{
	(void)spot;
	return parse_addr(out, SONDE_IP4, s, len);
}

const struct sonde_kind sonde_kind_ip4 = {
	.name = "IPv4", .expected = "not an IPv4 address", .family = SONDE_IP4, .bytes = SONDE_IP4_LEN,
	.print_bytes = ip4_print, .parse_bytes = ip4_parse,
};

static bool ip6_print(struct sonde_text *t, const struct sonde_spot *spot, struct sonde_view v)
{
	(void)spot;
	if (v.len == SONDE_IP6_LEN)
		print_addr(t, v.data, v.len);
	return v.len == SONDE_IP6_LEN;
}

static int ip6_parse(struct sonde_buf *out, const struct sonde_spot *spot, const char *s, size_t len)
{
	(void)spot;
	return parse_addr(out, SONDE_IP6, s, len);
}

const struct sonde_kind sonde_kind_ip6 = {
	.name = "IPv6", .expected = "not an IPv6 address", .family = SONDE_IP6, .bytes = SONDE_IP6_LEN,
	.print_bytes = ip6_print, .parse_bytes = ip6_parse,
};

/* --- MAC --------------------------------------------------------------------------------------------------------- */

static bool mac_print(struct sonde_text *t, const struct sonde_spot *spot, struct sonde_view v)
{
	char s[SONDE_MAC_STRLEN];
	(void)spot;
	if (v.len == SONDE_MAC_LEN)
		sonde_text_str(t, sonde_mac_format(s, v.data));
	return v.len == SONDE_MAC_LEN;
}

static int mac_parse(struct sonde_buf *out, const struct sonde_spot *spot, const char *s, size_t len)
{
	uint8_t mac[SONDE_MAC_LEN];
	(void)spot;
	if (sonde_mac_parse(mac, s, len))
		return SONDE_E_SYNTAX;
	return sonde_buf_put(out, sonde_view(mac, sizeof mac)) ? 0 : SONDE_E_SPACE;
}

const struct sonde_kind sonde_kind_mac = {
	.name = "MAC", .expected = "not a MAC address, such as 02:00:00:00:00:01", .bytes = SONDE_MAC_LEN,
	.print_bytes = mac_print, .parse_bytes = mac_parse,
};

/* --- An address behind the number of its family ------------------------------------------------------------------ */

#define AFI_HEAD 4 /* the family as IANA numbers it, and two zeros */

static size_t afi_measure(struct sonde_view there)
{
	uint16_t afi = there.len >= AFI_HEAD ? sonde_get_be16(there.data) : 0;
	size_t len = afi == 1 ? AFI_HEAD + SONDE_IP4_LEN : afi == 2 ? AFI_HEAD + SONDE_IP6_LEN : 0;
	return len <= there.len ? len : 0;
}

static bool afi_print(struct sonde_text *t, const struct sonde_spot *spot, struct sonde_view v)
{
	(void)spot;
	if (afi_measure(v) != v.len || v.data[2] || v.data[3])
		return false;
	print_addr(t, v.data + AFI_HEAD, v.len - AFI_HEAD);
	return true;
}

static int afi_parse(struct sonde_buf *out, const struct sonde_spot *spot, const char *s, size_t len)
{
	struct sonde_addr a;
	(void)spot;
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
