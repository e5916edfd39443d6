#include "flow/tunnels.h"

#include <stdlib.h>

#include "base/text.h"
#include "flow/tuple.h"
#include "packet/packet.h"

static void put_addr(struct sonde_text *t, const struct sonde_addr *a)
{
	char text[SONDE_ADDR_STRLEN];
	sonde_text_str(t, sonde_addr_format(text, a));
}

/* Tags with their numbers, and tunnels with their ends and their networks: the layers outside of the innermost IP
 * packet that tell networks apart. */
static void describe(struct sonde_tunnel *tunnel, struct sonde_view frame, uint32_t wire_len, uint32_t link)
{
	struct sonde_packet p;
	struct sonde_text t = sonde_text(tunnel->text, sizeof tunnel->text);
	sonde_dissect(&p, frame.data, (uint32_t)frame.len, wire_len, (struct sonde_id){ SONDE_SPACE_LINK, link });
	int inner = sonde_flow_ip(&p, false);
	for (int i = 0; i < inner; i++) {
		const struct sonde_proto *proto = p.layers[i].proto;
		const uint8_t *header = sonde_layer_header(&p, i);
		if (SONDE_WIDTH(proto->network_place)) {
			sonde_text_fmt(&t, "%s%s %u", t.len ? " " : "", proto->name,
				       (unsigned)sonde_get(header, proto->network_place));
		} else if (SONDE_WIDTH(proto->dst_place)) {
			struct sonde_addr src = sonde_addr_at(header, proto->src_place);
			struct sonde_addr dst = sonde_addr_at(header, proto->dst_place);
			sonde_text_str(&t, t.len ? " " : "");
			put_addr(&t, &src);
			sonde_text_str(&t, " > ");
			put_addr(&t, &dst);
		}
	}
}

static uint32_t *chain_of(const struct sonde_tunnels *t, uint64_t encap)
{
	uint8_t bytes[8];
	sonde_put_be64(bytes, encap);
	return &t->chains[sonde_siphash(t->secret, sonde_view(bytes, sizeof bytes)) & (t->n_chains - 1)];
}

static void put_in_chain(struct sonde_tunnels *t, uint32_t number)
{
	uint32_t *chain = chain_of(t, t->all[number - 1].encap);
	t->all[number - 1].next = *chain;
	*chain = number;
}

/* Room for one more. Returns whether there is. */
static bool make_room(struct sonde_tunnels *t)
{
	if (t->n < t->cap)
		return true;
	uint32_t cap = t->cap ? 2 * t->cap : 64;
	struct sonde_tunnel *all = cap > t->cap ? realloc(t->all, cap * sizeof *all) : NULL;
	if (!all)
		return false;
	t->all = all;
	uint32_t *chains = calloc(cap, sizeof *chains);
	if (!chains)
		return false;
	free(t->chains);
	t->chains = chains;
	t->n_chains = t->cap = cap;
	for (uint32_t i = 1; i <= t->n; i++)
		put_in_chain(t, i);
	return true;
}

uint32_t sonde_tunnel_add(struct sonde_tunnels *t, uint64_t encap)
{
	if (!make_room(t))
		return 0;
	t->all[t->n++] = (struct sonde_tunnel){ .encap = encap };
	put_in_chain(t, t->n);
	return t->n;
}

uint32_t sonde_tunnel_of(struct sonde_tunnels *t, uint64_t encap, struct sonde_view frame, uint32_t wire_len,
			 uint32_t link)
{
	uint32_t number = 0;
	if (encap == t->last_encap)
		return t->last;
	for (number = t->n_chains ? *chain_of(t, encap) : 0; number; number = t->all[number - 1].next)
		if (t->all[number - 1].encap == encap)
			break;
	if (!number) {
		number = sonde_tunnel_add(t, encap);
		if (!number)
			return 0;
		describe(&t->all[number - 1], frame, wire_len, link);
	}
	t->last_encap = encap;
	t->last = number;
	return number;
}

const char *sonde_tunnel_text(const struct sonde_tunnels *t, uint32_t number)
{
	return number ? t->all[number - 1].text : "";
}

void sonde_tunnels_free(struct sonde_tunnels *t)
{
	free(t->all);
	free(t->chains);
}
