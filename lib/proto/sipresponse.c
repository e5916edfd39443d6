#include "proto/sipresponse.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/lines.h"
#include "proto/sipdialog.h"

static const struct sonde_field fields[] = {
	BYTES("version", SONDE_SIPRESPONSE_VERSION, KIND(word), .text = "SIP/2.0 ", .help = "SIP/2.0"),
	BYTES("code", SONDE_SIPRESPONSE_CODE, KIND(word), .text = "200 ", .always = true, .help = "three digits"),
	BYTES("reason", SONDE_SIPRESPONSE_REASON, KIND(line), .text = "OK\r\n", .always = true,
		.help = "the code in words"),
	LIST("headers", SONDE_SIPRESPONSE_HEADERS, .list = &sonde_header_lines, .help = "name:value, in wire order"),
	BYTES("end", SONDE_SIPRESPONSE_END, KIND(line), .help = "the empty line; 0x: it is not in this packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return sonde_lines_are_response(payload, "SIP/2.");
}

const struct sonde_proto sonde_sipresponse = {
	.name = "sipresponse", .title = "Session Initiation Protocol, response", .source = "RFC 3261",
	.example = "ip dst=10.0.0.2 / udp sport=5060 / "
		   "sipresponse code=180 reason=Ringing headers=Call-ID:1@example.com",
	.fields = fields, .min_len = sizeof "SIP/2.0 200 \n" - 1, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 5060 }, { SONDE_SPACE_TCP, 5060 } },
	.measure = measure, .heuristic = heuristic, .say = sonde_say_first_line, .said_as = "sip",
	.question = sonde_sip_question, .answer = sonde_sip_answer,
};
