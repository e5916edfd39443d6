#include "proto/ip6.h"

#include "proto/finish.h"
#include "proto/names.h"
#include "proto/options6.h"

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_IP6_VERSION, .value = 6, .help = "6"),
	SCALAR("tclass", SONDE_IP6_TCLASS, .alias = "tc", KIND(hex), .help = "traffic class: dscp and ecn"),
	SCALAR("flow", SONDE_IP6_FLOW, .alias = "fl flow_label", KIND(hex), .help = "flow label"),
	SCALAR("length", SONDE_IP6_LENGTH, .evidence = true, .alias = "plen", .open = SONDE_COMPUTED,
		.help = "bytes behind this header; 0 in a jumbogram"),
	SCALAR("next", SONDE_IP6_NEXT, .alias = "nh nxt", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("hlim", SONDE_IP6_HLIM, .evidence = true, .alias = "hop_limit ttl", .open = SONDE_COMPUTED,
		.help = "hops left; default: 64, or what the next layer requires"),
	BYTES("src", SONDE_IP6_SRC, .role = SONDE_ROLE_SOURCE, KIND(ip6), .open = SONDE_LOOKED_UP,
		.help = "source address"),
	BYTES("dst", SONDE_IP6_DST, .role = SONDE_ROLE_DESTINATION, KIND(ip6), .always = true,
		.help = "destination address"),
	{ 0 },
};

/* A length of 0 means a jumbogram (RFC 2675) or offload, and the packet fills the frame, unless there is no next
 * header. */
static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	uint32_t len = (uint32_t)sonde_get(header, SONDE_IP6_LENGTH);
	if (len == 0 && sonde_get(header, SONDE_IP6_NEXT) != SONDE_IP_NO_NEXT)
		return 0;
	return SONDE_IP6_HEADER + len;
}

/* Of link types without a header and behind UDP (Teredo), the version tells. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	const uint32_t always_ip6 = 229;
	return announced.number == always_ip6 || (payload.len > 0 && sonde_get(payload.data, SONDE_IP6_VERSION) == 6);
}

/* RFC 2675, 3: the length is in a hop-by-hop option instead. */
static bool is_jumbogram(const struct sonde_context *c)
{
	const uint32_t hop_by_hop = 0;
	const struct sonde_layer *inside = c->layer + 1;
	return inside < c->end && sonde_number_in(inside->proto, SONDE_SPACE_IP, UINT32_MAX) == hop_by_hop &&
	       sonde_options6_has_jumbo(inside, c->packet + inside->offset);
}

static inline __attribute__((always_inline)) void finish(const struct sonde_context *c)
{
	uint32_t all = c->layer->total_len, len = all > SONDE_IP6_HEADER ? all - SONDE_IP6_HEADER : 0;
	if (__builtin_expect(len > UINT16_MAX, 0) && is_jumbogram(c))
		len = 0;
	sonde_fill(c, SONDE_IP6_LENGTH, len);
	sonde_fill(c, SONDE_IP6_HLIM, sonde_child_ttl(c));
}

SONDE_COMPILE(sonde_ip6, fields, SONDE_IP6_HEADER)

const struct sonde_proto sonde_ip6 = {
	.name = "ip6", .title = "Internet Protocol version 6", .source = "RFC 8200", .alias = "ipv6",
	.example = "ip6 dst=2001:db8::2 hlim=3 / udp dport=7 / text:hello",
	.fields = fields, .min_len = SONDE_IP6_HEADER, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x86dd }, { SONDE_SPACE_IP, 41 }, { SONDE_SPACE_VERSION, 6 },
		 { SONDE_SPACE_LINK, SONDE_LINK_RAW }, { SONDE_SPACE_LINK, 229 },
		 { SONDE_SPACE_LINK, 12 }, { SONDE_SPACE_LINK, 14 },
		 { SONDE_SPACE_PPP, 0x0057 }, { SONDE_SPACE_NLPID, 0x8e }, { SONDE_SPACE_UDP, 3544 } },
	.next = SONDE_IP6_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.network = true, .length_place = SONDE_IP6_LENGTH,
	.src_place = SONDE_IP6_SRC, .dst_place = SONDE_IP6_DST, .ttl_place = SONDE_IP6_HLIM,
	.declared = declared, .finish = finish, .claims = claims,
	.claims_in = 1 << SONDE_SPACE_LINK | 1 << SONDE_SPACE_UDP,
	.compiled = COMPILED,
};
