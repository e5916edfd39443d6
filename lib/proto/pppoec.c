#include "proto/pppoec.h"

#include "proto/describe.h"

enum { BEFORE_LENGTH_ENDS = 6, HEADER_LEN = 7 };

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_PPPOEC_VERSION, .value = 1, .help = "1"),
	SCALAR("type", SONDE_PPPOEC_TYPE, .value = 1, .help = "1"),
	SCALAR("code", SONDE_PPPOEC_CODE, .help = "0: data"),
	SCALAR("session", SONDE_PPPOEC_SESSION, .alias = "sessionid session_id", KIND(hex), .always = true,
		.help = "session"),
	SCALAR("length", SONDE_PPPOEC_LENGTH, .alias = "len payload_length", .open = SONDE_COMPUTED,
		.help = "bytes that follow"),
	SCALAR("proto", SONDE_PPPOEC_PROTO, KIND(named), .space = SONDE_SPACE_PPP, .open = SONDE_COMPUTED,
		.help = "what follows, below 0x100"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return BEFORE_LENGTH_ENDS + (uint32_t)sonde_get(header, SONDE_PPPOEC_LENGTH);
}

static void finish(const struct sonde_context *c)
{
	uint32_t len = c->layer->total_len;
	bool has_next = c->layer + 1 < c->end;
	sonde_fill(c, SONDE_PPPOEC_LENGTH, len > BEFORE_LENGTH_ENDS ? len - BEFORE_LENGTH_ENDS : 0);
	sonde_fill(c, SONDE_PPPOEC_PROTO, has_next ? sonde_number_in(c->layer[1].proto, SONDE_SPACE_PPP, 0) : 0);
}

/* In a session, an odd first byte is also the last of the number (RFC 1661, 2). */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	(void)announced;
	return payload.len >= HEADER_LEN && !sonde_get(payload.data, SONDE_PPPOEC_CODE) &&
	       sonde_get(payload.data, SONDE_PPPOEC_PROTO) & 1;
}

const struct sonde_proto sonde_pppoec = {
	.name = "pppoec", .title = "PPP over Ethernet, compressed protocol number", .source = "RFC 2516, RFC 1661",
	.example = "ether dst=02:00:00:00:00:02 / pppoec session=7 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = HEADER_LEN, .leads_to_ip = true, .network = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x8864 }, { SONDE_SPACE_LINK, 51 } },
	.next = SONDE_PPPOEC_PROTO, .next_space = SONDE_SPACE_PPP,
	.length_place = SONDE_PPPOEC_LENGTH,
	.declared = declared, .finish = finish, .claims = claims,
};
