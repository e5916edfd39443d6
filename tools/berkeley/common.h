/* What connect and listen share: where to, what waits to be sent, what an error means. */
#ifndef SONDE_TOOLS_BERKELEY_COMMON_H
#define SONDE_TOOLS_BERKELEY_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "tools/common/loop.h"

#define CHUNK        65536 /* bytes taken at once; no datagram is longer */
#define DATAGRAM_MAX 65507 /* bytes that a datagram over IPv4 can have; over IPv6 it could have a few more */
#define ENDPOINTS    16    /* of one name; the rest is not tried */

/* Bytes on their way to a descriptor. More are taken only when all have left, so nothing runs full. */
struct outgoing {
	size_t at, len;
	uint8_t data[CHUNK];
};

/* Read an address or name and a port or service: all endpoints that they stand for, of both families or one, in the
 * order in which they should be tried; at most ENDPOINTS. host NULL: the address of all interfaces, of IPv4 where
 * family does not say otherwise. Sets *n. Returns 0, or an exit status after a message. */
int read_endpoints(struct sonde_endpoint *out, unsigned *n, const char *host, const char *port,
		   enum sonde_family family);

/* Send what waits. Returns 0 when all has left, -EAGAIN when the rest must wait, or a negated errno. */
int send_outgoing(int fd, struct outgoing *o);

/* Standard input, watched only while it is wanted: a pipe whose writer is gone is reported even when no event of it is
 * asked for. */
struct input {
	struct loop_watch watch;
	bool watched, ended;
};
void input_want(struct input *in, struct loop *l, bool wanted);
/* It has no more: it is never watched again. */
void input_end(struct input *in, struct loop *l);

/* What a failed call says of the other end, for people: "connection refused: nobody listens there (RST)". */
const char *failure_text(int err);

#endif
