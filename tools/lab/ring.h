/* A packet socket on the wire's end of a link. Frames are received in a ring that is shared with the kernel, without a
 * system call for each. */
#ifndef SONDE_TOOLS_LAB_RING_H
#define SONDE_TOOLS_LAB_RING_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/time.h"
#include "io/ring.h"

#define RING_BATCH 64

struct ring {
	int fd; /* readable when frames wait */
	struct sonde_ring ring;
};

struct ring_frame {
	struct sonde_view bytes; /* in the ring, until the next call of ring_next */
	sonde_time came_ns;      /* since 1970 */
	bool whole;              /* false: longer than frame_len */
	bool tagged;             /* it had a VLAN tag, which the kernel took out */
	uint16_t tag[2];
};

/* Open an interface for frames of up to frame_len bytes, with a ring of about ring_len bytes. Frames that are sent
 * there are not received. Returns 0 or a negated errno. */
int ring_open(struct ring *p, const char *interface, size_t frame_len, size_t ring_len);

/* The next frame that came. Returns false when there is none. */
bool ring_next(struct ring_frame *out, struct ring *p);

/* Send n frames, RING_BATCH at most. Returns how many the kernel took. */
unsigned ring_send(const struct ring *p, const struct sonde_view *frames, unsigned n);

/* How many frames the kernel dropped since the last call because the ring was full. */
unsigned ring_drops(const struct ring *p);

#endif
