#include "proto/teredoauth.h"

#include "proto/describe.h"

#define MIN_LEN        13
#define AUTHENTICATION 1
#define TEREDO         3544

static const struct sonde_field fields[] = {
	SCALAR("indicator", SONDE_TEREDOAUTH_INDICATOR, KIND(hex), .value = AUTHENTICATION, .help = "1"),
	SCALAR("idlen", SONDE_TEREDOAUTH_IDLEN, .open = SONDE_COMPUTED, .help = "bytes of id"),
	SCALAR("aulen", SONDE_TEREDOAUTH_AULEN, .open = SONDE_COMPUTED, .help = "bytes of auth"),
	BYTES("id", SONDE_TEREDOAUTH_ID, KIND(raw), .len_from = SONDE_TEREDOAUTH_IDLEN, .help = "client identifier"),
	BYTES("auth", SONDE_TEREDOAUTH_AUTH, KIND(raw), .len_from = SONDE_TEREDOAUTH_AULEN,
		.help = "authentication value"),
	SCALAR("nonce", SONDE_TEREDOAUTH_NONCE, KIND(hex), .help = "repeated in the answer"),
	SCALAR("confirmation", SONDE_TEREDOAUTH_CONFIRMATION, .help = "0; else the client needs a new key"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return MIN_LEN + (uint32_t)sonde_get(header, SONDE_TEREDOAUTH_IDLEN) +
	       (uint32_t)sonde_get(header, SONDE_TEREDOAUTH_AULEN);
}

static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= 2 && sonde_get(payload.data, SONDE_TEREDOAUTH_INDICATOR) == AUTHENTICATION;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_UDP, TEREDO);
}

const struct sonde_proto sonde_teredoauth = {
	.name = "teredoauth", .title = "Teredo, authentication", .source = "RFC 4380",
	.example = "ip dst=10.0.0.2 / udp / teredoauth nonce=0x7 / ip6 dst=2001:db8::2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_UDP, TEREDO } },
	.measure = measure, .child = child, .claims = claims,
};
