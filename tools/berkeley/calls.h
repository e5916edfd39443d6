/* The calls of the Berkeley socket interface, a function each: it makes its call, prints it (--steps) with arguments,
 * result and the triple (protocol, local address, local process) that the socket is then, and returns what the call
 * returned, or a negated errno. */
#ifndef SONDE_TOOLS_BERKELEY_CALLS_H
#define SONDE_TOOLS_BERKELEY_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/addr.h"

/* Whether calls are printed on stderr; those that return EAGAIN never are. */
void calls_trace(bool on);

/* A stream (TCP) or datagram (UDP) socket of a family, without blocking. */
int call_socket(enum sonde_family family, bool datagram);
/* Give it its own address; the system chooses a port in place of 0. IPv6 sockets are IPv6 alone, and receive which
 * address a datagram was sent to. */
int call_bind(int fd, const struct sonde_endpoint *local, bool datagram);
/* Let connections come in, of which at most backlog wait to be accepted. */
int call_listen(int fd, int backlog);
/* Take the next connection: a new descriptor, and who it is from. -EAGAIN: none waits. */
int call_accept(int fd, struct sonde_endpoint *from);
/* Begin to connect. 0: done; -EINPROGRESS: wait until it is writable, then call call_error. */
int call_connect(int fd, const struct sonde_endpoint *to);
/* The socket's last error, which is how a connect ended: 0, or a negated errno. */
int call_error(int fd);
ssize_t call_send(int fd, const void *data, size_t len);
/* Returns 0 when the other side has shut down its direction. */
ssize_t call_recv(int fd, void *room, size_t len);
/* Datagrams, with the other end's address. */
ssize_t call_sendto(int fd, const void *data, size_t len, const struct sonde_endpoint *to);
ssize_t call_recvfrom(int fd, void *room, size_t len, struct sonde_endpoint *from);
/* The same for a socket at all addresses of the machine: at is the one that a datagram was sent to, or leaves from. */
ssize_t call_recvmsg(int fd, void *room, size_t len, struct sonde_endpoint *from, struct sonde_addr *at);
ssize_t call_sendmsg(int fd, const void *data, size_t len, const struct sonde_endpoint *to,
		     const struct sonde_addr *at);
/* The socket's own end. */
int call_getsockname(int fd, struct sonde_endpoint *out);
/* Send no more; receiving goes on. */
int call_shutdown(int fd);
void call_close(int fd);

#endif
