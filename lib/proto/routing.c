#include "proto/routing.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN  8
#define ADDR_LEN 16

#define PLAIN SONDE_WHEN_IS(SONDE_ROUTING_TYPE, 0, 1 << 0 | 1 << 2)
#define RPL   SONDE_WHEN_IS(SONDE_ROUTING_TYPE, 0, 1 << 3)
#define SRH   SONDE_WHEN_IS(SONDE_ROUTING_TYPE, 0, 1 << 4)
#define OTHER SONDE_WHEN_IS_NOT(SONDE_ROUTING_TYPE, 0, 1 << 0 | 1 << 2 | 1 << 3 | 1 << 4)

static const struct sonde_field address[] = {
	BYTES("addr", SONDE_FIELD(0, 0, 128), KIND(ip6), .help = "address"),
	{ 0 },
};

static const struct sonde_list addresses = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = address), { 0 } },
};

static const struct sonde_field hmac[] = {
	SCALAR("flags", SONDE_FIELD(0, 16, 16), KIND(hex), .help = "D bit and reserved"),
	SCALAR("keyid", SONDE_FIELD(1, 32, 32), .help = "key"),
	BYTES("hmac", SONDE_FIELD(2, 64, 0), KIND(raw), .help = "message authentication code"),
	{ 0 },
};

static const struct sonde_field padding[] = {
	BYTES("zeros", SONDE_FIELD(0, 16, 0), KIND(zeros), .help = "how many zero bytes"),
	{ 0 },
};

static const struct sonde_list tlvs = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2, .n_singles = 1,
	.list_align = 8, .fill = SONDE_FILL_PADN, .padn = 4,
	.items = (const struct sonde_item[]) {
		ITEM("pad1", 0), ITEM("padn", 4, .fields = padding), ITEM("hmac", 5, .fields = hmac), { 0 },
	},
};

static const struct sonde_name types[] = {
	{ 0, "source" }, { 2, "mobile" }, { 3, "rpl" }, { 4, "segment" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_ROUTING_NEXT, .alias = "nh", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("length", SONDE_ROUTING_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "8-byte units after the first"),
	SCALAR("type", SONDE_ROUTING_TYPE, KIND(named), .names = types, .value = 4, .always = true,
		.help = "source, mobile, rpl, segment"),
	SCALAR("segleft", SONDE_ROUTING_SEGLEFT, .alias = "segments_left", .open = SONDE_COMPUTED,
		.help = "segments left; default: as the source sends it"),
	SCALAR("reserved", SONDE_ROUTING_RESERVED, .when = PLAIN, .help = "must be 0"),
	LIST("addrs", SONDE_ROUTING_ADDRS, .alias = "addresses", .list = &addresses, .when = PLAIN,
		.help = "addresses to visit"),
	SCALAR("cmpri", SONDE_ROUTING_CMPRI, .when = RPL, .help = "bytes left out of all addresses but the last"),
	SCALAR("cmpre", SONDE_ROUTING_CMPRE, .when = RPL, .help = "bytes left out of the last address"),
	SCALAR("pad", SONDE_ROUTING_PAD, .when = RPL, .help = "bytes of padding after the addresses"),
	SCALAR("reserved", SONDE_ROUTING_RPL_RSV, .when = RPL, .help = "must be 0"),
	BYTES("vector", SONDE_ROUTING_VECTOR, KIND(raw), .when = RPL,
		.help = "compressed addresses and padding"),
	SCALAR("last", SONDE_ROUTING_LAST, .alias = "lastentry", .open = SONDE_COMPUTED, .when = SRH,
		.help = "index of the last segment"),
	SCALAR("flags", SONDE_ROUTING_FLAGS, KIND(hex), .when = SRH, .help = "must be 0"),
	SCALAR("tag", SONDE_ROUTING_TAG, .when = SRH, .help = "group of packets"),
	LIST("segs", SONDE_ROUTING_SEGS, .alias = "segments", .list = &addresses, .len_from = SONDE_ROUTING_LAST,
		.unit = ADDR_LEN, .plus = -1, .when = SRH, .help = "segments, the final one first"),
	LIST("tlvs", SONDE_ROUTING_TLVS, .list = &tlvs, .when = SRH, .help = "pad1, padn, hmac, ..."),
	BYTES("body", SONDE_ROUTING_BODY, KIND(opaque), .when = OTHER, .help = "everything after segleft"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return ((uint32_t)sonde_get(header, SONDE_ROUTING_LENGTH) + 1) * 8;
}

static void finish(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	uint32_t units = c->layer->header_len / 8 - 1;
	uint32_t type = (uint32_t)sonde_get(header, SONDE_ROUTING_TYPE);
	uint32_t left = type == 0 || type == 2 ? units / 2 : 0;
	if (type == 4)
		left = (uint32_t)sonde_get(header, SONDE_ROUTING_LAST);
	sonde_fill(c, SONDE_ROUTING_LENGTH, units);
	sonde_fill(c, SONDE_ROUTING_SEGLEFT, left);
}

/* RFC 8200, 8.1: while segments are left, the pseudo-header has the last address of this header. */
static void final_addrs(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst)
{
	(void)src;
	if (sonde_get(header, SONDE_ROUTING_SEGLEFT) == 0)
		return;
	uint32_t type = (uint32_t)sonde_get(header, SONDE_ROUTING_TYPE), len = layer->header_len;
	if ((type == 0 || type == 2) && len >= MIN_LEN + ADDR_LEN)
		memcpy(dst, header + MIN_LEN + (len - MIN_LEN) / ADDR_LEN * ADDR_LEN - ADDR_LEN, ADDR_LEN);
	if (type == 4 && len >= MIN_LEN + ADDR_LEN)
		memcpy(dst, header + MIN_LEN, ADDR_LEN);
	if (type == 3) {
		uint32_t shared = (uint32_t)sonde_get(header, SONDE_ROUTING_CMPRE);
		uint32_t pad = (uint32_t)sonde_get(header, SONDE_ROUTING_PAD);
		if (len >= MIN_LEN + pad + ADDR_LEN - shared)
			memcpy(dst + shared, header + len - pad - (ADDR_LEN - shared), ADDR_LEN - shared);
	}
}

const struct sonde_proto sonde_routing = {
	.name = "routing", .title = "IPv6 routing header", .source = "RFC 8200, 8754, 6554, 6275",
	.example = "ip6 dst=2001:db8::7 / routing type=segment segs=2001:db8::2,2001:db8::7 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 43 } },
	.next = SONDE_ROUTING_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.header_length = SONDE_ROUTING_LENGTH, .header_unit = 8, .header_plus = 1,
	.measure = measure, .finish = finish, .final_addrs = final_addrs,
};
