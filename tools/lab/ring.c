#include "tools/lab/ring.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/socket.h>

#define HEAD_ROOM 64 /* what the kernel may add for alignment */
#define BLOCK_LEN 65536
#define BLOCK_MAX (1 << 18) /* for frames of up to 64 KiB and the header before them */

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value)) ? -errno : 0;
}

static int make_ring(struct ring *p, size_t frame_len, size_t ring_len)
{
	size_t need = sizeof(struct tpacket2_hdr) + sizeof(struct sockaddr_ll) + HEAD_ROOM + frame_len;

	for (p->slot_len = 2048; p->slot_len < need;)
		p->slot_len *= 2;
	p->block_len = p->slot_len > BLOCK_LEN ? BLOCK_MAX : BLOCK_LEN;
	p->slots_per_block = (unsigned)(p->block_len / p->slot_len);
	unsigned blocks = (unsigned)(ring_len / p->block_len) + 1;
	p->n_slots = blocks * p->slots_per_block;
	struct tpacket_req ring = { .tp_block_size = (unsigned)p->block_len,
				    .tp_block_nr = blocks,
				    .tp_frame_size = (unsigned)p->slot_len,
				    .tp_frame_nr = p->n_slots };
	int err = set(p->fd, PACKET_VERSION, TPACKET_V2);
	if (!err && setsockopt(p->fd, SOL_PACKET, PACKET_RX_RING, &ring, sizeof(ring)))
		err = -errno;
	if (err)
		return err;
	p->memory = mmap(NULL, p->block_len * blocks, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	return p->memory == MAP_FAILED ? -errno : 0;
}

/* Without a protocol the socket receives nothing before it is bound to its interface. */
int ring_open(struct ring *p, const char *interface, size_t frame_len, size_t ring_len)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(interface) };
	struct packet_mreq all = { .mr_ifindex = at.sll_ifindex, .mr_type = PACKET_MR_PROMISC };
	int err;

	*p = (struct ring){ .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) };
	at.sll_protocol = htons(ETH_P_ALL);
	if (p->fd < 0)
		return -errno;
	if ((err = set(p->fd, PACKET_IGNORE_OUTGOING, 1)) || (err = set(p->fd, PACKET_QDISC_BYPASS, 1)) ||
	    (err = make_ring(p, frame_len, ring_len)))
		return err;
	if (setsockopt(p->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof(all)) ||
	    bind(p->fd, (const struct sockaddr *)&at, sizeof(at)))
		return -errno;
	return 0;
}

static struct tpacket2_hdr *slot(const struct ring *p)
{
	uint8_t *block = p->memory + p->at / p->slots_per_block * p->block_len;

	return (struct tpacket2_hdr *)(void *)(block + p->at % p->slots_per_block * p->slot_len);
}

bool ring_next(struct ring_frame *out, struct ring *p)
{
	const struct tpacket2_hdr *h = slot(p);
	uint32_t status = __atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE);

	if (!(status & TP_STATUS_USER))
		return false;
	*out = (struct ring_frame){ .bytes = sonde_view((const uint8_t *)h + h->tp_mac, h->tp_snaplen),
				    .came_ns = h->tp_sec * SONDE_S + h->tp_nsec,
				    .whole = h->tp_snaplen == h->tp_len,
				    .tagged = status & TP_STATUS_VLAN_VALID,
				    .tag = { ETH_P_8021Q, h->tp_vlan_tci } };
	if (status & TP_STATUS_VLAN_TPID_VALID)
		out->tag[0] = h->tp_vlan_tpid;
	return true;
}

void ring_done(struct ring *p)
{
	__atomic_store_n(&slot(p)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	p->at = (p->at + 1) % p->n_slots;
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
