#include "proto/nonesp.h"

#include "proto/describe.h"

#define MIN_LEN  4
#define IKE_PORT 500

static const struct sonde_field fields[] = {
	SCALAR("marker", SONDE_NONESP_MARKER, KIND(hex), .help = "0: what follows is no ESP"),
	{ 0 },
};

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_NONESP_MARKER) == 0;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_UDP, IKE_PORT);
}

const struct sonde_proto sonde_nonesp = {
	.name = "nonesp", .title = "Non-ESP marker", .source = "RFC 3948",
	.example = "ip dst=10.0.0.2 / udp sport=4500 / nonesp / isakmp ispi=0x1122334455667788 exchange=ike-sa-init "
		   "flags=I",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 4500 } },
	.child = child, .claims = claims,
};
