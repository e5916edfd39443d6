#include "proto/gtpu.h"

#include "proto/describe.h"

#define MIN_LEN    8
#define E_BIT      SONDE_FIELD(3, 5, 1)
#define ANY        (SONDE_GTPU_E | SONDE_GTPU_S | SONDE_GTPU_PN)
#define WITH_WORDS .when = SONDE_WHEN_HAS(SONDE_GTPU_FLAGS, ANY)

static const struct sonde_name flag_words[] = {
	{ SONDE_GTPU_E, "E" }, { SONDE_GTPU_S, "S" }, { SONDE_GTPU_PN, "PN" }, { 0 },
};

static const struct sonde_name types[] = {
	{ 1, "echo" }, { 2, "echo-reply" }, { 26, "error" }, { 31, "extensions" }, { 253, "tunnel-status" },
	{ 254, "end" }, { SONDE_GTPU_GPDU, "gpdu" }, { 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "content of the extension header"),
	{ 0 },
};

static const struct sonde_field port[] = {
	SCALAR("port", SONDE_FIELD(0, 16, 16), .help = "UDP source port of the packet that caused the error"),
	{ 0 },
};

static const struct sonde_list extensions = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_unit = 4,
	.list_align = 4, .list_before = 11, .fill = SONDE_FILL_ZEROS, .has_end = true, .end = 0, .closes = true,
	.items = (const struct sonde_item[]) {
		ITEM("end", 0x00),
		ITEM("long-pdcp", 0x03, .fields = bytes),
		ITEM("service-class", 0x20, .fields = bytes),
		ITEM("udp-port", 0x40, .fields = port),
		ITEM("ran-container", 0x81, .fields = bytes),
		ITEM("long-pdcp2", 0x82, .fields = bytes),
		ITEM("xw-ran", 0x83, .fields = bytes),
		ITEM("nr-ran", 0x84, .fields = bytes),
		ITEM("pdu-session", 0x85, .fields = bytes),
		ITEM("pdcp", 0xc0, .fields = bytes),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_GTPU_VERSION, .value = 1, .help = "1"),
	SCALAR("pt", SONDE_GTPU_PT, .value = 1, .help = "1: GTP, 0: charging"),
	SCALAR("reserved", SONDE_GTPU_RESERVED, .help = "must be 0"),
	SCALAR("flags", SONDE_GTPU_FLAGS, KIND(flags), .names = flag_words,
		.help = "E extensions, S seq, PN npdu: which of these have a meaning; any of them: all are there"),
	SCALAR("type", SONDE_GTPU_TYPE, .alias = "message", KIND(named), .names = types, .value = SONDE_GTPU_GPDU,
		.help = "gpdu: a packet follows"),
	SCALAR("length", SONDE_GTPU_LENGTH, .open = SONDE_COMPUTED, .help = "bytes behind teid"),
	SCALAR("teid", SONDE_GTPU_TEID, KIND(hex), .always = true, .help = "tunnel endpoint identifier"),
	SCALAR("seq", SONDE_GTPU_SEQ, WITH_WORDS, .help = "sequence number"),
	SCALAR("npdu", SONDE_GTPU_NPDU, WITH_WORDS, .help = "N-PDU number"),
	LIST("extensions", SONDE_GTPU_EXTENSIONS, .list = &extensions,
		.when = SONDE_WHEN_HAS(SONDE_GTPU_FLAGS, SONDE_GTPU_E), .announces = true, .help = "in wire order"),
	SCALAR("next", SONDE_GTPU_NEXT, KIND(hex),
		.when = SONDE_WHEN_HAS(SONDE_GTPU_FLAGS, SONDE_GTPU_S | SONDE_GTPU_PN),
		.and_when = SONDE_WHEN_IS(E_BIT, 0, 1 << 0), .help = "ignored without E"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return MIN_LEN + (uint32_t)sonde_get(header, SONDE_GTPU_LENGTH);
}

/* Extension headers end with a byte that announces none, or with one whose length cannot be. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	const uint32_t word = 4;
	uint64_t flags = sonde_get(header, SONDE_GTPU_FLAGS);
	uint32_t at = SONDE_FIRST(SONDE_GTPU_EXTENSIONS) / 8, len = word;
	if (!(flags & SONDE_GTPU_E))
		return flags ? at + 1 : MIN_LEN;
	for (; len && at + 1 < have && header[at]; at += len)
		len = header[at + 1] * word;
	return at + 1;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_get(sonde_header(c), SONDE_GTPU_TYPE) == SONDE_GTPU_GPDU ? sonde_child_by_version(c) : NULL;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_GTPU_LENGTH, c->layer->total_len - MIN_LEN);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len > 0 && sonde_get(payload.data, SONDE_GTPU_VERSION) == 1 &&
	       sonde_get(payload.data, SONDE_GTPU_PT) == 1;
}

const struct sonde_proto sonde_gtpu = {
	.name = "gtpu", .title = "GPRS Tunnelling Protocol, user plane", .source = "3GPP TS 29.281", .alias = "gtp",
	.example = "ip dst=10.0.0.2 / udp sport=2152 / gtpu flags=E teid=0x7 extensions=pdu-session:0009 / "
		   "ip dst=192.168.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 2152 } },
	.length_place = SONDE_GTPU_LENGTH,
	.measure = measure, .declared = declared, .child = child, .finish = finish, .heuristic = heuristic,
};
