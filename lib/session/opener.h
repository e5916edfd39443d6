/* Who does for a session what needs privilege while it runs. Without an opener it does so itself; with one, a process
 * that has given up its privileges asks another one. */
#ifndef SONDE_SESSION_OPENER_H
#define SONDE_SESSION_OPENER_H

#include <stdint.h>

#include "base/addr.h"
#include "io/live.h"
#include "io/sender.h"

struct sonde_opener {
	void *arg; /* of all functions */
	/* As sonde_live_socket, without a filter, and sonde_sender_socket. */
	int (*capture)(void *arg, int *fd, const struct sonde_live_options *o, struct sonde_error *e);
	int (*sender)(void *arg, int *fd, const struct sonde_sender_options *o, struct sonde_error *e);
	/* As sonde_neigh_ask. */
	int (*neighbour)(void *arg, uint32_t ifindex, const struct sonde_addr *hop);
};

#endif
