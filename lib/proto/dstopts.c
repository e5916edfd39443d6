#include "proto/dstopts.h"

#include "proto/names.h"
#include "proto/options6.h"

#define MIN_LEN 8

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_DSTOPTS_NEXT, .alias = "nh", .kind = SONDE_NAMED, .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("length", SONDE_DSTOPTS_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "8-byte units behind the first"),
	LIST("options", SONDE_DSTOPTS_OPTIONS, .list = &sonde_options6,
		.help = "in wire order; filled up with padn or pad1"),
	{ 0 },
};

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_DSTOPTS_LENGTH, c->layer->header_len / 8 - 1);
}

/* RFC 6275, 11.3.1: checksums have the home address of a mobile node for its source. */
static void final_addrs(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst)
{
	enum { PAD1 = 0, HOME = 201, HEAD = 2, ADDR_LEN = 16 };
	(void)dst;
	for (uint32_t at = SONDE_FIRST(SONDE_DSTOPTS_OPTIONS) / 8; at + HEAD <= layer->header_len;) {
		uint32_t len = header[at] == PAD1 ? 1 : HEAD + header[at + 1];
		if (header[at] == HOME && len == HEAD + ADDR_LEN && at + len <= layer->header_len)
			memcpy(src, header + at + HEAD, ADDR_LEN);
		at += len;
	}
}

/* It varies: without options the list is filling. */
const struct sonde_proto sonde_dstopts = {
	.name = "dstopts", .title = "IPv6 destination options", .source = "RFC 8200",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 60 } },
	.next = SONDE_DSTOPTS_NEXT, .next_space = SONDE_SPACE_IP, .next_none = 59,
	.measure = sonde_options6_measure, .finish = finish, .final_addrs = final_addrs,
};
