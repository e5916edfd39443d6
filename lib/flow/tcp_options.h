/* The TCP options that tracking needs. */
#ifndef SONDE_FLOW_TCP_OPTIONS_H
#define SONDE_FLOW_TCP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define SONDE_TCP_MOST_WSCALE 14 /* RFC 7323, 2.3 */
#define SONDE_TCP_MOST_SACKS  4  /* blocks that fit into a header */

struct sonde_tcp_options {
	uint16_t mss; /* 0: none */
	uint8_t wscale;
	bool has_wscale, sack_permitted, has_timestamps;
	unsigned n_sacks;
	struct {
		uint32_t from, to;
	} sacks[SONDE_TCP_MOST_SACKS];
};

/* Read them. Returns whether there are any but timestamps and padding; false is quick, and out says nothing then. */
bool sonde_tcp_options_read(struct sonde_tcp_options *out, struct sonde_view options);

#endif
