#include "proto/nflog.h"

#include "base/bytes.h"
#include "proto/describe.h"
#include "proto/layout.h"

enum { HEAD = 4, MIN_LEN = 4, TYPES = 64 };

#define AT(row, bits)   SONDE_FIELD(row, 8 * HEAD, bits)
#define NEXT(row, bits) SONDE_FIELD(row, SONDE_NEXT, bits)

static const struct sonde_field packet[] = {
	SCALAR("proto", AT(0, 16), KIND(named), .space = SONDE_SPACE_ETHERTYPE, .names = sonde_ether_names,
		.help = "what it carries"),
	SCALAR("hook", NEXT(1, 8), .help = "0 prerouting, 1 input, 2 forward, 3 output, 4 postrouting"),
	SCALAR("pad", NEXT(2, 8), .optional = true, .help = "unused"),
	{ 0 },
};
static const struct sonde_field number[] = {
	SCALAR("number", AT(0, 32), .help = "the number"),
	{ 0 },
};
static const struct sonde_field mark[] = {
	SCALAR("mark", AT(0, 32), KIND(hex), .help = "the mark of the packet"),
	{ 0 },
};
static const struct sonde_field moment[] = {
	SCALAR("seconds", AT(0, 64), .help = "since 1970"),
	SCALAR("us", NEXT(1, 64), .help = "microseconds"),
	{ 0 },
};
static const struct sonde_field address[] = {
	SCALAR("len", AT(0, 16), .help = "bytes of the address"),
	SCALAR("pad", NEXT(1, 16), .help = "unused"),
	BYTES("address", NEXT(2, 64), KIND(raw), .help = "of the link, filled up with zeros"),
	{ 0 },
};
static const struct sonde_field prefix[] = {
	BYTES("text", AT(0, 0), KIND(string), .help = "what the rule was told to write"),
	{ 0 },
};
static const struct sonde_field short_number[] = {
	SCALAR("number", AT(0, 16), .help = "the number"),
	{ 0 },
};
static const struct sonde_field bytes[] = {
	BYTES("bytes", AT(0, 0), KIND(raw), .help = "the header of the link"),
	{ 0 },
};

/* linux/netfilter/nfnetlink_log.h. Values are big-endian. */
static const struct sonde_list tlvs = {
	.length = SONDE_LITTLE(0, 0, 16), .kind = SONDE_LITTLE(0, 16, 16), .head = HEAD, .align = 4,
	.has_end = true, .end = SONDE_NFLOG_PAYLOAD, .ends_at_others = true,
	.items = (const struct sonde_item[]) {
		ITEM("packet", 1, .fields = packet),
		ITEM("mark", 2, .fields = mark),
		ITEM("time", 3, .fields = moment),
		ITEM("indev", 4, .fields = number),
		ITEM("outdev", 5, .fields = number),
		ITEM("physin", 6, .fields = number),
		ITEM("physout", 7, .fields = number),
		ITEM("hwaddr", 8, .fields = address),
		ITEM("prefix", 10, .fields = prefix),
		ITEM("uid", 11, .fields = number),
		ITEM("seq", 12, .fields = number),
		ITEM("seqglobal", 13, .fields = number),
		ITEM("gid", 14, .fields = number),
		ITEM("hwtype", 15, .fields = short_number),
		ITEM("hwheader", 16, .fields = bytes),
		ITEM("hwlen", 17, .fields = short_number),
		{ 0 },
	},
};

static const struct sonde_name families[] = { { 2, "ip" }, { 7, "bridge" }, { 10, "ip6" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("family", SONDE_NFLOG_FAMILY, KIND(named), .names = families, .value = 2, .always = true,
		.help = "what is filtered: ip, ip6, bridge"),
	SCALAR("version", SONDE_NFLOG_VERSION, .help = "0"),
	SCALAR("resource", SONDE_NFLOG_RESOURCE, .help = "number of the log's group"),
	LIST("tlvs", SONDE_NFLOG_TLVS, .list = &tlvs, .help = "what is said of the packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_NFLOG);
}

/* Those of big-endian machines have no type that is known. */
static bool heuristic(struct sonde_view payload)
{
	if (payload.len < MIN_LEN + HEAD)
		return payload.len == MIN_LEN;
	return payload.data[MIN_LEN + 2] < TYPES && payload.data[MIN_LEN + 3] == 0;
}

const struct sonde_proto sonde_nflog = {
	.name = "nflog", .title = "Netfilter log", .source = "tcpdump.org/linktypes",
	.example = "nflog resource=5 tlvs=packet:ip:1,indev:2,prefix:dropped / nflogdata / "
		   "ip dst=10.0.0.2 / udp dport=7",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .leads_to_ip = true,
	.ids = { { SONDE_SPACE_LINK, 239 } },
	.measure = measure, .child = child, .heuristic = heuristic,
};
