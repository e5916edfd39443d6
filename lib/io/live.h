/* Live capture on this machine's interfaces, through packet sockets (packet(7)); libpcap compiles the filters.
 *
 *	struct sonde_live_options options = sonde_live_replies(ifindex, "icmp");
 *	sonde_live_open(&live, &options, &error);
 *	... send, wait until sonde_live_fd(live) is readable ...
 *	while (sonde_live_next(&record, live, &error) == 1)
 *		...
 *	sonde_live_close(live);
 *
 * On loopback every frame is seen once, inbound. A tag that the kernel took out of a frame is put back in: frames are
 * as they were on the wire. */
#ifndef SONDE_IO_LIVE_H
#define SONDE_IO_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/record.h"
#include "io/link.h"

struct sonde_live;

struct sonde_live_options {
	uint32_t ifindex;     /* 0: all interfaces, frames beginning with the header of LINKTYPE_LINUX_SLL2 */
	const char *filter;   /* in libpcap's language; NULL or empty: every frame */
	uint16_t least_port;  /* without a filter: of TCP, UDP and SCTP only what goes to a port from here on; 0: all */
	uint8_t direction;    /* SONDE_INBOUND, SONDE_OUTBOUND, or SONDE_NO_DIRECTION for both */
	bool promiscuous;     /* also frames to other stations */
	bool immediate;       /* frames are readable at once, instead of in blocks every block_ns */
	sonde_time block_ns;  /* whole milliseconds */
	uint32_t snap;        /* bytes captured of each frame; those of a tag that was put back come on top */
	uint32_t ring_bytes;  /* of the buffer shared with the kernel; immediate mode takes snap bytes for each frame */
};

/* For answers to probes: 256 bytes of each frame, immediate, 16 MiB of ring (over 40,000 frames). */
struct sonde_live_options sonde_live_replies(uint32_t ifindex, const char *filter);
#define SONDE_LIVE_BLOCK_NS (10 * SONDE_MS)
/* For whole frames: 262144 bytes of each, in blocks of that time, 64 MiB of ring. */
struct sonde_live_options sonde_live_frames(uint32_t ifindex, const char *filter);

/* Every frame that matches the filter is captured from the return of this function on. Returns 0; -EPERM without
 * CAP_NET_RAW (sonde_privilege_missing); -ENODEV, -ENETDOWN; SONDE_E_SYNTAX with libpcap's text for a bad filter; or
 * another negated errno. *out is for sonde_live_close. */
int sonde_live_open(struct sonde_live **out, const struct sonde_live_options *o, struct sonde_error *e);

/* The two halves of it: the socket, for which the privilege is needed, and the capture by it, for which none is. A
 * process with the privilege can make the one for another process that has the same options. sonde_live_take owns fd
 * whatever it returns. */
int sonde_live_socket(int *fd, const struct sonde_live_options *o, struct sonde_error *e);
int sonde_live_take(struct sonde_live **out, int fd, const struct sonde_live_options *o, struct sonde_error *e);
void sonde_live_close(struct sonde_live *l); /* NULL is fine */
/* Readable when frames wait. Then call sonde_live_next until it returns 0. */
int sonde_live_fd(const struct sonde_live *l);
/* LINKTYPE_* of all its frames. */
uint16_t sonde_live_link(const struct sonde_live *l);

/* The next frame, without waiting. Returns 1 with *out, whose bytes stay until the next call; 0 when there is none, as
 * while the interface is down; -ENODEV when the interface is gone; or another negated errno. */
int sonde_live_next(struct sonde_record *out, struct sonde_live *l, struct sonde_error *e);

/* Let no more frames into the ring: those that are in it are there to be read after block_ns, and then the counts of
 * sonde_live_stats account for every frame. Returns 0 or a negated errno. */
int sonde_live_stop(struct sonde_live *l);

/* Its interface, now. */
struct sonde_live_state {
	char name[SONDE_LINK_NAMELEN];
	bool up;
};
/* Returns 0; -ENODEV when the interface is gone, or was moved to another namespace, and for all interfaces; or another
 * negated errno. */
int sonde_live_look(struct sonde_live_state *out, const struct sonde_live *l);

/* Since it was opened. */
struct sonde_live_stats {
	uint64_t received;          /* frames that passed the filter in the kernel, the dropped ones among them */
	uint64_t dropped_by_kernel; /* the ring was full */
	uint64_t delivered;         /* by sonde_live_next */
	uint64_t left_out;          /* that it read and passed over: the kernel cannot run every filter */
};
/* The kernel counts in 32 bits: call at least once every 4,294,967,295 frames. */
int sonde_live_stats(struct sonde_live_stats *out, struct sonde_live *l, struct sonde_error *e);

/* The LINKTYPE_* of files for a DLT_* of libpcap's handles on this system, and the other way. */
uint16_t sonde_linktype_from_dlt(int dlt);
int sonde_dlt_from_linktype(uint16_t link);

#endif
