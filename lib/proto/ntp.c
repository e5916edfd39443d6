#include "proto/ntp.h"

#include "proto/describe.h"
#include "proto/say.h"

#define HEADER_LEN 48

enum { ACTIVE = 1, SERVER = 4, BROADCAST = 5 };

static const struct sonde_name leaps[] = {
	{ 0, "none" }, { 1, "insert" }, { 2, "delete" }, { 3, "unsynchronized" }, { 0 },
};
static const struct sonde_name modes[] = {
	{ ACTIVE, "active" }, { 2, "passive" }, { 3, "client" }, { SERVER, "server" }, { BROADCAST, "broadcast" },
	{ 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("leap", SONDE_NTP_LEAP, .alias = "li", KIND(named), .names = leaps, .help = "leap second to come"),
	SCALAR("version", SONDE_NTP_VERSION, .alias = "vn", .value = 4, .help = "4"),
	SCALAR("mode", SONDE_NTP_MODE, KIND(named), .names = modes, .value = 3, .always = true,
		.help = "client, server, broadcast, ..."),
	SCALAR("stratum", SONDE_NTP_STRATUM, .help = "1: a primary server, 0: unspecified, or refid says why not"),
	SCALAR("poll", SONDE_NTP_POLL, .alias = "ppoll", KIND(signed), .help = "time between messages, log2 seconds"),
	SCALAR("precision", SONDE_NTP_PRECISION, KIND(signed), .help = "of the clock, log2 seconds"),
	SCALAR("rootdelay", SONDE_NTP_ROOTDELAY, .help = "to the primary server and back, 1/65536 s"),
	SCALAR("rootdisp", SONDE_NTP_ROOTDISP, .alias = "rootdispersion", .help = "of the clock, 1/65536 s"),
	SCALAR("refid", SONDE_NTP_REFID, KIND(hex), .help = "the server's source: its address, or four letters"),
	SCALAR("reference", SONDE_NTP_REFERENCE, .alias = "reftime", KIND(hex), .help = "when the clock was last set"),
	SCALAR("origin", SONDE_NTP_ORIGIN, .alias = "org", KIND(hex), .help = "transmit of the request"),
	SCALAR("receive", SONDE_NTP_RECEIVE, .alias = "rec", KIND(hex), .help = "when the request came in"),
	SCALAR("transmit", SONDE_NTP_TRANSMIT, .alias = "xmt", KIND(hex),
		.help = "seconds since 1900, and their 2^32th parts"),
	{ 0 },
};

/* Modes 6 and 7 (control, private) have headers of their own. */
static bool heuristic(struct sonde_view payload)
{
	if (payload.len < HEADER_LEN)
		return false;
	uint64_t mode = sonde_get(payload.data, SONDE_NTP_MODE), version = sonde_get(payload.data, SONDE_NTP_VERSION);
	return mode >= ACTIVE && mode <= BROADCAST && version >= 1 && version <= 4;
}

static void say(const struct sonde_saying *s)
{
	sonde_say_value(s, SONDE_NTP_MODE);
	sonde_say_field(s, SONDE_NTP_VERSION);
	sonde_say_field(s, SONDE_NTP_STRATUM);
}

/* --- Questions and answers --------------------------------------------------------------------------------------- */

/* The answer repeats the transmit time; of it, the parts of a second differ most. */
static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_number_question(q, (uint32_t)sonde_get(sonde_header(c), SONDE_NTP_TRANSMIT));
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	const uint8_t *header = sonde_header(c);
	bool answers = sonde_get(header, SONDE_NTP_MODE) == SERVER;
	uint32_t origin = (uint32_t)sonde_get(header, SONDE_NTP_ORIGIN);
	return answers && sonde_number_answers(q, c, origin) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

const struct sonde_proto sonde_ntp = {
	.name = "ntp", .title = "Network Time Protocol", .source = "RFC 5905",
	.example = "ip dst=10.0.0.2 / udp sport=123 / ntp mode=client transmit=0xe8f1a2b3c4d5e6f7",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_UDP, 123 } },
	.heuristic = heuristic, .question = question, .answer = answer,
	.say = say,
};
