/* The responder: an engine that sends a packet for each one that matches a pattern, with references to it
 * (packet/reference.h). It runs alone, until `count` packets are sent, or in front of another engine, which it shows
 * everything and lets do the rest: so is an address spoken for while something else is done from it.
 *
 * On loopback every frame is seen once, and nothing tells whose it is: what the responder sent itself is known by its
 * bytes, and not answered. */
#ifndef SONDE_PROBE_RESPONDER_H
#define SONDE_PROBE_RESPONDER_H

#include "base/hash.h"
#include "packet/spec.h"
#include "probe/engine.h"

struct sonde_responder_options {
	const struct sonde_spec *pattern, *packet; /* the caller's, and they stay */
	struct sonde_engine *inner; /* NULL: none */
	uint64_t first_id;          /* of its own packets; those of the inner engine are below */
	uint64_t count;             /* packets to send; 0: until it is stopped */
	sonde_time gap_ns;          /* between packets; 0: no limit */
	uint64_t seed;
};

#define SONDE_RESPONDER_QUEUE 4096 /* matches that wait to be answered; later ones are lost, and counted */
#define SONDE_RESPONDER_OWN   256  /* packets that are known by their bytes */

/* A match that waits: its bytes alone, which are dissected again when its turn comes. */
struct sonde_responder_match {
	sonde_time stamp;
	struct sonde_id first;
	uint32_t len, missing; /* bytes, and those that were not captured */
	uint8_t bytes[];
};

struct sonde_responder {
	struct sonde_engine engine;
	struct sonde_responder_options o;
	struct sonde_responder_match *queue[SONDE_RESPONDER_QUEUE];
	unsigned queue_head, queue_len;
	struct sonde_spec resolved;
	struct sonde_responder_match *answered; /* of the packet that was built last */
	struct sonde_packet match;              /* the same, dissected */
	uint64_t own[SONDE_RESPONDER_OWN]; /* hashes of what was sent last */
	struct sonde_key key;
	sonde_time now, next_at;
	uint64_t n_matched, n_built, n_sent, n_lost;
	uint64_t n_unfit;                  /* matches that lack what the packet refers to, or make none: */
	struct sonde_error unfit;          /* why the last one did */
};

void sonde_responder_init(struct sonde_responder *r, const struct sonde_responder_options *o);
void sonde_responder_free(struct sonde_responder *r);

/* Whether a packet is its own, and not one of the inner engine. */
static inline bool sonde_responder_has(const struct sonde_responder *r, uint64_t id)
{
	return !r->o.inner || id >= r->o.first_id;
}

/* The packet that was answered last, by a packet that is built or sent, and when it came; NULL: none yet. */
static inline const struct sonde_packet *sonde_responder_answered(const struct sonde_responder *r, sonde_time *stamp)
{
	*stamp = r->answered ? r->answered->stamp : 0;
	return r->answered ? &r->match : NULL;
}

#endif
