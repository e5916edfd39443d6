#include "proto/stun.h"

#include "proto/describe.h"

#define MIN_LEN  20
#define RESPONSE 0x0100 /* in the type: success or error */

static const struct sonde_name types[] = {
	{ 0x0001, "binding" }, { 0x0011, "binding-indication" }, { 0x0101, "binding-response" },
	{ 0x0111, "binding-error" }, { 0x0003, "allocate" }, { 0x0103, "allocate-response" }, { 0x0113,
		"allocate-error" },
	{ 0x0004, "refresh" }, { 0x0104, "refresh-response" }, { 0x0016, "send" }, { 0x0017, "data" },
	{ 0x0008, "permission" }, { 0x0108, "permission-response" }, { 0x0009, "channel" }, { 0x0109,
		"channel-response" },
	{ 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 32, 0), KIND(raw), .help = "value"),
	{ 0 },
};
static const struct sonde_field text[] = {
	BYTES("text", SONDE_FIELD(0, 32, 0), KIND(text), .help = "characters"),
	{ 0 },
};
static const struct sonde_field quad[] = {
	SCALAR("value", SONDE_FIELD(0, 32, 32), KIND(hex), .help = "number"),
	{ 0 },
};

/* RFC 8489, 14: a family of 1 or 2, the port and the address; in XOR addresses both are masked by cookie and id. */
static const struct sonde_field address[] = {
	SCALAR("zero", SONDE_FIELD(0, 32, 8), .help = "0"),
	SCALAR("family", SONDE_FIELD(1, 40, 8), .help = "1 IPv4, 2 IPv6"),
	SCALAR("port", SONDE_FIELD(2, 48, 16), .help = "port, as it is masked"),
	BYTES("addr", SONDE_FIELD(3, 64, 0), KIND(raw), .help = "address, as it is masked"),
	{ 0 },
};

static const struct sonde_list attributes = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .length_excludes = 4, .align = 4,
	.items = (const struct sonde_item[]) {
		ITEM("mapped", 0x0001, .fields = address),
		ITEM("changed", 0x0005, .fields = address),
		ITEM("username", 0x0006, .fields = text),
		ITEM("integrity", 0x0008, .fields = bytes),
		ITEM("error", 0x0009, .fields = bytes),
		ITEM("realm", 0x0014, .fields = text),
		ITEM("nonce", 0x0015, .fields = bytes),
		ITEM("xor-relayed", 0x0016, .fields = address),
		ITEM("xor-mapped", 0x0020, .fields = address),
		ITEM("priority", 0x0024, .fields = quad),
		ITEM("use-candidate", 0x0025),
		ITEM("software", 0x8022, .fields = text),
		ITEM("fingerprint", 0x8028, .fields = quad),
		ITEM("controlled", 0x8029, .fields = bytes),
		ITEM("controlling", 0x802a, .fields = bytes),
		ITEM("origin", 0x802b, .fields = address),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("type", SONDE_STUN_TYPE, KIND(code), .names = types, .value = 1, .always = true,
		.help = "method and class: binding, binding-response, ..."),
	SCALAR("length", SONDE_STUN_LENGTH, .open = SONDE_COMPUTED, .help = "bytes of the attributes"),
	SCALAR("cookie", SONDE_STUN_COOKIE, KIND(hex), .value = SONDE_STUN_MAGIC, .help = "0x2112a442"),
	BYTES("id", SONDE_STUN_ID, KIND(raw), .always = true, .help = "transaction"),
	LIST("attributes", SONDE_STUN_ATTRIBUTES, .list = &attributes, .help = "in wire order"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return MIN_LEN + (uint32_t)sonde_get(header, SONDE_STUN_LENGTH);
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	return len < have ? len : have;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_STUN_LENGTH, c->layer->total_len - MIN_LEN);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_STUN_COOKIE) == SONDE_STUN_MAGIC &&
	       payload.data[0] >> 6 == 0;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* The transaction, folded. */
static uint32_t id_of(const struct sonde_context *c)
{
	const uint8_t *id = sonde_header(c) + SONDE_FIRST(SONDE_STUN_ID) / 8;
	return sonde_get_be32(id) ^ sonde_get_be32(id + 4) ^ sonde_get_be32(id + 8);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, id_of(c));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	bool answers = sonde_get(header, SONDE_STUN_TYPE) & RESPONSE;
	return answers && sonde_number_answers(q, c, id_of(c)) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_stun = {
	.name = "stun", .title = "Session Traversal Utilities for NAT", .source = "RFC 8489",
	.example = "ip dst=10.0.0.2 / udp / stun type=binding id=000102030405060708090a0b attributes=software:sonde",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 3478 }, { SONDE_SPACE_UDP, 19302 } },
	.length_place = SONDE_STUN_LENGTH,
	.measure = measure, .declared = declared, .finish = finish, .heuristic = heuristic,
	.question = question, .answer = answer,
};
