#include "proto/nd.h"

#include "proto/describe.h"

/* Reserved bits have no rows: an option with some of them set is printed by its number. */
static const struct sonde_field link_addr[] = {
	BYTES("addr", SONDE_FIELD(0, 16, 48), KIND(mac), .help = "link-layer address"),
	{ 0 },
};

static const struct sonde_name prefix_flags[] = {
	{ 0x80, "L" }, { 0x40, "A" }, { 0x20, "R" }, { 0x10, "P" }, { 0 },
};

static const struct sonde_field prefix[] = {
	BYTES("prefix", SONDE_FIELD(0, 128, 128), KIND(ip6), .help = "prefix"),
	SCALAR("len", SONDE_FIELD(1, 16, 8), .help = "bits of the prefix"),
	SCALAR("flags", SONDE_FIELD(2, 24, 8), KIND(letters), .names = prefix_flags,
		.help = "L on link, A autonomous, R router address, P delegation preferred"),
	SCALAR("valid", SONDE_FIELD(3, 32, 32), .help = "lifetime, seconds"),
	SCALAR("preferred", SONDE_FIELD(4, 64, 32), .help = "preferred lifetime, seconds"),
	{ 0 },
};

static const struct sonde_field redirected[] = {
	BYTES("packet", SONDE_FIELD(0, 64, 0), KIND(opaque), .help = "the packet that was redirected"),
	{ 0 },
};

static const struct sonde_field mtu[] = {
	SCALAR("mtu", SONDE_FIELD(0, 32, 32), .help = "of the link, bytes"),
	{ 0 },
};

static const struct sonde_field interval[] = {
	SCALAR("ms", SONDE_FIELD(0, 32, 32), .help = "between advertisements, ms"),
	{ 0 },
};

static const struct sonde_field home_agent[] = {
	SCALAR("preference", SONDE_FIELD(0, 32, 16), .help = "higher is better"),
	SCALAR("lifetime", SONDE_FIELD(1, 48, 16), .help = "seconds"),
	{ 0 },
};

static const struct sonde_field timestamp[] = {
	SCALAR("time", SONDE_FIELD(0, 64, 64), .help = "seconds since 1970 in 48 bits, and 1/65536"),
	{ 0 },
};

static const struct sonde_name preferences[] = {
	{ 0, "medium" }, { 1, "high" }, { 2, "reserved" }, { 3, "low" }, { 0 },
};

static const struct sonde_field route[] = {
	SCALAR("len", SONDE_FIELD(0, 16, 8), .help = "bits of the prefix"),
	SCALAR("preference", SONDE_FIELD(1, 27, 2), KIND(named), .names = preferences,
		.help = "low, medium, high"),
	SCALAR("lifetime", SONDE_FIELD(2, 32, 32), .help = "seconds"),
	BYTES("prefix", SONDE_FIELD(3, 64, 0), KIND(raw), .help = "0, 8 or 16 bytes of the prefix"),
	{ 0 },
};

static const struct sonde_field rdnss[] = {
	BYTES("servers", SONDE_FIELD(0, 64, 128), KIND(ip6), .repeat = true,
		.help = "name servers, joined by +"),
	SCALAR("lifetime", SONDE_FIELD(1, 32, 32), .help = "seconds"),
	{ 0 },
};

static const struct sonde_field dnssl[] = {
	SCALAR("lifetime", SONDE_FIELD(0, 32, 32), .help = "seconds"),
	BYTES("domains", SONDE_FIELD(1, 64, 0), KIND(opaque), .help = "search domains as DNS encodes them"),
	{ 0 },
};

static const struct sonde_field registration[] = {
	SCALAR("status", SONDE_FIELD(0, 16, 8), .help = "0 success, 1 duplicate, 2 full"),
	SCALAR("lifetime", SONDE_FIELD(1, 48, 16), .help = "minutes"),
	BYTES("eui", SONDE_FIELD(2, 64, 64), KIND(raw), .help = "EUI-64 of the node"),
	{ 0 },
};

static const struct sonde_field pref64[] = {
	SCALAR("lifetime", SONDE_FIELD(0, 16, 13), .help = "8-second units"),
	SCALAR("plc", SONDE_FIELD(1, 29, 3), .help = "prefix length: 0 to 5 for 96, 64, 56, 48, 40, 32 bits"),
	BYTES("prefix", SONDE_FIELD(2, 32, 0), KIND(raw), .help = "12 bytes of the prefix"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	BYTES("bytes", SONDE_FIELD(0, 16, 0), KIND(opaque), .help = "the option's bytes"),
	{ 0 },
};

/* RFC 4861, 6275, 3971, 4191, 8106, 6775, 8781, 8910, 9463. */
const struct sonde_list sonde_nd_options = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 8, 8), .head = 2, .length_unit = 8,
	.items = (const struct sonde_item[]) {
		ITEM("slla", 1, .fields = link_addr),
		ITEM("tlla", 2, .fields = link_addr),
		ITEM("prefix", 3, .fields = prefix),
		ITEM("redirected", 4, .fields = redirected),
		ITEM("mtu", 5, .fields = mtu),
		ITEM("interval", 7, .fields = interval),
		ITEM("home-agent", 8, .fields = home_agent),
		ITEM("cga", 11, .fields = bytes),
		ITEM("rsa", 12, .fields = bytes),
		ITEM("timestamp", 13, .fields = timestamp),
		ITEM("nonce", 14, .fields = bytes),
		ITEM("route", 24, .fields = route),
		ITEM("rdnss", 25, .fields = rdnss),
		ITEM("flags", 26, .fields = bytes),
		ITEM("dnssl", 31, .fields = dnssl),
		ITEM("aro", 33, .fields = registration),
		ITEM("captive", 37, .fields = bytes),
		ITEM("pref64", 38, .fields = pref64),
		ITEM("dnr", 144, .fields = bytes),
		{ 0 },
	},
};
