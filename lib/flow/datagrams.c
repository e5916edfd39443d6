#include "flow/datagrams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"

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

static bool make_slots(struct sonde_datagrams *d)
{
	if (!d->slots)
		d->slots = calloc(SONDE_DATAGRAMS, sizeof *d->slots);
	return d->slots;
}

struct sonde_datagram *sonde_datagram_at(struct sonde_datagrams *d, uint32_t number)
{
	return number < SONDE_DATAGRAMS && make_slots(d) ? &d->slots[number] : NULL;
}

struct sonde_datagram *sonde_datagram_of(struct sonde_datagrams *d, const struct sonde_ends *e, sonde_time now,
					 struct sonde_datagram *given_up)
{
	given_up->early.packets = 0;
	if (!make_slots(d))
		return NULL;
	uint64_t hash = hash_of(d, e);
	struct sonde_datagram *set = d->slots + hash % (SONDE_DATAGRAMS / WAYS) * WAYS, *place = set;
	for (struct sonde_datagram *s = set; s < set + WAYS; s++) {
		if (s->hash == hash && sonde_time_since(now, s->time) <= SONDE_DATAGRAMS_SILENCE) {
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

/* Whether a is given up before b. The order does not depend on their places. */
static bool comes_before(const struct sonde_datagram *a, const struct sonde_datagram *b)
{
	if (a->early.last != b->early.last)
		return a->early.last < b->early.last;
	if (a->early.first != b->early.first)
		return a->early.first < b->early.first;
	int order = memcmp(&a->ends, &b->ends, SONDE_ENDS_TUPLE_LEN);
	return order ? order < 0 : a->ends.fragment_id < b->ends.fragment_id;
}

/* Shell's sort (1959), with the gaps of Knuth. */
static void sort(uint32_t *numbers, uint32_t n, const struct sonde_datagram *slots)
{
	uint32_t gap = 1;
	while (gap < n / 3)
		gap = 3 * gap + 1;
	for (; gap; gap /= 3)
		for (uint32_t i = gap; i < n; i++) {
			uint32_t moved = numbers[i], at = i;
			for (; at >= gap && comes_before(&slots[moved], &slots[numbers[at - gap]]); at -= gap)
				numbers[at] = numbers[at - gap];
			numbers[at] = moved;
		}
}

int sonde_datagrams_waiting(uint32_t **numbers, const struct sonde_datagrams *d)
{
	uint32_t n = 0;
	*numbers = NULL;
	for (uint32_t i = 0; d->slots && i < SONDE_DATAGRAMS; i++)
		n += d->slots[i].hash && d->slots[i].early.packets;
	if (!n)
		return 0;
	uint32_t *all = *numbers = calloc(n, sizeof *all);
	if (!all)
		return -ENOMEM;
	n = 0;
	for (uint32_t i = 0; i < SONDE_DATAGRAMS; i++)
		if (d->slots[i].hash && d->slots[i].early.packets)
			all[n++] = i;
	sort(all, n, d->slots);
	return (int)n;
}
