#include "proto/wireguard.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN 4

#define OF(types) .when = SONDE_WHEN_IS(SONDE_WIREGUARD_TYPE, 0, types)
#define INIT      (1 << SONDE_WIREGUARD_INITIATION)
#define RESPONSE  (1 << SONDE_WIREGUARD_RESPONSE)
#define COOKIES   (1 << SONDE_WIREGUARD_COOKIE_REPLY)
#define DATA      (1 << SONDE_WIREGUARD_TRANSPORT)

static const struct sonde_name types[] = {
	{ SONDE_WIREGUARD_INITIATION, "initiation" }, { SONDE_WIREGUARD_RESPONSE, "response" },
	{ SONDE_WIREGUARD_COOKIE_REPLY, "cookie" }, { SONDE_WIREGUARD_TRANSPORT, "data" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_WIREGUARD_TYPE, KIND(named), .names = types, .value = SONDE_WIREGUARD_TRANSPORT,
		.always = true, .help = "initiation, response, cookie, data"),
	SCALAR("reserved", SONDE_WIREGUARD_RESERVED, KIND(hex), .help = "must be 0"),
	SCALAR("sender", SONDE_WIREGUARD_SENDER, KIND(hex), OF(INIT | RESPONSE),
		.help = "session, as the sender numbers it"),
	SCALAR("receiver", SONDE_WIREGUARD_RECEIVER, KIND(hex), OF(RESPONSE | COOKIES | DATA),
		.help = "session, as the receiver numbers it"),
	BYTES("ephemeral", SONDE_WIREGUARD_EPHEMERAL, KIND(raw), OF(INIT | RESPONSE), .help = "ephemeral public key"),
	BYTES("static", SONDE_WIREGUARD_STATIC, KIND(raw), OF(INIT), .help = "static public key, encrypted"),
	BYTES("timestamp", SONDE_WIREGUARD_TIMESTAMP, KIND(raw), OF(INIT), .help = "time, encrypted"),
	BYTES("empty", SONDE_WIREGUARD_EMPTY, KIND(raw), OF(RESPONSE), .help = "authentication tag of nothing"),
	BYTES("mac1", SONDE_WIREGUARD_MAC1, KIND(raw), OF(INIT | RESPONSE), .help = "made with the receiver's key"),
	BYTES("mac2", SONDE_WIREGUARD_MAC2, KIND(raw), OF(INIT | RESPONSE), .help = "made with the last cookie, or 0"),
	BYTES("nonce", SONDE_WIREGUARD_NONCE, KIND(raw), OF(COOKIES), .help = "nonce of the cookie"),
	BYTES("cookie", SONDE_WIREGUARD_COOKIE, KIND(raw), OF(COOKIES), .help = "cookie, encrypted"),
	SCALAR("counter", SONDE_WIREGUARD_COUNTER, OF(DATA), .help = "number of the packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	if (payload.len < MIN_LEN)
		return false;
	uint64_t type = sonde_get(payload.data, SONDE_WIREGUARD_TYPE);
	return type >= SONDE_WIREGUARD_INITIATION && type <= SONDE_WIREGUARD_TRANSPORT &&
	       sonde_get(payload.data, SONDE_WIREGUARD_RESERVED) == 0;
}

const struct sonde_proto sonde_wireguard = {
	.name = "wireguard", .title = "WireGuard", .source = "wireguard.com/protocol", .alias = "wg",
	.example = "ip dst=10.0.0.2 / udp sport=51820 / wireguard type=data receiver=0x7 counter=3 / zero:32",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 51820 } },
	.measure = measure, .heuristic = heuristic,
};
