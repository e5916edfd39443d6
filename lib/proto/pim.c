#include "proto/pim.h"

#include "proto/describe.h"

#define MIN_LEN      4
#define REGISTER_LEN 8
#define NUMBER       103

static const struct sonde_name types[] = {
	{ 0, "hello" }, { SONDE_PIM_REGISTER, "register" }, { 2, "register-stop" }, { 3, "join-prune" },
	{ 4, "bootstrap" }, { 5, "assert" }, { 6, "graft" }, { 7, "graft-ack" }, { 8, "candidate-rp" }, { 9,
		"state-refresh" },
	{ 10, "df-election" }, { 0 },
};
static const struct sonde_name flag_words[] = { { 0x80000000, "B" }, { 0x40000000, "N" }, { 0 } };

static const struct sonde_field fields[] = {
	SCALAR("version", SONDE_PIM_VERSION, .value = 2, .help = "2"),
	SCALAR("type", SONDE_PIM_TYPE, KIND(named), .names = types, .always = true, .help = "hello, join-prune, ..."),
	SCALAR("reserved", SONDE_PIM_RESERVED, KIND(hex), .help = "must be 0"),
	SCALAR("checksum", SONDE_PIM_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "over the message; of register, over 8 bytes"),
	SCALAR("flags", SONDE_PIM_FLAGS, KIND(flags), .names = flag_words,
		.when = SONDE_WHEN_IS(SONDE_PIM_TYPE, SONDE_PIM_REGISTER, 1 << 0), .help = "B border, N no packet"),
	{ 0 },
};

static bool is_register(const uint8_t *header)
{
	return sonde_get(header, SONDE_PIM_TYPE) == SONDE_PIM_REGISTER;
}

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return is_register(header) ? REGISTER_LEN : MIN_LEN;
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return is_register(sonde_header(c)) ? sonde_child_by_version(c) : NULL;
}

/* RFC 7761, 4.9: a register is summed without its packet. Only IPv6 has a pseudo-header. */
static uint32_t checksum(const struct sonde_context *c)
{
	const struct sonde_layer *l = c->layer;
	const unsigned ip6_bits = 128;
	bool reg = is_register(sonde_header(c)), v6 = l > c->first && SONDE_WIDTH(l[-1].proto->dst_place) == ip6_bits;
	uint64_t sum = v6 ? sonde_pseudo_sum(c, NUMBER, l->total_len) : 0;
	return sonde_layer_checksum(c, SONDE_PIM_CHECKSUM, MIN_LEN, sum, reg ? REGISTER_LEN : l->have_len);
}

const struct sonde_proto sonde_pim = {
	.name = "pim", .title = "Protocol Independent Multicast", .source = "RFC 7761",
	.example = "ip dst=224.0.0.13 ttl=1 / pim type=hello / hex:000100020069",
	.fields = fields, .min_len = MIN_LEN, .leads_to_ip = true, .varies = true,
	.ids = { { SONDE_SPACE_IP, NUMBER } },
	.checksum_place = SONDE_PIM_CHECKSUM,
	.measure = measure, .child = child, .checksum = checksum,
};
