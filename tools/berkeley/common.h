/* What connect and listen share: endpoints, bytes that wait to be sent, standard input, what an error means. */
#ifndef SONDE_TOOLS_BERKELEY_COMMON_H
#define SONDE_TOOLS_BERKELEY_COMMON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "tools/common/loop.h"

#define CHUNK        65536 /* bytes read at once; no datagram is longer */
#define DATAGRAM_MAX 65507 /* bytes of the longest datagram over IPv4; over IPv6 it could have a few more */
#define ENDPOINTS    16    /* of one name; the rest is not used */

/* Bytes that wait to be sent. More are read only when all of them have left. */
struct outgoing {
	size_t at, len;
	uint8_t data[CHUNK];
};

/* Read an address or name (NULL: all addresses of this machine) and a port or service: the endpoints that they stand
 * for, of both families or one, in the order in which they should be tried; at most ENDPOINTS. A link-local address
 * without a zone is on the link scope, where that is not 0. Sets *n. Returns 0, or an exit status after a message. */
int read_endpoints(struct sonde_endpoint *out, unsigned *n, const char *host, const char *port,
		   enum sonde_family family, uint32_t scope);

/* Open a socket and begin to connect it, from the address source unless its family is 0; a link-local one without a
 * zone is on the link of `to`. *fd is the caller's to close, or negative. Returns 0 or -EINPROGRESS; another negated
 * errno; or an exit status after a message, where the source or the kind of address is what is wrong. */
int connect_begin(int *fd, const struct sonde_endpoint *to, const struct sonde_addr *source, bool datagram);

/* Send what waits. Returns 0 when all has left, -EAGAIN when the rest still waits, or a negated errno. */
int send_outgoing(int fd, struct outgoing *o);

/* Standard input. It is in the loop only while it is wanted, since epoll reports a pipe whose writer is gone whatever
 * events are asked for. */
struct input {
	struct loop_watch watch;
	bool watched, ended;
};
void input_want(struct input *in, struct loop *l, bool wanted);
/* It has ended: it is never watched again. */
void input_end(struct input *in, struct loop *l);

/* What a failed call means: "connection refused: nobody listens there (RST, or port unreachable)". */
const char *failure_text(int err);

#endif
