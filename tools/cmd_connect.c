/* sonde connect: a stream or datagram client between stdin, stdout and a socket. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "io/clock.h"
#include "tools/berkeley/calls.h"
#include "tools/berkeley/check.h"
#include "tools/berkeley/common.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

struct connect_options {
	const char *host, *port;
	bool datagram, steps, check;
};

enum { KEY_UDP = OPTIONS_OWN_KEY, KEY_STEPS, KEY_CHECK };

static const struct argp_option rows[] = {
	{ "udp", KEY_UDP, NULL, 0, "datagrams: what is read at once from stdin goes out as one", 0 },
	{ "steps", KEY_STEPS, NULL, 0, "print each call, its result, and the addresses of the socket", 0 },
	{ "check", KEY_CHECK, NULL, 0, "only say which ports of PORT (22,80,8000-8010) are open", 0 },
	{ 0 },
};

static error_t refuse_arguments(const char *host)
{
	const char *colon = host ? strrchr(host, ':') : NULL;
	if (colon && colon[1] && colon[1 + strspn(colon + 1, "0123456789")] == '\0' && strchr(host, ':') == colon)
		return option_bad("HOST and PORT are two words: sonde connect %.*s %s", (int)(colon - host), host,
				  colon + 1);
	return option_bad("HOST and PORT expected");
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct connect_options *c = state->input;
	switch (key) {
	case KEY_UDP: c->datagram = true; return 0;
	case KEY_STEPS: c->steps = true; return 0;
	case KEY_CHECK: c->check = true; return 0;
	case ARGP_KEY_ARG:
		if (c->port)
			return option_bad("'%s': HOST and PORT are all", arg);
		*(c->host ? &c->port : &c->host) = arg;
		return 0;
	case ARGP_KEY_END: return c->port ? 0 : refuse_arguments(c->host);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "HOST PORT",
	.about = "Connect, send standard input, print what comes back.\v"
		 "When standard input ends, that direction is shut down, and the rest is still read. -W: how "
		 "long to wait for the connection, and with --udp for answers once standard input has ended "
		 "(default 1 s). Exit status 1: refused, reset or timed out; with --check: no port is open.",
	.shared = OPTIONS_FAMILY | OPTIONS_WAIT | OPTIONS_DEADLINE | OPTIONS_VERBOSE |
		  OPTIONS_SANDBOX,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

/* The datagrams that no answer has come to yet, each behind its length, for the next address. */
struct unanswered {
	uint8_t data[CHUNK];
	size_t len;
	bool too_many;
};

struct client {
	const struct options *o;
	const struct connect_options *c;
	struct sonde_endpoint ends[ENDPOINTS]; /* what the name stands for: tried one after the other */
	unsigned n_ends, tried;
	struct sonde_endpoint to; /* the one at hand */
	struct loop loop;
	struct input input;
	struct loop_watch socket;
	struct loop_timer wait;
	struct outgoing out;
	struct unanswered unanswered;
	uint64_t sent, received;
	bool connected;
	bool half_closed; /* the other side has shut down its direction */
	int status;
};

static void end(struct client *k, int status)
{
	k->status = status;
	loop_stop(&k->loop, status ? LOOP_ERROR : LOOP_COMPLETE);
}

static void try_next(struct client *k);

/* One address of a name may fail and another one not. A datagram that was refused reached nobody; one that was not
 * answered may have, and goes to no other address. */
static void fail(struct client *k, int err)
{
	char to[SONDE_ENDPOINT_STRLEN];
	const char *text =
		err == -EADDRNOTAVAIL ? "this machine has no address or no port to connect from" : failure_text(err);
	bool refused = k->c->datagram && !k->received && !k->unanswered.too_many && err != -ETIMEDOUT;
	bool goes_on = (!k->connected || refused) && k->tried < k->n_ends;
	sonde_endpoint_format(to, &k->to);
	if (goes_on)
		message("%s: %s; trying the next address", to, text);
	else if (k->connected && k->sent + k->received > 0)
		message("%s: %s, after %" PRIu64 " bytes sent and %" PRIu64 " received", to, text, k->sent,
			k->received);
	else
		message("%s: %s", to, text);
	if (goes_on)
		try_next(k);
	else
		end(k, err == -EADDRNOTAVAIL || err == -EMFILE ? STATUS_SYSTEM : STATUS_NOT);
}

/* Both directions have ended. At a terminal it is enough that the other side has: nobody has to end the input then. */
static void end_if_done(struct client *k)
{
	bool sent_all = k->input.ended && k->out.len == 0;
	if (k->half_closed && (sent_all || isatty(STDIN_FILENO)))
		end(k, STATUS_DONE);
}

/* --- Sending ----------------------------------------------------------------------------------------------------- */

/* Watch standard input and the socket for what can be done next. */
static void watch(struct client *k)
{
	bool full = k->out.len > 0;
	if (k->loop.end != LOOP_RUNS)
		return;
	input_want(&k->input, &k->loop, k->connected && !full);
	loop_change(&k->loop, &k->socket,
		    (k->connected && !k->half_closed ? EPOLLIN : 0u) | (full || !k->connected ? EPOLLOUT : 0u));
}

static void wait_for_answer(struct client *k)
{
	loop_set(&k->loop, &k->wait, sonde_clock_monotonic() + k->o->wait_ns);
}

static void on_input_end(struct client *k)
{
	input_end(&k->input, &k->loop);
	if (k->c->datagram)
		wait_for_answer(k);
	else
		call_shutdown(k->socket.fd);
	end_if_done(k);
}

/* Returns whether the socket is still the same. */
static bool push(struct client *k)
{
	size_t before = k->out.len - k->out.at;
	int err = send_outgoing(k->socket.fd, &k->out);
	k->sent += before - (k->out.len - k->out.at);
	if (err && err != -EAGAIN)
		fail(k, err);
	return !err || err == -EAGAIN;
}

static void remember(struct unanswered *u, const uint8_t *data, size_t len)
{
	u->too_many = u->too_many || u->len + 2 + len > sizeof u->data;
	if (u->too_many)
		return;
	sonde_put_be16(u->data + u->len, (uint16_t)len);
	memcpy(u->data + u->len + 2, data, len);
	u->len += 2 + len;
}

static void send_again(struct client *k)
{
	const struct unanswered *u = &k->unanswered;
	ssize_t n = 0;
	for (size_t at = 0; at < u->len && n >= 0; at += 2u + sonde_get_be16(u->data + at)) {
		n = call_send(k->socket.fd, u->data + at + 2, sonde_get_be16(u->data + at));
		k->sent += n > 0 ? (uint64_t)n : 0;
	}
	if (n < 0)
		fail(k, (int)n);
	else if (k->input.ended)
		wait_for_answer(k);
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
	if (k->c->datagram && !k->received)
		remember(&k->unanswered, k->out.data, k->out.len);
	push(k);
	watch(k);
}

/* --- Receiving --------------------------------------------------------------------------------------------------- */

static void on_end(struct client *k)
{
	char to[SONDE_ENDPOINT_STRLEN];
	k->half_closed = true;
	if (!k->input.ended && !isatty(STDIN_FILENO) && k->o->verbosity >= 0)
		message("%s sends no more, and still receives (half-closed)", sonde_endpoint_format(to, &k->to));
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
		wait_for_answer(k);
}

static void on_connected(struct client *k)
{
	int err = call_error(k->socket.fd);
	if (err) {
		fail(k, err);
		return;
	}
	k->connected = true;
	loop_cancel(&k->loop, &k->wait);
}

static void on_ready(struct client *k, uint32_t events)
{
	if (events & EPOLLOUT && !push(k))
		return;
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && !k->half_closed)
		on_readable(k);
	else if (events & (EPOLLHUP | EPOLLERR))
		fail(k, events & EPOLLERR ? call_error(k->socket.fd) : -EPIPE);
}

static void on_socket(void *arg, uint32_t events)
{
	struct client *k = arg;
	if (k->connected)
		on_ready(k, events);
	else
		on_connected(k);
	watch(k);
}

/* Connecting takes too long, or no more datagrams come. */
static void on_wait_over(void *arg)
{
	struct client *k = arg;
	int err = k->connected ? 0 : call_error(k->socket.fd);
	if (!k->connected || (k->sent && !k->received))
		fail(k, err ? err : -ETIMEDOUT);
	else
		end(k, STATUS_DONE);
	watch(k);
}

/* --- The run ----------------------------------------------------------------------------------------------------- */

static void close_socket(struct client *k)
{
	if (k->socket.fd < 0)
		return;
	loop_remove(&k->loop, &k->socket);
	call_close(k->socket.fd);
	k->socket.fd = -1;
}

static void try_next(struct client *k)
{
	close_socket(k);
	k->to = k->ends[k->tried++];
	k->sent = k->out.len = 0;
	int err = connect_begin(&k->socket.fd, &k->to, &k->o->source, k->c->datagram);
	if (k->socket.fd >= 0)
		loop_add(&k->loop, &k->socket);
	k->connected = err == 0;
	if (err > 0)
		end(k, err);
	else if (err && err != -EINPROGRESS)
		fail(k, err);
	else if (err)
		wait_for_answer(k);
	else
		send_again(k);
}

/* Datagrams have no end of their own: for them the deadline is the normal one. */
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
	k->socket = (struct loop_watch){ .fd = -1, .events = EPOLLOUT, .fn = on_socket, .arg = k };
	if (k->o->deadline_ns >= 0)
		loop_limit(&k->loop, sonde_clock_monotonic() + k->o->deadline_ns);
	k->status = sandbox_enter("connect", k->o, NULL);
	if (!k->status) {
		try_next(k);
		watch(k);
	}
	enum loop_end how = k->status ? LOOP_ERROR : loop_run(&k->loop);
	if (how == LOOP_INTERRUPTED)
		k->status = STATUS_INTERRUPTED;
	else if (how == LOOP_DEADLINE)
		on_deadline(k);
	close_socket(k);
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
	calls_trace(c.steps);
	if (!c.check && strcmp(c.port, "0") == 0) {
		message("'0': nobody can listen at port 0");
		return STATUS_USAGE;
	}
	if (!c.check && c.port[strspn(c.port, "0123456789,-")] == 0 && strpbrk(c.port, ",-")) {
		message("'%s': one port, or with --check a set of them", c.port);
		return STATUS_USAGE;
	}
	status = sandbox_drop(0, &o);
	if (status)
		return status;
	status = read_endpoints(k.ends, &k.n_ends, c.host, c.check ? "0" : c.port,
				o.family ? o.family : o.source.family, o.source.scope);
	if (status)
		return status;
	return c.check ? check_ports(&o, c.datagram, c.port, k.ends, k.n_ends) : run(&k);
}
