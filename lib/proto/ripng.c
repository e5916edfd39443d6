#include "proto/ripng.h"

#include "proto/describe.h"

enum { MIN_LEN = 4, VERSION1 = 1, REQUEST = 1, RESPONSE = 2 };

static const struct sonde_name commands[] = { { REQUEST, "request" }, { RESPONSE, "response" }, { 0 } };

static const struct sonde_field entry[] = {
	BYTES("prefix", SONDE_FIELD(0, 0, 128), KIND(ip6), .help = "network, or the next hop"),
	SCALAR("length", SONDE_FIELD(1, 144, 8), .help = "of the prefix, bits"),
	SCALAR("metric", SONDE_FIELD(2, 152, 8),
		.help = "hops, 1 to 15; 16: infinity; 255: the prefix is the next hop of the entries behind it"),
	SCALAR("tag", SONDE_FIELD(3, 128, 16), .named = true, .help = "route tag"),
	{ 0 },
};

static const struct sonde_list entries = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = entry), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("command", SONDE_RIPNG_COMMAND, .alias = "cmd", KIND(named), .names = commands, .value = REQUEST,
		.always = true, .help = "request or response"),
	SCALAR("version", SONDE_RIPNG_VERSION, .value = VERSION1, .help = "1"),
	SCALAR("zero", SONDE_RIPNG_ZERO, .help = "must be 0"),
	LIST("entries", SONDE_RIPNG_ENTRIES, .list = &entries, .help = "[prefix]:length:metric, in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

static bool heuristic(struct sonde_view payload)
{
	if (payload.len < MIN_LEN)
		return false;
	uint64_t command = sonde_get(payload.data, SONDE_RIPNG_COMMAND);
	return (command == REQUEST || command == RESPONSE) &&
	       sonde_get(payload.data, SONDE_RIPNG_VERSION) == VERSION1;
}

const struct sonde_proto sonde_ripng = {
	.name = "ripng", .title = "Routing Information Protocol for IPv6", .source = "RFC 2080",
	.example = "ip6 dst=ff02::9 hlim=255 / udp sport=521 / ripng command=response "
		   "entries=[2001:db8:7::]:48:1,[fe80::9]:0:255,[::]:0:2:tag=7",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 521 } },
	.measure = measure, .heuristic = heuristic,
};
