#include "proto/pad.h"

const struct sonde_proto sonde_pad = {
	.name = "pad", .title = "Padding behind the packet", .source = "IEEE 802.3",
	.fields = (const struct sonde_field[]) { { 0 } },
	.ids = { { SONDE_SPACE_DATA, 1 } },
};
