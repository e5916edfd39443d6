#include "proto/sshpacket.h"

#include "proto/describe.h"

enum { HEADER_LEN = 6, LENGTH_LEN = 4, KEXINIT = 20, LAST = 49 };

static const struct sonde_name types[] = {
	{ 1, "disconnect" }, { 2, "ignore" }, { 3, "unimplemented" }, { 4, "debug" }, { 5, "service-request" },
	{ 6, "service-accept" }, { KEXINIT, "kexinit" }, { 21, "newkeys" }, { 30, "kex-init" }, { 31, "kex-reply" },
	{ 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("length", SONDE_SSHPACKET_LENGTH, .open = SONDE_COMPUTED, .help = "bytes that follow"),
	SCALAR("padding", SONDE_SSHPACKET_PADDING, .value = 4, .help = "random bytes at the end"),
	SCALAR("type", SONDE_SSHPACKET_TYPE, KIND(named), .names = types, .value = KEXINIT, .always = true,
		.help = "kexinit, newkeys, ..."),
	{ 0 },
};

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	const uint32_t most = 35000; /* RFC 4253, 6.1 */
	uint32_t len = (uint32_t)sonde_get(header, SONDE_SSHPACKET_LENGTH);
	(void)layer;
	return len <= most ? LENGTH_LEN + len : 0;
}

static void finish(const struct sonde_context *c)
{
	sonde_fill(c, SONDE_SSHPACKET_LENGTH, c->layer->total_len - LENGTH_LEN);
}

/* RFC 4253, 6: all of it is a multiple of 8, and padding has 4 bytes at least. */
static bool heuristic(struct sonde_view payload)
{
	const uint32_t block = 8, least_padding = 4;
	if (payload.len < HEADER_LEN)
		return false;
	uint32_t len = declared(NULL, payload.data), type = (uint32_t)sonde_get(payload.data, SONDE_SSHPACKET_TYPE);
	uint32_t padding = (uint32_t)sonde_get(payload.data, SONDE_SSHPACKET_PADDING);
	return len && len % block == 0 && padding >= least_padding && padding + HEADER_LEN <= len && type &&
	       type <= LAST;
}

static const struct sonde_proto *follower(struct sonde_view rest)
{
	return heuristic(rest) ? &sonde_sshpacket : NULL;
}

const struct sonde_proto sonde_sshpacket = {
	.name = "sshpacket", .title = "Secure Shell, binary packet", .source = "RFC 4253",
	.example = "ip dst=10.0.0.2 / tcp flags=PA / sshpacket type=newkeys padding=10 / zero:10",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_TCP, 22 } },
	.length_place = SONDE_SSHPACKET_LENGTH,
	.declared = declared, .finish = finish, .heuristic = heuristic, .follower = follower,
};
