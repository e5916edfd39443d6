/* The broker: a process beside a command that has given up its privileges. It makes the sockets that turn out to be
 * needed later, has next hops asked for their addresses, gives the output file its name and opens the next one, and
 * finds the owners of sockets. It holds the capabilities for that and no others, takes a fixed list of requests, checks
 * each on its own, and reads nothing from the network. docs/security.md tells the whole. */
#ifndef SONDE_TOOLS_COMMON_BROKER_H
#define SONDE_TOOLS_COMMON_BROKER_H

#include <stdbool.h>

#include "io/output.h"
#include "session/opener.h"
#include "tools/common/channel.h"
#include "tools/common/owner.h"

struct broker {
	bool sockets;                /* it makes them; else it is for the output file alone */
	bool broadcast;              /* and they may send to broadcast addresses */
	bool has_raw;                /* CAP_NET_RAW was there when this process began */
	bool owners;                 /* it finds the processes that have sockets */
	struct sonde_output *output; /* the file whose name it gives; NULL: none */
	struct channel channel;
	struct sonde_opener opener;  /* for the session: asks the broker */
	struct sonde_output_namer namer;
};

/* Start it, with the fields above channel set. Before this process gives up anything, and after it has opened the
 * output. Returns 0 or an exit status after a message. */
int broker_start(struct broker *b);
/* Have opener and namer ask over the channel: broker_start does it. */
void broker_connect(struct broker *b);
/* Which process has a socket. Returns 0; -ENOENT where there is none, or none that may be seen; or another negative
 * code. */
int broker_owner(struct broker *b, struct owner_answer *out, const struct owner_question *q);
/* Let it end: an output file that has no name yet vanishes. Zeroed is fine. */
void broker_stop(struct broker *b);

#endif
