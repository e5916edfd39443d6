#include "packet/question_fault.h"

#include "proto/ip.h"
#include "proto/udp.h"

static const char *header_fault(const struct sonde_packet *p, int layer)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	const struct sonde_layer *l = &p->layers[layer];
	/* Captures have a length of 0 before offload; nothing fills in that of a packet that leaves. */
	const uint8_t *header = sonde_layer_header(p, layer);
	bool no_length = l->proto == &sonde_ip && !l->cut && sonde_get(header, SONDE_IP_LENGTH) == 0;
	if (!sonde_faults(faults, p, layer) && !no_length)
		return NULL;
	bool version = !no_length && SONDE_FIRST(faults[0].row->place) == 0;
	return version ? "the question's IP version is wrong: hosts drop it"
		       : "a length in the question is wrong: hosts drop it";
}

static bool is_in_ip6(const struct sonde_packet *p, int layer)
{
	while (layer-- > 0)
		if (SONDE_WIDTH(p->layers[layer].proto->dst_place))
			return SONDE_WIDTH(p->layers[layer].proto->dst_place) == SONDE_IP6_LEN * 8;
	return false;
}

static const char *sum_fault(const struct sonde_packet *p, int layer)
{
	enum sonde_sum_state state = sonde_verify(p, layer);
	if (state == SONDE_SUM_WRONG || state == SONDE_SUM_PARTIAL)
		return "the question's checksum is wrong: hosts drop it";
	/* RFC 8200, 8.1. */
	if (state == SONDE_SUM_ABSENT && p->layers[layer].proto == &sonde_udp && is_in_ip6(p, layer))
		return "the question has no checksum, which IPv6 demands: hosts drop it";
	return NULL;
}

/* RFC 1812, 5.3.1: a router does not forward it. To a group on the link it is usual. */
static const char *ttl_fault(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = sonde_layer_header(p, layer);
	if (!SONDE_WIDTH(l->proto->ttl_place) || l->cut)
		return NULL;
	struct sonde_addr dst = sonde_addr_at(header, l->proto->dst_place);
	uint64_t ttl = sonde_get(header, l->proto->ttl_place);
	if (ttl > 1 || sonde_addr_is_multicast(&dst))
		return NULL;
	return ttl ? "the question's TTL is 1: no router passes it on"
		   : "the question's TTL is 0: no router passes it on";
}

const char *sonde_question_fault(const struct sonde_packet *sent)
{
	static const char *(*const judges[])(const struct sonde_packet *p, int layer) = { header_fault, sum_fault,
											  ttl_fault };
	for (size_t i = 0; i < sizeof judges / sizeof *judges; i++)
		for (int layer = 0; layer < sent->n_layers && !sent->layers[layer].quoted; layer++) {
			const char *fault = judges[i](sent, layer);
			if (fault)
				return fault;
		}
	return NULL;
}
