#include "proto/tftp.h"

#include "proto/describe.h"
#include "proto/layout.h"

enum { RRQ = 1, WRQ, DATA, ACK, ERROR, OACK, MIN_LEN = 2 };

#define IN(types) .when = SONDE_WHEN_IS(SONDE_TFTP_OPCODE, 0, types)
#define T(type)   (1u << (type))

static const struct sonde_name opcodes[] = {
	{ RRQ, "rrq" }, { WRQ, "wrq" }, { DATA, "data" }, { ACK, "ack" }, { ERROR, "error" }, { OACK, "oack" }, { 0 },
};

static const struct sonde_name codes[] = {
	{ 0, "undefined" }, { 1, "not-found" }, { 2, "access" }, { 3, "full" }, { 4, "illegal" }, { 5, "unknown-id" },
	{ 6, "exists" }, { 7, "no-user" }, { 8, "options" }, { 0 },
};

static const struct sonde_field option[] = {
	BYTES("name", SONDE_FIELD(0, 0, 0), KIND(string), .help = "blksize, timeout, tsize, ..."),
	BYTES("value", SONDE_FIELD(1, SONDE_NEXT, 0), KIND(string), .help = "its value"),
	{ 0 },
};

static const struct sonde_list options = {
	.ends_at_others = true,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = option), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("opcode", SONDE_TFTP_OPCODE, .alias = "op", KIND(named), .names = opcodes, .value = RRQ, .always = true,
		.help = "rrq, wrq, data, ack, error, oack"),
	BYTES("file", SONDE_TFTP_FILE, .alias = "filename source_file", KIND(string), .always = true,
		IN(T(RRQ) | T(WRQ)), .help = "name of the file"),
	BYTES("mode", SONDE_TFTP_MODE, .alias = "type", KIND(string), .always = true, IN(T(RRQ) | T(WRQ)),
		.help = "octet or netascii"),
	SCALAR("block", SONDE_TFTP_BLOCK, .always = true, IN(T(DATA) | T(ACK)), .help = "from 1"),
	SCALAR("code", SONDE_TFTP_CODE, KIND(named), .names = codes, .always = true, IN(T(ERROR)),
		.help = "not-found, access, ..."),
	BYTES("message", SONDE_TFTP_MESSAGE, KIND(string), IN(T(ERROR)), .help = "for people"),
	LIST("options", SONDE_TFTP_OPTIONS, .list = &options, IN(T(RRQ) | T(WRQ) | T(OACK)),
		.help = "name:value, in wire order"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	const unsigned least = 4;
	uint64_t opcode = payload.len >= least ? sonde_get(payload.data, SONDE_TFTP_OPCODE) : 0;
	return opcode >= RRQ && opcode <= OACK;
}

const struct sonde_proto sonde_tftp = {
	.name = "tftp", .title = "Trivial File Transfer Protocol", .source = "RFC 1350, RFC 2347",
	.example = "ip dst=10.0.0.2 / udp / tftp opcode=rrq file=boot.img mode=octet options=blksize:1428,tsize:0",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 69 } },
	.measure = measure, .heuristic = heuristic,
};
