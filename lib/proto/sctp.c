#include "proto/sctp.h"

#include "proto/describe.h"
#include "base/checksum.h"

#define MIN_LEN 12

static const struct sonde_list chunks, params, causes;

/* --- Parameters -------------------------------------------------------------------------------------------------- */

/* Places count from the parameter's type; the value starts after the length. */
#define AT(row, width)   SONDE_FIELD(row, 32, width)
#define NEXT(row, width) SONDE_FIELD(row, SONDE_NEXT, width)

static const struct sonde_field info[] = {
	BYTES("info", AT(0, 0), KIND(raw), .help = "opaque to the receiver"),
	{ 0 },
};
static const struct sonde_field filling[] = {
	BYTES("bytes", AT(0, 0), KIND(raw), .help = "arbitrary bytes"),
	{ 0 },
};
static const struct sonde_field addr4[] = {
	BYTES("addr", AT(0, 32), KIND(ip4), .help = "IPv4 address"),
	{ 0 },
};
static const struct sonde_field addr6[] = {
	BYTES("addr", AT(0, 128), KIND(ip6), .help = "IPv6 address"),
	{ 0 },
};
static const struct sonde_field host_name[] = {
	BYTES("name", AT(0, 0), KIND(text), .help = "ends with a zero"),
	{ 0 },
};
static const struct sonde_field inner_params[] = {
	LIST("params", AT(0, 0), .list = &params, .help = "parameters"),
	{ 0 },
};
static const struct sonde_field increment[] = {
	SCALAR("ms", AT(0, 32), .help = "suggested increment of the cookie's lifetime, ms"),
	{ 0 },
};
static const struct sonde_field address_types[] = {
	SCALAR("types", AT(0, 16), KIND(item), .list = &params, .repeat = true,
		.help = "parameters that hold such addresses, joined by +"),
	{ 0 },
};
static const struct sonde_field chunk_types[] = {
	SCALAR("chunks", AT(0, 8), KIND(item), .list = &chunks, .repeat = true, .help = "chunks, joined by +"),
	{ 0 },
};

/* RFC 9653, 4. */
static const struct sonde_field zero_checksum[] = {
	SCALAR("edmid", AT(0, 32), .help = "how errors are detected instead: 1 DTLS"),
	{ 0 },
};

/* RFC 4895, 8.1. */
static const struct sonde_name hmac_names[] = { { 1, "sha1" }, { 3, "sha256" }, { 0 } };
static const struct sonde_field hmacs[] = {
	SCALAR("ids", AT(0, 16), KIND(named), .names = hmac_names, .repeat = true, .help = "joined by +"),
	{ 0 },
};

/* RFC 5061, 4.2. */
static const struct sonde_field address_change[] = {
	SCALAR("id", AT(0, 32), .help = "correlation id, copied to the answer"),
	LIST("addr", NEXT(1, 0), .list = &params, .help = "ipv4:ADDR or ipv6:ADDR"),
	{ 0 },
};
static const struct sonde_field indication[] = {
	SCALAR("id", AT(0, 32), .help = "correlation id of the change that failed"),
	LIST("causes", NEXT(1, 0), .list = &causes, .help = "why"),
	{ 0 },
};
static const struct sonde_field success[] = {
	SCALAR("id", AT(0, 32), .help = "correlation id of the change"),
	{ 0 },
};
static const struct sonde_field adaptation[] = {
	SCALAR("code", AT(0, 32), .help = "adaptation layer"),
	{ 0 },
};

/* RFC 6525, 4. */
static const struct sonde_field reset_outgoing[] = {
	SCALAR("request", AT(0, 32), .help = "sequence number of this request"),
	SCALAR("response", NEXT(1, 32), .help = "sequence number of the request that is answered"),
	SCALAR("tsn", NEXT(2, 32), .help = "last TSN that was assigned"),
	SCALAR("streams", NEXT(3, 16), .repeat = true, .help = "joined by +; none: all"),
	{ 0 },
};
static const struct sonde_field reset_incoming[] = {
	SCALAR("request", AT(0, 32), .help = "sequence number of this request"),
	SCALAR("streams", NEXT(1, 16), .repeat = true, .help = "joined by +; none: all"),
	{ 0 },
};
static const struct sonde_field reset_tsn[] = {
	SCALAR("request", AT(0, 32), .help = "sequence number of this request"),
	{ 0 },
};
static const struct sonde_name results[] = {
	{ 0, "nothing-to-do" }, { 1, "performed" }, { 2, "denied" }, { 3, "wrong-ssn" }, { 4, "in-progress" },
	{ 5, "bad-sequence" }, { 6, "pending" }, { 0 },
};
static const struct sonde_field reset_response[] = {
	SCALAR("response", AT(0, 32), .help = "sequence number of the request"),
	SCALAR("result", NEXT(1, 32), KIND(named), .names = results, .help = "performed, denied, ..."),
	SCALAR("tsns", NEXT(2, 32), .repeat = true, .help = "next of the sender and of the receiver, joined by +"),
	{ 0 },
};
static const struct sonde_field add_streams[] = {
	SCALAR("request", AT(0, 32), .help = "sequence number of this request"),
	SCALAR("streams", NEXT(1, 16), .help = "number of streams to add"),
	SCALAR("reserved", NEXT(2, 16), .optional = true, .help = "must be 0"),
	{ 0 },
};

/* IANA, SCTP chunk parameter types. */
static const struct sonde_list params = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .align = 4, .last_unpadded = true,
	.items = (const struct sonde_item[]) {
		ITEM("heartbeat-info", 1, .fields = info),
		ITEM("ipv4", 5, .fields = addr4),
		ITEM("ipv6", 6, .fields = addr6),
		ITEM("state-cookie", 7, .fields = info),
		ITEM("unrecognized-parameter", 8, .fields = inner_params),
		ITEM("cookie-preservative", 9, .fields = increment),
		ITEM("host-name", 11, .fields = host_name),
		ITEM("supported-address-types", 12, .fields = address_types),
		ITEM("outgoing-ssn-reset", 13, .fields = reset_outgoing),
		ITEM("incoming-ssn-reset", 14, .fields = reset_incoming),
		ITEM("ssn-tsn-reset", 15, .fields = reset_tsn),
		ITEM("reset-response", 16, .fields = reset_response),
		ITEM("add-outgoing-streams", 17, .fields = add_streams),
		ITEM("add-incoming-streams", 18, .fields = add_streams),
		ITEM("ecn-capable", 0x8000),
		ITEM("zero-checksum", 0x8001, .fields = zero_checksum),
		ITEM("auth-random", 0x8002, .fields = info),
		ITEM("chunk-list", 0x8003, .fields = chunk_types),
		ITEM("requested-hmacs", 0x8004, .fields = hmacs),
		ITEM("padding", 0x8005, .fields = filling),
		ITEM("supported-extensions", 0x8008, .fields = chunk_types),
		ITEM("forward-tsn-supported", 0xc000),
		ITEM("add-ip", 0xc001, .fields = address_change),
		ITEM("delete-ip", 0xc002, .fields = address_change),
		ITEM("error-cause-indication", 0xc003, .fields = indication),
		ITEM("set-primary", 0xc004, .fields = address_change),
		ITEM("success-indication", 0xc005, .fields = success),
		ITEM("adaptation-layer", 0xc006, .fields = adaptation),
		{ 0 },
	},
};

/* --- Error causes ------------------------------------------------------------------------------------------------ */

static const struct sonde_field invalid_stream[] = {
	SCALAR("sid", AT(0, 16), .help = "stream"),
	SCALAR("reserved", NEXT(1, 16), .optional = true, .help = "must be 0"),
	{ 0 },
};
#define N_MISSING AT(0, 32)
static const struct sonde_field missing[] = {
	SCALAR("n", N_MISSING, .help = "how many"),
	SCALAR("types", NEXT(1, 16), KIND(item), .list = &params, .repeat = true, .len_from = N_MISSING, .unit = 2,
		.help = "parameters, joined by +"),
	{ 0 },
};
static const struct sonde_field staleness[] = {
	SCALAR("us", AT(0, 32), .help = "time since the cookie expired, microseconds"),
	{ 0 },
};
static const struct sonde_field inner_chunk[] = {
	LIST("chunk", AT(0, 0), .list = &chunks, .help = "the chunk"),
	{ 0 },
};
static const struct sonde_field no_data[] = {
	SCALAR("tsn", AT(0, 32), .help = "transmission sequence number"),
	{ 0 },
};
static const struct sonde_field reason[] = {
	BYTES("reason", AT(0, 0), KIND(text), .help = "reason given by the user or the implementation"),
	{ 0 },
};
static const struct sonde_field unsupported_hmac[] = {
	SCALAR("id", AT(0, 16), KIND(named), .names = hmac_names, .help = "1 SHA-1, 3 SHA-256"),
	{ 0 },
};

/* IANA, SCTP error cause codes. */
static const struct sonde_list causes = {
	.kind = SONDE_FIELD(0, 0, 16), .length = SONDE_FIELD(1, 16, 16), .head = 4, .align = 4, .last_unpadded = true,
	.items = (const struct sonde_item[]) {
		ITEM("invalid-stream", 1, .fields = invalid_stream),
		ITEM("missing-parameter", 2, .fields = missing),
		ITEM("stale-cookie", 3, .fields = staleness),
		ITEM("out-of-resource", 4),
		ITEM("unresolvable-address", 5, .fields = inner_params),
		ITEM("unrecognized-chunk", 6, .fields = inner_chunk),
		ITEM("invalid-parameter", 7),
		ITEM("unrecognized-parameters", 8, .fields = inner_params),
		ITEM("no-user-data", 9, .fields = no_data),
		ITEM("cookie-while-shutting-down", 10),
		ITEM("restart-with-new-addresses", 11, .fields = inner_params),
		ITEM("user-initiated-abort", 12, .fields = reason),
		ITEM("protocol-violation", 13, .fields = reason),
		ITEM("delete-last-ip", 0xa0, .fields = inner_params),
		ITEM("resource-shortage", 0xa1, .fields = inner_params),
		ITEM("delete-source-ip", 0xa2, .fields = inner_params),
		ITEM("illegal-asconf-ack", 0xa3),
		ITEM("no-authorization", 0xa4, .fields = inner_params),
		ITEM("unsupported-hmac", 0x0105, .fields = unsupported_hmac),
		{ 0 },
	},
};

/* --- Chunks ------------------------------------------------------------------------------------------------------ */

/* Places count from the chunk's type, which flags and length follow. Flags that are 0 may be omitted. */
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
		.help = "verification tag that the peer must send"),
	SCALAR("arwnd", SONDE_FIELD(2, 64, 32), .help = "receive window, bytes"),
	SCALAR("os", SONDE_FIELD(3, 96, 16), .help = "outbound streams"),
	SCALAR("mis", SONDE_FIELD(4, 112, 16), .help = "most inbound streams"),
	SCALAR("tsn", SONDE_FIELD(5, 128, 32), .help = "first transmission sequence number"),
	LIST("params", SONDE_FIELD(6, 160, 0), .list = &params, .help = "parameters, in wire order"),
	{ 0 },
};

#define SACK_NGAPS SONDE_FIELD(5, 96, 16)
#define SACK_NDUPS SONDE_FIELD(6, 112, 16)

static const struct sonde_field sack[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "highest TSN up to which all were received"),
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
	FLAGS(KIND(letters), .names = abort_flags, .help = "T: the verification tag is the peer's"),
	LIST("causes", SONDE_FIELD(1, 32, 0), .list = &causes, .help = "error causes, in wire order"),
	{ 0 },
};

static const struct sonde_field error_causes[] = {
	FLAGS(.help = "must be 0"),
	LIST("causes", SONDE_FIELD(1, 32, 0), .list = &causes, .help = "error causes, in wire order"),
	{ 0 },
};

static const struct sonde_field parameters[] = {
	FLAGS(.help = "must be 0"),
	LIST("params", SONDE_FIELD(1, 32, 0), .list = &params, .help = "parameters, in wire order"),
	{ 0 },
};

static const struct sonde_field cookie[] = {
	FLAGS(.help = "must be 0"),
	BYTES("cookie", SONDE_FIELD(1, 32, 0), KIND(raw), .help = "as received in the init-ack"),
	{ 0 },
};

static const struct sonde_field bytes[] = {
	FLAGS(.help = "must be 0"),
	BYTES("bytes", SONDE_FIELD(1, 32, 0), KIND(raw), .help = "arbitrary bytes"),
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
	LIST("params", SONDE_FIELD(2, 64, 0), .list = &params, .help = "address of the sender, changes or results"),
	{ 0 },
};

static const struct sonde_field forward_tsn[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "all up to this TSN count as received"),
	SCALAR("streams", SONDE_FIELD(2, 64, 32), KIND(span), .repeat = true,
		.help = "stream-ssn, joined by +"),
	{ 0 },
};

static const struct sonde_name stream_flags[] = { { 1, "U" }, { 0 } };
static const struct sonde_field skipped[] = {
	SCALAR("sid", SONDE_FIELD(0, 0, 16), .help = "stream"),
	SCALAR("mid", SONDE_FIELD(1, 32, 32), .help = "last message that is skipped"),
	SCALAR("flags", SONDE_FIELD(2, 16, 16), KIND(letters), .names = stream_flags, .optional = true,
		.help = "U unordered"),
	{ 0 },
};
static const struct sonde_list skipped_messages = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = skipped), { 0 } },
};
static const struct sonde_field i_forward_tsn[] = {
	FLAGS(.help = "must be 0"),
	SCALAR("tsn", SONDE_FIELD(1, 32, 32), .help = "all up to this TSN count as received"),
	LIST("streams", SONDE_FIELD(2, 64, 0), .list = &skipped_messages, .help = "stream:message, ..."),
	{ 0 },
};

/* IANA, SCTP chunk types. */
static const struct sonde_list chunks = {
	.kind = SONDE_FIELD(0, 0, 8), .length = SONDE_FIELD(1, 16, 16), .head = 4, .align = 4,
	.items = (const struct sonde_item[]) {
		ITEM("data", SONDE_SCTP_DATA, .fields = data),
		ITEM("init", SONDE_SCTP_INIT, .fields = init),
		ITEM("init-ack", SONDE_SCTP_INIT_ACK, .fields = init),
		ITEM("sack", SONDE_SCTP_SACK, .fields = sack),
		ITEM("heartbeat", SONDE_SCTP_HEARTBEAT, .fields = parameters),
		ITEM("heartbeat-ack", SONDE_SCTP_HEARTBEAT_ACK, .fields = parameters),
		ITEM("abort", SONDE_SCTP_ABORT, .fields = abort_causes),
		ITEM("shutdown", SONDE_SCTP_SHUTDOWN, .fields = tsn),
		ITEM("shutdown-ack", SONDE_SCTP_SHUTDOWN_ACK, .fields = bytes),
		ITEM("error", SONDE_SCTP_ERROR, .fields = error_causes),
		ITEM("cookie-echo", SONDE_SCTP_COOKIE_ECHO, .fields = cookie),
		ITEM("cookie-ack", SONDE_SCTP_COOKIE_ACK, .fields = bytes),
		ITEM("ecne", 12, .fields = tsn),
		ITEM("cwr", 13, .fields = tsn),
		ITEM("shutdown-complete", SONDE_SCTP_SHUTDOWN_COMPLETE, .fields = abort_causes),
		ITEM("auth", 15, .fields = auth),
		ITEM("i-data", 64, .fields = i_data),
		ITEM("asconf-ack", 128, .fields = asconf),
		ITEM("re-config", 130, .fields = parameters),
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
		.help = "CRC32c of the packet, as the bytes on the wire"),
	LIST("chunks", SONDE_SCTP_CHUNKS, .list = &chunks, .help = "in wire order"),
	{ 0 },
};

/* Chunks fill the packet. */
static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)header;
	return have;
}

/* RFC 9260, 6.8 and appendix A: CRC32c of the packet with a checksum of 0, stored least significant byte first. */
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

/* Places in the first chunk. */
#define CHUNK_TYPE  SONDE_FIELD(0, 96, 8)
#define CHUNK_T     SONDE_FIELD(0, 111, 1) /* the tag was copied from the packet that is answered */
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

/* RFC 9260, 8.5 and 8.5.1: an answer carries the tag that our INIT chose, a chunk with T the one that we sent, which
 * after an INIT nobody knows; another INIT has tag 0. */
static bool has_right_tag(const struct sonde_question *q, const uint8_t *header, uint32_t type)
{
	uint32_t vtag = (uint32_t)sonde_get(header, SONDE_SCTP_VTAG);
	bool may_reflect = type == SONDE_SCTP_ABORT || type == SONDE_SCTP_SHUTDOWN_COMPLETE;
	if (type == SONDE_SCTP_INIT)
		return vtag == 0;
	if (may_reflect && sonde_get(header, CHUNK_T))
		return !q->tag && vtag == q->peer_tag;
	return !q->tag || vtag == q->tag;
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	if (!sonde_place_there(c->layer, CHUNK_T) || !sonde_ports_answer(q, c))
		return SONDE_SILENCE;
	uint32_t type = (uint32_t)sonde_get(header, CHUNK_TYPE);
	if (!has_right_tag(q, header, type))
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
