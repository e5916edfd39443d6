#include "proto/l2tp.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN 6
#define PPP     0x880b /* as an Ethernet type */
#define T_BIT   SONDE_FIELD(0, 0, 1)
#define L_BIT   SONDE_FIELD(0, 1, 1)
#define VERSION3 3

#define WITH(flag) .when = SONDE_WHEN_HAS(SONDE_L2TP_FLAGS, flag)
#define IN_3       .when = SONDE_WHEN_IS(SONDE_L2TP_VERSION, VERSION3, 1 << 0)
#define NOT_IN_3   .when = SONDE_WHEN_IS_NOT(SONDE_L2TP_VERSION, VERSION3, 1 << 0)

static const struct sonde_name flag_words[] = {
	{ SONDE_L2TP_T, "T" }, { SONDE_L2TP_L, "L" }, { SONDE_L2TP_S, "S" }, { SONDE_L2TP_O, "O" },
	{ SONDE_L2TP_P, "P" }, { 0 },
};

/* --- Attribute-value pairs --------------------------------------------------------------------------------------- */

#define MANDATORY 0x20
#define FLAGS     SCALAR("flags", SONDE_FIELD(1, 0, 6), KIND(hex), .value = MANDATORY, .named = true, \
	.help = "0x20: mandatory, 0x10: hidden")

static const struct sonde_name messages[] = {
	{ 1, "sccrq" }, { 2, "sccrp" }, { 3, "scccn" }, { 4, "stopccn" }, { 6, "hello" }, { 7, "ocrq" }, { 8, "ocrp" },
	{ 9, "occn" }, { 10, "icrq" }, { 11, "icrp" }, { 12, "iccn" }, { 14, "cdn" }, { 15, "wen" }, { 16, "sli" },
	{ 0 },
};

static const struct sonde_field message[] = {
	SCALAR("type", SONDE_FIELD(0, 48, 16), KIND(named), .names = messages, .help = "kind of message"),
	FLAGS,
	{ 0 },
};
static const struct sonde_field word[] = {
	SCALAR("value", SONDE_FIELD(0, 48, 16), .help = "number"),
	FLAGS,
	{ 0 },
};
static const struct sonde_field quad[] = {
	SCALAR("value", SONDE_FIELD(0, 48, 32), .help = "number"),
	FLAGS,
	{ 0 },
};
static const struct sonde_field text[] = {
	BYTES("text", SONDE_FIELD(0, 48, 0), KIND(text), .help = "characters"),
	FLAGS,
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 48, 0), KIND(opaque), .help = "value"),
	FLAGS,
	{ 0 },
};

/* The number is the vendor's, 0 for the IETF, and the attribute's. */
static const struct sonde_list avps = {
	.kind = SONDE_FIELD(0, 16, 32), .length = SONDE_FIELD(1, 6, 10), .head = 6,
	.items = (const struct sonde_item[]) {
		ITEM("message", 0, .fields = message),
		ITEM("result", 1, .fields = bytes),
		ITEM("version", 2, .fields = word),
		ITEM("framing", 3, .fields = quad),
		ITEM("bearer", 4, .fields = quad),
		ITEM("tie-breaker", 5, .fields = bytes),
		ITEM("firmware", 6, .fields = word),
		ITEM("host", 7, .fields = text),
		ITEM("vendor", 8, .fields = text),
		ITEM("tunnel", 9, .fields = word),
		ITEM("window", 10, .fields = word),
		ITEM("challenge", 11, .fields = bytes),
		ITEM("response", 13, .fields = bytes),
		ITEM("session", 14, .fields = word),
		ITEM("call-serial", 15, .fields = quad),
		ITEM("tx-speed", 24, .fields = quad),
		ITEM("rx-speed", 38, .fields = quad),
		{ 0 },
	},
};

/* --- The header -------------------------------------------------------------------------------------------------- */

static const struct sonde_field fields[] = {
	SCALAR("flags", SONDE_L2TP_FLAGS, KIND(flags), .names = flag_words,
		.help = "T control message, L length, S ns and nr, O offset, P priority"),
	SCALAR("version", SONDE_L2TP_VERSION, .value = 2, .help = "2 or 3"),
	SCALAR("length", SONDE_L2TP_LENGTH, .open = SONDE_COMPUTED, WITH(SONDE_L2TP_L),
		.help = "bytes, header included"),
	SCALAR("reserved", SONDE_L2TP_RESERVED, KIND(hex), IN_3, .and_when = SONDE_WHEN_IS(L_BIT, 0, 1 << 0),
		.help = "must be 0"),
	SCALAR("tunnel", SONDE_L2TP_TUNNEL, .always = true, NOT_IN_3, .help = "tunnel, as the receiver numbers it"),
	SCALAR("session", SONDE_L2TP_SESSION, .always = true, NOT_IN_3, .help = "session, as the receiver numbers it"),
	SCALAR("id", SONDE_L2TP_ID, .always = true, IN_3, .help = "session, or control connection"),
	SCALAR("ns", SONDE_L2TP_NS, WITH(SONDE_L2TP_S), .help = "number of this message"),
	SCALAR("nr", SONDE_L2TP_NR, WITH(SONDE_L2TP_S), .help = "number of the next one expected"),
	SCALAR("offset", SONDE_L2TP_OFFSET, WITH(SONDE_L2TP_O), .help = "bytes of pad"),
	BYTES("pad", SONDE_L2TP_PAD, KIND(raw), WITH(SONDE_L2TP_O), .len_from = SONDE_L2TP_OFFSET,
		.help = "before what follows"),
	LIST("avps", SONDE_L2TP_AVPS, .list = &avps, WITH(SONDE_L2TP_T), .help = "message:sccrq,... in wire order"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return sonde_get(header, L_BIT) ? (uint32_t)sonde_get(header, SONDE_L2TP_LENGTH) : 0;
}

/* AVPs end with the length, or with the datagram. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	bool bounded = sonde_get(header, T_BIT) && len >= MIN_LEN && len < have;
	uint32_t fixed = sonde_rows_len(fields, header, bounded ? len : have);
	return fixed > have ? sonde_rows_len(fields, header, have) : fixed;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	bool ppp = !sonde_get(header, T_BIT) && sonde_get(header, SONDE_L2TP_VERSION) != VERSION3;
	return ppp ? sonde_child_by_number(c, SONDE_SPACE_ETHERTYPE, PPP) : NULL;
}

static void finish(const struct sonde_context *c)
{
	if (sonde_get(sonde_header(c), L_BIT))
		sonde_fill(c, SONDE_L2TP_LENGTH, c->layer->total_len);
}

static bool heuristic(struct sonde_view payload)
{
	const uint64_t version2 = 2, reserved = 0x34f;
	if (payload.len < MIN_LEN)
		return false;
	uint64_t version = sonde_get(payload.data, SONDE_L2TP_VERSION);
	return (version == version2 || version == VERSION3) && !(sonde_get(payload.data, SONDE_L2TP_FLAGS) & reserved);
}

const struct sonde_proto sonde_l2tp = {
	.name = "l2tp", .title = "Layer Two Tunneling Protocol", .source = "RFC 2661, RFC 3931",
	.example = "ip dst=10.0.0.2 / udp sport=1701 / l2tp flags=L tunnel=7 session=8 / ppp / ip dst=192.168.0.2 / "
		   "udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 1701 } },
	.length_place = SONDE_L2TP_LENGTH,
	.measure = measure, .declared = declared, .child = child, .finish = finish, .heuristic = heuristic,
};
