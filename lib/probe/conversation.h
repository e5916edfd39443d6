/* The conversation: an engine that runs a script (packet/script.h). What is sent may depend on what came before; what
 * is waited for is a pattern, and only packets of the conversation are compared with it: between the sockets that
 * packets were sent from and to, errors that quote those, and what is not IP once something that is not IP was sent.
 * Before anything was sent, any packet may begin it.
 *
 * Lines are gone through in their order, and so are the packets that came: one that a line passes over is not there for
 * a later line. */
#ifndef SONDE_PROBE_CONVERSATION_H
#define SONDE_PROBE_CONVERSATION_H

#include "packet/ends.h"
#include "packet/script.h"
#include "probe/engine.h"
#include "probe/kept.h"

struct sonde_conversation_options {
	sonde_time wait_ns; /* for one packet */
	unsigned retries;   /* how often the lines before one are sent again when its packet does not come */
	uint64_t seed;
};

enum sonde_conversation_event_kind {
	SONDE_CONVERSATION_RECEIVED, /* what the step waits for */
	SONDE_CONVERSATION_OTHER,    /* a packet of the conversation that the step does not wait for; step NULL: that no
				      * step looked at */
	SONDE_CONVERSATION_AGAIN,    /* it did not come: the lines before are sent again */
	SONDE_CONVERSATION_MISSED,   /* it did not come, and the conversation ends */
	SONDE_CONVERSATION_FAILED,   /* the step cannot be done: e says why */
};

struct sonde_conversation_event {
	enum sonde_conversation_event_kind kind;
	const struct sonde_step *step;
	const struct sonde_kept *got; /* until the next call; or NULL */
	sonde_time sent_at;           /* the last packet before it; 0: none */
	struct sonde_error e;
};

#define SONDE_CONVERSATION_EVENTS  64
#define SONDE_CONVERSATION_QUEUE   256 /* packets that wait for their line; later ones are lost, and counted */
#define SONDE_CONVERSATION_MEMBERS 64  /* pairs of sockets */

struct sonde_conversation {
	struct sonde_engine engine;
	struct sonde_conversation_options o;
	const struct sonde_script *script;
	size_t at;                     /* the step at hand */
	uint64_t n_built, n_sent_here; /* packets of it */
	sonde_time now, deadline;
	unsigned tries;                /* of the step at hand */
	bool is_ready;                 /* its spec is resolved */
	bool is_over, has_failed, out_of_memory;
	struct sonde_spec resolved;    /* of the step at hand */
	struct sonde_kept **named;     /* by step: what was sent or received there last */
	const struct sonde_kept *last; /* received; one of named */
	sonde_time sent_at;
	struct sonde_ends members[SONDE_CONVERSATION_MEMBERS];
	unsigned n_members;
	bool has_sent, has_sent_frames; /* something, and something that is not IP */
	struct sonde_kept *queue[SONDE_CONVERSATION_QUEUE];
	unsigned queue_head, queue_len;
	struct sonde_conversation_event events[SONDE_CONVERSATION_EVENTS];
	struct sonde_kept *owned[SONDE_CONVERSATION_EVENTS]; /* what events show and nobody else keeps */
	struct sonde_kept *shown;      /* by the event that was taken last */
	unsigned event_head, event_len;
	uint64_t n_sent, n_received, n_others, n_lost;
};

/* Begin. The script stays the caller's, and has to stay. Returns 0 or -ENOMEM. */
int sonde_conversation_init(struct sonde_conversation *c, const struct sonde_conversation_options *o,
			    const struct sonde_script *script, sonde_time now);
void sonde_conversation_free(struct sonde_conversation *c);

/* Take the next event. Returns false when there is none. */
bool sonde_conversation_next_event(struct sonde_conversation *c, struct sonde_conversation_event *out);

/* Packets are numbered by step and by their place in it: the same again when they are sent again. */
static inline const struct sonde_step *sonde_conversation_step(const struct sonde_conversation *c, uint64_t id)
{
	return &c->script->steps[id >> 32];
}

#endif
