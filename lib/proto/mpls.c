#include "proto/mpls.h"

#include "proto/describe.h"

#define ETHERTYPE 0x8847

static const struct sonde_field fields[] = {
	SCALAR("label", SONDE_MPLS_LABEL, .always = true, .help = "0 IPv4, 2 IPv6, 3 implicit null; free from 16"),
	SCALAR("tc", SONDE_MPLS_TC, .alias = "exp cos", .help = "traffic class"),
	SCALAR("s", SONDE_MPLS_S, .alias = "bottom", .open = SONDE_COMPUTED,
		.help = "bottom of the stack: no label follows"),
	SCALAR("ttl", SONDE_MPLS_TTL, .value = 64, .help = "hops left"),
	{ 0 },
};

/* The stack does not say what it carries. RFC 4385, 3: other packets than IP start with a word whose first nibble is 0;
 * some pseudowires have none. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	if (!sonde_get(sonde_header(c), SONDE_MPLS_S))
		return sonde_proto_by_id(SONDE_SPACE_ETHERTYPE, ETHERTYPE);
	const struct sonde_proto *inside = sonde_child_by_version(c);
	if (!inside)
		inside = sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_MPLS);
	if (inside || l->have_len <= l->header_len)
		return inside;
	struct sonde_view rest = sonde_view(sonde_header(c) + l->header_len, l->have_len - l->header_len);
	return sonde_is_ethernet(rest) ? sonde_proto_by_id(SONDE_SPACE_LINK, SONDE_LINK_ETHERNET) : NULL;
}

static void finish(const struct sonde_context *c)
{
	bool more = c->layer + 1 < c->end && c->layer[1].proto == &sonde_mpls;
	sonde_fill(c, SONDE_MPLS_S, !more);
}

const struct sonde_proto sonde_mpls = {
	.name = "mpls", .title = "MPLS label stack entry", .source = "RFC 3032",
	.example = "ether dst=02:00:00:00:00:02 / mpls label=16 / mpls label=17 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 4, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, ETHERTYPE }, { SONDE_SPACE_ETHERTYPE, 0x8848 }, { SONDE_SPACE_IP, 137 },
		 { SONDE_SPACE_UDP, 6635 }, { SONDE_SPACE_PPP, 0x0281 } },
	.child = child, .finish = finish,
};
