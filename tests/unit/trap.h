/* A ping engine that packets are written for by hand, and stamps to go with them. */
#ifndef SONDE_TESTS_TRAP_H
#define SONDE_TESTS_TRAP_H

#include "probe/ping.h"
#include "tests/unit/engine.h"

#define TRAP_START (1000 * SONDE_S)

extern const uint8_t trap_own[4]; /* the address that packets come from */

/* An engine with one target, 10.0.0.2, and what it sent last. */
struct trap {
	struct sonde_ping ping;
	void *memory;
	sonde_time now;
	struct engine_out out;
	struct sonde_ping_event event; /* the last one */
	unsigned n_events;
};

/* Begin; an o without sizes has 56 bytes, one with several 56, 8, 100. t->memory is for free. */
void trap_begin(struct trap *t, struct sonde_ping_options o);
const struct sonde_engine_ops *trap_ops(struct trap *t);
/* Take all events. */
void trap_drain(struct trap *t);
/* The next packet leaves; sport: written over, unless 0. */
void trap_leave(struct trap *t, enum sonde_stamp_clock clock, uint16_t sport);
/* Read a packet that is written as text, with its first layer. */
void trap_see(struct sonde_packet *p, const char *text);
/* It arrives now. */
void trap_arrive(struct trap *t, const char *text);
/* A reply to what was sent last, numbered seq, with this payload, as text. */
void trap_print_echo(char text[static 1024], const struct trap *t, unsigned seq, struct sonde_view payload);
/* It arrives; with the payload that was sent. */
void trap_echo_data(struct trap *t, unsigned seq, struct sonde_view payload);
void trap_echo_back(struct trap *t, unsigned seq);

#endif
