/* What the sockets of this layer have in common: their options, and what the kernel reports of what they sent. */
#ifndef SONDE_IO_SOCKET_H
#define SONDE_IO_SOCKET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "base/addr.h"

/* Set an option that is a number. Returns 0 or a negated errno. */
int sonde_socket_option(int fd, int level, int name, int value);

/* Of packets that an IP socket of a family sends. */
struct sonde_socket_options {
	uint8_t ttl, tos; /* 0: the default */
	uint32_t ifindex; /* only through this interface; 0: as routed */
};

/* Set these, and let errors be reported in full (IP_RECVERR). Returns 0 or a negated errno. */
int sonde_socket_prepare(int fd, enum sonde_family family, const struct sonde_socket_options *o);

/* A report of the error queue (ip(7), IP_RECVERR): of a packet that left, was refused, or met an ICMP error. */
struct sonde_socket_report {
	uint8_t origin;         /* SO_EE_ORIGIN_*, as linux/errqueue.h has them */
	bool is_icmp;           /* of either version */
	uint8_t type, code;     /* ICMP's */
	int result;             /* a negated errno */
	uint32_t info, data;    /* with -EMSGSIZE, info is the MTU; of a stamp, data is the key */
	struct sonde_addr from; /* ICMP: of whom */
};

/* Read a control message of recvmsg(2). Returns whether it is a report. */
bool sonde_socket_report_of(struct sonde_socket_report *out, const struct cmsghdr *c);

/* Take the next report of a socket without waiting, what was sent left out. Returns whether there was one. */
bool sonde_socket_report(struct sonde_socket_report *out, int fd);

#endif
