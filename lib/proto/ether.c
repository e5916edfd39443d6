#include "proto/ether.h"

#include "proto/finish.h"
#include "proto/names.h"

#define HEADER_LEN 14

static const struct sonde_field fields[] = {
	BYTES("dst", SONDE_ETHER_DST, .role = SONDE_ROLE_DESTINATION, KIND(mac), .open = SONDE_LOOKED_UP,
		.help = "destination"),
	BYTES("src", SONDE_ETHER_SRC, .role = SONDE_ROLE_SOURCE, KIND(mac), .open = SONDE_LOOKED_UP, .help = "source"),
	SCALAR("type", SONDE_ETHER_TYPE, KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .open = SONDE_COMPUTED, .help = "what follows; up to 1500 a length"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return sonde_declared_by_ethertype(HEADER_LEN, (uint32_t)sonde_get(header, SONDE_ETHER_TYPE));
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_ethertype(c, (uint32_t)sonde_get(sonde_header(c), SONDE_ETHER_TYPE));
}

static void finish(const struct sonde_context *c)
{
	sonde_fill_ethertype(c, SONDE_ETHER_TYPE);
}

SONDE_COMPILE(sonde_ether, fields, HEADER_LEN)

const struct sonde_proto sonde_ether = {
	.name = "ether", .title = "Ethernet", .source = "IEEE 802.3", .alias = "eth ethernet",
	.example = "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip dst=10.0.0.2 / udp dport=7 / text:hello",
	.fields = fields, .min_len = HEADER_LEN, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 1 }, { SONDE_SPACE_ETHERTYPE, 0x6558 }, { SONDE_SPACE_IP, 143 } },
	.length_or_type = true, .length_place = SONDE_ETHER_TYPE,
	.declared = declared, .child = child, .finish = finish,
	.compiled = COMPILED,
};
