#include "proto/rsvp.h"

#include "proto/describe.h"

#define HEADER_LEN 8

static const struct sonde_name types[] = {
	{ 1, "path" }, { 2, "resv" }, { 3, "path-error" }, { 4, "resv-error" }, { 5, "path-tear" }, { 6, "resv-tear" },
	{ 7, "resv-confirm" }, { 12, "bundle" }, { 13, "ack" }, { 15, "refresh" }, { 20, "hello" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_RSVP_VERSION, .value = 1, .help = "1"),
	SCALAR("flags", SONDE_RSVP_FLAGS, KIND(hex), .help = "1: refresh reduction is understood"),
	SCALAR("type", SONDE_RSVP_TYPE, .alias = "msg", KIND(named), .names = types, .value = 1, .always = true,
		.help = "path, resv, ..."),
	SCALAR("checksum", SONDE_RSVP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the message"),
	SCALAR("ttl", SONDE_RSVP_TTL, .value = 64, .help = "TTL that the message was sent with"),
	SCALAR("reserved", SONDE_RSVP_RESERVED, .help = "must be 0"),
	SCALAR("length", SONDE_RSVP_LENGTH, .open = SONDE_COMPUTED, .help = "bytes, header included"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_RSVP_LENGTH);
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_RSVP_LENGTH, c->layer->total_len);
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_RSVP_CHECKSUM, HEADER_LEN, 0, c->layer->have_len);
}

const struct sonde_proto sonde_rsvp = {
	.name = "rsvp", .title = "Resource Reservation Protocol", .source = "RFC 2205",
	.example = "ip dst=10.0.0.2 / rsvp type=path / hex:000c01010a0000021100002a",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_IP, 46 } },
	.checksum_place = SONDE_RSVP_CHECKSUM, .length_place = SONDE_RSVP_LENGTH,
	.declared = declared, .finish = finish, .checksum = checksum,
};
