/* sonde listen: a stream or datagram server for many clients at once. */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/privilege.h"
#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"
#include "tools/berkeley/server.h"
#include "tools/cmd.h"
#include "tools/common/files.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

struct listen_options {
	const char *address, *port;
	bool datagram, steps, echo, once, keep;
	uint64_t backlog;
};

enum { KEY_UDP = OPTIONS_OWN_KEY, KEY_STEPS, KEY_ECHO, KEY_ONCE, KEY_KEEP, KEY_BACKLOG };

static const struct argp_option rows[] = {
	{ "udp", KEY_UDP, NULL, 0, "datagrams", 0 },
	{ "steps", KEY_STEPS, NULL, 0, "print each call, its result, and the addresses of the socket", 0 },
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
			return option_bad("'%s': ADDRESS and PORT are all (several ports: 80,443)", arg);
		l->address = l->port;
		l->port = arg;
		return 0;
	case ARGP_KEY_END: return l->port ? 0 : option_bad("PORT expected");
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "[ADDRESS] PORT[,PORT...]",
	.about = "Wait for clients, print what they send, send them standard input.\v"
		 "Many clients are served at once: standard input goes to all that are there, and waits while "
		 "none is. When it has ended, every client's direction is shut down; when then the last client "
		 "leaves, so does listen, unless --keep. Without ADDRESS: all addresses of the machine.",
	.shared = OPTIONS_FAMILY | OPTIONS_WAIT | OPTIONS_DEADLINE | OPTIONS_VERBOSE |
		  OPTIONS_SANDBOX,
	.own = rows,
	.parse = parse,
	.numbers = true,
};

struct listen_run {
	const struct options *o;
	const struct listen_options *l;
	struct loop loop;
	struct server server;
	struct input input;
	int status;
};

static void end(struct listen_run *k, int status)
{
	k->status = status;
	loop_stop(&k->loop, status ? LOOP_ERROR : LOOP_COMPLETE);
}

static void end_with(struct listen_run *k, int err, const char *what)
{
	message_code(err, "%s", what);
	end(k, STATUS_SYSTEM);
}

/* --- The server -------------------------------------------------------------------------------------------------- */

static void on_received(void *arg, const void *data, size_t len)
{
	int err = files_write(STDOUT_FILENO, data, len);
	if (err)
		end_with(arg, err, "cannot write to standard output");
}

static void on_event(void *arg, enum server_event event, const struct sonde_endpoint *from, int err)
{
	struct listen_run *k = arg;
	char text[SONDE_ENDPOINT_STRLEN];
	sonde_endpoint_format(text, from);
	if (event == SERVER_CONNECTED && k->l->once)
		server_stop(&k->server);
	if (k->o->verbosity < (event == SERVER_CONNECTED))
		return;
	if (event == SERVER_FAILED)
		message("%s: %s", text, failure_text(err));
	else
		message("%s %s", text,
			event == SERVER_CONNECTED ? "has connected"
						  : "sends no more, and still receives (half-closed)");
}

/* Only --once says which datagram is the last. */
static bool is_done(const struct listen_run *k)
{
	if (k->server.clients || k->server.served == 0)
		return false;
	return k->l->once || (k->input.ended && !k->l->datagram && !k->l->keep && !k->l->echo);
}

/* Standard input is read while somebody is there to take it. */
static void on_changed(void *arg)
{
	struct listen_run *k = arg;
	input_want(&k->input, &k->loop, !k->l->echo && server_can_send(&k->server));
	if (is_done(k))
		end(k, STATUS_DONE);
}

/* --- Standard input ---------------------------------------------------------------------------------------------- */

static void on_input(void *arg, uint32_t events)
{
	static uint8_t room[CHUNK];
	struct listen_run *k = arg;
	(void)events;
	ssize_t n = read(STDIN_FILENO, room, k->l->datagram ? DATAGRAM_MAX : sizeof room);
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	if (n > 0) {
		server_send(&k->server, room, (size_t)n);
	} else {
		input_end(&k->input, &k->loop);
		server_finish(&k->server);
	}
	on_changed(k);
}

/* --- The run ----------------------------------------------------------------------------------------------------- */

static int listen_on(struct listen_run *k, struct sonde_endpoint *own)
{
	char text[SONDE_ENDPOINT_STRLEN];
	int err = server_listen(&k->server, own, k->l->datagram, (int)k->l->backlog);
	sonde_endpoint_format(text, own);
	if (err == -EACCES)
		message("%s: permission denied: ports below 1024 need CAP_NET_BIND_SERVICE", text);
	else if (err && err != -EAFNOSUPPORT)
		message("%s: %s", text, failure_text(err));
	else if (!err && k->o->verbosity > 0)
		message("listens on %s", text);
	return err;
}

/* Listen on one port, at all addresses that are meant: of both families, unless the machine has only one. Returns 0, or
 * an exit status after a message. */
static int listen_on_port(struct listen_run *k, const char *port)
{
	struct sonde_endpoint own[ENDPOINTS];
	char source[SONDE_ADDR_STRLEN];
	unsigned n, n_missing = 0;
	const char *address = k->l->address         ? k->l->address
			      : k->o->source.family ? sonde_addr_format(source, &k->o->source)
						    : NULL;
	int status = read_endpoints(own, &n, address, port, k->o->family, 0);
	for (unsigned i = 0; i < n && !status; i++) {
		if (own[i].port == 0) /* the first socket was given one */
			own[i].port = own[0].port;
		int err = listen_on(k, &own[i]);
		n_missing += err == -EAFNOSUPPORT;
		status = err && err != -EAFNOSUPPORT ? STATUS_SYSTEM : 0;
	}
	if (!status && n_missing == n) {
		message("this machine has no IPv%d", own[0].addr.family);
		status = STATUS_SYSTEM;
	}
	return status;
}

static int listen_on_all(struct listen_run *k)
{
	char ports[1000], *rest = ports, *port;
	int status = 0;
	if (snprintf(ports, sizeof ports, "%s", k->l->port) >= (int)sizeof ports) {
		message("too many ports");
		return STATUS_USAGE;
	}
	while (!status && (port = strsep(&rest, ",")))
		status = listen_on_port(k, port);
	return status;
}

static int run(struct listen_run *k)
{
	const struct server_owner owner = {
		.arg = k, .received = k->l->echo ? NULL : on_received, .event = on_event, .changed = on_changed
	};
	int err = loop_open(&k->loop);
	if (err || (err = server_open(&k->server, &k->loop, &owner))) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	k->input.watch = (struct loop_watch){ .fd = STDIN_FILENO, .events = EPOLLIN, .fn = on_input, .arg = k };
	k->status = listen_on_all(k);
	if (!k->status)
		k->status = sandbox_enter("listen", k->o, NULL);
	if (!k->status) {
		if (k->o->deadline_ns >= 0)
			loop_limit(&k->loop, sonde_clock_monotonic() + k->o->deadline_ns);
		loop_run(&k->loop);
	}
	server_close(&k->server);
	loop_close(&k->loop);
	return k->status;
}

int cmd_listen(int argc, char **argv)
{
	static struct listen_run k;
	struct listen_options l = { .backlog = 128 };
	struct options o;
	int status = options_parse(&o, &l, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	k.o = &o;
	k.l = &l;
	calls_trace(l.steps);
	status = sandbox_drop(SONDE_PRIVILEGE_KEEP(CAP_NET_BIND_SERVICE), &o);
	return status ? status : run(&k);
}
