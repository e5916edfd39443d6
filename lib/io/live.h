/* Frames of this machine's interfaces as they pass, through libpcap.
 *
 *	struct sonde_live_options options = sonde_live_replies(ifindex, "icmp");
 *	sonde_live_open(&live, &options, &error);
 *	... send, poll sonde_live_fd(live) ...
 *	while (sonde_live_next(&record, live, &error) == 1)
 *		...
 *	sonde_live_close(live);
 *
 * libpcap does not say of a frame which way it went: where that matters, open one handle inbound and one outbound.
 * On loopback every frame is seen once and counts as inbound; an outbound handle sees nothing there. */
#ifndef SONDE_IO_LIVE_H
#define SONDE_IO_LIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "capture/record.h"

struct sonde_live;

struct sonde_live_options {
	uint32_t ifindex;     /* 0: all interfaces; their frames then begin with the header of LINKTYPE_LINUX_SLL2 */
	const char *filter;   /* in libpcap's language; NULL or empty: everything */
	uint8_t direction;    /* SONDE_INBOUND, SONDE_OUTBOUND, or SONDE_NO_DIRECTION for both */
	bool promiscuous;     /* also frames to other stations */
	bool immediate;       /* each frame at once, instead of in blocks of block_ns */
	sonde_time block_ns;  /* whole milliseconds */
	uint32_t snap;        /* bytes kept of each frame */
	uint32_t ring_bytes;  /* shared with the kernel; in immediate mode every frame takes a slot of snap bytes */
};

/* For answers to probes: 256 bytes of each frame at once, 16 MiB of ring (over 40,000 slots). */
struct sonde_live_options sonde_live_replies(uint32_t ifindex, const char *filter);
/* For whole frames: 262144 bytes of each, in blocks of 10 ms, 64 MiB of ring. */
struct sonde_live_options sonde_live_frames(uint32_t ifindex, const char *filter);

/* Open; when this returns the filter is in force and every later frame that matches is caught. Returns 0; -EPERM
 * without CAP_NET_RAW, as sonde_privilege_missing words it; -ENODEV, -ENETDOWN; SONDE_E_SYNTAX with what libpcap says
 * of the filter; SONDE_E_LIBRARY with its text otherwise. *out is for sonde_live_close. */
int sonde_live_open(struct sonde_live **out, const struct sonde_live_options *o, struct sonde_error *e);
void sonde_live_close(struct sonde_live *l); /* NULL is fine */
/* For poll: readable when frames wait. Then read until sonde_live_next returns 0. */
int sonde_live_fd(const struct sonde_live *l);
/* LINKTYPE_* of all its frames. */
uint16_t sonde_live_link(const struct sonde_live *l);

/* The next frame, without waiting. Returns 1 with *out, whose bytes stay until the next call; 0: none is there; -ENODEV
 * when the interface is gone; SONDE_E_LIBRARY. While the interface is down there are just no frames. */
int sonde_live_next(struct sonde_record *out, struct sonde_live *l, struct sonde_error *e);

/* Since it was opened. */
struct sonde_live_stats {
	uint64_t received;             /* frames that passed the filter, the dropped ones among them */
	uint64_t dropped_by_kernel;    /* for want of room in the ring */
	uint64_t dropped_by_interface; /* by the driver, before any filter; 0 where the driver does not tell */
};
/* To be asked at least every 4,294,967,295 frames, for libpcap counts in 32 bits. */
int sonde_live_stats(struct sonde_live_stats *out, struct sonde_live *l, struct sonde_error *e);

#endif
