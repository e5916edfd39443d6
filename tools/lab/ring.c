#include "tools/lab/ring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <sys/socket.h>

#include "io/socket.h"

static int set(int fd, int option, int value)
{
	return sonde_socket_option(fd, SOL_PACKET, option, value);
}

/* Without a protocol the socket receives nothing before it is bound to its interface. */
int ring_open(struct ring *p, const char *interface, size_t frame_len, size_t ring_len)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface) };
	struct packet_mreq all = { .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
	const struct sonde_ring_options o = { .immediate = true, .snap = (uint32_t)frame_len,
					      .bytes = (uint32_t)ring_len };
	int err;

	*p = (struct ring){ .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) };
	at.sll_protocol = htons(ETH_P_ALL);
	if (p->fd < 0)
		return -errno;
	if ((err = set(p->fd, PACKET_IGNORE_OUTGOING, 1)) || (err = set(p->fd, PACKET_QDISC_BYPASS, 1)) ||
	    (err = sonde_ring_set_up(p->fd, &o)))
		return err;
	if (setsockopt(p->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) ||
	    bind(p->fd, (const struct sockaddr *)&at, sizeof(at)))
		return -errno;
	return sonde_ring_map(&p->ring, p->fd, &o);
}

bool ring_next(struct ring_frame *out, struct ring *p)
{
	struct sonde_ring_frame f;

	if (!sonde_ring_next(&f, &p->ring))
		return false;
	*out = (struct ring_frame){ .bytes = sonde_view(f.bytes, f.len),
				    .came_ns = f.time,
				    .whole = f.len == f.wire_len,
				    .tagged = f.has_tag,
				    .tag = { f.tag_type, f.tag } };
	return true;
}

unsigned ring_send(const struct ring *p, const struct sonde_view *frames, unsigned n)
{
	struct mmsghdr messages[RING_BATCH];
	struct iovec data[RING_BATCH];
	unsigned taken = 0;

	for (unsigned i = 0; i < n; i++) {
		data[i] = (struct iovec){ (void *)(uintptr_t)frames[i].data, frames[i].len };
		messages[i].msg_hdr = (struct msghdr){ .msg_iov = &data[i], .msg_iovlen = 1 };
	}
	for (unsigned at = 0; at < n;) {
		int sent = sendmmsg(p->fd, messages + at, n - at, MSG_DONTWAIT);
		taken += sent > 0 ? (unsigned)sent : 0;
		at += sent > 0 ? (unsigned)sent : 1; /* the kernel refuses the first of the rest */
	}
	return taken;
}

unsigned ring_drops(const struct ring *p)
{
	struct tpacket_stats stats;
	socklen_t len = sizeof(stats);

	return getsockopt(p->fd, SOL_PACKET, PACKET_STATISTICS, &stats, &len) ? 0 : stats.tp_drops;
}
