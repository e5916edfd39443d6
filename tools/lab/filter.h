/* The filters of a host as rules of nftables. */
#ifndef SONDE_TOOLS_LAB_FILTER_H
#define SONDE_TOOLS_LAB_FILTER_H

#include "base/text.h"
#include "tools/lab/topology.h"

#define FILTER_RULE 4096 /* room for one rule */

/* Write the rule of nft(8) for a filter. Its pattern is notation in which the hosts of t are names: ether, ip or ip6,
 * and one of their payloads, each of which may be left out, with values, sets, ranges, open ranges, signed flags and !=
 * of fields at fixed places. Returns 0, or a negative code with the reason in e. */
int filter_rule(struct sonde_text *out, struct sonde_error *e, const struct topology *t, const struct lab_filter *f);

/* Write all of a host's filters, and the address translation of a nat, as input of nft(8); nothing where it has none.
 * Returns 0, or a negative code with the reason in e. */
int filter_table(struct sonde_text *out, struct sonde_error *e, const struct topology *t, unsigned host);

#endif
