/* A thread that hands frames to the kernel while its process goes on: where there are two cores, packets are built and
 * answers read on the one, and system calls made on the other.
 *
 *	forwarder_open(&f);
 *	so.forwarder = f.is_useful ? &f.ops : NULL;
 *	... run the session, in the sandbox ...
 *	forwarder_close(&f);
 */
#ifndef SONDE_TOOLS_COMMON_FORWARDER_H
#define SONDE_TOOLS_COMMON_FORWARDER_H

#include <pthread.h>

#include "session/forwarder.h"

#define FORWARDER_BATCHES 8

struct forwarder_batch {
	struct sonde_sender *sender;
	struct sonde_outgoing *frames;
	size_t n;
	struct sonde_forwarding *state;
};

/* Zeroed, there is none. It stays where it is while it is open. */
struct forwarder {
	struct sonde_forwarder ops;
	bool is_useful; /* this process may use two cores */
	bool is_open, runs, failed, ended;
	pthread_t thread;
	pthread_mutex_t lock;    /* of what follows */
	pthread_cond_t changed;
	struct forwarder_batch batches[FORWARDER_BATCHES];
	unsigned taken, done;
};

/* The thread starts with the first batch. */
void forwarder_open(struct forwarder *f);
/* Send what was taken, and end the thread. */
void forwarder_close(struct forwarder *f);

#endif
