#include "tools/read/stream.h"

#include <stdlib.h>

#include "tools/common/message.h"

struct stream_piece {
	struct stream_piece *next;
	uint32_t seq, len;
	uint8_t bytes[];
};

/* How far a sequence number is ahead of what comes next; negative: it was taken (RFC 9293, 3.4). */
static int32_t ahead(const struct stream *s, uint32_t seq)
{
	return (int32_t)(seq - s->next);
}

void stream_start(struct stream *s, uint32_t seq)
{
	s->started = true;
	s->first = s->next = seq;
}

/* Hand on what is new of a segment that does not begin behind what comes next. */
static void take(struct stream *s, uint32_t missing, uint32_t seq, struct sonde_view bytes)
{
	int32_t old = -ahead(s, seq);
	if (old < 0 || (uint32_t)old >= bytes.len)
		return;
	s->next = seq + (uint32_t)bytes.len;
	s->take(s->arg, missing, sonde_view_sub(bytes, (size_t)old, bytes.len));
}

/* Take the first piece that waits; what is missing before it is given up. */
static void take_first(struct stream *s)
{
	struct stream_piece *first = s->pieces;
	int32_t missing = ahead(s, first->seq);
	s->pieces = first->next;
	s->waiting -= first->len;
	if (missing > 0)
		s->next = first->seq;
	take(s, missing > 0 ? (uint32_t)missing : 0, first->seq, sonde_view(first->bytes, first->len));
	free(first);
}

static void take_ready(struct stream *s)
{
	while (s->pieces && ahead(s, s->pieces->seq) <= 0)
		take_first(s);
}

static void keep(struct stream *s, uint32_t seq, struct sonde_view bytes)
{
	struct stream_piece **at = &s->pieces;
	while (*at && ahead(s, (*at)->seq) <= ahead(s, seq))
		at = &(*at)->next;
	struct stream_piece *piece = message_need_memory(malloc(sizeof *piece + bytes.len));
	piece->seq = seq;
	piece->len = (uint32_t)bytes.len;
	memcpy(piece->bytes, bytes.data, bytes.len);
	piece->next = *at;
	*at = piece;
	s->waiting += bytes.len;
}

void stream_add(struct stream *s, uint32_t seq, struct sonde_view bytes)
{
	if (!s->started)
		stream_start(s, seq);
	if (bytes.len == 0)
		return;
	if (ahead(s, seq) > 0)
		keep(s, seq, bytes);
	else
		take(s, 0, seq, bytes);
	while (s->waiting > STREAM_MOST)
		take_first(s);
	take_ready(s);
}

void stream_fin(struct stream *s, uint32_t seq)
{
	s->ended = true;
	s->end = seq;
}

void stream_acknowledged(struct stream *s, uint32_t ack)
{
	if (!s->started)
		return;
	if (s->ended && ack == s->end + 1)
		ack = s->end;
	while (s->pieces && (int32_t)(ack - s->pieces->seq) > 0)
		take_first(s);
	int32_t missing = ahead(s, ack);
	if (missing > 0) {
		s->next = ack;
		s->take(s->arg, (uint32_t)missing, sonde_view("", 0));
	}
	take_ready(s);
}

void stream_end(struct stream *s)
{
	while (s->pieces)
		take_first(s);
	s->started = s->ended = false;
}
