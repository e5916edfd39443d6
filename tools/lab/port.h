/* A packet socket on the wire's end of a link: frames come through a ring that is shared with the kernel, which needs
 * no privilege beyond the lab's and no call for each. */
#ifndef SONDE_TOOLS_LAB_PORT_H
#define SONDE_TOOLS_LAB_PORT_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/time.h"

#define PORT_BATCH 64

struct port {
	int fd; /* readable when frames wait */
	uint8_t *ring;
	size_t block_len, slot_len;
	unsigned n_slots, slots_per_block, at;
};

struct port_frame {
	struct sonde_view bytes; /* in the ring, until port_done */
	sonde_time came_ns;      /* since 1970, when it came */
	bool whole;              /* else some of it did not fit */
	bool tagged;             /* the kernel took a VLAN tag out from behind the addresses */
	uint16_t tag[2];
};

/* Open an interface for frames of up to frame_len bytes, with a ring of about ring_len bytes. Frames that are sent
 * there do not come back. Returns 0 or a negated errno. */
int port_open(struct port *p, const char *interface, size_t frame_len, size_t ring_len);

/* The next frame that came. Returns false when there is none. */
bool port_next(struct port_frame *out, struct port *p);

/* Give the frame that port_next showed back to the kernel. */
void port_done(struct port *p);

/* Send n frames, PORT_BATCH at most. Returns how many the kernel took. */
unsigned port_send(const struct port *p, const struct sonde_view *frames, unsigned n);

/* How many frames the kernel dropped since this was asked last, for the ring was full. */
unsigned port_drops(const struct port *p);

#endif
