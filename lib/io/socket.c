#include "io/socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <time.h> /* errqueue.h needs it before */
#include <linux/errqueue.h>
#include <netinet/in.h>
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

int sonde_socket_option(int fd, int level, int name, int value)
{
	return setsockopt(fd, level, name, &value, sizeof value) < 0 ? -errno : 0;
}

int sonde_socket_prepare(int fd, enum sonde_family family, const struct sonde_socket_options *o)
{
	const bool v6 = family == SONDE_IP6;
	const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int err = sonde_socket_option(fd, level, v6 ? IPV6_RECVERR : IP_RECVERR, 1);
	if (!err && o->ttl)
		err = sonde_socket_option(fd, level, v6 ? IPV6_UNICAST_HOPS : IP_TTL, o->ttl);
	if (!err && o->tos)
		err = sonde_socket_option(fd, level, v6 ? IPV6_TCLASS : IP_TOS, o->tos);
	if (!err && o->ifindex)
		err = sonde_socket_option(fd, SOL_SOCKET, SO_BINDTOIFINDEX, (int)o->ifindex);
	return err;
}

bool sonde_socket_report_of(struct sonde_socket_report *out, const struct cmsghdr *c)
{
	struct {
		struct sock_extended_err err;
		struct sockaddr_in6 offender;
	} r = { 0 };
	bool v4 = c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_RECVERR;
	bool v6 = c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_RECVERR;
	if ((!v4 && !v6) || c->cmsg_len < CMSG_LEN(sizeof r.err))
		return false;
	size_t len = c->cmsg_len - CMSG_LEN(0);
	memcpy(&r, CMSG_DATA(c), len < sizeof r ? len : sizeof r);
	struct sonde_sockaddr offender = { .in6 = r.offender, .len = sizeof r.offender };
	*out = (struct sonde_socket_report){
		.origin = r.err.ee_origin,
		.is_icmp = r.err.ee_origin == SO_EE_ORIGIN_ICMP || r.err.ee_origin == SO_EE_ORIGIN_ICMP6,
		.type = r.err.ee_type,
		.code = r.err.ee_code,
		.result = -(int)r.err.ee_errno,
		.info = r.err.ee_info,
		.data = r.err.ee_data,
		.from = sonde_sockaddr_endpoint(&offender).addr,
	};
	return true;
}

bool sonde_socket_report(struct sonde_socket_report *out, int fd)
{
	for (;;) {
		_Alignas(struct cmsghdr) char control[256];
		struct msghdr m = { .msg_control = control, .msg_controllen = sizeof control };
		if (recvmsg(fd, &m, MSG_ERRQUEUE | MSG_DONTWAIT) < 0)
			return false;
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c))
			if (sonde_socket_report_of(out, c))
				return true;
	}
}
