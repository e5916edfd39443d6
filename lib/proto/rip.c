#include "proto/rip.h"

#include "proto/describe.h"

enum { MIN_LEN = 4, LAST_COMMAND = 11, VERSION2 = 2, TRAILER = 1, PASSWORD, DIGEST = 3, AUTH = 0xffff };

static const struct sonde_name commands[] = {
	{ 1, "request" }, { 2, "response" }, { 3, "traceon" }, { 4, "traceoff" }, { 5, "reserved" },
	{ 9, "update-request" }, { 10, "update-response" }, { LAST_COMMAND, "update-ack" }, { 0 },
};

/* --- Entries ----------------------------------------------------------------------------------------------------- */

static const struct sonde_name families[] = { { 0, "none" }, { 2, "ip" }, { AUTH, "auth" }, { 0 } };
static const struct sonde_name auth_types[] = {
	{ TRAILER, "trailer" }, { PASSWORD, "password" }, { DIGEST, "digest" }, { 0 },
};

#define FAMILY    SONDE_FIELD(0, 0, 16)
#define TYPE      SONDE_FIELD(1, 16, 16)
#define IN_ROUTE  .when = SONDE_WHEN_IS_NOT(FAMILY, AUTH, 1 << 0)
#define IN_AUTH   .when = SONDE_WHEN_IS(FAMILY, AUTH, 1 << 0)
#define IN_DIGEST IN_AUTH, .and_when = SONDE_WHEN_IS(TYPE, DIGEST, 1 << 0)

static const struct sonde_field entry[] = {
	SCALAR("family", FAMILY, KIND(named), .names = families,
		.help = "ip; none: the whole table is asked for; auth: authentication"),
	SCALAR("type", TYPE, KIND(named), .names = auth_types, IN_AUTH,
		.help = "password, or digest, whose trailer ends the message"),
	BYTES("password", SONDE_FIELD(2, 32, 128), KIND(padded), IN_AUTH,
		.and_when = SONDE_WHEN_IS(TYPE, PASSWORD, 1 << 0), .help = "16 characters at most"),
	SCALAR("length", SONDE_FIELD(3, 32, 16), IN_DIGEST, .help = "bytes before the trailer"),
	SCALAR("key", SONDE_FIELD(4, 48, 8), IN_DIGEST, .help = "key identifier"),
	SCALAR("datalen", SONDE_FIELD(5, 56, 8), IN_DIGEST, .help = "bytes of the digest, or of the trailer"),
	SCALAR("seq", SONDE_FIELD(6, 64, 32), IN_DIGEST, .help = "sequence number, never smaller than the last"),
	BYTES("reserved", SONDE_FIELD(7, 96, 64), KIND(raw), .named = true, IN_DIGEST, .help = "must be 0"),
	/* The trailer ends the message. It has 16 bytes with MD5, more with others (RFC 4822, 2.3). */
	BYTES("trailer", SONDE_FIELD(8, 32, 0), KIND(raw), IN_AUTH,
		.and_when = SONDE_WHEN_IS(TYPE, TRAILER, 1 << 0), .help = "the digest"),
	BYTES("data", SONDE_FIELD(9, 32, 128), KIND(raw), IN_AUTH,
		.and_when = SONDE_WHEN_IS_NOT(TYPE, TRAILER, 1 << 0 | 1 << 1 | 1 << 2), .help = "16 bytes"),
	BYTES("addr", SONDE_FIELD(10, 32, 32), KIND(ip4), IN_ROUTE, .help = "network; 0.0.0.0: the default route"),
	BYTES("mask", SONDE_FIELD(11, 64, 32), KIND(ip4), IN_ROUTE, .help = "0.0.0.0 in version 1"),
	SCALAR("metric", SONDE_FIELD(12, 128, 32), IN_ROUTE, .help = "hops, 1 to 15; 16: infinity"),
	BYTES("nexthop", SONDE_FIELD(13, 96, 32), KIND(ip4), .named = true, IN_ROUTE,
		.help = "0.0.0.0: by who sends this"),
	SCALAR("tag", SONDE_FIELD(14, 16, 16), .named = true, IN_ROUTE, .help = "route tag"),
	{ 0 },
};

static const struct sonde_list entries = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = entry), { 0 } },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

static const struct sonde_field fields[] = {
	SCALAR("command", SONDE_RIP_COMMAND, .alias = "cmd", KIND(named), .names = commands, .value = 1, .always = true,
		.help = "request or response"),
	SCALAR("version", SONDE_RIP_VERSION, .value = VERSION2, .help = "1 or 2"),
	SCALAR("zero", SONDE_RIP_ZERO, .alias = "routing_domain", .help = "must be 0"),
	LIST("entries", SONDE_RIP_ENTRIES, .list = &entries, .help = "family:addr:mask:metric, in wire order"),
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
	uint64_t command = sonde_get(payload.data, SONDE_RIP_COMMAND);
	uint64_t version = sonde_get(payload.data, SONDE_RIP_VERSION);
	return command >= 1 && command <= LAST_COMMAND && version >= 1 && version <= VERSION2;
}

const struct sonde_proto sonde_rip = {
	.name = "rip", .title = "Routing Information Protocol", .source = "RFC 2453",
	.example = "ip dst=224.0.0.9 ttl=1 / udp sport=520 / rip command=response "
		   "entries=ip:10.7.0.0:255.255.0.0:1,ip:10.8.0.0:255.255.0.0:2:tag=7",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_UDP, 520 } },
	.measure = measure, .heuristic = heuristic,
};
