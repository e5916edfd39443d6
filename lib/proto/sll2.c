#include "proto/sll2.h"

#include "proto/describe.h"
#include "proto/names.h"

#define HATYPE_ETHERNET 1
#define HATYPE_NETLINK  824

static const struct sonde_field fields[] = {
	SCALAR("proto", SONDE_SLL2_PROTO, .alias = "protocol", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("reserved", SONDE_SLL2_RESERVED, .help = "must be 0"),
	SCALAR("ifindex", SONDE_SLL2_IFINDEX, .alias = "if_index", .always = true, .help = "interface, by its number"),
	SCALAR("hatype", SONDE_SLL2_HATYPE, .alias = "lladdrtype", .value = HATYPE_ETHERNET,
		.help = "link type (ARPHRD)"),
	SCALAR("pkttype", SONDE_SLL2_PKTTYPE, KIND(named), .names = sonde_sll_pkttypes, .always = true,
		.help = "host, broadcast, multicast, other, outgoing"),
	SCALAR("halen", SONDE_SLL2_HALEN, .alias = "lladdrlen", .value = 6, .help = "bytes of the address"),
	BYTES("addr", SONDE_SLL2_ADDR, .alias = "src", KIND(mac), .always = true,
		.help = "link address of the sender, its first 6 bytes"),
	SCALAR("addr78", SONDE_SLL2_ADDR78, KIND(hex), .help = "the seventh and eighth byte of the address"),
	{ 0 },
};

/* In captures of netlink, the protocol is a netlink family. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_SLL2_HATYPE) == HATYPE_NETLINK)
		return NULL;
	return sonde_child_of_cooked(c, (uint32_t)sonde_get(header, SONDE_SLL2_PROTO));
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_SLL2_PROTO, sonde_cooked_number(c));
}

const struct sonde_proto sonde_sll2 = {
	.name = "sll2", .title = "Linux cooked capture, version 2", .source = "tcpdump.org/linktypes",
	.example = "sll2 ifindex=3 pkttype=outgoing addr=02:00:00:00:00:01 / ip6 dst=2001:db8::2 / udp dport=7",
	.fields = fields, .min_len = 20, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 276 } },
	.child = child, .finish = finish,
};
