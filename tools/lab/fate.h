/* What becomes of a frame on an impaired link: decided by counting, so that the same seed does the same to the same
 * frames, however long they take and whatever they hold. */
#ifndef SONDE_TOOLS_LAB_FATE_H
#define SONDE_TOOLS_LAB_FATE_H

#include "base/bytes.h"
#include "tools/lab/topology.h"

/* Frames are counted apart by what they are: the protocol of IPv4 or IPv6, the type of ICMP, or else the ethertype (of
 * which some share a class). So the timing of ARP, neighbour and multicast listener discovery shifts nothing else. */
#define FATE_CLASSES 1280

/* The class of an Ethernet frame, below FATE_CLASSES. VLAN tags and IPv6 extension headers are looked through. */
unsigned fate_class(struct sonde_view frame);

struct fate {
	bool lost;
	unsigned n;             /* how many frames arrive: 0, 1, or 2 when it is duplicated */
	bool held_back[2];      /* let later frames overtake it */
	sonde_time delay_ns[2]; /* on the link, without the time that a rate takes */
};

/* The fate of frame n, from 0, of its class on a lane (a link's direction, all its own in the lab). Loss, duplication
 * and reordering come with the link's probabilities; delays are uniform within delay +- jitter, never below 0. */
void fate_decide(struct fate *out, const struct lab_impairment *i, uint64_t seed, uint32_t lane, unsigned class,
		 uint64_t n);

/* The queue in front of a lane. Zeroed, it is empty. */
struct fate_queue {
	sonde_time free_ns; /* when the last bit of the frames before is out */
	sonde_time last_ns; /* when the last frame that kept its place is due */
};

/* Enter a frame of len bytes that came at now_ns. Returns false when the queue is full: it holds what takes 50 ms, 64
 * KiB at least. Always true for links without a rate. */
bool fate_enqueue(struct fate_queue *q, const struct lab_impairment *i, sonde_time now_ns, size_t len);

/* When a frame arrives at the other end, delay_ns after its last bit is out, or after now_ns where there is no rate:
 * never before the one entered before it, for jitter alone changes no order. A frame that is held back takes its delay
 * twice, a millisecond more at least, and the others do not wait for it. */
sonde_time fate_due(struct fate_queue *q, sonde_time now_ns, sonde_time delay_ns, bool held_back);

#endif
