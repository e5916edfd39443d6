#include "proto/httpresponse.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/lines.h"

static const struct sonde_field fields[] = {
	BYTES("version", SONDE_HTTPRESPONSE_VERSION, KIND(word), .text = "HTTP/1.1 ", .help = "HTTP/1.1"),
	BYTES("code", SONDE_HTTPRESPONSE_CODE, KIND(word), .text = "200 ", .always = true, .help = "three digits"),
	BYTES("reason", SONDE_HTTPRESPONSE_REASON, KIND(line), .text = "OK\r\n", .always = true,
		.help = "the code in words"),
	LIST("headers", SONDE_HTTPRESPONSE_HEADERS, .list = &sonde_header_lines, .help = "name:value, in wire order"),
	BYTES("end", SONDE_HTTPRESPONSE_END, KIND(line), .help = "the empty line; 0x: it is not in this packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return sonde_lines_are_response(payload, "HTTP/1.");
}

const struct sonde_proto sonde_httpresponse = {
	.name = "httpresponse", .title = "Hypertext Transfer Protocol, response", .source = "RFC 9112",
	.example = "ip dst=10.0.0.2 / tcp sport=80 flags=PA / "
		   "httpresponse headers=Content-Length:5 / text:hello",
	.fields = fields, .min_len = sizeof "HTTP/1.1 200 \n" - 1, .varies = true,
	.ids = { { SONDE_SPACE_TCP, 80 }, { SONDE_SPACE_TCP, 8080 }, { SONDE_SPACE_TCP, 8000 },
		 { SONDE_SPACE_TCP, 3128 }, { SONDE_SPACE_TCP, 631 }, { SONDE_SPACE_UDP, 1900 } },
	.measure = measure, .heuristic = heuristic, .say = sonde_say_first_line, .said_as = "http",
};
