#include "tools/lab/server.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define BACKLOG  1024
#define DATAGRAM 65536
#define CHUNK    16384

struct server {
	struct loop loop;
	const struct topology *topology;
	unsigned host;
	int spare_fd; /* given up for a moment when descriptors run out, so that a client can be turned away */
};

struct port {
	struct loop_watch watch;
	struct server *server;
};

/* A client of a TCP port, and what of its bytes is not yet sent back. */
struct client {
	struct loop_watch watch;
	struct server *server;
	size_t begin, end; /* in bytes */
	uint8_t bytes[CHUNK];
};

static void drop_client(struct client *c)
{
	loop_remove(&c->server->loop, &c->watch);
	close(c->watch.fd);
	free(c);
}

/* Read when all is sent, send when there is something: a client that does not read is not read from. */
static void serve_client(void *arg, uint32_t events)
{
	struct client *c = arg;
	ssize_t n;

	(void)events;
	if (c->begin == c->end) {
		n = recv(c->watch.fd, c->bytes, sizeof(c->bytes), 0);
		if (n <= 0) {
			if (n == 0 || (errno != EAGAIN && errno != EINTR))
				drop_client(c);
			return;
		}
		c->begin = 0;
		c->end = (size_t)n;
	}
	n = send(c->watch.fd, c->bytes + c->begin, c->end - c->begin, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		drop_client(c);
		return;
	}
	c->begin += n > 0 ? (size_t)n : 0;
	loop_change(&c->server->loop, &c->watch, c->begin == c->end ? EPOLLIN : EPOLLOUT);
}

/* A client that waits and cannot be taken would wake us for ever. */
static void turn_away(struct server *s, int listen_fd)
{
	close(s->spare_fd);
	int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC);
	if (fd >= 0)
		close(fd);
	s->spare_fd = dup(listen_fd);
}

static void take_client(void *arg, uint32_t events)
{
	struct port *p = arg;
	int fd = accept4(p->watch.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

	(void)events;
	if (fd < 0) {
		if (errno == EMFILE || errno == ENFILE)
			turn_away(p->server, p->watch.fd);
		return;
	}
	struct client *c = malloc(sizeof(*c));
	if (c) {
		c->watch = (struct loop_watch){ .fd = fd, .events = EPOLLIN, .fn = serve_client, .arg = c };
		c->server = p->server;
		c->begin = c->end = 0;
		if (loop_add(&p->server->loop, &c->watch) == 0)
			return;
	}
	free(c);
	close(fd);
}

static bool is_own_udp_port(const struct server *s, uint16_t port)
{
	for (unsigned i = 0; i < s->topology->n_services; i++) {
		const struct lab_service *v = &s->topology->services[i];
		if (v->host == s->host && v->udp && v->port == port)
			return true;
	}
	return false;
}

/* The answer leaves from the address that was asked: the control message that names it goes back as it came. A
 * question from a port that answers everything too would never end, whoever wrote it. */
static void serve_datagram(void *arg, uint32_t events)
{
	static uint8_t bytes[DATAGRAM];
	struct port *p = arg;
	uint8_t control[CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct sockaddr_in6 from;
	struct iovec data = { bytes, sizeof(bytes) };
	struct msghdr m = { .msg_name = &from,
			    .msg_namelen = sizeof(from),
			    .msg_iov = &data,
			    .msg_iovlen = 1,
			    .msg_control = control,
			    .msg_controllen = sizeof(control) };

	(void)events;
	ssize_t n = recvmsg(p->watch.fd, &m, 0);
	if (n < 0 || is_own_udp_port(p->server, ntohs(from.sin6_port)))
		return;
	data.iov_len = (size_t)n;
	m.msg_flags = 0;
	sendmsg(p->watch.fd, &m, MSG_NOSIGNAL);
}

static int bind_port(const struct lab_service *v)
{
	const struct sockaddr_in6 any = { .sin6_family = AF_INET6,
					  .sin6_port = htons(v->port),
					  .sin6_addr = IN6ADDR_ANY_INIT };
	const int on = 1, off = 0;
	int fd = socket(AF_INET6, (v->udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ||
	    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) ||
	    (v->udp && setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof(on))) ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any)) || (!v->udp && listen(fd, BACKLOG))) {
		int err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

static int open_ports(struct server *s, struct port *ports)
{
	for (unsigned i = 0; i < s->topology->n_services; i++) {
		const struct lab_service *v = &s->topology->services[i];
		if (v->host != s->host)
			continue;
		int fd = bind_port(v);
		ports[i] = (struct port){ .server = s,
					  .watch = { .fd = fd,
						     .events = EPOLLIN,
						     .arg = &ports[i],
						     .fn = v->udp ? serve_datagram : take_client } };
		int err = fd < 0 ? fd : loop_add(&s->loop, &ports[i].watch);
		if (err) {
			message_code(err, "cannot listen on %s port %u of '%s'", v->udp ? "udp" : "tcp", v->port,
				     s->topology->hosts[s->host].name);
			return err;
		}
	}
	return 0;
}

int lab_serve(const struct topology *t, unsigned host, int ready_fd)
{
	static struct port ports[LAB_SERVICES];
	static struct server server;
	struct rlimit files;
	int err;

	setsid();
	prctl(PR_SET_NAME, "sonde-server");
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		setrlimit(RLIMIT_NOFILE, &files);
	}
	server.topology = t;
	server.host = host;
	server.spare_fd = dup(ready_fd);
	if ((err = loop_open(&server.loop)) == 0 && (err = open_ports(&server, ports)) == 0)
		err = write(ready_fd, "", 1) == 1 ? 0 : -errno;
	close(ready_fd);
	if (err == 0)
		loop_run(&server.loop);
	return err ? STATUS_SYSTEM : STATUS_DONE;
}
