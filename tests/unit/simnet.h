/* A simulated network: hosts that answer, behind a way that delays, loses, duplicates, reorders and forges, or behind a
 * router that says that they cannot be reached, as often as it may; and a clock that the test moves.
 * Packets are real bytes: built, finished and dissected. */
#ifndef SONDE_TESTS_SIMNET_H
#define SONDE_TESTS_SIMNET_H

#include "base/time.h"
#include "packet/packet.h"

struct simnet_flight {
	sonde_time at; /* when it arrives */
	uint32_t len;
	uint8_t bytes[256];
};

/* Zeroed, it is a network without delay and loss in which every host echoes. */
struct simnet {
	sonde_time delay_ns, jitter_ns;
	unsigned loss_percent, duplicate_percent;
	sonde_time duplicate_after_ns;
	unsigned reorder_percent; /* so many answers are held back */
	sonde_time reorder_by_ns; /* for this long */
	bool unreachable;         /* instead of hosts a router answers, that they cannot be reached: */
	unsigned errors_per_s;    /* at most so often, with a burst of as many; 0: always */
	double credit;            /* errors that it may send now */
	sonde_time credit_at;
	bool silent;      /* nobody answers */
	bool wrong_token; /* answers carry another payload */
	bool wrong_checksum;
	uint64_t seed, n;
	uint64_t lost, delivered;      /* answers lost on the way, and handed out */
	uint64_t reordered, withheld;  /* answers held back, and errors that the router could not send */
	struct simnet_flight *flights; /* a heap by arrival */
	size_t n_flights, cap;
};

void simnet_free(struct simnet *s);
/* An echo request leaves at now. */
void simnet_send(struct simnet *s, const struct sonde_packet *request, sonde_time now);
/* When the next packet arrives; SONDE_NEVER for never. */
sonde_time simnet_next(const struct simnet *s);
/* Take the next packet, if it has arrived by now, and dissect it into p; its bytes stay until the next call. */
bool simnet_receive(struct simnet *s, struct sonde_packet *p, sonde_time *at, sonde_time now);

#endif
