/* A network on paper: what hosts there are, what joins them, what they answer.
 *
 * Topologies are written in a small language, a statement a line:
 *
 *	host NAME ADDRESS/BITS...
 *	link HOST HOST
 *	listen HOST tcp|udp PORT,...
 *	filter HOST drop|reject|reset tcp|udp dport=PORT
 *
 * '#' begins a comment. The addresses of a host go to its first interface. Interfaces are named eth0, eth1, ... in the
 * order of a host's links, and their MAC addresses count up from 02:00:00:00:00:01 in the order of the links' ends. */
#ifndef SONDE_TOOLS_LAB_TOPOLOGY_H
#define SONDE_TOOLS_LAB_TOPOLOGY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

#define LAB_HOSTS     64
#define LAB_LINKS     128
#define LAB_ADDRESSES 256
#define LAB_SERVICES  256
#define LAB_FILTERS   64
#define LAB_NAME      32 /* the longest name of a host, and the 0 */

struct lab_host {
	char name[LAB_NAME];
	unsigned n_ends; /* interfaces it has */
};

/* One end of a link: the interface ethN of a host. */
struct lab_end {
	unsigned host;  /* its place in hosts */
	unsigned eth;   /* N */
	unsigned index; /* the interface's number, its own in the whole lab */
	uint8_t mac[SONDE_MAC_LEN];
};

struct lab_link {
	struct lab_end end[2];
};

struct lab_address {
	unsigned host, eth;
	struct sonde_prefix prefix; /* the host's address, and how much of it is the network */
};

struct lab_service {
	unsigned host;
	bool udp; /* else tcp */
	uint16_t port;
};

struct lab_filter {
	unsigned host;
	enum lab_verdict { LAB_DROP, LAB_REJECT, LAB_RESET } verdict;
	bool udp;
	uint16_t port; /* the destination port */
};

struct topology {
	const char *name;
	struct lab_host hosts[LAB_HOSTS]; /* the first one is where commands run */
	struct lab_link links[LAB_LINKS];
	struct lab_address addresses[LAB_ADDRESSES];
	struct lab_service services[LAB_SERVICES];
	struct lab_filter filters[LAB_FILTERS];
	unsigned n_hosts, n_links, n_addresses, n_services, n_filters;
};

/* Read a topology out of text. Returns 0, or a negative code with the line and the reason in e. */
int topology_parse(struct topology *t, struct sonde_error *e, const char *name, const char *text);

/* Read the built-in topology of this name. Returns 0, or SONDE_E_UNKNOWN with a suggestion in e. */
int topology_find(struct topology *t, struct sonde_error *e, const char *name);

/* The place of a host. Returns it, or SONDE_E_UNKNOWN with a suggestion in e. */
int topology_host(const struct topology *t, struct sonde_error *e, const char *name);

/* The first address of this family (enum sonde_family) that a host has, or NULL. */
const struct sonde_addr *topology_address(const struct topology *t, unsigned host, unsigned family);

#endif
