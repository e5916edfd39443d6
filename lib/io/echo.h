/* Echo requests without privilege: the datagram ICMP socket (icmp(7), net.ipv4.ping_group_range). The kernel writes the
 * socket's identifier into requests and delivers only their answers. It stamps both (SO_TIMESTAMPING): the stamps of
 * requests come through the error queue, those of answers with them.
 *
 *	sonde_echo_open(&echo, &(struct sonde_echo_options){ .family = SONDE_IP4 }, &error);
 *	sonde_echo_send(echo, &key, &target, message);
 *	... wait until sonde_echo_fd(echo) is readable ...
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
	uint16_t id;              /* preferred identifier; when it is taken, or with 0, the kernel chooses */
	struct sonde_addr source; /* of family 0: the route's */
	uint32_t ifindex;         /* only through this interface; 0: as routed */
	uint8_t ttl, tos;         /* 0: the default */
	bool df;                  /* do not fragment */
	bool broadcast;           /* allow broadcast destinations */
};

enum sonde_echo_kind {
	SONDE_ECHO_SENT,  /* a request left */
	SONDE_ECHO_REPLY, /* a message came */
	SONDE_ECHO_ERROR, /* an ICMP error about a request came */
};

struct sonde_echo_report {
	enum sonde_echo_kind kind;
	uint32_t key;           /* sent: as sonde_echo_send gave it */
	sonde_time stamp;       /* the kernel's; 0: none, as for what comes before the kernel begins to stamp */
	struct sonde_addr from; /* of the reply or the error */
	struct sonde_addr to;   /* reply: our address; error: the destination of the request */
	uint8_t ttl;            /* reply: in its IP header; 0: unknown */
	uint8_t type, code;     /* error: of the ICMP header, */
	uint32_t mtu;           /* and what it says that fits; 0: nothing */
	/* Reply: from the ICMP header on; error: what it quotes of the request. Valid until the next call. */
	struct sonde_view message;
};

/* Returns 0; -EACCES when this user may not, with what to do in e; or another negated errno. *out is for
 * sonde_echo_close. */
int sonde_echo_open(struct sonde_echo **out, const struct sonde_echo_options *o, struct sonde_error *e);
void sonde_echo_close(struct sonde_echo *s); /* NULL is fine */
int sonde_echo_fd(const struct sonde_echo *s);
/* The identifier of all requests. */
uint16_t sonde_echo_id(const struct sonde_echo *s);

/* Send an echo request, given from its ICMP header on; the kernel writes identifier and checksum. *key identifies it in
 * SONDE_ECHO_SENT. Returns 0 or a negated errno. */
int sonde_echo_send(struct sonde_echo *s, uint32_t *key, const struct sonde_addr *dst, struct sonde_view message);

/* Messages that came while the socket's buffer was full. */
uint64_t sonde_echo_dropped(const struct sonde_echo *s);

/* The next report, without waiting; that a request left comes before its answer. Returns 1, 0 when there is none, or a
 * negated errno. */
int sonde_echo_next(struct sonde_echo_report *out, struct sonde_echo *s);

#endif
