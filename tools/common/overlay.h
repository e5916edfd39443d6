/* --set on packets that an engine builds: what is written there lies over every packet. */
#ifndef SONDE_TOOLS_COMMON_OVERLAY_H
#define SONDE_TOOLS_COMMON_OVERLAY_H

#include "packet/spec.h"
#include "tools/common/options.h"

struct overlay {
	const struct options *o;
	struct sonde_spec over[OPTIONS_SET_MAX];
	struct sonde_spec base;     /* of the packet at hand */
	char *line;                 /* room for its text */
	bool idle[OPTIONS_SET_MAX]; /* the user was told that a packet is not of its kind */
};

/* Read every --set of o. Returns 0 or an exit status after a message; overlay_close gives back the memory of both. */
int overlay_open(struct overlay *v, const struct options *o);
void overlay_close(struct overlay *v);

/* Write over packet number k, which is built and not finished; open fields stay open. Random values follow from the
 * seed and k. Does nothing without --set. The packet still has to go to target: consent was given for that. Returns
 * 0 or an exit status after a message. */
int overlay_apply(struct overlay *v, struct sonde_packet *p, uint64_t k, const struct sonde_addr *target);

#endif
