#include "io/sockaddr.h"

#include <arpa/inet.h>
#include <string.h>

struct sonde_sockaddr sonde_sockaddr(const struct sonde_addr *a, uint16_t port)
{
	struct sonde_sockaddr s = { .len = 0 };
	if (a->family == SONDE_IP4) {
		s.len = sizeof s.in4;
		s.in4.sin_family = AF_INET;
		s.in4.sin_port = htons(port);
		memcpy(&s.in4.sin_addr, a->bytes, SONDE_IP4_LEN);
	} else if (a->family == SONDE_IP6) {
		s.len = sizeof s.in6;
		s.in6.sin6_family = AF_INET6;
		s.in6.sin6_port = htons(port);
		s.in6.sin6_scope_id = a->scope;
		memcpy(&s.in6.sin6_addr, a->bytes, SONDE_IP6_LEN);
	}
	return s;
}

struct sonde_endpoint sonde_sockaddr_endpoint(const struct sonde_sockaddr *s)
{
	struct sonde_endpoint e = { .port = 0 };
	if (s->any.sa_family == AF_INET) {
		e.addr = sonde_addr4((const uint8_t *)&s->in4.sin_addr);
		e.port = ntohs(s->in4.sin_port);
	} else if (s->any.sa_family == AF_INET6) {
		e.addr = sonde_addr6(s->in6.sin6_addr.s6_addr);
		e.addr.scope = s->in6.sin6_scope_id;
		e.port = ntohs(s->in6.sin6_port);
	}
	return e;
}
