/* send --as: speaking from an address that the kernel does not have. */
#ifndef SONDE_TOOLS_SEND_STAND_IN_H
#define SONDE_TOOLS_SEND_STAND_IN_H

#include "probe/responder.h"
#include "tools/send/send.h"

/* Answers ARP requests, or neighbour solicitations, for the address while the engine behind it runs. */
struct stand_in {
	bool is_used;
	struct sonde_spec pattern, packet;
	struct sonde_responder responder;
};

/* The session that packets of the source go through, by --as from an address of its own. */
struct sonde_session_options stand_in_session(const struct source *s);
/* Put the responder in front of the engine, if --as was given; *engine becomes the one to run. Returns 0 or an exit
 * status after a message. */
int stand_in_open(struct stand_in *st, struct sonde_engine **engine, struct sonde_session *s,
		  const struct source *source);
/* Whether a packet is one that it sent. */
static inline bool stand_in_has(const struct stand_in *st, uint64_t id)
{
	return st->is_used && sonde_responder_has(&st->responder, id);
}
void stand_in_close(struct stand_in *st);

#endif
