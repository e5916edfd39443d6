/* What earlier runs found, out of their JSON. */
#ifndef SONDE_TOOLS_PROBE_PAST_H
#define SONDE_TOOLS_PROBE_PAST_H

#include <stdio.h>

#include "tools/probe/probe.h"

struct probe_past_port {
	struct sonde_addr addr;
	struct sonde_scan_port port; /* connect(2) as a SYN */
	struct sonde_scan_verdict v; /* host and port are not set */
	uint64_t order;              /* in which it was read */
};

struct probe_past_host {
	struct sonde_addr addr;
	bool is_down;
	uint64_t asked;
	sonde_time icmp_every_ns;
	char name[64]; /* by which it was given, or empty */
	uint64_t first, n; /* its ports */
};

/* A shard that has a summary. */
struct probe_shard {
	uint64_t seed, number, of; /* from 1 */
};

/* Zeroed, it is empty. */
struct probe_shards {
	struct probe_shard *list;
	size_t n, cap;
};

/* Returns 0 or an exit status after a message. */
int probe_shards_add(struct probe_shards *s, const struct probe_shard *shard);
/* Tell which shards of a seed and number are missing where others are there (shards.c). Returns how many. */
uint64_t probe_shards_missing(struct probe_shards *s);
void probe_shards_free(struct probe_shards *s);

/* Zeroed, it is empty. */
struct probe_past {
	struct probe_past_port *ports; /* once arranged: by address, protocol and port, each once */
	uint64_t n_ports, cap_ports;
	struct probe_past_host *hosts; /* by address, each once */
	uint64_t n_hosts, cap_hosts;
	struct sonde_scan_counts counts; /* of all runs */
	uint64_t n_runs, n_ended;        /* these have a summary */
	uint64_t n_unresolved, n_damaged;
	uint64_t rate_pps;               /* the highest */
	sonde_time took_ns;              /* together */
	uint64_t seed;                   /* of the run that was read last */
	struct probe_shards shards;
};

/* Add the lines of a file; those that are damaged are told with their number, and counted. Returns 0 or an exit status
 * after a message. */
int probe_past_read(struct probe_past *p, FILE *in, const char *name);
/* Let each host and port stand once: what answered, and of several the last. Returns 0 or an exit status after a
 * message. */
int probe_past_arrange(struct probe_past *p);
/* The host, and a port of it, or NULL. */
const struct probe_past_host *probe_past_host(const struct probe_past *p, const struct sonde_addr *a);
const struct probe_past_port *probe_past_port(const struct probe_past *p, const struct probe_past_host *h,
					      const struct sonde_scan_port *port);
void probe_past_free(struct probe_past *p);

#endif
