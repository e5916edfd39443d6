#include "proto/chdlc.h"

#include "proto/describe.h"
#include "proto/names.h"

#define SLARP 0x8035 /* among Ethernet types RARP, which Cisco HDLC does not carry */

static const struct sonde_name addresses[] = { { 0x0f, "unicast" }, { 0x8f, "multicast" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("address", SONDE_CHDLC_ADDRESS, KIND(code), .names = addresses, .value = 0x0f,
		.help = "unicast or multicast"),
	SCALAR("control", SONDE_CHDLC_CONTROL, KIND(hex), .help = "0"),
	SCALAR("type", SONDE_CHDLC_TYPE, .alias = "proto protocol", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows; 0x8035: SLARP"),
	{ 0 },
};

static const struct sonde_proto *child(const struct sonde_context *c)
{
	uint32_t type = (uint32_t)sonde_get(sonde_header(c), SONDE_CHDLC_TYPE);
	if (type == SLARP)
		return sonde_proto_by_id(SONDE_SPACE_INSIDE, SONDE_INSIDE_CHDLC);
	return sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, type);
}

static void finish(const struct sonde_context *c)
{
	const struct sonde_proto *inside = c->layer + 1 < c->end ? c->layer[1].proto : NULL;
	bool slarp = inside && sonde_number_in(inside, SONDE_SPACE_INSIDE, 0) == SONDE_INSIDE_CHDLC;
	uint32_t type = inside ? sonde_number_in(inside, SONDE_SPACE_ETHERTYPE, SONDE_ETHER_NO_NEXT)
			       : SONDE_ETHER_NO_NEXT;
	sonde_fill(c, SONDE_CHDLC_TYPE, slarp ? SLARP : type);
}

const struct sonde_proto sonde_chdlc = {
	.name = "chdlc", .title = "Cisco HDLC", .source = "RFC 1547",
	.example = "chdlc / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = 4, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 104 }, { SONDE_SPACE_LINK, 50 } },
	.child = child, .finish = finish,
};
