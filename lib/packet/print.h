/* Packets as text: in notation, and for people as lines and trees. */
#ifndef SONDE_PACKET_PRINT_H
#define SONDE_PACKET_PRINT_H

#include "base/text.h"
#include "base/time.h"
#include "packet/packet.h"

/* Room for the text of the longest frame: only escapes, and its fields. */
#define SONDE_PRINT_ROOM (4 * (size_t)SONDE_MAX_FRAME + 65536)

/* Print a packet in the notation. Fields that are marked as written are printed (after sonde_infer, or as the packet
 * was built); what a builder computes is left out. */
void sonde_print(struct sonde_text *t, const struct sonde_packet *p);

/* Data about a frame that its bytes do not hold. */
struct sonde_frame_info {
	bool has_time;
	sonde_time time;
	uint32_t wire_len;    /* bytes on the wire */
	uint32_t link;        /* link type of the capture */
	const char *iface;    /* or NULL */
	uint8_t dir;          /* 0 unknown, 1 in, 2 out */
	struct sonde_view comment;
};

/* Print the frame layer and the packet, as a line of a packet file. */
void sonde_print_frame(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_frame_info *f);

/* Enclose in quotes what a shell would take backslashes from: the values and data with escapes in the notation that
 * starts at byte `from` of t. What is printed then can be pasted into a shell, and read from a file, as it is. */
void sonde_print_for_shell(struct sonde_text *t, size_t from);

/* --- For people -------------------------------------------------------------------------------------------------- */

/* Room for the tree of the longest frame. */
#define SONDE_TREE_ROOM (16 * (size_t)SONDE_MAX_FRAME + 65536)

/* How to print a packet as a line. NULL, or zeros: addresses as numbers, and the innermost packet only. */
struct sonde_line_style {
	bool outer; /* also print outer layers: link addresses, VLANs, labels, tunnels; and the TTL */
	/* Print the name of an address, or return false with nothing printed if it has none. */
	bool (*name)(void *arg, struct sonde_text *t, const struct sonde_addr *a);
	void *arg;
};

/* Print a packet as a line, without a newline: its endpoints, the protocol, fields of the innermost header that a
 * builder would set otherwise, the length of the payload, and in brackets what is wrong. Call sonde_infer before. */
void sonde_print_line(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_line_style *style);

/* Print a pair of sockets: 10.0.0.1:40001 <-> 10.0.0.2:80/tcp, or without ports where the protocol has none. */
void sonde_print_pair(struct sonde_text *t, const struct sonde_pair *pair, const struct sonde_line_style *style);

/* Print a packet as a tree: a line for every field of every layer, with its offset, bytes, name, value and what is
 * wrong with it; for lists, a line for each item, nested lists indented; then the payload. Every byte is printed. */
void sonde_print_tree(struct sonde_text *t, const struct sonde_packet *p);

/* Print a hex dump: lines of offset, 16 bytes and characters. */
void sonde_print_hex(struct sonde_text *t, struct sonde_view bytes);

/* Print a fault: bad ihl 2; length 2000, 46 there. proto: the name of its protocol to print, or NULL. */
void sonde_print_fault(struct sonde_text *t, const struct sonde_fault *f, const char *proto);

/* --- Pieces ------------------------------------------------------------------------------------------------------ */

/* Print the value of one row of a layer, if it is present. expand: for people, with pointers expanded; else in the
 * notation. */
void sonde_print_value(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row, bool expand);

/* Print bytes as a data item, whichever is shortest or most readable of text:, zero: and hex:. */
void sonde_print_data(struct sonde_text *t, struct sonde_view v);

#endif
