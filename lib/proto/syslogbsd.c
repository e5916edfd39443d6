#include "proto/syslogbsd.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN (sizeof "<0>" - 1)

static const struct sonde_field fields[] = {
	SCALAR("open", SONDE_SYSLOGBSD_OPEN, KIND(hex), .value = '<', .help = "the character <"),
	BYTES("pri", SONDE_SYSLOGBSD_PRI, KIND(bracketed), .text = "13>", .always = true,
		.help = "8 * facility + severity"),
	BYTES("message", SONDE_SYSLOGBSD_MESSAGE, KIND(text), .help = "mostly time, host and text"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	const size_t most_pri = 4;
	if (payload.len < MIN_LEN || payload.data[0] != '<')
		return false;
	size_t pri = sonde_kind_bracketed.measure(sonde_view_sub(payload, 1, payload.len));
	return pri && pri <= most_pri;
}

const struct sonde_proto sonde_syslogbsd = {
	.name = "syslogbsd", .title = "Syslog of BSD", .source = "RFC 3164",
	.example = "ip dst=10.0.0.2 / udp / syslogbsd pri=34 message=su\\x3a\\x20failed",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 514 } },
	.measure = measure, .heuristic = heuristic,
};
