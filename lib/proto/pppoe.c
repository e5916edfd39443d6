#include "proto/pppoe.h"

#include "proto/describe.h"
#include "proto/names.h"

#define MIN_LEN     6
#define SESSION_LEN 8

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 32, 0), KIND(opaque), .help = "the tag's bytes"),
	{ 0 },
};

static const struct sonde_field max_payload[] = {
	SCALAR("size", SONDE_FIELD(0, 32, 16), .help = "largest payload, bytes"),
	{ 0 },
};

/* RFC 2516, appendix A; RFC 4638. */
static const struct sonde_list tags = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .length_excludes = 4,
	.items = (const struct sonde_item[]) {
		ITEM("end", 0x0000),
		ITEM("service", 0x0101, .fields = bytes),
		ITEM("ac", 0x0102, .fields = bytes),
		ITEM("host-uniq", 0x0103, .fields = bytes),
		ITEM("cookie", 0x0104, .fields = bytes),
		ITEM("vendor", 0x0105, .fields = bytes),
		ITEM("relay", 0x0110, .fields = bytes),
		ITEM("max-payload", 0x0120, .fields = max_payload),
		ITEM("service-error", 0x0201, .fields = bytes),
		ITEM("system-error", 0x0202, .fields = bytes),
		ITEM("generic-error", 0x0203, .fields = bytes),
		{ 0 },
	},
};

static const struct sonde_name codes[] = {
	{ SONDE_PPPOE_DATA, "data" }, { SONDE_PPPOE_PADO, "pado" }, { SONDE_PPPOE_PADI, "padi" },
	{ SONDE_PPPOE_PADR, "padr" }, { SONDE_PPPOE_PADS, "pads" }, { SONDE_PPPOE_PADT, "padt" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_PPPOE_VERSION, .value = 1, .help = "1"),
	SCALAR("type", SONDE_PPPOE_TYPE, .value = 1, .help = "1"),
	SCALAR("code", SONDE_PPPOE_CODE, KIND(named), .names = codes, .always = true,
		.help = "data, padi, pado, padr, pads, padt"),
	SCALAR("session", SONDE_PPPOE_SESSION, .alias = "sessionid session_id", KIND(hex), .always = true,
		.help = "session"),
	SCALAR("length", SONDE_PPPOE_LENGTH, .alias = "len payload_length", .open = SONDE_COMPUTED,
		.help = "bytes that follow"),
	SCALAR("proto", SONDE_PPPOE_PROTO, KIND(named), .space = SONDE_SPACE_PPP,
		.names = sonde_ppp_names, .open = SONDE_COMPUTED,
		.when = SONDE_WHEN_IS(SONDE_PPPOE_CODE, 0, 1 << 0), .help = "what follows"),
	LIST("tags", SONDE_PPPOE_TAGS, .list = &tags, .when = SONDE_WHEN_IS_NOT(SONDE_PPPOE_CODE, 0, 1 << 0),
		.help = "in wire order"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return MIN_LEN + (uint32_t)sonde_get(header, SONDE_PPPOE_LENGTH);
}

/* Tags end with the length, or with the frame. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	if (sonde_get(header, SONDE_PPPOE_CODE) == SONDE_PPPOE_DATA)
		return SESSION_LEN;
	uint32_t len = declared(NULL, header);
	return len < have ? len : have;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (sonde_get(header, SONDE_PPPOE_CODE) != SONDE_PPPOE_DATA)
		return NULL;
	return sonde_proto_by_id(SONDE_SPACE_PPP, (uint32_t)sonde_get(header, SONDE_PPPOE_PROTO));
}

static uint32_t ppp_proto(const struct sonde_context *c)
{
	return c->layer + 1 < c->end ? sonde_number_in(c->layer[1].proto, SONDE_SPACE_PPP, 0) : 0;
}

static void finish(const struct sonde_context *c)
{
	uint32_t len = c->layer->total_len;
	sonde_fill(c, SONDE_PPPOE_LENGTH, len > MIN_LEN ? len - MIN_LEN : 0);
	if (sonde_get(sonde_header(c), SONDE_PPPOE_CODE) == SONDE_PPPOE_DATA)
		sonde_fill(c, SONDE_PPPOE_PROTO, ppp_proto(c));
}

/* A session whose protocol number has one byte is pppoec. */
static bool claims(struct sonde_id announced, struct sonde_view payload)
{
	const uint32_t first = 6;
	(void)announced;
	return payload.len <= first || sonde_get(payload.data, SONDE_PPPOE_CODE) != SONDE_PPPOE_DATA ||
	       !(payload.data[first] & 1);
}

const struct sonde_proto sonde_pppoe = {
	.name = "pppoe", .title = "PPP over Ethernet", .source = "RFC 2516", .alias = "pppoes pppoed",
	.example = "ether dst=02:00:00:00:00:02 / pppoe code=data session=7 / ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true, .network = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x8864 }, { SONDE_SPACE_ETHERTYPE, 0x8863 }, { SONDE_SPACE_LINK, 51 } },
	.length_place = SONDE_PPPOE_LENGTH,
	.measure = measure, .declared = declared, .child = child, .finish = finish, .claims = claims,
};
