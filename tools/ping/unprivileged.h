/* Pinging without privilege: echoes by the datagram ICMP socket, TCP by connect(2). The
 * engine is the same; what the kernel tells takes the place of frames. */
#ifndef SONDE_TOOLS_UNPRIVILEGED_H
#define SONDE_TOOLS_UNPRIVILEGED_H

#include "tools/common/drive.h"
#include "tools/ping/ping.h"

struct sonde_connects;
struct sonde_echo;

#define UNPRIVILEGED_KEYS 8192 /* requests whose stamps are waited for at a time; a power of two */

struct unprivileged {
	bool on;
	struct sonde_ping *ping;
	struct sonde_echo *echo[2];       /* IPv4, IPv6; NULL: no such target */
	uint64_t ids[2][UNPRIVILEGED_KEYS]; /* packets by their key */
	struct sonde_connects *connects;
};

/* Whether it can do what is asked for. Returns 0 or an exit status after a message. */
int unprivileged_check(const struct options *o, const struct ping_options *po);

/* Open what po asks for, say in one line what is lost by it, and fit the engine's options to it. Returns 0 or an exit
 * status after a message. */
int unprivileged_open(struct unprivileged *u, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		    struct sonde_ping_options *eo);
void unprivileged_close(struct unprivileged *u);

/* How the driver sends and receives by it. */
struct sonde_transport unprivileged_transport(struct unprivileged *u);
/* Messages that came and could not be read in time. */
uint64_t unprivileged_dropped(const struct unprivileged *u);
/* A packet was given up. */
void unprivileged_drop(struct unprivileged *u, uint64_t id);

#endif
