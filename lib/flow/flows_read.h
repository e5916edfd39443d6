/* The two steps of sonde_flows_add, for programs with threads: a frame is read without the table, so that any thread
 * may do that, also several at once; then the table takes it, in the order of the capture.
 *
 *	packets[i].frame = frame;                     for n frames
 *	sonde_flows_read(packets, n, table);          in any thread
 *	sonde_flows_take(table, packets, n);          in one thread at a time
 *
 * What is in the table does not depend on how many are taken together. */
#ifndef SONDE_FLOW_FLOWS_READ_H
#define SONDE_FLOW_FLOWS_READ_H

#include "flow/flows.h"
#include "packet/ends.h"

/* A frame that was read. */
struct sonde_flows_packet {
	struct sonde_flows_frame frame;
	struct sonde_ends ends; /* only where is_ip */
	uint8_t sum;            /* enum sonde_sum_state */
	bool is_ip;
	bool is_plain;          /* its ends, which are sorted, and its VLAN are all that tells its flow, with this: */
	uint8_t side;           /* of the flow, that sent it */
	uint32_t hash;
};

/* Read the frames of n packets. Of the table only what never changes is looked at. */
void sonde_flows_read(struct sonde_flows_packet *packets, size_t n, const struct sonde_flows *t);
/* Take packets that were read; their bytes are looked at again. Returns 0 or -ENOMEM, when some were left out. */
int sonde_flows_take(struct sonde_flows *t, struct sonde_flows_packet *packets, size_t n);

#endif
