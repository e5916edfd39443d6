/* What the files of the scanning engine share; not for callers. */
#ifndef SONDE_PROBE_SCAN_STATE_H
#define SONDE_PROBE_SCAN_STATE_H

#include "probe/scan.h"

/* Ports are looked up by what carries them. */
enum sonde_scan_carrier {
	SONDE_CARRIED_TCP,
	SONDE_CARRIED_UDP,
	SONDE_CARRIED_SCTP,
	SONDE_CARRIED_ICMP,
	SONDE_N_CARRIERS
};

struct sonde_scan_responder {
	struct sonde_addr addr; /* of family 0: free */
	uint64_t errors;        /* that it sent about our packets */
	sonde_time first, last; /* when the first and the last came, by the clock of frames */
};

struct sonde_scan_other {
	uint64_t place; /* 1 + place; 0: free */
	struct sonde_addr from;
	uint8_t icmp_type, icmp_code;
};

/* A target: a port of a host. */
struct sonde_scan_target {
	uint64_t number; /* host * n_ports + port */
	uint64_t place, host;
	uint32_t port;
};

static inline struct sonde_scan *sonde_scan_of(struct sonde_engine *e)
{
	return (struct sonde_scan *)e;
}

static inline struct sonde_scan_target sonde_scan_target_at(const struct sonde_scan *s, uint64_t place)
{
	uint64_t number = sonde_order_at(&s->order, s->first + place * s->stride);
	return (struct sonde_scan_target){ .number = number,
					   .place = place,
					   .host = number / s->o.n_ports,
					   .port = (uint32_t)(number % s->o.n_ports) };
}

/* Returns false when the target belongs to another shard. */
static inline bool sonde_scan_target_of(struct sonde_scan_target *t, const struct sonde_scan *s, uint64_t host,
					uint32_t port)
{
	uint64_t number = host * s->o.n_ports + port, at = sonde_order_find(&s->order, number);
	*t = (struct sonde_scan_target){ .number = number, .place = at / s->stride, .host = host, .port = port };
	return at % s->stride == s->first;
}

static inline struct sonde_scan_flight *sonde_scan_flight_of(const struct sonde_scan *s, uint64_t place)
{
	return &s->flights[place & (s->n_flights - 1)];
}

/* A round trip in 16 bits: 11 bits that count, and by how many they are shifted. */
static inline uint16_t sonde_scan_pack_time(sonde_time ns)
{
	unsigned shift = 0;
	for (; ns >> shift >= 1 << 11 && shift < 31; shift++)
		;
	return (uint16_t)(shift << 11 | (unsigned)(ns >> shift & 0x7ff));
}

static inline sonde_time sonde_scan_unpack_time(uint16_t packed)
{
	return (sonde_time)(packed & 0x7ff) << (packed >> 11);
}

/* --- scan_build.c ------------------------------------------------------------------------------------------------ */

/* What only an answer to this packet can carry back. */
uint32_t sonde_scan_token(const struct sonde_scan *s, uint64_t number, unsigned tries);
/* Our port in a packet: of 4536 ones, by target and try; 0 for echoes. */
uint16_t sonde_scan_sport(const struct sonde_scan *s, const struct sonde_scan_target *t, unsigned tries);
/* The question that packet asks; src is not filled. */
struct sonde_question sonde_scan_question_of(const struct sonde_scan *s, const struct sonde_scan_target *t,
					     unsigned tries);
/* The shape of this packet, or NULL: there is none left. */
struct sonde_scan_shape *sonde_scan_shape_of(struct sonde_scan *s, const struct sonde_scan_target *t,
					     const struct sonde_addr *dst, unsigned tries);
/* Build it, its source address open. Returns 0 or an error of the builder. */
int sonde_scan_build(const struct sonde_scan *s, struct sonde_packet *p, const struct sonde_scan_target *t,
		     const struct sonde_addr *dst, unsigned tries);
/* Make a template of the finished packet, if it can be stamped. */
void sonde_scan_make_shape(struct sonde_scan_shape *shape, const struct sonde_packet *p, enum sonde_scan_kind kind);
/* Stamp a packet out of its shape, all but its source address. */
void sonde_scan_stamp(uint8_t *frame, const struct sonde_scan *s, const struct sonde_scan_shape *shape,
		      const struct sonde_scan_target *t, const struct sonde_addr *dst, unsigned tries);
enum sonde_scan_carrier sonde_scan_carrier(enum sonde_scan_kind kind);

/* --- scan_answer.c ----------------------------------------------------------------------------------------------- */

/* As struct sonde_engine_ops has it. */
void sonde_scan_on_frame(struct sonde_engine *e, struct sonde_seen *seen);
/* A source address of our packets. */
void sonde_scan_note_source(struct sonde_scan *s, const struct sonde_addr *src);

#endif
