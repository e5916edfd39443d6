/* The bytes of one direction of a TCP connection, in order, out of segments in any order. */
#ifndef SONDE_TOOLS_READ_STREAM_H
#define SONDE_TOOLS_READ_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define STREAM_MOST (1u << 20) /* bytes that wait for those before them */

/* Take bytes of the stream, behind `missing` that will not come any more. They are valid during the call. */
typedef void stream_take_fn(void *arg, uint32_t missing, struct sonde_view bytes);

struct stream_piece;

struct stream {
	stream_take_fn *take;
	void *arg;
	bool started;
	bool ended;                  /* a FIN was seen, */
	uint32_t end;                /* which takes this sequence number */
	uint32_t first, next;        /* the sequence numbers of its first byte, and of the next one */
	struct stream_piece *pieces; /* that wait, in order */
	size_t waiting;              /* bytes of them */
};

/* Begin at this sequence number: behind a SYN, or with the first segment that was seen. */
void stream_start(struct stream *s, uint32_t seq);
/* Add a segment. What was taken already is left out; what lies behind a gap waits, up to STREAM_MOST bytes. */
void stream_add(struct stream *s, uint32_t seq, struct sonde_view bytes);
/* A FIN stands at this sequence number: it is acknowledged like a byte, and is none. */
void stream_fin(struct stream *s, uint32_t seq);
/* The receiver has what lies before this number: what is missing of it was not captured, and is waited for no more. */
void stream_acknowledged(struct stream *s, uint32_t ack);
/* Take all that waits, and start anew. */
void stream_end(struct stream *s);

#endif
