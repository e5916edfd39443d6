#include "proto/pfc.h"

#include "proto/describe.h"

static const struct sonde_field fields[] = {
	SCALAR("proto", SONDE_PFC_PROTO, .alias = "protocol", KIND(named), .space = SONDE_SPACE_PPP,
		.open = SONDE_COMPUTED, .help = "what follows, below 0x100"),
	{ 0 },
};

/* An odd first byte is also the last of the number; on links that Cisco's HDLC may share, 0x0f and 0x8f are its own. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	const uint32_t shared = 50;
	uint8_t first = payload.len > 0 ? payload.data[0] : 0;
	bool cisco = announced.space == SONDE_SPACE_LINK && announced.number == shared && (first & 0x7f) == 0x0f;
	return first & 1 && !cisco;
}

const struct sonde_proto sonde_pfc = {
	.name = "pfc", .title = "Point-to-Point Protocol, compressed protocol number", .source = "RFC 1661",
	.example = "hdlc / pfc / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 1, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 9 }, { SONDE_SPACE_LINK, 50 }, { SONDE_SPACE_ETHERTYPE, 0x880b } },
	.next = SONDE_PFC_PROTO, .next_space = SONDE_SPACE_PPP,
	.claims = claims,
};
