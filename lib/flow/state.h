/* The open state of a table of flows as bytes, so that another process goes on where this one ends: with the next
 * piece of a capture. The bytes are of a fixed order and version, in blocks with checksums; what is damaged, cut or
 * made up is refused.
 *
 *	struct sonde_saved s;
 *	sonde_saved_begin_save(&s, put, arg);
 *	sonde_saved_u64(&s, &mine);
 *	sonde_flows_state(&s, flows);
 *	err = sonde_saved_end(&s);
 *
 * Loading is the same with sonde_saved_begin_load: one walk over the members serves both ways. */
#ifndef SONDE_FLOW_STATE_H
#define SONDE_FLOW_STATE_H

#include <stdbool.h>

#include "base/bytes.h"
#include "base/time.h"
#include "flow/flows.h"

#define SONDE_SAVED_VERSION 2
#define SONDE_SAVED_BLOCK   16384 /* bytes of a block */

/* Write len bytes, or read as many. Returns 0; -errno; or, at the end of what there is to read, SONDE_E_TRUNCATED. */
typedef int sonde_saved_move(void *arg, uint8_t *bytes, size_t len);

/* A state that is being saved or loaded. */
struct sonde_saved {
	bool loads;
	int err;            /* the first mistake: 0, -errno, SONDE_E_TRUNCATED, _MALFORMED, _FORMAT or _UNSUPPORTED */
	const char *reason; /* of SONDE_E_MALFORMED, for people */
	sonde_saved_move *move;
	void *arg;
	uint64_t n_blocks;
	size_t at, len;     /* in the block: where the next byte is, and how many there are */
	uint8_t block[SONDE_SAVED_BLOCK];
};

void sonde_saved_begin_save(struct sonde_saved *s, sonde_saved_move *put, void *arg);
void sonde_saved_begin_load(struct sonde_saved *s, sonde_saved_move *get, void *arg);
/* All was saved, or loaded: what is behind it is a mistake. Returns s->err. */
int sonde_saved_end(struct sonde_saved *s);

/* A number, or bytes, at its place: saved from there, or loaded to there. After a mistake, 0 is loaded. */
void sonde_saved_u8(struct sonde_saved *s, uint8_t *v);
void sonde_saved_u16(struct sonde_saved *s, uint16_t *v);
void sonde_saved_u32(struct sonde_saved *s, uint32_t *v);
void sonde_saved_u64(struct sonde_saved *s, uint64_t *v);
void sonde_saved_bytes(struct sonde_saved *s, void *bytes, size_t len);
/* Times that nothing overflows with: within 146 years of 1970. */
void sonde_saved_time(struct sonde_saved *s, sonde_time *v);
/* Text in room bytes, its 0 included: printable ASCII. */
void sonde_saved_text(struct sonde_saved *s, char *text, size_t room);
/* What was loaded, or may be saved, must be so: else the state is malformed, for this reason. */
void sonde_saved_require(struct sonde_saved *s, bool holds, const char *reason);

/* The open flows of a table and what else it remembers. A table to load into is new, with the same options but for the
 * secret, and may be used if sonde_saved_end returns 0; else it is to be freed. */
void sonde_flows_state(struct sonde_saved *s, struct sonde_flows *t);

#endif
