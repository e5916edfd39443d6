/* Sending packets through raw sockets, packet sockets or libnet.
 *
 *	sonde_sender_open(&sender, &(struct sonde_sender_options){ .way = SONDE_SENDER_RAW4 }, &error);
 *	struct sonde_outgoing frame = { .bytes = packet, .dst = target };
 *	if (sonde_sender_send(sender, &frame, 1) == 1 && frame.result < 0)
 *		sonde_sender_explain(&error, &frame);
 *	sonde_sender_close(sender);
 *
 * The raw IPv4 socket rewrites total length and header checksum, and fills source and id where they are 0, through
 * libnet, too. The others send the bytes unchanged. */
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
	SONDE_SENDER_RAW4,        /* raw socket: bytes begin with the IPv4 header; the kernel routes to dst */
	SONDE_SENDER_RAW6,        /* raw socket: bytes begin with the IPv6 header; the kernel routes to dst */
	SONDE_SENDER_LINK,        /* packet socket: bytes begin with the link header, or with IP on a link without */
	SONDE_SENDER_LIBNET_RAW4, /* The same three through libnet, which routes to the destination in the header: */
	SONDE_SENDER_LIBNET_RAW6, /* it refuses another dst with SONDE_E_PATH. */
	SONDE_SENDER_LIBNET_LINK,
};

struct sonde_sender_options {
	enum sonde_sender_way way;
	uint32_t ifindex;    /* send through this interface; raw sockets with 0: as routed */
	bool broadcast;      /* raw IPv4: allow broadcast destinations */
	uint32_t send_bytes; /* the socket's send buffer (SO_SNDBUF); 0: the system's default */
};

/* The caller fills in the packet, sonde_sender_send what became of it. */
struct sonde_outgoing {
	struct sonde_view bytes;
	struct sonde_addr dst; /* raw: where the kernel routes to, with its scope; link: unused */
	int result;            /* 0: the kernel took it; else why not: a negated errno, or SONDE_E_PATH */
	uint32_t mtu;          /* with -EMSGSIZE: the MTU, or 0 when it is unknown */
};

struct sonde_sender_counters {
	uint64_t sent, bytes;
	uint64_t refused[SONDE_N_REFUSALS]; /* by enum sonde_refusal */
};

/* Returns 0; -EPERM without CAP_NET_RAW (sonde_privilege_missing); -ENODEV when there is no such interface;
 * SONDE_E_LIBRARY with libnet's text; or another negated errno. *out is for sonde_sender_close. */
int sonde_sender_open(struct sonde_sender **out, const struct sonde_sender_options *o, struct sonde_error *e);

/* The two halves of it, as those of sonde_live_open: the socket, for which the privilege is needed, and the sender that
 * has it. sonde_sender_take owns fd whatever it returns. */
int sonde_sender_socket(int *fd, const struct sonde_sender_options *o, struct sonde_error *e);
int sonde_sender_take(struct sonde_sender **out, int fd, const struct sonde_sender_options *o, struct sonde_error *e);
void sonde_sender_close(struct sonde_sender *s); /* NULL is fine */
/* Writable when a send that stopped early can go on. */
int sonde_sender_fd(const struct sonde_sender *s);

/* Send frames in their order, many in one system call, without waiting. Returns how many have a result, good or bad.
 * Fewer than n: the socket's buffer is full; wait until it is writable and go on from there. */
size_t sonde_sender_send(struct sonde_sender *s, struct sonde_outgoing *frames, size_t n);

/* Fill e (which may be NULL) with why the frame was refused and what to do about it. Returns frame->result. */
int sonde_sender_explain(struct sonde_error *e, const struct sonde_outgoing *frame);

const struct sonde_sender_counters *sonde_sender_counters(const struct sonde_sender *s);

#endif
