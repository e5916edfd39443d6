/* sonde probe --banner: what an open TCP port says first, within a second. A process beside the sandbox connects, which
 * knows nothing else and reads no more than what it hands over. */
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/probe/probe.h"

#define BATCH     128 /* connections at once */
#define BANNER_NS SONDE_S

struct request {
	uint32_t n;
	struct sonde_endpoint to[BATCH];
};

struct answer {
	uint8_t len[BATCH];
	char text[BATCH][PROBE_BANNER];
};

/* --- The process beside ------------------------------------------------------------------------------------------ */

/* Returns a socket that connects, or -1. It is reset when it is closed. */
static int begin(const struct sonde_endpoint *to)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_port = htons(to->port),
				    .sin6_scope_id = to->addr.scope };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = htons(to->port) };
	bool is_six = to->addr.family == SONDE_IP6;
	memcpy(&six.sin6_addr, to->addr.bytes, sizeof six.sin6_addr);
	memcpy(&four.sin_addr, to->addr.bytes, sizeof four.sin_addr);
	int fd = socket(is_six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	const struct sockaddr *a = is_six ? (const void *)&six : (const void *)&four;
	if (connect(fd, a, is_six ? sizeof six : sizeof four) < 0 && errno != EINPROGRESS) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Read what the ready ones say. Returns how many are still waited for. */
static unsigned take(struct pollfd *waits, uint32_t n, struct answer *a)
{
	unsigned left = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (waits[i].fd >= 0 && waits[i].revents) {
			ssize_t got = recv(waits[i].fd, a->text[i], PROBE_BANNER, 0);
			a->len[i] = (uint8_t)(got > 0 ? got : 0);
			close(waits[i].fd);
			waits[i].fd = -1;
		}
		left += waits[i].fd >= 0;
	}
	return left;
}

static void listen_to(const struct request *r, struct answer *a)
{
	struct pollfd waits[BATCH];
	sonde_time until = sonde_clock_monotonic() + BANNER_NS, now;
	unsigned left = 0;
	for (uint32_t i = 0; i < r->n; i++) {
		waits[i] = (struct pollfd){ .fd = begin(&r->to[i]), .events = POLLIN };
		left += waits[i].fd >= 0;
	}
	while (left && (now = sonde_clock_monotonic()) < until) {
		int ready = poll(waits, r->n, (int)((until - now) / SONDE_MS) + 1);
		if (ready > 0)
			left = take(waits, r->n, a);
	}
	for (uint32_t i = 0; i < r->n; i++)
		if (waits[i].fd >= 0)
			close(waits[i].fd);
}

static void serve(int channel, void *arg)
{
	static struct request r;
	static struct answer a;
	const bool *has_sandbox = arg;
	if (*has_sandbox && sandbox_apply(NULL, &(struct sandbox){ .name = "probe-banner" }, NULL))
		return;
	while (channel_next(channel, &r, sizeof r) == sizeof r && r.n <= BATCH) {
		memset(&a, 0, sizeof a);
		listen_to(&r, &a);
		if (channel_answer(channel, &a, sizeof a, -1))
			return;
	}
}

int probe_banners_open(struct probe_banners *b, const struct options *o)
{
	int status;
	bool has_sandbox = sandbox_wanted(&status, o);
	if (status)
		return status;
	int rc = channel_start(&b->channel, "sonde-banner", serve, &has_sandbox);
	if (!rc)
		return 0;
	message_code(rc, "cannot start the process that connects");
	return STATUS_SYSTEM;
}

void probe_banners_close(struct probe_banners *b)
{
	channel_stop(&b->channel);
	free(b->list);
	*b = (struct probe_banners){ 0 };
}

/* --- Taking them ------------------------------------------------------------------------------------------------- */

/* Room for one more. Returns NULL without memory, or when there are too many. */
static struct probe_banner *add(struct probe_banners *b)
{
	if (b->n == PROBE_BANNERS)
		return NULL;
	if (b->n == b->cap) {
		size_t cap = b->cap ? 2 * b->cap : BATCH;
		struct probe_banner *more = realloc(b->list, cap * sizeof *more);
		if (!more)
			return NULL;
		b->list = more;
		b->cap = cap;
	}
	return &b->list[b->n++];
}

/* All open TCP ports, in the order of hosts and ports. */
static void list_open(struct probe_banners *b, const struct probe_printer *t)
{
	struct sonde_scan_host h;
	struct sonde_scan_verdict v;
	for (uint64_t host = 0; host < t->r.n_hosts; host++) {
		t->r.host(&h, &t->r, host);
		for (uint32_t i = 0; i < t->r.n_ports && h.states[SONDE_STATE_OPEN] && !h.is_proxied; i++) {
			struct probe_banner *new;
			if (!probe_verdict(&v, t, &h, host, i) || v.state != SONDE_STATE_OPEN ||
			    strcmp(probe_proto(&t->r.ports[i]), "tcp") != 0)
				continue;
			if (!(new = add(b))) {
				message("--banner: only the first %zu open ports are asked what they say", b->n);
				return;
			}
			*new = (struct probe_banner){ .host = host, .port = i };
		}
	}
}

void probe_banners_take(struct probe_banners *b, const struct probe_printer *t)
{
	static struct request r;
	static struct answer a;
	list_open(b, t);
	for (size_t at = 0; at < b->n; at += r.n) {
		r.n = (uint32_t)(b->n - at < BATCH ? b->n - at : BATCH);
		for (uint32_t i = 0; i < r.n; i++)
			r.to[i] = (struct sonde_endpoint){ t->r.addr(&t->r, b->list[at + i].host),
							   t->r.ports[b->list[at + i].port].port };
		int err = channel_ask(&b->channel, &r, sizeof r, &a, sizeof a, NULL);
		if (err) {
			message_code(err, "--banner: the process that connects does not answer");
			return;
		}
		for (uint32_t i = 0; i < r.n; i++) {
			struct probe_banner *banner = &b->list[at + i];
			banner->len = a.len[i] < PROBE_BANNER ? a.len[i] : PROBE_BANNER;
			memcpy(banner->text, a.text[i], banner->len);
		}
	}
}

const struct probe_banner *probe_banner(const struct probe_banners *b, const struct sonde_scan_verdict *v)
{
	size_t low = 0, high = b ? b->n : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct probe_banner *at = &b->list[middle];
		if (at->host == v->host && at->port == v->port)
			return at->len ? at : NULL;
		if (at->host < v->host || (at->host == v->host && at->port < v->port))
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/* Whatever is said, the terminal gets printable ASCII. */
void probe_banner_print(FILE *out, const struct probe_banner *banner)
{
	size_t len = banner->len;
	while (len && (banner->text[len - 1] == '\n' || banner->text[len - 1] == '\r'))
		len--;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)banner->text[i];
		if (c >= ' ' && c < 0x7f && c != '\\')
			putc(c, out);
		else
			fprintf(out, c == '\\' ? "\\\\" : c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\x%02x", c);
	}
}
