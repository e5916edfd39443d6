/* The asker: an engine that sends packets of any kind at a pace and waits for the answers to each. `sonde send` and a
 * single exchange use it.
 *
 * The caller builds the packets (struct sonde_asker_source). The asker reads from each, as it leaves, which answers
 * belong to it (packet/match.h), and finds it for an answer by a hash, in the same time however many are outstanding.
 * */
#ifndef SONDE_PROBE_ASKER_H
#define SONDE_PROBE_ASKER_H

#include "base/hash.h"
#include "packet/match.h"
#include "packet/spec.h"
#include "probe/engine.h"
#include "probe/pace.h"

struct sonde_asker_source {
	void *arg;
	/* When the next packet is due, counted from the start. Returns 1, 0 at the end, or an error. NULL: at once, and
	 * `next` tells the end. */
	int (*due)(void *arg, sonde_time *offset_ns);
	/* Build the next packet, or stamp up to `most` of them, into b, and set n, .shape, .source_slot, and of stamped
	 * ones where they go. The asker names them. Returns 1, 0 at the end, or an error, which ends the run. */
	int (*next)(void *arg, struct sonde_batch *b, unsigned most);
	/* A packet that `next` built is finished (NULL: nobody needs to know). */
	void (*finished)(void *arg, const struct sonde_packet *p);
};

struct sonde_asker_options {
	sonde_time gap_ns;    /* between packets; 0: no limit */
	sonde_time wait_ns;   /* for the answers to one packet */
	uint64_t replies;     /* answers that end the waiting for one packet; UINT64_MAX: all that come in time */
	bool waits;           /* for answers at all */
	bool sees_frames;     /* every frame that leaves is shown to on_frame: what is not shown did not leave */
	uint64_t seed;        /* for the key of the table */
	const struct sonde_spec *expect; /* a pattern: other answers are told, and do not count; NULL: all count */
};

enum sonde_asker_event_kind {
	SONDE_ASKER_ANSWER,  /* to question.id */
	SONDE_ASKER_SILENCE, /* no answer came in time */
	SONDE_ASKER_DROPPED, /* none came, and the kernel took the packet, but by then it had not left */
};

struct sonde_asker_event {
	enum sonde_asker_event_kind kind;
	uint64_t id;                     /* of the packet, from 0 in the order of building */
	struct sonde_question question;
	sonde_time sent_at;              /* by the clock of frames */
	enum sonde_stamp_clock clock;
	uint64_t sent_number;            /* of the frame that left, as in struct sonde_seen; 0: it was not seen */
	const char *remark;              /* what more there is to say of the answer, or in silence what is wrong with
					  * the question; or NULL */
	/* Of an answer: */
	struct sonde_match match;
	bool is_first;                   /* of those that end the waiting */
	const struct sonde_packet *packet; /* until the next call */
	sonde_time stamp;
	uint64_t number;                 /* of its frame */
};

/* A packet whose answers are waited for. */
struct sonde_asker_entry {
	uint64_t id;
	struct sonde_question question;
	const char *fault;       /* what is wrong with it, or NULL */
	sonde_time sent_at, give_up_at;
	uint64_t sent_number, replies;
	uint64_t prev, next;     /* in the chain of its bucket: serial + 1; 0: none */
	uint8_t clock;
	bool unexpected;         /* answers came that do not count */
	bool done;               /* answered or given up; freed when all before it are */
};

struct sonde_asker_bucket {
	uint64_t first, last, unseen; /* serial + 1; unseen: the first whose frame was not seen leaving */
};

#define SONDE_ASKER_EVENTS 64

struct sonde_asker {
	struct sonde_engine engine;
	struct sonde_asker_options o;
	struct sonde_asker_source source;
	struct sonde_pace pace;
	sonde_time began_at;
	uint64_t next_id;
	bool all_built;
	uint64_t n_sent, n_answered, n_silent, n_dropped, n_replies, wrong_checksum, unmatched;
	uint64_t n_unexpected; /* of those without an answer that counts: others came */
	uint64_t early; /* answers that came before their question left: not counted as answers */
	/* Entries by serial, in the order of sending and so of giving up: a ring. */
	struct sonde_asker_entry *entries;
	struct sonde_asker_bucket *buckets; /* as many as entries */
	uint64_t cap;                       /* a power of two */
	uint64_t oldest, next;              /* serials */
	struct sonde_key key;
	bool asks_groups;                   /* some packets may be answered from any address */
	bool asks_in_tunnels;               /* errors about some packets may quote their outermost header alone */
	bool out_of_memory;
	struct sonde_asker_event events[SONDE_ASKER_EVENTS];
	unsigned event_head, event_len;
};

/* Begin at now. */
void sonde_asker_init(struct sonde_asker *a, const struct sonde_asker_options *o,
		      const struct sonde_asker_source *source, sonde_time now);
void sonde_asker_free(struct sonde_asker *a);

/* Take the next event. Returns false when there is none. */
bool sonde_asker_next_event(struct sonde_asker *a, struct sonde_asker_event *out);

/* How many packets are still waited for that have no answer yet. */
uint64_t sonde_asker_unanswered(const struct sonde_asker *a);

#endif
