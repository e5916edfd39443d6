#include "proto/vxlan.h"

#include "proto/describe.h"

static const struct sonde_name flag_words[] = { { SONDE_VXLAN_I, "I" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("flags", SONDE_VXLAN_FLAGS, KIND(flags), .names = flag_words, .value = SONDE_VXLAN_I,
		.help = "I: the vni is valid"),
	SCALAR("reserved", SONDE_VXLAN_RESERVED, KIND(hex), .help = "must be 0"),
	SCALAR("vni", SONDE_VXLAN_VNI, .always = true, .help = "VXLAN network identifier"),
	SCALAR("reserved2", SONDE_VXLAN_RESERVED2, KIND(hex), .help = "must be 0"),
	{ 0 },
};

/* VXLAN carries Ethernet, link type 1 of captures. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	(void)c;
	return sonde_proto_by_id(SONDE_SPACE_LINK, 1);
}

const struct sonde_proto sonde_vxlan = {
	.name = "vxlan", .title = "Virtual eXtensible Local Area Network", .source = "RFC 7348",
	.example = "ip dst=10.0.0.2 / udp / vxlan vni=7 / ether dst=02:00:00:00:00:02 / ip dst=192.168.0.2 / udp",
	.fields = fields, .min_len = 8, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_UDP, 4789 } },
	.child = child, .network_place = SONDE_VXLAN_VNI,
};
