#include "proto/nlpidpad.h"

#include "proto/describe.h"
#include "proto/names.h"

#define UNNUMBERED 0x03
#define CLNP       0x81

static const struct sonde_field fields[] = {
	SCALAR("control", SONDE_NLPIDPAD_CONTROL, KIND(hex), .value = UNNUMBERED, .help = "3: unnumbered information"),
	SCALAR("pad", SONDE_NLPIDPAD_PAD, .help = "0"),
	SCALAR("nlpid", SONDE_NLPIDPAD_NLPID, KIND(code), .space = SONDE_SPACE_NLPID, .names = sonde_nlpid_names,
		.open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= 2 && sonde_get(payload.data, SONDE_NLPIDPAD_CONTROL) == UNNUMBERED &&
	       sonde_get(payload.data, SONDE_NLPIDPAD_PAD) == 0;
}

const struct sonde_proto sonde_nlpidpad = {
	.name = "nlpidpad", .title = "Multiprotocol encapsulation over Frame Relay, padded", .source = "RFC 2427",
	.example = "fr address=100/EA / nlpidpad / frsnap / arp",
	.fields = fields, .min_len = 3, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_FRAME_RELAY } },
	.next = SONDE_NLPIDPAD_NLPID, .next_space = SONDE_SPACE_NLPID, .next_none = CLNP,
	.claims = claims,
};
