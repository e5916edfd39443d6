#include "tools/berkeley/server.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"

struct server_socket {
	struct server *server;
	struct server_socket *next;
	struct loop_watch watch;
	bool datagram;
	bool any; /* bound to all addresses */
	uint16_t port;
};

struct server_client {
	struct server *server;
	struct server_client *next;
	struct loop_watch watch;
	struct sonde_endpoint from;
	bool is_half_closed; /* it has shut down its direction */
	bool we_shut_down;   /* we have shut down ours */
	struct outgoing out;
};

static bool is_echo(const struct server *s)
{
	return !s->owner.received;
}

static void report(const struct server *s, enum server_event event, const struct sonde_endpoint *from, int err)
{
	if (s->owner.event)
		s->owner.event(s->owner.arg, event, from, err);
}

static void changed(const struct server *s)
{
	if (s->owner.changed)
		s->owner.changed(s->owner.arg);
}

/* --- Clients ----------------------------------------------------------------------------------------------------- */

/* An echo reads more only when all that it has is sent: it does not read from a client that does not read. */
static bool wants_input(const struct server_client *c)
{
	return !c->is_half_closed && !(is_echo(c->server) && c->out.len);
}

static void watch_client(struct server_client *c)
{
	uint32_t events = (wants_input(c) ? EPOLLIN : 0u) | (c->out.len ? EPOLLOUT : 0u);

	if (events != c->watch.events)
		loop_change(c->server->loop, &c->watch, events);
}

static void drop(struct server_client *c)
{
	struct server_client **at = &c->server->clients;

	while (*at != c)
		at = &(*at)->next;
	*at = c->next;
	loop_remove(c->server->loop, &c->watch);
	call_close(c->watch.fd);
	free(c);
}

static void fail(struct server_client *c, int err)
{
	report(c->server, SERVER_FAILED, &c->from, err);
	drop(c);
}

/* Shut down our direction once all is sent that will be: the owner has finished, or for an echo the client has. */
static void shut_down_if_done(struct server_client *c)
{
	bool ends = is_echo(c->server) ? c->is_half_closed : c->server->finished;

	if (ends && !c->we_shut_down && c->out.len == 0) {
		c->we_shut_down = true;
		call_shutdown(c->watch.fd);
	}
}

/* Send what waits. Returns false where the client is gone afterwards. */
static bool push(struct server_client *c)
{
	int err = send_outgoing(c->watch.fd, &c->out);

	if (err && err != -EAGAIN) {
		fail(c, err);
		return false;
	}
	shut_down_if_done(c);
	if (c->is_half_closed && c->we_shut_down) {
		drop(c);
		return false;
	}
	watch_client(c);
	return true;
}

static void receive(struct server_client *c)
{
	static uint8_t room[CHUNK];
	struct server *s = c->server;
	uint8_t *data = is_echo(s) ? c->out.data : room;
	ssize_t n = call_recv(c->watch.fd, data, CHUNK);

	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n < 0) {
		fail(c, (int)n);
		return;
	}
	c->is_half_closed = n == 0;
	if (is_echo(s))
		c->out.len = (size_t)n;
	else if (n)
		s->owner.received(s->owner.arg, data, (size_t)n);
	else if (!s->finished)
		report(s, SERVER_HALF_CLOSED, &c->from, 0);
	push(c);
}

static void on_client(void *arg, uint32_t events)
{
	struct server_client *c = arg;
	const struct server *s = c->server;
	bool there = !(events & EPOLLOUT) || push(c);

	if (there && wants_input(c) && events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		receive(c);
	else if (there && c->is_half_closed && events & EPOLLERR)
		fail(c, call_error(c->watch.fd));
	else if (there && c->is_half_closed && events & EPOLLHUP)
		drop(c);
	changed(s);
}

static void add_client(struct server *s, int fd, const struct sonde_endpoint *from)
{
	struct server_client *c = calloc(1, sizeof(*c));

	if (c) {
		c->server = s;
		c->from = *from;
		c->watch = (struct loop_watch){ .fd = fd, .events = EPOLLIN, .fn = on_client, .arg = c };
	}
	if (!c || loop_add(s->loop, &c->watch)) {
		free(c);
		call_close(fd);
		return;
	}
	c->next = s->clients;
	s->clients = c;
	s->served++;
	report(s, SERVER_CONNECTED, from, 0);
	shut_down_if_done(c);
}

/* Accept and close: a client that could not be accepted would keep the socket readable for ever. */
static void refuse_client(struct server *s, int socket_fd)
{
	struct sonde_endpoint from;

	close(s->spare_fd);
	int fd = call_accept(socket_fd, &from);
	if (fd >= 0) {
		report(s, SERVER_FAILED, &from, -EMFILE);
		call_close(fd);
	}
	s->spare_fd = dup(socket_fd);
}

static void on_connection(void *arg, uint32_t events)
{
	const struct server_socket *k = arg;
	struct server *s = k->server;
	struct sonde_endpoint from;
	int fd = -1;

	(void)events;
	while (!s->stopped && (fd = call_accept(k->watch.fd, &from)) >= 0)
		add_client(s, fd, &from);
	if (fd == -EMFILE || fd == -ENFILE)
		refuse_client(s, k->watch.fd);
	changed(s);
}

/* --- Datagrams --------------------------------------------------------------------------------------------------- */

/* From a socket at all addresses of the machine, the answer leaves from the one that the question was sent to. */
static void answer(const struct server *s, const struct server_sender *to, const void *data, size_t len)
{
	int fd = to->socket->watch.fd;
	ssize_t n = to->socket->any ? call_sendmsg(fd, data, len, &to->from, &to->at)
				    : call_sendto(fd, data, len, &to->from);

	if (n < 0)
		report(s, SERVER_FAILED, &to->from, (int)n);
}

/* Two servers that answer everything would answer each other for ever. */
static bool is_own_port(const struct server *s, uint16_t port)
{
	for (const struct server_socket *k = s->sockets; k; k = k->next)
		if (k->datagram && k->port == port)
			return true;
	return false;
}

static void on_datagram(void *arg, uint32_t events)
{
	static uint8_t room[CHUNK];
	struct server_socket *k = arg;
	struct server *s = k->server;
	struct server_sender sender = { .socket = k };
	ssize_t n = k->any ? call_recvmsg(k->watch.fd, room, sizeof(room), &sender.from, &sender.at)
			   : call_recvfrom(k->watch.fd, room, sizeof(room), &sender.from);

	(void)events;
	if (n < 0 || (is_echo(s) && is_own_port(s, sender.from.port)))
		return;
	s->served++;
	s->last = sender;
	if (is_echo(s))
		answer(s, &sender, room, (size_t)n);
	else
		s->owner.received(s->owner.arg, room, (size_t)n);
	changed(s);
}

/* --- The server -------------------------------------------------------------------------------------------------- */

int server_open(struct server *s, struct loop *loop, const struct server_owner *owner)
{
	*s = (struct server){ .loop = loop, .owner = *owner, .spare_fd = dup(loop->epoll_fd) };
	return s->spare_fd < 0 ? -errno : 0;
}

static int open_socket(struct server_socket *k, struct sonde_endpoint *own, int backlog)
{
	int fd = call_socket((enum sonde_family)own->addr.family, k->datagram);
	int err = fd < 0 ? fd : call_bind(fd, own, k->datagram);

	if (!err && !k->datagram)
		err = call_listen(fd, backlog);
	if (!err && own->port == 0)
		err = call_getsockname(fd, own);
	k->any = sonde_addr_is_unspecified(&own->addr);
	k->port = own->port;
	k->watch = (struct loop_watch){
		.fd = fd, .events = EPOLLIN, .fn = k->datagram ? on_datagram : on_connection, .arg = k
	};
	if (!err)
		err = loop_add(k->server->loop, &k->watch);
	if (err && fd >= 0)
		call_close(fd);
	return err;
}

int server_listen(struct server *s, struct sonde_endpoint *own, bool datagram, int backlog)
{
	struct server_socket *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	k->server = s;
	k->datagram = datagram;
	int err = open_socket(k, own, backlog);
	if (err) {
		free(k);
		return err;
	}
	k->next = s->sockets;
	s->sockets = k;
	return 0;
}

/* The sockets' memory stays until the end, since the callback of one of them may be running. */
void server_stop(struct server *s)
{
	for (struct server_socket *k = s->sockets; k && !s->stopped; k = k->next) {
		loop_remove(s->loop, &k->watch);
		call_close(k->watch.fd);
	}
	s->stopped = true;
}

bool server_can_send(const struct server *s)
{
	for (const struct server_client *c = s->clients; c; c = c->next)
		if (c->out.len)
			return false;
	return s->clients || s->last.socket;
}

void server_send(struct server *s, const void *data, size_t len)
{
	if (s->last.socket && !s->stopped)
		answer(s, &s->last, data, len);
	for (struct server_client *c = s->clients, *next; c; c = next) {
		next = c->next;
		memcpy(c->out.data, data, len);
		c->out.len = len;
		push(c);
	}
}

void server_finish(struct server *s)
{
	s->finished = true;
	for (struct server_client *c = s->clients, *next; c; c = next) {
		next = c->next;
		push(c);
	}
}

void server_close(struct server *s)
{
	while (s->clients)
		drop(s->clients);
	server_stop(s);
	for (struct server_socket *k; (k = s->sockets); free(k))
		s->sockets = k->next;
	close(s->spare_fd);
}
