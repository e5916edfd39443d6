/* Sockets that sock_diag(7) does not list: the kernel has them as text below /proc/net, without cookies. */
#ifndef SONDE_IO_SOCKPROC_H
#define SONDE_IO_SOCKPROC_H

#include "io/sockdiag.h"

/* Append those of a kind, of IPv4 and IPv6. Returns 0 or a negated errno. */
int sonde_sockproc_read(struct sonde_sockets *out, enum sonde_socket_kind kind);

/* A new, zeroed element, or NULL without memory. */
struct sonde_socket *sonde_sockets_add(struct sonde_sockets *s);
/* The kernel's bytes of an address; an IPv4-mapped one as IPv4. */
struct sonde_addr sonde_socket_addr(bool is_ip6, const void *bytes);

#endif
