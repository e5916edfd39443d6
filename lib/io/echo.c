#include "io/echo.h"

#include <errno.h>
#include <time.h> /* errqueue.h needs it before */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "io/socket.h"

#define MESSAGE_ROOM 65536

struct sonde_echo {
	int fd;
	enum sonde_family family;
	uint16_t id;
	uint32_t next_key; /* as the kernel counts (SOF_TIMESTAMPING_OPT_ID) */
	bool pending;      /* held is a message to be handed out behind the reports that came before it */
	struct sonde_echo_report held;
	uint8_t *message, *quote; /* room for a message, and for what an error quotes */
};

/* Begin the count of keys again, by switching OPT_ID off and on. The kernel counts some of the sends that fail. */
static int restart_keys(struct sonde_echo *s)
{
	const int stamps = SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE |
			   SOF_TIMESTAMPING_OPT_TSONLY;
	int err = sonde_socket_option(s->fd, SOL_SOCKET, SO_TIMESTAMPING, stamps);
	s->next_key = 0;
	return err ? err : sonde_socket_option(s->fd, SOL_SOCKET, SO_TIMESTAMPING, stamps | SOF_TIMESTAMPING_OPT_ID);
}

static int bind_id(struct sonde_echo *s, const struct sonde_echo_options *o)
{
	const struct sonde_addr any = { .family = (uint8_t)s->family };
	const struct sonde_addr *own = o->source.family == s->family ? &o->source : &any;
	struct sonde_sockaddr at = sonde_sockaddr(own, o->id);
	if (bind(s->fd, &at.any, at.len) < 0) {
		at = sonde_sockaddr(own, 0);
		if (errno != EADDRINUSE || bind(s->fd, &at.any, at.len) < 0)
			return -errno;
	}
	at.len = sizeof at.in6;
	if (getsockname(s->fd, &at.any, &at.len) < 0)
		return -errno;
	s->id = sonde_sockaddr_endpoint(&at).port;
	return 0;
}

static int prepare(struct sonde_echo *s, const struct sonde_echo_options *o)
{
	const struct sonde_socket_options of_all = { .ttl = o->ttl, .tos = o->tos, .ifindex = o->ifindex };
	const bool v6 = s->family == SONDE_IP6;
	const int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	int err = sonde_socket_prepare(s->fd, s->family, &of_all);
	if (!err)
		err = sonde_socket_option(s->fd, level, v6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL, 1);
	if (!err)
		err = sonde_socket_option(s->fd, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1);
	/* By default the kernel neither fragments nor sends more than the path's MTU. */
	if (!err && !v6)
		err = sonde_socket_option(s->fd, level, IP_MTU_DISCOVER, o->df ? IP_PMTUDISC_PROBE : IP_PMTUDISC_DONT);
	if (!err && v6 && o->df)
		err = sonde_socket_option(s->fd, level, IPV6_DONTFRAG, 1);
	if (!err && o->broadcast)
		err = sonde_socket_option(s->fd, SOL_SOCKET, SO_BROADCAST, 1);
	/* Both families share the identifiers: without this, ping -4 and -6 could not have the same one. */
	if (!err)
		err = sonde_socket_option(s->fd, SOL_SOCKET, SO_REUSEADDR, 1);
	if (!err)
		err = sonde_socket_option(s->fd, SOL_SOCKET, SO_RCVBUF, 1 << 20);
	if (!err)
		err = restart_keys(s);
	return err ? err : bind_id(s, o);
}

int sonde_echo_open(struct sonde_echo **out, const struct sonde_echo_options *o, struct sonde_error *e)
{
	static const char what[] = "cannot open a datagram ICMP socket";
	struct sonde_echo *s = calloc(1, sizeof *s);
	bool v6 = o->family == SONDE_IP6;
	*out = NULL;
	if (!s)
		return sonde_fail(e, -ENOMEM, "%s: no memory", what);
	s->family = o->family;
	s->message = malloc(MESSAGE_ROOM);
	s->quote = malloc(MESSAGE_ROOM);
	s->fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK,
		       v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	int err = s->fd < 0 ? -errno : !s->message || !s->quote ? -ENOMEM : prepare(s, o);
	if (err == 0) {
		*out = s;
		return 0;
	}
	sonde_echo_close(s);
	sonde_fail(e, err, "%s: %s", what, sonde_strerror(err));
	if (err == -EACCES)
		sonde_hint(e, "need CAP_NET_RAW, or a group in net.ipv4.ping_group_range; or try: sonde lab run");
	return err;
}

void sonde_echo_close(struct sonde_echo *s)
{
	if (!s)
		return;
	if (s->fd >= 0)
		close(s->fd);
	free(s->message);
	free(s->quote);
	free(s);
}

int sonde_echo_fd(const struct sonde_echo *s)
{
	return s->fd;
}

uint16_t sonde_echo_id(const struct sonde_echo *s)
{
	return s->id;
}

uint64_t sonde_echo_dropped(const struct sonde_echo *s)
{
	uint32_t info[SK_MEMINFO_VARS] = { 0 };
	socklen_t len = sizeof info;
	return getsockopt(s->fd, SOL_SOCKET, SO_MEMINFO, info, &len) < 0 ? 0 : info[SK_MEMINFO_DROPS];
}

int sonde_echo_send(struct sonde_echo *s, uint32_t *key, const struct sonde_addr *dst, struct sonde_view message)
{
	struct sonde_sockaddr to = sonde_sockaddr(dst, 0);
	int pending;
	socklen_t len = sizeof pending;
	/* Clear the ICMP error of an earlier request: sendto(2) would return it and send nothing. */
	getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &pending, &len);
	if (sendto(s->fd, message.data, message.len, MSG_DONTWAIT, &to.any, to.len) < 0) {
		int err = -errno;
		restart_keys(s);
		return err;
	}
	*key = s->next_key++;
	return 0;
}

/* --- Reports ----------------------------------------------------------------------------------------------------- */

static void read_own_addr(struct sonde_echo_report *t, const struct cmsghdr *c)
{
	if (c->cmsg_level == IPPROTO_IP) {
		struct in_pktinfo info;
		memcpy(&info, CMSG_DATA(c), sizeof info);
		t->to = sonde_addr4((const uint8_t *)&info.ipi_addr);
	} else {
		struct in6_pktinfo info;
		memcpy(&info, CMSG_DATA(c), sizeof info);
		t->to = sonde_addr6(info.ipi6_addr.s6_addr);
	}
}

/* Returns whether the report is of interest. */
static bool read_report(struct sonde_echo_report *t, const struct sonde_socket_report *r)
{
	if (r->origin == SO_EE_ORIGIN_TIMESTAMPING) {
		t->kind = SONDE_ECHO_SENT;
		t->key = r->data;
		return true;
	}
	if (!r->is_icmp)
		return false;
	t->kind = SONDE_ECHO_ERROR;
	t->type = r->type;
	t->mtu = r->info;
	t->code = r->code;
	t->from = r->from;
	return true;
}

/* Returns whether there was a report of interest among the control messages. */
static bool read_control(struct sonde_echo_report *t, struct msghdr *m)
{
	bool found = false;
	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c)) {
		bool v4 = c->cmsg_level == IPPROTO_IP, v6 = c->cmsg_level == IPPROTO_IPV6;
		struct sonde_socket_report report;
		struct scm_timestamping stamps;
		int value;
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPING) {
			memcpy(&stamps, CMSG_DATA(c), sizeof stamps);
			t->stamp = stamps.ts[0].tv_sec * SONDE_S + stamps.ts[0].tv_nsec;
		} else if (sonde_socket_report_of(&report, c)) {
			found |= read_report(t, &report);
		} else if ((v4 && c->cmsg_type == IP_PKTINFO) || (v6 && c->cmsg_type == IPV6_PKTINFO)) {
			read_own_addr(t, c);
		} else if ((v4 && c->cmsg_type == IP_TTL) || (v6 && c->cmsg_type == IPV6_HOPLIMIT)) {
			memcpy(&value, CMSG_DATA(c), sizeof value);
			t->ttl = (uint8_t)value;
		}
	}
	return found;
}

/* Take one message, or with MSG_ERRQUEUE one report. Returns 1, 0, or a negated errno. */
static int take(struct sonde_echo_report *t, struct sonde_echo *s, uint8_t *room, int flags)
{
	_Alignas(struct cmsghdr) char control[512];
	struct sonde_sockaddr peer;
	struct iovec vector = { room, MESSAGE_ROOM };
	for (;;) {
		struct msghdr m = { .msg_name = &peer.any,
				    .msg_namelen = sizeof peer.in6,
				    .msg_iov = &vector,
				    .msg_iovlen = 1,
				    .msg_control = control,
				    .msg_controllen = sizeof control };
		ssize_t len = recvmsg(s->fd, &m, flags | MSG_DONTWAIT);
		if (len < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		/* ICMP errors are returned here, too; the error queue has them in full. */
		if (len < 0 && (flags & MSG_ERRQUEUE))
			return -errno;
		if (len < 0)
			return errno == ENETDOWN || errno == EBADF ? -errno : 0;
		*t = (struct sonde_echo_report){ .kind = SONDE_ECHO_REPLY, .message = sonde_view(room, (size_t)len) };
		bool found = read_control(t, &m);
		peer.len = m.msg_namelen;
		struct sonde_addr named = sonde_sockaddr_endpoint(&peer).addr;
		if (!(flags & MSG_ERRQUEUE)) {
			t->from = named;
			return 1;
		}
		if (t->kind == SONDE_ECHO_ERROR)
			t->to = named;
		if (found)
			return 1;
	}
}

int sonde_echo_next(struct sonde_echo_report *out, struct sonde_echo *s)
{
	int got = take(out, s, s->quote, MSG_ERRQUEUE);
	if (got != 0)
		return got;
	if (!s->pending) {
		got = take(&s->held, s, s->message, 0);
		if (got != 1)
			return got;
		s->pending = true;
		/* The report of its request may have come after the first look. */
		got = take(out, s, s->quote, MSG_ERRQUEUE);
		if (got != 0)
			return got;
	}
	s->pending = false;
	*out = s->held;
	return 1;
}
