/* --set: fields that replace those of every packet. */
#ifndef SONDE_TOOLS_COMMON_OVERLAY_H
#define SONDE_TOOLS_COMMON_OVERLAY_H

#include "packet/spec.h"
#include "tools/common/lookup.h"
#include "tools/common/options.h"

struct overlay {
	const struct options *o;
	struct lookup lookup;
	struct sonde_spec over[OPTIONS_SET_MAX];
	struct sonde_spec packet;   /* the one at hand */
	struct sonde_spec merged;   /* room for it with one --set more */
	char *text;                 /* room for its text */
	bool idle[OPTIONS_SET_MAX]; /* the user was told that a packet is not of its kind */
};

/* Read every --set of o. Returns 0 or an exit status after a message; overlay_close gives back the memory of both. */
int overlay_open(struct overlay *v, const struct options *o);
void overlay_close(struct overlay *v);

/* Lay every --set over s. Memory is taken only until there is enough for the largest. Returns 0 or an exit status after
 * a message. */
int overlay_lay(struct overlay *v, struct sonde_spec *s);

/* Write over packet number k, which is built and not finished, or was read; open fields stay open. Sets are gone
 * through packet by packet, and random values follow from the seed and k. Does nothing without --set. With a target
 * (or NULL) the packet still has to go to it: consent was given for that. Returns 0 or an exit status after a
 * message. */
int overlay_apply(struct overlay *v, struct sonde_packet *p, uint64_t k, const struct sonde_addr *target);

#endif
