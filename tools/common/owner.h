/* Which process has the socket that a packet of this machine comes from, or goes to. The kernel is asked for the
 * socket, and the descriptors of all processes are looked through for it, as often as that is worth its time. */
#ifndef SONDE_TOOLS_COMMON_OWNER_H
#define SONDE_TOOLS_COMMON_OWNER_H

#include <stdint.h>

#include "io/link.h"
#include "io/netlink.h"
#include "io/owners.h"

struct owner_question {
	uint32_t ip_proto;             /* 6 or 17 */
	struct sonde_endpoint ends[2]; /* the sender's first: where both are of this machine, it is asked for */
};

struct owner_answer {
	uint32_t pid;
	char process[16];
};

struct owner_finder {
	struct sonde_netlink *netlink;
	struct sonde_links links; /* for the addresses of this machine */
	struct sonde_owners owners;
	sonde_time links_at, owners_at, owners_took; /* monotonic: when they were read, and how long that took */
};

/* Returns 0 or a negated errno. */
int owner_finder_open(struct owner_finder *f);
void owner_finder_close(struct owner_finder *f); /* zeroed is fine */

/* Returns 0; -ENOENT where no socket or no process is there, or may not be seen; or another negated errno. */
int owner_find(struct owner_answer *out, struct owner_finder *f, const struct owner_question *q);

#endif
