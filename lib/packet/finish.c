#include "packet/packet.h"
#include "packet/rows.h"
#include "proto/finish.h"
#include "proto/list.h"

/* Where the trailer of a layer starts, or 0. Padding belongs to no layer. */
static uint32_t trailer_offset(const struct sonde_packet *p)
{
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0))
			return p->layers[i].offset;
	return 0;
}

/* Filled in place: copying a struct right after storing its members waits for all the stores. */
static inline void fill_context(struct sonde_context *c, const struct sonde_packet *p, unsigned layer, bool infer)
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
	/* infer keeps the hooks of a packet that is only read from writing. */
	fill_context(&c, p, (unsigned)layer, true);
	return c;
}

static inline void start_finish(struct sonde_finish *f, const struct sonde_packet *p, bool infer)
{
	fill_context(&f->here, p, 0, infer);
	f->end = p->len;
	f->missing = p->missing;
	f->quote_missing = p->quote_missing;
	f->quoted = f->unfit = false;
	f->n_streams = 0;
}

/* Trailers follow each other at the end. The packet ends before padding; missing bytes are missing from the last part
 * that is present. */
static void size_trailers(struct sonde_finish *f, const struct sonde_packet *p)
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

void sonde_size_layers(struct sonde_packet *p, bool as_read)
{
	struct sonde_finish f;
	start_finish(&f, p, as_read);
	size_trailers(&f, p);
	for (; f.here.layer < f.here.end; f.here.layer++) {
		f.here.written = f.here.layer->written;
		sonde_size_layer(&f, &f.here, f.here.layer->proto);
	}
}

uint16_t sonde_partial_sum(const struct sonde_packet *p, int layer)
{
	return sonde_pseudo_checksum(p->data, p->layers, &p->layers[layer]);
}

/* A trailer does not depend on other layers. */
static __attribute__((noinline)) void finish_trailers(struct sonde_finish *f, const struct sonde_packet *p)
{
	size_trailers(f, p);
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++) {
		struct sonde_context c;
		fill_context(&c, p, i, f->here.infer);
		c.unfit = &f->unfit;
		if (c.layer->cut)
			continue;
		sonde_fill_lengths(&c, c.layer->proto);
		sonde_fill_sum(&c, c.layer->proto);
	}
}

/* Returns whether all computed values fit. */
static inline bool finish_layers(struct sonde_packet *p, bool infer)
{
	struct sonde_finish f;
	start_finish(&f, p, infer);
	if (p->n_trailers)
		finish_trailers(&f, p);
	if (p->n_layers)
		sonde_finish_here(&f);
	return !f.unfit;
}

int sonde_finish(struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		p->layers[i].sum_state = p->layers[i].unfit = 0;
		p->layers[i].faultless = false;
	}
	return finish_layers(p, false) ? 0 : SONDE_E_RANGE;
}

int sonde_check_fit(const struct sonde_packet *p, struct sonde_error *e)
{
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (!l->unfit)
			continue;
		const struct sonde_field *f = &l->proto->fields[l->unfit - 1];
		int err = sonde_rows_unfit(e, l->proto, f);
		sonde_hint(e, "%s=N goes out as written", f->name);
		if (e)
			e->layer = i + 1;
		return err;
	}
	return 0;
}

/* Whether a row differs from what the builder writes by default, apart from what finish computes. */
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
	/* A computed length is derived from the bytes, even if they are zeros. */
	if (f->len_from && l->proto->fields[SONDE_ROW(f->len_from)].open == SONDE_COMPUTED)
		return s.width > 0;
	return !sonde_bytes_are_default(f, sonde_slot_view(header, s), l->cut);
}

/* The mark of the number that sizes a row, if it contradicts the row's bytes. */
static uint64_t inconsistent_number(const struct sonde_field *f, const uint8_t *header, const struct sonde_slot *slots)
{
	sonde_place place = sonde_sizing_place(f);
	struct sonde_view bytes = sonde_slot_view(header, slots[SONDE_ROW(f->place)]);
	bool agrees = !place || sonde_slot_get(header, sonde_slot_of(place, slots)) == sonde_number_by_bytes(f, bytes);
	return agrees ? 0 : SONDE_MARK(place);
}

/* Numbers that are derived from written rows (their lengths and counts) need not be written, unless they contradict
 * them. */
static uint64_t derived_numbers(const struct sonde_layer *l, const uint8_t *header, const struct sonde_slot *slots)
{
	uint64_t follow = 0, lie = 0;
	for (uint64_t left = l->cut ? 0 : sonde_loose_rows(l); left; left &= left - 1) {
		const struct sonde_field *f = &l->proto->fields[__builtin_ctzll(left)];
		if (!sonde_sizing_place(f) || !slots[SONDE_ROW(f->place)].there)
			continue;
		follow |= l->written & SONDE_MARK(f->place) ? SONDE_MARK(sonde_sizing_place(f)) : 0;
		lie |= inconsistent_number(f, header, slots);
	}
	return follow & ~lie;
}

static void infer_layer(struct sonde_packet *p, struct sonde_layer *l)
{
	const struct sonde_slot *slots = sonde_slots(p, (int)(l - p->layers));
	const uint8_t *header = p->data + l->offset;
	const struct sonde_field *rows = l->proto->fields;
	uint64_t tail_rows = 0;
	unsigned tail = 0;
	if (l->proto->compiled.infer && !l->cut)
		l->written = l->proto->compiled.infer(header);
	for (uint64_t left = sonde_loose_rows(l); left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		uint64_t mark = UINT64_C(1) << i;
		if (!slots[i].there || rows[i].view)
			continue;
		if (differs(l, &rows[i], header, slots[i]))
			l->written |= mark;
		if (!l->cut)
			l->written |= inconsistent_number(&rows[i], header, slots);
		if (rows[i].tail >= tail && rows[i].tail && slots[i].width) {
			tail_rows = (rows[i].tail > tail ? 0 : tail_rows) | mark;
			tail = rows[i].tail;
		}
	}
	l->written &= ~derived_numbers(l, header, slots);
	/* Trailing rows with default values must still exist: marking the first of them as written says so. */
	if (!(l->written & tail_rows))
		l->written |= tail_rows & -tail_rows;
}

/* The value at a place that makes all written rows exist. */
static uint64_t announced_at(const struct sonde_layer *l, sonde_place place)
{
	uint64_t said = 0;
	for (const struct sonde_field *f = l->proto->fields; f->name; f++)
		if (f->announces && f->when.place == place && l->written & SONDE_MARK(f->place))
			said = sonde_announced(&f->when, said);
	return said;
}

/* Numbers that written rows imply (presence flags, types) need not be written, unless they differ from that. Rows are
 * visited last to first, since an implied number may imply another one before it. The checksum must be verified
 * before. */
static void infer_announced(struct sonde_packet *p, int layer)
{
	struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = p->data + l->offset;
	const struct sonde_field *rows = l->proto->fields, *f = rows;
	while (f->name)
		f++;
	while (!l->cut && f-- > rows) {
		sonde_place place = f->when.place;
		if (!f->announces || !sonde_place_there(l, place))
			continue;
		bool follows = derived_numbers(l, header, sonde_slots(p, layer)) & SONDE_MARK(place);
		if (!follows && sonde_get(header, place) != announced_at(l, place))
			l->written |= SONDE_MARK(place);
	}
}

/* Use the result of a verified checksum instead of computing it again: the mark, set in advance, keeps finish from
 * computing it. Returns whether the mark must be removed afterwards. */
static bool mark_judged_sum(const struct sonde_packet *p, struct sonde_layer *l)
{
	enum sonde_sum_state state = (enum sonde_sum_state)(l->sum_state - 1);
	if (!l->proto->checksum || l->cut || !l->sum_state)
		return false;
	/* 0xffff may be right where a builder writes 0, which is the same in ones' complement. */
	if (state == SONDE_SUM_OK && sonde_get(p->data + l->offset, l->proto->checksum_place) == 0xffff)
		return false;
	bool whole = l->have_len == l->total_len;
	if (state == SONDE_SUM_OK || state == SONDE_SUM_WRONG || state == SONDE_SUM_ABSENT ||
	    (state == SONDE_SUM_PARTIAL && whole))
		l->written |= SONDE_MARK(l->proto->checksum_place);
	return state == SONDE_SUM_OK;
}

void sonde_infer(struct sonde_packet *p)
{
	uint64_t right = 0; /* a bit for each layer whose checksum is right */
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		struct sonde_layer *l = &p->layers[i];
		l->written = 0;
		l->partial = false;
		infer_layer(p, l);
		right |= (uint64_t)mark_judged_sum(p, l) << i;
	}
	finish_layers(p, true);
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++)
		if (right >> i & 1)
			p->layers[i].written &= ~SONDE_MARK(p->layers[i].proto->checksum_place);
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
		if (l->proto->varies)
			infer_announced(p, (int)i);
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
			struct sonde_slot s = sonde_locate(l->proto->fields, (unsigned)*row, p->data + l->offset,
							   l->header_len);
			/* In a cut header, an empty field is absent. */
			if (s.there && (s.width || !l->cut))
				return true;
		}
	}
	return false;
}
