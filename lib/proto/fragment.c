#include "proto/fragment.h"

#include "proto/describe.h"
#include "proto/names.h"

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_FRAGMENT_NEXT, .alias = "nh", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "protocol of the whole payload"),
	SCALAR("reserved", SONDE_FRAGMENT_RESERVED, .help = "must be 0"),
	SCALAR("offset", SONDE_FRAGMENT_OFFSET, .help = "in 8-byte units"),
	SCALAR("res", SONDE_FRAGMENT_RES, .help = "must be 0"),
	SCALAR("m", SONDE_FRAGMENT_M, .alias = "more mf", .help = "more fragments follow"),
	SCALAR("id", SONDE_FRAGMENT_ID, .role = SONDE_ROLE_ID, .alias = "ident", KIND(hex), .open = SONDE_LOOKED_UP,
		.help = "identification, of fragments"),
	{ 0 },
};

/* Only the first fragment continues with a header. */
static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_FRAGMENT_OFFSET))
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_IP, (uint32_t)sonde_get(header, SONDE_FRAGMENT_NEXT));
}

static bool is_fragment(const uint8_t *header)
{
	return sonde_get(header, SONDE_FRAGMENT_OFFSET) || sonde_get(header, SONDE_FRAGMENT_M);
}

const struct sonde_proto sonde_fragment = {
	.name = "fragment", .title = "IPv6 fragment header", .source = "RFC 8200", .alias = "frag",
	.example = "ip6 dst=2001:db8::2 / fragment m=1 id=7 next=udp / hex:0007000700180000",
	.fields = fields, .min_len = 8,
	.ids = { { SONDE_SPACE_IP, 44 } },
	.next = SONDE_FRAGMENT_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.child = child, .is_fragment = is_fragment,
};
