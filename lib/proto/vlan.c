#include "proto/vlan.h"

#include "proto/describe.h"
#include "proto/names.h"

#define HEADER_LEN 4

static const struct sonde_field fields[] = {
	SCALAR("pcp", SONDE_VLAN_PCP, .alias = "prio", .help = "priority"),
	SCALAR("dei", SONDE_VLAN_DEI, .alias = "cfi", .help = "drop eligible"),
	SCALAR("id", SONDE_VLAN_ID, .alias = "vlan vid", .always = true, .help = "VLAN"),
	SCALAR("type", SONDE_VLAN_TYPE, KIND(named), .space = SONDE_SPACE_ETHERTYPE, .names = sonde_ether_names,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return sonde_declared_by_ethertype(HEADER_LEN, (uint32_t)sonde_get(header, SONDE_VLAN_TYPE));
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_ethertype(c, (uint32_t)sonde_get(sonde_header(c), SONDE_VLAN_TYPE));
}

static void finish(const struct sonde_context *c)
{
	sonde_fill_ethertype(c, SONDE_VLAN_TYPE);
}

const struct sonde_proto sonde_vlan = {
	.name = "vlan", .title = "VLAN tag", .source = "IEEE 802.1Q", .alias = "dot1q dot1ad",
	.example = "ether dst=02:00:00:00:00:02 / vlan id=7 pcp=3 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = HEADER_LEN, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x8100 }, { SONDE_SPACE_ETHERTYPE, 0x88a8 },
		 { SONDE_SPACE_ETHERTYPE, 0x9100 } },
	.length_or_type = true, .length_place = SONDE_VLAN_TYPE, .network_place = SONDE_VLAN_ID,
	.declared = declared, .child = child, .finish = finish,
};
