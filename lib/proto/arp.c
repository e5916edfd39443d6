#include "proto/arp.h"

#include "proto/describe.h"
#include "proto/layout.h"
#include "proto/names.h"
#include "proto/say.h"

#define MIN_LEN 8

static const struct sonde_name ops[] = {
	{ 1, "request" }, { 2, "reply" }, { 3, "rarp-request" }, { 4, "rarp-reply" }, { 8, "inarp-request" },
	{ 9, "inarp-reply" }, { 10, "nak" },
	/* Names in Scapy, tcpdump, nping. */
	{ 1, "who-has" }, { 1, "arp-request" }, { 2, "is-at" }, { 2, "arp-reply" }, { 3, "reverse-request" },
	{ 4, "reverse-reply" }, { 0 },
};

static const struct sonde_field fields[] = {
	SCALAR("htype", SONDE_ARP_HTYPE, .alias = "hwtype hrd", .value = 1,
		.help = "kind of hardware address: 1 Ethernet"),
	SCALAR("ptype", SONDE_ARP_PTYPE, .alias = "pro", KIND(named), .space = SONDE_SPACE_ETHERTYPE,
		.names = sonde_ether_names, .value = 0x0800, .help = "kind of protocol address"),
	SCALAR("hlen", SONDE_ARP_HLEN, .alias = "hwlen hln", .value = 6, .help = "bytes of a hardware address"),
	SCALAR("plen", SONDE_ARP_PLEN, .alias = "pln", .value = 4, .help = "bytes of a protocol address"),
	SCALAR("op", SONDE_ARP_OP, .alias = "opcode", KIND(named), .names = ops, .value = SONDE_ARP_REQUEST,
		.always = true, .help = "request, reply, ..."),
	BYTES("sha", SONDE_ARP_SHA, .role = SONDE_ROLE_SOURCE, .alias = "hwsrc", KIND(mac), .open = SONDE_LOOKED_UP,
		.len_from = SONDE_ARP_HLEN, .help = "sender's hardware address"),
	BYTES("spa", SONDE_ARP_SPA, .role = SONDE_ROLE_SOURCE, .alias = "psrc", KIND(ip4), .open = SONDE_LOOKED_UP,
		.len_from = SONDE_ARP_PLEN, .help = "sender's protocol address"),
	BYTES("tha", SONDE_ARP_THA, .alias = "hwdst", KIND(mac), .len_from = SONDE_ARP_HLEN,
		.help = "target's hardware address"),
	BYTES("tpa", SONDE_ARP_TPA, .alias = "pdst", KIND(ip4), .always = true, .len_from = SONDE_ARP_PLEN,
		.help = "target's protocol address"),
	{ 0 },
};

static uint32_t measure(const uint8_t *header, uint32_t have)
{
	(void)have;
	return MIN_LEN + 2 * (uint32_t)(sonde_get(header, SONDE_ARP_HLEN) + sonde_get(header, SONDE_ARP_PLEN));
}

static uint32_t declared(const struct sonde_layer *layer, const uint8_t *header)
{
	return measure(header, layer->header_len);
}

/* The IPv4 address in a row; of family 0 if it holds none. */
static struct sonde_addr addr_in(const struct sonde_context *c, sonde_place place)
{
	const uint8_t *header = sonde_header(c);
	struct sonde_slot s = sonde_locate(fields, SONDE_ROW(place), header, c->layer->header_len);
	bool ip4 = s.there && s.width == SONDE_IP4_LEN * 8;
	return ip4 ? sonde_addr4(header + s.first / 8) : (struct sonde_addr){ 0 };
}

static void question(struct sonde_question *q, const struct sonde_context *c)
{
	q->kind = SONDE_ASKS_ARP;
	q->src = addr_in(c, SONDE_ARP_SPA);
	q->dst = addr_in(c, SONDE_ARP_TPA);
}

static enum sonde_answer answer(const struct sonde_question *q, const struct sonde_context *c)
{
	struct sonde_addr from = addr_in(c, SONDE_ARP_SPA);
	bool same = from.family && sonde_addr_equal_bytes(&from, &q->dst);
	return same && sonde_get(sonde_header(c), SONDE_ARP_OP) == SONDE_ARP_REPLY ? SONDE_ANSWER_ARP : SONDE_SILENCE;
}

static void say(const struct sonde_saying *s)
{
	switch (sonde_get(s->header, SONDE_ARP_OP)) {
	case SONDE_ARP_REQUEST:
		sonde_text_str(s->t, " who-has");
		sonde_say_value(s, SONDE_ARP_TPA);
		sonde_text_str(s->t, " tell");
		sonde_say_value(s, SONDE_ARP_SPA);
		break;
	case SONDE_ARP_REPLY:
		sonde_say_value(s, SONDE_ARP_SPA);
		sonde_text_str(s->t, " is-at");
		sonde_say_value(s, SONDE_ARP_SHA);
		break;
	default:
		sonde_say_value(s, SONDE_ARP_OP);
		sonde_say_field(s, SONDE_ARP_SHA);
		sonde_say_field(s, SONDE_ARP_SPA);
		sonde_say_field(s, SONDE_ARP_TPA);
	}
}

const struct sonde_proto sonde_arp = {
	.name = "arp", .title = "Address Resolution Protocol", .source = "RFC 826",
	.example = "ether dst=ff:ff:ff:ff:ff:ff / arp op=request spa=10.0.0.1 tpa=10.0.0.2",
	.fields = fields, .min_len = MIN_LEN, .varies = true, .network = true,
	.ids = { { SONDE_SPACE_ETHERTYPE, 0x0806 }, { SONDE_SPACE_ETHERTYPE, 0x8035 } },
	.measure = measure, .declared = declared, .question = question, .answer = answer,
	.say = say,
};
