#include "proto/ah.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN 12

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_AH_NEXT, .alias = "nh", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("length", SONDE_AH_LENGTH, .alias = "len payloadlen", .open = SONDE_COMPUTED,
		.help = "4-byte words after the second"),
	SCALAR("reserved", SONDE_AH_RESERVED, .help = "must be 0"),
	SCALAR("spi", SONDE_AH_SPI, KIND(hex), .always = true, .help = "security association"),
	SCALAR("seq", SONDE_AH_SEQ, .value = 1, .help = "sequence number"),
	BYTES("icv", SONDE_AH_ICV, KIND(raw), .help = "integrity check value, with its padding"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	uint32_t len = ((uint32_t)sonde_get(header, SONDE_AH_LENGTH) + 2) * 4;
	return len < MIN_LEN ? MIN_LEN : len;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_AH_LENGTH, c->layer->header_len / 4 - 2);
}

const struct sonde_proto sonde_ah = {
	.name = "ah", .title = "IP Authentication Header", .source = "RFC 4302",
	.example = "ip dst=10.0.0.2 / ah spi=7 icv=0102030405060708090a0b0c / udp dport=7",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, 51 } },
	.next = SONDE_AH_NEXT, .next_space = SONDE_SPACE_IP, .next_none = SONDE_IP_NO_NEXT,
	.header_length = SONDE_AH_LENGTH, .header_unit = 4, .header_plus = 2,
	.measure = measure, .finish = finish,
};
