#include "flow/originator.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/key.h"
#include "proto/tcp.h"

#define FIRST_CAP  1024
#define WELL_KNOWN 1024 /* the first port that is not well-known (RFC 6335, 6) */

/* How the originator is known, from worst to best. */
enum grade { NOT_KNOWN, GUESSED, BY_SYN_ACK, BY_SYN, SEEN };

/* A flow; or a fragmented datagram, whose sender is .low in the key, and whose identification takes the place of the
 * tunnels, so that it is hashed with the secret: whoever chooses it cannot choose where it lies in the table. */
struct sonde_originator {
	struct sonde_flow_key key;
	bool datagram;
	bool low_began; /* .low is the originator */
	enum grade grade;
};

/* What one packet shows: whether its sender is the originator, and how that is known. */
struct evidence {
	bool sender_began;
	enum grade grade;
};

/* Slots are small, so that a search touches little memory, and entries lie in the order in which they came. */
struct sonde_originator_slot {
	uint32_t hash;
	uint32_t number; /* 1 + that of the entry; 0: the slot is free */
};

/* --- The table --------------------------------------------------------------------------------------------------- */

void sonde_originators_init(struct sonde_originators *o, struct sonde_key secret)
{
	*o = (struct sonde_originators){ .secret = secret };
}

void sonde_originators_free(struct sonde_originators *o)
{
	free(o->slots);
	free(o->entries);
	*o = (struct sonde_originators){ .secret = o->secret };
}

static bool is_same(const struct sonde_originator *a, const struct sonde_originator *b)
{
	return a->datagram == b->datagram && sonde_flow_key_equal(&a->key, &b->key);
}

/* The slot of the entry, or the free slot for it. */
static struct sonde_originator_slot *place_of(const struct sonde_originators *o, const struct sonde_originator *wanted,
					      uint32_t hash)
{
	for (size_t at = hash & (o->cap - 1);; at = (at + 1) & (o->cap - 1)) {
		struct sonde_originator_slot *s = &o->slots[at];
		if (!s->number || (s->hash == hash && is_same(&o->entries[s->number - 1], wanted)))
			return s;
	}
}

static uint32_t hash_of(const struct sonde_originators *o, const struct sonde_originator *wanted)
{
	return (uint32_t)sonde_flow_key_hash(&wanted->key, o->secret);
}

/* The entry, or NULL if there is none. */
static struct sonde_originator *find(const struct sonde_originators *o, const struct sonde_originator *wanted)
{
	const struct sonde_originator_slot *s = o->cap ? place_of(o, wanted, hash_of(o, wanted)) : NULL;
	return s && s->number ? &o->entries[s->number - 1] : NULL;
}

static void put_slots(struct sonde_originator_slot *slots, size_t cap, const struct sonde_originators *o)
{
	for (size_t i = 0; i < o->cap; i++) {
		size_t at = o->slots[i].hash & (cap - 1);
		if (!o->slots[i].number)
			continue;
		while (slots[at].number)
			at = (at + 1) & (cap - 1);
		slots[at] = o->slots[i];
	}
}

/* Twice as many slots, half of which have an entry at most. */
static int grow(struct sonde_originators *o)
{
	size_t cap = o->cap ? 2 * o->cap : FIRST_CAP;
	if (o->n >= SONDE_ORIGINATORS_MAX)
		return -ENOMEM;
	struct sonde_originator_slot *slots = calloc(cap, sizeof *slots);
	struct sonde_originator *entries = calloc(cap / 2, sizeof *entries);
	if (!slots || !entries) {
		free(slots);
		free(entries);
		return -ENOMEM;
	}
	put_slots(slots, cap, o);
	if (o->n)
		memcpy(entries, o->entries, o->n * sizeof *entries);
	free(o->slots);
	free(o->entries);
	o->slots = slots;
	o->entries = entries;
	o->cap = cap;
	return 0;
}

/* Find or add an entry; a new one has the grade NOT_KNOWN. NULL without memory. */
static struct sonde_originator *entry_of(struct sonde_originators *o, const struct sonde_originator *wanted)
{
	if (o->n >= o->cap / 2 && grow(o))
		return NULL;
	uint32_t hash = hash_of(o, wanted);
	struct sonde_originator_slot *s = place_of(o, wanted, hash);
	if (!s->number) {
		o->entries[o->n++] = *wanted;
		*s = (struct sonde_originator_slot){ hash, (uint32_t)o->n };
	}
	return &o->entries[s->number - 1];
}

/* --- Evidence ---------------------------------------------------------------------------------------------------- */

bool sonde_flow_asks(uint16_t from_port, uint16_t to_port)
{
	bool from_known = from_port < WELL_KNOWN, to_known = to_port < WELL_KNOWN;
	return from_known != to_known ? to_known : to_port <= from_port;
}

static struct evidence guess_by_ports(const struct sonde_pair *pair)
{
	return (struct evidence){ sonde_flow_asks(pair->local.port, pair->remote.port), GUESSED };
}

static struct evidence judge_tcp(const struct sonde_flow_tuple *t, const struct sonde_layer *l, const uint8_t *header)
{
	uint32_t flags = sonde_place_there(l, SONDE_TCP_FLAGS) ? (uint32_t)sonde_get(header, SONDE_TCP_FLAGS) : 0;
	if (!(flags & SONDE_TCP_SYN))
		return guess_by_ports(&t->pair);
	return flags & SONDE_TCP_ACK_FLAG ? (struct evidence){ false, BY_SYN_ACK } : (struct evidence){ true, BY_SYN };
}

static struct evidence judge(const struct sonde_flow_tuple *t, const struct sonde_packet *p)
{
	if (t->transport < 0)
		return (struct evidence){ true, SEEN };
	const struct sonde_layer *l = &p->layers[t->transport];
	const uint8_t *header = sonde_layer_header(p, t->transport);
	if (l->proto == &sonde_tcp)
		return judge_tcp(t, l, header);
	const struct sonde_message_pair *pair = sonde_pair_of(l->proto, header[0]);
	bool answers = pair && pair->solicited && header[0] == pair->reply;
	return (struct evidence){ !answers, SEEN };
}

/* --- The sides --------------------------------------------------------------------------------------------------- */

static int side(bool from_originator)
{
	return from_originator ? SONDE_FLOW_ORIG : SONDE_FLOW_RESP;
}

static int side_in_flow(struct sonde_originators *o, const struct sonde_flow_tuple *t, const struct sonde_packet *p)
{
	struct sonde_originator wanted = { .grade = NOT_KNOWN };
	struct evidence evidence = judge(t, p);
	bool from_low;
	sonde_flow_key_of(&wanted.key, &from_low, t, p);
	struct sonde_originator *flow = entry_of(o, &wanted);
	if (!flow)
		return -ENOMEM;
	if (evidence.grade > flow->grade) {
		flow->grade = evidence.grade;
		flow->low_began = evidence.sender_began == from_low;
	}
	/* Both endpoints are the same when a host pings itself. */
	if (sonde_endpoint_compare(&wanted.key.low, &wanted.key.high) == 0)
		return side(evidence.sender_began);
	return side(flow->low_began == from_low);
}

/* The key of a datagram, which all its fragments share. */
static struct sonde_originator datagram_of(const struct sonde_flow_tuple *t)
{
	return (struct sonde_originator){
		.key = { { t->pair.local.addr, 0 }, { t->pair.remote.addr, 0 }, t->fragment_id, t->pair.proto },
		.datagram = true,
	};
}

/* Remember the side of the first fragment, which has the ports, for the later ones. */
static int remember_datagram(struct sonde_originators *o, const struct sonde_flow_tuple *t, int which)
{
	struct sonde_originator wanted = datagram_of(t), *datagram = entry_of(o, &wanted);
	if (!datagram)
		return -ENOMEM;
	datagram->low_began = which == SONDE_FLOW_ORIG;
	return which;
}

static int side_of_later(struct sonde_originators *o, const struct sonde_flow_tuple *t)
{
	const struct sonde_originator wanted = datagram_of(t), *datagram = find(o, &wanted);
	return datagram ? side(datagram->low_began) : SONDE_FLOW_NONE;
}

int sonde_originators_track(struct sonde_originators *o, const struct sonde_packet *p)
{
	struct sonde_flow_tuple t, quote;
	if (sonde_flow_tuple_of(&t, p, false))
		return t.later ? side_of_later(o, &t) : SONDE_FLOW_NONE;
	bool is_error = t.one_way && sonde_flow_tuple_of(&quote, p, true) == 0;
	int which = side_in_flow(o, is_error ? &quote : &t, p);
	if (is_error && which > 0)
		which = which == SONDE_FLOW_ORIG ? SONDE_FLOW_RESP : SONDE_FLOW_ORIG;
	return which > 0 && t.fragment ? remember_datagram(o, &t, which) : which;
}
