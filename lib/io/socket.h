/* What the sockets of this layer share: addresses as system calls take them, options, and the error queue. */
#ifndef SONDE_IO_SOCKET_H
#define SONDE_IO_SOCKET_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/addr.h"

struct sonde_sockaddr {
	union {
		struct sockaddr any;
		struct sockaddr_in in4;
		struct sockaddr_in6 in6;
	};
	socklen_t len; /* bytes in use; 0 without an address */
};

/* The address, its scope and the port (host order) for a system call. */
struct sonde_sockaddr sonde_sockaddr(const struct sonde_addr *a, uint16_t port);
/* The endpoint that a system call returned; of family 0 when it is neither IPv4 nor IPv6. */
struct sonde_endpoint sonde_sockaddr_endpoint(const struct sonde_sockaddr *s);

/* Set an option that is a number. Returns 0 or a negated errno. */
int sonde_socket_option(int fd, int level, int name, int value);

struct sonde_socket_options {
	uint8_t ttl, tos; /* 0: the default */
	uint32_t ifindex; /* send through this interface only; 0: as routed */
};

/* Set these on an IP socket, and have ICMP errors reported in its error queue (IP_RECVERR). Returns 0 or a negated
 * errno. */
int sonde_socket_prepare(int fd, enum sonde_family family, const struct sonde_socket_options *o);

/* An entry of the error queue (ip(7), IP_RECVERR): a packet left, was refused, or caused an ICMP error. */
struct sonde_socket_report {
	uint8_t origin;         /* SO_EE_ORIGIN_* of <linux/errqueue.h> */
	bool is_icmp;           /* ICMP or ICMPv6 */
	uint8_t type, code;     /* of the ICMP error */
	int result;             /* a negated errno */
	uint32_t info, data;    /* info: the MTU, with -EMSGSIZE; data: the key of a time stamp */
	struct sonde_addr from; /* who sent the ICMP error */
};

/* Read a control message of recvmsg(2). Returns whether it is a report. */
bool sonde_socket_report_of(struct sonde_socket_report *out, const struct cmsghdr *c);
/* Take the next report off the socket's error queue, without waiting and without the packet. Returns whether there was
 * one. */
bool sonde_socket_report(struct sonde_socket_report *out, int fd);

#endif
