/* Community ID, version 1: the name that flow tools give a flow alike, whichever way its packets go.
 *
 * "1:" and, in base 64, the SHA-1 of seed (16 bits), addresses, protocol (8), zeros (8) and ports, the ends in order:
 * https://github.com/corelight/community-id-spec */
#ifndef SONDE_FLOW_COMMUNITY_H
#define SONDE_FLOW_COMMUNITY_H

#include <stdint.h>

#include "flow/tuple.h"

#define SONDE_COMMUNITY_STRLEN 31 /* 1: and 28 characters, and the 0 */

/* Write the identifier of the tuple's flow. seed: 0, unless sites want to differ. Returns out. */
char *sonde_community_id(char out[SONDE_AT_LEAST(SONDE_COMMUNITY_STRLEN)], const struct sonde_flow_tuple *t, uint16_t seed);

#endif
