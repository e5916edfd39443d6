/* The sockets of this machine, as the kernel lists them (sock_diag(7)): those of this process's network namespace,
 * whoever has them. It needs no privilege. */
#ifndef SONDE_IO_SOCKDIAG_H
#define SONDE_IO_SOCKDIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

enum sonde_socket_kind {
	SONDE_SOCK_TCP,
	SONDE_SOCK_UDP,
	SONDE_SOCK_RAW,
	SONDE_SOCK_ICMP,   /* datagram sockets for echoes (ping_group_range) */
	SONDE_SOCK_PACKET, /* AF_PACKET */
	SONDE_SOCK_KINDS,
};

/* What the kernel measures on a TCP connection. */
struct sonde_socket_tcp {
	sonde_time rtt_ns, rtt_var_ns, rtt_min_ns; /* -1: not measured */
	uint32_t cwnd, mss, retransmits; /* segments; bytes; segments sent again since the beginning */
	uint32_t segs_out, segs_in;
	uint64_t bytes_acked, bytes_received;
};

struct sonde_socket {
	enum sonde_socket_kind kind;
	uint8_t state;               /* of <netinet/tcp.h>; other kinds: TCP_ESTABLISHED with a peer, else TCP_CLOSE */
	bool is_ip6;                 /* it was made for IPv6 */
	bool takes_ip4;              /* one of IPv6 that takes what comes over IPv4, too */
	bool has_tcp;
	uint16_t protocol;           /* RAW: the IP protocol; PACKET: the EtherType, 3 for all */
	struct sonde_endpoint local; /* IPv4-mapped addresses are IPv4 (RFC 4291, 2.5.5.2); PACKET: of no family */
	struct sonde_endpoint remote;
	uint32_t ifindex;            /* that it is bound to, or 0 */
	uint32_t uid;
	uint32_t inode;              /* 0: no process has it any more, or not yet */
	uint32_t recv_q, send_q;     /* bytes; of a listening socket, connections that wait, and may wait */
	uint64_t cookie;             /* SO_COOKIE; 0: not told */
	struct sonde_socket_tcp tcp; /* with has_tcp */
};

struct sonde_sockets {
	struct sonde_socket *list;
	uint32_t n, cap;
};

/* Append all of these kinds (1 << kind, ORed) to out, which begins zeroed. Returns 0 or a negated errno; out is for
 * sonde_sockets_free in any case. What sock_diag does not list here is read from /proc/net, which
 * has no cookies. */
int sonde_sockets_read(struct sonde_sockets *out, unsigned kinds, struct sonde_error *e);
void sonde_sockets_free(struct sonde_sockets *s);

/* Find the TCP or UDP socket that packets from remote to local go to: a connected one, or else the one that waits
 * there. Returns 0, -ENOENT where there is none, or another negated errno. */
int sonde_socket_find(struct sonde_socket *out, enum sonde_socket_kind kind, const struct sonde_endpoint *local,
		      const struct sonde_endpoint *remote, struct sonde_error *e);

/* A TCP socket that listens, or a UDP socket that is bound and has no peer. */
struct sonde_listener {
	uint8_t ip_proto;            /* 6 or 17 */
	struct sonde_endpoint local; /* the unspecified address for all of its family */
	bool takes_ip4;              /* one of IPv6 that takes what comes over IPv4, too */
};

struct sonde_listeners {
	struct sonde_listener *list;
	uint32_t n;
};

/* Read all of them. Returns 0 or a negated errno; out is for sonde_listeners_free in any case. */
int sonde_listeners_read(struct sonde_listeners *out, struct sonde_error *e);
void sonde_listeners_free(struct sonde_listeners *l);

/* Whether one of them gets what comes for this address and port. */
bool sonde_listeners_have(const struct sonde_listeners *l, uint8_t ip_proto, const struct sonde_addr *addr,
			  uint16_t port);

#endif
