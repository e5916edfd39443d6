/* Packets as text: in notation, and for people as lines and trees. */
#ifndef SONDE_PACKET_PRINT_H
#define SONDE_PACKET_PRINT_H

#include "base/text.h"
#include "base/time.h"
#include "packet/packet.h"

/* Bytes of text that the longest frame takes: one of nothing but escapes, and its fields. */
#define SONDE_PRINT_ROOM (4 * (size_t)SONDE_MAX_FRAME + 65536)

/* Write a packet whose marks say what must be written (after sonde_infer, or as it was built): what a builder computes
 * is left out. */
void sonde_print(struct sonde_text *t, const struct sonde_packet *p);

/* What is known of a frame beside its bytes. */
struct sonde_frame_info {
	bool has_time;
	sonde_time time;
	uint32_t wire_len;    /* bytes on the wire */
	uint32_t link;        /* link type of the capture */
	const char *iface;    /* or NULL */
	uint8_t dir;          /* 0 unknown, 1 in, 2 out */
	struct sonde_view comment;
};

/* Write the frame layer and the packet, as a line of a packet file. */
void sonde_print_frame(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_frame_info *f);

/* --- For people -------------------------------------------------------------------------------------------------- */

/* Bytes of text that the tree of the longest frame takes. */
#define SONDE_TREE_ROOM (16 * (size_t)SONDE_MAX_FRAME + 65536)

/* How a line is written. NULL in its place, or zeros: addresses are numbers, and what lies around is left out. */
struct sonde_line_style {
	bool outer; /* what lies around the innermost packet, too: link addresses, VLANs, labels, tunnels; and TTL */
	/* Write the name of an address, or return false with nothing written: it has none. */
	bool (*name)(void *arg, struct sonde_text *t, const struct sonde_addr *a);
	void *arg;
};

/* Write a packet as a line, without a newline: its ends, the protocol, what the innermost header says that a builder
 * would not, the length of the payload, and in brackets what is wrong. The packet's marks say what a builder would do:
 * after sonde_infer. */
void sonde_print_line(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_line_style *style);

/* Write a pair of sockets: 10.0.0.1:40001 <-> 10.0.0.2:80/tcp, or without ports where the protocol has none. */
void sonde_print_pair(struct sonde_text *t, const struct sonde_pair *pair, const struct sonde_line_style *style);

/* Write a packet as lines: every field of every layer with its offset, its bytes, its name and value, and what is wrong
 * with it; lists an item a line, lists within them further in; then the payload. All bytes are there. */
void sonde_print_tree(struct sonde_text *t, const struct sonde_packet *p);

/* Write bytes as lines of offset, 16 bytes and characters. */
void sonde_print_hex(struct sonde_text *t, struct sonde_view bytes);

/* Write a fault: bad ihl 2; length 2000, 46 there. proto: the name of its protocol, or NULL to leave it out. */
void sonde_print_fault(struct sonde_text *t, const struct sonde_fault *f, const char *proto);

/* --- Pieces ------------------------------------------------------------------------------------------------------ */

/* Write the value of one row of a layer, when it is there. show: for people, with what pointers point to; else as the
 * notation has it. */
void sonde_print_value(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row, bool expand);

/* Write bytes as a data item: text:, zero: or hex:, whichever says it best. */
void sonde_print_data(struct sonde_text *t, struct sonde_view v);

#endif
