#include "proto/udp.h"

#include "proto/finish.h"
#include "proto/say.h"

#define HEADER_LEN 8

static const struct sonde_field fields[] = {
	SCALAR("sport", SONDE_UDP_SPORT, .alias = "srcport", KIND(port), .role = SONDE_ROLE_SOURCE_PORT,
		.open = SONDE_LOOKED_UP,
		.help = "source port"),
	SCALAR("dport", SONDE_UDP_DPORT, .alias = "dstport", KIND(port), .role = SONDE_ROLE_DESTINATION_PORT,
		.open = SONDE_COMPUTED,
		.always = true, .help = "destination port; default: that of the protocol inside, or 0"),
	SCALAR("length", SONDE_UDP_LENGTH, .alias = "len", .open = SONDE_COMPUTED, .help = "bytes, header included"),
	SCALAR("checksum", SONDE_UDP_CHECKSUM, .alias = "chksum", KIND(hex), .open = SONDE_COMPUTED,
		.help = "0: not computed (IPv4 only)"),
	{ 0 },
};

/* A length of 0 means a jumbogram (RFC 2675) or offload. */
static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	(void)layer;
	uint32_t len = (uint32_t)sonde_get(header, SONDE_UDP_LENGTH);
	return len < HEADER_LEN ? 0 : len;
}

/* RFC 2675, 4: the enclosing IP header has no length. */
static bool is_in_jumbogram(const struct sonde_context *c)
{
	for (const struct sonde_layer *l = c->layer; l-- > c->first;)
		if (l->proto->network)
			return l->proto->declared && l->proto->declared(l, c->packet + l->offset) == 0;
	return false;
}

static void finish(const struct sonde_context *c)
{
	uint32_t len = c->layer->total_len;
	sonde_fill(c, SONDE_UDP_LENGTH, len > UINT16_MAX && is_in_jumbogram(c) ? 0 : len);
}

/* The sum covers the length by the length field, as far as it is present. */
static uint32_t checksum(const struct sonde_context *c)
{
	uint32_t len = declared(c->layer, sonde_header(c));
	if (len == 0)
		len = c->layer->total_len;
	uint32_t there = len < c->layer->have_len ? len : c->layer->have_len;
	return sonde_layer_checksum(c, SONDE_UDP_CHECKSUM, HEADER_LEN, sonde_pseudo_sum(c, 17, len), there);
}

static const struct sonde_proto *child(const struct sonde_context *c)
{
	return sonde_child_by_port(c, SONDE_SPACE_UDP);
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	sonde_ports_question(q, c);
	q->kind = SONDE_ASKS_UDP;
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	return sonde_ports_answer(q, c) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}

static void say(const struct sonde_saying *s)
{
	sonde_say_length(s);
}

SONDE_COMPILE(sonde_udp, fields, HEADER_LEN)

const struct sonde_proto sonde_udp = {
	.name = "udp", .title = "User Datagram Protocol", .source = "RFC 768",
	.example = "ip dst=10.0.0.2 / udp dport=7 / text:hello",
	.fields = fields, .min_len = HEADER_LEN,
	.ids = { { SONDE_SPACE_IP, 17 } },
	.next = SONDE_UDP_DPORT, .next_space = SONDE_SPACE_UDP,
	.pseudo = true, .zero_is_absent = true, .checksum_place = SONDE_UDP_CHECKSUM, .length_place = SONDE_UDP_LENGTH,
	.declared = declared, .child = child, .finish = finish, .checksum = checksum,
	.question = question, .answer = answer, .is_question = sonde_ports_are_ours, .number = sonde_ports_number,
	.compiled = COMPILED,
	.say = say,
};
