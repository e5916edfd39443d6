#include "io/sockdiag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#define ANSWER_S 5 /* the kernel answers at once */

/* States of sockets; a UDP socket without a peer is said to be closed. */
static uint32_t states_of(uint8_t ip_proto)
{
	return 1u << (ip_proto == IPPROTO_TCP ? TCP_LISTEN : TCP_CLOSE);
}

static int on_attr(const struct nlattr *attr, void *arg)
{
	bool *only_ip6 = arg;
	if (mnl_attr_get_type(attr) == INET_DIAG_SKV6ONLY && mnl_attr_get_payload_len(attr) == 1)
		*only_ip6 = mnl_attr_get_u8(attr);
	return MNL_CB_OK;
}

struct reading {
	struct sonde_listeners *out;
	uint8_t ip_proto;
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* the kernel sends no longer datagram in a dump */
	} buffer;
};

static int on_socket(const struct nlmsghdr *m, void *arg)
{
	const struct reading *r = arg;
	struct sonde_listeners *l = r->out;
	const struct inet_diag_msg *d = mnl_nlmsg_get_payload(m);
	bool only_ip6 = false, v6 = d->idiag_family == AF_INET6;
	if (mnl_nlmsg_get_payload_len(m) < sizeof *d || !d->id.idiag_sport)
		return MNL_CB_OK;
	mnl_attr_parse(m, sizeof *d, on_attr, &only_ip6);
	if (l->n == l->cap) {
		uint32_t cap = l->cap ? 2 * l->cap : 64;
		struct sonde_listener *more = realloc(l->list, cap * sizeof *more);
		if (!more) {
			errno = ENOMEM;
			return MNL_CB_ERROR;
		}
		l->list = more;
		l->cap = cap;
	}
	const uint8_t *bytes = (const uint8_t *)d->id.idiag_src;
	struct sonde_addr addr = v6 ? sonde_addr6(bytes) : sonde_addr4(bytes);
	l->list[l->n++] = (struct sonde_listener){ .ip_proto = r->ip_proto,
						   .local = { addr, ntohs(d->id.idiag_sport) },
						   .takes_ip4 = v6 && !only_ip6 };
	return MNL_CB_OK;
}

/* The sockets of one family and protocol. */
static int read_some(struct mnl_socket *socket, struct reading *r, uint8_t family)
{
	static const unsigned seq = 1;
	char *buffer = r->buffer.bytes;
	struct nlmsghdr *m = mnl_nlmsg_put_header(buffer);
	m->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	m->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	m->nlmsg_seq = seq;
	struct inet_diag_req_v2 *q = mnl_nlmsg_put_extra_header(m, sizeof *q);
	q->sdiag_family = family;
	q->sdiag_protocol = r->ip_proto;
	q->idiag_states = states_of(r->ip_proto);
	if (mnl_socket_sendto(socket, m, m->nlmsg_len) < 0)
		return -errno;
	for (int more = 1; more > 0;) {
		ssize_t got = mnl_socket_recvfrom(socket, buffer, sizeof r->buffer);
		more = got < 0 ? -1 : mnl_cb_run(buffer, (size_t)got, seq, mnl_socket_get_portid(socket), on_socket, r);
		if (more < 0)
			return -errno;
	}
	return 0;
}

int sonde_listeners_read(struct sonde_listeners *out, struct sonde_error *e)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 }, protos[] = { IPPROTO_TCP, IPPROTO_UDP };
	const struct timeval limit = { .tv_sec = ANSWER_S };
	struct reading *r = calloc(1, sizeof *r);
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	int err = r ? 0 : -ENOMEM;
	*out = (struct sonde_listeners){ 0 };
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
		err = -errno;
	for (unsigned i = 0; !err && i < 4; i++) {
		r->out = out;
		r->ip_proto = protos[i / 2];
		err = read_some(socket, r, families[i % 2]);
	}
	if (socket)
		mnl_socket_close(socket);
	free(r);
	return err ? sonde_fail(e, err, "cannot list the kernel's sockets: %s", sonde_strerror(err)) : 0;
}

void sonde_listeners_free(struct sonde_listeners *l)
{
	free(l->list);
	*l = (struct sonde_listeners){ 0 };
}

bool sonde_listeners_have(const struct sonde_listeners *l, uint8_t ip_proto, const struct sonde_addr *addr,
			  uint16_t port)
{
	for (uint32_t i = 0; i < l->n; i++) {
		const struct sonde_listener *one = &l->list[i];
		bool same = one->local.addr.family == addr->family;
		if (one->ip_proto != ip_proto || one->local.port != port || (!same && !one->takes_ip4))
			continue;
		if (sonde_addr_is_unspecified(&one->local.addr) ||
		    (same && sonde_addr_equal_bytes(&one->local.addr, addr)))
			return true;
	}
	return false;
}
