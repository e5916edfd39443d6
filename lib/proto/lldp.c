#include "proto/lldp.h"

#include "proto/describe.h"

enum { HEAD = 2 };

/* The type of an item; the last one has type 0. */
#define TYPE   SONDE_FIELD(0, 0, 7)
#define LENGTH SONDE_FIELD(1, 7, 9)

/* IEEE 802.1AB-2016, tables 8-2 and 8-3. */
static const struct sonde_name chassis_kinds[] = {
	{ 1, "component" }, { 2, "ifalias" }, { 3, "port" },  { 4, "mac" },
	{ 5, "addr" },      { 6, "ifname" },  { 7, "local" }, { 0 },
};
static const struct sonde_name port_kinds[] = {
	{ 1, "ifalias" }, { 2, "component" }, { 3, "mac" },   { 4, "addr" },
	{ 5, "ifname" },  { 6, "circuit" },   { 7, "local" }, { 0 },
};

static const struct sonde_field chassis[] = {
	SCALAR("subtype", SONDE_FIELD(0, 16, 8), KIND(named), .names = chassis_kinds, .help = "type of the id"),
	BYTES("id", SONDE_FIELD(1, 24, 0), KIND(raw), .help = "identifier of the machine"),
	{ 0 },
};
static const struct sonde_field port[] = {
	SCALAR("subtype", SONDE_FIELD(0, 16, 8), KIND(named), .names = port_kinds, .help = "type of the id"),
	BYTES("id", SONDE_FIELD(1, 24, 0), KIND(raw), .help = "identifier of the port"),
	{ 0 },
};
static const struct sonde_field ttl[] = {
	SCALAR("seconds", SONDE_FIELD(0, 16, 16), .help = "lifetime of this information; 0: shutdown"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "the item's bytes"),
	{ 0 },
};
static const struct sonde_field caps[] = {
	SCALAR("has", SONDE_FIELD(0, 16, 16), KIND(hex),
	       .help = "capabilities: 4 bridge, 16 router, ..."),
	SCALAR("enabled", SONDE_FIELD(1, 32, 16), KIND(hex), .help = "enabled capabilities"),
	{ 0 },
};
static const struct sonde_field org[] = {
	SCALAR("oui", SONDE_FIELD(0, 16, 24), KIND(hex), .help = "organization that defines the item"),
	SCALAR("subtype", SONDE_FIELD(1, 40, 8), .help = "type of the item"),
	BYTES("bytes", SONDE_FIELD(2, 48, 0), KIND(opaque), .help = "the item's bytes"),
	{ 0 },
};

static const struct sonde_list tlvs = {
	.kind = TYPE, .length = LENGTH, .head = HEAD, .length_excludes = HEAD,
	.items = (const struct sonde_item[]) {
		ITEM("end", 0),
		ITEM("chassis", 1, .fields = chassis),
		ITEM("port", 2, .fields = port),
		ITEM("ttl", 3, .fields = ttl),
		ITEM("portdesc", 4, .fields = bytes),
		ITEM("sysname", 5, .fields = bytes),
		ITEM("sysdesc", 6, .fields = bytes),
		ITEM("caps", 7, .fields = caps),
		ITEM("mgmt", 8, .fields = bytes),
		ITEM("org", 127, .fields = org),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	LIST("tlvs", SONDE_LLDP_TLVS, .list = &tlvs, .help = "in wire order; an end is the last"),
	{ 0 },
};

/* Up to the last item; padding of the link may follow. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t at = 0;
	while (at + HEAD <= have) {
		const uint8_t *item = header + at;
		at += HEAD + (uint32_t)sonde_get(item, LENGTH);
		if (sonde_get(item, TYPE) == 0)
			break;
	}
	return at < have ? at : have;
}

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)header;
	return layer->header_len;
}

const struct sonde_proto sonde_lldp = {
	.name = "lldp", .title = "Link Layer Discovery Protocol", .source = "IEEE 802.1AB",
	.example = "ether dst=01:80:c2:00:00:0e / lldp tlvs=chassis:mac:020000000001,port:ifname:31,ttl:120,end",
	.fields = fields, .min_len = 0, .varies = true, .network = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x88cc } },
	.measure = measure, .declared = declared,
};
