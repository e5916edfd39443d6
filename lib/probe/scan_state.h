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

enum sonde_scan_limit_state { SONDE_LIMIT_RESTS, SONDE_LIMIT_ASKS, SONDE_LIMIT_WAITS, SONDE_LIMIT_DONE };

#define SONDE_LIMIT_GROUP 8 /* silent ports that are asked together */

/* Who sends errors about UDP ports, each as often as it may. */
enum sonde_scan_responder { SONDE_BY_TARGET, SONDE_BY_OTHER, SONDE_N_RESPONDERS };

struct sonde_scan_limit {
	uint64_t host;       /* 1 + its number; 0: free */
	uint64_t known[SONDE_N_RESPONDERS]; /* 1 + place of a UDP port that each sends an error about; 0: none */
	uint64_t asked[SONDE_LIMIT_GROUP + SONDE_N_RESPONDERS]; /* places of silent ports, and then the known ones */
	uint8_t n_silent, n_asked, n_sent;
	uint8_t state;       /* enum sonde_scan_limit_state */
	bool answers[SONDE_N_RESPONDERS]; /* an error about the known one came */
	bool any_answers;    /* about some port */
	bool is_limited;     /* an error was not sent that was due */
	uint32_t next_port;  /* where to look for silent ones */
	sonde_time until;    /* when something is to be done next, monotonic */
	sonde_time gap_ns;   /* from one error to the next, as far as is known */
	sonde_time last[SONDE_N_RESPONDERS]; /* when the last error came, by the clock of frames */
	sonde_time every_ns; /* the least time between two errors while it was limited; 0: not measured */
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
/* What that packet carries, or NULL: nothing. */
const struct sonde_payload *sonde_scan_payload_of(const struct sonde_scan *s, const struct sonde_scan_port *port,
						  unsigned tries);
/* The shape of this packet, or NULL: there is none left. */
struct sonde_scan_shape *sonde_scan_shape_of(struct sonde_scan *s, const struct sonde_scan_target *t,
					     const struct sonde_addr *dst, unsigned tries);
/* Build it, its source address open. Returns 0 or an error of the builder. */
int sonde_scan_build(const struct sonde_scan *s, struct sonde_packet *p, const struct sonde_scan_target *t,
		     const struct sonde_addr *dst, unsigned tries);
/* Make a template of the finished packet to that target, if it can be stamped. */
void sonde_scan_make_shape(const struct sonde_scan *s, struct sonde_scan_shape *shape, const struct sonde_packet *p,
			   const struct sonde_scan_target *t, unsigned tries);
/* Stamp a packet out of its shape, all but its source address. */
void sonde_scan_stamp(uint8_t *frame, const struct sonde_scan *s, const struct sonde_scan_shape *shape,
		      const struct sonde_scan_target *t, const struct sonde_addr *dst, unsigned tries);
enum sonde_scan_carrier sonde_scan_carrier(enum sonde_scan_kind kind);

/* --- scan_limits.c ----------------------------------------------------------------------------------------------- */

/* Whether hosts limit how often they send such an error about a port of that kind, so that silence may be one. What
 * says that a host cannot be reached at all says so of all its ports. */
static inline bool sonde_scan_is_limited(enum sonde_scan_kind kind, enum sonde_answer answer)
{
	return kind == SONDE_SCAN_UDP && (answer == SONDE_ANSWER_PORT || answer == SONDE_ANSWER_PROTOCOL ||
					  answer == SONDE_ANSWER_PROHIBITED || answer == SONDE_ANSWER_ERROR);
}
/* Such an error came. */
void sonde_scan_limit_error(struct sonde_scan *s, const struct sonde_scan_target *t, enum sonde_scan_responder by,
			    sonde_time stamp);
/* The passes are over: begin with the hosts about some of whose UDP ports errors came, and about others none. Returns
 * whether there is any. */
bool sonde_scan_limits_begin(struct sonde_scan *s, sonde_time now);
/* The packet that is due to one of them: of this target. Returns false when there is none. */
bool sonde_scan_limits_next(struct sonde_scan *s, struct sonde_scan_target *t, sonde_time now);
/* Time passed. Returns whether a host is still asked. */
bool sonde_scan_limits_time(struct sonde_scan *s, sonde_time now);
sonde_time sonde_scan_limits_deadline(const struct sonde_scan *s);
/* What is known of a host, or NULL. */
const struct sonde_scan_limit *sonde_scan_limit_of(const struct sonde_scan *s, uint64_t host);
/* The share of packets whose answer is lost, as far as is known. */
double sonde_scan_loss(const struct sonde_scan *s);

/* --- scan_answer.c ----------------------------------------------------------------------------------------------- */

/* As struct sonde_engine_ops has it. */
void sonde_scan_on_frame(struct sonde_engine *e, struct sonde_seen *seen);
/* The error of a verdict, where its rule does not say all, or NULL. make: where there is none, room for it. */
struct sonde_scan_other *sonde_scan_other_of(const struct sonde_scan *s, uint64_t place, bool make);
/* A source address of our packets. */
void sonde_scan_note_source(struct sonde_scan *s, const struct sonde_addr *src);

#endif
