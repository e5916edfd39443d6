#include "tools/berkeley/calls.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/sockaddr.h"

static bool narrated;

void calls_narrate(bool on)
{
	narrated = on;
}

struct sonde_endpoint local_end(int fd)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	return getsockname(fd, &s.any, &s.len) ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
}

struct sonde_endpoint remote_end(int fd)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	return getpeername(fd, &s.any, &s.len) ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
}

/* --- Narration --------------------------------------------------------------------------------------------------- */

static bool is_datagram(int fd)
{
	int type = 0;
	socklen_t len = sizeof type;
	getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len);
	return type == SOCK_DGRAM;
}

/* What the socket is on this host: the triple, and the other end when there is one. */
static void tell_triple(int fd)
{
	char local[SONDE_ENDPOINT_STRLEN], remote[SONDE_ENDPOINT_STRLEN];
	struct sonde_endpoint own = local_end(fd), other = remote_end(fd);
	fprintf(stderr, "    (%s, %s, process %ld)", is_datagram(fd) ? "udp" : "tcp",
		own.addr.family ? sonde_endpoint_format(local, &own) : "no address", (long)getpid());
	if (other.addr.family)
		fprintf(stderr, " <-> %s", sonde_endpoint_format(remote, &other));
	fputc('\n', stderr);
}

/* One line: the call, its result or error; then the triple, where triple_of is a socket. */
static void tell(long result, int triple_of, const char *format, ...)
{
	va_list args;
	int err = errno;
	if (!narrated)
		return;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	if (result < 0)
		fprintf(stderr, " = -1 %s\n", strerror(err));
	else
		fprintf(stderr, " = %ld\n", result);
	if (triple_of >= 0 && result >= 0)
		tell_triple(triple_of);
	errno = err;
}

static const char *text_of(const struct sonde_endpoint *e)
{
	static char s[SONDE_ENDPOINT_STRLEN];
	return sonde_endpoint_format(s, e);
}

/* --- The steps --------------------------------------------------------------------------------------------------- */

int call_socket(enum sonde_family family, bool datagram)
{
	int domain = family == SONDE_IP4 ? AF_INET : AF_INET6;
	int fd = socket(domain, (datagram ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	tell(fd, fd, "socket(%s, %s, 0)", family == SONDE_IP4 ? "AF_INET" : "AF_INET6", datagram ? "SOCK_DGRAM" : "SOCK_STREAM");
	return fd < 0 ? -errno : fd;
}

int call_bind(int fd, const struct sonde_endpoint *local)
{
	struct sonde_sockaddr s = sonde_sockaddr(&local->addr, local->port);
	int on = 1;
	/* A server that is started again need not wait for its old connections; :: is IPv6 alone. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (local->addr.family == SONDE_IP6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
	int result = bind(fd, &s.any, s.len);
	tell(result, fd, "bind(%d, %s)", fd, text_of(local));
	return result < 0 ? -errno : 0;
}

int call_listen(int fd, int backlog)
{
	int result = listen(fd, backlog);
	tell(result, fd, "listen(%d, backlog %d)", fd, backlog);
	return result < 0 ? -errno : 0;
}

int call_accept(int fd, struct sonde_endpoint *from)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	int new_fd = accept4(fd, &s.any, &s.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	*from = new_fd < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	if (new_fd >= 0 || errno != EAGAIN)
		tell(new_fd, new_fd, "accept(%d)", fd);
	return new_fd < 0 ? -errno : new_fd;
}

int call_connect(int fd, const struct sonde_endpoint *to)
{
	struct sonde_sockaddr s = sonde_sockaddr(&to->addr, to->port);
	int result = connect(fd, &s.any, s.len);
	tell(result, fd, "connect(%d, %s)", fd, text_of(to));
	return result < 0 ? -errno : 0;
}

int call_connected(int fd)
{
	int err = 0;
	socklen_t len = sizeof err;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len);
	errno = err;
	tell(err ? -1 : 0, fd, "connect(%d) is through", fd);
	return -err;
}

ssize_t call_send(int fd, const void *data, size_t len)
{
	ssize_t n = send(fd, data, len, MSG_NOSIGNAL);
	tell(n, -1, "send(%d, %zu bytes)", fd, len);
	return n < 0 ? -errno : n;
}

ssize_t call_recv(int fd, void *room, size_t len)
{
	ssize_t n = recv(fd, room, len, 0);
	if (n >= 0 || errno != EAGAIN)
		tell(n, -1, "recv(%d, room for %zu)", fd, len);
	return n < 0 ? -errno : n;
}

ssize_t call_sendto(int fd, const void *data, size_t len, const struct sonde_endpoint *to)
{
	struct sonde_sockaddr s = sonde_sockaddr(&to->addr, to->port);
	ssize_t n = sendto(fd, data, len, MSG_NOSIGNAL, &s.any, s.len);
	tell(n, fd, "sendto(%d, %zu bytes, %s)", fd, len, text_of(to));
	return n < 0 ? -errno : n;
}

ssize_t call_recvfrom(int fd, void *room, size_t len, struct sonde_endpoint *from)
{
	struct sonde_sockaddr s = { .len = sizeof s.in6 };
	ssize_t n = recvfrom(fd, room, len, 0, &s.any, &s.len);
	*from = n < 0 ? (struct sonde_endpoint){ 0 } : sonde_sockaddr_endpoint(&s);
	if (n >= 0)
		tell(n, -1, "recvfrom(%d, room for %zu, from %s)", fd, len, text_of(from));
	else if (errno != EAGAIN)
		tell(n, -1, "recvfrom(%d, room for %zu)", fd, len);
	return n < 0 ? -errno : n;
}

int call_shutdown(int fd)
{
	int result = shutdown(fd, SHUT_WR);
	tell(result, fd, "shutdown(%d, SHUT_WR)", fd);
	return result < 0 ? -errno : 0;
}

void call_close(int fd)
{
	tell(close(fd), -1, "close(%d)", fd);
}
