#include "proto/ppp.h"

#include "proto/describe.h"
#include "proto/names.h"

static const struct sonde_field fields[] = {
	SCALAR("proto", SONDE_PPP_PROTO, .alias = "protocol", KIND(named), .space = SONDE_SPACE_PPP,
		.names = sonde_ppp_names, .open = SONDE_COMPUTED, .help = "what follows"),
	{ 0 },
};

/* RFC 1661, 2: the first byte of a protocol is even, the last is odd. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > 0 && !(payload.data[0] & 1);
}

const struct sonde_proto sonde_ppp = {
	.name = "ppp", .title = "Point-to-Point Protocol", .source = "RFC 1661",
	.example = "ppp / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 2, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 9 }, { SONDE_SPACE_LINK, 50 }, { SONDE_SPACE_ETHERTYPE, 0x880b },
		 { SONDE_SPACE_NLPID, 0xcf } },
	.next = SONDE_PPP_PROTO, .next_space = SONDE_SPACE_PPP,
	.claims = claims,
};
