/* A simulated network: hosts that answer, behind a way that delays, loses, duplicates and forges; and a clock that the
 * test moves. Packets are real bytes: built, finished and dissected. */
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
	bool silent;             /* nobody answers */
	bool wrong_token;        /* answers carry another payload */
	bool wrong_checksum;
	uint64_t seed, n;
	uint64_t lost, delivered; /* answers lost on the way, and handed out */
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
