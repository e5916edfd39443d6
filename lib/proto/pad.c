#include "proto/pad.h"

const struct sonde_proto sonde_pad = {
	.name = "pad", .title = "Padding behind the packet", .source = "IEEE 802.3",
	.example = "ether dst=02:00:00:00:00:02 / arp tpa=10.0.0.2 / pad zero:18",
	.fields = (const struct sonde_field[]) { { 0 } },
	.ids = { { SONDE_SPACE_DATA, 1 } },
};
