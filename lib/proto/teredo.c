#include "proto/teredo.h"

#include "proto/describe.h"

#define ORIGIN 0

static const struct sonde_field fields[] = {
	SCALAR("indicator", SONDE_TEREDO_INDICATOR, KIND(hex), .value = ORIGIN, .help = "0"),
	SCALAR("port", SONDE_TEREDO_PORT, KIND(hex), .always = true, .help = "port, every bit inverted"),
	SCALAR("addr", SONDE_TEREDO_ADDR, KIND(hex), .always = true, .help = "address, every bit inverted"),
	{ 0 },
};

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= 2 && sonde_get(payload.data, SONDE_TEREDO_INDICATOR) == ORIGIN;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_version(c);
}

const struct sonde_proto sonde_teredo = {
	.name = "teredo", .title = "Teredo, origin indication", .source = "RFC 4380",
	.example = "ip dst=10.0.0.2 / udp / teredo port=0xfffe addr=0x3ffffdfe / ip6 dst=2001:db8::2 / udp dport=7",
	.fields = fields, .min_len = 8, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_UDP, SONDE_TEREDO_PORT_NUMBER } },
	.child = child, .claims = claims,
};
