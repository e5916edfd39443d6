/* What every probing engine is: a state machine that takes packets and the time, and hands out packets, deadlines and
 * events of its own type. It has no clock, no socket and no output. The same engine runs on a network
 * (session/drive.h), on a capture, and in a simulated network whose clock jumps:
 *
 *	for (;;) {
 *		while (e->ops->next_batch(e, &batch, now) == 1)
 *			... fill in what is open, send; then on_sent or on_refused for each ...
 *		... take the engine's events ...
 *		... wait for a frame or e->ops->next_deadline(e); then on_frame or on_time ...
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
#include "packet/template.h"

#define SONDE_NEVER INT64_MAX

/* --- Out --------------------------------------------------------------------------------------------------------- */

#define SONDE_BATCH       64
#define SONDE_BATCH_FRAME 2048 /* bytes of one packet in .stamped at most */

/* Packets that are due: one that is built, with open fields; or up to SONDE_BATCH that are stamped out of a template,
 * begin with an IP header and have nothing open but the source address. The caller sets packet and stamped. */
struct sonde_batch {
	struct sonde_packet *packet;           /* empty, with a buffer */
	uint8_t *stamped;                      /* room for SONDE_BATCH * SONDE_BATCH_FRAME bytes */
	const struct sonde_template *shape;    /* NULL: it is the one packet */
	int source_slot;                       /* of the template; -1: the source is written already */
	unsigned n;
	struct {
		uint64_t id;            /* names the packet in later calls */
		struct sonde_addr dst;  /* where it goes; of family 0: as the packet itself says */
	} items[SONDE_BATCH];
};

/* Where the stamp of a sent packet comes from. */
enum sonde_stamp_clock {
	SONDE_STAMP_USER,   /* this process, before the call that took it */
	SONDE_STAMP_FRAME,  /* the kernel's copy of the frame, as it is captured */
	SONDE_STAMP_SOCKET, /* the kernel's report to the socket (SO_TIMESTAMPING) */
};

/* A packet that was handed to the kernel. */
struct sonde_sent {
	uint64_t id;
	struct sonde_packet *packet; /* finished; NULL: it was stamped, or only the stamp is news */
	struct sonde_view bytes;
	struct sonde_addr src;       /* of stamped ones, */
	uint8_t delivery;            /* and enum sonde_delivery */
	sonde_time stamp, now;       /* by the clock of frames, and by that of deadlines */
	enum sonde_stamp_clock clock;
	sonde_time hop_ns;           /* how long the packet waited for its next hop's address */
};

/* Whether what came then can answer a packet that left then, by the clock of frames. If not, its frame is an older one,
 * or the clock was set back in between: there is no round trip to be told. */
static inline bool sonde_could_answer(sonde_time left, sonde_time came)
{
	return came >= left;
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

enum sonde_seen_as {
	SONDE_SEEN_OTHER,    /* nothing to do with the engine's packets */
	SONDE_SEEN_QUESTION, /* a packet that was sent, leaving */
	SONDE_SEEN_ANSWER,   /* an answer to one */
};

/* A frame that was seen, and what the engine says of it. */
struct sonde_seen {
	const struct sonde_packet *packet;
	sonde_time stamp;
	bool outbound;   /* it is known to have left this machine (loopback does not tell) */
	uint64_t number; /* counts the frames that were seen, from 1 */
	/* The engine's: */
	enum sonde_seen_as as;
	const struct sonde_rule *rule; /* what an answer means, */
	const char *remark;            /* and what more there is to say, or NULL: "late" */
};

/* --- Engines ----------------------------------------------------------------------------------------------------- */

struct sonde_engine;

struct sonde_engine_ops {
	/* Hand out what is due. Returns 1, 0 when nothing is due, or an error of the builder. */
	int (*next_batch)(struct sonde_engine *e, struct sonde_batch *b, sonde_time now);
	/* It was handed over; called again when a better stamp is known. */
	void (*on_sent)(struct sonde_engine *e, const struct sonde_sent *sent);
	/* It did not leave: why, as functions return it. */
	void (*on_refused)(struct sonde_engine *e, uint64_t id, int code);
	/* A frame was seen, in either direction. */
	void (*on_frame)(struct sonde_engine *e, struct sonde_seen *seen);
	/* Frames that left were not shown to on_frame: from now on one that is not shown may have left. NULL: the
	 * engine does not need to be shown what leaves. */
	void (*on_missed)(struct sonde_engine *e);
	/* Who has this address told its link address when it was asked (NULL: the engine does not care). */
	void (*on_neighbour)(struct sonde_engine *e, const struct sonde_addr *addr);
	/* So many more frames came in and were dropped before they could be read (NULL: the engine does not care). */
	void (*on_dropped)(struct sonde_engine *e, uint64_t n, sonde_time now);
	/* Time passed. */
	void (*on_time)(struct sonde_engine *e, sonde_time now);
	/* When next_batch or on_time has something to do; SONDE_NEVER: nothing is left to do. */
	sonde_time (*next_deadline)(const struct sonde_engine *e);
};

/* The first member of every engine. */
struct sonde_engine {
	const struct sonde_engine_ops *ops;
};

#endif
