/* sonde read --stats: protocols as a tree, sizes, rates. */
#ifndef SONDE_TOOLS_READ_STATS_H
#define SONDE_TOOLS_READ_STATS_H

#include <stdint.h>

#include "base/time.h"

struct json;
struct print_frame;
struct printer;
struct sonde_proto;

#define STATS_NODES 1024 /* protocols at places of the tree; packets of others count for what is around them */
#define STATS_SIZES 8

struct stats_node {
	const struct sonde_proto *proto;
	uint16_t depth, child, next; /* 0: none; the root is node 0 */
	uint64_t packets, bytes;
	uint64_t last;              /* the number of the packet that was counted last */
};

/* Zeroed, it is empty and ready. */
struct stats {
	struct stats_node nodes[STATS_NODES];
	unsigned n;                 /* besides the root, which counts all packets */
	uint32_t least, most;       /* bytes of a frame */
	uint64_t sizes[STATS_SIZES];
	sonde_time first, last;     /* of the frames that have a time */
	uint64_t timed;             /* how many of them there are */
	struct {
		int64_t second;
		uint64_t packets, bytes;
	} now, busiest;
};

int stats_count(struct printer *p, const struct print_frame *f);
int stats_print(struct printer *p);
/* The same in the object at hand, after stats_print. */
void stats_json(struct json *j, const struct stats *s);

#endif
