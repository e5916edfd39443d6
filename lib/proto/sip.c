#include "proto/sip.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/lines.h"
#include "proto/sipdialog.h"

static const struct sonde_field fields[] = {
	BYTES("method", SONDE_SIP_METHOD, KIND(word), .text = "OPTIONS ", .always = true, .help = "OPTIONS, ..."),
	BYTES("target", SONDE_SIP_TARGET, .alias = "uri", KIND(word), .text = "sip:a ", .always = true,
		.help = "SIP URI"),
	BYTES("version", SONDE_SIP_VERSION, KIND(line), .text = "SIP/2.0\r\n", .help = "SIP/2.0"),
	LIST("headers", SONDE_SIP_HEADERS, .list = &sonde_header_lines, .help = "name:value, in wire order"),
	BYTES("end", SONDE_SIP_END, KIND(line), .help = "the empty line; 0x: it is not in this packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return sonde_lines_are_request(payload, "SIP/2.");
}

const struct sonde_proto sonde_sip = {
	.name = "sip", .title = "Session Initiation Protocol, request", .source = "RFC 3261",
	.example = "ip dst=10.0.0.2 / udp / "
		   "sip method=OPTIONS target=sip\\x3aalice@example.com headers=Call-ID:1@example.com",
	.fields = fields, .min_len = sizeof "A a SIP/2.0\n" - 1, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 5060 }, { SONDE_SPACE_TCP, 5060 } },
	.measure = measure, .heuristic = heuristic, .say = sonde_say_first_line,
	.question = sonde_sip_question, .answer = sonde_sip_answer,
};
