/* Many TCP connections begun at once, and what becomes of each: connect(2) without waiting. A connection that opens is
 * reset at once, as a probe would do; nothing is sent on it.
 *
 * The kernel asks again after a second (RFC 6298), and what comes then is no round trip: such answers are told as
 * asked_again. */
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
	uint32_t max;             /* how many may be on their way at once */
};

struct sonde_connects_told {
	uint64_t key;
	int result;             /* 0: it opened; -ECONNREFUSED: the peer refused; else as connect(2) has it, negated */
	bool asked_again;       /* the kernel had sent more than one SYN */
	sonde_time at;          /* when this process knew, real time */
	bool has_error;         /* an ICMP error came: */
	struct sonde_addr from; /* of whom */
	uint8_t type, code;
};

/* Returns 0 or a negated errno. *out is for sonde_connects_close. */
int sonde_connects_open(struct sonde_connects **out, const struct sonde_connects_options *o, struct sonde_error *e);
void sonde_connects_close(struct sonde_connects *c); /* NULL is fine */
/* For poll: readable when something became of a connection. */
int sonde_connects_fd(const struct sonde_connects *c);

/* Whether as many are on their way as may be. */
bool sonde_connects_is_full(const struct sonde_connects *c);
/* Begin a connection from our port sport (0: the kernel chooses) to dst. *at: just before, real time. Returns 0;
 * -EAGAIN when max are on their way; or the refusal of the kernel. */
int sonde_connects_begin(struct sonde_connects *c, uint64_t key, const struct sonde_endpoint *dst, uint16_t sport,
			 sonde_time *at);
/* Wait no longer for a connection. Does nothing when it is not on its way. */
void sonde_connects_drop(struct sonde_connects *c, uint64_t key);

/* What became of one, without waiting. Returns 1, or 0 when there is none. */
int sonde_connects_next(struct sonde_connects_told *out, struct sonde_connects *c);

#endif
