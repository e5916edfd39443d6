#include "proto/esp.h"

#include "proto/describe.h"

#define MIN_LEN 8

static const struct sonde_field fields[] = {
	SCALAR("spi", SONDE_ESP_SPI, KIND(hex), .always = true, .help = "security association"),
	SCALAR("seq", SONDE_ESP_SEQ, .alias = "sequence", .value = 1, .help = "sequence number"),
	{ 0 },
};

/* RFC 3948, 2: in UDP, an SPI of 0 says that IKE follows, and a single byte keeps an address translation alive. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len > MIN_LEN && sonde_get(payload.data, SONDE_ESP_SPI) != 0;
}

const struct sonde_proto sonde_esp = {
	.name = "esp", .title = "IP Encapsulating Security Payload", .source = "RFC 4303",
	.example = "ip dst=10.0.0.2 / esp spi=0x1234 seq=7 / zero:32",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, 50 }, { SONDE_SPACE_UDP, 4500 } },
	.claims = claims, .claims_in = 1 << SONDE_SPACE_UDP,
};
