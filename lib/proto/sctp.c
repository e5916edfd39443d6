#include "proto/sctp.h"

#include "proto/describe.h"
#include "base/checksum.h"

#define MIN_LEN 12

/* Places count from the chunk's type; behind the flags stands the length. The flags of a chunk that has nothing to
 * say may be left out. */
#define FLAGS(...) SCALAR("flags", SONDE_FIELD(0, 8, 8), .optional = true, __VA_ARGS__)

static const struct sonde_name data_flags[] = {
	{ 0x08, "I" }, { 0x04, "U" }, { 0x02, "B" }, { 0x01, "E" }, { 0 },
};

static const struct sonde_field data[] = {
	FLAGS(KIND(letters), .names = data_flags, .help = "I at once, U unordered, B beginning, E end"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "transmission sequence number"),
	SCALAR("sid", SONDE_FIELD(2, 64, 16), .help = "stream"),
	SCALAR("ssn", SONDE_FIELD(3, 80, 16), .help = "stream sequence number"),
	SCALAR("ppid", SONDE_FIELD(4, 96, 32), .help = "payload protocol"),
	BYTES("data", SONDE_FIELD(5, 128, 0), KIND(raw), .help = "user data"),
	{ 0 },
};

static const struct sonde_field i_data[] = {
	FLAGS(KIND(letters), .names = data_flags, .help = "I at once, U unordered, B beginning, E end"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "transmission sequence number"),
	SCALAR("sid", SONDE_FIELD(2, 64, 16), .help = "stream"),
	SCALAR("mid", SONDE_FIELD(3, 96, 32), .help = "message of the stream"),
	SCALAR("ppid", SONDE_FIELD(4, 128, 32), .help = "payload protocol, or the fragment's number without B"),
	BYTES("data", SONDE_FIELD(5, 160, 0), KIND(raw), .help = "user data"),
	{ 0 },
};

static const struct sonde_field init[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tag", SONDE_FIELD(1, 32, 32), KIND(hex),
		.help = "verification tag that the other side is to send"),
	SCALAR("arwnd", SONDE_FIELD(2, 64, 32), .help = "receive window, bytes"),
	SCALAR("os", SONDE_FIELD(3, 96, 16), .help = "outbound streams"),
	SCALAR("mis", SONDE_FIELD(4, 112, 16), .help = "most inbound streams"),
	SCALAR("tsn", SONDE_FIELD(5, 128, 32), .help = "first transmission sequence number"),
	BYTES("params", SONDE_FIELD(6, 160, 0), KIND(raw), .help = "parameters"),
	{ 0 },
};

#define SACK_NGAPS SONDE_FIELD(5, 96, 16)
#define SACK_NDUPS SONDE_FIELD(6, 112, 16)

static const struct sonde_field sack[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "all up to this were received"),
	SCALAR("arwnd", SONDE_FIELD(2, 64, 32), .help = "receive window, bytes"),
	SCALAR("gaps", SONDE_FIELD(3, 128, 32), KIND(span), .repeat = true, .len_from = SACK_NGAPS, .unit = 4,
		.help = "received behind tsn: first-last, joined by +"),
	SCALAR("dups", SONDE_FIELD(4, SONDE_NEXT, 32), .repeat = true, .len_from = SACK_NDUPS, .unit = 4,
		.help = "received twice, joined by +"),
	SCALAR("ngaps", SACK_NGAPS, .help = "number of gaps"),
	SCALAR("ndups", SACK_NDUPS, .help = "number of dups"),
	{ 0 },
};

static const struct sonde_field tsn[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "transmission sequence number"),
	{ 0 },
};

static const struct sonde_name abort_flags[] = { { 0x01, "T" }, { 0 } };

static const struct sonde_field abort_causes[] = {
	FLAGS(KIND(letters), .names = abort_flags, .help = "T: the verification tag is the other side's"),
	BYTES("causes", SONDE_FIELD(1, 32, 0), KIND(raw), .help = "error causes"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	FLAGS(.help = "by type"),
	BYTES("bytes", SONDE_FIELD(1, 32, 0), KIND(raw), .help = "the body"),
	{ 0 },
};

static const struct sonde_field auth[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("keyid", SONDE_FIELD(1, 32, 16), .help = "shared key"),
	SCALAR("hmacid", SONDE_FIELD(2, 48, 16), .help = "1 SHA-1, 3 SHA-256"),
	BYTES("hmac", SONDE_FIELD(3, 64, 0), KIND(raw), .help = "message authentication code"),
	{ 0 },
};

static const struct sonde_field asconf[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("serial", SONDE_FIELD(1, 32, 32), .help = "serial number"),
	BYTES("params", SONDE_FIELD(2, 64, 0), KIND(raw), .help = "parameters"),
	{ 0 },
};

static const struct sonde_field forward_tsn[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "take all up to this as received"),
	SCALAR("streams", SONDE_FIELD(2, 64, 32), KIND(span), .repeat = true,
		.help = "stream-ssn, joined by +"),
	{ 0 },
};

static const struct sonde_field i_forward_tsn[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "take all up to this as received"),
	BYTES("streams", SONDE_FIELD(2, 64, 0), KIND(raw), .help = "8 bytes each: stream, U bit, message"),
	{ 0 },
};

static const struct sonde_list chunks = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 16, 16), .head = 4, .align = 4,
	.items = (const struct sonde_item[]) {
		ITEM("data", SONDE_SCTP_DATA, .fields = data),
		ITEM("init", SONDE_SCTP_INIT, .fields = init),
		ITEM("init-ack", SONDE_SCTP_INIT_ACK, .fields = init),
		ITEM("sack", SONDE_SCTP_SACK, .fields = sack),
		ITEM("heartbeat", SONDE_SCTP_HEARTBEAT, .fields = bytes),
		ITEM("heartbeat-ack", SONDE_SCTP_HEARTBEAT_ACK, .fields = bytes),
		ITEM("abort", SONDE_SCTP_ABORT, .fields = abort_causes),
		ITEM("shutdown", SONDE_SCTP_SHUTDOWN, .fields = tsn),
		ITEM("shutdown-ack", SONDE_SCTP_SHUTDOWN_ACK, .fields = bytes),
		ITEM("error", SONDE_SCTP_ERROR, .fields = bytes),
		ITEM("cookie-echo", SONDE_SCTP_COOKIE_ECHO, .fields = bytes),
		ITEM("cookie-ack", SONDE_SCTP_COOKIE_ACK, .fields = bytes),
		ITEM("ecne", 12, .fields = tsn),
		ITEM("cwr", 13, .fields = tsn),
		ITEM("shutdown-complete", SONDE_SCTP_SHUTDOWN_COMPLETE, .fields = abort_causes),
		ITEM("auth", 15, .fields = auth),
		ITEM("i-data", 64, .fields = i_data),
		ITEM("asconf-ack", 128, .fields = asconf),
		ITEM("re-config", 130, .fields = bytes),
		ITEM("pad", 132, .fields = bytes),
		ITEM("forward-tsn", 192, .fields = forward_tsn),
		ITEM("asconf", 193, .fields = asconf),
		ITEM("i-forward-tsn", 194, .fields = i_forward_tsn),
		{ 0 },
	},
};

static const struct sonde_field fields[] = {
	SCALAR("sport", SONDE_SCTP_SPORT, .alias = "srcport", KIND(port), .role = SONDE_ROLE_SOURCE_PORT,
		.open = SONDE_LOOKED_UP,
		.help = "source port"),
	SCALAR("dport", SONDE_SCTP_DPORT, .alias = "dstport", KIND(port), .role = SONDE_ROLE_DESTINATION_PORT,
		.always = true,
		.help = "destination port"),
	SCALAR("vtag", SONDE_SCTP_VTAG, .alias = "tag verification_tag", KIND(hex), .always = true,
		.help = "verification tag: 0 with an init"),
	SCALAR("checksum", SONDE_SCTP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "CRC32c of all, as its bytes stand"),
	LIST("chunks", SONDE_SCTP_CHUNKS, .list = &chunks, .help = "in wire order"),
	{ 0 },
};

/* Chunks fill the packet. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

/* RFC 9260, 6.8 and appendix A: over the packet with the checksum as 0, and stored with the least significant byte
 * first. */
static uint32_t checksum(const struct sonde_context *c)
{
	static const uint8_t zero[4];
	const uint32_t at = SONDE_FIRST(SONDE_SCTP_CHECKSUM) / 8;
	struct sonde_view all = sonde_layer_view(c);
	if (all.len < MIN_LEN)
		return 0;
	uint32_t crc = sonde_crc32c(0, sonde_view_sub(all, 0, at));
	crc = sonde_crc32c(crc, sonde_view(zero, sizeof zero));
	crc = sonde_crc32c(crc, sonde_view_sub(all, at + sizeof zero, all.len));
	return crc >> 24 | (crc >> 8 & 0xff00) | (crc & 0xff00) << 8 | crc << 24;
}

/* Of the first chunk. */
#define CHUNK_TYPE  SONDE_FIELD(0, 96, 8)
#define CHUNK_T     SONDE_FIELD(0, 111, 1) /* the tag is that of the packet which is answered */
#define CHUNK_TAG   SONDE_FIELD(0, 128, 32)

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	sonde_ports_question(q, c);
	if (!sonde_place_there(c->layer, CHUNK_TAG))
		return;
	q->kind = SONDE_ASKS_SCTP;
	q->peer_tag = (uint32_t)sonde_get(header, SONDE_SCTP_VTAG);
	q->tag = sonde_get(header, CHUNK_TYPE) == SONDE_SCTP_INIT ? (uint32_t)sonde_get(header, CHUNK_TAG) : 0;
}

/* RFC 9260, 8.5: what comes back carries the tag that our INIT chose; an ABORT may carry the one that we sent. */
static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (!sonde_place_there(c->layer, CHUNK_T) || !sonde_ports_answer(q, c))
		return SONDE_SILENCE;
	uint32_t type = (uint32_t)sonde_get(header, CHUNK_TYPE), vtag = (uint32_t)sonde_get(header, SONDE_SCTP_VTAG);
	bool reflected = type == SONDE_SCTP_ABORT && sonde_get(header, CHUNK_T) && vtag == q->peer_tag;
	if (q->tag && vtag != q->tag && !reflected)
		return SONDE_SILENCE;
	return type == SONDE_SCTP_INIT_ACK ? SONDE_ANSWER_SCTP_ACK
	       : type == SONDE_SCTP_ABORT  ? SONDE_ANSWER_SCTP_ABORT
					   : SONDE_ANSWER_IP;
}

const struct sonde_proto sonde_sctp = {
	.name = "sctp", .title = "Stream Control Transmission Protocol", .source = "RFC 9260",
	.example = "ip dst=10.0.0.2 / sctp dport=80 vtag=0 chunks=init:0:7:65536:10:10:1",
	.fields = fields, .min_len = MIN_LEN,
	.ids = { { SONDE_SPACE_IP, 132 } },
	.checksum_place = SONDE_SCTP_CHECKSUM,
	.measure = measure, .checksum = checksum,
	.question = question, .answer = answer, .is_question = sonde_ports_are_ours, .number = sonde_ports_number,
};
