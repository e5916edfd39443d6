#include "tools/berkeley/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"

struct server_door {
	struct server *server;
	struct server_door *next;
	struct loop_watch watch;
	bool datagram;
	bool any; /* bound to all addresses */
	uint16_t port;
};

/* A connection that was accepted. */
struct server_guest {
	struct server *server;
	struct server_guest *next;
	struct loop_watch watch;
	struct sonde_endpoint from;
	bool said_all; /* it shut down its direction */
	bool told_all; /* we shut down ours */
	struct outgoing out;
};

static bool is_echo(const struct server *s)
{
	return !s->owner.heard;
}

static void tell(const struct server *s, enum server_news news, const struct sonde_endpoint *from, int err)
{
	if (s->owner.news)
		s->owner.news(s->owner.arg, news, from, err);
}

static void changed(const struct server *s)
{
	if (s->owner.changed)
		s->owner.changed(s->owner.arg);
}

/* --- Guests ------------------------------------------------------------------------------------------------------ */

/* An echo takes more only when what it has is on its way: a guest that does not read is not read from. */
static bool reads(const struct server_guest *g)
{
	return !g->said_all && !(is_echo(g->server) && g->out.len);
}

static void watch_guest(struct server_guest *g)
{
	uint32_t events = (reads(g) ? EPOLLIN : 0u) | (g->out.len ? EPOLLOUT : 0u);

	if (events != g->watch.events)
		loop_change(g->server->loop, &g->watch, events);
}

static void leave(struct server_guest *g)
{
	struct server_guest **at = &g->server->guests;

	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	loop_remove(g->server->loop, &g->watch);
	call_close(g->watch.fd);
	free(g);
}

static void lose(struct server_guest *g, int err)
{
	tell(g->server, SERVER_LOST, &g->from, err);
	leave(g);
}

/* Our direction ends when all has been said: by the owner, or for an echo what it echoes. */
static void tell_all(struct server_guest *g)
{
	bool ends = is_echo(g->server) ? g->said_all : g->server->said_all;

	if (ends && !g->told_all && g->out.len == 0) {
		g->told_all = true;
		call_shutdown(g->watch.fd);
	}
}

/* Send what waits. The guest may be gone afterwards: then this returns false. */
static bool push(struct server_guest *g)
{
	int err = send_outgoing(g->watch.fd, &g->out);

	if (err && err != -EAGAIN) {
		lose(g, err);
		return false;
	}
	tell_all(g);
	if (g->said_all && g->told_all) {
		leave(g);
		return false;
	}
	watch_guest(g);
	return true;
}

static void take(struct server_guest *g)
{
	static uint8_t room[CHUNK];
	struct server *s = g->server;
	uint8_t *data = is_echo(s) ? g->out.data : room;
	ssize_t n = call_recv(g->watch.fd, data, CHUNK);

	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n < 0) {
		lose(g, (int)n);
		return;
	}
	g->said_all = n == 0;
	if (is_echo(s))
		g->out.len = (size_t)n;
	else if (n)
		s->owner.heard(s->owner.arg, data, (size_t)n);
	else if (!s->said_all)
		tell(s, SERVER_SAID_ALL, &g->from, 0);
	push(g);
}

static void on_guest(void *arg, uint32_t events)
{
	struct server_guest *g = arg;
	const struct server *s = g->server;
	bool there = !(events & EPOLLOUT) || push(g);

	if (there && reads(g) && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		take(g);
	else if (there && g->said_all && events & EPOLLERR)
		lose(g, call_connected(g->watch.fd));
	else if (there && g->said_all && events & EPOLLHUP)
		leave(g);
	changed(s);
}

static void welcome(struct server *s, int fd, const struct sonde_endpoint *from)
{
	struct server_guest *g = calloc(1, sizeof(*g));

	if (g) {
		g->server = s;
		g->from = *from;
		g->watch = (struct loop_watch){ .fd = fd, .events = EPOLLIN, .fn = on_guest, .arg = g };
	}
	if (!g || loop_add(s->loop, &g->watch)) {
		free(g);
		call_close(fd);
		return;
	}
	g->next = s->guests;
	s->guests = g;
	s->served++;
	tell(s, SERVER_CAME, from, 0);
	tell_all(g);
}

/* A client that waits and cannot be taken would wake us for ever. */
static void turn_away(struct server *s, int door_fd)
{
	struct sonde_endpoint from;

	close(s->spare_fd);
	int fd = call_accept(door_fd, &from);
	if (fd >= 0) {
		tell(s, SERVER_LOST, &from, -EMFILE);
		call_close(fd);
	}
	s->spare_fd = dup(door_fd);
}

static void on_door(void *arg, uint32_t events)
{
	const struct server_door *d = arg;
	struct server *s = d->server;
	struct sonde_endpoint from;
	int fd = -1;

	(void)events;
	while (!s->shut && (fd = call_accept(d->watch.fd, &from)) >= 0)
		welcome(s, fd, &from);
	if (fd == -EMFILE || fd == -ENFILE)
		turn_away(s, d->watch.fd);
	changed(s);
}

/* --- Datagrams --------------------------------------------------------------------------------------------------- */

/* Where the socket has all addresses of the machine, the answer leaves from the one that was asked. */
static void answer(const struct server *s, const struct server_sender *to, const void *data, size_t len)
{
	int fd = to->door->watch.fd;
	ssize_t n = to->door->any ? call_sendmsg(fd, data, len, &to->from, &to->at)
				  : call_sendto(fd, data, len, &to->from);

	if (n < 0)
		tell(s, SERVER_LOST, &to->from, (int)n);
}

/* What comes from a port that answers everything too would never end, whoever wrote it. */
static bool is_own_port(const struct server *s, uint16_t port)
{
	for (const struct server_door *d = s->doors; d; d = d->next)
		if (d->datagram && d->port == port)
			return true;
	return false;
}

static void on_datagram(void *arg, uint32_t events)
{
	static uint8_t room[CHUNK];
	struct server_door *d = arg;
	struct server *s = d->server;
	struct server_sender sender = { .door = d };
	ssize_t n = d->any ? call_recvmsg(d->watch.fd, room, sizeof(room), &sender.from, &sender.at)
			   : call_recvfrom(d->watch.fd, room, sizeof(room), &sender.from);

	(void)events;
	if (n < 0 || (is_echo(s) && is_own_port(s, sender.from.port)))
		return;
	s->served++;
	s->last = sender;
	if (is_echo(s))
		answer(s, &sender, room, (size_t)n);
	else
		s->owner.heard(s->owner.arg, room, (size_t)n);
	changed(s);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

int server_open(struct server *s, struct loop *loop, const struct server_owner *owner)
{
	*s = (struct server){ .loop = loop, .owner = *owner, .spare_fd = dup(loop->epoll_fd) };
	return s->spare_fd < 0 ? -errno : 0;
}

static int bind_door(struct server_door *d, struct sonde_endpoint *own, int backlog)
{
	int fd = call_socket((enum sonde_family)own->addr.family, d->datagram);
	int err = fd < 0 ? fd : call_bind(fd, own);

	if (!err && !d->datagram)
		err = call_listen(fd, backlog);
	if (!err) {
		*own = local_end(fd);
		d->any = sonde_addr_is_unspecified(&own->addr);
		d->port = own->port;
		d->watch = (struct loop_watch){
			.fd = fd, .events = EPOLLIN, .fn = d->datagram ? on_datagram : on_door, .arg = d
		};
		err = loop_add(d->server->loop, &d->watch);
	}
	if (err && fd >= 0)
		call_close(fd);
	return err;
}

int server_wait(struct server *s, struct sonde_endpoint *own, bool datagram, int backlog)
{
	struct server_door *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->server = s;
	d->datagram = datagram;
	int err = bind_door(d, own, backlog);
	if (err) {
		free(d);
		return err;
	}
	d->next = s->doors;
	s->doors = d;
	return 0;
}

/* The doors themselves stay until the end, for one of them may be the caller's caller. */
void server_shut(struct server *s)
{
	for (struct server_door *d = s->doors; d && !s->shut; d = d->next) {
		loop_remove(s->loop, &d->watch);
		call_close(d->watch.fd);
	}
	s->shut = true;
}

bool server_can_say(const struct server *s)
{
	for (const struct server_guest *g = s->guests; g; g = g->next)
		if (g->out.len)
			return false;
	return s->guests || s->last.door;
}

void server_say(struct server *s, const void *data, size_t len)
{
	if (s->last.door && !s->shut)
		answer(s, &s->last, data, len);
	for (struct server_guest *g = s->guests, *next; g; g = next) {
		next = g->next;
		memcpy(g->out.data, data, len);
		g->out.len = len;
		push(g);
	}
}

void server_said_all(struct server *s)
{
	s->said_all = true;
	for (struct server_guest *g = s->guests, *next; g; g = next) {
		next = g->next;
		push(g);
	}
}

void server_close(struct server *s)
{
	while (s->guests)
		leave(s->guests);
	server_shut(s);
	for (struct server_door *d; (d = s->doors); free(d))
		s->doors = d->next;
	close(s->spare_fd);
}
