/* Echo requests without privilege: the kernel's datagram ICMP socket (icmp(7), net.ipv4.ping_group_range), which gives
 * the requests its own identifier and hands over only what answers them. Its times are the kernel's
 * (SO_TIMESTAMPING), reported through the error queue for what was sent, and with each message for what came.
 *
 *	sonde_echo_open(&echo, &(struct sonde_echo_options){ .family = SONDE_IP4 }, &error);
 *	sonde_echo_send(echo, &key, &target, message);
 *	... poll sonde_echo_fd(echo) ...
 *	while (sonde_echo_next(&told, echo) == 1)
 *		...
 */
#ifndef SONDE_IO_ECHO_H
#define SONDE_IO_ECHO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/bytes.h"
#include "base/error.h"
#include "base/time.h"

struct sonde_echo;

struct sonde_echo_options {
	enum sonde_family family;
	uint16_t id;              /* the identifier that is wished for; 0, or when it is taken: the kernel chooses */
	struct sonde_addr source; /* of family 0: the route's */
	uint32_t ifindex;         /* only through this interface; 0: as routed */
	uint8_t ttl, tos;         /* 0: the default */
	bool df;                  /* IPv4: do not fragment */
	bool broadcast;           /* broadcast destinations are allowed */
};

enum sonde_echo_kind {
	SONDE_ECHO_SENT,  /* a request left: key, stamp */
	SONDE_ECHO_REPLY, /* a message came */
	SONDE_ECHO_ERROR, /* an ICMP error about a request came */
};

struct sonde_echo_told {
	enum sonde_echo_kind kind;
	uint32_t key;           /* sent: which */
	sonde_time stamp;       /* the kernel's; 0: none, for it begins to stamp only when it is asked to */
	struct sonde_addr from; /* reply: who; error: who reports it */
	struct sonde_addr to;   /* reply: our address; error: where the request went */
	uint8_t ttl;            /* reply: of its header; 0: not known */
	uint8_t type, code;     /* error: ICMP's */
	struct sonde_view
		message; /* reply: from the ICMP header on; error: as much of the request as it quotes. Until the
	                            * next call */
};

/* Open. Returns 0; -EACCES, with the way out as the hint, when this user may not; or another negated errno. *out is for
 * sonde_echo_close. */
int sonde_echo_open(struct sonde_echo **out, const struct sonde_echo_options *o, struct sonde_error *e);
void sonde_echo_close(struct sonde_echo *s); /* NULL is fine */
int sonde_echo_fd(const struct sonde_echo *s);
/* The identifier that all requests carry. */
uint16_t sonde_echo_id(const struct sonde_echo *s);

/* Send an echo request, from its ICMP header on; the kernel writes identifier and checksum. *key names it in reports.
 * Returns 0 or a negated errno. */
int sonde_echo_send(struct sonde_echo *s, uint32_t *key, const struct sonde_addr *dst, struct sonde_view message);

/* Messages that came and found no room in the socket's buffer. */
uint64_t sonde_echo_dropped(const struct sonde_echo *s);

/* The next report, without waiting; that a request left is told before its answer. Returns 1, 0 when there is none, or
 * a negated errno. */
int sonde_echo_next(struct sonde_echo_told *out, struct sonde_echo *s);

#endif
