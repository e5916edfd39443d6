#include "proto/nlpid.h"

#include "proto/describe.h"
#include "proto/names.h"

#define PAD 0x00

static const struct sonde_field fields[] = {
	SCALAR("control", SONDE_NLPID_CONTROL, KIND(hex), .value = SONDE_NLPID_UNNUMBERED,
		.help = "3: unnumbered information"),
	SCALAR("nlpid", SONDE_NLPID_NLPID, KIND(code), .space = SONDE_SPACE_NLPID, .names = sonde_nlpid_names,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

/* Cisco's routers write an Ethernet type in place of both. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= 2 && sonde_get(payload.data, SONDE_NLPID_CONTROL) == SONDE_NLPID_UNNUMBERED &&
	       sonde_get(payload.data, SONDE_NLPID_NLPID) != PAD;
}

const struct sonde_proto sonde_nlpid = {
	.name = "nlpid", .title = "Multiprotocol encapsulation over Frame Relay", .source = "RFC 2427",
	.example = "fr address=100/EA / nlpid / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 2, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_FRAME_RELAY } },
	.next = SONDE_NLPID_NLPID, .next_space = SONDE_SPACE_NLPID, .next_none = SONDE_NLPID_CLNP,
	.claims = claims,
};
