/* A flow for reading: all that is known of it, the originator first. */
#ifndef SONDE_FLOW_REPORT_H
#define SONDE_FLOW_REPORT_H

#include "base/addr.h"
#include "flow/details.h"
#include "flow/flows.h"
#include "flow/history.h"
#include "flow/said.h"
#include "flow/stalls.h"
#include "flow/tuple.h"

/* One side. Counts are of what it sent. */
struct sonde_report_side {
	struct sonde_endpoint end; /* ICMP: the identifier; messages without one: type and code */
	uint64_t packets, frame_bytes, ip_bytes;
	/* Of payload, as Zeek counts it: with TCP by the sequence numbers, so that bytes that were sent twice count
	 * once, and bytes that the capture lacks count. */
	uint64_t bytes;
	uint64_t seen_bytes;   /* of payload that was captured, those sent twice counted twice */
	uint64_t unique_bytes; /* and once */
	uint64_t missed_bytes; /* that were acknowledged, and are not in the capture */
	uint64_t fragments, wrong_sums;
	/* TCP. */
	uint8_t state; /* enum sonde_tcp_state */
	uint64_t data_packets, rexmt_packets, rexmt_bytes;
	uint64_t rexmt_control; /* retransmitted segments with a SYN or FIN and no data */
	uint64_t rexmt_classes[SONDE_RETRANSMISSIONS];
	uint64_t out_of_order, dup_acks, triple_dup_acks, zero_windows, window_probes, keep_alives, sacks, dsacks, gaps;
	uint64_t rtt_samples, rtt_min_ns, rtt_avg_ns, rtt_max_ns;
	double rtt_stddev_ns;
	uint32_t isn, last_seq; /* last_seq: behind the highest number that was seen */
	bool knows_isn, sack_permitted, has_wscale, syn, fin;
	uint32_t mss, wscale;
	uint32_t max_in_flight; /* bytes sent and not acknowledged, at most */
};

/* Durations that were not measured are -1. */
struct sonde_flow_report {
	uint8_t proto, family;
	uint16_t vlan;              /* SONDE_ENDS_NO_VLAN: none */
	const char *tunnel;         /* what encloses it, or ""; the table's */
	sonde_time first, last;
	sonde_time over;            /* of TCP: when both sides had sent a FIN or RST; later segments, as the last
				     * acknowledgement, do not count. Else, and after 78 h: last */
	uint8_t grade, end;         /* enum sonde_flow_grade, enum sonde_flow_end */
	const char *conn_state;     /* Zeek's */
	char history[SONDE_HISTORY_STRLEN];
	struct sonde_report_side orig, resp;
	bool has_ports;             /* the transport has ports, or it is ICMP */
	bool icmp_one_way;          /* the ports are type and code; else of ICMP the identifier, twice */
	uint8_t icmp_request;       /* of ICMP queries: the type of the request */
	uint64_t icmp_errors;
	uint8_t icmp_type, icmp_code; /* of the last one */
	const struct sonde_flow_said *said;     /* the table's; NULL: nothing was recognised */
	const struct sonde_flow_stalls *stalls; /* the table's; NULL: not looked for */
	const struct sonde_flow_details *details; /* the same */
	bool flipped;                           /* side 1 of both is the originator */
	sonde_time syn_to_synack_ns, synack_to_ack_ns, first_answer_ns;
};

void sonde_flow_report(struct sonde_flow_report *out, const struct sonde_flows *t, const struct sonde_flow *f);

/* The 5-tuple as a packet of the originator shows it: for the Community ID. */
struct sonde_flow_tuple sonde_report_tuple(const struct sonde_flow_report *r);

/* --- Zeek's conn_state -------------------------------------------------------------------------------------------- */

/* The word for a flow with these states of its sides, packets and history. */
const char *sonde_conn_state(const struct sonde_flow_report *r);
/* What its words mean, for people; NULL for no such word. */
const char *sonde_conn_state_help(const char *word);

#endif
