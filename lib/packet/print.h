/* Packets as notation. */
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

/* Write the value of one row of a layer, when it is there. show: for people, with what pointers point to; else as the
 * notation has it. */
void sonde_print_value(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row, bool show);

/* Write bytes as a data item: text:, zero: or hex:, whichever says it best. */
void sonde_print_data(struct sonde_text *t, struct sonde_view v);

#endif
