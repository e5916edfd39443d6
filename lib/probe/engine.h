/* What every probing engine is: a state machine that takes packets and the time, and hands out packets, deadlines and
 * events. It has no clock, no socket and no output; the same engine runs on a network, on a capture, and in a simulated
 * network whose clock jumps.
 *
 *	for (;;) {
 *		while (e->ops->next_packet(e, &p, &id, now) == 1)
 *			... fill what is open, finish, send; then on_sent or on_refused ...
 *		while (e->ops->next_event(e, &event))
 *			... print ...
 *		... wait for a frame or e->ops->next_deadline(e); then on_packet or on_time ...
 *	}
 *
 * Two times go in: `now`, of a clock that is never set back, for pace and deadlines; and stamps of frames, for
 * round-trip times, which are only ever subtracted from each other.
 */
#ifndef SONDE_PROBE_ENGINE_H
#define SONDE_PROBE_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"
#include "packet/packet.h"
#include "packet/rules.h"

#define SONDE_NEVER INT64_MAX

/* Where the stamp of a sent packet comes from. */
enum sonde_stamp_clock {
	SONDE_STAMP_USER,   /* this process, before the call that took it */
	SONDE_STAMP_FRAME,  /* the kernel's copy of the frame, as it is captured */
	SONDE_STAMP_SOCKET, /* the kernel's report to the socket (SO_TIMESTAMPING) */
};

enum sonde_event_kind {
	SONDE_EVENT_REPLY,     /* an answer of the target, in time */
	SONDE_EVENT_LATE,      /* an answer after it was given up */
	SONDE_EVENT_DUPLICATE, /* another answer to the same packet */
	SONDE_EVENT_ERROR,     /* an ICMP error about it */
	SONDE_EVENT_LOST,      /* no answer in time */
	SONDE_EVENT_DROPPED,   /* the kernel took it, but by the time it was given up it had not left */
	SONDE_EVENT_REFUSED,   /* it was not sent */
};

struct sonde_event {
	enum sonde_event_kind kind;
	uint32_t target;   /* its number */
	uint64_t round;    /* from 0 */
	sonde_time rtt_ns; /* of replies, late ones and duplicates */
	sonde_time hop_ns; /* how long it waited for the next hop's address (ARP, ND) before it left; 0: not */
	enum sonde_stamp_clock clock;
	const struct sonde_rule *rule; /* what the answer means; NULL where there is none */
	struct sonde_addr from;        /* who answered */
	uint8_t ttl;                   /* of the answer's header */
	uint32_t size;                 /* bytes behind the answer's IP header */
	int code; /* refused, dropped: why, as functions return it; dropped, 0: the kernel does not say */
};

struct sonde_engine;

struct sonde_engine_ops {
	/* Build the next packet that is due into p, which has a buffer; what is open is for the sender. *id names the
	 * packet in later calls. Returns 1, 0 when none is due, or an error of the builder. */
	int (*next_packet)(struct sonde_engine *e, struct sonde_packet *p, uint64_t *id, sonde_time now);
	/* Where that packet goes. */
	const struct sonde_addr *(*target)(const struct sonde_engine *e, uint64_t id);
	/* It left, at this stamp; called again when a better stamp is known, then p may be NULL. */
	void (*on_sent)(struct sonde_engine *e, uint64_t id, const struct sonde_packet *p, sonde_time stamp,
			enum sonde_stamp_clock clock);
	/* It did not leave. */
	void (*on_refused)(struct sonde_engine *e, uint64_t id, int code);
	/* A frame was seen that may be the kernel's copy of one that was sent; outbound: it is known to have left this
	 * machine (loopback does not tell). Returns whether it is; its stamp is then when that one left. */
	bool (*on_outgoing)(struct sonde_engine *e, const struct sonde_packet *seen, sonde_time stamp, bool outbound);
	/* Frames that left were not shown to on_outgoing: from now on one that is not shown may have left. */
	void (*on_missed)(struct sonde_engine *e);
	/* A frame came. */
	void (*on_packet)(struct sonde_engine *e, const struct sonde_packet *got, sonde_time stamp);
	/* Time passed. */
	void (*on_time)(struct sonde_engine *e, sonde_time now);
	/* When next_packet or on_time has something to do; SONDE_NEVER: nothing is left to do. */
	sonde_time (*next_deadline)(const struct sonde_engine *e);
	/* Take the next event. Returns false when there is none. */
	bool (*next_event)(struct sonde_engine *e, struct sonde_event *out);
};

/* The first member of every engine. */
struct sonde_engine {
	const struct sonde_engine_ops *ops;
};

#endif
