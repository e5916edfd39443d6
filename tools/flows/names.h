/* Names of addresses out of the DNS answers that a capture has: nothing is looked up. The newest FLOW_NAMES_MOST
 * answers are remembered. */
#ifndef SONDE_TOOLS_FLOWS_NAMES_H
#define SONDE_TOOLS_FLOWS_NAMES_H

#include "base/addr.h"
#include "base/hash.h"
#include "base/time.h"
#include "flow/flows.h"
#include "flow/state.h"

#define FLOW_NAMES_MOST   65536 /* answers: a name and an address each */
#define FLOW_NAMES_STRLEN 256   /* bytes of a name, and the 0; longer ones are left out */

struct flow_names;

/* Ending the program without memory, as all that follows. */
struct flow_names *flow_names_new(struct sonde_key secret);
void flow_names_free(struct flow_names *n); /* NULL is fine */

/* Learn what a frame answers, if it is a DNS answer: A and AAAA, CNAME chains followed back to the name that was
 * asked. */
void flow_names_learn(struct flow_names *n, const struct sonde_flows_frame *frame);
/* One answer: who asked for a name was told an address. */
void flow_names_add(struct flow_names *n, const struct sonde_addr *a, const struct sonde_addr *asker, sonde_time time,
		    const char *name);
/* The name of an address at a time: the last answer that this asker got before it, or else the last that anybody got.
 * NULL: there was none. */
const char *flow_names_of(const struct flow_names *n, const struct sonde_addr *a, const struct sonde_addr *asker,
			  sonde_time time);

/* Save all that is remembered, or load it (flow/state.h). With NULL, none is saved, and what is loaded is forgotten. */
void flow_names_state(struct sonde_saved *s, struct flow_names *n);

#endif
