#include "proto/nbns.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/list.h"
#include "proto/say.h"

#define MIN_LEN     12
#define NAME_LEN    16 /* characters of a name; the last is a suffix that says what it names */
#define ENCODED_LEN 32

/* --- Names -------------------------------------------------------------------------------------------------------
 *
 * RFC 1001, 14.1: the first label of a domain name holds the halves of each character, as letters from A on. The
 * notation has it as it is; people read NAME<20>. */

static bool name_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	return sonde_kind_domain.print_bytes(t, ctx, v);
}

static int name_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len)
{
	return sonde_kind_domain.parse_bytes(out, ctx, s, len);
}

static size_t name_measure(struct sonde_view there)
{
	return sonde_kind_domain.measure(there);
}

/* Decode 32 letters into the name. Returns false for others. */
static bool decode(uint8_t name[static NAME_LEN], const char *letters)
{
	for (size_t i = 0; i < ENCODED_LEN; i++) {
		unsigned half = (unsigned)(letters[i] - 'A');
		if (letters[i] < 'A' || half > 0xf)
			return false;
		name[i / 2] = (uint8_t)(i % 2 ? name[i / 2] | half : half << 4);
	}
	return true;
}

static void print_name(struct sonde_text *t, const uint8_t name[static NAME_LEN])
{
	size_t len = NAME_LEN - 1;
	while (len > 0 && (name[len - 1] == ' ' || name[len - 1] == 0))
		len--;
	const struct sonde_saying s = { .t = t };
	sonde_say_text(&s, sonde_view(name, len), NAME_LEN);
	sonde_text_fmt(t, "<%02x>", name[NAME_LEN - 1]);
}

static bool name_expand(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v)
{
	size_t start = t->len;
	uint8_t name[NAME_LEN];
	if (!sonde_kind_domain.expand_bytes(t, ctx, v))
		return false;
	bool encoded = sonde_text_fits(t) && t->len - start >= ENCODED_LEN && decode(name, t->data + start);
	char behind = encoded ? t->data[start + ENCODED_LEN] : 'x';
	/* A scope stays behind the name. */
	if (behind != 0)
		return true;
	sonde_text_cut(t, start);
	print_name(t, name);
	return true;
}

static const struct sonde_kind kind_name = {
	.name = "NetBIOS name",
	.expected = "not a domain name, whose first label is the encoded name",
	.print_bytes = name_print,
	.parse_bytes = name_parse,
	.expand_bytes = name_expand,
	.measure = name_measure,
	.empty = { (const uint8_t *)"", 1 },
};

/* --- Names of numbers -------------------------------------------------------------------------------------------- */

enum type { A = 1, NS = 2, NULL_RECORD = 10, NB = 32, NBSTAT = 33 };

static const struct sonde_name types[] = {
	{ A, "A" }, { NS, "NS" }, { NULL_RECORD, "NULL" }, { NB, "NB" }, { NBSTAT, "NBSTAT" }, { 0 },
};

static const struct sonde_name classes[] = { { 1, "IN" }, { 0 } };

static const struct sonde_name opcodes[] = {
	{ 0, "query" }, { 5, "registration" }, { 6, "release" }, { 7, "wack" }, { 8, "refresh" }, { 9, "refresh2" },
	{ 15, "multihomed" }, { 0 },
};

static const struct sonde_name rcodes[] = {
	{ 0, "noerror" }, { 1, "formerr" }, { 2, "servfail" }, { 3, "nxdomain" }, { 4, "notimp" }, { 5, "refused" },
	{ 6, "active" }, { 7, "conflict" }, { 0 },
};

static const struct sonde_name flag_words[] = {
	{ SONDE_NBNS_AA, "aa" }, { SONDE_NBNS_TC, "tc" }, { SONDE_NBNS_RD, "rd" }, { SONDE_NBNS_RA, "ra" },
	{ SONDE_NBNS_B, "b" }, { 0 },
};

static const struct sonde_name owners[] = { { 0x8000, "group" }, { 0x4000, "m" }, { 0x2000, "p" }, { 0 } };

/* --- Questions and records --------------------------------------------------------------------------------------- */

static const struct sonde_field asked[] = {
	BYTES("name", SONDE_FIELD(0, SONDE_NEXT, 0), .kind = &kind_name, .help = "name asked for"),
	SCALAR("type", SONDE_FIELD(1, SONDE_NEXT, 16), KIND(named), .names = types, .value = NB, .optional = true,
		.help = "type of record asked for"),
	SCALAR("class", SONDE_FIELD(2, SONDE_NEXT, 16), KIND(named), .names = classes, .value = 1, .named = true,
		.help = "IN"),
	{ 0 },
};

static const struct sonde_list questions = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = asked), { 0 } },
};

static const struct sonde_field address[] = {
	SCALAR("flags", SONDE_FIELD(0, 0, 16), KIND(flags), .names = owners,
		.help = "group; p, m, or both for hybrid nodes"),
	BYTES("addr", SONDE_FIELD(1, 16, 32), KIND(ip4), .help = "IPv4 address"),
	{ 0 },
};

static const struct sonde_list addresses = {
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = address), { 0 } },
};

#define N(row, width)  SONDE_FIELD(row, SONDE_NEXT, width)
#define RR_TYPE        N(1, 16)
#define RR_LENGTH      N(4, 16)
#define WHEN(type)     .when = SONDE_WHEN_IS(RR_TYPE, (type), 1 << 0)

static const struct sonde_field record[] = {
	BYTES("name", N(0, 0), .kind = &kind_name, .help = "owner of the record"),
	SCALAR("type", RR_TYPE, KIND(named), .names = types, .value = NB, .help = "type of record"),
	SCALAR("class", N(2, 16), KIND(named), .names = classes, .value = 1, .named = true, .help = "IN"),
	SCALAR("ttl", N(3, 32), .named = true, .help = "seconds"),
	SCALAR("rdlen", RR_LENGTH, .help = "bytes that follow"),
	LIST("addrs", N(5, 0), .list = &addresses, WHEN(NB), .help = "flags:addr, ..."),
	BYTES("data", N(6, 0), KIND(opaque), .named = true, .help = "undescribed bytes"),
	{ 0 },
};

static const struct sonde_list records = {
	.length_row = RR_LENGTH,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = record), { 0 } },
};

/* --- The message ------------------------------------------------------------------------------------------------- */

#define ASKS .when = SONDE_WHEN_IS_NOT(SONDE_NBNS_QDCOUNT, 0, 1 << 0), .announces = true

static const struct sonde_field fields[] = {
	SCALAR("id", SONDE_NBNS_ID, .role = SONDE_ROLE_ID, .open = SONDE_LOOKED_UP,
		.help = "identifier, copied to the answer"),
	SCALAR("qr", SONDE_NBNS_QR, .alias = "response", .help = "1: response"),
	SCALAR("opcode", SONDE_NBNS_OPCODE, KIND(named), .names = opcodes, .help = "query, registration, ..."),
	SCALAR("flags", SONDE_NBNS_FLAGS, KIND(flags), .names = flag_words, .value = SONDE_NBNS_RD | SONDE_NBNS_B,
		.help = "aa authoritative, tc truncated, rd, ra recursion, b broadcast"),
	SCALAR("rcode", SONDE_NBNS_RCODE, KIND(named), .names = rcodes, .help = "response code"),
	SCALAR("qdcount", SONDE_NBNS_QDCOUNT, .open = SONDE_COMPUTED, .help = "questions"),
	SCALAR("ancount", SONDE_NBNS_ANCOUNT, .open = SONDE_COMPUTED, .help = "answers"),
	SCALAR("nscount", SONDE_NBNS_NSCOUNT, .open = SONDE_COMPUTED, .help = "records of authority"),
	SCALAR("arcount", SONDE_NBNS_ARCOUNT, .open = SONDE_COMPUTED, .help = "additional records"),
	BYTES("qname", SONDE_NBNS_QNAME, .kind = &kind_name, .always = true, ASKS, .help = "name asked for"),
	SCALAR("qtype", SONDE_NBNS_QTYPE, KIND(named), .names = types, .value = NB, .always = true, ASKS,
		.help = "type of record asked for"),
	SCALAR("qclass", SONDE_NBNS_QCLASS, KIND(named), .names = classes, .value = 1, ASKS, .help = "IN"),
	LIST("questions", SONDE_NBNS_QUESTIONS, .list = &questions, .count_from = SONDE_NBNS_QDCOUNT, .plus = 1, ASKS,
		.help = "further questions: name:type, ..."),
	LIST("answers", SONDE_NBNS_ANSWERS, .alias = "an", .list = &records, .count_from = SONDE_NBNS_ANCOUNT,
		.help = "name:type:...:ttl=N, ..."),
	LIST("authority", SONDE_NBNS_AUTHORITY, .alias = "ns", .list = &records, .count_from = SONDE_NBNS_NSCOUNT,
		.help = "as answers"),
	LIST("additional", SONDE_NBNS_ADDITIONAL, .alias = "ar", .list = &records, .count_from = SONDE_NBNS_ARCOUNT,
		.help = "as answers"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* Few questions and records, and an opcode that there is. */
static bool heuristic(struct sonde_view payload)
{
	const uint64_t most = 100;
	if (payload.len < MIN_LEN)
		return false;
	const uint8_t *header = payload.data;
	return sonde_name_of(opcodes, (uint32_t)sonde_get(header, SONDE_NBNS_OPCODE)) &&
	       sonde_get(header, SONDE_NBNS_QDCOUNT) <= 1 && sonde_get(header, SONDE_NBNS_ANCOUNT) <= most &&
	       sonde_get(header, SONDE_NBNS_NSCOUNT) <= most && sonde_get(header, SONDE_NBNS_ARCOUNT) <= most;
}

/* nbns? NB WPAD<00> asks; nbns NB WPAD<00> = 192.0.2.1 answers. Answers repeat the name instead of the question. */
static void say(const struct sonde_saying *s)
{
	const struct sonde_slot *slots = s->slots(s);
	bool asked_for = slots[SONDE_ROW(SONDE_NBNS_QNAME)].there;
	sonde_text_str(s->t, sonde_get(s->header, SONDE_NBNS_QR) ? "" : "?");
	if (sonde_get(s->header, SONDE_NBNS_OPCODE))
		sonde_say_value(s, SONDE_NBNS_OPCODE);
	if (asked_for) {
		sonde_say_value(s, SONDE_NBNS_QTYPE);
		sonde_say_value(s, SONDE_NBNS_QNAME);
	}
	if (slots[SONDE_ROW(SONDE_NBNS_ANSWERS)].width)
		sonde_say_value(s, SONDE_NBNS_ANSWERS);
	if (sonde_get(s->header, SONDE_NBNS_RCODE))
		sonde_say_value(s, SONDE_NBNS_RCODE);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, (uint32_t)sonde_get(sonde_header(c), SONDE_NBNS_ID));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	uint32_t id = (uint32_t)sonde_get(header, SONDE_NBNS_ID);
	bool answers = sonde_get(header, SONDE_NBNS_QR) && sonde_number_answers(q, c, id);
	return answers ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_nbns = {
	.name = "nbns", .title = "NetBIOS name service", .source = "RFC 1001, RFC 1002",
	.example = "ip dst=10.0.0.255 / udp sport=137 / nbns qname=EGFCEFEECACACACACACACACACACACACA qtype=NB",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 137 } },
	.measure = measure, .heuristic = heuristic, .question = question, .answer = answer,
	.say = say,
};
