/* What is around an engine in tests, in the place of session/drive.h: its packets one by one, finished. */
#ifndef SONDE_TESTS_ENGINE_H
#define SONDE_TESTS_ENGINE_H

#include "probe/engine.h"

/* Zeroed, it is ready. */
struct engine_out {
	struct sonde_batch batch;
	unsigned at;                 /* the batch's next packet */
	uint64_t stamped, built;     /* packets that were handed out so far */
	struct sonde_packet packet;  /* the one that was handed out last, */
	uint64_t id;                 /* its name, */
	bool was_stamped;            /* how it came about, */
	struct sonde_addr src;       /* and where it comes from */
	uint8_t room[2048], frames[SONDE_BATCH * SONDE_BATCH_FRAME];
};

/* The next packet that is due at now, with the source src, open; out->packet is to be finished. Returns false when none
 * is due. */
bool engine_next(struct engine_out *out, struct sonde_engine *e, const struct sonde_addr *src, sonde_time now);
/* It left. */
void engine_sent(struct engine_out *out, struct sonde_engine *e, sonde_time stamp, sonde_time now,
		 enum sonde_stamp_clock clock);
/* A frame is seen. Returns what the engine takes it for. */
enum sonde_seen_as engine_see(struct sonde_engine *e, const struct sonde_packet *p, sonde_time stamp, bool outbound);

#endif
