/* sonde flows --merge: flows out of the JSON of earlier runs. */
#ifndef SONDE_TOOLS_FLOWS_MERGE_H
#define SONDE_TOOLS_FLOWS_MERGE_H

#include "packet/ends.h"
#include "tools/flows/flows.h"

/* A flow, and the texts that its row points to. */
struct merged {
	struct flow_row row;
	struct sonde_flow_said said;
	char state[8], tunnel[128];
	char *orig_name, *resp_name;
	uint32_t parts; /* rows that it was joined of */
};

/* Read the object of a flow. Returns false when it is none. Either way it is for merged_free, if it came from
 * malloc(3). */
bool merged_read(struct merged *m, const char *line, size_t len);
void merged_free(struct merged *m);

/* Whether b, the later one, goes on where a ended: a cut in time, or memory that was needed, made two rows of one flow.
 * silence: what ends a flow. */
bool merged_goes_on(const struct merged *a, const struct merged *b, sonde_time silence);
/* Add b to a. */
void merged_join(struct merged *a, const struct merged *b);

#endif
