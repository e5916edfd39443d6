/* What was gathered, from a process that may see it to one that may not: as bytes in memory that has a descriptor. */
#ifndef SONDE_TOOLS_SOCKETS_SNAPSHOT_H
#define SONDE_TOOLS_SOCKETS_SNAPSHOT_H

#include "tools/common/channel.h"
#include "tools/sockets/sockets.h"

struct snapshots {
	struct channel channel; /* to the process that gathers */
	const struct sockets_options *s;
	uint64_t keep; /* capabilities that it takes */
	bool has_sandbox;
};

/* Start the process that gathers, which keeps these capabilities. Returns 0 or an exit status after a message. */
int snapshots_open(struct snapshots *p, const struct sockets_options *s, uint64_t keep, const struct options *o);
void snapshots_close(struct snapshots *p);
/* As gathered_read, by that process. */
int snapshot_take(struct gathered *g, struct snapshots *p, struct sonde_error *e);

#endif
