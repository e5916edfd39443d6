#include "proto/mobility.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN 8
#define UNIT    8
#define NUMBER  135

static const struct sonde_name types[] = {
	{ 0, "refresh" }, { 1, "home-init" }, { 2, "care-of-init" }, { 3, "home-test" }, { 4, "care-of-test" },
	{ 5, "update" }, { 6, "ack" }, { 7, "error" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_MOBILITY_NEXT, .alias = "nh proto", .value = SONDE_IP_NO_NEXT,
		.help = "59: nothing follows"),
	SCALAR("length", SONDE_MOBILITY_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "8-byte words after the first"),
	SCALAR("type", SONDE_MOBILITY_TYPE, .alias = "mhtype", KIND(named), .names = types, .always = true,
		.help = "update, ack, home-init, ..."),
	SCALAR("reserved", SONDE_MOBILITY_RESERVED, .help = "must be 0"),
	SCALAR("checksum", SONDE_MOBILITY_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over pseudo-header and message"),
	SCALAR("word", SONDE_MOBILITY_WORD, .help = "sequence number of an update; else by type"),
	BYTES("data", SONDE_MOBILITY_DATA, KIND(opaque), .help = "the rest, by type"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return ((uint32_t)sonde_get(header, SONDE_MOBILITY_LENGTH) + 1) * UNIT;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_MOBILITY_LENGTH, c->layer->header_len / UNIT - 1);
}

static uint32_t checksum(const struct sonde_context *c)
{
	uint64_t sum = sonde_pseudo_sum(c, NUMBER, c->layer->header_len);
	return sonde_layer_checksum(c, SONDE_MOBILITY_CHECKSUM, MIN_LEN, sum, c->layer->header_len);
}

const struct sonde_proto sonde_mobility = {
	.name = "mobility", .title = "Mobility Header of IPv6", .source = "RFC 6275", .alias = "mipv6",
	.example = "ip6 dst=2001:db8::2 / mobility type=update word=7 data=000000000000000a",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, NUMBER } },
	.checksum_place = SONDE_MOBILITY_CHECKSUM,
	.header_length = SONDE_MOBILITY_LENGTH, .header_unit = UNIT, .header_plus = 1,
	.measure = measure, .finish = finish, .checksum = checksum,
};
