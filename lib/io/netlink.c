#include "io/netlink.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "io/clock.h"

/* The kernel answers at once. Without a limit a lost answer would block the program for ever. */
#define ANSWER_S 5

struct sonde_netlink {
	struct mnl_socket *socket;
	uint32_t seq;
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* the kernel sends no longer datagram in a dump */
	} buffer;
};

int sonde_netlink_open(struct sonde_netlink **out, struct sonde_error *e)
{
	struct timeval limit = { .tv_sec = ANSWER_S };
	struct sonde_netlink *n = calloc(1, sizeof *n);
	*out = NULL;
	if (!n)
		return sonde_fail(e, -ENOMEM, "cannot ask the kernel for routes: no memory");
	n->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!n->socket || mnl_socket_bind(n->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(n->socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0) {
		int rc = -errno;
		sonde_netlink_close(n);
		return sonde_fail(e, rc, "cannot ask the kernel for routes: %s", strerror(-rc));
	}
	*out = n;
	return 0;
}

void sonde_netlink_close(struct sonde_netlink *n)
{
	if (n && n->socket)
		mnl_socket_close(n->socket);
	free(n);
}

struct nlmsghdr *sonde_netlink_request(struct sonde_netlink *n, uint16_t type, uint16_t flags, size_t body_len)
{
	struct nlmsghdr *request = mnl_nlmsg_put_header(n->buffer.bytes);
	request->nlmsg_type = type;
	request->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags | (flags & NLM_F_DUMP ? 0 : NLM_F_ACK));
	request->nlmsg_seq = ++n->seq;
	mnl_nlmsg_put_extra_header(request, body_len);
	return request;
}

/* Returns 1 while the answer goes on, else its result: 0 or a negative code. A list that the kernel marks as
 * interrupted is read to its end: messages left in the socket would be taken for the next answer. */
static int answer_message(const struct nlmsghdr *m, bool *interrupted, sonde_netlink_each *each, void *context)
{
	const int *code = mnl_nlmsg_get_payload(m);
	if (m->nlmsg_flags & NLM_F_DUMP_INTR)
		*interrupted = true;
	switch (m->nlmsg_type) {
	case NLMSG_NOOP: return 1;
	case NLMSG_ERROR: return mnl_nlmsg_get_payload_len(m) < sizeof *code ? -EBADMSG : *code;
	case NLMSG_DONE: return mnl_nlmsg_get_payload_len(m) < sizeof *code ? 0 : *code;
	default: break;
	}
	int rc = each && !*interrupted ? each(m, context) : 0;
	return rc < 0 ? rc : 1;
}

int sonde_netlink_ask(struct sonde_netlink *n, sonde_netlink_each *each, void *context)
{
	bool interrupted = false;
	uint32_t seq = n->seq;
	if (mnl_socket_sendto(n->socket, &n->buffer.header, n->buffer.header.nlmsg_len) < 0)
		return -errno;
	for (;;) {
		ssize_t got = mnl_socket_recvfrom(n->socket, n->buffer.bytes, sizeof n->buffer.bytes);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno == EAGAIN ? -ETIMEDOUT : -errno;
		int left = (int)got;
		const struct nlmsghdr *m = &n->buffer.header;
		for (; mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left)) {
			if (m->nlmsg_seq != seq)
				continue;
			int rc = answer_message(m, &interrupted, each, context);
			if (rc <= 0)
				return rc == 0 && interrupted ? -EINTR : rc;
		}
	}
}

int sonde_netlink_fd(const struct sonde_netlink *n)
{
	return mnl_socket_get_fd(n->socket);
}

int sonde_netlink_wait(struct sonde_netlink *n, sonde_time until, sonde_netlink_each *each, void *context)
{
	struct sonde_wait news = { .fd = mnl_socket_get_fd(n->socket) };
	int rc = sonde_wait(&news, 1, until);
	if (rc <= 0)
		return rc == 0 ? -ETIMEDOUT : rc;
	ssize_t got = mnl_socket_recvfrom(n->socket, n->buffer.bytes, sizeof n->buffer.bytes);
	if (got < 0)
		return -errno;
	int left = (int)got;
	const struct nlmsghdr *m = &n->buffer.header;
	for (rc = 0; rc == 0 && mnl_nlmsg_ok(m, left); m = mnl_nlmsg_next(m, &left))
		if (m->nlmsg_type >= NLMSG_MIN_TYPE)
			rc = each(m, context);
	return rc;
}

struct attr_table {
	const struct nlattr **table;
	size_t n;
};

static int attr_enter(const struct nlattr *attr, void *context)
{
	struct attr_table *t = context;
	uint16_t type = mnl_attr_get_type(attr);
	if (type < t->n)
		t->table[type] = attr;
	return MNL_CB_OK;
}

void sonde_netlink_attrs(const struct nlattr **table, size_t n, const struct nlmsghdr *message, size_t body_len)
{
	struct attr_table t = { table, n };
	memset(table, 0, n * sizeof *table);
	mnl_attr_parse(message, (unsigned)body_len, attr_enter, &t);
}

void sonde_netlink_nested(const struct nlattr **table, size_t n, const struct nlattr *attr)
{
	struct attr_table t = { table, n };
	memset(table, 0, n * sizeof *table);
	mnl_attr_parse_nested(attr, attr_enter, &t);
}

struct sonde_addr sonde_netlink_addr(const struct nlattr *attr, uint32_t ifindex)
{
	struct sonde_addr a = { .family = SONDE_NO_ADDR };
	uint16_t len = mnl_attr_get_payload_len(attr);
	if (len != SONDE_IP4_LEN && len != SONDE_IP6_LEN)
		return a;
	a.family = len == SONDE_IP4_LEN ? SONDE_IP4 : SONDE_IP6;
	memcpy(a.bytes, mnl_attr_get_payload(attr), len);
	/* Link-local in IPv4 (169.254/16) is no matter of scope to the kernel. */
	if (a.family == SONDE_IP6 && sonde_addr_is_link_local(&a))
		a.scope = ifindex;
	return a;
}

uint8_t sonde_netlink_family(const struct sonde_addr *a)
{
	return a->family == SONDE_IP4 ? AF_INET : a->family == SONDE_IP6 ? AF_INET6 : AF_UNSPEC;
}
