/* The address plan and the routes: all that a topology leaves to be worked out.
 *
 * What links and switches join is a segment. Segments are numbered from 0 in the order of their first link, and segment
 * K has the networks 10.0.K.0/24 and fd00:0:0:K::/64, or those of the first address that is written in it. Within a
 * segment, interfaces without a written address get the next free one, from 1, in the order of the links. Everybody has
 * the shortest way to every segment, all shortest ways where there are several; what is behind the first interface of a
 * nat is not known to the others. */
#ifndef SONDE_TOOLS_LAB_PLAN_H
#define SONDE_TOOLS_LAB_PLAN_H

#include "tools/lab/topology.h"

/* Fill in segments, addresses and routes of a topology that was read. Written routes come last. Returns 0, or
 * SONDE_E_SPACE with the reason in e. */
int plan_make(struct topology *t, struct sonde_error *e);

#endif
