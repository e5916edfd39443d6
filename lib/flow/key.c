#include "flow/key.h"

#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/vlan.h"
#include "proto/vxlan.h"

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
	sonde_put_be64(at, k->encap_hash);
	at[8] = k->proto;
	return sonde_siphash(secret, sonde_view(bytes, sizeof bytes));
}

bool sonde_flow_key_equal(const struct sonde_flow_key *a, const struct sonde_flow_key *b)
{
	return a->proto == b->proto && a->encap_hash == b->encap_hash &&
	       sonde_endpoint_compare(&a->low, &b->low) == 0 && sonde_endpoint_compare(&a->high, &b->high) == 0;
}

/* --- VLANs and tunnels ------------------------------------------------------------------------------------------- */

/* Hash VLAN ids, network identifiers and the addresses of tunnels, from the outside in, the same in both directions.
 * Ports of UDP tunnels are left out, because they differ between packets. */
static uint64_t hash_encap(const struct sonde_packet *p)
{
	struct sonde_flow_key link = { .encap_hash = 0 };
	int inner = sonde_flow_ip(p, false);
	for (int i = 0; i < inner; i++) {
		const struct sonde_layer *l = &p->layers[i];
		const uint8_t *header = sonde_layer_header(p, i);
		link.low = link.high = (struct sonde_endpoint){ .port = 0 };
		link.proto = 0;
		if (l->proto == &sonde_vlan) {
			link.low.port = (uint16_t)sonde_get(header, SONDE_VLAN_ID);
			link.proto = 1;
		} else if (l->proto == &sonde_vxlan) {
			sonde_put_be32(link.low.addr.bytes, (uint32_t)sonde_get(header, SONDE_VXLAN_VNI));
			link.proto = 2;
		} else if (SONDE_WIDTH(l->proto->dst_place)) {
			struct sonde_endpoint from = { sonde_addr_at(header, l->proto->src_place), 0 },
					      to = { sonde_addr_at(header, l->proto->dst_place), 0 };
			order_ends(&link, &from, &to);
			link.proto = 3;
		} else {
			continue;
		}
		link.encap_hash = sonde_flow_key_hash(&link, (struct sonde_key){ 0, 0 });
	}
	return link.encap_hash;
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
	out->encap_hash = hash_encap(p);
	out->proto = t->pair.proto;
	*from_low = order_ends(out, &from, &to);
}
