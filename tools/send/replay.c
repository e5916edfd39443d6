/* The frames of a capture, sent again. */
#include <string.h>
#include <unistd.h>

#include "io/file_read.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/send/send.h"

static int open_round(struct source *s)
{
	struct sonde_error e;
	sonde_originators_free(&s->originators);
	lseek(s->fd, 0, SEEK_SET);
	if (!sonde_reader_take(&s->reader, s->fd, files_name(s->so->capture), NULL, &e))
		return 0;
	message_error(&e);
	return STATUS_USAGE;
}

static bool keep_text(uint32_t *start, uint32_t *len, struct sonde_spec *spec, struct sonde_view text)
{
	uint8_t *at = sonde_spec_add_bytes(spec, start, (uint32_t)text.len);
	if (at && text.len)
		memcpy(at, text.data, text.len);
	*len = at ? (uint32_t)text.len : 0;
	return at != NULL;
}

/* What the capture says of a frame. Returns 0 or an exit status after a message. */
static int describe(struct source *s, const struct sonde_record *r)
{
	struct sonde_spec_frame *f = &s->spec.frame;
	const struct sonde_pcapng_seen *seen = sonde_reader_interface(s->reader, r->interface);
	sonde_spec_reset(&s->spec);
	*f = (struct sonde_spec_frame){
		.has_time = !r->timeless, .time = r->time, .has_link = true, .link = r->link, .dir = r->direction,
		.has_wire = r->wire_len < r->bytes.len, .wire = r->wire_len,
		.has_iface = seen && seen->name.len, .has_comment = r->comment.len > 0,
	};
	bool kept = !f->has_iface || keep_text(&f->iface, &f->iface_len, &s->spec, seen->name);
	if (kept && f->has_comment)
		kept = keep_text(&f->comment, &f->comment_len, &s->spec, r->comment);
	return kept ? 0 : message_out_of_memory();
}

static int take_frame(struct source *s, struct sonde_packet *p, const struct sonde_record *r)
{
	uint8_t *room = p->data;
	uint32_t cap = p->cap;
	if (r->bytes.len > cap) {
		message("%s: a frame of %zu bytes is longer than any that can be sent",
			files_name(s->so->capture), r->bytes.len);
		return STATUS_USAGE;
	}
	memcpy(room, r->bytes.data, r->bytes.len);
	sonde_dissect(p, room, (uint32_t)r->bytes.len, r->wire_len, (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	p->cap = cap;
	sonde_infer(p);
	sonde_map_packet(p, s->so->maps, s->so->n_maps);
	int status = overlay_apply(&s->overlay, p, s->n - 1, NULL);
	return status ? status : describe(s, r);
}

/* The next frame of the file, which --loop begins again. Returns 1, 0 at the end, or an exit status. */
static int next_record(struct source *s, struct sonde_record *r)
{
	struct sonde_error e = { 0 };
	for (;;) {
		if (!s->reader && open_round(s))
			return STATUS_USAGE;
		int got = sonde_reader_next(r, s->reader, &e);
		if (got < 0) {
			message_error(&e);
			return STATUS_USAGE;
		}
		if (got > 0)
			return 1;
		sonde_reader_close(s->reader);
		s->reader = NULL;
		if (++s->round >= s->so->loops)
			return 0;
	}
}

/* Whether --only chooses the frame; one without a 5-tuple is never chosen. Returns 1, 0, or an exit status. */
static int is_chosen(struct source *s, const struct sonde_record *r)
{
	struct sonde_packet p;
	if (s->so->only == SONDE_FLOW_NONE)
		return 1;
	sonde_dissect(&p, r->bytes.data, (uint32_t)r->bytes.len, r->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	int side = sonde_originators_track(&s->originators, &p);
	if (side < 0) {
		message_code(side, "%s", files_name(s->so->capture));
		return STATUS_SYSTEM;
	}
	s->no_flow += side == SONDE_FLOW_NONE;
	s->left_out += side != SONDE_FLOW_NONE && side != (int)s->so->only;
	return side == (int)s->so->only;
}

int source_peek(struct source *s)
{
	int chosen = 0;
	while (!s->peeked && !chosen) {
		int got = next_record(s, &s->record);
		if (got != 1)
			return got;
		chosen = is_chosen(s, &s->record);
		if (chosen > 1)
			return chosen;
		s->peeked = chosen;
	}
	if (s->n == 0)
		s->offset_ns = 0;
	/* A frame without a time is due with the one before. */
	if (s->record.timeless)
		return 1;
	if (!s->has_first)
		s->first = s->record.time;
	s->has_first = true;
	/* The times of a file may be anything: their difference may not fit. */
	if (__builtin_sub_overflow(s->record.time, s->first, &s->offset_ns))
		s->offset_ns = 0;
	return 1;
}

int replay_next(struct source *s, struct sonde_packet *p)
{
	int got = source_peek(s);
	if (got != 1)
		return got;
	s->peeked = false;
	s->n++;
	int status = take_frame(s, p, &s->record);
	return status ? status : 1;
}
