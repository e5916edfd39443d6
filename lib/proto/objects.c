#include "proto/objects.h"

#define MIN_LEN 4

/* Classes and types: RFC 4950 (MPLS), 5837 (interface information), 8335 (interface identification). */
#define OBJECT(class, ctype) ((class) << 8 | (ctype))

static const struct sonde_field mpls[] = {
	SCALAR("labels", SONDE_FIELD(0, 32, 32), .kind = SONDE_LABEL, .repeat = true, .help = "label/tc/s/ttl, joined by +"),
	{ 0 },
};

static const struct sonde_list list = {
	.kind = SONDE_FIELD(0, 16, 16), .length = SONDE_FIELD(1, 0, 16), .head = 4,
	.items = (const struct sonde_item[]) {
		ITEM("mpls", OBJECT(1, 1), .fields = mpls),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("ext_version", SONDE_OBJECTS_VERSION, .value = 2, .help = "2"),
	SCALAR("ext_reserved", SONDE_OBJECTS_RESERVED, .help = "must be 0"),
	SCALAR("ext_checksum", SONDE_OBJECTS_CHECKSUM, .kind = SONDE_HEX, .open = SONDE_COMPUTED, .help = "over the extension"),
	LIST("objects", SONDE_OBJECTS_LIST, .list = &list, .always = true, .help = "mpls, ..."),
	{ 0 },
};

/* It takes all that is left of the message. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

static uint32_t checksum(const struct sonde_context *c)
{
	return sonde_layer_checksum(c, SONDE_OBJECTS_CHECKSUM, 0, c->layer->header_len);
}

const struct sonde_proto sonde_objects = {
	.name = "objects", .title = "ICMP extension objects", .source = "RFC 4884",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_TRAILER, 1 } },
	.checksum_place = SONDE_OBJECTS_CHECKSUM,
	.measure = measure, .checksum = checksum,
};
