/* The address plan and the routes, which a topology need not write.
 *
 * A segment is what links and switches join: a broadcast domain. Segments are numbered from 0 in the order of their
 * first link, and segment K has the networks 10.0.K.0/24 and fd00:0:0:K::/64, or those of the first address that is
 * written for an interface in it. Interfaces without a written address get the next free one of their segment, from 1,
 * in the order of the links. Every host has routes to every segment by the shortest path, with equal-cost paths where
 * there are several. Only what is inside a nat, at its first interface, has no route from outside. */
#ifndef SONDE_TOOLS_LAB_PLAN_H
#define SONDE_TOOLS_LAB_PLAN_H

#include "tools/lab/topology.h"

/* Add segments, addresses and routes to a topology that was parsed. Its written routes come last. Returns 0, or
 * SONDE_E_SPACE with the reason in e. */
int plan_make(struct topology *t, struct sonde_error *e);

#endif
