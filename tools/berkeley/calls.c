#include "tools/berkeley/calls.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/socket.h"

static bool traced;

void calls_trace(bool on)
{
	traced = on;
}

static struct sonde_endpoint local_end(int fd)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	return getsockname(fd, &s.any, &s.len) ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
}

static struct sonde_endpoint remote_end(int fd)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	return getpeername(fd, &s.any, &s.len) ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
}

/* --- Tracing ------------------------------------------------------------------------------------------------------ */

static bool is_datagram(int fd)
{
	int type = 0;
	socklen_t len = sizeof type;
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	return type == SOCK_DGRAM;
}

/* The triple, and the other end where there is one. */
static void trace_triple(int fd)
{
	char local[SONDE_ENDPOINT_STRLEN], remote[SONDE_ENDPOINT_STRLEN];
	struct sonde_endpoint own = local_end(fd), other = remote_end(fd);
	fprintf(stderr, "    (%s, %s, process %ld)", is_datagram(fd) ? "udp" : "tcp",
		own.addr.family ? sonde_endpoint_format(local, &own) : "no address", (long)getpid());
	if (other.addr.family)
		fprintf(stderr, " <-> %s", sonde_endpoint_format(remote, &other));
	fputc('\n', stderr);
}

/* Print the call and its result or error; then the triple, where triple_of is a socket. */
static void trace(long result, int triple_of, const char *format, ...)
{
	va_list args;
	int err = errno;
	if (!traced)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (result < 0)
		fprintf(stderr, " = -1 %s\n", strerror(err));
	else
		fprintf(stderr, " = %ld\n", result);
	if (triple_of >= 0 && result >= 0)
		trace_triple(triple_of);
	errno = err;
}

static const char *text_of(const struct sonde_endpoint *e)
{
	static char s[SONDE_ENDPOINT_STRLEN];
	return traced ? sonde_endpoint_format(s, e) : "";
}

static const char *text_of_addr(const struct sonde_addr *a)
{
	static char s[SONDE_ADDR_STRLEN];
	return traced ? sonde_addr_format(s, a) : "";
}

/* --- Calls ------------------------------------------------------------------------------------------------------- */

int call_socket(enum sonde_family family, bool datagram)
{
	int domain = family == SONDE_IP4 ? AF_INET : AF_INET6;
	int fd = socket(domain, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	trace(fd, fd, "socket(%s, %s | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)", family == SONDE_IP4 ? "AF_INET" : "AF_INET6",
	     datagram ? "SOCK_DGRAM" : "SOCK_STREAM");
	return fd < 0 ? -errno : fd;
}

static void set_option(int fd, int level, int option, const char *names)
{
	int on = 1;
	trace(setsockopt(fd, level, option, &on, sizeof on), -1, "setsockopt(%d, %s, 1)", fd, names);
}

#define SET(fd, level, option) set_option(fd, level, option, #level ", " #option)

int call_bind(int fd, const struct sonde_endpoint *local, bool datagram)
{
	struct sonde_sockaddr s = sonde_sockaddr(&local->addr, local->port);
	/* A server that is started again need not wait for its old connections to end. Among datagram sockets a second
	 * server could take the port over with this option. */
	if (!datagram)
		SET(fd, SOL_SOCKET, SO_REUSEADDR);
	if (local->addr.family == SONDE_IP6)
		SET(fd, IPPROTO_IPV6, IPV6_V6ONLY);
	if (datagram && local->addr.family == SONDE_IP6)
		SET(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO);
	else if (datagram)
		SET(fd, IPPROTO_IP, IP_PKTINFO);
	int result = bind(fd, &s.any, s.len);
	int err = result < 0 ? -errno : 0;
	trace(result, fd, "bind(%d, %s)", fd, text_of(local));
	/* So that answers leave from every address that is routed here, not only from those of interfaces. IPv4 needs
	 * no option for that. */
	if (!err && datagram && local->addr.family == SONDE_IP6)
		SET(fd, IPPROTO_IPV6, IPV6_FREEBIND);
	return err;
}

int call_listen(int fd, int backlog)
{
	int result = listen(fd, backlog);
	trace(result, fd, "listen(%d, backlog %d)", fd, backlog);
	return result < 0 ? -errno : 0;
}

int call_accept(int fd, struct sonde_endpoint *from)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	int new_fd = accept4(fd, &s.any, &s.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	*from = new_fd < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	if (new_fd >= 0 || errno != EAGAIN)
		trace(new_fd, new_fd, "accept4(%d, SOCK_NONBLOCK | SOCK_CLOEXEC)", fd);
	return new_fd < 0 ? -errno : new_fd;
}

int call_connect(int fd, const struct sonde_endpoint *to)
{
	struct sonde_sockaddr s = sonde_sockaddr(&to->addr, to->port);
	int result = connect(fd, &s.any, s.len);
	trace(result, fd, "connect(%d, %s)", fd, text_of(to));
	return result < 0 ? -errno : 0;
}

int call_error(int fd)
{
	int err = 0;
	socklen_t len = sizeof err;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	errno = err;
	trace(0, fd, "getsockopt(%d, SOL_SOCKET, SO_ERROR: %s)", fd, err ? strerror(err) : "none");
	return -err;
}

ssize_t call_send(int fd, const void *data, size_t len)
{
	ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
	trace(n, -1, "send(%d, %zu bytes, MSG_NOSIGNAL)", fd, len);
	return n < 0 ? -errno : n;
}

ssize_t call_recv(int fd, void *room, size_t len)
{
	ssize_t n = recv(fd, room, len, 0);
	if (n >= 0 || errno != EAGAIN)
		trace(n, -1, "recv(%d, room for %zu, 0)", fd, len);
	return n < 0 ? -errno : n;
}

ssize_t call_sendto(int fd, const void *data, size_t len, const struct sonde_endpoint *to)
{
	struct sonde_sockaddr s = sonde_sockaddr(&to->addr, to->port);
	ssize_t n = sendto(fd, data, len, MSG_NOSIGNAL, &s.any, s.len);
	trace(n, fd, "sendto(%d, %zu bytes, MSG_NOSIGNAL, to %s)", fd, len, text_of(to));
	return n < 0 ? -errno : n;
}

ssize_t call_recvfrom(int fd, void *room, size_t len, struct sonde_endpoint *from)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	ssize_t n = recvfrom(fd, room, len, 0, &s.any, &s.len);
	*from = n < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	if (n >= 0)
		trace(n, -1, "recvfrom(%d, room for %zu, 0, from %s)", fd, len, text_of(from));
	else if (errno != EAGAIN)
		trace(n, -1, "recvfrom(%d, room for %zu, 0)", fd, len);
	return n < 0 ? -errno : n;
}

/* The control message with the address of this machine that a datagram was sent to, or is to be sent from. */
union packet_info {
	struct cmsghdr head;
	char room[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static struct sonde_addr get_packet_info(struct msghdr *m)
{
	struct in_pktinfo in4;
	struct in6_pktinfo in6;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO) {
			memcpy(&in4, CMSG_DATA(c), sizeof in4);
			return sonde_addr4((const uint8_t *)&in4.ipi_spec_dst);
		}
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO) {
			memcpy(&in6, CMSG_DATA(c), sizeof in6);
			if (!IN6_IS_ADDR_MULTICAST(&in6.ipi6_addr)) /* which is no source address */
				return sonde_addr6(in6.ipi6_addr.s6_addr);
		}
	}
	return (struct sonde_addr){ 0 };
}

static void set_packet_info(struct msghdr *m, union packet_info *control, const struct sonde_addr *at)
{
	struct in_pktinfo in4 = { 0 };
	struct in6_pktinfo in6 = { 0 };
	bool is4 = at->family == SONDE_IP4;
	if (sonde_addr_len(at) == 0)
		return;
	memcpy(&in4.ipi_spec_dst, at->bytes, sizeof in4.ipi_spec_dst);
	memcpy(&in6.ipi6_addr, at->bytes, sizeof in6.ipi6_addr);
	size_t len = is4 ? sizeof in4 : sizeof in6;
	m->msg_control = control;
	m->msg_controllen = CMSG_SPACE(len);
	control->head.cmsg_level = is4 ? IPPROTO_IP : IPPROTO_IPV6;
	control->head.cmsg_type = is4 ? IP_PKTINFO : IPV6_PKTINFO;
	control->head.cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(&control->head), is4 ? (const void *)&in4 : &in6, len);
}

ssize_t call_recvmsg(int fd, void *room, size_t len, struct sonde_endpoint *from, struct sonde_addr *at)
{
	struct sonde_sockaddr s = { .len = 0 };
	union packet_info control;
	struct iovec data = { room, len };
	struct msghdr m = { .msg_name = &s.any, .msg_namelen = sizeof s.in6, .msg_iov = &data, .msg_iovlen = 1,
			    .msg_control = &control, .msg_controllen = sizeof control };
	ssize_t n = recvmsg(fd, &m, 0);
	*from = n < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	*at = n < 0 ? (struct sonde_addr){ 0 } : get_packet_info(&m);
	if (n >= 0)
		trace(n, -1, "recvmsg(%d, room for %zu, from %s, sent to %s, 0)", fd, len, text_of(from),
		     text_of_addr(at));
	else if (errno != EAGAIN)
		trace(n, -1, "recvmsg(%d, room for %zu, 0)", fd, len);
	return n < 0 ? -errno : n;
}

ssize_t call_sendmsg(int fd, const void *data, size_t len, const struct sonde_endpoint *to,
		     const struct sonde_addr *at)
{
	struct sonde_sockaddr s = sonde_sockaddr(&to->addr, to->port);
	union packet_info control = { 0 };
	struct iovec vector = { (void *)(uintptr_t)data, len };
	struct msghdr m = { .msg_name = &s.any, .msg_namelen = s.len, .msg_iov = &vector, .msg_iovlen = 1 };
	set_packet_info(&m, &control, at);
	ssize_t n = sendmsg(fd, &m, MSG_NOSIGNAL);
	trace(n, fd, "sendmsg(%d, %zu bytes, to %s, from %s, MSG_NOSIGNAL)", fd, len, text_of(to), text_of_addr(at));
	return n < 0 ? -errno : n;
}

int call_getsockname(int fd, struct sonde_endpoint *out)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	int result = getsockname(fd, &s.any, &s.len);
	*out = result < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	trace(result, -1, "getsockname(%d), %s", fd, text_of(out));
	return result < 0 ? -errno : 0;
}

int call_shutdown(int fd)
{
	int result = shutdown(fd, SHUT_WR);
	trace(result, fd, "shutdown(%d, SHUT_WR)", fd);
	return result < 0 ? -errno : 0;
}

void call_close(int fd)
{
	trace(close(fd), -1, "close(%d)", fd);
}
