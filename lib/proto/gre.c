#include "proto/gre.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN  4
#define SUM_LEN  8 /* of a header with a checksum */
#define C_BIT    SONDE_FIELD(0, 0, 1)
#define SRE_HEAD 4 /* family, offset and length of a source route entry */

static const struct sonde_name flag_words[] = {
	{ SONDE_GRE_C, "C" }, { SONDE_GRE_R, "R" }, { SONDE_GRE_K, "K" }, { SONDE_GRE_S, "S" }, { 0x0100, "strict" },
	{ SONDE_GRE_A, "A" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("flags", SONDE_GRE_FLAGS, KIND(flags), .names = flag_words, .open = SONDE_COMPUTED,
		.help = "C R K S strict A: which words follow; C K S A as they are written"),
	SCALAR("version", SONDE_GRE_VERSION, .help = "0; 1 for PPTP"),
	SCALAR("type", SONDE_GRE_TYPE, .alias = "proto", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("checksum", SONDE_GRE_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_C), .announces = true,
		.help = "over header and payload"),
	SCALAR("unused", SONDE_GRE_UNUSED, .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_R),
		.and_when = SONDE_WHEN_IS(C_BIT, 0, 1 << 0), .help = "in the place of the checksum"),
	SCALAR("offset", SONDE_GRE_OFFSET, .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_C | SONDE_GRE_R),
		.help = "offset of the active source route"),
	SCALAR("key", SONDE_GRE_KEY, .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_K), .announces = true,
		.help = "key; version 1: payload length, call"),
	SCALAR("seq", SONDE_GRE_SEQ, .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_S), .announces = true,
		.help = "sequence number"),
	SCALAR("ack", SONDE_GRE_ACK, .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_A), .announces = true,
		.help = "acknowledgement (version 1)"),
	BYTES("sre", SONDE_GRE_SRE, KIND(opaque), .when = SONDE_WHEN_HAS(SONDE_GRE_FLAGS, SONDE_GRE_R),
		.help = "source route entries"),
	{ 0 },
};

/* Source route entries end with one of length 0 (RFC 1701). */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_GRE_FLAGS);
	uint32_t len = MIN_LEN;
	if (flags & (SONDE_GRE_C | SONDE_GRE_R))
		len += 4;
	for (uint32_t words = flags & (SONDE_GRE_K | SONDE_GRE_S | SONDE_GRE_A); words; words &= words - 1)
		len += 4;
	if (!(flags & SONDE_GRE_R))
		return len;
	while (len + SRE_HEAD <= have) {
		uint32_t entry = header[len + 3];
		len += SRE_HEAD + entry;
		if (entry == 0)
			return len;
	}
	return len < have ? have : len;
}

/* ERSPAN type I has no header of its own, and its GRE header no sequence number. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint32_t erspan = 0x88be;
	uint32_t type = (uint32_t)sonde_get(sonde_header(c), SONDE_GRE_TYPE);
	if (type == erspan && !(sonde_get(sonde_header(c), SONDE_GRE_FLAGS) & SONDE_GRE_S))
		return sonde_child_by_number(c, SONDE_SPACE_LINK, SONDE_LINK_ETHERNET);
	return sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, type);
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_GRE_CHECKSUM, SUM_LEN, 0, c->layer->have_len);
}

const struct sonde_proto sonde_gre = {
	.name = "gre", .title = "Generic Routing Encapsulation", .source = "RFC 2784, 2890",
	.example = "ip dst=10.0.0.2 / gre key=5 / ip dst=192.168.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_IP, 47 }, { SONDE_SPACE_UDP, 4754 } },
	.next = SONDE_GRE_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
	.checksum_place = SONDE_GRE_CHECKSUM,
	.measure = measure, .child = child, .checksum = checksum,
};
