#include "proto/options6.h"

#include "proto/describe.h"
#include "proto/list.h"
#include "proto/names.h"

#define JUMBO 194

static const struct sonde_field padding[] = {
	BYTES("zeros", SONDE_FIELD(0, 16, 0), KIND(zeros), .help = "how many zero bytes"),
	{ 0 },
};

static const struct sonde_field tunnel_limit[] = {
	SCALAR("limit", SONDE_FIELD(0, 16, 8), .help = "further encapsulations permitted"),
	{ 0 },
};

static const struct sonde_field router_alert[] = {
	SCALAR("value", SONDE_FIELD(0, 16, 16), .help = "0 MLD, 1 RSVP, 2 active networks"),
	{ 0 },
};

static const struct sonde_field pdm[] = {
	SCALAR("scaledtlr", SONDE_FIELD(0, 16, 8), .help = "scale of dtlr"),
	SCALAR("scaledtls", SONDE_FIELD(1, 24, 8), .help = "scale of dtls"),
	SCALAR("psntp", SONDE_FIELD(2, 32, 16), .help = "packet sequence number, this packet"),
	SCALAR("psnlr", SONDE_FIELD(3, 48, 16), .help = "packet sequence number, last received"),
	SCALAR("dtlr", SONDE_FIELD(4, 64, 16), .help = "time since the last was received"),
	SCALAR("dtls", SONDE_FIELD(5, 80, 16), .help = "time since the last was sent"),
	{ 0 },
};

static const struct sonde_field min_mtu[] = {
	SCALAR("min", SONDE_FIELD(0, 16, 16), .help = "least MTU on the way"),
	SCALAR("rtn", SONDE_FIELD(1, 32, 15), .help = "least MTU on the way back, halved"),
	SCALAR("r", SONDE_FIELD(2, 47, 1), .optional = true, .help = "an answer is wanted"),
	{ 0 },
};

static const struct sonde_field jumbo[] = {
	SCALAR("length", SONDE_FIELD(0, 16, 32), .help = "bytes after the IPv6 header"),
	{ 0 },
};

static const struct sonde_field home[] = {
	BYTES("addr", SONDE_FIELD(0, 16, 128), KIND(ip6), .help = "home address"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

/* RFC 8200, 2473, 2711, 5570, 6621, 8250, 9486, 9343, 4782, 9268, 9008, 2675, 6275, 7731, 6744, 6788. */
static const struct sonde_list options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_excludes = 2,
	.list_align = 8, .list_before = 2, .fill = SONDE_FILL_PADN, .padn = 1, .n_singles = 1,
	.items = (const struct sonde_item[]) {
		ITEM("pad1", 0),
		ITEM("padn", 1, .fields = padding),
		ITEM("limit", 4, .fields = tunnel_limit),
		ITEM("ra", 5, .fields = router_alert),
		ITEM("calipso", 7, .fields = bytes),
		ITEM("smf", 8, .fields = bytes),
		ITEM("pdm", 15, .fields = pdm),
		ITEM("ioam", 17, .fields = bytes),
		ITEM("altmark", 18, .fields = bytes),
		ITEM("rpl", 35, .fields = bytes),
		ITEM("qs", 38, .fields = bytes),
		ITEM("minmtu", 48, .fields = min_mtu),
		ITEM("ioam-update", 49, .fields = bytes),
		ITEM("altmark-update", 50, .fields = bytes),
		ITEM("rpl-old", 99, .fields = bytes),
		ITEM("mpl", 109, .fields = bytes),
		ITEM("nonce", 139, .fields = bytes),
		ITEM("lineid", 140, .fields = bytes),
		ITEM("jumbo", JUMBO, .fields = jumbo),
		ITEM("home", 201, .fields = home),
		{ 0 },
	},
};

const struct sonde_field sonde_options6_rows[] = {
	SCALAR("next", SONDE_OPTIONS6_NEXT, .alias = "nh", KIND(named), .space = SONDE_SPACE_IP,
		.names = sonde_ip_names, .open = SONDE_COMPUTED, .help = "what follows"),
	SCALAR("length", SONDE_OPTIONS6_LENGTH, .alias = "len", .open = SONDE_COMPUTED,
		.help = "8-byte units after the first"),
	LIST("options", SONDE_OPTIONS6_OPTIONS, .list = &options,
		.help = "in wire order; padded with padn or pad1"),
	{ 0 },
};

uint32_t sonde_options6_measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return ((uint32_t)sonde_get(header, SONDE_OPTIONS6_LENGTH) + 1) * 8;
}

bool sonde_options6_has_jumbo(const struct sonde_layer *layer, const uint8_t *header)
{
	struct sonde_list_item item;
	const uint32_t before = SONDE_FIRST(SONDE_OPTIONS6_OPTIONS) / 8;
	struct sonde_view there = sonde_view(header + before, layer->header_len - before);
	for (size_t at = 0; !layer->cut && sonde_list_next(&item, &options, there, &at);)
		if (item.number == JUMBO && !item.broken)
			return true;
	return false;
}

void sonde_options6_finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_OPTIONS6_LENGTH, c->layer->header_len / 8 - 1);
}
