/* sonde connect: a stream or datagram client between stdin, stdout and a socket. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"

struct connect_options {
	const char *host, *port;
	bool datagram, steps;
};

enum { KEY_UDP = OPTIONS_OWN_KEY, KEY_STEPS };

static const struct argp_option rows[] = {
	{ "udp", KEY_UDP, NULL, 0, "datagrams: what is read at once from stdin goes out as one", 0 },
	{ "steps", KEY_STEPS, NULL, 0, "tell each call, its result, and what the socket then is", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct connect_options *c = state->input;
	switch (key) {
	case KEY_UDP: c->datagram = true; return 0;
	case KEY_STEPS: c->steps = true; return 0;
	case ARGP_KEY_ARG:
		if (c->port)
			return option_bad("'%s': HOST and PORT are all", arg);
		*(c->host ? &c->port : &c->host) = arg;
		return 0;
	case ARGP_KEY_END: return c->port ? 0 : option_bad("HOST and PORT expected");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "HOST PORT",
	.about = "Connect, send standard input, print what comes back.\v"
		 "When standard input ends, that direction is shut down, and the rest is still read. -W: how "
		 "long to wait for the connection, and with --udp for answers once standard input has ended "
		 "(default 1 s). Exit status 1: refused, reset or timed out.",
	.shared = OPTIONS_FAMILY | OPTIONS_WAIT | OPTIONS_VERBOSE,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

struct client {
	const struct options *o;
	const struct connect_options *c;
	struct sonde_endpoint ends[ENDPOINTS]; /* where the name leads: tried one after the other */
	unsigned n_ends, tried;
	struct sonde_endpoint to; /* the one that is tried, or was reached */
	struct loop loop;
	struct input input;
	struct loop_watch socket;
	struct loop_timer wait;
	struct outgoing out;
	uint64_t sent, received;
	bool connected, heard_all; /* the other side has no more to say */
	int status;
};

static void end(struct client *k, int status)
{
	k->status = status;
	loop_stop(&k->loop, status ? LOOP_ERROR : LOOP_COMPLETE);
}

static void try_next(struct client *k);

/* A name may have addresses that do not answer, and one that does. */
static void fail(struct client *k, int err)
{
	char to[SONDE_ENDPOINT_STRLEN];
	bool goes_on = !k->connected && k->tried < k->n_ends;
	sonde_endpoint_format(to, &k->to);
	if (k->connected && k->sent + k->received > 0)
		message("%s: %s, after %" PRIu64 " bytes sent and %" PRIu64 " received", to, failure_text(err), k->sent,
			k->received);
	else
		message("%s: %s%s", to, failure_text(err), goes_on ? "; trying the next address" : "");
	if (goes_on)
		try_next(k);
	else
		end(k, err == -EADDRNOTAVAIL || err == -EMFILE ? STATUS_SYSTEM : STATUS_NOT);
}

/* Both directions have ended. A person at a terminal whose other side has left is not kept waiting. */
static void end_if_done(struct client *k)
{
	bool said_all = k->input.ended && k->out.len == 0;
	if (k->heard_all && (said_all || isatty(STDIN_FILENO)))
		end(k, STATUS_DONE);
}

/* --- Out --------------------------------------------------------------------------------------------------------- */

static void listen_to(struct client *k)
{
	bool full = k->out.len > 0;
	input_want(&k->input, &k->loop, k->connected && !full);
	loop_change(&k->loop, &k->socket,
		    (k->connected && !k->heard_all ? EPOLLIN : 0u) | (full || !k->connected ? EPOLLOUT : 0u));
}

static void on_input_end(struct client *k)
{
	input_end(&k->input, &k->loop);
	if (k->c->datagram)
		loop_set(&k->loop, &k->wait, sonde_clock_monotonic() + k->o->wait_ns);
	else
		call_shutdown(k->socket.fd);
	end_if_done(k);
}

static int push(struct client *k)
{
	size_t before = k->out.len - k->out.at;
	int err = send_outgoing(k->socket.fd, &k->out);
	k->sent += before - (k->out.len - k->out.at);
	if (err && err != -EAGAIN) {
		fail(k, err);
		return err;
	}
	return 0;
}

static void on_input(void *arg, uint32_t events)
{
	struct client *k = arg;
	(void)events;
	ssize_t n = read(STDIN_FILENO, k->out.data, k->c->datagram ? DATAGRAM_MAX : sizeof k->out.data);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n <= 0) {
		on_input_end(k);
		return;
	}
	k->out.at = 0;
	k->out.len = (size_t)n;
	if (push(k) == 0)
		listen_to(k);
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

static void on_end(struct client *k)
{
	char to[SONDE_ENDPOINT_STRLEN];
	k->heard_all = true;
	if (!k->input.ended && !isatty(STDIN_FILENO) && k->o->verbosity >= 0)
		message("%s has no more to say, and can be told more (half-closed)", sonde_endpoint_format(to, &k->to));
	end_if_done(k);
}

static void on_readable(struct client *k)
{
	static uint8_t room[CHUNK];
	ssize_t n = call_recv(k->socket.fd, room, sizeof room);
	if (n == -EAGAIN || n == -EINTR)
		return;
	if (n < 0) {
		fail(k, (int)n);
		return;
	}
	if (n == 0 && !k->c->datagram) {
		on_end(k);
		return;
	}
	k->received += (uint64_t)n;
	int err = files_write(STDOUT_FILENO, room, (size_t)n);
	if (err) {
		message_code(err, "cannot write to standard output");
		end(k, STATUS_SYSTEM);
	}
	if (k->c->datagram && k->input.ended)
		loop_set(&k->loop, &k->wait, sonde_clock_monotonic() + k->o->wait_ns);
}

static void on_connected(struct client *k)
{
	int err = call_connected(k->socket.fd);
	if (err) {
		fail(k, err);
		return;
	}
	k->connected = true;
	loop_cancel(&k->loop, &k->wait);
	listen_to(k);
}

static void on_socket(void *arg, uint32_t events)
{
	struct client *k = arg;
	if (!k->connected) {
		on_connected(k);
		return;
	}
	if (events & EPOLLOUT && push(k))
		return;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !k->heard_all)
		on_readable(k);
	else if (events & (EPOLLHUP | EPOLLERR))
		fail(k, events & EPOLLERR ? call_connected(k->socket.fd) : -EPIPE);
	if (k->loop.end == LOOP_RUNS)
		listen_to(k);
}

/* Connecting takes too long, or no more datagrams come. */
static void on_wait_over(void *arg)
{
	struct client *k = arg;
	int complaint = k->connected ? 0 : call_connected(k->socket.fd);
	if (!k->connected || (k->sent && !k->received))
		fail(k, complaint ? complaint : -ETIMEDOUT);
	else
		end(k, STATUS_DONE);
}

/* --- The whole --------------------------------------------------------------------------------------------------- */

static int begin(struct client *k)
{
	int fd = call_socket((enum sonde_family)k->to.addr.family, k->c->datagram);
	if (fd < 0)
		return fd;
	k->socket = (struct loop_watch){ .fd = fd, .events = EPOLLOUT, .fn = on_socket, .arg = k };
	int err = loop_add(&k->loop, &k->socket);
	if (!err && k->o->source.family) {
		struct sonde_endpoint own = { k->o->source, 0 };
		err = call_bind(fd, &own);
	}
	if (!err)
		err = call_connect(fd, &k->to);
	k->connected = err == 0;
	return err == -EINPROGRESS ? 0 : err;
}

static void give_back(struct client *k)
{
	if (k->socket.fd < 0)
		return;
	loop_remove(&k->loop, &k->socket);
	call_close(k->socket.fd);
	k->socket.fd = -1;
}

static void try_next(struct client *k)
{
	give_back(k);
	k->to = k->ends[k->tried++];
	int err = begin(k);
	if (err)
		fail(k, err);
	else if (!k->connected)
		loop_set(&k->loop, &k->wait, sonde_clock_monotonic() + k->o->wait_ns);
}

/* What is over by then is not judged by it: datagrams have no end. */
static void on_deadline(struct client *k)
{
	char to[SONDE_ENDPOINT_STRLEN];
	if (k->c->datagram && (k->received || !k->sent))
		return;
	message("%s: %s by the deadline", sonde_endpoint_format(to, &k->to),
		k->connected ? "not at its end" : "no answer");
	k->status = STATUS_NOT;
}

static int run(struct client *k)
{
	int err = loop_open(&k->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	k->input.watch = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_input, .arg = k };
	k->wait = (struct loop_timer){ .fn = on_wait_over, .arg = k };
	k->socket.fd = -1;
	if (k->o->deadline_ns >= 0)
		loop_limit(&k->loop, sonde_clock_monotonic() + k->o->deadline_ns);
	try_next(k);
	if (k->loop.end == LOOP_RUNS)
		listen_to(k);
	enum loop_end how = loop_run(&k->loop);
	if (how == LOOP_INTERRUPTED)
		k->status = STATUS_INTERRUPTED;
	else if (how == LOOP_DEADLINE)
		on_deadline(k);
	give_back(k);
	loop_close(&k->loop);
	return k->status;
}

int cmd_connect(int argc, char **argv)
{
	static struct client k;
	struct connect_options c = { 0 };
	struct options o;
	int status = options_parse(&o, &c, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	k.o = &o;
	k.c = &c;
	calls_narrate(c.steps);
	if (strcmp(c.port, "0") == 0) {
		message("'0': nobody can listen at port 0");
		return STATUS_USAGE;
	}
	status = read_endpoints(k.ends, &k.n_ends, c.host, c.port, o.family ? o.family : o.source.family);
	return status ? status : run(&k);
}
