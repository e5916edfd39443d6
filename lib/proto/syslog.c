#include "proto/syslog.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define MIN_LEN (sizeof "<0>1 - - - - - " - 1)

static const struct sonde_field fields[] = {
	SCALAR("open", SONDE_SYSLOG_OPEN, KIND(hex), .value = '<', .help = "the character <"),
	BYTES("pri", SONDE_SYSLOG_PRI, KIND(bracketed), .text = "13>", .always = true,
		.help = "8 * facility + severity"),
	BYTES("version", SONDE_SYSLOG_VERSION, KIND(word), .text = "1 ", .help = "1"),
	BYTES("time", SONDE_SYSLOG_TIME, KIND(word), .text = "- ", .help = "RFC 3339, or -"),
	BYTES("host", SONDE_SYSLOG_HOST, KIND(word), .text = "- ", .help = "name or address of the sender, or -"),
	BYTES("app", SONDE_SYSLOG_APP, KIND(word), .text = "- ", .help = "application, or -"),
	BYTES("procid", SONDE_SYSLOG_PROCID, KIND(word), .text = "- ", .help = "process, or -"),
	BYTES("msgid", SONDE_SYSLOG_MSGID, KIND(word), .text = "- ", .help = "kind of message, or -"),
	BYTES("message", SONDE_SYSLOG_MESSAGE, KIND(text), .help = "structured data or -, a blank, and the text"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

/* The older form (RFC 3164) has the month where this one has its version. */
static bool heuristic(struct sonde_view payload)
{
	const size_t most_pri = 4, version = 2; /* 191> */
	if (payload.len < MIN_LEN || payload.data[0] != '<')
		return false;
	struct sonde_view rest = sonde_view_sub(payload, 1, payload.len);
	size_t pri = sonde_kind_bracketed.measure(rest);
	return pri && pri <= most_pri && payload.len > 1 + pri + version && rest.data[pri] == '1' &&
	       rest.data[pri + 1] == ' ';
}

const struct sonde_proto sonde_syslog = {
	.name = "syslog", .title = "Syslog", .source = "RFC 5424",
	.example = "ip dst=10.0.0.2 / udp / syslog pri=34 host=mail.example.com app=su message=-\\x20failed",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_UDP, 514 } },
	.measure = measure, .heuristic = heuristic,
};
