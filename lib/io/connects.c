#include "io/connects.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/socket.h"

struct slot {
	uint64_t key;
	int fd;    /* -1: free */
	int known; /* the result, when connect(2) returned it at once; else 0 */
	sonde_time at;
};

struct sonde_connects {
	struct sonde_connects_options o;
	int epoll_fd;
	uint32_t next_free, n;
	struct slot slots[];
};

int sonde_connects_open(struct sonde_connects **out, const struct sonde_connects_options *o, struct sonde_error *e)
{
	struct sonde_connects *c = malloc(sizeof *c + o->max * sizeof *c->slots);
	*out = NULL;
	if (!c)
		return sonde_fail(e, -ENOMEM, "cannot connect: no memory");
	*c = (struct sonde_connects){ .o = *o, .epoll_fd = epoll_create1(EPOLL_CLOEXEC) };
	for (uint32_t i = 0; i < o->max; i++)
		c->slots[i].fd = -1;
	if (c->epoll_fd < 0) {
		int err = -errno;
		free(c);
		return sonde_fail(e, err, "cannot connect: %s", sonde_strerror(err));
	}
	*out = c;
	return 0;
}

static void end(struct sonde_connects *c, struct slot *slot)
{
	/* A reset leaves no connection behind, here or at the peer. */
	const struct linger reset = { .l_onoff = 1, .l_linger = 0 };
	setsockopt(slot->fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	close(slot->fd);
	slot->fd = -1;
	c->n--;
}

void sonde_connects_close(struct sonde_connects *c)
{
	if (!c)
		return;
	for (uint32_t i = 0; i < c->o.max; i++)
		if (c->slots[i].fd >= 0)
			end(c, &c->slots[i]);
	close(c->epoll_fd);
	free(c);
}

int sonde_connects_fd(const struct sonde_connects *c)
{
	return c->epoll_fd;
}

static int prepare(int fd, const struct sonde_connects_options *o, uint8_t family, uint16_t sport)
{
	const struct sonde_socket_options of_all = { .ttl = o->ttl, .tos = o->tos, .ifindex = o->ifindex };
	struct sonde_addr any = { .family = family };
	struct sonde_sockaddr at = sonde_sockaddr(o->source.family == family ? &o->source : &any, sport);
	int err = sonde_socket_prepare(fd, family, &of_all);
	if (!err)
		err = sonde_socket_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	return err ? err : bind(fd, &at.any, at.len) < 0 ? -errno : 0;
}

bool sonde_connects_is_full(const struct sonde_connects *c)
{
	return c->n == c->o.max;
}

int sonde_connects_begin(struct sonde_connects *c, uint64_t key, const struct sonde_endpoint *dst, uint16_t sport,
			 sonde_time *at)
{
	bool v6 = dst->addr.family == SONDE_IP6;
	uint32_t i = c->next_free;
	if (sonde_connects_is_full(c))
		return -EAGAIN;
	while (c->slots[i].fd >= 0)
		i = (i + 1) % c->o.max;
	struct slot *slot = &c->slots[i];
	*slot = (struct slot){ .key = key,
			       .fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) };
	if (slot->fd < 0)
		return -errno;
	c->n++;
	int err = prepare(slot->fd, &c->o, dst->addr.family, sport);
	struct epoll_event event = { .events = EPOLLOUT | EPOLLONESHOT, .data.u32 = i };
	struct sonde_sockaddr to = sonde_sockaddr(&dst->addr, dst->port);
	slot->at = *at = sonde_clock_monotonic();
	if (!err && connect(slot->fd, &to.any, to.len) < 0)
		slot->known = -errno;
	/* On loopback the peer refuses at once: a result like any other. */
	if (slot->known == -EINPROGRESS)
		slot->known = 0;
	else if (slot->known != -ECONNREFUSED)
		err = err ? err : slot->known;
	if (!err && epoll_ctl(c->epoll_fd, EPOLL_CTL_ADD, slot->fd, &event) < 0)
		err = -errno;
	if (err)
		end(c, slot);
	c->next_free = (i + 1) % c->o.max;
	return err;
}

void sonde_connects_drop(struct sonde_connects *c, uint64_t key)
{
	for (uint32_t i = 0; i < c->o.max; i++)
		if (c->slots[i].fd >= 0 && c->slots[i].key == key)
			end(c, &c->slots[i]);
}

void sonde_connects_expire(struct sonde_connects *c, sonde_time before)
{
	for (uint32_t i = 0; i < c->o.max; i++)
		if (c->slots[i].fd >= 0 && c->slots[i].at < before)
			end(c, &c->slots[i]);
}

int sonde_connects_next(struct sonde_connects_result *out, struct sonde_connects *c)
{
	struct epoll_event event;
	if (epoll_wait(c->epoll_fd, &event, 1, 0) != 1)
		return 0;
	struct slot *slot = &c->slots[event.data.u32];
	struct sonde_socket_report report;
	struct tcp_info info = { 0 };
	socklen_t info_len = sizeof info, len = sizeof(int);
	int error = 0;
	*out = (struct sonde_connects_result){ .key = slot->key, .at = sonde_clock_monotonic() };
	if (getsockopt(slot->fd, IPPROTO_TCP, TCP_INFO, &info, &info_len) == 0)
		out->retransmitted = info.tcpi_total_retrans > 0;
	if (sonde_socket_report(&report, slot->fd) && report.is_icmp) {
		out->has_error = true;
		out->from = report.from;
		out->type = report.type;
		out->code = report.code;
	}
	getsockopt(slot->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	out->result = slot->known ? slot->known : -error;
	end(c, slot);
	return 1;
}
