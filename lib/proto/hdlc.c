#include "proto/hdlc.h"

#include "proto/describe.h"

#define PPP        0x880b /* the Ethernet type of PPP, with or without framing (RFC 1701) */
#define UNNUMBERED 0x03

static const struct sonde_field fields[] = {
	SCALAR("address", SONDE_HDLC_ADDRESS, KIND(hex), .value = SONDE_HDLC_ALL_STATIONS,
		.help = "0xff: all stations"),
	SCALAR("control", SONDE_HDLC_CONTROL, KIND(hex), .value = UNNUMBERED, .help = "3: unnumbered information"),
	{ 0 },
};

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > 0 && sonde_get(payload.data, SONDE_HDLC_ADDRESS) == SONDE_HDLC_ALL_STATIONS;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	if (sonde_get(sonde_header(c), SONDE_HDLC_CONTROL) != UNNUMBERED)
		return NULL;
	return sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, PPP);
}

const struct sonde_proto sonde_hdlc = {
	.name = "hdlc", .title = "HDLC-like framing of PPP", .source = "RFC 1662",
	.example = "hdlc / ppp / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 2, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 9 }, { SONDE_SPACE_LINK, 50 }, { SONDE_SPACE_ETHERTYPE, PPP } },
	.child = child, .claims = claims,
};
