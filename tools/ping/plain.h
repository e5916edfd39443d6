/* Pinging without privilege: echoes by the datagram ICMP socket, TCP by connect(2). What the kernel tells there is
 * handed to the engine as the packets it stands for. */
#ifndef SONDE_TOOLS_PING_PLAIN_H
#define SONDE_TOOLS_PING_PLAIN_H

#include "tools/common/drive.h"
#include "tools/ping/ping.h"

struct sonde_connects;
struct sonde_echo;

#define PING_PLAIN_KEYS 8192 /* requests whose stamps are waited for at a time; a power of two */

struct ping_plain {
	bool on;
	struct sonde_ping *ping;
	struct sonde_echo *echo[2];       /* IPv4, IPv6; NULL: no such target */
	uint64_t ids[2][PING_PLAIN_KEYS]; /* packets by their key */
	struct sonde_connects *connects;
	bool unstamped; /* what was handed over last had no stamp of the kernel: the time is our own */
};

/* Open what po asks for, say in one line what is lost by it, and fit the engine's options to it. Returns 0 or an exit
 * status after a message. */
int ping_plain_open(struct ping_plain *pl, const struct options *o, const struct ping_options *po, uint32_t ifindex,
		    struct sonde_ping_options *eo);
void ping_plain_close(struct ping_plain *pl);

/* How the driver sends and receives by it. */
extern const struct drive_way ping_plain_way;
/* Messages that came and could not be read in time. */
uint64_t ping_plain_dropped(const struct ping_plain *pl);
/* A packet was given up. */
void ping_plain_drop(struct ping_plain *pl, uint64_t id);

#endif
