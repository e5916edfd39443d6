/* A set of addresses, kept as spans of neighbours: a /8 takes as much memory as one host.
 *
 *	n = sonde_spans_arrange(spans, n);
 *	sonde_hosts_init(&hosts, spans, n);
 *	for (i = 0; i < hosts.n; i++)
 *		ask(sonde_hosts_at(&hosts, i));
 */
#ifndef SONDE_PROBE_HOSTS_H
#define SONDE_PROBE_HOSTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"

struct sonde_span {
	struct sonde_addr first;
	uint64_t n;      /* addresses, counted up from the first; at least 1 */
	uint64_t before; /* addresses in the spans before this one */
};

struct sonde_hosts {
	const struct sonde_span *spans; /* the caller's: sorted, without overlap */
	uint32_t n_spans;
	uint64_t n; /* addresses */
};

/* The address k places behind a. */
struct sonde_addr sonde_addr_plus(const struct sonde_addr *a, uint64_t k);
/* How many places b is behind a; UINT64_MAX when it is before, further away, or of another family or scope. */
uint64_t sonde_addr_minus(const struct sonde_addr *b, const struct sonde_addr *a);

/* Sort spans by address and join those that overlap or touch. Returns how many are left. */
uint32_t sonde_spans_arrange(struct sonde_span *spans, uint32_t n);
/* Take the addresses of `out` from arranged spans, of which there is room for one more than n. Returns how many spans
 * are left. */
uint32_t sonde_spans_exclude(struct sonde_span *spans, uint32_t n, const struct sonde_span *out);

/* Of arranged spans, whose .before it fills in. Returns false when there are 2^64 addresses or more. */
bool sonde_hosts_init(struct sonde_hosts *h, struct sonde_span *spans, uint32_t n_spans);

/* The i-th address, i below h->n. */
struct sonde_addr sonde_hosts_at(const struct sonde_hosts *h, uint64_t i);
/* The number of an address, or h->n when it is not in the set. The scope is not looked at: headers carry none. */
uint64_t sonde_hosts_find(const struct sonde_hosts *h, const struct sonde_addr *a);

#endif
