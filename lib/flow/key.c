#include "flow/key.h"

#include "packet/encap.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"

#define ENDPOINT_LEN 19 /* family, address, port */

static bool order_ends(struct sonde_flow_key *k, const struct sonde_endpoint *from, const struct sonde_endpoint *to)
{
	bool from_low = sonde_endpoint_compare(from, to) <= 0;
	k->low = from_low ? *from : *to;
	k->high = from_low ? *to : *from;
	return from_low;
}

/* --- As bytes ---------------------------------------------------------------------------------------------------- */

static uint8_t *put_end(uint8_t *at, const struct sonde_endpoint *e)
{
	at[0] = e->addr.family;
	memcpy(at + 1, e->addr.bytes, sizeof e->addr.bytes);
	sonde_put_be16(at + 1 + sizeof e->addr.bytes, e->port);
	return at + ENDPOINT_LEN;
}

uint64_t sonde_flow_key_hash(const struct sonde_flow_key *k, struct sonde_key secret)
{
	uint8_t bytes[2 * ENDPOINT_LEN + 9];
	uint8_t *at = put_end(put_end(bytes, &k->low), &k->high);
	sonde_put_be64(at, k->encap);
	at[8] = k->proto;
	return sonde_siphash(secret, sonde_view(bytes, sizeof bytes));
}

bool sonde_flow_key_equal(const struct sonde_flow_key *a, const struct sonde_flow_key *b)
{
	return a->proto == b->proto && a->encap == b->encap &&
	       sonde_endpoint_compare(&a->low, &b->low) == 0 && sonde_endpoint_compare(&a->high, &b->high) == 0;
}

/* --- VLANs and tunnels ------------------------------------------------------------------------------------------- */

static uint64_t hash_encap(const struct sonde_packet *p)
{
	uint64_t encap = 0;
	int inner = sonde_flow_ip(p, false);
	for (int i = 0; i < inner; i++) {
		const struct sonde_proto *proto = p->layers[i].proto;
		const uint8_t *header = sonde_layer_header(p, i);
		if (SONDE_WIDTH(proto->network_place)) {
			encap = sonde_encap_network(encap, (uint32_t)sonde_get(header, proto->network_place));
		} else if (SONDE_WIDTH(proto->dst_place)) {
			struct sonde_addr src = sonde_addr_at(header, proto->src_place);
			struct sonde_addr dst = sonde_addr_at(header, proto->dst_place);
			encap = sonde_encap_tunnel(encap, src.bytes, dst.bytes, sonde_addr_len(&src));
		}
	}
	return encap;
}

/* --- The key ----------------------------------------------------------------------------------------------------- */

/* The identifier of an ICMP query, or 0. */
static uint16_t identifier(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = sonde_layer_header(p, layer);
	sonde_place place = l->proto == &sonde_icmp ? SONDE_ICMP_ID : SONDE_ICMP6_ID;
	bool has = sonde_row_applies(&l->proto->fields[SONDE_ROW(place)], header, l->header_len) &&
		   sonde_place_there(l, place);
	return has ? (uint16_t)sonde_get(header, place) : 0;
}

void sonde_flow_key_of(struct sonde_flow_key *out, bool *from_low, const struct sonde_flow_tuple *t,
		       const struct sonde_packet *p)
{
	struct sonde_endpoint from = t->pair.local, to = t->pair.remote;
	const struct sonde_proto *proto = t->transport >= 0 ? p->layers[t->transport].proto : NULL;
	if (proto == &sonde_icmp || proto == &sonde_icmp6)
		from.port = to.port = identifier(p, t->transport);
	out->encap = hash_encap(p);
	out->proto = t->pair.proto;
	*from_low = order_ends(out, &from, &to);
}
