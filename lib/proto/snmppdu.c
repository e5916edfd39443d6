#include "proto/snmppdu.h"

#include "proto/ber.h"
#include "proto/layout.h"
#include "proto/say.h"

enum { GET = 0xa0, RESPONSE = 0xa2, TRAP = 0xa4, LAST = 0xa8, MIN_LEN = 2 };

/* --- The message ------------------------------------------------------------------------------------------------- */

#define NOT_IN_TRAPS .when = SONDE_WHEN_IS_NOT(SONDE_SNMPPDU_TAG, TRAP, 1 << 0)
#define IN_TRAPS     .when = SONDE_WHEN_IS(SONDE_SNMPPDU_TAG, TRAP, 1 << 0)

static const struct sonde_name pdus[] = {
	{ GET, "get" }, { 0xa1, "getnext" }, { RESPONSE, "response" }, { 0xa3, "set" }, { TRAP, "trap" },
	{ 0xa5, "getbulk" }, { 0xa6, "inform" }, { 0xa7, "trap2" }, { LAST, "report" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("pdu", SONDE_SNMPPDU_TAG, KIND(code), .names = pdus, .value = GET, .always = true,
		.help = "get, getnext, response, set, getbulk, ..."),
	SONDE_BER_ROWS(SONDE_SNMPPDU),
	BYTES("id", SONDE_SNMPPDU_ID, .alias = "request_id", .kind = &sonde_ber_integer, .always = true, NOT_IN_TRAPS,
		.help = "copied to the response"),
	BYTES("error", SONDE_SNMPPDU_ERROR, .alias = "error_status non_repeaters", .kind = &sonde_ber_integer,
		NOT_IN_TRAPS, .help = "2: no such name, ...; getbulk: variables that are read once"),
	BYTES("index", SONDE_SNMPPDU_INDEX, .alias = "error_index max_repetitions", .kind = &sonde_ber_integer,
		NOT_IN_TRAPS, .help = "of the variable; getbulk: how often others are read"),
	BYTES("enterprise", SONDE_SNMPPDU_ENTERPRISE, .kind = &sonde_ber_object, .always = true, IN_TRAPS,
		.help = "what kind of thing sends the trap, an object identifier"),
	BYTES("agent", SONDE_SNMPPDU_AGENT, .alias = "agent_addr", .kind = &sonde_ber_address, IN_TRAPS,
		.help = "its address: ip:10.0.0.1"),
	BYTES("generic", SONDE_SNMPPDU_GENERIC, .alias = "generic_trap", .kind = &sonde_ber_integer, .always = true,
		IN_TRAPS, .help = "0 cold start, 1 warm start, 2 link down, 3 link up, 4 wrong community, 6 specific"),
	BYTES("specific", SONDE_SNMPPDU_SPECIFIC, .alias = "specific_trap", .kind = &sonde_ber_integer, IN_TRAPS,
		.help = "the enterprise's number of the trap"),
	BYTES("uptime", SONDE_SNMPPDU_UPTIME, .alias = "time_stamp", .kind = &sonde_ber_ticks, IN_TRAPS,
		.help = "since it started, in 10 ms: ticks:100"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	return sonde_ber_len(header, layer->header_len);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_number(c, SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMPPDU);
}

/* response id=700 */
static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_SNMPPDU_TAG);
	sonde_say_rest(s, SONDE_SNMPPDU_ID);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && payload.data[0] >= GET && payload.data[0] <= LAST;
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, sonde_ber_field(c, SONDE_SNMPPDU_ID));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	uint64_t pdu = sonde_get(sonde_header(c), SONDE_SNMPPDU_TAG);
	bool answers = pdu == RESPONSE || pdu == LAST;
	uint32_t id = sonde_ber_field(c, SONDE_SNMPPDU_ID);
	return answers && sonde_number_answers(q, c, id) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_snmppdu = {
	.name = "snmppdu", .title = "Simple Network Management Protocol, request or response", .source = "RFC 3416",
	.example = "ip dst=10.0.0.2 / udp / snmp community=public / snmppdu pdu=get id=7 / snmpvars / "
		   "snmpvar oid=1.3.6.1.2.1.1.5.0",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .length_rows = SONDE_BER_LENGTHS,
	.ids = { { SONDE_SPACE_INSIDE, SONDE_INSIDE_SNMP } },
	.measure = measure, .declared = declared, .child = child, .finish = sonde_ber_finish, .heuristic = heuristic,
	.question = question, .answer = answer, .say = say, .said_as = "",
};
