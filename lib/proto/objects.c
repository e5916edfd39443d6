#include "proto/objects.h"

#include "proto/describe.h"

#define MIN_LEN 4

/* Classes and types: RFC 4950 (MPLS), 5837 (interface information), 8335 (interface identification). */
#define OBJECT(class, ctype) ((class) << 8 | (ctype))

static const struct sonde_field mpls[] = {
	SCALAR("labels", SONDE_FIELD(0, 32, 32), KIND(label), .repeat = true,
		.help = "label/tc/s/ttl, joined by +"),
	{ 0 },
};

/* RFC 5837, 4.1: the bits of the ctype announce the parts that follow, in this order. */
static const struct sonde_name roles[] = { { 0, "in" }, { 1, "sub" }, { 2, "out" }, { 3, "nexthop" }, { 0 } };

#define IFACE_PARTS SONDE_FIELD(1, 26, 6)
#define IFACE_INDEX 0x08
#define IFACE_ADDR  0x04
#define IFACE_NAME  0x02
#define IFACE_MTU   0x01

static const struct sonde_name parts[] = {
	{ IFACE_INDEX, "index" }, { IFACE_ADDR, "addr" }, { IFACE_NAME, "name" }, { IFACE_MTU, "mtu" }, { 0 },
};

static const struct sonde_field iface[] = {
	SCALAR("role", SONDE_FIELD(0, 24, 2), KIND(named), .names = roles,
		.help = "in, sub (of in), out, nexthop"),
	SCALAR("parts", IFACE_PARTS, KIND(flags), .names = parts, .help = "index+addr+name+mtu: what follows"),
	SCALAR("index", SONDE_FIELD(2, 32, 32), .when = SONDE_WHEN_HAS(IFACE_PARTS, IFACE_INDEX), .help = "ifIndex"),
	BYTES("addr", SONDE_FIELD(3, SONDE_NEXT, 0), KIND(afi),
		.when = SONDE_WHEN_HAS(IFACE_PARTS, IFACE_ADDR), .help = "address of the interface"),
	BYTES("name", SONDE_FIELD(4, SONDE_NEXT, 0), KIND(ifname),
		.when = SONDE_WHEN_HAS(IFACE_PARTS, IFACE_NAME), .help = "ifName"),
	SCALAR("mtu", SONDE_FIELD(5, SONDE_NEXT, 32), .when = SONDE_WHEN_HAS(IFACE_PARTS, IFACE_MTU), .help = "bytes"),
	BYTES("rest", SONDE_FIELD(6, SONDE_NEXT, 0), KIND(opaque), .help = "bytes after the parts"),
	{ 0 },
};

static const struct sonde_field name[] = {
	BYTES("name", SONDE_FIELD(0, 32, 0), KIND(raw), .help = "ifName"),
	{ 0 },
};

static const struct sonde_field ifindex[] = {
	SCALAR("index", SONDE_FIELD(0, 32, 32), .help = "ifIndex"),
	{ 0 },
};

static const struct sonde_field address[] = {
	SCALAR("afi", SONDE_FIELD(0, 32, 16), .help = "1 IPv4, 2 IPv6, 6 MAC"),
	SCALAR("len", SONDE_FIELD(1, 48, 8), .help = "bytes of the address"),
	BYTES("addr", SONDE_FIELD(2, 64, 0), KIND(raw), .help = "address, filled up"),
	{ 0 },
};

static const struct sonde_list list = {
	.kind = SONDE_FIELD(0, 16, 16), .length = SONDE_FIELD(1, 0, 16), .head = 4,
	.items = (const struct sonde_item[]) {
		ITEM("mpls", OBJECT(1, 1), .fields = mpls),
		ITEM("iface", OBJECT(2, 0), .fields = iface, .kind_mask = 0xff00),
		ITEM("byname", OBJECT(3, 1), .fields = name),
		ITEM("byindex", OBJECT(3, 2), .fields = ifindex),
		ITEM("byaddr", OBJECT(3, 3), .fields = address),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("ext_version", SONDE_OBJECTS_VERSION, .value = 2, .help = "2"),
	SCALAR("ext_reserved", SONDE_OBJECTS_RESERVED, .help = "must be 0"),
	SCALAR("ext_checksum", SONDE_OBJECTS_CHECKSUM, KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the extension"),
	LIST("objects", SONDE_OBJECTS_LIST, .list = &list, .always = true, .help = "mpls, iface, ..."),
	{ 0 },
};

/* As a layer after an extended echo request, there is one object (RFC 8335, 2), and data may follow. As a trailer,
 * objects take the rest of the message. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	enum { OBJECT_MIN_LEN = 4 };
	if (have < MIN_LEN + OBJECT_MIN_LEN)
		return have;
	uint32_t len = sonde_get_be16(header + MIN_LEN);
	return len >= OBJECT_MIN_LEN && len <= have - MIN_LEN ? MIN_LEN + len : have;
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_OBJECTS_CHECKSUM, MIN_LEN, 0, c->layer->header_len);
}

const struct sonde_proto sonde_objects = {
	.name = "objects", .title = "ICMP extension objects", .source = "RFC 4884",
	.example = "ip dst=10.0.0.2 / icmp type=timxceed objects=mpls:16/0/1/64 / ip dst=10.0.0.9 / udp dport=33434",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_TRAILER, 1 } },
	.checksum_place = SONDE_OBJECTS_CHECKSUM,
	.measure = measure, .checksum = checksum,
};
