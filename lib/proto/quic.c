#include "proto/quic.h"

#include "proto/describe.h"

#define MIN_LEN      7
#define MAX_CID_LEN  20

static const struct sonde_name types[] = { { 0, "initial" }, { 1, "0rtt" }, { 2, "handshake" }, { 3, "retry" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("form", SONDE_QUIC_FORM, .value = 1, .help = "1: a long header"),
	SCALAR("fixed", SONDE_QUIC_FIXED, .value = 1, .help = "1"),
	SCALAR("type", SONDE_QUIC_TYPE, KIND(named), .names = types, .always = true,
		.help = "initial, 0rtt, handshake, retry, as version 1 has them"),
	SCALAR("bits", SONDE_QUIC_BITS, KIND(hex), .help = "encrypted"),
	SCALAR("version", SONDE_QUIC_VERSION, KIND(hex), .value = 1, .always = true, .help = "1; 0: negotiation"),
	SCALAR("dcidlen", SONDE_QUIC_DCIDLEN, .open = SONDE_COMPUTED, .help = "bytes of dcid"),
	BYTES("dcid", SONDE_QUIC_DCID, KIND(raw), .len_from = SONDE_QUIC_DCIDLEN,
		.help = "connection, of the receiver"),
	SCALAR("scidlen", SONDE_QUIC_SCIDLEN, .open = SONDE_COMPUTED, .help = "bytes of scid"),
	BYTES("scid", SONDE_QUIC_SCID, KIND(raw), .len_from = SONDE_QUIC_SCIDLEN, .help = "connection, of the sender"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	const uint32_t before = 6;
	uint32_t at = before + (uint32_t)sonde_get(header, SONDE_QUIC_DCIDLEN);
	return at < have ? at + 1 + header[at] : at + 1;
}

static bool heuristic(struct sonde_view payload)
{
	const uint64_t newest = 2;
	if (payload.len < MIN_LEN || !sonde_get(payload.data, SONDE_QUIC_FORM) ||
	    sonde_get(payload.data, SONDE_QUIC_DCIDLEN) > MAX_CID_LEN)
		return false;
	uint64_t version = sonde_get(payload.data, SONDE_QUIC_VERSION);
	bool draft = version >> 8 == 0xff0000, greased = (version & 0x0f0f0f0f) == 0x0a0a0a0a;
	return version <= newest || version == 0x6b3343cf || draft || greased;
}

const struct sonde_proto sonde_quic = {
	.name = "quic", .title = "QUIC, long header", .source = "RFC 9000, RFC 8999",
	.example = "ip dst=10.0.0.2 / udp / quic type=initial dcid=0102030405060708 scid=01 / zero:40",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 443 }, { SONDE_SPACE_UDP, 853 } }, /* HTTP/3; DNS (RFC 9250, 4.1.1) */
	.measure = measure, .heuristic = heuristic,
};
