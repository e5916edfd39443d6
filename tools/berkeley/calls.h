/* The Berkeley socket interface as the textbook has it: one function a step. Each makes its call, narrates it with its
 * arguments, its result and the triple (protocol, local address, local process) that the socket then is, and returns
 * what the call returned, or a negated errno. */
#ifndef SONDE_TOOLS_BERKELEY_CALLS_H
#define SONDE_TOOLS_BERKELEY_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/addr.h"

/* Whether steps are told on stderr. */
void calls_narrate(bool on);

/* A stream (TCP) or datagram (UDP) socket of a family; it does not block. */
int call_socket(enum sonde_family family, bool datagram);
/* Give it its own address. Port 0: the system chooses one. */
int call_bind(int fd, const struct sonde_endpoint *local);
/* Let connections come in; at most backlog wait to be accepted. */
int call_listen(int fd, int backlog);
/* Take the next connection: a new descriptor, and who it is from. -EAGAIN: none waits. */
int call_accept(int fd, struct sonde_endpoint *from);
/* Begin to connect. 0: done; -EINPROGRESS: wait until it is writable, then ask call_connected. */
int call_connect(int fd, const struct sonde_endpoint *to);
/* What became of it, or of the connection: 0, or why it failed. Of one that is not there yet: 0, or the last complaint
 * that came back. */
int call_connected(int fd);
/* Hand over bytes, or take some; recv returns 0 when the other side has no more to say. */
ssize_t call_send(int fd, const void *data, size_t len);
ssize_t call_recv(int fd, void *room, size_t len);
/* The same for datagrams, with the other end's address. */
ssize_t call_sendto(int fd, const void *data, size_t len, const struct sonde_endpoint *to);
ssize_t call_recvfrom(int fd, void *room, size_t len, struct sonde_endpoint *from);
/* recvfrom and sendto for a socket at all addresses of the machine: at is the one that was asked, and then answers. */
ssize_t call_recvmsg(int fd, void *room, size_t len, struct sonde_endpoint *from, struct sonde_addr *at);
ssize_t call_sendmsg(int fd, const void *data, size_t len, const struct sonde_endpoint *to,
		     const struct sonde_addr *at);
/* Say that no more will be sent; the other direction stays. */
int call_shutdown(int fd);
void call_close(int fd);

/* The socket's own end. */
struct sonde_endpoint local_end(int fd);

#endif
