/* What a host does not let pass, as rules of nftables. */
#ifndef SONDE_TOOLS_LAB_FILTER_H
#define SONDE_TOOLS_LAB_FILTER_H

#include "base/text.h"
#include "tools/lab/topology.h"

#define FILTER_RULE 4096 /* room for one rule */

/* Write the rule of nft(8) for a filter: its pattern is read as notation, with the hosts of t as names. A filter knows
 * ether, ip or ip6 and one of their payloads, each of which may be left out, with values, sets, ranges, open ranges,
 * signed flags and != of fields at fixed places.
 * Returns 0, or a negative code with the reason in e. */
int filter_rule(struct sonde_text *out, struct sonde_error *e, const struct topology *t, const struct lab_filter *f);

/* Write all of a host's filters and its address translation as input of nft(8); nothing when it has none. */
int filter_table(struct sonde_text *out, struct sonde_error *e, const struct topology *t, unsigned host);

#endif
