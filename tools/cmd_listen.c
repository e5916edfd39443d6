/* sonde listen: a stream or datagram server for many clients at once. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"
#include "tools/cmd.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"

struct listen_options {
	const char *address, *port;
	bool datagram, steps, echo, once, keep;
	uint64_t backlog;
};

enum { KEY_UDP = OPTIONS_OWN_KEY, KEY_STEPS, KEY_ECHO, KEY_ONCE, KEY_KEEP, KEY_BACKLOG };

static const struct argp_option rows[] = {
	{ "udp", KEY_UDP, NULL, 0, "datagrams", 0 },
	{ "steps", KEY_STEPS, NULL, 0, "tell each call, its result, and what the socket then is", 0 },
	{ "echo", KEY_ECHO, NULL, 0, "send back what comes, instead of printing it", 0 },
	{ "once", KEY_ONCE, NULL, 0, "one connection, or one datagram", 0 },
	{ "keep", KEY_KEEP, NULL, 0, "go on when standard input has ended and all clients have left", 0 },
	{ "backlog", KEY_BACKLOG, "N", 0, "connections that may wait to be accepted (default 128)", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct listen_options *l = state->input;
	switch (key) {
	case KEY_UDP: l->datagram = true; return 0;
	case KEY_STEPS: l->steps = true; return 0;
	case KEY_ECHO: l->echo = true; return 0;
	case KEY_ONCE: l->once = true; return 0;
	case KEY_KEEP: l->keep = true; return 0;
	case KEY_BACKLOG: return option_uint(&l->backlog, "--backlog", arg, 0, INT32_MAX);
	case ARGP_KEY_ARG:
		if (l->address)
			return option_bad("'%s': ADDRESS and PORT are all", arg);
		l->address = l->port;
		l->port = arg;
		return 0;
	case ARGP_KEY_END: return l->port ? 0 : option_bad("PORT expected");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "[ADDRESS] PORT",
	.about = "Wait for clients, print what they send, send them standard input.\v"
		 "Many clients are served at once: standard input goes to all that are there, and waits while none is. When "
		 "it has ended, every client's direction is shut down; when then the last client leaves, so does listen, "
		 "unless --keep. Without ADDRESS: all addresses, of IPv6 with -6.",
	.shared = OPTIONS_FAMILY | OPTIONS_WAIT | OPTIONS_VERBOSE,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

struct server;

/* A connection that was accepted. */
struct guest {
	struct server *server;
	struct guest *next;
	struct loop_watch watch;
	struct sonde_endpoint from;
	struct outgoing out;
	bool said_all; /* it shut down its direction */
	bool told_all; /* we shut down ours */
};

struct server {
	const struct options *o;
	const struct listen_options *l;
	struct sonde_endpoint own;
	struct loop loop;
	struct loop_watch door;
	struct input input;
	struct guest *guests;
	struct sonde_endpoint last; /* the sender of the last datagram */
	int status;
	uint64_t served;
};

static void end(struct server *s, int status)
{
	s->status = status;
	loop_stop(&s->loop, status ? LOOP_ERROR : LOOP_COMPLETE);
}

static void end_if_done(struct server *s)
{
	if (s->guests || s->l->keep)
		return;
	if (s->l->once ? s->served > 0 : s->input.ended && s->served > 0 && !s->l->echo)
		end(s, STATUS_DONE);
}

/* --- Streams ----------------------------------------------------------------------------------------------------- */

static bool any_full(const struct server *s)
{
	for (const struct guest *g = s->guests; g; g = g->next)
		if (g->out.len)
			return true;
	return false;
}

/* Standard input is read while somebody is there to take it. */
static void listen_to(struct server *s)
{
	bool there = s->guests || (s->l->datagram && s->last.addr.family);
	input_want(&s->input, &s->loop, there && !s->l->echo && !any_full(s));
	for (struct guest *g = s->guests; g; g = g->next) {
		bool full = g->out.len > 0;
		/* An echo takes more only when what it has is on its way. */
		bool reads = !g->said_all && !(s->l->echo && full);
		loop_change(&s->loop, &g->watch, (reads ? EPOLLIN : 0u) | (full ? EPOLLOUT : 0u));
	}
}

static void leave(struct guest *g)
{
	struct server *s = g->server;
	struct guest **at = &s->guests;
	while (*at != g)
		at = &(*at)->next;
	*at = g->next;
	loop_remove(&s->loop, &g->watch);
	call_close(g->watch.fd);
	free(g);
	end_if_done(s);
}

static void lose(struct guest *g, int err)
{
	char from[SONDE_ENDPOINT_STRLEN];
	if (g->server->o->verbosity >= 0)
		message("%s: %s", sonde_endpoint_format(from, &g->from), failure_text(err));
	leave(g);
}

/* Our direction ends when all has been said: with the input, or for an echo with what it echoes. */
static void tell_all(struct guest *g)
{
	bool ends = g->server->l->echo ? g->said_all : g->server->input.ended;
	if (ends && !g->told_all && g->out.len == 0) {
		g->told_all = true;
		call_shutdown(g->watch.fd);
	}
}

/* Returns false when the guest is gone. */
static bool push(struct guest *g)
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
	return true;
}

static bool take(struct guest *g)
{
	static uint8_t room[CHUNK];
	struct server *s = g->server;
	ssize_t n = call_recv(g->watch.fd, room, sizeof room);
	if (n == -EAGAIN || n == -EINTR)
		return true;
	if (n < 0) {
		lose(g, (int)n);
		return false;
	}
	g->said_all = n == 0;
	if (s->l->echo) {
		memcpy(g->out.data, room, (size_t)n);
		g->out.len = (size_t)n;
	} else if (n && write_stdout(room, (size_t)n)) {
		end(s, STATUS_SYSTEM);
	}
	return push(g);
}

static void on_guest(void *arg, uint32_t events)
{
	struct guest *g = arg;
	struct server *s = g->server;
	bool there = true;
	if (events & EPOLLOUT)
		there = push(g);
	if (there && !g->said_all && events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !(s->l->echo && g->out.len))
		there = take(g);
	else if (there && events & (EPOLLHUP | EPOLLERR) && g->said_all)
		leave(g);
	listen_to(s);
}

static void welcome(struct server *s, int fd, const struct sonde_endpoint *from)
{
	char text[SONDE_ENDPOINT_STRLEN];
	struct guest *g = calloc(1, sizeof *g);
	if (!g) {
		call_close(fd);
		return;
	}
	g->server = s;
	g->from = *from;
	g->watch = (struct loop_watch){ .fd = fd, .events = EPOLLIN, .fn = on_guest, .arg = g };
	g->next = s->guests;
	s->guests = g;
	s->served++;
	if (s->o->verbosity > 0)
		message("%s is here", sonde_endpoint_format(text, from));
	loop_add(&s->loop, &g->watch);
	tell_all(g);
}

static void on_door(void *arg, uint32_t events)
{
	struct server *s = arg;
	struct sonde_endpoint from;
	int fd;
	(void)events;
	while ((fd = call_accept(s->door.fd, &from)) >= 0) {
		welcome(s, fd, &from);
		if (s->l->once) {
			loop_remove(&s->loop, &s->door);
			break;
		}
	}
	listen_to(s);
}

/* --- Datagrams --------------------------------------------------------------------------------------------------- */

static void on_datagram(void *arg, uint32_t events)
{
	static uint8_t room[CHUNK];
	struct server *s = arg;
	(void)events;
	ssize_t n = call_recvfrom(s->door.fd, room, sizeof room, &s->last);
	if (n < 0)
		return;
	s->served++;
	if (s->l->echo)
		call_sendto(s->door.fd, room, (size_t)n, &s->last);
	else if (write_stdout(room, (size_t)n))
		end(s, STATUS_SYSTEM);
	listen_to(s);
	if (s->l->once)
		end(s, STATUS_DONE);
}

/* --- Standard input ---------------------------------------------------------------------------------------------- */

static void on_input_end(struct server *s)
{
	input_end(&s->input, &s->loop);
	for (struct guest *g = s->guests, *next; g; g = next) {
		next = g->next;
		push(g);
	}
	end_if_done(s);
}

static void on_input(void *arg, uint32_t events)
{
	static uint8_t room[CHUNK];
	struct server *s = arg;
	(void)events;
	ssize_t n = read(STDIN_FILENO, room, sizeof room);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		on_input_end(s);
		return;
	}
	if (s->l->datagram)
		call_sendto(s->door.fd, room, (size_t)n, &s->last);
	for (struct guest *g = s->guests, *next; g; g = next) {
		next = g->next;
		memcpy(g->out.data, room, (size_t)n);
		g->out.len = (size_t)n;
		push(g);
	}
	listen_to(s);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static int open_door(struct server *s)
{
	int fd = call_socket((enum sonde_family)s->own.addr.family, s->l->datagram);
	if (fd < 0)
		return fd;
	s->door.fd = fd;
	int err = call_bind(fd, &s->own);
	return err || s->l->datagram ? err : call_listen(fd, (int)s->l->backlog);
}

static int run(struct server *s)
{
	char text[SONDE_ENDPOINT_STRLEN];
	int err = loop_open(&s->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	s->door = (struct loop_watch){ .fd = -1, .events = EPOLLIN, .fn = s->l->datagram ? on_datagram : on_door, .arg = s };
	s->input.watch = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_input, .arg = s };
	err = open_door(s);
	if (err) {
		message("%s: %s", sonde_endpoint_format(text, &s->own), failure_text(err));
		s->status = STATUS_SYSTEM;
	} else {
		s->own = local_end(s->door.fd);
		if (s->o->verbosity > 0)
			message("listens on %s", sonde_endpoint_format(text, &s->own));
		loop_add(&s->loop, &s->door);
		if (s->o->deadline_ns >= 0)
			loop_limit(&s->loop, sonde_clock_monotonic() + s->o->deadline_ns);
		loop_run(&s->loop);
	}
	while (s->guests)
		leave(s->guests);
	if (s->door.fd >= 0)
		call_close(s->door.fd);
	loop_close(&s->loop);
	return s->status;
}

int cmd_listen(int argc, char **argv)
{
	static struct server s;
	struct listen_options l = { .backlog = 128 };
	struct options o;
	int status = options_parse(&o, &l, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	s.o = &o;
	s.l = &l;
	calls_narrate(l.steps);
	status = read_endpoint(&s.own, l.address, l.port, o.family);
	return status ? status : run(&s);
}
