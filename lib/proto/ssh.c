#include "proto/ssh.h"

#include "proto/describe.h"
#include "proto/layout.h"

#define LETTERS 0x5353482d /* SSH- */
#define MIN_LEN (sizeof "SSH-2-\n" - 1)

static const struct sonde_field fields[] = {
	SCALAR("ssh", SONDE_SSH_SSH, KIND(hex), .value = LETTERS, .help = "the letters SSH-"),
	BYTES("version", SONDE_SSH_VERSION, KIND(dashed), .text = "2.0-", .help = "2.0"),
	BYTES("software", SONDE_SSH_SOFTWARE, .alias = "protocol", KIND(line), .text = "sonde\r\n", .always = true,
		.help = "what the sender is, and comments"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	return sonde_rows_len(fields, header, have);
}

static bool heuristic(struct sonde_view payload)
{
	return payload.len >= MIN_LEN && sonde_get(payload.data, SONDE_SSH_SSH) == LETTERS;
}

const struct sonde_proto sonde_ssh = {
	.name = "ssh", .title = "Secure Shell, first line", .source = "RFC 4253",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / ssh software=OpenSSH_9.2",
	.fields = fields, .min_len = MIN_LEN, .varies = true,
	.ids = { { SONDE_SPACE_TCP, 22 } },
	.measure = measure, .heuristic = heuristic,
};
