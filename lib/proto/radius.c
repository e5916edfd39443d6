#include "proto/radius.h"

#include "proto/describe.h"

#define MIN_LEN 20

static const struct sonde_name codes[] = {
	{ 1, "access-request" }, { 2, "access-accept" }, { 3, "access-reject" }, { 4, "accounting-request" },
	{ 5, "accounting-response" }, { 11, "access-challenge" }, { 12, "status-server" }, { 40, "disconnect-request" },
	{ 41, "disconnect-ack" }, { 42, "disconnect-nak" }, { 43, "coa-request" }, { 44, "coa-ack" }, { 45, "coa-nak" },
	{ 0 },
};

static const struct sonde_field text[] = {
	BYTES("text", SONDE_FIELD(0, 16, 0), KIND(text), .help = "characters"),
	{ 0 },
};
static const struct sonde_field addr[] = {
	BYTES("addr", SONDE_FIELD(0, 16, 32), KIND(ip4), .help = "IPv4 address"),
	{ 0 },
};
static const struct sonde_field quad[] = {
	SCALAR("value", SONDE_FIELD(0, 16, 32), .help = "number"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(raw), .help = "value"),
	{ 0 },
};
static const struct sonde_field vendor[] = {
	SCALAR("id", SONDE_FIELD(0, 16, 32), .help = "enterprise number of the vendor"),
	BYTES("bytes", SONDE_FIELD(1, 48, 0), KIND(opaque), .help = "attributes of the vendor"),
	{ 0 },
};

static const struct sonde_list attributes = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2,
	.items = (const struct sonde_item[]) {
		ITEM("user-name", 1, .fields = text), ITEM("user-password", 2, .fields = bytes),
		ITEM("chap-password", 3, .fields = bytes), ITEM("nas-ip", 4, .fields = addr),
		ITEM("nas-port", 5, .fields = quad), ITEM("service-type", 6, .fields = quad),
		ITEM("framed-protocol", 7, .fields = quad), ITEM("framed-ip", 8, .fields = addr),
		ITEM("framed-netmask", 9, .fields = addr), ITEM("framed-mtu", 12, .fields = quad),
		ITEM("reply-message", 18, .fields = text), ITEM("state", 24, .fields = bytes),
		ITEM("class", 25, .fields = bytes), ITEM("vendor", 26, .fields = vendor),
		ITEM("session-timeout", 27, .fields = quad), ITEM("called-station", 30, .fields = text),
		ITEM("calling-station", 31, .fields = text), ITEM("nas-identifier", 32, .fields = text),
		ITEM("acct-status", 40, .fields = quad), ITEM("acct-session", 44, .fields = text),
		ITEM("nas-port-type", 61, .fields = quad), ITEM("eap-message", 79, .fields = bytes),
		ITEM("message-authenticator", 80, .fields = bytes),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("code", SONDE_RADIUS_CODE, KIND(named), .names = codes, .value = 1, .always = true,
		.help = "access-request, access-accept, ..."),
	SCALAR("id", SONDE_RADIUS_ID, .always = true, .help = "matches answers with requests"),
	SCALAR("length", SONDE_RADIUS_LENGTH, .open = SONDE_COMPUTED, .help = "bytes, header included"),
	BYTES("authenticator", SONDE_RADIUS_AUTHENTICATOR, KIND(raw),
		.help = "random, or a digest with the shared secret"),
	LIST("attributes", SONDE_RADIUS_ATTRIBUTES, .list = &attributes, .help = "in wire order"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_RADIUS_LENGTH);
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	if (len < MIN_LEN)
		return MIN_LEN;
	return len < have ? len : have;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_RADIUS_LENGTH, c->layer->total_len);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_RADIUS_CODE) > 0 &&
	       sonde_get(payload.data, SONDE_RADIUS_LENGTH) >= MIN_LEN;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* Codes of responses: accept, reject, accounting, challenge, and those of RFC 5176. */
#define C(code)   (UINT64_C(1) << (code))
#define RESPONSES (C(2) | C(3) | C(5) | C(11) | C(41) | C(42) | C(44) | C(45))

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, (uint32_t)sonde_get(sonde_header(c), SONDE_RADIUS_ID));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	bool answers = RESPONSES >> (sonde_get(header, SONDE_RADIUS_CODE) & 63) & 1;
	uint32_t id = (uint32_t)sonde_get(header, SONDE_RADIUS_ID);
	return answers && sonde_number_answers(q, c, id) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_radius = {
	.name = "radius", .title = "Remote Authentication Dial In User Service", .source = "RFC 2865, RFC 2866",
	.example = "ip dst=10.0.0.2 / udp / radius code=access-request id=7 attributes=user-name:alice,nas-ip:10.0.0.1",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 1812 }, { SONDE_SPACE_UDP, 1813 }, { SONDE_SPACE_UDP, 3799 },
		 { SONDE_SPACE_UDP, 1645 }, { SONDE_SPACE_UDP, 1646 } },
	.length_place = SONDE_RADIUS_LENGTH,
	.measure = measure, .declared = declared, .finish = finish, .heuristic = heuristic,
	.question = question, .answer = answer,
};
