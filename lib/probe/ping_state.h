/* What the files of the ping engine share; not for callers. */
#ifndef SONDE_PROBE_PING_STATE_H
#define SONDE_PROBE_PING_STATE_H

#include "probe/ping.h"

#define SONDE_PING_TOKEN 8 /* bytes */

static inline struct sonde_ping *sonde_ping_of(struct sonde_engine *e)
{
	return (struct sonde_ping *)e;
}

static inline bool sonde_ping_has_room(const struct sonde_ping *p)
{
	return p->event_len < SONDE_PING_EVENTS;
}

static inline void sonde_ping_emit(struct sonde_ping *p, const struct sonde_ping_event *e)
{
	if (sonde_ping_has_room(p))
		p->events[(p->event_head + p->event_len++) % SONDE_PING_EVENTS] = *e;
}

/* --- ping_build.c ------------------------------------------------------------------------------------------------ */

/* The number by which answers to packet n are known, before anything is written over it; 0 for ARP. */
uint16_t sonde_ping_number(const struct sonde_ping *p, uint64_t n);
/* The latest round up to `last` whose packets have this number, or more than last when there is none. */
uint64_t sonde_ping_round_of(const struct sonde_ping *p, uint64_t last, uint16_t number);
/* What only an answer to packet n can carry back. */
uint64_t sonde_ping_token(const struct sonde_ping *p, uint64_t n);
/* Whether a payload, or what is left of it, begins as that of packet n. */
bool sonde_ping_has_token(const struct sonde_ping *p, uint64_t n, struct sonde_view payload, bool may_be_cut);
/* Compare echo data with the payload of packet n. is_cut: there may have been more of it. */
struct sonde_ping_damage sonde_ping_compare(const struct sonde_ping *p, uint64_t n, struct sonde_view echoed,
					    bool is_cut);
/* Build packet n. Returns 0 or an error of the builder. */
int sonde_ping_build(const struct sonde_ping *p, struct sonde_packet *packet, uint64_t n);
/* Make a template of a finished packet for the others of its family, if they can be stamped. */
void sonde_ping_make_template(struct sonde_ping *p, struct sonde_ping_template *template, struct sonde_packet *packet);
/* Stamp packet n, all but its source address. */
void sonde_ping_stamp(struct sonde_ping *p, uint8_t *frame, uint64_t n);

/* --- ping_find.c ------------------------------------------------------------------------------------------------- */

/* The entry of packet n, or NULL when it is gone. */
struct sonde_ping_entry *sonde_ping_entry_of(const struct sonde_ping *p, uint64_t n);
/* The question of a packet: its target's, with what changes from round to round. */
struct sonde_question sonde_ping_question_of(const struct sonde_ping *p, const struct sonde_ping_entry *entry);

/* A frame that was seen: one of our packets, or what may be an answer to one. */
struct sonde_ping_sighting {
	uint32_t target;
	uint16_t number;
	const struct sonde_question *question; /* or NULL */
	const struct sonde_packet *answer;     /* or NULL, */
	sonde_time at;                         /* and when it came */
	bool is_ambiguous;                     /* found: the answer may belong to another packet as well */
};

/* The packet that was seen, or the latest that has its number; NULL: none. */
struct sonde_ping_entry *sonde_ping_find(const struct sonde_ping *p, struct sonde_ping_sighting *s);
/* Whether several packets may have one number. */
bool sonde_ping_is_searched(const struct sonde_ping *p);

/* --- ping_answer.c ----------------------------------------------------------------------------------------------- */

/* Make a target known by its address. */
void sonde_ping_index_target(struct sonde_ping *p, uint32_t target);
/* Why a packet did not leave: SONDE_E_NO_NEIGHBOUR, or 0 where nothing tells. */
int sonde_ping_why_dropped(const struct sonde_ping *p, const struct sonde_ping_entry *entry);
/* As struct sonde_engine_ops has it. */
void sonde_ping_on_frame(struct sonde_engine *e, struct sonde_seen *seen);

#endif
