#include "proto/ip.h"

#include "proto/finish.h"
#include "proto/names.h"

static const struct sonde_field route[] = {
	BYTES("addrs", SONDE_FIELD(0, 24, 32), KIND(ip4), .repeat = true,
		.help = "addresses, joined by +"),
	SCALAR("pointer", SONDE_FIELD(1, 16, 8), .optional = true, .value = 4, .help = "next slot, from 4"),
	{ 0 },
};

static const struct sonde_field timestamps[] = {
	SCALAR("flag", SONDE_FIELD(0, 28, 4), .help = "0 times, 1 addresses and times, 3 given addresses"),
	BYTES("slots", SONDE_FIELD(1, 32, 32), KIND(raw), .repeat = true, .help = "4-byte slots, joined by +"),
	SCALAR("pointer", SONDE_FIELD(2, 16, 8), .optional = true, .value = 5, .help = "next slot, from 5"),
	SCALAR("overflow", SONDE_FIELD(3, 24, 4), .optional = true, .help = "number of hosts without a slot"),
	{ 0 },
};

static const struct sonde_field router_alert[] = {
	SCALAR("value", SONDE_FIELD(0, 16, 16), .optional = true, .help = "0: routers examine the packet"),
	{ 0 },
};

static const struct sonde_field stream_id[] = {
	SCALAR("id", SONDE_FIELD(0, 16, 16), .help = "SATNET stream"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2,
	.list_align = 4, .fill = SONDE_FILL_ZEROS, .n_singles = 2, .has_end = true,
	.items = (const struct sonde_item[]) {
		ITEM("eol", 0),
		ITEM("nop", 1),
		ITEM("rr", 7, .fields = route),
		ITEM("qs", 25, .fields = bytes),
		ITEM("ts", 68, .fields = timestamps),
		ITEM("sec", 130, .fields = bytes),
		ITEM("lsrr", 131, .fields = route),
		ITEM("cipso", 134, .fields = bytes),
		ITEM("sid", 136, .fields = stream_id),
		ITEM("ssrr", 137, .fields = route),
		ITEM("ra", 148, .fields = router_alert),
		{ 0 },
	},
};

static const struct sonde_name flag_words[] = {
	{ SONDE_IP_MF, "MF" }, { SONDE_IP_DF, "DF" }, { SONDE_IP_EVIL, "evil" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_IP_VERSION, .value = 4, .help = "4"),
	SCALAR("ihl", SONDE_IP_IHL, .alias = "hdr_len", .open = SONDE_COMPUTED,
		.help = "header length in 4-byte words"),
	SCALAR("tos", SONDE_IP_TOS, .alias = "dsfield", KIND(hex), .help = "dscp and ecn"),
	SCALAR("length", SONDE_IP_LENGTH, .evidence = true, .alias = "len", .open = SONDE_COMPUTED,
		.help = "bytes, header included"),
	SCALAR("id", SONDE_IP_ID, .role = SONDE_ROLE_ID, .open = SONDE_LOOKED_UP,
		.help = "identification, of fragments"),
	SCALAR("flags", SONDE_IP_FLAGS, KIND(flags), .names = flag_words, .help = "DF, MF, evil"),
	SCALAR("offset", SONDE_IP_OFFSET, .alias = "frag frag_offset", .help = "fragment offset in 8-byte units"),
	SCALAR("ttl", SONDE_IP_TTL, .evidence = true, .open = SONDE_COMPUTED,
		.help = "hops left; default: 64, or what the next layer requires"),
	SCALAR("proto", SONDE_IP_PROTO, .alias = "p protocol", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("checksum", SONDE_IP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the header"),
	BYTES("src", SONDE_IP_SRC, .role = SONDE_ROLE_SOURCE, KIND(ip4), .open = SONDE_LOOKED_UP,
		.help = "source address"),
	BYTES("dst", SONDE_IP_DST, .role = SONDE_ROLE_DESTINATION, KIND(ip4), .always = true,
		.help = "destination address"),
	LIST("options", SONDE_IP_OPTIONS, .list = &options, .help = "in wire order"),
	SCALAR("dscp", SONDE_IP_DSCP, .help = "the upper six bits of tos"),
	SCALAR("ecn", SONDE_IP_ECN, .help = "the lower two bits of tos"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	uint32_t len = (uint32_t)sonde_get(header, SONDE_IP_IHL) * 4;
	return len < SONDE_IP_MIN_LEN ? SONDE_IP_MIN_LEN : len;
}

/* Segmentation offload leaves a total length of 0: the packet fills the frame. */
static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	uint32_t len = (uint32_t)sonde_get(header, SONDE_IP_LENGTH);
	return len < layer->header_len ? 0 : len;
}

/* Only the first fragment continues with a header. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_IP_OFFSET))
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_IP, (uint32_t)sonde_get(header, SONDE_IP_PROTO));
}

/* RFC 9293, 3.1: the pseudo-header has the last address of a source route that is not used up. */
static void final_addrs(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst)
{
	(void)src;
	enum { END, NOP, LSRR = 131, SSRR = 137, HEAD = 3, ADDR_LEN = 4 };
	for (uint32_t at = SONDE_IP_MIN_LEN, len; at < layer->header_len && header[at] != END; at += len) {
		uint32_t left = layer->header_len - at;
		len = header[at] == NOP || left < 2 ? 1 : header[at + 1];
		if (len == 0 || len > left)
			return;
		bool source_route = header[at] == LSRR || header[at] == SSRR;
		if (source_route && len >= HEAD + ADDR_LEN && header[at + 2] <= len)
			memcpy(dst, header + at + HEAD + (len - HEAD) / ADDR_LEN * ADDR_LEN - ADDR_LEN, ADDR_LEN);
	}
}

static bool is_fragment(const uint8_t *header)
{
	return sonde_get(header, SONDE_IP_OFFSET) || sonde_get(header, SONDE_IP_FLAGS) & SONDE_IP_MF;
}

/* Of link types without a header, the version tells IPv4 from IPv6. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	const uint32_t always_ip4 = 228;
	return announced.number == always_ip4 ||
	       (payload.len > 0 && sonde_get(payload.data, SONDE_IP_VERSION) == 4);
}

static inline __attribute__((always_inline)) void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_IP_IHL, c->layer->header_len / 4);
	sonde_fill(c, SONDE_IP_LENGTH, c->layer->total_len);
	sonde_fill(c, SONDE_IP_TTL, sonde_child_ttl(c));
}

static inline __attribute__((always_inline)) uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_IP_CHECKSUM, SONDE_IP_MIN_LEN, 0, c->layer->header_len);
}

SONDE_COMPILE(sonde_ip, fields, SONDE_IP_MIN_LEN)

const struct sonde_proto sonde_ip = {
	.name = "ip", .title = "Internet Protocol version 4", .source = "RFC 791", .alias = "ipv4 ip4",
	.example = "ip dst=10.0.0.2 ttl=3 options=ra / udp dport=7 / text:hello",
	.fields = fields, .min_len = SONDE_IP_MIN_LEN, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x0800 }, { SONDE_SPACE_IP, 4 }, { SONDE_SPACE_VERSION, 4 },
		 { SONDE_SPACE_LINK, SONDE_LINK_RAW }, { SONDE_SPACE_LINK, 228 },
		 { SONDE_SPACE_LINK, 12 }, { SONDE_SPACE_LINK, 14 },
		 { SONDE_SPACE_PPP, 0x0021 }, { SONDE_SPACE_NLPID, 0xcc }, { SONDE_SPACE_SAP, 0x06 } },
	.next = SONDE_IP_PROTO, .next_space = SONDE_SPACE_IP, .next_none = 255,
	.network = true, .checksum_place = SONDE_IP_CHECKSUM, .length_place = SONDE_IP_LENGTH,
	.header_length = SONDE_IP_IHL, .header_unit = 4,
	.measure = measure, .declared = declared, .child = child, .finish = finish, .checksum = checksum,
	.claims = claims, .claims_in = 1 << SONDE_SPACE_LINK, .is_fragment = is_fragment, .final_addrs = final_addrs,
	.src_place = SONDE_IP_SRC, .dst_place = SONDE_IP_DST, .ttl_place = SONDE_IP_TTL,
	.compiled = COMPILED,
};
