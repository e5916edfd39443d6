/* The kernel's list of sockets, and which processes have them, read back from sockets made here. */
#include "io/sockdiag.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/owners.h"
#include "io/socket.h"
#include "tests/unit/unit.h"

/* A socket that is bound to a free port of an address; the port is in *port. */
static int bound(uint16_t *port, int type, const char *text, bool only_ip6)
{
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	struct sonde_sockaddr at = sonde_sockaddr(&a, 0);
	int fd = socket(a.family == SONDE_IP6 ? AF_INET6 : AF_INET, type, 0), one = only_ip6;
	if (a.family == SONDE_IP6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof one);
	if (fd < 0 || bind(fd, &at.any, at.len) < 0)
		UNIT_SKIP("%s cannot be bound here", text);
	assert_int_equal(getsockname(fd, &at.any, &at.len), 0);
	*port = sonde_sockaddr_endpoint(&at).port;
	return fd;
}

static bool have(uint8_t ip_proto, const char *text, uint16_t port)
{
	struct sonde_listeners l;
	struct sonde_error e = { 0 };
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	assert_int_equal(sonde_listeners_read(&l, &e), 0);
	bool is = sonde_listeners_have(&l, ip_proto, &a, port);
	sonde_listeners_free(&l);
	return is;
}

static void tcp(void **state)
{
	uint16_t port;
	int fd = bound(&port, SOCK_STREAM, "127.0.0.1", false);
	(void)state;
	assert_false(have(6, "127.0.0.1", port)); /* it does not listen yet */
	assert_int_equal(listen(fd, 1), 0);
	assert_true(have(6, "127.0.0.1", port));
	assert_false(have(6, "127.0.0.2", port));
	assert_false(have(6, "::1", port));
	assert_false(have(17, "127.0.0.1", port));
	close(fd);
	assert_false(have(6, "127.0.0.1", port));
}

static void of_both_families(void **state)
{
	(void)state;
	for (int only = 0; only < 2; only++) {
		uint16_t port;
		int fd = bound(&port, SOCK_STREAM, "::", only);
		assert_int_equal(listen(fd, 1), 0);
		assert_true(have(6, "::1", port));
		assert_int_equal(have(6, "127.0.0.1", port), !only);
		close(fd);
	}
}

static void udp(void **state)
{
	uint16_t port, other;
	int fd = bound(&port, SOCK_DGRAM, "127.0.0.1", false), peer = bound(&other, SOCK_DGRAM, "127.0.0.1", false);
	struct sonde_addr a = sonde_addr4((const uint8_t[]){ 127, 0, 0, 1 });
	struct sonde_sockaddr to = sonde_sockaddr(&a, other);
	(void)state;
	assert_true(have(17, "127.0.0.1", port));
	assert_int_equal(connect(fd, &to.any, to.len), 0);
	assert_false(have(17, "127.0.0.1", port)); /* it has a peer: it takes from nobody else */
	assert_true(have(17, "127.0.0.1", other));
	close(fd);
	close(peer);
}

/* More than one answer of the kernel holds. */
static void many(void **state)
{
	enum { N = 300 };
	static int fds[N];
	static uint16_t ports[N];
	struct sonde_listeners l;
	struct sonde_error e = { 0 };
	const struct sonde_addr a = sonde_addr4((const uint8_t[]){ 127, 0, 0, 1 });
	(void)state;
	for (unsigned i = 0; i < N; i++) {
		fds[i] = bound(&ports[i], SOCK_STREAM, "127.0.0.1", false);
		assert_int_equal(listen(fds[i], 1), 0);
	}
	assert_int_equal(sonde_listeners_read(&l, &e), 0);
	for (unsigned i = 0; i < N; i++) {
		assert_true(sonde_listeners_have(&l, 6, &a, ports[i]));
		close(fds[i]);
	}
	sonde_listeners_free(&l);
}

static struct sonde_endpoint end_of(int fd, bool peer)
{
	struct sonde_sockaddr at = { .len = sizeof at };
	assert_int_equal((peer ? getpeername : getsockname)(fd, &at.any, &at.len), 0);
	return sonde_sockaddr_endpoint(&at);
}

/* Both sides of a connection, from one IPv6 socket that takes IPv4, too, and one of IPv4. */
static void found_by_endpoints(void **state)
{
	uint16_t port;
	int listener = bound(&port, SOCK_STREAM, "::", false), client = socket(AF_INET, SOCK_STREAM, 0);
	const struct sonde_addr lo = sonde_addr4((const uint8_t[]){ 127, 0, 0, 1 });
	struct sonde_sockaddr to = sonde_sockaddr(&lo, port);
	(void)state;
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(connect(client, &to.any, to.len), 0);
	int server = accept(listener, NULL, NULL);
	const int fds[] = { client, server };
	const struct sonde_endpoint here = end_of(client, false), there = { lo, port };
	struct sonde_owners owners;
	assert_int_equal(sonde_owners_read(&owners, NULL), 0);
	for (unsigned i = 0; i < 2; i++) {
		struct sonde_socket s;
		uint64_t cookie;
		socklen_t len = sizeof cookie;
		assert_int_equal(
			sonde_socket_find(&s, SONDE_SOCK_TCP, i ? &there : &here, i ? &here : &there, NULL), 0);
		assert_int_equal(getsockopt(fds[i], SOL_SOCKET, SO_COOKIE, &cookie, &len), 0);
		assert_int_equal(s.cookie, cookie);
		assert_true(sonde_addr_equal_bytes(&s.local.addr, &lo));
		assert_true(s.has_tcp);
		const struct sonde_owner *o = sonde_owners_first(&owners, s.inode);
		assert_non_null(o);
		assert_int_equal(o->pid, getpid());
		assert_int_equal(o->fd, fds[i]);
		assert_null(sonde_owners_next(&owners, o));
	}
	sonde_owners_free(&owners);
	close(client);
	close(server);
	close(listener);
}

static void found_of_udp(void **state)
{
	uint16_t port, other;
	int fd = bound(&port, SOCK_DGRAM, "127.0.0.1", false), peer = bound(&other, SOCK_DGRAM, "127.0.0.1", false);
	struct sonde_addr a = sonde_addr4((const uint8_t[]){ 127, 0, 0, 1 });
	const struct sonde_endpoint here = { a, port }, there = { a, other }, nowhere = { a, 1 };
	struct sonde_sockaddr to = sonde_sockaddr(&a, other);
	struct sonde_socket s;
	(void)state;
	assert_int_equal(connect(fd, &to.any, to.len), 0);
	assert_int_equal(sonde_socket_find(&s, SONDE_SOCK_UDP, &here, &there, NULL), 0);
	assert_int_equal(s.local.port, port);
	assert_int_equal(s.remote.port, other);
	assert_int_equal(sonde_socket_find(&s, SONDE_SOCK_UDP, &there, &here, NULL), 0);
	assert_int_equal(s.local.port, other);
	assert_int_equal(s.remote.port, 0);
	assert_int_equal(sonde_socket_find(&s, SONDE_SOCK_UDP, &nowhere, &here, NULL), -ENOENT);
	close(fd);
	close(peer);
}

/* A descriptor and its copies are owners of one socket each. */
static void several_owners(void **state)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0), copy = dup(fd);
	struct stat st;
	struct sonde_owners owners;
	unsigned n = 0;
	(void)state;
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(sonde_owners_read(&owners, NULL), 0);
	for (const struct sonde_owner *o = sonde_owners_first(&owners, (uint32_t)st.st_ino); o;
	     o = sonde_owners_next(&owners, o), n++)
		assert_int_equal(o->fd, n ? copy : fd);
	assert_int_equal(n, 2);
	assert_null(sonde_owners_first(&owners, 0));
	sonde_owners_free(&owners);
	close(fd);
	close(copy);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, tcp);
	UNIT_TEST(&u, of_both_families);
	UNIT_TEST(&u, udp);
	UNIT_TEST(&u, many);
	UNIT_TEST(&u, found_by_endpoints);
	UNIT_TEST(&u, found_of_udp);
	UNIT_TEST(&u, several_owners);
	return unit_run(&u, "io_sockdiag");
}
