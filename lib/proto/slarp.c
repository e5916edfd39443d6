#include "proto/slarp.h"

#include "proto/describe.h"

#define KEEPALIVE  .when = SONDE_WHEN_IS(SONDE_SLARP_CODE, SONDE_SLARP_KEEPALIVE, 1 << 0)
#define RESOLUTION .when = SONDE_WHEN_IS_NOT(SONDE_SLARP_CODE, SONDE_SLARP_KEEPALIVE, 1 << 0)

static const struct sonde_name codes[] = {
	{ 0, "request" }, { 1, "reply" }, { SONDE_SLARP_KEEPALIVE, "keepalive" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("code", SONDE_SLARP_CODE, .alias = "ptype", KIND(named), .names = codes, .always = true,
		.help = "request, reply, keepalive"),
	BYTES("addr", SONDE_SLARP_ADDR, .alias = "address", KIND(ip4), RESOLUTION,
		.help = "address of the answering side"),
	BYTES("mask", SONDE_SLARP_MASK, KIND(ip4), RESOLUTION, .help = "its network mask"),
	SCALAR("mysequence", SONDE_SLARP_MYSEQUENCE, KEEPALIVE, .help = "number of this keepalive"),
	SCALAR("yoursequence", SONDE_SLARP_YOURSEQUENCE, KEEPALIVE, .help = "number of the last one received"),
	SCALAR("reliability", SONDE_SLARP_RELIABILITY, KIND(hex), .value = 0xffff, .help = "0xffff"),
	{ 0 },
};

const struct sonde_proto sonde_slarp = {
	.name = "slarp", .title = "Serial Line Address Resolution Protocol", .source = "RFC 1547",
	.example = "chdlc address=multicast / slarp code=keepalive mysequence=7 yoursequence=6",
	.fields = fields, .min_len = 14, .varies = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_CHDLC } },
};
