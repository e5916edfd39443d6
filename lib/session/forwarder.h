/* Who hands frames to the kernel in the place of a session, which goes on while the kernel works: a thread of the
 * program's, since the library has none. Batches that are full go this way, and what comes behind them; few frames the
 * session sends itself, which is sooner, and so it does when the forwarder has enough: then both send, each by a sender
 * of its own. */
#ifndef SONDE_SESSION_FORWARDER_H
#define SONDE_SESSION_FORWARDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/time.h"
#include "io/sender.h"

/* How far a batch is: the forwarder writes both, by __atomic_store_n, and the session reads them. */
struct sonde_forwarding {
	sonde_time began_at; /* the real time at which its first frame left, or a moment before; 0: it did not begin */
	bool is_done;        /* each frame has a result */
};

struct sonde_forwarder {
	void *arg; /* of all functions */
	/* Send these frames, behind those that it was given before. Until the batch is done they are not touched, and
	 * nothing else is sent by this sender. Returns false when it cannot: the session sends them itself. */
	bool (*take)(void *arg, struct sonde_sender *sender, struct sonde_outgoing *frames, size_t n,
		     struct sonde_forwarding *f);
};

#endif
