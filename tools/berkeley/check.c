#include "tools/berkeley/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "io/clock.h"
#include "proto/names.h"
#include "tools/berkeley/calls.h"
#include "tools/berkeley/common.h"
#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"

#define ATTEMPTS 128      /* at once */
#define GAP_NS   SONDE_MS /* between two of them */

struct port {
	uint16_t number;
	bool done;
	unsigned end; /* the address that is tried, or was tried last */
	int err;      /* 0: open */
};

/* A connection that is being made. */
struct attempt {
	struct check *check;
	struct port *port; /* NULL: free */
	struct loop_watch watch;
	sonde_time until_ns;
};

struct check {
	const struct options *o;
	bool datagram;
	const struct sonde_endpoint *ends;
	unsigned n_ends;
	struct loop loop;
	struct loop_timer timer;
	struct attempt attempts[ATTEMPTS];
	struct port ports[UINT16_MAX];
	unsigned n_ports, n_begun, n_printed, n_open;
	sonde_time next_ns; /* when the next attempt may begin */
	int status;
};

/* --- The set ----------------------------------------------------------------------------------------------------- */

static bool read_number(uint16_t *out, const char *s, size_t len)
{
	uint64_t v;
	if (sonde_uint_parse(&v, s, len) || v == 0 || v > UINT16_MAX)
		return false;
	*out = (uint16_t)v;
	return true;
}

/* A number, a range, or the name of a service, which may have a dash in it, too. */
static bool read_range(uint16_t *first, uint16_t *last, const char *word, bool datagram)
{
	size_t len = strlen(word), dash = strcspn(word, "-");
	if (read_number(first, word, len)) {
		*last = *first;
		return true;
	}
	if (dash < len && read_number(first, word, dash) && read_number(last, word + dash + 1, len - dash - 1))
		return *first <= *last;
	const struct servent *service = getservbyname(word, datagram ? "udp" : "tcp");
	uint32_t port;
	/* The system may have no list of services. */
	bool known = !service && sonde_name_value(&port, sonde_port_names, word, strlen(word));
	if (service)
		*first = *last = ntohs((uint16_t)service->s_port);
	else if (known)
		*first = *last = (uint16_t)port;
	return service || known;
}

/* Each port once. Returns 0, or an exit status after a message. */
static int read_ports(struct check *k, const char *text)
{
	static bool seen[UINT16_MAX + 1];
	for (const char *at = text;; at++) {
		char word[40];
		uint16_t first, last;
		size_t len = strcspn(at, ",");
		snprintf(word, sizeof word, "%.*s", (int)(len < sizeof word ? len : sizeof word), at);
		if (len >= sizeof word || !read_range(&first, &last, word, k->datagram)) {
			message("'%.*s': neither a port, nor a range of them, nor the name of a service", (int)len, at);
			return STATUS_USAGE;
		}
		for (unsigned number = first; number <= last; number++) {
			if (!seen[number])
				k->ports[k->n_ports++].number = (uint16_t)number;
			seen[number] = true;
		}
		at += len;
		if (!*at)
			return 0;
	}
}

/* --- Attempts ---------------------------------------------------------------------------------------------------- */

static void stop(struct check *k, int status)
{
	k->status = status;
	loop_stop(&k->loop, LOOP_ERROR);
}

/* Results come in any order, and are printed in that of the set. */
static void print_results(struct check *k)
{
	char text[SONDE_ENDPOINT_STRLEN];
	for (; k->n_printed < k->n_ports && k->ports[k->n_printed].done; k->n_printed++) {
		const struct port *p = &k->ports[k->n_printed];
		const struct sonde_endpoint to = { k->ends[p->end].addr, p->number };
		k->n_open += p->err == 0;
		if (k->o->verbosity >= 0)
			printf("%s %s\n", sonde_endpoint_format(text, &to), p->err ? failure_text(p->err) : "open");
	}
	if (k->n_printed == k->n_ports)
		loop_stop(&k->loop, LOOP_COMPLETE);
}

static void close_socket(struct attempt *a)
{
	if (a->watch.fd < 0)
		return;
	loop_remove(&a->check->loop, &a->watch);
	call_close(a->watch.fd);
	a->watch.fd = -1;
}

static void on_socket(void *arg, uint32_t events);

/* Begin to connect. Returns -EINPROGRESS, or how it ended already. */
static int begin(struct attempt *a)
{
	struct check *k = a->check;
	const struct sonde_endpoint to = { k->ends[a->port->end].addr, a->port->number };
	a->watch = (struct loop_watch){ .events = k->datagram ? EPOLLIN : EPOLLOUT, .fn = on_socket, .arg = a };
	a->until_ns = sonde_clock_monotonic() + k->o->wait_ns;
	int err = connect_begin(&a->watch.fd, &to, &k->o->source, k->datagram);
	if (a->watch.fd >= 0 && err <= 0)
		loop_add(&k->loop, &a->watch);
	if (err == 0 && k->datagram) {
		ssize_t n = call_send(a->watch.fd, "", 0);
		err = n < 0 ? (int)n : -EINPROGRESS;
	}
	return err;
}

/* Take in how an attempt ended, and try the next address where it failed. */
static void finish(struct attempt *a, int err)
{
	struct check *k = a->check;
	for (;;) {
		close_socket(a);
		if (err > 0 || err == -EMFILE || err == -ENFILE || err == -EADDRNOTAVAIL) {
			if (err < 0)
				message_code(err, "cannot connect");
			stop(k, err > 0 ? err : STATUS_SYSTEM);
			return;
		}
		if (err == 0 || a->port->end + 1 == k->n_ends)
			break;
		a->port->end++;
		if ((err = begin(a)) == -EINPROGRESS)
			return;
	}
	a->port->err = err;
	a->port->done = true;
	a->port = NULL;
	print_results(k);
}

static void begin_more(struct check *k)
{
	sonde_time now_ns = sonde_clock_monotonic(), next_ns = INT64_MAX;
	for (struct attempt *a = k->attempts; a < k->attempts + ATTEMPTS; a++) {
		if (!a->port && k->n_begun < k->n_ports && now_ns >= k->next_ns) {
			a->port = &k->ports[k->n_begun++];
			k->next_ns = (k->next_ns > now_ns - 10 * GAP_NS ? k->next_ns : now_ns) + GAP_NS;
			int err = begin(a);
			if (err != -EINPROGRESS)
				finish(a, err);
		}
		if (a->port && a->until_ns < next_ns)
			next_ns = a->until_ns;
		else if (!a->port && k->n_begun < k->n_ports && k->next_ns < next_ns)
			next_ns = k->next_ns;
	}
	if (next_ns < INT64_MAX && k->loop.end == LOOP_RUNS)
		loop_set(&k->loop, &k->timer, next_ns);
}

static void on_socket(void *arg, uint32_t events)
{
	struct attempt *a = arg;
	struct check *k = a->check;
	(void)events;
	ssize_t n = k->datagram ? call_recv(a->watch.fd, (char[1]){ 0 }, 1) : call_error(a->watch.fd);
	if (n != -EAGAIN)
		finish(a, n < 0 ? (int)n : 0);
	begin_more(k);
}

static void on_timer(void *arg)
{
	struct check *k = arg;
	sonde_time now_ns = sonde_clock_monotonic();
	for (struct attempt *a = k->attempts; a < k->attempts + ATTEMPTS && k->loop.end == LOOP_RUNS; a++)
		if (a->port && a->until_ns <= now_ns)
			finish(a, -ETIMEDOUT);
	begin_more(k);
}

/* --- The run ----------------------------------------------------------------------------------------------------- */

static int run(struct check *k)
{
	int err = loop_open(&k->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	k->timer = (struct loop_timer){ .fn = on_timer, .arg = k };
	for (struct attempt *a = k->attempts; a < k->attempts + ATTEMPTS; a++)
		*a = (struct attempt){ .check = k, .watch.fd = -1 };
	if (k->o->deadline_ns >= 0)
		loop_limit(&k->loop, sonde_clock_monotonic() + k->o->deadline_ns);
	k->status = sandbox_enter("connect", k->o, NULL);
	if (!k->status)
		begin_more(k);
	enum loop_end how = k->status ? LOOP_ERROR : loop_run(&k->loop);
	for (struct attempt *a = k->attempts; a < k->attempts + ATTEMPTS; a++)
		close_socket(a);
	loop_close(&k->loop);
	if (how == LOOP_DEADLINE)
		message("%u of %u ports not checked by the deadline", k->n_ports - k->n_printed, k->n_ports);
	if (how == LOOP_ERROR)
		return k->status;
	return how == LOOP_INTERRUPTED ? STATUS_INTERRUPTED : k->n_open ? STATUS_DONE : STATUS_NOT;
}

int check_ports(const struct options *o, bool datagram, const char *ports, struct sonde_endpoint *ends, unsigned n_ends)
{
	static struct check k;
	k.o = o;
	k.datagram = datagram;
	k.ends = ends;
	k.n_ends = n_ends;
	int status = read_ports(&k, ports);
	return status ? status : run(&k);
}
