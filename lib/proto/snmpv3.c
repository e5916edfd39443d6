#include "proto/snmpv3.h"

#include "proto/ber.h"
#include "proto/layout.h"

enum { SEQUENCE = 0x30, STRING1 = 0x040100, REPORTABLE = 4, MIN_LEN = 2 };

static const struct sonde_name flags[] = {
	{ STRING1, "none" },           { STRING1 + 1, "auth" },          { STRING1 + 3, "auth-priv" },
	{ STRING1 + 4, "report" },     { STRING1 + 5, "auth-report" },   { STRING1 + 7, "auth-priv-report" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("tag", SONDE_SNMPV3_TAG, KIND(hex), .value = SEQUENCE, .help = "0x30: a sequence"),
	SONDE_BER_ROWS(SONDE_SNMPV3),
	BYTES("id", SONDE_SNMPV3_ID, .alias = "msgid", .kind = &sonde_ber_integer, .always = true,
		.help = "copied to the response"),
	/* The least that everybody takes (RFC 3412, 6.3). */
	BYTES("size", SONDE_SNMPV3_SIZE, .kind = &sonde_ber_integer, .text = "\2\2\1\344",
		.help = "longest message that the sender takes, bytes"),
	SCALAR("flags", SONDE_SNMPV3_FLAGS, KIND(code), .names = flags, .value = STRING1 + 4, .always = true,
		.help = "auth, priv, report: a report may answer"),
	BYTES("model", SONDE_SNMPV3_MODEL, .kind = &sonde_ber_integer, .text = "\2\1\3", .help = "3: user-based (USM)"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && payload.data[0] == SEQUENCE;
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, sonde_ber_field(c, SONDE_SNMPV3_ID));
}

/* Of what is encrypted, this flag alone tells that it is no question (RFC 3412, 6.4). */
static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(SONDE_SNMPV3_FLAGS), header, c->layer->header_len);
	bool answers = s.there && !(sonde_slot_get(header, s) & REPORTABLE);
	uint32_t id = sonde_ber_field(c, SONDE_SNMPV3_ID);
	return answers && sonde_number_answers(q, c, id) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_snmpv3 = {
	.name = "snmpv3", .title = "Simple Network Management Protocol, header of version 3", .source = "RFC 3412",
	.example = "ip dst=10.0.0.2 / udp / snmp version=v3 / snmpv3 id=7 flags=report / "
		   "hex:0410300e0400020100020100040004000400",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMP } },
	.measure = measure, .finish = sonde_ber_finish_header, .heuristic = heuristic,
	.question = question, .answer = answer,
};
