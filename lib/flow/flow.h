/* A flow as the table keeps it: small, because a busy link has millions. sonde_flow_report (flow/report.h) is the same
 * for reading. */
#ifndef SONDE_FLOW_FLOW_H
#define SONDE_FLOW_FLOW_H

#include <stddef.h>
#include <stdint.h>

#include "base/time.h"

/* Counts of one side. Bytes: of the frames as they were on the wire, of the IP packets, of what the transport carries.
 * Fragments count in the flow of their datagram. */
struct sonde_flow_counts {
	uint64_t packets, frame_bytes, ip_bytes, payload_bytes;
};

/* How the originator is known, from worst to best. */
enum sonde_flow_grade {
	SONDE_FLOW_NOT_KNOWN,
	SONDE_FLOW_BY_PORT,    /* the capture begins in the middle: the well-known or lower port responds */
	SONDE_FLOW_BY_SYN_ACK, /* whoever answers a SYN is the responder */
	SONDE_FLOW_SEEN,       /* the SYN, or the first packet, was captured */
};

/* Why a flow ended. */
enum sonde_flow_end {
	SONDE_FLOW_OPEN,    /* it did not, when the capture did */
	SONDE_FLOW_SILENT,  /* it said nothing for so long */
	SONDE_FLOW_REUSED,  /* another connection of the same sockets began */
	SONDE_FLOW_EVICTED, /* memory was needed: a partial record, its packets to come are another flow's */
};

/* Which segments of a handshake were seen. */
enum sonde_handshake { SONDE_NO_HANDSHAKE, SONDE_SAW_SYN, SONDE_SAW_SYN_ACK, SONDE_SAW_HANDSHAKE };

#define SONDE_FLOW_LETTER_BITS  5  /* of the history (flow/history.h) */
#define SONDE_LETTERS_ONCE      8
#define SONDE_FLOW_LETTERS      12 /* in a flow */
#define SONDE_FLOW_MORE_LETTERS 6  /* and in its TCP part */
#define SONDE_FLOW_MOST_LETTERS (SONDE_FLOW_LETTERS + SONDE_FLOW_MORE_LETTERS)

/* What a flow is known by: the 5-tuple and what encloses it, without gaps. Sides are numbered: 0 has the lower address
 * (with equal addresses, the lower port), as sonde_ends_sort has it. ICMP queries have their identifier as the port of
 * side 0, SONDE_FLOW_ICMP_QUERY + the type of the request as that of side 1; other ICMP messages the type as that of
 * the sender, SONDE_FLOW_ICMP_CODE + the code as that of the receiver. */
struct sonde_flow_id {
	uint8_t addrs[2][16];
	uint16_t ports[2];
	uint8_t proto, family;
	uint16_t vlan;   /* SONDE_ENDS_NO_VLAN: none */
	uint32_t tunnel; /* number of what encloses it; 0: nothing */
};

#define SONDE_FLOW_ICMP_CODE  256
#define SONDE_FLOW_ICMP_QUERY 512

struct sonde_flow {
	struct sonde_flow_id id;
	uint32_t more;   /* TCP: its struct sonde_flow_tcp; others: the struct sonde_flow_odd; 0: none */
	uint32_t next;   /* the flow that is due next, or that ended next */
	uint32_t began : 1;      /* the side that is the originator */
	uint32_t first_from : 1; /* the side that sent the first packet */
	uint32_t grade : 2;      /* enum sonde_flow_grade */
	uint32_t end : 2;        /* enum sonde_flow_end */
	uint32_t ended : 1;
	uint32_t due : 1;        /* it is in the wheel */
	uint32_t handshake : 2;  /* enum sonde_handshake */
	uint32_t letters : 5;    /* how many the history has; SONDE_FLOW_MOST_LETTERS + 1: there were more */
	uint32_t closed : 1;     /* TCP: both sides sent a FIN, or one an RST */
	uint32_t seen : 2 * SONDE_LETTERS_ONCE; /* the letters of each side that were added by sonde_history_once */
	sonde_time first, last;
	struct sonde_flow_counts counts[2];
	uint64_t history; /* the first letters (flow/history.h) */
};

/* A side of a TCP connection (RFC 9293). Sequence numbers are modulo 2^32. */
enum sonde_tcp_state {
	SONDE_TCP_INACTIVE,
	SONDE_TCP_SYN_SENT,
	SONDE_TCP_SYN_ACK_SENT, /* by the originator */
	SONDE_TCP_PARTIAL,      /* its SYN was not captured */
	SONDE_TCP_ESTABLISHED,
	SONDE_TCP_CLOSED,       /* it sent a FIN */
	SONDE_TCP_RESET,        /* it sent an RST */
};

struct sonde_flow_tcp_side {
	uint32_t isn;   /* of its SYN; without one, the number before the first that is known */
	uint32_t next;  /* behind the highest number that was seen */
	uint32_t acked; /* what the other side acknowledged of it */
	union {
		uint32_t win; /* the window that it advertised last, scaled */
		uint32_t rst; /* after its RST: the sequence number of that */
	};
	uint32_t most_in_flight; /* bytes that were sent and not acknowledged, at most */
	uint32_t data_packets;
	uint32_t sent; /* the newest of its segments that wait for an acknowledgement, in a circle; 0: none */
	uint32_t n_round_trips;
	uint64_t rtt_sum; /* ns */
	uint64_t rtt_least : 48, mss : 16;
	uint64_t rtt_most : 48;
	uint64_t state : 3; /* enum sonde_tcp_state */
	uint64_t wscale : 4, has_wscale : 1, sack_permitted : 1;
	uint64_t known : 1;     /* isn and next are */
	uint64_t spoke : 1;     /* a segment of its own told them */
	uint64_t same_acks : 2; /* duplicate acknowledgements in a row of what it sent; 3: or more */
	uint64_t syn : 1, fin : 1; /* it sent one */
	float rtt_squares;  /* squared differences from the mean, summed up, in ns^2 */
	uint16_t last_id;   /* the identification of its last IPv4 packet with data */
	uint16_t n_waiting; /* segments in the circle */
};

/* ns from the flow's first packet, as sonde_flow_span has them. */
struct sonde_flow_times {
	uint64_t syn_to_synack : 48; /* before the SYN+ACK: when the SYN was */
	uint64_t synack_to_ack : 48; /* before the ACK: when the SYN+ACK was */
	uint64_t first_answer : 48;  /* the first payload of the responder; 0: none */
	uint64_t over : 48;          /* the last segment before both sides had sent a FIN or RST, or the one by which */
} __attribute__((packed));

struct sonde_flow_tcp {
	struct sonde_flow_tcp_side sides[2];
	struct sonde_flow_times times;
	uint32_t history;
	uint32_t odd; /* its struct sonde_flow_odd; 0: none */
};

/* Classes of retransmissions, by what shows them. */
enum sonde_retransmission {
	SONDE_BY_TIMEOUT,    /* nothing asked for it */
	SONDE_BY_FAST,       /* three duplicate acknowledgements did */
	SONDE_BY_TAIL,       /* the last segment, sooner than a timeout: a probe for lost ends (RFC 8985) */
	SONDE_SPURIOUS,      /* it had been acknowledged already, or a DSACK says that it had arrived */
	SONDE_CAPTURED_TWICE, /* not sent twice: the same IP packet again */
	SONDE_RETRANSMISSIONS,
};

/* What most flows do not have. Counts are of what the side sent. */
struct sonde_flow_odd_side {
	uint64_t rexmt_bytes;   /* of payload that had been seen */
	uint64_t probe_bytes;   /* of keep-alives and window probes that carried nothing new */
	uint64_t missed_bytes;  /* of holes that were given up, since there were too many */
	uint32_t rexmt_packets; /* segments with such payload, or with a SYN or FIN that had been seen */
	uint32_t rexmt_control; /* those without data */
	uint32_t classes[SONDE_RETRANSMISSIONS];
	uint32_t out_of_order;
	uint32_t dup_acks, triple_dup_acks;
	uint32_t zero_windows, window_probes, keep_alives;
	uint32_t sacks, dsacks; /* segments with such blocks */
	uint32_t gaps;          /* holes that the other side acknowledged */
	uint32_t wrong_sums;
	uint32_t fragments;
	uint32_t holes;         /* the lowest; 0: none */
	uint32_t n_holes;
	uint32_t last_class;    /* of its last retransmission, + 1 */
};

struct sonde_flow_odd {
	struct sonde_flow_odd_side sides[2];
	uint32_t stalls; /* its struct sonde_flow_stalls; 0: none */
	uint32_t said;   /* its struct sonde_flow_said; 0: none */
	uint32_t details; /* its struct sonde_flow_details; 0: none */
	uint32_t icmp_errors;
	uint8_t icmp_type, icmp_code; /* of the last one */
};

#endif
