/* The two steps of sonde_flows_add, for programs with threads: one reads frames, others have a table each, which takes
 * its part of them. All packets between two addresses are in one part, fragments too. An ICMP error is taken by that of
 * the packet that it quotes; where that flow is not there, by the part of its own addresses, afterwards.
 *
 *	sonde_flows_read(reader, packets, frames, n);
 *	for (each table)                             in its own thread
 *		sonde_flows_take(table, packets, n);
 *	for (each table)                             when all have taken, where sonde_flows_read said so
 *		sonde_flows_take_lone(table, packets, n);
 *
 * What the tables have together does not depend on how many parts there are. */
#ifndef SONDE_FLOW_FLOWS_READ_H
#define SONDE_FLOW_FLOWS_READ_H

#include "flow/flows.h"
#include "packet/ends.h"

struct sonde_flows_reader;

/* A frame that was read. */
struct sonde_flows_packet {
	struct sonde_ends ends;
	struct sonde_view frame;
	sonde_time time;
	uint64_t number;
	uint32_t wire_len, link;
	uint32_t tunnel, quoted_tunnel; /* numbers of what encloses it, and the packet that it quotes; 0: nothing */
	uint32_t part, quoted_part;     /* from 0 */
	bool is_ip, wrong_sum;
	bool is_error; /* an ICMP error that quotes a packet, */
	bool lone;     /* whose flow was not there: set by the table of quoted_part */
};

/* Of the options, .trusts_sums and .secret count. Returns 0 or -ENOMEM. *out is for sonde_flows_reader_free, when no
 * table needs it any more. */
int sonde_flows_reader_new(struct sonde_flows_reader **out, const struct sonde_flows_options *o, uint32_t n_parts);
void sonde_flows_reader_free(struct sonde_flows_reader *r); /* NULL is fine */
/* Frames that were read, and what was wrong with them; what tables count is 0. */
struct sonde_flows_stats sonde_flows_reader_stats(const struct sonde_flows_reader *r);

/* A table of one part, which does not read. */
int sonde_flows_new_part(struct sonde_flows **out, const struct sonde_flows_options *o, struct sonde_flows_reader *r,
			 uint32_t part);

/* Read frames, in the order of the capture. Returns whether an ICMP error among them may be taken by two parts: then
 * sonde_flows_take_lone has to wait until all tables have taken these packets. */
bool sonde_flows_read(struct sonde_flows_reader *r, struct sonde_flows_packet *out,
		      const struct sonde_flows_frame *frames, size_t n);
/* Take those of this table's part. Return 0 or -ENOMEM, when some were left out. */
int sonde_flows_take(struct sonde_flows *t, struct sonde_flows_packet *packets, size_t n);
int sonde_flows_take_lone(struct sonde_flows *t, struct sonde_flows_packet *packets, size_t n);

#endif
