#include "proto/vlan.h"

#include "proto/describe.h"
#include "proto/names.h"

static const struct sonde_field fields[] = {
	SCALAR("pcp", SONDE_VLAN_PCP, .alias = "prio", .help = "priority"),
	SCALAR("dei", SONDE_VLAN_DEI, .alias = "cfi", .help = "drop eligible"),
	SCALAR("id", SONDE_VLAN_ID, .alias = "vlan vid", .always = true, .help = "VLAN"),
	SCALAR("type", SONDE_VLAN_TYPE, KIND(named), .space = SONDE_SPACE_ETHERTYPE, .names = sonde_ether_names,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

const struct sonde_proto sonde_vlan = {
	.name = "vlan", .title = "VLAN tag", .source = "IEEE 802.1Q", .alias = "dot1q dot1ad",
	.example = "ether dst=02:00:00:00:00:02 / vlan id=7 pcp=3 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 4,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x8100 }, { SONDE_SPACE_ETHERTYPE, 0x88a8 },
		 { SONDE_SPACE_ETHERTYPE, 0x9100 } },
	.next = SONDE_VLAN_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
};
