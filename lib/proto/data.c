#include "proto/data.h"

const struct sonde_proto sonde_data = {
	.name = "data", .title = "Bytes without a description", .source = "-",
	.fields = (const struct sonde_field[]) { { 0 } },
	.ids = { { SONDE_SPACE_DATA, 0 } },
};
