/* Putting packets on the wire: one interface, whichever way they go.
 *
 *	sonde_sender_open(&sender, &(struct sonde_sender_options){ .way = SONDE_SENDER_RAW4 }, &error);
 *	struct sonde_outgoing frame = { .bytes = packet, .dst = target };
 *	if (sonde_sender_send(sender, &frame, 1) == 1 && frame.result < 0)
 *		sonde_sender_explain(&error, &frame);
 *	sonde_sender_close(sender);
 *
 * What each way does to the bytes: raw IPv4 rewrites total length and header checksum, and fills source and id where
 * they are 0; raw IPv6, the packet socket and libnet's link layer change nothing; libnet's raw IPv4 is as raw IPv4. */
#ifndef SONDE_IO_SENDER_H
#define SONDE_IO_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/error.h"
#include "io/refusal.h"

struct sonde_sender;

enum sonde_sender_way {
	SONDE_SENDER_RAW4,        /* bytes begin with the IPv4 header; the kernel routes to dst */
	SONDE_SENDER_RAW6,        /* bytes begin with the IPv6 header; the kernel routes to dst */
	SONDE_SENDER_LINK,        /* bytes begin with the interface's link header; on a link without one, with IP */
	SONDE_SENDER_LIBNET_RAW4, /* the same three by libnet, which takes the destination from the header: a dst */
	SONDE_SENDER_LIBNET_RAW6, /* that differs is refused with SONDE_E_PATH */
	SONDE_SENDER_LIBNET_LINK,
};

struct sonde_sender_options {
	enum sonde_sender_way way;
	uint32_t ifindex;    /* link: the interface; raw: only through this one, 0: as routed */
	bool broadcast;      /* raw IPv4 only: broadcast destinations are allowed */
	uint32_t send_bytes; /* the socket's send buffer (SO_SNDBUF); 0: the system's default */
};

/* A packet on its way out. The caller fills the first two. */
struct sonde_outgoing {
	struct sonde_view bytes;
	struct sonde_addr dst; /* raw: where the kernel routes to, with its scope; link: not looked at */
	int result;            /* 0: handed over; else the refusal: a negated errno, or SONDE_E_PATH */
	uint32_t mtu;          /* with -EMSGSIZE: what would have fitted, or 0 */
};

struct sonde_sender_counters {
	uint64_t sent, bytes;
	uint64_t refused[SONDE_N_REFUSALS]; /* by enum sonde_refusal */
};

/* Open a way out. Returns 0; -EPERM without CAP_NET_RAW, as sonde_privilege_missing words it; -ENODEV without the
 * interface; SONDE_E_LIBRARY with libnet's own text; or another negated errno. *out is for sonde_sender_close. */
int sonde_sender_open(struct sonde_sender **out, const struct sonde_sender_options *o, struct sonde_error *e);
void sonde_sender_close(struct sonde_sender *s); /* NULL is fine */
/* For poll: writable when a send that stopped early can go on. */
int sonde_sender_fd(const struct sonde_sender *s);

/* Send frames in their order, as many a system call as can be; never waits. Returns how many were dealt with: each of
 * those has its result, whatever it is. Fewer than n: the socket's buffer is full; poll, and go on from there. */
size_t sonde_sender_send(struct sonde_sender *s, struct sonde_outgoing *frames, size_t n);

/* Fill e (which may be NULL) with the cause of a frame's refusal, and what to do. Returns frame->result. */
int sonde_sender_explain(struct sonde_error *e, const struct sonde_outgoing *frame);

const struct sonde_sender_counters *sonde_sender_counters(const struct sonde_sender *s);

#endif
