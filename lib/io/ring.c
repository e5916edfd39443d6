#include "io/ring.h"

#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "io/socket.h"

#define SLOT_BLOCK  (64u << 10)  /* bytes of a block of slots: a multiple of every page size */
#define FRAME_BLOCK (1u << 20)   /* bytes of a block of many frames */
#define SLOT_ROOM   96           /* for the sender's address, the longest link header, and what aligning takes */

static uint32_t header_len(bool immediate)
{
	return immediate ? sizeof(struct tpacket2_hdr) : sizeof(struct tpacket3_hdr);
}

static uint32_t align(uint32_t n)
{
	return (n + TPACKET_ALIGNMENT - 1) / TPACKET_ALIGNMENT * TPACKET_ALIGNMENT;
}

static uint32_t power_of_2_from(uint32_t n, uint32_t least)
{
	while (least < n)
		least *= 2;
	return least;
}

static struct tpacket_req3 geometry(const struct sonde_ring_options *o)
{
	uint32_t frame = align(header_len(o->immediate) + SONDE_RING_RESERVE + SLOT_ROOM + o->snap);
	uint32_t block = power_of_2_from(frame, o->immediate ? SLOT_BLOCK : FRAME_BLOCK);
	uint32_t n_blocks = o->bytes > block ? o->bytes / block : 1;
	return (struct tpacket_req3){
		.tp_block_size = block,
		.tp_block_nr = n_blocks,
		.tp_frame_size = frame,
		.tp_frame_nr = block / frame * n_blocks,
		.tp_retire_blk_tov = o->block_ns > SONDE_MS ? (uint32_t)(o->block_ns / SONDE_MS) : 1,
	};
}

int sonde_ring_set_up(int fd, const struct sonde_ring_options *o)
{
	struct tpacket_req3 request = geometry(o);
	socklen_t len = o->immediate ? sizeof(struct tpacket_req) : sizeof request; /* it begins like the longer one */
	int rc = sonde_socket_option(fd, SOL_PACKET, PACKET_VERSION, o->immediate ? TPACKET_V2 : TPACKET_V3);
	if (!rc)
		rc = sonde_socket_option(fd, SOL_PACKET, PACKET_RESERVE, SONDE_RING_RESERVE);
	if (!rc && setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &request, len) < 0)
		rc = -errno;
	return rc;
}

int sonde_ring_map(struct sonde_ring *r, int fd, const struct sonde_ring_options *o)
{
	struct tpacket_req3 g = geometry(o);
	size_t len = (size_t)g.tp_block_size * g.tp_block_nr;
	void *map = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	*r = (struct sonde_ring){ 0 };
	if (map == MAP_FAILED)
		return -errno;
	*r = (struct sonde_ring){ .map = map, .block_len = g.tp_block_size, .frame_len = g.tp_frame_size,
				  .n_blocks = g.tp_block_nr, .immediate = o->immediate };
	return 0;
}

void sonde_ring_unmap(struct sonde_ring *r)
{
	if (r->map)
		munmap(r->map, (size_t)r->block_len * r->n_blocks);
	r->map = NULL;
}

/* Both layouts have the sender's address behind the frame's own header. */
static void read_sender(struct sonde_ring_frame *out, const uint8_t *at)
{
	struct sockaddr_ll from;
	memcpy(&from, at, sizeof from);
	out->ifindex = (uint32_t)from.sll_ifindex;
	out->protocol = ntohs(from.sll_protocol);
	out->hardware = from.sll_hatype;
	out->type = from.sll_pkttype;
	out->addr_len = from.sll_halen;
	memcpy(out->addr, from.sll_addr, sizeof out->addr);
}

static void read_tag(struct sonde_ring_frame *out, uint32_t status, uint32_t tag, uint32_t type)
{
	out->has_tag = status & TP_STATUS_VLAN_VALID;
	out->tag = (uint16_t)tag;
	out->tag_type = status & TP_STATUS_VLAN_TPID_VALID ? (uint16_t)type : ETH_P_8021Q;
}

/* --- A slot for each frame ---------------------------------------------------------------------------------------- */

static struct tpacket2_hdr *slot_at(const struct sonde_ring *r, uint32_t n)
{
	uint32_t in_block = r->block_len / r->frame_len;
	return (struct tpacket2_hdr *)(void *)(r->map + (size_t)(n / in_block) * r->block_len +
					       (size_t)(n % in_block) * r->frame_len);
}

static bool next_slot(struct sonde_ring_frame *out, struct sonde_ring *r)
{
	if (r->holds) {
		__atomic_store_n(&slot_at(r, r->at)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		r->at = (r->at + 1) % (r->block_len / r->frame_len * r->n_blocks);
		r->holds = false;
	}
	struct tpacket2_hdr *slot = slot_at(r, r->at);
	uint32_t status = __atomic_load_n(&slot->tp_status, __ATOMIC_ACQUIRE);
	if (!(status & TP_STATUS_USER))
		return false;
	r->holds = true;
	*out = (struct sonde_ring_frame){
		.bytes = (uint8_t *)slot + slot->tp_mac,
		.len = slot->tp_snaplen,
		.wire_len = slot->tp_len,
		.time = slot->tp_sec * SONDE_S + slot->tp_nsec,
	};
	read_sender(out, (const uint8_t *)slot + align(sizeof *slot));
	read_tag(out, status, slot->tp_vlan_tci, slot->tp_vlan_tpid);
	return true;
}

/* --- Blocks of many frames ---------------------------------------------------------------------------------------- */

static struct tpacket_block_desc *block_at(const struct sonde_ring *r, uint32_t n)
{
	return (struct tpacket_block_desc *)(void *)(r->map + (size_t)n * r->block_len);
}

/* Give the block that was read to the kernel, and take the next one if it is there. */
static bool turn_to_next_block(struct sonde_ring *r)
{
	if (r->holds) {
		__atomic_store_n(&block_at(r, r->at)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		r->at = (r->at + 1) % r->n_blocks;
		r->holds = false;
	}
	struct tpacket_block_desc *block = block_at(r, r->at);
	if (!(__atomic_load_n(&block->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
		return false;
	r->holds = true;
	r->n_left = block->hdr.bh1.num_pkts;
	r->next = (uint8_t *)block + block->hdr.bh1.offset_to_first_pkt;
	return true;
}

static bool next_in_block(struct sonde_ring_frame *out, struct sonde_ring *r)
{
	while (!r->n_left)
		if (!turn_to_next_block(r))
			return false;
	const struct tpacket3_hdr *header = (const struct tpacket3_hdr *)(const void *)r->next;
	*out = (struct sonde_ring_frame){
		.bytes = r->next + header->tp_mac,
		.len = header->tp_snaplen,
		.wire_len = header->tp_len,
		.time = header->tp_sec * SONDE_S + header->tp_nsec,
	};
	read_sender(out, r->next + align(sizeof *header));
	read_tag(out, header->tp_status, header->hv1.tp_vlan_tci, header->hv1.tp_vlan_tpid);
	r->next += header->tp_next_offset;
	r->n_left--;
	return true;
}

bool sonde_ring_next(struct sonde_ring_frame *out, struct sonde_ring *r)
{
	return r->immediate ? next_slot(out, r) : next_in_block(out, r);
}
