#include "proto/sll.h"

#include "proto/describe.h"
#include "proto/names.h"

#define HATYPE_ETHERNET 1
#define HATYPE_NETLINK  824

static const struct sonde_field fields[] = {
	SCALAR("pkttype", SONDE_SLL_PKTTYPE, KIND(named), .names = sonde_sll_pkttypes, .always = true,
		.help = "host, broadcast, multicast, other, outgoing"),
	SCALAR("hatype", SONDE_SLL_HATYPE, .alias = "lladdrtype", .value = HATYPE_ETHERNET,
		.help = "link type (ARPHRD)"),
	SCALAR("halen", SONDE_SLL_HALEN, .alias = "lladdrlen", .value = 6, .help = "bytes of the address"),
	BYTES("addr", SONDE_SLL_ADDR, .alias = "src", KIND(mac), .always = true,
		.help = "link address of the sender, its first 6 bytes"),
	SCALAR("addr78", SONDE_SLL_ADDR78, KIND(hex), .help = "the seventh and eighth byte of the address"),
	SCALAR("proto", SONDE_SLL_PROTO, .alias = "protocol", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

/* In captures of netlink, the protocol is a netlink family. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_SLL_HATYPE) == HATYPE_NETLINK)
		return NULL;
	return sonde_child_of_cooked(c, (uint32_t)sonde_get(header, SONDE_SLL_PROTO));
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_SLL_PROTO, sonde_cooked_number(c));
}

const struct sonde_proto sonde_sll = {
	.name = "sll", .title = "Linux cooked capture, version 1", .source = "tcpdump.org/linktypes",
	.example = "sll pkttype=host addr=02:00:00:00:00:01 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 16, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 113 } },
	.child = child, .finish = finish,
};
