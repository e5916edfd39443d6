#include "proto/dtls.h"

#include "proto/describe.h"

#define MIN_LEN 13

static const struct sonde_name types[] = {
	{ 20, "change-cipher-spec" }, { 21, "alert" }, { 22, "handshake" }, { 23, "application-data" }, { 24,
		"heartbeat" },
	{ 25, "cid" }, { 26, "ack" }, { 0 },
};
static const struct sonde_name versions[] = { { 0xfeff, "dtls1.0" }, { 0xfefd, "dtls1.2" }, { 0xfefc, "dtls1.3" },
	{ 0 } };

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_DTLS_TYPE, KIND(named), .names = types, .value = 23, .always = true,
		.help = "what the record holds: handshake, application-data, ..."),
	SCALAR("version", SONDE_DTLS_VERSION, KIND(code), .names = versions, .value = 0xfefd,
		.help = "record version; DTLS 1.3: dtls1.2"),
	SCALAR("epoch", SONDE_DTLS_EPOCH, .help = "counts changes of keys"),
	SCALAR("seq", SONDE_DTLS_SEQ, .alias = "sequence_number", .help = "number of the record in its epoch"),
	SCALAR("length", SONDE_DTLS_LENGTH, .open = SONDE_COMPUTED, .help = "bytes of data"),
	BYTES("data", SONDE_DTLS_DATA, KIND(opaque), .help = "handshake messages, or encrypted bytes"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return MIN_LEN + (uint32_t)sonde_get(header, SONDE_DTLS_LENGTH);
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	return len < have ? len : have;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_DTLS_LENGTH, c->layer->total_len - MIN_LEN);
}

static bool heuristic(struct sonde_view payload)
{
	const uint64_t first = 20, last = 26, major = 0xfe;
	if (payload.len < MIN_LEN)
		return false;
	uint64_t type = sonde_get(payload.data, SONDE_DTLS_TYPE);
	return type >= first && type <= last && sonde_get(payload.data, SONDE_DTLS_VERSION) >> 8 == major;
}

static const struct sonde_proto *follower(struct sonde_view rest)
{
	return heuristic(rest) ? &sonde_dtls : NULL;
}

const struct sonde_proto sonde_dtls = {
	.name = "dtls", .title = "Datagram Transport Layer Security, record", .source = "RFC 6347",
	.example = "ip dst=10.0.0.2 / udp / dtls type=application-data epoch=1 seq=7 data=00010203",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 443 }, { SONDE_SPACE_UDP, 853 }, { SONDE_SPACE_UDP, 3391 }, { SONDE_SPACE_UDP,
		4433 },
		 { SONDE_SPACE_UDP, 5684 }, { SONDE_SPACE_UDP, 11111 } },
	.length_place = SONDE_DTLS_LENGTH,
	.measure = measure, .declared = declared, .finish = finish, .heuristic = heuristic, .follower = follower,
};
