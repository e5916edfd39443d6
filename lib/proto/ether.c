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

SONDE_COMPILE(sonde_ether, fields, HEADER_LEN)

const struct sonde_proto sonde_ether = {
	.name = "ether", .title = "Ethernet", .source = "IEEE 802.3", .alias = "eth ethernet",
	.example = "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip dst=10.0.0.2 / udp dport=7 / text:hello",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_LINK, 1 }, { SONDE_SPACE_ETHERTYPE, 0x6558 }, { SONDE_SPACE_IP, 143 } },
	.next = SONDE_ETHER_TYPE, .next_space = SONDE_SPACE_ETHERTYPE, .next_none = SONDE_ETHER_NO_NEXT,
	.compiled = COMPILED,
};
