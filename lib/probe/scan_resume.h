/* A scan that goes on where another one ended, whose options, seed and shard were the same: what that one knew is taken
 * out of it place by place, kept somewhere, and put back.
 *
 *	sonde_scan_progress(&progress, &scan);
 *	for (place = 0; place < scan.n; place++)
 *		sonde_scan_known(&known[place], &scan, place);
 *	...
 *	sonde_scan_init(&scan, &o, memory, now);
 *	for (place = 0; place < scan.n; place++)
 *		sonde_scan_put(&scan, place, &known[place]);
 *	sonde_scan_resume(&scan, &progress, now);
 *
 * Answers that came after the progress was taken may be among those that are kept.
 */
#ifndef SONDE_PROBE_SCAN_RESUME_H
#define SONDE_PROBE_SCAN_RESUME_H

#include "probe/scan.h"

/* How far a scan is. */
struct sonde_scan_progress {
	uint64_t pass, next; /* from 0; the place that is asked next: what was asked before it had time to answer */
	uint64_t pass_sent;
	uint64_t passes, is_done;
	uint64_t rate_pps;   /* the pace; 0: none was found out */
	uint64_t sampled, sampled_lost;
	uint64_t mean_ns, spread_ns;
	struct sonde_scan_counts counts;
};

void sonde_scan_progress(struct sonde_scan_progress *out, const struct sonde_scan *s);

/* What is known of a place. */
struct sonde_scan_known {
	unsigned rule;  /* 1 + index of the rule; 0: silent so far */
	bool is_unsent; /* this machine did not let the last packet out */
	uint16_t time;  /* round trip, as the scan keeps it */
	uint8_t ttl;
};

void sonde_scan_known(struct sonde_scan_known *out, const struct sonde_scan *s, uint64_t place);
/* Of a place below s->n, in a scan that has not sent anything. Returns false when there is no such rule. */
bool sonde_scan_put(struct sonde_scan *s, uint64_t place, const struct sonde_scan_known *known);

/* The ICMP error that answered, where the rule does not tell its kind, or another host than the target sent it. */
struct sonde_scan_error {
	struct sonde_addr from; /* of family 0: the target */
	uint8_t icmp_type, icmp_code;
};

/* Returns false when there is none. */
bool sonde_scan_error(struct sonde_scan_error *out, const struct sonde_scan *s, uint64_t place);
/* Before what is known of the place. */
void sonde_scan_put_error(struct sonde_scan *s, uint64_t place, const struct sonde_scan_error *error);

/* Whether a host (a number in the hosts) does not tell its link address. */
bool sonde_scan_is_down(const struct sonde_scan *s, uint64_t host);
void sonde_scan_put_down(struct sonde_scan *s, uint64_t host);
/* Whether it told it. */
bool sonde_scan_is_linked(const struct sonde_scan *s, uint64_t host);
void sonde_scan_put_linked(struct sonde_scan *s, uint64_t host);

/* Go on behind that, once all is put. Returns false when no scan with these options comes so far. */
bool sonde_scan_resume(struct sonde_scan *s, const struct sonde_scan_progress *p, sonde_time now);

#endif
