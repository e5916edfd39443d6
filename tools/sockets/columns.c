#include <netinet/tcp.h>
#include <stddef.h>

#include "flow/tuple.h"
#include "tools/sockets/sockets.h"

bool socket_has_peer(const struct sonde_socket *s)
{
	return s->remote.port || (s->remote.addr.family && !sonde_addr_is_unspecified(&s->remote.addr));
}

const char *socket_proto(const struct sonde_socket *s)
{
	static const char *const names[] = { "tcp", "udp", "raw", "icmp", "packet" };
	return s->kind == SONDE_SOCK_ICMP && s->is_ip6 ? "icmp6" : names[s->kind];
}

const char *socket_state(const struct sonde_socket *s)
{
	enum { NEW_SYN_RECV = 12 }; /* as the kernel has it: <netinet/tcp.h> ends before */
	switch (s->state) {
	case TCP_ESTABLISHED: return "established";
	case TCP_SYN_SENT: return "syn-sent";
	case NEW_SYN_RECV:
	case TCP_SYN_RECV: return "syn-recv";
	case TCP_FIN_WAIT1: return "fin-wait-1";
	case TCP_FIN_WAIT2: return "fin-wait-2";
	case TCP_TIME_WAIT: return "time-wait";
	case TCP_CLOSE_WAIT: return "close-wait";
	case TCP_LAST_ACK: return "last-ack";
	case TCP_LISTEN: return "listen";
	case TCP_CLOSING: return "closing";
	default: return s->kind == SONDE_SOCK_TCP ? "bound" : "unconnected";
	}
}

/* --- What is not a number of the socket --------------------------------------------------------------------------- */

static void get_proto(struct column_value *v, const void *row)
{
	v->text = socket_proto(&((const struct socket_row *)row)->s);
}

static void get_state(struct column_value *v, const void *row)
{
	v->text = socket_state(&((const struct socket_row *)row)->s);
}

static void get_local(struct column_value *v, const void *row)
{
	v->end = &((const struct socket_row *)row)->s.local;
	v->none = !v->end->addr.family;
}

static void get_remote(struct column_value *v, const void *row)
{
	const struct sonde_socket *s = &((const struct socket_row *)row)->s;
	v->end = &s->remote;
	v->none = !socket_has_peer(s);
}

static void get_local_port(struct column_value *v, const void *row)
{
	v->n = ((const struct socket_row *)row)->s.local.port;
	v->none = !v->n;
}

static void get_remote_port(struct column_value *v, const void *row)
{
	v->n = ((const struct socket_row *)row)->s.remote.port;
	v->none = !v->n;
}

static void get_pid(struct column_value *v, const void *row)
{
	const struct sonde_owner *o = ((const struct socket_row *)row)->owner;
	v->n = o ? o->pid : 0;
	v->none = !o;
}

static void get_process(struct column_value *v, const void *row)
{
	const struct sonde_owner *o = ((const struct socket_row *)row)->owner;
	v->text = o ? o->process : "";
	v->none = !o;
}

static void get_fd(struct column_value *v, const void *row)
{
	const struct sonde_owner *o = ((const struct socket_row *)row)->owner;
	v->n = o ? (uint64_t)o->fd : 0;
	v->none = !o;
}

static void get_protocol(struct column_value *v, const void *row)
{
	const struct sonde_socket *s = &((const struct socket_row *)row)->s;
	v->n = s->protocol;
	v->none = s->kind != SONDE_SOCK_RAW && s->kind != SONDE_SOCK_PACKET;
}

static void get_takes_ip4(struct column_value *v, const void *row)
{
	const struct sonde_socket *s = &((const struct socket_row *)row)->s;
	v->n = s->takes_ip4;
	v->none = !s->is_ip6 || s->kind > SONDE_SOCK_RAW;
}

static void get_netns(struct column_value *v, const void *row)
{
	v->n = ((const struct socket_row *)row)->netns->inode;
}

static void get_netns_name(struct column_value *v, const void *row)
{
	v->text = ((const struct socket_row *)row)->netns->name;
	v->none = !*v->text;
}

static void get_community_id(struct column_value *v, const void *row)
{
	const struct sonde_socket *s = &((const struct socket_row *)row)->s;
	const struct sonde_flow_tuple tuple = {
		.pair = { .local = s->local, .remote = s->remote, .proto = s->kind == SONDE_SOCK_TCP ? 6 : 17 },
	};
	_Static_assert(sizeof v->room >= SONDE_COMMUNITY_STRLEN, "an id fits");
	v->text = v->room;
	v->none = s->kind > SONDE_SOCK_UDP || !socket_has_peer(s) || !*sonde_community_id(v->room, &tuple, 0);
}

/* --- The table ---------------------------------------------------------------------------------------------------- */

#define OWN(label, kind, function, meaning) { .name = label, .type = kind, .get = function, .help = meaning }
#define NUMBER(label, kind, member, is_tcp, meaning)                                                                   \
	{ .name = label, .type = kind, .width = sizeof(((struct socket_row *)0)->member), .tcp = is_tcp,              \
	  .offset = offsetof(struct socket_row, member), .help = meaning }

static const struct column columns[] = {
	OWN("proto", COLUMN_TEXT, get_proto, "tcp, udp, raw, icmp, icmp6 (for echoes), packet"),
	OWN("state", COLUMN_TEXT, get_state, "of TCP; others are established with a peer, or unconnected"),
	OWN("local", COLUMN_END, get_local, "address and port"),
	OWN("remote", COLUMN_END, get_remote, "address and port, where there is a peer"),
	OWN("local_port", COLUMN_UINT, get_local_port, "ICMP: the identifier"),
	OWN("remote_port", COLUMN_UINT, get_remote_port, "that of the peer"),
	OWN("pid", COLUMN_UINT, get_pid, "a process that has it"),
	OWN("process", COLUMN_TEXT, get_process, "its name"),
	OWN("fd", COLUMN_UINT, get_fd, "the descriptor there"),
	NUMBER("n_owners", COLUMN_UINT, n_owners, false, "descriptors that it is known by, of all processes"),
	OWN("protocol", COLUMN_UINT, get_protocol, "raw: of IP; packet: the EtherType, 3 for all"),
	NUMBER("ifindex", COLUMN_UINT, s.ifindex, false, "index of the interface that it is bound to, or 0"),
	OWN("takes_ip4", COLUMN_BOOL, get_takes_ip4, "one of IPv6 that takes IPv4, too"),
	NUMBER("uid", COLUMN_UINT, s.uid, false, "user whom it belongs to"),
	NUMBER("inode", COLUMN_UINT, s.inode, false, "its number below /proc/PID/fd; 0: no process has it"),
	NUMBER("cookie", COLUMN_UINT, s.cookie, false, "SO_COOKIE; 0: the kernel does not tell"),
	OWN("netns", COLUMN_UINT, get_netns, "inode of its network namespace"),
	OWN("netns_name", COLUMN_TEXT, get_netns_name, "its name in /run/netns"),
	NUMBER("recv_q", COLUMN_UINT, s.recv_q, false, "bytes not read yet; listen: connections that wait"),
	NUMBER("send_q", COLUMN_UINT, s.send_q, false, "bytes not acknowledged yet; listen: that may wait"),
	NUMBER("rtt_ns", COLUMN_NS, s.tcp.rtt_ns, true, "smoothed round-trip time"),
	NUMBER("rtt_var_ns", COLUMN_NS, s.tcp.rtt_var_ns, true, "its mean deviation"),
	NUMBER("rtt_min_ns", COLUMN_NS, s.tcp.rtt_min_ns, true, "the shortest lately"),
	NUMBER("retransmits", COLUMN_UINT, s.tcp.retransmits, true, "segments that were sent again"),
	NUMBER("cwnd", COLUMN_UINT, s.tcp.cwnd, true, "congestion window, in segments"),
	NUMBER("mss", COLUMN_UINT, s.tcp.mss, true, "bytes of a segment"),
	NUMBER("segs_out", COLUMN_UINT, s.tcp.segs_out, true, "segments sent"),
	NUMBER("segs_in", COLUMN_UINT, s.tcp.segs_in, true, "segments received"),
	NUMBER("bytes_acked", COLUMN_UINT, s.tcp.bytes_acked, true, "bytes that the peer acknowledged"),
	NUMBER("bytes_received", COLUMN_UINT, s.tcp.bytes_received, true, "bytes received"),
	OWN("community_id", COLUMN_TEXT, get_community_id, "Community ID, version 1"),
	{ .name = NULL },
};

static bool has_tcp(const void *row)
{
	return ((const struct socket_row *)row)->s.has_tcp;
}

const struct column_table sockets_table = {
	.columns = columns,
	.is_tcp = has_tcp,
	.pairs = { { "host", "local", "remote" }, { "port", "local_port", "remote_port" } },
};
