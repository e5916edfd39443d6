/* TCP probes without privilege: many calls of connect(2) at a time, and their results. A connection that opens is reset
 * at once; nothing is sent on it. */
#ifndef SONDE_IO_CONNECTS_H
#define SONDE_IO_CONNECTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/error.h"
#include "base/time.h"

struct sonde_connects;

struct sonde_connects_options {
	struct sonde_addr source; /* of family 0: the route's */
	uint32_t ifindex;         /* only through this interface; 0: as routed */
	uint8_t ttl, tos;         /* 0: the default */
	uint32_t max;             /* connections under way at once */
};

/* The result of a connection. */
struct sonde_connects_result {
	uint64_t key;
	int result;         /* 0: it opened; -ECONNREFUSED: the peer refused; or another negated errno */
	bool retransmitted; /* the kernel sent more than one SYN (RFC 6298), so the time is no round trip */
	sonde_time at;      /* when this process learnt it, by the monotonic clock */
	bool has_error;     /* an ICMP error came, this one: */
	struct sonde_addr from;
	uint8_t type, code;
};

/* Returns 0 or a negated errno. *out is for sonde_connects_close. */
int sonde_connects_open(struct sonde_connects **out, const struct sonde_connects_options *o, struct sonde_error *e);
void sonde_connects_close(struct sonde_connects *c); /* NULL is fine */
/* Readable when there is a result. */
int sonde_connects_fd(const struct sonde_connects *c);

/* Whether max connections are under way. */
bool sonde_connects_is_full(const struct sonde_connects *c);
/* Begin a connection from our port sport (0: the kernel chooses) to dst. *at is the time just before connect(2), by the
 * monotonic clock.
 * Returns 0; -EAGAIN when max are under way; or a negated errno. */
int sonde_connects_begin(struct sonde_connects *c, uint64_t key, const struct sonde_endpoint *dst, uint16_t sport,
			 sonde_time *at);
/* Give up a connection, if it is under way. */
void sonde_connects_drop(struct sonde_connects *c, uint64_t key);

/* Give up all that began before that time. */
void sonde_connects_expire(struct sonde_connects *c, sonde_time before);

/* The next result, without waiting. Returns 1, or 0 when there is none. */
int sonde_connects_next(struct sonde_connects_result *out, struct sonde_connects *c);

#endif
