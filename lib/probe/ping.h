/* Pinging: rounds of one packet to each target, answers matched, timed and counted. */
#ifndef SONDE_PROBE_PING_H
#define SONDE_PROBE_PING_H

#include "packet/match.h"
#include "probe/engine.h"
#include "probe/pace.h"
#include "probe/stats.h"

enum sonde_ping_event_kind {
	SONDE_PING_REPLY,     /* an answer of the target, in time */
	SONDE_PING_LATE,      /* an answer after it was given up */
	SONDE_PING_DUPLICATE, /* another answer to the same packet */
	SONDE_PING_ERROR,     /* an ICMP error about it */
	SONDE_PING_LOST,      /* no answer in time */
	SONDE_PING_DROPPED,   /* the kernel took it, but by the time it was given up it had not left */
	SONDE_PING_REFUSED,   /* it was not sent */
};

/* How echo data that came back differs from what was sent. */
struct sonde_ping_damage {
	bool any;
	uint32_t echoed, sent;  /* bytes */
	bool has_wrong;         /* one of them is not as it was sent: the first such one, */
	uint32_t at;            /* counted from 0, */
	uint8_t was, should_be; /* and its values */
};

struct sonde_ping_event {
	enum sonde_ping_event_kind kind;
	uint32_t target;   /* its number */
	uint64_t round;    /* from 0 */
	sonde_time rtt_ns; /* of replies, late ones and duplicates */
	bool is_ambiguous; /* the answer may belong to another packet as well: rtt_ns is not known, and 0 */
	bool is_early;     /* its stamp lies before that of the packet: the clock was set back; rtt_ns likewise */
	sonde_time hop_ns; /* how long it waited for the next hop's address (ARP, ND) before it left; 0: not */
	enum sonde_stamp_clock clock;
	const struct sonde_rule *rule; /* what the answer, or none in time, means; NULL: it did not leave */
	struct sonde_addr from;        /* who answered */
	uint8_t ttl;                   /* of the answer's header */
	uint32_t size;                 /* bytes behind the answer's IP header */
	struct sonde_ping_damage damage; /* of echo data */
	uint32_t mtu;                  /* of an error that says that it is too big; 0: not told */
	uint64_t number;               /* of the answer's frame, as in struct sonde_seen; 0: it is no frame */
	int code; /* refused, dropped: why, as functions return it; dropped, 0: the kernel does not say */
};

static inline bool sonde_ping_has_time(const struct sonde_ping_event *e)
{
	return !e->is_ambiguous && !e->is_early;
}

enum sonde_ping_kind { SONDE_PING_ICMP, SONDE_PING_TCP, SONDE_PING_UDP, SONDE_PING_ARP };

struct sonde_ping_options {
	enum sonde_ping_kind kind;
	uint16_t port;         /* of TCP and UDP */
	const uint16_t *ports; /* of each target, all addresses having the same ones; the caller's; NULL: port */
	const uint32_t *sizes; /* bytes of payload (ICMP, UDP), in turn from round to round; the caller's */
	uint32_t n_sizes;      /* at least 1 */
	uint8_t ttl;           /* 0: the default */
	uint8_t tos;
	bool df;                /* IPv4: do not fragment */
	uint64_t rounds;        /* 0: until it is stopped */
	sonde_time interval_ns; /* from round to round */
	sonde_time timeout_ns;  /* for one answer */
	sonde_time gap_ns;      /* between any two packets; 0: no limit */
	uint64_t seed;          /* the tokens follow from it */
	uint16_t id;            /* of ICMP; 0: from the seed */
	bool overlaid;    /* packets are changed before they are sent: each is read for which answers belong to it */
	bool sees_frames; /* every frame that leaves is shown to on_frame: what is not shown did not leave */
};

/* The next hop's address: when the kernel last asked for it, and was told. Stamps; 0: never. */
struct sonde_ping_hop {
	sonde_time requested_at, answered_at;
};

struct sonde_ping_target {
	struct sonde_addr addr;
	uint16_t port;                  /* of TCP and UDP, that is asked */
	struct sonde_question question; /* what its packets ask, but for what changes from round to round */
	bool has_question;              /* question is filled */
	uint64_t sent;                  /* left, as far as is known */
	uint64_t received, lost, late, duplicates, errors;
	uint64_t altered;          /* answers whose echo data came back altered, short or long */
	uint64_t refused;          /* the kernel did not take them */
	uint64_t dropped;          /* it took them, and they did not leave in time */
	uint32_t n_foreign;        /* questions of others that equal ours and wait for an answer, */
	sonde_time foreign_at;     /* and when the last one left */
	struct sonde_ping_hop hop; /* of a target on the link */
	sonde_time hop_ns;         /* the longest time that a packet waited for the next hop's address */
	struct sonde_stats rtt;
};

/* What became of a packet. */
enum sonde_ping_state {
	SONDE_PING_STATE_FREE,
	SONDE_PING_STATE_SENT,
	SONDE_PING_STATE_ANSWERED,
	SONDE_PING_STATE_LOST,
	SONDE_PING_STATE_DROPPED,
	SONDE_PING_STATE_REFUSED
};

struct sonde_ping_entry {
	uint64_t n;       /* the packet's number: round * targets + target */
	sonde_time stamp; /* when it was sent */
	sonde_time give_up_at;
	uint32_t hop_us; /* waited for the next hop's address, rounded up */
	uint32_t seq;    /* of TCP */
	uint16_t number; /* by which its answers are told from others: our port, or the ICMP sequence number */
	uint8_t state, clock;
	bool no_token;   /* its payload was written over, from its beginning on, */
	bool is_changed; /* or anywhere */
};

/* The packets of one family differ in few numbers, so that they are stamped out of the first one. */
struct sonde_ping_template {
	bool ready, refused; /* refused: its packets have to be built one by one */
	struct sonde_template shape;
	int source, destination, port, ip_id, number, seq, token; /* slots; -1: none */
	uint8_t bytes[SONDE_BATCH_FRAME];
};

#define SONDE_PING_EVENTS  256
#define SONDE_PING_HISTOGRAMS 1024 /* so many targets at most have a histogram each */

struct sonde_ping {
	struct sonde_engine engine;
	struct sonde_ping_options o;
	struct sonde_ping_target *targets;
	uint32_t n_targets;
	uint32_t *by_addr;                /* hash table of targets, 1 + number; 0: free */
	uint32_t n_slots;                 /* a power of two */
	struct sonde_ping_entry *entries; /* ring, by n */
	uint64_t n_entries;               /* a power of two */
	uint64_t next_n;                  /* the next packet */
	uint64_t oldest_n;                /* the first that still waits */
	struct sonde_pace pace, rounds;   /* of packets, and of the first ones of rounds */
	uint16_t id;                      /* of ICMP */
	bool has_groups;                  /* there are targets that others answer for: multicast, broadcast */
	struct sonde_ping_hop gateway;    /* the next hop of all targets that are not on the link */
	uint64_t wrong_token;             /* answers that do not carry what only ours can */
	uint64_t wrong_checksum;
	uint64_t unmatched; /* frames that are no answer of a target */
	struct sonde_histogram histogram;
	struct sonde_histogram *target_histograms; /* of each target; NULL where there are too many */
	struct sonde_ping_template templates[2];   /* of IPv4, of IPv6 */
	struct sonde_ping_event events[SONDE_PING_EVENTS];
	unsigned event_head, event_len;
};

/* Bytes of memory that a run of so many targets needs. */
size_t sonde_ping_memory(uint32_t n_targets);

/* Begin at now. The addresses are copied; each stands once, or once for each of its ports. memory is the caller's: as
 * many zeroed bytes as sonde_ping_memory says, aligned for anything, until the run is over. */
void sonde_ping_init(struct sonde_ping *p, const struct sonde_ping_options *o, const struct sonde_addr *targets,
		     uint32_t n_targets, void *memory, sonde_time now);

/* What the kernel tells of a packet's answer where no frame of it is seen. */
struct sonde_ping_report {
	struct sonde_addr target;  /* who was asked, or who answers */
	struct sonde_view message; /* of ICMP: what came, or what an error quotes of ours, from the ICMP header on; */
	uint64_t n;                /* of others: the packet's number */
	enum sonde_answer answer;
	struct sonde_addr from;    /* who answers */
	uint8_t ttl;               /* 0: not told, */
	uint32_t size;             /* nor this, */
	uint32_t mtu;              /* nor that of an error that says that it is too big */
	sonde_time stamp;
	bool is_own_stamp;         /* it is this process's, not the kernel's */
};

/* Take a report: what on_frame does with a frame. */
void sonde_ping_on_report(struct sonde_ping *p, const struct sonde_ping_report *r);

/* Take the next event. Returns false when there is none. */
bool sonde_ping_next_event(struct sonde_ping *p, struct sonde_ping_event *out);

/* The run is over: give up the packets that are not known to have left (SONDE_PING_DROPPED). The others stay pending.
 * Returns false when events have to be taken first; then call it again. */
bool sonde_ping_stop(struct sonde_ping *p);

/* How many packets left, whose answers are still waited for. */
static inline uint64_t sonde_ping_pending(const struct sonde_ping_target *t)
{
	return t->sent - t->received - t->lost;
}

/* The entry of packet n, if it is still there: then its .n is n. */
static inline struct sonde_ping_entry *sonde_ping_entry(const struct sonde_ping *p, uint64_t n)
{
	return &p->entries[n & (p->n_entries - 1)];
}

/* What packet n asks. Returns false when its entry is gone, or nothing was sent to its target yet. */
bool sonde_ping_question(struct sonde_question *out, const struct sonde_ping *p, uint64_t n);

#endif
