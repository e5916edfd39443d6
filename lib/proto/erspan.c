#include "proto/erspan.h"

#include "proto/describe.h"

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_ERSPAN_VERSION, .value = 1, .help = "1 for type II"),
	SCALAR("vlan", SONDE_ERSPAN_VLAN, .help = "VLAN of the mirrored frame"),
	SCALAR("cos", SONDE_ERSPAN_COS, .alias = "priority", .help = "class of service of the mirrored frame"),
	SCALAR("en", SONDE_ERSPAN_EN,
		.help = "tag of the mirrored frame: 0 none, 1 ISL, 2 802.1Q, 3 kept in the frame"),
	SCALAR("t", SONDE_ERSPAN_T, .alias = "truncated", .help = "1: the mirrored frame is truncated"),
	SCALAR("session", SONDE_ERSPAN_SESSION, .alias = "spanid session_id", .always = true, .help = "mirror session"),
	SCALAR("reserved", SONDE_ERSPAN_RESERVED, KIND(hex), .help = "must be 0"),
	SCALAR("index", SONDE_ERSPAN_INDEX, .help = "port and direction, as the switch numbers them"),
	{ 0 },
};

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_LINK, SONDE_LINK_ETHERNET);
}

const struct sonde_proto sonde_erspan = {
	.name = "erspan", .title = "Encapsulated Remote SPAN, type II", .source = "draft-foschiano-erspan",
	.example = "ip dst=10.0.0.2 / gre seq=1 / erspan session=7 / ether dst=02:00:00:00:00:02 / "
		   "ip dst=192.168.0.2 / udp dport=7",
	.fields = fields, .min_len = 8, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x88be } },
	.child = child,
};
