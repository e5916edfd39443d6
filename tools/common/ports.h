/* Ports as commands take them: 80, 22,80,443, 1-1024, - for all, names, u:53 for one protocol. */
#ifndef SONDE_TOOLS_COMMON_PORTS_H
#define SONDE_TOOLS_COMMON_PORTS_H

#include <stdint.h>

/* The protocol that stands in front of a port, t:, u: or s:, and holds for those behind it. */
enum ports_proto { PORTS_ANY, PORTS_TCP, PORTS_UDP, PORTS_SCTP };

/* Call fn with each port of a word, the value of an option. Returns 0, what fn returned to end it, or an exit status
 * after a message. */
int ports_each(const char *option, const char *word, int (*fn)(void *arg, enum ports_proto proto, uint16_t port),
	       void *arg);

#endif
