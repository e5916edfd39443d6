#include "proto/vrrp.h"

#include "base/addr.h"
#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN  8
#define NUMBER   112
#define VERSION2 2

/* --- Addresses --------------------------------------------------------------------------------------------------- */

/* IPv4 or IPv6 addresses, joined by +. ctx->by is the number of addresses, which decides between them. */
static bool addrs_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	size_t size = ctx->by ? v.len / ctx->by : 0;
	if ((size != SONDE_IP4_LEN && size != SONDE_IP6_LEN) || size * ctx->by != v.len)
		return false;
	for (size_t at = 0; at < v.len; at += size) {
		struct sonde_addr a = size == SONDE_IP4_LEN ? sonde_addr4(v.data + at) : sonde_addr6(v.data + at);
		sonde_text_str(t, at ? "+" : "");
		sonde_addr_print(t, &a);
	}
	return true;
}

static int addrs_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	(void)ctx;
	for (const char *end = s + len;;) {
		struct sonde_addr a;
		const char *plus = memchr(s, '+', (size_t)(end - s));
		if (sonde_addr_parse(&a, NULL, s, (size_t)((plus ? plus : end) - s)))
			return SONDE_E_SYNTAX;
		if (!sonde_buf_put(out, sonde_addr_view(&a)))
			return SONDE_E_SPACE;
		if (!plus)
			return 0;
		s = plus + 1;
	}
}

static const struct sonde_kind addrs = {
	.name = "addresses", .expected = "addresses expected, joined by +",
	.print_bytes = addrs_print, .parse_bytes = addrs_parse,
};

/* --- The header -------------------------------------------------------------------------------------------------- */

static const struct sonde_name types[] = { { 1, "advertisement" }, { 0 } };
static const struct sonde_name auth_types[] = { { 0, "none" }, { 1, "simple" }, { 2, "ah" }, { 0 } };

#define IN_2     .when = SONDE_WHEN_IS(SONDE_VRRP_VERSION, VERSION2, 1 << 0)
#define NOT_IN_2 .when = SONDE_WHEN_IS_NOT(SONDE_VRRP_VERSION, VERSION2, 1 << 0)

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_VRRP_VERSION, .value = 3, .help = "2 or 3"),
	SCALAR("type", SONDE_VRRP_TYPE, KIND(named), .names = types, .value = 1, .help = "advertisement"),
	SCALAR("vrid", SONDE_VRRP_VRID, .alias = "virt_rtr_id", .always = true, .help = "virtual router"),
	SCALAR("priority", SONDE_VRRP_PRIORITY, .alias = "prio", .value = 100,
		.help = "255: owner of the addresses, 0: leaves"),
	SCALAR("count", SONDE_VRRP_COUNT, .alias = "ipcount addr_count", .open = SONDE_COMPUTED, .help = "addresses"),
	SCALAR("rsvd", SONDE_VRRP_RSVD, KIND(hex), NOT_IN_2, .help = "must be 0"),
	SCALAR("advint", SONDE_VRRP_ADVINT, .alias = "adv adver_int", .value = 100, NOT_IN_2,
		.help = "time between advertisements, 1/100 s; version 2: seconds"),
	SCALAR("authtype", SONDE_VRRP_AUTHTYPE, .alias = "auth_type", KIND(named), .names = auth_types, IN_2,
		.help = "0: none; others are obsolete"),
	SCALAR("advint", SONDE_VRRP_ADVINT2, .value = 1, IN_2, .help = "seconds between advertisements"),
	SCALAR("checksum", SONDE_VRRP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the message; version 3: and a pseudo-header"),
	BYTES("addrs", SONDE_VRRP_ADDRS2, .alias = "addrlist", .kind = &addrs, .names_by = SONDE_VRRP_COUNT, IN_2,
		.len_from = SONDE_VRRP_COUNT, .unit = SONDE_IP4_LEN,
		.help = "addresses of the virtual router, joined by +"),
	BYTES("auth", SONDE_VRRP_AUTH, KIND(padded), IN_2, .help = "authentication data"),
	BYTES("addrs", SONDE_VRRP_ADDRS, .kind = &addrs, .names_by = SONDE_VRRP_COUNT, NOT_IN_2,
		.help = "addresses of the virtual router, joined by +"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* In version 3, only the enclosing layer defines the size of an address. In version 2, the count is derived from the
 * bytes. */
static void finish(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	uint32_t size = l > c->first ? SONDE_WIDTH(l[-1].proto->dst_place) / 8 : 0;
	if (sonde_get(sonde_header(c), SONDE_VRRP_VERSION) != VERSION2)
		sonde_fill(c, SONDE_VRRP_COUNT, (l->header_len - MIN_LEN) / (size ? size : SONDE_IP4_LEN));
}

static uint32_t checksum(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	bool pseudo = sonde_get(sonde_header(c), SONDE_VRRP_VERSION) != VERSION2;
	uint64_t sum = pseudo ? sonde_pseudo_sum(c, NUMBER, l->total_len) : 0;
	return sonde_layer_checksum(c, SONDE_VRRP_CHECKSUM, MIN_LEN, sum, l->have_len);
}

static uint8_t ttl(const uint8_t *header)
{
	(void)header;
	return 255;
}

const struct sonde_proto sonde_vrrp = {
	.name = "vrrp", .title = "Virtual Router Redundancy Protocol", .source = "RFC 5798, RFC 3768",
	.example = "ip dst=224.0.0.18 / vrrp vrid=7 addrs=10.0.0.1+10.0.0.2",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, NUMBER } },
	.checksum_place = SONDE_VRRP_CHECKSUM,
	.measure = measure, .finish = finish, .checksum = checksum, .ttl = ttl,
};
