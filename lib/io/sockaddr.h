/* Addresses as the system calls have them. */
#ifndef SONDE_IO_SOCKADDR_H
#define SONDE_IO_SOCKADDR_H

#include <netinet/in.h>
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

/* a and port (host order) for the kernel, the scope of an IPv6 address with them. */
struct sonde_sockaddr sonde_sockaddr(const struct sonde_addr *a, uint16_t port);
/* The way back; none for another family. */
struct sonde_endpoint sonde_sockaddr_endpoint(const struct sonde_sockaddr *s);

#endif
