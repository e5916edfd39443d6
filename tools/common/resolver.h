/* Names of hosts and addresses, by a process that has nothing to lose: what answers to look-ups come from the network,
 * it parses as nobody, without any privilege, in a sandbox that lets it read the system's files and ask name servers.
 * It starts with the first look-up, or before a sandbox in which it could not be started. */
#ifndef SONDE_TOOLS_COMMON_RESOLVER_H
#define SONDE_TOOLS_COMMON_RESOLVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "tools/common/sandbox.h"

#define RESOLVER_NAME 256 /* bytes of the longest name (RFC 1035, 2.3.4), and the 0 */

/* What --sandbox says; call it before the first look-up. */
void resolver_sandbox(enum sandbox_mode mode);
/* Start it, unless it runs. Returns 0 or a negated errno. */
int resolver_start(void);
void resolver_stop(void);

/* The host's first address of this family (of family 0: of either). Returns 0 or an EAI_* of getaddrinfo(3). */
int resolver_address(struct sonde_addr *out, enum sonde_family family, const char *host);
/* All of them, up to *n, which becomes their number. Returns also EAI_OVERFLOW where there are more. */
#define RESOLVER_ADDRESSES 64
int resolver_addresses(struct sonde_addr *out, unsigned *n, enum sonde_family family, const char *host);
/* The name of an address. Returns whether it has one. */
bool resolver_name(char out[static RESOLVER_NAME], const struct sonde_addr *a);
/* As sonde_link_of_zone. */
int resolver_zone(uint32_t *index, struct sonde_view zone);

#endif
