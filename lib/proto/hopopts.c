#include "proto/hopopts.h"

#include "proto/names.h"
#include "proto/options6.h"

#define MIN_LEN 8

static const struct sonde_field fields[] = {
	SCALAR("next", SONDE_HOPOPTS_NEXT, .alias = "nh", .kind = SONDE_NAMED, .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("length", SONDE_HOPOPTS_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "8-byte units behind the first"),
	LIST("options", SONDE_HOPOPTS_OPTIONS, .list = &sonde_options6,
		.help = "in wire order; filled up with padn or pad1"),
	{ 0 },
};

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_HOPOPTS_LENGTH, c->layer->header_len / 8 - 1);
}

/* It varies: without options the list is filling. */
const struct sonde_proto sonde_hopopts = {
	.name = "hopopts", .title = "IPv6 hop-by-hop options", .source = "RFC 8200",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_IP, 0 } },
	.next = SONDE_HOPOPTS_NEXT, .next_space = SONDE_SPACE_IP, .next_none = 59,
	.measure = sonde_options6_measure, .finish = finish,
};
