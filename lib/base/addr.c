#include "base/addr.h"

#include "base/error.h"

#define N_GROUPS 8 /* of an IPv6 address, 16 bits each */

struct sonde_addr sonde_addr4(const uint8_t bytes[static 4])
{
	struct sonde_addr a = { .family = SONDE_IP4 };
	memcpy(a.bytes, bytes, 4);
	return a;
}

struct sonde_addr sonde_addr6(const uint8_t bytes[static 16])
{
	struct sonde_addr a = { .family = SONDE_IP6 };
	memcpy(a.bytes, bytes, 16);
	return a;
}

bool sonde_addr_equal(const struct sonde_addr *a, const struct sonde_addr *b)
{
	return sonde_addr_compare(a, b) == 0;
}

int sonde_addr_compare(const struct sonde_addr *a, const struct sonde_addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	int order = memcmp(a->bytes, b->bytes, sonde_addr_len(a));
	if (order != 0)
		return order;
	return a->scope < b->scope ? -1 : a->scope > b->scope;
}

int sonde_endpoint_compare(const struct sonde_endpoint *a, const struct sonde_endpoint *b)
{
	int order = sonde_addr_compare(&a->addr, &b->addr);
	return order ? order : a->port - b->port;
}

bool sonde_prefix_has(const struct sonde_prefix *p, const struct sonde_addr *a)
{
	size_t whole = p->bits / 8;
	unsigned rest = p->bits % 8;
	if (a->family != p->addr.family || memcmp(a->bytes, p->addr.bytes, whole) != 0)
		return false;
	return rest == 0 || (a->bytes[whole] ^ p->addr.bytes[whole]) >> (8 - rest) == 0;
}

bool sonde_prefix_broadcasts(const struct sonde_prefix *p, const struct sonde_addr *a)
{
	const unsigned longest = 30;
	if (a->family != SONDE_IP4 || p->bits > longest || !sonde_prefix_has(p, a))
		return false;
	uint32_t host_bits = UINT32_MAX >> p->bits;
	return (sonde_get_be32(a->bytes) & host_bits) == host_bits;
}

#define PREFIX4(n, ...) { { .family = SONDE_IP4, .bytes = { __VA_ARGS__ } }, n }
#define PREFIX6(n, ...) { { .family = SONDE_IP6, .bytes = { __VA_ARGS__ } }, n }

static const struct sonde_prefix link_local[] = {
	PREFIX4(16, 169, 254),
	PREFIX6(10, 0xfe, 0x80),
};

static const struct sonde_prefix multicast[] = {
	PREFIX4(4, 224),
	PREFIX6(8, 0xff),
};

static const struct sonde_prefix unspecified[] = {
	PREFIX4(32, 0),
	PREFIX6(128, 0),
};

static const struct sonde_prefix own[] = {
	PREFIX4(8, 127),                    /* loopback */
	PREFIX4(16, 169, 254),              /* link-local */
	PREFIX4(8, 10),                     /* RFC 1918 */
	PREFIX4(12, 172, 16),               /* RFC 1918 */
	PREFIX4(16, 192, 168),              /* RFC 1918 */
	PREFIX4(10, 100, 64),               /* RFC 6598 */
	PREFIX4(15, 198, 18),               /* RFC 2544 */
	PREFIX4(24, 192, 0, 2),             /* RFC 5737 */
	PREFIX4(24, 198, 51, 100),          /* RFC 5737 */
	PREFIX4(24, 203, 0, 113),           /* RFC 5737 */
	PREFIX6(128, [15] = 1),             /* loopback */
	PREFIX6(10, 0xfe, 0x80),            /* link-local */
	PREFIX6(7, 0xfc),                   /* RFC 4193 */
	PREFIX6(32, 0x20, 0x01, 0x0d, 0xb8), /* RFC 3849 */
};

static bool any_has(const struct sonde_prefix *prefixes, size_t n, const struct sonde_addr *a)
{
	for (size_t i = 0; i < n; i++)
		if (sonde_prefix_has(&prefixes[i], a))
			return true;
	return false;
}

#define ANY_HAS(table, a) any_has(table, sizeof table / sizeof table[0], a)

bool sonde_addr_is_link_local(const struct sonde_addr *a)
{
	return ANY_HAS(link_local, a);
}

bool sonde_addr_is_multicast(const struct sonde_addr *a)
{
	return ANY_HAS(multicast, a);
}

bool sonde_addr_is_unspecified(const struct sonde_addr *a)
{
	return ANY_HAS(unspecified, a);
}

bool sonde_addr_is_own_range(const struct sonde_addr *a)
{
	return ANY_HAS(own, a);
}

/* A decimal number up to max. Leading zeros are refused: some programs read such a number as octal. */
static int read_part(uint8_t *out, const char *s, size_t len, unsigned max)
{
	unsigned v = 0;
	if (len == 0 || (len > 1 && s[0] == '0'))
		return SONDE_E_SYNTAX;
	for (size_t i = 0; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return SONDE_E_SYNTAX;
		if (v <= max)
			v = v * 10 + (unsigned)(s[i] - '0');
	}
	if (v > max)
		return SONDE_E_RANGE;
	*out = (uint8_t)v;
	return 0;
}

/* The bytes of s before the first c, or len. */
static size_t length_to(const char *s, size_t len, char c)
{
	const char *at = len ? memchr(s, c, len) : NULL;
	return at ? (size_t)(at - s) : len;
}

static bool parse4(uint8_t bytes[static 4], const char *s, size_t len)
{
	for (int i = 0; i < 4; i++) {
		size_t part = i < 3 ? length_to(s, len, '.') : len;
		if (read_part(&bytes[i], s, part, 255) < 0 || (i < 3 && part == len))
			return false;
		s += part + (i < 3);
		len -= part + (i < 3);
	}
	return true;
}

/* One to four hexadecimal digits. */
static bool parse_group(uint8_t out[static 2], const char *s, size_t len)
{
	char digits[4] = { '0', '0', '0', '0' };
	struct sonde_buf b = { .data = out, .cap = 2 };
	if (len == 0 || len > 4)
		return false;
	memcpy(digits + 4 - len, s, len);
	return sonde_hex_parse(&b, digits, 4) == 0;
}

/* Groups joined by colons, the last two possibly in IPv4 form. Returns the number of bytes they fill, at most 16, or
 * -1. */
static int parse_groups(uint8_t out[static 16], const char *s, size_t len)
{
	int filled = 0;
	while (len > 0) {
		size_t part = length_to(s, len, ':');
		bool last = part == len;
		if (last && filled <= 12 && parse4(out + filled, s, len))
			return filled + 4;
		if (filled == 16 || part + 1 == len || !parse_group(out + filled, s, part))
			return -1;
		filled += 2;
		s += part + !last;
		len -= part + !last;
	}
	return filled;
}

/* Where the first :: in s starts, or len. */
static size_t find_gap(const char *s, size_t len)
{
	for (size_t i = 0; i + 1 < len; i++)
		if (s[i] == ':' && s[i + 1] == ':')
			return i;
	return len;
}

static bool parse6(uint8_t bytes[static 16], const char *s, size_t len)
{
	uint8_t tail[16];
	size_t gap = find_gap(s, len);
	if (gap == len)
		return parse_groups(bytes, s, len) == 16;
	/* An IPv4 part must be the last one. */
	if (memchr(s, '.', gap + 1))
		return false;
	int front = parse_groups(bytes, s, gap);
	int back = parse_groups(tail, s + gap + 2, len - gap - 2);
	if (front < 0 || back < 0 || front + back > 14)
		return false;
	memset(bytes + front, 0, (size_t)(16 - front - back));
	memcpy(bytes + 16 - back, tail, (size_t)back);
	return true;
}

int sonde_addr_parse(struct sonde_addr *out, struct sonde_view *zone, const char *s, size_t len)
{
	struct sonde_addr a = { .family = SONDE_IP4 };
	size_t without_zone = length_to(s, len, '%');
	if (zone)
		*zone = sonde_view(NULL, 0);
	if (without_zone < len && (!zone || without_zone + 1 == len))
		return SONDE_E_SYNTAX;
	if (length_to(s, without_zone, ':') < without_zone) {
		a.family = SONDE_IP6;
		if (!parse6(a.bytes, s, without_zone))
			return SONDE_E_SYNTAX;
	} else if (without_zone < len || !parse4(a.bytes, s, len)) {
		return SONDE_E_SYNTAX;
	}
	if (zone && without_zone < len)
		*zone = sonde_view(s + without_zone + 1, len - without_zone - 1);
	*out = a;
	return 0;
}

int sonde_prefix_parse(struct sonde_prefix *out, const char *s, size_t len)
{
	struct sonde_prefix p;
	size_t slash = length_to(s, len, '/');
	int r = sonde_addr_parse(&p.addr, NULL, s, slash);
	if (r < 0)
		return r;
	p.bits = (uint8_t)(8 * sonde_addr_len(&p.addr));
	if (slash < len)
		r = read_part(&p.bits, s + slash + 1, len - slash - 1, p.bits);
	if (r < 0)
		return r;
	*out = p;
	return 0;
}

int sonde_mac_parse(uint8_t out[static SONDE_MAC_LEN], const char *s, size_t len)
{
	uint8_t mac[SONDE_MAC_LEN];
	struct sonde_buf b = { .data = mac, .cap = sizeof mac };
	if (len != SONDE_MAC_STRLEN - 1 || (s[2] != ':' && s[2] != '-'))
		return SONDE_E_SYNTAX;
	for (size_t i = 0; i < len; i += 3)
		if (sonde_hex_parse(&b, s + i, 2) < 0 || (i + 2 < len && s[i + 2] != s[2]))
			return SONDE_E_SYNTAX;
	memcpy(out, mac, sizeof mac);
	return 0;
}

/* Write a number of up to three digits. Returns where it ends. */
static char *format_octet(char *out, unsigned v)
{
	if (v >= 100)
		*out++ = (char)('0' + v / 100);
	if (v >= 10)
		*out++ = (char)('0' + v / 10 % 10);
	*out++ = (char)('0' + v % 10);
	return out;
}

static void format4(struct sonde_text *t, const uint8_t bytes[static 4])
{
	char out[16], *end = format_octet(out, bytes[0]);
	for (int i = 1; i < 4; i++) {
		*end++ = '.';
		end = format_octet(end, bytes[i]);
	}
	sonde_text_mem(t, out, (size_t)(end - out));
}

/* The longest run of two or more zero groups, the first of equals (RFC 5952, section 4.2). Returns its length and sets
 * *start, or returns 0. */
static int longest_zeros(int *start, const uint8_t bytes[static 16])
{
	int best = 1, run = 0;
	for (int i = 0; i < N_GROUPS; i++) {
		run = sonde_get_be16(bytes + 2 * i) == 0 ? run + 1 : 0;
		if (run > best) {
			best = run;
			*start = i - run + 1;
		}
	}
	return best > 1 ? best : 0;
}

static void format_group(struct sonde_text *t, uint16_t group)
{
	char digits[4];
	size_t at = sizeof digits;
	do {
		digits[--at] = "0123456789abcdef"[group & 0xf];
		group >>= 4;
	} while (group);
	sonde_text_mem(t, digits + at, sizeof digits - at);
}

static void format_groups(struct sonde_text *t, const uint8_t *bytes, int n)
{
	for (int i = 0; i < n; i++) {
		if (i > 0)
			sonde_text_char(t, ':');
		format_group(t, sonde_get_be16(bytes + 2 * i));
	}
}

static void format6(struct sonde_text *t, const uint8_t bytes[static 16])
{
	int start = N_GROUPS;
	int zeros = longest_zeros(&start, bytes);
	if (zeros == 5 && sonde_get_be16(bytes + 10) == 0xffff) {
		sonde_text_str(t, "::ffff:");
		format4(t, bytes + 12);
		return;
	}
	format_groups(t, bytes, start);
	if (zeros) {
		sonde_text_str(t, "::");
		format_groups(t, bytes + 2 * (start + zeros), N_GROUPS - start - zeros);
	}
}

void sonde_addr_print(struct sonde_text *t, const struct sonde_addr *a)
{
	if (a->family == SONDE_IP4)
		format4(t, a->bytes);
	else if (a->family == SONDE_IP6)
		format6(t, a->bytes);
	else
		sonde_text_char(t, '-');
	if (a->scope)
		sonde_text_fmt(t, "%%%u", a->scope);
}

char *sonde_addr_format(char out[static SONDE_ADDR_STRLEN], const struct sonde_addr *a)
{
	struct sonde_text t = sonde_text(out, SONDE_ADDR_STRLEN);
	sonde_addr_print(&t, a);
	return out;
}

void sonde_mac_print(struct sonde_text *t, const uint8_t mac[static SONDE_MAC_LEN])
{
	char digits[2 * SONDE_MAC_LEN], out[3 * SONDE_MAC_LEN];
	sonde_hex_digits(digits, sonde_view(mac, SONDE_MAC_LEN));
	for (int i = 0; i < SONDE_MAC_LEN; i++) {
		out[3 * i] = digits[2 * i];
		out[3 * i + 1] = digits[2 * i + 1];
		out[3 * i + 2] = ':';
	}
	sonde_text_mem(t, out, sizeof out - 1);
}

char *sonde_mac_format(char out[static SONDE_MAC_STRLEN], const uint8_t mac[static SONDE_MAC_LEN])
{
	struct sonde_text t = sonde_text(out, SONDE_MAC_STRLEN);
	sonde_mac_print(&t, mac);
	return out;
}

char *sonde_endpoint_format(char out[static SONDE_ENDPOINT_STRLEN], const struct sonde_endpoint *e)
{
	struct sonde_text t = sonde_text(out, SONDE_ENDPOINT_STRLEN);
	bool brackets = e->addr.family == SONDE_IP6;
	if (brackets)
		sonde_text_char(&t, '[');
	sonde_addr_print(&t, &e->addr);
	sonde_text_str(&t, brackets ? "]:" : ":");
	sonde_text_uint(&t, e->port);
	return out;
}
