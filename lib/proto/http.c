#include "proto/http.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/lines.h"

static const struct sonde_field fields[] = {
	BYTES("method", SONDE_HTTP_METHOD, KIND(word), .text = "GET ", .always = true, .help = "GET, ..."),
	BYTES("target", SONDE_HTTP_TARGET, .alias = "uri", KIND(word), .text = "/ ", .always = true,
		.help = "path, or a whole URL to a proxy"),
	BYTES("version", SONDE_HTTP_VERSION, KIND(line), .text = "HTTP/1.1\r\n", .help = "HTTP/1.1"),
	LIST("headers", SONDE_HTTP_HEADERS, .list = &sonde_header_lines, .help = "name:value, in wire order"),
	BYTES("end", SONDE_HTTP_END, KIND(line), .help = "the empty line; 0x: it is not in this packet"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return sonde_lines_are_request(payload, "HTTP/1.");
}

const struct sonde_proto sonde_http = {
	.name = "http", .title = "Hypertext Transfer Protocol, request", .source = "RFC 9112",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / "
		   "http target=/index.html headers=Host:example.com,Accept:text/html",
	.fields = fields, .min_len = sizeof "A / HTTP/1.1\n" - 1, .varies = true,
	.ids = { { SONDE_SPACE_TCP, 80 }, { SONDE_SPACE_TCP, 8080 }, { SONDE_SPACE_TCP, 8000 },
		 { SONDE_SPACE_TCP, 3128 }, { SONDE_SPACE_TCP, 631 }, { SONDE_SPACE_UDP, 1900 } },
	.measure = measure, .heuristic = heuristic, .say = sonde_say_first_line,
};
