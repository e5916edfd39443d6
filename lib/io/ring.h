/* The receive ring of a packet socket: memory that the kernel fills with frames and this process reads, without a
 * system call for each (packet(7), PACKET_RX_RING; the kernel's networking/packet_mmap.rst).
 *
 * The socket and its ring may be set up by another process than the one that maps and reads it: the geometry follows
 * from the options alone. */
#ifndef SONDE_IO_RING_H
#define SONDE_IO_RING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/time.h"

/* Bytes before each frame that its reader may write to: enough for the header of LINKTYPE_LINUX_SLL2. */
#define SONDE_RING_RESERVE 32

struct sonde_ring_options {
	bool immediate;      /* a slot for each frame, readable at once (TPACKET_V2); or blocks of them (TPACKET_V3) */
	sonde_time block_ns; /* a block is handed over after this long, if it is not full before; whole milliseconds */
	uint32_t snap;       /* bytes kept of each frame */
	uint32_t bytes;      /* of the whole ring, about */
};

struct sonde_ring {
	uint8_t *map;
	uint32_t block_len, frame_len, n_blocks;
	bool immediate;
	uint32_t at;         /* the slot or block that is read next, or is being read */
	bool holds;          /* it is being read: the kernel gets it back afterwards */
	uint32_t n_left;     /* frames of the block that were not read yet */
	uint8_t *next;       /* the first of them */
};

/* A frame in the ring. */
struct sonde_ring_frame {
	uint8_t *bytes;      /* len of them; SONDE_RING_RESERVE bytes stand free before */
	uint32_t len, wire_len;
	sonde_time time;     /* since 1970 UTC */
	uint32_t ifindex;
	uint16_t protocol;   /* the EtherType, or one of <linux/if_ether.h> below 0x0600 */
	uint16_t hardware;   /* ARPHRD_* of its interface */
	uint8_t type;        /* PACKET_HOST, PACKET_OUTGOING, ... of <linux/if_packet.h> */
	uint8_t addr_len, addr[8]; /* of the sender, from the link header */
	bool has_tag;        /* the kernel took an 802.1Q tag out of the frame: */
	uint16_t tag, tag_type;
};

/* Give a packet socket that is not bound a ring. Returns 0 or a negated errno. */
int sonde_ring_set_up(int fd, const struct sonde_ring_options *o);
/* Map the ring that was set up with these options. Returns 0 or a negated errno; *r is for sonde_ring_unmap. */
int sonde_ring_map(struct sonde_ring *r, int fd, const struct sonde_ring_options *o);
void sonde_ring_unmap(struct sonde_ring *r); /* zeroed is fine */

/* The next frame, whose bytes stay until the next call. Returns false when none is there. */
bool sonde_ring_next(struct sonde_ring_frame *out, struct sonde_ring *r);

#endif
