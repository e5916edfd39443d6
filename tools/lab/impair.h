/* What becomes of a frame on an impaired link. The seed and the frame's number decide, not its time and not its
 * content, so that a sender that sends the same frames in the same order loses the same ones with the same seed. */
#ifndef SONDE_TOOLS_LAB_IMPAIR_H
#define SONDE_TOOLS_LAB_IMPAIR_H

#include "base/bytes.h"
#include "tools/lab/topology.h"

/* Frames are numbered by class: the protocol of IPv4 or IPv6, with the type of ICMP or the flags of TCP, or else the
 * ethertype (some of which share a class). So an ARP request, a neighbour solicitation or a kernel's RST changes the
 * number of no other frame. */
#define IMPAIR_CLASSES 1344

/* The class of an Ethernet frame, below IMPAIR_CLASSES; VLAN tags and IPv6 extension headers are skipped. */
unsigned impair_class(struct sonde_view frame);

struct impair_result {
	bool lost;
	unsigned n;             /* how many copies arrive: 0, 1, or 2 when it is duplicated */
	bool held_back[2];      /* later frames may overtake it */
	sonde_time delay_ns[2]; /* without the time that a rate takes */
};

/* What happens to frame n, from 0, of its class on a lane, which is one direction of a link. Loss, duplication and
 * reordering have the link's probabilities; delays are uniform within delay +- jitter, never below 0. */
void impair_decide(struct impair_result *out, const struct lab_impairment *i, uint64_t seed, uint32_t lane,
		   unsigned class, uint64_t n);

/* The queue in front of a lane. Zeroed, it is empty. */
struct impair_queue {
	sonde_time free_ns; /* when the last bit of the frames before is out */
	sonde_time last_ns; /* when the last frame that kept its place is due */
};

/* Queue a frame of len bytes that came at now_ns. The queue holds 50 ms of the rate or 64 KiB, whichever is more.
 * Returns false when it is full; always true for links without a rate. */
bool impair_enqueue(struct impair_queue *q, const struct lab_impairment *i, sonde_time now_ns, size_t len);

/* When a frame arrives at the other end: delay_ns after its last bit has left, or after now_ns where there is no rate,
 * and not before the frame queued before it, since jitter does not reorder. A frame that is held back takes its delay
 * once more, a millisecond at least, and later frames do not wait for it. */
sonde_time impair_due(struct impair_queue *q, sonde_time now_ns, sonde_time delay_ns, bool held_back);

#endif
