/* Scanning: which ports of which hosts answer. The engine asks every port of every host once, in a random order and
 * without a list, then those that were silent again, until what an answer may still be missing is next to nothing.
 *
 *	struct sonde_scan scan;
 *	void *memory = zeroed(sonde_scan_memory(&o));
 *	sonde_scan_init(&scan, &o, memory, now);
 *	... run scan.engine (session/drive.h) ...
 *	for (host = 0; host < o.hosts.n; host++)
 *		for (port = 0; port < o.n_ports; port++)
 *			if (sonde_scan_verdict(&verdict, &scan, host, port))
 *				...
 *
 * No answer is believed that does not carry what only an answer to our packet can: our port and the sequence number,
 * tag or identifier, which follow from the seed and the target.
 */
#ifndef SONDE_PROBE_SCAN_H
#define SONDE_PROBE_SCAN_H

#include "packet/match.h"
#include "probe/engine.h"
#include "probe/hosts.h"
#include "probe/order.h"
#include "probe/pace.h"
#include "probe/payloads.h"
#include "probe/tempo.h"

/* What is sent to a port. */
enum sonde_scan_kind {
	SONDE_SCAN_SYN,
	SONDE_SCAN_ACK,
	SONDE_SCAN_WINDOW, /* an ACK; the window of the RST tells */
	SONDE_SCAN_FIN,
	SONDE_SCAN_NULL,
	SONDE_SCAN_XMAS,
	SONDE_SCAN_CONNECT, /* connect(2), by a transport that tells sonde_scan_report what came of it */
	SONDE_SCAN_UDP,
	SONDE_SCAN_SCTP,   /* INIT */
	SONDE_SCAN_ECHO,   /* to the host; port is 0 */
	SONDE_N_SCANS,
};

#define SONDE_SCAN_TRIES 15 /* of one target at most */

/* One of the ports that are asked of every host. */
struct sonde_scan_port {
	uint8_t kind;       /* enum sonde_scan_kind */
	uint8_t n_payloads; /* of UDP, which are sent in turn from try to try; 0: an empty datagram */
	uint16_t port;
	uint32_t payload;   /* index of the first in the options' payloads */
};

struct sonde_scan_options {
	struct sonde_hosts hosts;
	const struct sonde_scan_port *ports; /* the caller's; no two alike */
	uint32_t n_ports;
	const struct sonde_payload *payloads; /* the caller's */
	uint64_t seed;
	uint64_t shard, n_shards; /* this is shard 0 to n_shards - 1; n_shards 0: there is one */
	sonde_time gap_ns;        /* between packets; 0: no limit; -1: the pace is found out */
	uint64_t most_pps;        /* where it is: at most so many packets a second; 0: no limit */
	sonde_time wait_ns;       /* for an answer at most; less where answers are known to be faster */
	unsigned tries;           /* of one target at most; 0: as many as it takes */
	uint8_t ttl;              /* 0: the default */
	bool has_ttls;            /* remember the TTL of each answer, too: a byte a target */
	uint64_t overlay;         /* a number for what packets are changed by before they are sent, so that each is
				   * built and none stamped; 0: they are sent as they are */
};

/* Why a verdict may not be the whole truth. */
enum sonde_scan_doubt {
	SONDE_SCAN_SURE,
	SONDE_SCAN_ICMP_LIMITED, /* silent, and the host sends its ICMP errors no faster than was measured */
	SONDE_SCAN_PROXY,        /* open, as all ports of this host: something answers in its place */
	SONDE_SCAN_LOSSY,        /* silent, and packets are lost on the way */
	SONDE_SCAN_UNFINISHED,   /* silent, and the run ended before it was asked as often as it takes */
	SONDE_SCAN_UNSENT,       /* this machine did not let the last packet out */
	SONDE_SCAN_DOUBTS,
};

/* icmp-limited, proxy, ...; NULL for none. */
const char *sonde_scan_doubt_name(enum sonde_scan_doubt d);

struct sonde_scan_verdict {
	uint64_t host;                 /* its number in the hosts */
	uint32_t port;                 /* and in the ports */
	enum sonde_state state;
	const struct sonde_rule *rule; /* that gave it */
	enum sonde_scan_doubt doubt;
	sonde_time rtt_ns;             /* to within 0.1 %; -1: unknown */
	uint8_t ttl;                   /* of the answer; 0: unknown */
	struct sonde_addr from;        /* who answered, if it was not the target; of family 0: it was, or nobody */
	uint8_t icmp_type, icmp_code;  /* of an ICMP error; 0 where the rule says it all */
	uint64_t number;               /* of the answer's frame, as in struct sonde_seen; only in events */
};

/* Counts of a run. */
struct sonde_scan_counts {
	uint64_t sent;             /* packets that the kernel took, of these */
	uint64_t retransmitted;    /* to targets that were asked before */
	uint64_t send_errors;      /* packets that it did not take */
	uint64_t answers;          /* targets that answered */
	uint64_t late;             /* of these, after the pass in which they were asked was over */
	uint64_t revised;          /* verdicts that a better answer replaced */
	uint64_t duplicates;       /* more answers of targets that have a verdict */
	uint64_t rejected;         /* frames for our ports that are no answers to our packets */
	uint64_t wrong_checksum;
	uint64_t resets;           /* SYN+ACKs and SYNs that this machine's TCP answers by an RST of its own */
	uint64_t rx_dropped;       /* frames that came in and were dropped before they could be read */
	uint64_t down;             /* hosts on the link that do not tell their link address */
	unsigned passes;           /* over the targets, so far */
};

/* A packet in flight. */
struct sonde_scan_flight {
	uint64_t id;      /* of the packet; 0: free */
	sonde_time stamp; /* when it left, by the clock of frames */
	uint64_t window;  /* of the tempo */
};

/* A host about whose UDP ports ICMP errors come, or the ICMP error of a verdict: kept in hash tables. */
struct sonde_scan_limit;
struct sonde_scan_other;

/* Packets of one shape, which are stamped out of the first of them. */
struct sonde_scan_shape {
	bool ready, refused;
	struct sonde_template frozen;
	int source, destination, ip_id, number, port, token, ack, message; /* slots; -1: none */
	uint8_t bytes[SONDE_BATCH_FRAME];
};

#define SONDE_SCAN_SHAPES     64   /* of each family */
#define SONDE_SCAN_SOURCES    4    /* addresses of this machine that are remembered */
#define SONDE_SCAN_EVENTS     1024
#define SONDE_SCAN_LIMITS     4096  /* hosts whose ICMP errors are timed at most */
#define SONDE_SCAN_OTHERS     65536 /* ICMP errors that are remembered with their sender */

struct sonde_scan {
	struct sonde_engine engine;
	struct sonde_scan_options o;
	struct sonde_order order;   /* of all targets; target = host * n_ports + port */
	uint64_t first, stride;     /* of the shard: places first, first + stride, ... of the order */
	uint64_t n;                 /* targets of the shard; what follows is by their number in it, the place */
	uint8_t *rules;             /* 1 + index of the rule; 0: silent so far */
	uint16_t *times;            /* round trips */
	uint8_t *ttls;              /* or NULL */
	uint8_t *unsent;            /* a bit a place: the last packet did not leave */
	uint8_t *down;              /* a bit a host: it does not tell its link address; */
	uint8_t *linked;            /* it does */
	struct sonde_scan_flight *flights;
	uint64_t n_flights;         /* a power of two */
	struct sonde_scan_limit *limits;
	struct sonde_scan_other *others;
	const struct sonde_rule *silence[SONDE_N_SCANS]; /* that is for a target that stays silent */
	uint32_t *port_index;       /* of TCP, UDP, SCTP, echo: 1 + index in the ports, for each port */
	uint64_t next;              /* the place that is asked next */
	uint64_t settled, marked;   /* what is before it had time to answer; next at marked_at */
	sonde_time marked_at;
	unsigned pass;              /* from 0 */
	bool pass_is_sent, is_done;
	bool times_limits;          /* the passes are over: hosts whose ICMP errors may be limited are asked slowly */
	uint64_t waiting;           /* packets that were handed out, and neither left nor were refused yet */
	uint64_t pass_sent;         /* packets of this pass that left */
	uint64_t pass_answers;      /* before this pass */
	sonde_time now;             /* as the caller said last */
	sonde_time pass_ends_at;    /* once all of it is sent */
	sonde_time mean_ns, spread_ns; /* of round trips, smoothed as TCP does it (RFC 6298) */
	uint64_t sampled, sampled_lost; /* answers that show what is lost, and the packets before them that were */
	struct sonde_pace pace;
	struct sonde_tempo tempo;
	struct sonde_scan_counts counts;
	struct sonde_scan_shape *shapes; /* of IPv4 and IPv6 in turn */
	uint8_t *shape_of;               /* of each port: 1 + number of the shape of its first payload; 0: none */
	struct sonde_addr sources[SONDE_SCAN_SOURCES];
	unsigned n_sources;
	struct sonde_scan_verdict events[SONDE_SCAN_EVENTS];
	unsigned event_head, event_len;
};

/* How many targets the shard of these options has. */
uint64_t sonde_scan_targets(const struct sonde_scan_options *o);

/* Bytes of memory that a run with these options needs; most of it is touched only as answers come. 0: more than can be
 * addressed. */
size_t sonde_scan_memory(const struct sonde_scan_options *o);

/* Begin at now. memory is the caller's: as many zeroed bytes as sonde_scan_memory says, aligned for anything, until the
 * run is over. */
void sonde_scan_init(struct sonde_scan *s, const struct sonde_scan_options *o, void *memory, sonde_time now);

/* Whether answers to packet id can still be told once it was changed to p, which need not be finished: it has the
 * destination, ports and numbers that it was built with, and asks what it asked. */
bool sonde_scan_still_asks(const struct sonde_scan *s, uint64_t id, struct sonde_packet *p);

/* What the kernel says of a packet, in the place of a frame. */
struct sonde_scan_report {
	uint64_t id;                  /* of the packet */
	enum sonde_answer answer;
	struct sonde_addr from;       /* who answered; of family 0: the target */
	uint8_t icmp_type, icmp_code; /* of an error */
	sonde_time stamp;             /* by the clock of the stamp that on_sent got; 0: unknown */
};
void sonde_scan_on_report(struct sonde_scan *s, const struct sonde_scan_report *r);

/* Take the next verdict, as answers come; the oldest are lost when nobody takes them. Returns false when there is
 * none. */
bool sonde_scan_next_event(struct sonde_scan *s, struct sonde_scan_verdict *out);

/* What is known of a port of a host by now. Returns false when it belongs to another shard. */
bool sonde_scan_verdict(struct sonde_scan_verdict *out, const struct sonde_scan *s, uint64_t host, uint32_t port);

/* What is known of a host by now. */
struct sonde_scan_host {
	uint64_t asked;                        /* ports of this shard */
	uint64_t states[SONDE_N_STATES];       /* of these, by state */
	uint64_t doubts[SONDE_SCAN_DOUBTS];    /* of these, by what the verdicts themselves leave in doubt */
	bool is_down;                          /* its next hop did not tell its link address: nothing was asked */
	sonde_time icmp_every_ns;              /* ICMP errors come that often at most, as measured; 0: no limit */
	bool is_proxied;                       /* all of many ports are open: something answers in its place */
};
void sonde_scan_host(struct sonde_scan_host *out, const struct sonde_scan *s, uint64_t host);
/* Whether so many of the ports that were asked are open that something answers in the host's place. */
bool sonde_scan_is_proxied(const struct sonde_scan_host *h);

/* So many answers are expected to be missing, at the loss that was seen. */
double sonde_scan_missing(const struct sonde_scan *s);

#endif
