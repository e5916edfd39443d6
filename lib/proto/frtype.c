#include "proto/frtype.h"

#include "proto/describe.h"
#include "proto/names.h"

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_FRTYPE_TYPE, KIND(named), .space = SONDE_SPACE_ETHERTYPE, .names = sonde_ether_names,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

const struct sonde_proto sonde_frtype = {
	.name = "frtype", .title = "Cisco encapsulation over Frame Relay", .source = "Cisco IOS",
	.example = "fr address=100/EA / frtype / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 2, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_FRAME_RELAY } },
	.next = SONDE_FRTYPE_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
};
