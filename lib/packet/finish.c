#include "packet/layout.h"
#include "packet/list.h"
#include "packet/packet.h"
#include "proto/finish.h"

/* Where the trailer that belongs to a layer starts, or 0. Padding belongs to none. */
static uint32_t trailer_offset(const struct sonde_packet *p)
{
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0))
			return p->layers[i].offset;
	return 0;
}

/* Filled in place: a copy of a struct whose fields were just stored one by one waits for all of the stores. */
static inline void see_layer(struct sonde_context *c, const struct sonde_packet *p, unsigned layer, bool infer)
{
	c->packet = p->data;
	c->layer = (struct sonde_layer *)&p->layers[layer];
	c->first = p->layers;
	c->end = p->layers + p->n_layers;
	c->infer = infer;
	c->payload_end = p->payload_end;
	c->trailer_offset = p->n_trailers ? trailer_offset(p) : 0;
	c->written = c->layer->written;
}

struct sonde_context sonde_context_of(const struct sonde_packet *p, int layer)
{
	struct sonde_context c;
	/* Hooks of a packet that is read write nothing: infer is set. */
	see_layer(&c, p, (unsigned)layer, true);
	return c;
}

static inline void start_outside(struct sonde_finish *f, const struct sonde_packet *p, bool infer)
{
	see_layer(&f->here, p, 0, infer);
	f->end = p->len;
	f->missing = p->missing;
	f->quote_missing = p->quote_missing;
	f->quoted = false;
}

/* Trailers lie one behind the other at the end. The packet ends before padding; what is missing is missing from the
 * last that is there. */
static void settle_trailers(struct sonde_finish *f, const struct sonde_packet *p)
{
	struct sonde_layer *first = f->here.layer + p->n_layers;
	uint32_t end = p->len;
	for (struct sonde_layer *l = first + p->n_trailers; l-- > first; end = l->offset) {
		l->have_len = l->total_len = end - l->offset;
		if (!sonde_number_in(l->proto, SONDE_SPACE_TRAILER, 0)) {
			f->end = l->offset;
			f->missing = l->offset == p->len ? p->missing : 0;
		}
	}
}

void sonde_settle_sizes(struct sonde_packet *p, bool as_read)
{
	struct sonde_finish f;
	start_outside(&f, p, as_read);
	settle_trailers(&f, p);
	for (; f.here.layer < f.here.end; f.here.layer++) {
		f.here.written = f.here.layer->written;
		sonde_settle(&f, &f.here, f.here.layer->proto);
	}
}

uint16_t sonde_partial_sum(const struct sonde_packet *p, int layer)
{
	return sonde_pseudo_checksum(p->data, p->layers, &p->layers[layer]);
}

/* Nothing in a trailer leans on what it follows. */
static __attribute__((noinline)) void finish_trailers(struct sonde_finish *f, const struct sonde_packet *p)
{
	settle_trailers(f, p);
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++) {
		struct sonde_context c;
		see_layer(&c, p, i, f->here.infer);
		if (c.layer->cut)
			continue;
		sonde_fill_lengths(&c, c.layer->proto);
		sonde_fill_sum(&c, c.layer->proto);
	}
}

void sonde_finish_any(struct sonde_finish *f)
{
	sonde_finish_layer(f, f->here.layer->proto, f->here.infer);
}

static inline void finish_layers(struct sonde_packet *p, bool infer)
{
	struct sonde_finish f;
	start_outside(&f, p, infer);
	if (p->n_trailers)
		finish_trailers(&f, p);
	if (p->n_layers)
		sonde_finish_here(&f);
}

int sonde_finish(struct sonde_packet *p)
{
	finish_layers(p, false);
	return 0;
}

/* Whether a row has another value than the builder gives it, apart from what finish computes. */
static bool differs(const struct sonde_layer *l, const struct sonde_field *f, const uint8_t *header,
		    struct sonde_slot s)
{
	if (l->cut && s.width == 0)
		return false;
	if (f->always || f->open == SONDE_LOOKED_UP)
		return true;
	if (f->shape == SONDE_SCALAR) {
		if (f->open == SONDE_COMPUTED)
			return l->cut && sonde_slot_get(header, s);
		return sonde_slot_get(header, s) != f->value;
	}
	return sonde_bytes_say_something(f, sonde_slot_view(header, s), l->cut);
}

/* The number that sizes a row, when it is not what the row's bytes would make it. */
static uint64_t lying_length(const struct sonde_field *f, const uint8_t *header, struct sonde_slot s)
{
	if (!f->len_from)
		return 0;
	bool tells = sonde_get(header, f->len_from) == sonde_number_by_bytes(f, s.width / 8);
	return tells ? 0 : SONDE_MARK(f->len_from);
}

/* A number that sizes a written row follows that row's bytes: it need not be written, unless it lies. */
static uint64_t following_lengths(const struct sonde_layer *l, const uint8_t *header, const struct sonde_slot *slots)
{
	uint64_t follow = 0, lie = 0;
	for (const struct sonde_field *f = l->proto->fields; f->name && !l->cut; f++) {
		struct sonde_slot s = slots[f - l->proto->fields];
		if (!f->len_from || !s.there)
			continue;
		follow |= l->written & SONDE_MARK(f->place) ? SONDE_MARK(f->len_from) : 0;
		lie |= lying_length(f, header, s);
	}
	return follow & ~lie;
}

static void infer_layer(struct sonde_packet *p, struct sonde_layer *l)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	const uint8_t *header = p->data + l->offset;
	const struct sonde_field *rows = l->proto->fields;
	unsigned n = sonde_layout(slots, rows, header, l->header_len);
	uint64_t first_tail = 0, tail = 0;
	for (unsigned i = 0; i < n; i++) {
		uint64_t mark = UINT64_C(1) << i;
		if (!slots[i].there || rows[i].view)
			continue;
		if (differs(l, &rows[i], header, slots[i]))
			l->written |= mark;
		if (!l->cut)
			l->written |= lying_length(&rows[i], header, slots[i]);
		if (rows[i].tail) {
			tail |= mark;
			first_tail = first_tail ? first_tail : mark;
		}
	}
	l->written &= ~following_lengths(l, header, slots);
	/* A tail that has nothing to say must still be there. */
	if (tail && !(l->written & tail))
		l->written |= first_tail;
}

/* Flags that the written rows announce are open; others are written. The checksum must be judged before. */
static void infer_announced(struct sonde_layer *l, const uint8_t *header)
{
	uint64_t said = 0, flags = 0;
	uint32_t place = 0;
	for (const struct sonde_field *f = l->proto->fields; f->name; f++) {
		if (!f->announces || l->cut)
			continue;
		place = f->when.place;
		flags = sonde_get(header, place);
		said |= l->written & SONDE_MARK(f->place) ? f->when.mask : 0;
	}
	if (place)
		l->written |= flags != said ? SONDE_MARK(place) : 0;
}

void sonde_infer(struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		p->layers[i].written = 0;
		p->layers[i].partial = false;
		infer_layer(p, &p->layers[i]);
	}
	finish_layers(p, true);
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
		if (l->proto->varies)
			infer_announced(l, p->data + l->offset);
		if (l->proto->pseudo && !l->cut && l->written & SONDE_MARK(l->proto->checksum_place))
			l->partial = sonde_get(p->data + l->offset, l->proto->checksum_place) ==
				     sonde_partial_sum(p, (int)i);
	}
}

bool sonde_next_open(const struct sonde_packet *p, int *layer, int *row)
{
	for (; *layer < p->n_layers; (*layer)++, *row = -1) {
		const struct sonde_layer *l = &p->layers[*layer];
		while (l->proto->fields[++*row].name) {
			const struct sonde_field *f = &l->proto->fields[*row];
			if (f->open != SONDE_LOOKED_UP || l->written & UINT64_C(1) << *row)
				continue;
			struct sonde_slot s = sonde_locate(l, p->data + l->offset, (unsigned)*row);
			/* Where a header is cut, an empty field is not there. */
			if (s.there && (s.width || !l->cut))
				return true;
		}
	}
	return false;
}
