#include "proto/eigrp.h"

#include "proto/describe.h"

#define MIN_LEN 20

static const struct sonde_name opcodes[] = {
	{ 1, "update" }, { 2, "request" }, { 3, "query" }, { 4, "reply" }, { 5, "hello" }, { 10, "siaquery" },
	{ 11, "siareply" }, { 0 },
};
static const struct sonde_name flag_words[] = { { 1, "init" }, { 2, "cr" }, { 4, "rs" }, { 8, "eot" }, { 0 } };

static const struct sonde_field parameters[] = {
	SCALAR("k1", SONDE_FIELD(0, 32, 8), .help = "weight of bandwidth"),
	SCALAR("k2", SONDE_FIELD(1, 40, 8), .help = "weight of load"),
	SCALAR("k3", SONDE_FIELD(2, 48, 8), .help = "weight of delay"),
	SCALAR("k4", SONDE_FIELD(3, 56, 8), .help = "weight of reliability"),
	SCALAR("k5", SONDE_FIELD(4, 64, 8), .help = "weight of reliability"),
	SCALAR("k6", SONDE_FIELD(5, 72, 8), .help = "weight of energy and jitter"),
	SCALAR("hold", SONDE_FIELD(6, 80, 16), .help = "time that a neighbour is believed, seconds"),
	{ 0 },
};
static const struct sonde_field version[] = {
	SCALAR("major", SONDE_FIELD(0, 32, 8), .help = "of the router's software"),
	SCALAR("minor", SONDE_FIELD(1, 40, 8), .help = "of the router's software"),
	SCALAR("tlvmajor", SONDE_FIELD(2, 48, 8), .help = "of the protocol"),
	SCALAR("tlvminor", SONDE_FIELD(3, 56, 8), .help = "of the protocol"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 32, 0), KIND(opaque), .help = "value"),
	{ 0 },
};

static const struct sonde_list tlvs = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4,
	.items = (const struct sonde_item[]) {
		ITEM("parameters", 0x0001, .fields = parameters),
		ITEM("authentication", 0x0002, .fields = bytes),
		ITEM("sequence", 0x0003, .fields = bytes),
		ITEM("version", 0x0004, .fields = version),
		ITEM("next-sequence", 0x0005, .fields = bytes),
		ITEM("stub", 0x0006, .fields = bytes),
		ITEM("internal", 0x0102, .fields = bytes),
		ITEM("external", 0x0103, .fields = bytes),
		ITEM("internal6", 0x0402, .fields = bytes),
		ITEM("external6", 0x0403, .fields = bytes),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_EIGRP_VERSION, .value = 2, .help = "2"),
	SCALAR("opcode", SONDE_EIGRP_OPCODE, KIND(named), .names = opcodes, .value = 5, .always = true,
		.help = "hello, update, query, reply, ..."),
	SCALAR("checksum", SONDE_EIGRP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the message"),
	SCALAR("flags", SONDE_EIGRP_FLAGS, KIND(flags), .names = flag_words, .help = "init, cr, rs, eot"),
	SCALAR("seq", SONDE_EIGRP_SEQ, .help = "sequence number, 0 for none"),
	SCALAR("ack", SONDE_EIGRP_ACK, .help = "sequence number that is acknowledged"),
	SCALAR("vrid", SONDE_EIGRP_VRID, .help = "virtual router"),
	SCALAR("as", SONDE_EIGRP_AS, .always = true, .help = "autonomous system"),
	LIST("tlvs", SONDE_EIGRP_TLVS, .list = &tlvs, .help = "in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_EIGRP_CHECKSUM, MIN_LEN, 0, c->layer->have_len);
}

const struct sonde_proto sonde_eigrp = {
	.name = "eigrp", .title = "Enhanced Interior Gateway Routing Protocol", .source = "RFC 7868",
	.example = "ip dst=224.0.0.10 ttl=2 / eigrp opcode=hello as=100 "
		   "tlvs=parameters:1:0:1:0:0:0:15,version:12:4:1:2",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, 88 } },
	.checksum_place = SONDE_EIGRP_CHECKSUM,
	.measure = measure, .checksum = checksum,
};
