/* Why a packet was not sent. */
#ifndef SONDE_IO_REFUSAL_H
#define SONDE_IO_REFUSAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* One list makes the causes and their names. */
#define SONDE_REFUSALS(X)                                                                                              \
	X(SONDE_REFUSED_SIZE, "mtu")                                                                                   \
	X(SONDE_REFUSED_FIREWALL, "firewall")                                                                          \
	X(SONDE_REFUSED_ROUTE, "no-route")                                                                             \
	X(SONDE_REFUSED_NEIGHBOUR, "no-neighbour")                                                                     \
	X(SONDE_REFUSED_DOWN, "interface-down")                                                                        \
	X(SONDE_REFUSED_GONE, "interface-gone")                                                                        \
	X(SONDE_REFUSED_ADDRESS, "no-address")                                                                         \
	X(SONDE_REFUSED_QUEUE, "queue-full")                                                                           \
	X(SONDE_REFUSED_BROADCAST, "broadcast")                                                                        \
	X(SONDE_REFUSED_PACKET, "packet")                                                                              \
	X(SONDE_REFUSED_FILES, "open-files")                                                                           \
	X(SONDE_REFUSED_OTHER, "other")

enum sonde_refusal {
#define SONDE_REFUSAL_ENUM(name, text) name,
	SONDE_REFUSALS(SONDE_REFUSAL_ENUM)
#undef SONDE_REFUSAL_ENUM
	SONDE_N_REFUSALS
};

/* The cause of a code that sending returned: a negated errno, or one of ours. */
enum sonde_refusal sonde_refusal(int code);
/* Its name, as counters print it. */
const char *sonde_refusal_name(enum sonde_refusal r);
/* Fill e (which may be NULL) with the cause of code and what to do about it; mtu (0: unknown) and the packet's bytes,
 * len, are told with -EMSGSIZE. Returns code. */
int sonde_refusal_explain(struct sonde_error *e, int code, uint32_t mtu, size_t len);

#endif
