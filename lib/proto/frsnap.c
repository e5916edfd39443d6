#include "proto/frsnap.h"

#include "proto/describe.h"
#include "proto/names.h"

static const struct sonde_field fields[] = {
	SCALAR("oui", SONDE_FRSNAP_OUI, KIND(hex), .help = "organization that defines the type; 0: Ethernet"),
	SCALAR("type", SONDE_FRSNAP_TYPE, .alias = "pid", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_FRSNAP_OUI))
		return NULL;
	return sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, (uint32_t)sonde_get(header, SONDE_FRSNAP_TYPE));
}

const struct sonde_proto sonde_frsnap = {
	.name = "frsnap", .title = "Subnetwork Access Protocol over Frame Relay", .source = "RFC 2427",
	.example = "fr address=100/EA / nlpidpad / frsnap / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 5, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_NLPID, 0x80 } },
	.next = SONDE_FRSNAP_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
	.child = child,
};
