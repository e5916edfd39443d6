#include "proto/data.h"

const struct sonde_proto sonde_data = {
	.name = "data", .title = "Bytes without a description", .source = "-",
	.example = "text:hello hex:0a zero:4",
	.fields = (const struct sonde_field[]) { { 0 } },
	.ids = { { SONDE_SPACE_DATA, 0 } },
};
