#include "flow/datagrams.h"

#include <stdlib.h>
#include <string.h>

#define WAYS 4 /* datagrams that share a place */

void sonde_datagrams_free(struct sonde_datagrams *d)
{
	free(d->slots);
	d->slots = NULL;
}

/* Source, destination, protocol, identification, and what encloses it (RFC 791, 3.2; RFC 8200, 4.5). */
static uint64_t hash_of(const struct sonde_datagrams *d, const struct sonde_ends *e)
{
	uint8_t bytes[sizeof e->src + sizeof e->dst + 4 + 8 + 1], *at = bytes;
	memcpy(at, e->src, sizeof e->src);
	memcpy(at += sizeof e->src, e->dst, sizeof e->dst);
	sonde_put_be32(at += sizeof e->dst, e->fragment_id);
	sonde_put_be64(at += 4, e->encap);
	/* IPv6 names the protocol in the first fragment alone, behind other headers. */
	at[8] = e->family == SONDE_IP4 ? e->proto : 0;
	uint64_t hash = sonde_siphash(d->secret, sonde_view(bytes, sizeof bytes));
	return hash ? hash : 1;
}

struct sonde_datagram *sonde_datagram_of(struct sonde_datagrams *d, const struct sonde_ends *e, sonde_time now,
					 struct sonde_datagram *given_up)
{
	given_up->early.packets = 0;
	if (!d->slots)
		d->slots = calloc(SONDE_DATAGRAMS, sizeof *d->slots);
	if (!d->slots)
		return NULL;
	uint64_t hash = hash_of(d, e);
	struct sonde_datagram *set = d->slots + hash % (SONDE_DATAGRAMS / WAYS) * WAYS, *place = set;
	for (struct sonde_datagram *s = set; s < set + WAYS; s++) {
		if (s->hash == hash && now - s->time <= SONDE_DATAGRAMS_SILENCE) {
			s->time = now;
			return s;
		}
		if (s->hash == hash || (place->hash != hash && (!s->hash || (place->hash && s->time < place->time))))
			place = s;
	}
	*given_up = *place;
	memset(place, 0, sizeof *place);
	place->hash = hash;
	place->time = now;
	return place;
}
