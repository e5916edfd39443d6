/* Counts of the frames that were read, by how far they could be decoded. */
#ifndef SONDE_TOOLS_COMMON_LEDGER_H
#define SONDE_TOOLS_COMMON_LEDGER_H

#include <stdio.h>

#include "packet/packet.h"
#include "tools/common/json.h"

struct ledger {
	bool only_counts; /* frames are not dissected: read alone is known */
	uint64_t read, decoded, not_ip, truncated, malformed, faulty, wrong, offload, unknown_link;
	uint64_t header_bytes, field_bytes; /* of known protocols; and those of them that are fields */
};

/* Count one dissected frame. */
void ledger_count(struct ledger *l, const struct sonde_packet *p);

/* Count its header bytes, and those of them that are fields: not what is printed as hex digits for want of a
 * description, or where no value of its kind begins. */
void ledger_cover(struct ledger *l, const struct sonde_packet *p);

/* One line: N read, N decoded, ... */
void ledger_print(FILE *out, const struct ledger *l);

/* The same counters in the object at hand. */
void ledger_json(struct json *j, const struct ledger *l);

/* Header bytes and field bytes in it, too. */
void ledger_json_coverage(struct json *j, const struct ledger *l);

/* Header bytes and how many of them are fields, as a share. */
void ledger_print_coverage(FILE *out, const struct ledger *l);

#endif
