#include "io/sockproc.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define CLOSED 7 /* TCP_CLOSE, as the kernel has it in these files */

/* Addresses are written as 32-bit numbers of the machine. Returns how many there were. */
static unsigned parse_words(uint32_t out[static 4], const char *text)
{
	unsigned n = 0;
	while (n < 4 && sscanf(text + (size_t)n * 8, "%8x", &out[n]) == 1)
		n++;
	return n;
}

static bool parse_inet(struct sonde_socket *s, const char *line, bool is_ip6)
{
	char local[33], remote[33];
	unsigned local_port, remote_port, state, send_q, recv_q, uid, inode;
	uint32_t from[4], to[4];
	if (sscanf(line, " %*u: %32[0-9A-F]:%4x %32[0-9A-F]:%4x %2x %8x:%8x %*x:%*x %*x %u %*d %u", local, &local_port,
		   remote, &remote_port, &state, &send_q, &recv_q, &uid, &inode) != 9 ||
	    strlen(local) != (is_ip6 ? 32 : 8) || strlen(remote) != strlen(local) || !parse_words(from, local) ||
	    !parse_words(to, remote))
		return false;
	*s = (struct sonde_socket){
		.state = (uint8_t)state,
		.is_ip6 = is_ip6,
		.local = { sonde_socket_addr(is_ip6, from), (uint16_t)local_port },
		.remote = { sonde_socket_addr(is_ip6, to), (uint16_t)remote_port },
		.uid = uid,
		.inode = inode,
		.recv_q = recv_q,
		.send_q = send_q,
	};
	return true;
}

static bool parse_packet(struct sonde_socket *s, const char *line, bool is_ip6)
{
	unsigned protocol, ifindex, recv_q, uid, inode;
	(void)is_ip6;
	if (sscanf(line, "%*x %*d %*d %4x %u %*d %u %u %u", &protocol, &ifindex, &recv_q, &uid, &inode) != 5)
		return false;
	*s = (struct sonde_socket){
		.state = CLOSED,
		.protocol = (uint16_t)protocol,
		.ifindex = ifindex,
		.recv_q = recv_q,
		.uid = uid,
		.inode = inode,
	};
	return true;
}

/* thread-self: the namespace that this thread is in. A kernel without IPv6 has no file for it. */
static int read_file(struct sonde_sockets *out, enum sonde_socket_kind kind, const char *name, bool is_ip6)
{
	char line[256], path[64];
	struct sonde_socket s;
	snprintf(path, sizeof path, "/proc/thread-self/net/%s", name);
	FILE *f = fopen(path, "re");
	int err = 0;
	if (!f)
		return errno == ENOENT ? 0 : -errno;
	while (!err && fgets(line, sizeof line, f)) {
		if (!(kind == SONDE_SOCK_PACKET ? parse_packet : parse_inet)(&s, line, is_ip6))
			continue;
		s.kind = kind;
		if (kind == SONDE_SOCK_RAW) {
			s.protocol = s.local.port;
			s.local.port = s.remote.port = 0;
		}
		struct sonde_socket *added = sonde_sockets_add(out);
		if (added)
			*added = s;
		else
			err = -ENOMEM;
	}
	fclose(f);
	return err;
}

int sonde_sockproc_read(struct sonde_sockets *out, enum sonde_socket_kind kind)
{
	static const char *const names[][2] = {
		{ "tcp", "tcp6" }, { "udp", "udp6" }, { "raw", "raw6" }, { "icmp", "icmp6" }, { "packet", NULL },
	};
	int err = read_file(out, kind, names[kind][0], false);
	return err || !names[kind][1] ? err : read_file(out, kind, names[kind][1], true);
}
