/* A network as it is described: hosts, links, addresses, routes, services and filters.
 *
 * Topologies are written in a small language, one statement a line:
 *
 *	host NAME [ADDRESS/BITS...]
 *	router NAME
 *	switch NAME
 *	nat NAME
 *	link A B [delay DUR] [jitter DUR] [loss P%] [duplicate P%] [reorder P%] [rate N] [mtu BYTES]
 *	route HOST PREFIX via ADDRESS | route HOST PREFIX local
 *	listen HOST tcp|udp PORT,...
 *	filter HOST drop|reject|reset|admin|limit N/s PATTERN
 *	run HOST COMMAND...
 *
 * '#' begins a comment. Interfaces are named eth0, eth1, ... in the order of a host's links, and their MAC addresses
 * count up from 02:00:00:00:00:01 in the order of the links' ends. Written addresses are those of a host's first
 * interface; all others follow from the plan (plan.h). */
#ifndef SONDE_TOOLS_LAB_TOPOLOGY_H
#define SONDE_TOOLS_LAB_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

#define LAB_HOSTS     250
#define LAB_LINKS     512
#define LAB_ADDRESSES 2048
#define LAB_ROUTES    131072
#define LAB_SERVICES  256
#define LAB_FILTERS   64
#define LAB_JOBS      32
#define LAB_NAME      32    /* the longest name of a host, and the 0 */
#define LAB_LINE      400   /* the longest line of a topology, and the 0 */
#define LAB_TEXT      65536 /* the longest topology, and the 0 */

enum lab_kind { LAB_HOST, LAB_ROUTER, LAB_SWITCH, LAB_NAT };

struct lab_host {
	char name[LAB_NAME];
	enum lab_kind kind;
	unsigned n_ends; /* how many interfaces it has */
};

/* One end of a link: the interface ethN of a host. */
struct lab_end {
	unsigned host;  /* its place in hosts */
	unsigned eth;   /* N */
	unsigned index; /* the kernel's number of the interface, unique in the lab */
	uint8_t mac[SONDE_MAC_LEN];
};

/* What a link does to frames, in each direction. All 0: it is not impaired. */
struct lab_impairment {
	sonde_time delay_ns, jitter_ns;
	uint64_t rate_bps;                             /* bits a second; 0: no limit */
	uint32_t loss_ppm, duplicate_ppm, reorder_ppm; /* of a million frames */
};

struct lab_link {
	struct lab_end end[2];
	struct lab_impairment impairment;
	unsigned mtu;     /* bytes; 0: the usual 1500 */
	unsigned segment; /* plan.h */
};

struct lab_address {
	unsigned host, eth;
	struct sonde_prefix prefix; /* the address, and how many of its bits are the network */
};

/* A route to a network. Rows of one host and network that follow each other are equal-cost paths. */
struct lab_route {
	unsigned host;
	struct sonde_prefix to;
	struct sonde_addr via; /* of family 0: the host takes every address of the network for its own */
};

struct lab_service {
	unsigned host;
	bool udp; /* else tcp */
	uint16_t port;
};

struct lab_filter {
	unsigned host;
	enum lab_verdict { LAB_DROP, LAB_REJECT, LAB_RESET, LAB_ADMIN, LAB_LIMIT } verdict;
	uint64_t limit_pps;     /* LAB_LIMIT: what exceeds it is dropped */
	char pattern[LAB_LINE]; /* in notation */
	unsigned line;
};

struct lab_job {
	unsigned host;
	char command[LAB_LINE]; /* for sh(1) */
};

struct topology {
	char name[LAB_LINE];
	char text[LAB_TEXT];              /* what it was parsed from */
	struct lab_host hosts[LAB_HOSTS]; /* commands run on the first one */
	struct lab_link links[LAB_LINKS];
	struct lab_address addresses[LAB_ADDRESSES];
	struct lab_service services[LAB_SERVICES];
	struct lab_filter filters[LAB_FILTERS];
	struct lab_job jobs[LAB_JOBS];
	unsigned n_hosts, n_links, n_addresses, n_routes, n_services, n_filters, n_jobs;
	struct lab_route routes[LAB_ROUTES];
};

/* Parse the text of a topology. Returns 0, or a negative code with the line and the reason in e. */
int topology_parse(struct topology *t, struct sonde_error *e, const char *name, const char *text);

/* Parse the built-in topology of this name, or else the file. Returns 0; SONDE_E_UNKNOWN with a suggestion in e where
 * there is neither; or what topology_parse returns. */
int topology_find(struct topology *t, struct sonde_error *e, const char *name);

/* The place of a host in hosts, or SONDE_E_UNKNOWN with a suggestion in e. */
int topology_host(const struct topology *t, struct sonde_error *e, const char *name);

/* The first address of this family (enum sonde_family) that a host has, or NULL. */
const struct sonde_addr *topology_address(const struct topology *t, unsigned host, unsigned family);

/* The address of this family that an interface has, or NULL. */
const struct sonde_prefix *topology_end_address(const struct topology *t, const struct lab_end *end, unsigned family);

/* Whether it forwards packets. */
static inline bool lab_is_router(const struct lab_host *h)
{
	return h->kind == LAB_ROUTER || h->kind == LAB_NAT;
}

static inline bool lab_is_impaired(const struct lab_link *l)
{
	const struct lab_impairment *i = &l->impairment;
	return i->delay_ns || i->jitter_ns || i->rate_bps || i->loss_ppm || i->duplicate_ppm || i->reorder_ppm;
}

#endif
