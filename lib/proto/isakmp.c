#include "proto/isakmp.h"

#include "proto/describe.h"

enum { MIN_LEN = 28, VERSION1 = 1, VERSION2 = 2, ENCRYPTED = 0x01 };

/* Versions 1 and 2 have numbers of their own. Where both have a word, that of version 1 ends in 1. */
static const struct sonde_name payloads[] = {
	{ 0, "none" },
	{ 1, "sa1" }, { 2, "proposal" }, { 3, "transform" }, { 4, "ke1" }, { 5, "id1" }, { 6, "cert1" },
	{ 7, "certreq1" }, { 8, "hash" }, { 9, "sig" }, { 10, "nonce1" }, { 11, "notify1" }, { 12, "delete1" },
	{ 13, "vendor1" }, { 20, "nat-d" }, { 21, "nat-oa" },
	{ 33, "sa" }, { 34, "ke" }, { 35, "idi" }, { 36, "idr" }, { 37, "cert" }, { 38, "certreq" }, { 39, "auth" },
	{ 40, "nonce" }, { 41, "notify" }, { 42, "delete" }, { 43, "vendor" }, { 44, "tsi" }, { 45, "tsr" },
	{ 46, "sk" }, { 47, "cp" }, { 48, "eap" }, { 53, "skf" }, { 0 },
};
static const struct sonde_name exchanges[] = {
	{ 0, "none" }, { 1, "base" }, { 2, "main" }, { 3, "auth-only" }, { 4, "aggressive" },
	{ 5, "informational1" }, { 6, "transaction" }, { 32, "quick" }, { 33, "new-group" },
	{ 34, "ike-sa-init" }, { 35, "ike-auth" }, { 36, "create-child-sa" }, { 37, "informational" },
	{ 38, "ike-session-resume" }, { 43, "ike-intermediate" }, { 0 },
};
static const struct sonde_name flag_words[] = {
	{ ENCRYPTED, "E" }, { 0x02, "C" }, { 0x04, "A" }, { 0x08, "I" }, { 0x10, "V" }, { 0x20, "R" }, { 0 },
};

static const struct sonde_field payload_rows[] = {
	SCALAR("next", SONDE_FIELD(0, 0, 8), KIND(named), .names = payloads, .help = "type of the payload behind it"),
	BYTES("bytes", SONDE_FIELD(1, 32, 0), KIND(opaque), .help = "content, by the type that stands before it"),
	SCALAR("critical", SONDE_FIELD(2, 8, 1), .named = true, .help = "1: who does not know it refuses the message"),
	SCALAR("reserved", SONDE_FIELD(3, 9, 7), KIND(hex), .named = true, .help = "must be 0"),
	{ 0 },
};

static const struct sonde_list payload_list = {
	.length = SONDE_FIELD(4, 16, 16), .head = 4,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = payload_rows), { 0 } },
};

static const struct sonde_field fields[] = {
	SCALAR("ispi", SONDE_ISAKMP_ISPI, .alias = "init_cookie", KIND(hex), .always = true,
		.help = "initiator's SPI"),
	SCALAR("rspi", SONDE_ISAKMP_RSPI, .alias = "resp_cookie", KIND(hex), .help = "responder's SPI"),
	SCALAR("next", SONDE_ISAKMP_NEXT, .alias = "next_payload nextpayload", KIND(named), .names = payloads,
		.help = "type of the first payload"),
	SCALAR("major", SONDE_ISAKMP_MAJOR, .value = VERSION2, .help = "1 or 2"),
	SCALAR("minor", SONDE_ISAKMP_MINOR, .help = "0"),
	SCALAR("exchange", SONDE_ISAKMP_EXCHANGE, .alias = "exchangetype exch_type", KIND(named), .names = exchanges,
		.value = 34, .always = true, .help = "ike-sa-init, ike-auth, ..."),
	SCALAR("flags", SONDE_ISAKMP_FLAGS, KIND(flags), .names = flag_words,
		.help = "I initiator, V higher version, R response; version 1: E encrypted, C commit, A authenticated"),
	SCALAR("id", SONDE_ISAKMP_ID, .alias = "messageid", .help = "message ID"),
	SCALAR("length", SONDE_ISAKMP_LENGTH, .open = SONDE_COMPUTED, .help = "bytes, header included"),
	LIST("payloads", SONDE_ISAKMP_PAYLOADS, .list = &payload_list,
		.when = SONDE_WHEN_IS_NOT(SONDE_FIELD(6, 159, 1), ENCRYPTED, 1 << 0),
		.help = "next:bytes, in wire order; not there if they are encrypted (version 1)"),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	return (uint32_t)sonde_get(header, SONDE_ISAKMP_LENGTH);
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	uint32_t len = declared(NULL, header);
	if (len < MIN_LEN || sonde_get(header, SONDE_ISAKMP_FLAGS) & ENCRYPTED)
		return MIN_LEN;
	return len < have ? len : have;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_ISAKMP_LENGTH, c->layer->total_len);
}

/* Others than versions 1 and 2 are asked for, too, to be told which there are (RFC 7296, 2.5). */
static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_ISAKMP_MAJOR) >= VERSION1 &&
	       sonde_get(payload.data, SONDE_ISAKMP_LENGTH) >= MIN_LEN;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* The initiator's SPI, which is random, is in all messages. */
static uint32_t id_of(const struct sonde_context *c)
{
	uint64_t spi = sonde_get(sonde_header(c), SONDE_ISAKMP_ISPI);
	return (uint32_t)(spi >> 32 ^ spi);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, id_of(c));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_number_answers(q, c, id_of(c)) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_isakmp = {
	.name = "isakmp", .title = "Internet Key Exchange", .source = "RFC 7296, RFC 2408", .alias = "ike ikev2",
	.example = "ip dst=10.0.0.2 / udp sport=500 / isakmp ispi=0x1122334455667788 next=nonce exchange=ike-sa-init "
		   "flags=I payloads=none:000102030405060708090a0b0c0d0e0f",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 500 } },
	.length_place = SONDE_ISAKMP_LENGTH,
	.measure = measure, .declared = declared, .finish = finish, .heuristic = heuristic,
	.question = question, .answer = answer,
};
