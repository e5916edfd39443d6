#include "flow/relative.h"

#include <errno.h>
#include <stdlib.h>

#include "flow/key.h"
#include "proto/tcp.h"

#define WAYS 4 /* connections that share a place */

/* A connection is known by the hash of its key, which is keyed and has 64 bits: two with the same are not met. */
struct sonde_relative {
	uint64_t hash;
	uint64_t seen;        /* the number of its last segment; 0: free */
	uint32_t from[2];     /* of .low in the key, and of .high */
	bool known[2];
};

int sonde_relatives_init(struct sonde_relatives *r, struct sonde_key secret)
{
	*r = (struct sonde_relatives){ .secret = secret };
	r->slots = calloc(SONDE_RELATIVE_CONNECTIONS, sizeof *r->slots);
	return r->slots ? 0 : -ENOMEM;
}

void sonde_relatives_free(struct sonde_relatives *r)
{
	free(r->slots);
	*r = (struct sonde_relatives){ .secret = r->secret };
}

/* The connection of that hash, in place of a free slot or of the one that was silent for longest. */
static struct sonde_relative *connection_of(struct sonde_relatives *r, uint64_t hash)
{
	struct sonde_relative *slots = r->slots + hash % (SONDE_RELATIVE_CONNECTIONS / WAYS) * WAYS, *oldest = slots;
	for (struct sonde_relative *s = slots; s < slots + WAYS; s++) {
		if (s->seen && s->hash == hash)
			return s;
		if (s->seen < oldest->seen)
			oldest = s;
	}
	*oldest = (struct sonde_relative){ .hash = hash };
	return oldest;
}

static void learn(struct sonde_relative *c, unsigned side, uint32_t seq, uint32_t ack, uint32_t flags)
{
	bool syn = flags & SONDE_TCP_SYN;
	/* A SYN with another number begins another connection. */
	if (syn && !(flags & SONDE_TCP_ACK_FLAG) && !(c->known[side] && c->from[side] == seq))
		c->known[!side] = false;
	if (syn || !c->known[side])
		c->from[side] = syn ? seq : seq - 1;
	c->known[side] = true;
	if (flags & SONDE_TCP_ACK_FLAG && !c->known[!side]) {
		c->from[!side] = ack - 1;
		c->known[!side] = true;
	}
}

void sonde_relatives_track(struct sonde_relatives *r, uint32_t *seq_from, uint32_t *ack_from,
			   const struct sonde_packet *p)
{
	struct sonde_flow_tuple t;
	struct sonde_flow_key key;
	bool from_low;
	*seq_from = *ack_from = 0;
	if (sonde_flow_tuple_of(&t, p, false) || t.transport < 0 || p->layers[t.transport].proto != &sonde_tcp ||
	    p->layers[t.transport].cut)
		return;
	const uint8_t *header = sonde_layer_header(p, t.transport);
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_TCP_FLAGS);
	uint32_t seq = (uint32_t)sonde_get(header, SONDE_TCP_SEQ);
	sonde_flow_key_of(&key, &from_low, &t, p);
	struct sonde_relative *c = connection_of(r, sonde_flow_key_hash(&key, r->secret));
	unsigned side = from_low ? 0 : 1;
	c->seen = ++r->n_seen;
	/* A reset may have any number, when it answers what belongs to no connection. */
	if (flags & SONDE_TCP_RST && !c->known[side]) {
		*seq_from = seq;
		*ack_from = c->known[!side] ? c->from[!side] : 0;
		return;
	}
	learn(c, side, seq, (uint32_t)sonde_get(header, SONDE_TCP_ACK), flags);
	*seq_from = c->from[side];
	*ack_from = c->from[!side];
}
