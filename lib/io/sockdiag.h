/* The sockets of this machine that wait for others, as the kernel lists them (sock_diag(7)): those of this process's
 * network namespace, whoever has them. It needs no privilege. */
#ifndef SONDE_IO_SOCKDIAG_H
#define SONDE_IO_SOCKDIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"

/* A TCP socket that listens, or a UDP socket that is bound and has no peer. */
struct sonde_listener {
	uint8_t ip_proto;            /* 6 or 17 */
	struct sonde_endpoint local; /* the unspecified address for all of its family */
	bool takes_ip4;              /* one of IPv6 that takes what comes over IPv4, too */
};

struct sonde_listeners {
	struct sonde_listener *list;
	uint32_t n, cap;
};

/* Read all of them. Returns 0 or a negated errno; out is for sonde_listeners_free in any case. */
int sonde_listeners_read(struct sonde_listeners *out, struct sonde_error *e);
void sonde_listeners_free(struct sonde_listeners *l);

/* Whether one of them gets what comes for this address and port. */
bool sonde_listeners_have(const struct sonde_listeners *l, uint8_t ip_proto, const struct sonde_addr *addr,
			  uint16_t port);

#endif
