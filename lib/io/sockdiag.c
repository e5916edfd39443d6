#include "io/sockdiag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "io/sockproc.h"

#define ANSWER_S   5 /* the kernel answers at once */
#define ALL_STATES UINT32_MAX
#define SEQ        1 /* of each request */
#define CLOSED     7 /* TCP_CLOSE of <netinet/tcp.h>, which does not go with <linux/tcp.h> */
#define LISTENS    10

struct asking {
	struct mnl_socket *socket;
	struct sonde_sockets *out;
	enum sonde_socket_kind kind;
	uint32_t states; /* 1 << state, ORed, of those that are wanted */
	union {
		struct nlmsghdr header;
		char bytes[32768]; /* the kernel sends no longer datagram in a dump */
	} buffer;
};

struct sonde_socket *sonde_sockets_add(struct sonde_sockets *s)
{
	if (s->n == s->cap) {
		uint32_t cap = s->cap ? 2 * s->cap : 64;
		struct sonde_socket *more = realloc(s->list, cap * sizeof *more);
		if (!more)
			return NULL;
		s->list = more;
		s->cap = cap;
	}
	s->list[s->n] = (struct sonde_socket){ 0 };
	return &s->list[s->n++];
}

struct sonde_addr sonde_socket_addr(bool is_ip6, const void *bytes)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	const uint8_t *b = bytes;
	if (is_ip6 && memcmp(b, mapped, sizeof mapped) == 0)
		return sonde_addr4(b + sizeof mapped);
	return is_ip6 ? sonde_addr6(b) : sonde_addr4(b);
}

/* --- TCP, UDP, raw ------------------------------------------------------------------------------------------------ */

static sonde_time of_us(uint32_t us, uint32_t none)
{
	return us == none ? -1 : (sonde_time)us * SONDE_US;
}

/* Older kernels tell less. */
static void take_info(struct sonde_socket *s, const struct nlattr *attr)
{
	struct tcp_info i = { .tcpi_min_rtt = UINT32_MAX };
	size_t len = mnl_attr_get_payload_len(attr);
	memcpy(&i, mnl_attr_get_payload(attr), len < sizeof i ? len : sizeof i);
	s->has_tcp = true;
	s->tcp = (struct sonde_socket_tcp){
		.rtt_ns = of_us(i.tcpi_rtt, 0),
		.rtt_var_ns = i.tcpi_rtt ? of_us(i.tcpi_rttvar, UINT32_MAX) : -1,
		.rtt_min_ns = of_us(i.tcpi_min_rtt, UINT32_MAX),
		.cwnd = i.tcpi_snd_cwnd,
		.mss = i.tcpi_snd_mss,
		.retransmits = i.tcpi_total_retrans,
		.segs_out = i.tcpi_segs_out,
		.segs_in = i.tcpi_segs_in,
		.bytes_acked = i.tcpi_bytes_acked,
		.bytes_received = i.tcpi_bytes_received,
	};
}

static int on_attr(const struct nlattr *attr, void *arg)
{
	struct sonde_socket *s = arg;
	if (mnl_attr_get_type(attr) == INET_DIAG_SKV6ONLY && mnl_attr_get_payload_len(attr) == 1)
		s->takes_ip4 = s->is_ip6 && !mnl_attr_get_u8(attr);
	if (mnl_attr_get_type(attr) == INET_DIAG_INFO && s->kind == SONDE_SOCK_TCP && s->state != LISTENS)
		take_info(s, attr);
	return MNL_CB_OK;
}

/* Of raw sockets, the port is the protocol. */
static int on_socket(const struct nlmsghdr *m, void *arg)
{
	const struct asking *q = arg;
	const struct inet_diag_msg *d = mnl_nlmsg_get_payload(m);
	if (mnl_nlmsg_get_payload_len(m) < sizeof *d)
		return MNL_CB_OK;
	struct sonde_socket *s = sonde_sockets_add(q->out);
	if (!s) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	s->kind = q->kind;
	s->state = d->idiag_state;
	s->is_ip6 = d->idiag_family == AF_INET6;
	s->local = (struct sonde_endpoint){ sonde_socket_addr(s->is_ip6, d->id.idiag_src), ntohs(d->id.idiag_sport) };
	s->remote = (struct sonde_endpoint){ sonde_socket_addr(s->is_ip6, d->id.idiag_dst), ntohs(d->id.idiag_dport) };
	s->ifindex = d->id.idiag_if;
	s->uid = d->idiag_uid;
	s->inode = d->idiag_inode;
	s->recv_q = d->idiag_rqueue;
	s->send_q = d->idiag_wqueue;
	s->cookie = (uint64_t)d->id.idiag_cookie[1] << 32 | d->id.idiag_cookie[0];
	if (q->kind == SONDE_SOCK_RAW) {
		s->protocol = s->local.port;
		s->local.port = s->remote.port = 0;
	}
	return mnl_attr_parse(m, sizeof *d, on_attr, s);
}

static struct inet_diag_req_v2 *put_request(struct asking *q, uint16_t flags, uint8_t family, uint8_t ip_proto)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(q->buffer.bytes);
	m->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	m->nlmsg_flags = NLM_F_REQUEST | flags;
	m->nlmsg_seq = SEQ;
	struct inet_diag_req_v2 *r = mnl_nlmsg_put_extra_header(m, sizeof *r);
	r->sdiag_family = family;
	r->sdiag_protocol = ip_proto;
	r->idiag_states = q->states;
	if (ip_proto == IPPROTO_TCP)
		r->idiag_ext = 1 << (INET_DIAG_INFO - 1);
	return r;
}

/* The end of a dump has its error, as -ENOENT from a kernel that cannot list this kind. */
static int on_done(const struct nlmsghdr *m, void *arg)
{
	int code = 0;
	(void)arg;
	if (mnl_nlmsg_get_payload_len(m) >= sizeof code)
		memcpy(&code, mnl_nlmsg_get_payload(m), sizeof code);
	errno = -code;
	return code < 0 ? MNL_CB_ERROR : MNL_CB_STOP;
}

/* Send what is in the buffer, and give each answer to fn. A request for one socket has one answer, and no end. */
static int ask(struct asking *q, mnl_cb_t fn)
{
	mnl_cb_t controls[NLMSG_DONE + 1] = { [NLMSG_DONE] = on_done };
	bool one = !(q->buffer.header.nlmsg_flags & NLM_F_DUMP);
	if (mnl_socket_sendto(q->socket, &q->buffer, q->buffer.header.nlmsg_len) < 0)
		return -errno;
	for (int more = 1; more > 0;) {
		ssize_t got = mnl_socket_recvfrom(q->socket, &q->buffer, sizeof q->buffer);
		more = got < 0 ? -1
			       : mnl_cb_run2(&q->buffer, (size_t)got, SEQ, mnl_socket_get_portid(q->socket), fn, q,
					     controls, NLMSG_DONE + 1);
		if (more < 0)
			return -errno;
		if (one)
			break;
	}
	return 0;
}

static int read_inet(struct asking *q, enum sonde_socket_kind kind, uint8_t ip_proto)
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	q->kind = kind;
	for (unsigned i = 0; i < 2; i++) {
		put_request(q, NLM_F_DUMP, families[i], ip_proto);
		int err = ask(q, on_socket);
		if (err)
			return err;
	}
	return 0;
}

/* --- Packet sockets ----------------------------------------------------------------------------------------------- */

static int on_packet_attr(const struct nlattr *attr, void *arg)
{
	struct sonde_socket *s = arg;
	const uint32_t *words = mnl_attr_get_payload(attr);
	size_t n = mnl_attr_get_payload_len(attr) / sizeof *words;
	switch (mnl_attr_get_type(attr)) {
	case PACKET_DIAG_INFO: s->ifindex = n > 0 ? words[0] : 0; break;
	case PACKET_DIAG_UID: s->uid = n > 0 ? words[0] : 0; break;
	case PACKET_DIAG_MEMINFO:
		s->recv_q = n > SK_MEMINFO_RMEM_ALLOC ? words[SK_MEMINFO_RMEM_ALLOC] : 0;
		s->send_q = n > SK_MEMINFO_WMEM_ALLOC ? words[SK_MEMINFO_WMEM_ALLOC] : 0;
		break;
	default: break;
	}
	return MNL_CB_OK;
}

static int on_packet_socket(const struct nlmsghdr *m, void *arg)
{
	const struct asking *q = arg;
	const struct packet_diag_msg *d = mnl_nlmsg_get_payload(m);
	if (mnl_nlmsg_get_payload_len(m) < sizeof *d)
		return MNL_CB_OK;
	struct sonde_socket *s = sonde_sockets_add(q->out);
	if (!s) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	s->kind = SONDE_SOCK_PACKET;
	s->state = CLOSED;
	s->protocol = d->pdiag_num;
	s->inode = d->pdiag_ino;
	s->cookie = (uint64_t)d->pdiag_cookie[1] << 32 | d->pdiag_cookie[0];
	return mnl_attr_parse(m, sizeof *d, on_packet_attr, s);
}

static int read_packet(struct asking *q)
{
	struct nlmsghdr *m = mnl_nlmsg_put_header(q->buffer.bytes);
	m->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	m->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	m->nlmsg_seq = SEQ;
	struct packet_diag_req *r = mnl_nlmsg_put_extra_header(m, sizeof *r);
	r->sdiag_family = AF_PACKET;
	r->pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_MEMINFO;
	return ask(q, on_packet_socket);
}

/* --- All ---------------------------------------------------------------------------------------------------------- */

static int open_asking(struct asking **out, uint32_t states)
{
	const struct timeval limit = { .tv_sec = ANSWER_S };
	struct asking *q = *out = calloc(1, sizeof *q);
	if (!q)
		return -ENOMEM;
	q->states = states;
	q->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!q->socket || mnl_socket_bind(q->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(q->socket), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) < 0)
		return -errno;
	return 0;
}

static void close_asking(struct asking *q)
{
	if (q && q->socket)
		mnl_socket_close(q->socket);
	free(q);
}

static int ask_kind(struct asking *q, enum sonde_socket_kind kind)
{
	switch (kind) {
	case SONDE_SOCK_TCP: return read_inet(q, kind, IPPROTO_TCP);
	case SONDE_SOCK_UDP: return read_inet(q, kind, IPPROTO_UDP);
	case SONDE_SOCK_RAW: return read_inet(q, kind, IPPROTO_RAW);
	case SONDE_SOCK_ICMP: return -ENOENT;
	default: return read_packet(q);
	}
}

/* Each kind is a module of the kernel, which may not be there; no kernel has one for ICMP. */
static int read_kind(struct asking *q, enum sonde_socket_kind kind)
{
	int err = ask_kind(q, kind);
	return err == -ENOENT ? sonde_sockproc_read(q->out, kind) : err;
}

static int read_kinds(struct sonde_sockets *out, unsigned kinds, uint32_t states, struct sonde_error *e)
{
	static const char *const names[] = { "TCP", "UDP", "raw", "ICMP", "packet" };
	struct asking *q;
	int err = open_asking(&q, states);
	const char *what = "the kernel's";
	for (enum sonde_socket_kind kind = 0; !err && kind < SONDE_SOCK_KINDS; kind++) {
		if (!(kinds & 1u << kind))
			continue;
		q->out = out;
		what = names[kind];
		err = read_kind(q, kind);
	}
	close_asking(q);
	return err ? sonde_fail(e, err, "cannot list %s sockets: %s", what, sonde_strerror(err)) : 0;
}

int sonde_sockets_read(struct sonde_sockets *out, unsigned kinds, struct sonde_error *e)
{
	return read_kinds(out, kinds, ALL_STATES, e);
}

void sonde_sockets_free(struct sonde_sockets *s)
{
	free(s->list);
	*s = (struct sonde_sockets){ 0 };
}

/* --- One ---------------------------------------------------------------------------------------------------------- */

int sonde_socket_find(struct sonde_socket *out, enum sonde_socket_kind kind, const struct sonde_endpoint *local,
		      const struct sonde_endpoint *remote, struct sonde_error *e)
{
	struct sonde_sockets found = { 0 };
	struct asking *q;
	int err = open_asking(&q, ALL_STATES);
	bool tcp = kind == SONDE_SOCK_TCP;
	if (!err) {
		struct inet_diag_req_v2 *r = put_request(q, 0, local->addr.family == SONDE_IP6 ? AF_INET6 : AF_INET,
							 tcp ? IPPROTO_TCP : IPPROTO_UDP);
		q->kind = kind;
		q->out = &found;
		/* Of UDP, the kernel takes the source for the remote side (udp_dump_one of its net/ipv4/udp_diag.c). */
		const struct sonde_endpoint *src = tcp ? local : remote, *dst = tcp ? remote : local;
		memcpy(r->id.idiag_src, src->addr.bytes, sonde_addr_len(&src->addr));
		memcpy(r->id.idiag_dst, dst->addr.bytes, sonde_addr_len(&dst->addr));
		r->id.idiag_sport = htons(src->port);
		r->id.idiag_dport = htons(dst->port);
		r->id.idiag_cookie[0] = r->id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
		err = ask(q, on_socket);
	}
	if (!err && !found.n)
		err = -ENOENT;
	if (!err)
		*out = found.list[0];
	sonde_sockets_free(&found);
	close_asking(q);
	return err ? sonde_fail(e, err, "cannot find the socket: %s", sonde_strerror(err)) : 0;
}

/* --- Those that wait ---------------------------------------------------------------------------------------------- */

/* A UDP socket without a peer is said to be closed. */
static bool waits(const struct sonde_socket *s)
{
	return s->local.port && s->state == (s->kind == SONDE_SOCK_TCP ? LISTENS : CLOSED);
}

int sonde_listeners_read(struct sonde_listeners *out, struct sonde_error *e)
{
	struct sonde_sockets all = { 0 };
	*out = (struct sonde_listeners){ 0 };
	int err = read_kinds(&all, 1u << SONDE_SOCK_TCP | 1u << SONDE_SOCK_UDP, 1u << LISTENS | 1u << CLOSED, e);
	if (!err)
		out->list = malloc((all.n + 1) * sizeof *out->list);
	for (uint32_t i = 0; out->list && i < all.n; i++) {
		const struct sonde_socket *s = &all.list[i];
		if (waits(s))
			out->list[out->n++] = (struct sonde_listener){
				.ip_proto = s->kind == SONDE_SOCK_TCP ? IPPROTO_TCP : IPPROTO_UDP,
				.local = s->local,
				.takes_ip4 = s->takes_ip4,
			};
	}
	sonde_sockets_free(&all);
	return err || out->list ? err : sonde_fail(e, -ENOMEM, "cannot list sockets: %s", sonde_strerror(-ENOMEM));
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
