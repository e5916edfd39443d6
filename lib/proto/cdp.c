#include "proto/cdp.h"

#include "proto/describe.h"

#define MIN_LEN 4

static const struct sonde_field text[] = {
	BYTES("text", SONDE_FIELD(0, 32, 0), KIND(text), .help = "characters"),
	{ 0 },
};
static const struct sonde_field byte[] = {
	SCALAR("value", SONDE_FIELD(0, 32, 8), .help = "number"),
	{ 0 },
};
static const struct sonde_field word[] = {
	SCALAR("value", SONDE_FIELD(0, 32, 16), .help = "number"),
	{ 0 },
};
static const struct sonde_field quad[] = {
	SCALAR("value", SONDE_FIELD(0, 32, 32), KIND(hex), .help = "bits"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 32, 0), KIND(opaque), .help = "value"),
	{ 0 },
};

static const struct sonde_list tlvs = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4,
	.items = (const struct sonde_item[]) {
		ITEM("device", 0x01, .fields = text),
		ITEM("addresses", 0x02, .fields = bytes),
		ITEM("port", 0x03, .fields = text),
		ITEM("capabilities", 0x04, .fields = quad),
		ITEM("software", 0x05, .fields = text),
		ITEM("platform", 0x06, .fields = text),
		ITEM("prefixes", 0x07, .fields = bytes),
		ITEM("vtp-domain", 0x09, .fields = text),
		ITEM("native-vlan", 0x0a, .fields = word),
		ITEM("duplex", 0x0b, .fields = byte),
		ITEM("mtu", 0x11, .fields = quad),
		ITEM("management", 0x16, .fields = bytes),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_CDP_VERSION, .value = 2, .help = "1 or 2"),
	SCALAR("ttl", SONDE_CDP_TTL, .value = 180, .help = "seconds that this is valid"),
	SCALAR("checksum", SONDE_CDP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the message"),
	LIST("tlvs", SONDE_CDP_TLVS, .list = &tlvs, .help = "in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

/* A last odd byte is added as a signed number, in the lower half of a word, and not in the upper half as in IP. */
static uint32_t checksum(const struct sonde_context *c)
{
	uint32_t len = c->layer->have_len, even = len & ~1u;
	uint8_t last = sonde_header(c)[len - 1];
	uint32_t odd = last & 0x80 ? 0xff00u | (last - 1u) : last;
	uint64_t sum = even < len ? sonde_sum_number(0, odd) : 0;
	return sonde_layer_checksum(c, SONDE_CDP_CHECKSUM, MIN_LEN, sum, even);
}

const struct sonde_proto sonde_cdp = {
	.name = "cdp", .title = "Cisco Discovery Protocol", .source = "Cisco",
	.example = "ether dst=01:00:0c:cc:cc:cc / llc oui=0x00000c / cdp tlvs=device:switch,port:eth0",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x2000 } },
	.checksum_place = SONDE_CDP_CHECKSUM,
	.measure = measure, .checksum = checksum,
};
