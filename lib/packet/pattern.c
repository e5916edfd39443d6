#include "packet/pattern.h"

#include <strings.h>

#include "packet/pattern_list.h"
#include "packet/print.h"
#include "proto/data.h"

#define MOST_NAME 512 /* of a domain name as text */

/* The state of one comparison. */
struct matcher {
	const struct sonde_spec *s;
	const struct sonde_packet *p;
	struct sonde_packet inferred; /* what a builder would have made of it; layers only on demand */
	bool has_inferred;
};

/* A row of a layer that is present. */
struct found {
	int layer;
	const struct sonde_field *row;
	struct sonde_slot slot;
};

/* --- One value --------------------------------------------------------------------------------------------------- */

static sonde_u128 number_of(struct sonde_view bytes)
{
	sonde_u128 v = 0;
	for (size_t i = 0; i < bytes.len; i++)
		v = v << 8 | bytes.data[i];
	return v;
}

static bool is_in_ranges(const struct sonde_spec *s, const struct sonde_spec_field *f, sonde_u128 v)
{
	for (uint32_t i = 0; i < f->n; i++) {
		const struct sonde_spec_range *r = &s->ranges[f->start + i];
		if (v >= r->first && v <= r->last && (r->step == 1 || (v - r->first) % r->step == 0))
			return true;
	}
	return false;
}

static bool is_in_set(const struct matcher *m, const struct sonde_spec_field *f, const struct found *at)
{
	const uint8_t *header = sonde_layer_header(m->p, at->layer);
	if (at->row->shape == SONDE_SCALAR)
		return is_in_ranges(m->s, f, sonde_slot_get(header, at->slot));
	struct sonde_view v = sonde_slot_view(header, at->slot);
	return v.len == f->value_len && is_in_ranges(m->s, f, number_of(v));
}

/* Names in DNS are the same whatever their case (RFC 4343), with or without pointers. */
static bool same_name(const struct matcher *m, const struct found *at, struct sonde_view wanted)
{
	char is[MOST_NAME], should[MOST_NAME];
	struct sonde_text a = sonde_text(is, sizeof is), b = sonde_text(should, sizeof should);
	struct sonde_row_context ctx = sonde_row_context_of(m->p, at->layer, SONDE_ROW(at->row->place));
	sonde_bytes_expand(&a, &ctx, sonde_slot_view(sonde_layer_header(m->p, at->layer), at->slot));
	ctx.message = sonde_view(NULL, 0);
	sonde_bytes_print(&b, &ctx, wanted);
	return a.len == b.len && a.len < sizeof is && strncasecmp(is, should, a.len) == 0;
}

static bool has_bytes(const struct matcher *m, const struct sonde_spec_field *f, const struct found *at)
{
	struct sonde_view wanted = sonde_view(m->s->bytes + f->start, f->n);
	if (at->row->kind && at->row->kind->expand_bytes)
		return same_name(m, at, wanted);
	return sonde_view_equal(sonde_slot_view(sonde_layer_header(m->p, at->layer), at->slot), wanted);
}

static bool has_items(const struct matcher *m, const struct sonde_spec_field *f, const struct found *at)
{
	return sonde_list_has(at->row->list, sonde_slot_view(sonde_layer_header(m->p, at->layer), at->slot),
			      sonde_view(m->s->bytes + f->text, f->text_len));
}

static bool has_flags(const struct matcher *m, const struct sonde_spec_field *f, const struct found *at)
{
	const struct sonde_spec_range *bits = &m->s->ranges[f->start];
	uint64_t v = sonde_slot_get(sonde_layer_header(m->p, at->layer), at->slot);
	return (v & (uint64_t)bits->first) == (uint64_t)bits->first && !(v & (uint64_t)bits->last);
}

static bool is_auto(struct matcher *m, const struct found *at)
{
	if (!m->has_inferred) {
		m->inferred = *m->p;
		sonde_infer(&m->inferred);
		m->has_inferred = true;
	}
	return !(m->inferred.layers[at->layer].written & SONDE_MARK(at->row->place));
}

static bool value_matches(struct matcher *m, const struct sonde_spec_field *f, const struct found *at)
{
	switch (f->type) {
	case SONDE_SPEC_RANDOM: return f->n == 0 || is_in_set(m, f, at);
	case SONDE_SPEC_FLAGS: return has_flags(m, f, at);
	case SONDE_SPEC_AUTO: return is_auto(m, at);
	case SONDE_SPEC_PARTIAL: return sonde_verify(m->p, at->layer) == SONDE_SUM_PARTIAL;
	case SONDE_SPEC_BYTES:
	case SONDE_SPEC_PATTERN: return at->row->shape == SONDE_LIST ? has_items(m, f, at) : has_bytes(m, f, at);
	default: return is_in_set(m, f, at);
	}
}

/* --- One field --------------------------------------------------------------------------------------------------- */

/* Several rows may share a name: the first that is present counts. */
static bool find_row(struct found *at, const struct sonde_packet *p, int layer, const struct sonde_field *row)
{
	const struct sonde_layer *l = &p->layers[layer];
	const char *name = row->name;
	*at = (struct found){ .layer = layer, .row = row };
	if (row->view || (!l->proto->varies && sonde_has_one_place(row))) {
		at->slot = (struct sonde_slot){ SONDE_FIRST(row->place), SONDE_WIDTH(row->place), true, true,
						SONDE_IS_LITTLE(row->place) };
		return sonde_place_there(l, row->place);
	}
	const struct sonde_slot *slots = sonde_slots(p, layer);
	for (; at->row->name; at->row++) {
		at->slot = slots[SONDE_ROW(at->row->place)];
		if (at->slot.there && (at->row == row || strcmp(at->row->name, name) == 0))
			return true;
	}
	return false;
}

/* The layer that holds the fields of a trailer, such as the objects of an ICMP error, or -1. */
static int trailer_of(const struct sonde_packet *p, const struct sonde_proto *proto)
{
	for (int i = 0; i < p->n_layers + p->n_trailers; i++)
		if (sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0) == proto->trailer && proto->trailer)
			return i;
	return -1;
}

static bool field_matches(struct matcher *m, const struct sonde_spec_field *f, int layer)
{
	struct found at;
	if (f->trailer)
		layer = trailer_of(m->p, m->p->layers[layer].proto);
	if (layer < 0 || !find_row(&at, m->p, layer, &m->p->layers[layer].proto->fields[f->row]))
		return false;
	return value_matches(m, f, &at) != f->negated;
}

/* --- Layers ------------------------------------------------------------------------------------------------------ */

/* Whether the packet's bytes from at on begin with the data of a layer. */
static bool begins_with(const struct matcher *m, const struct sonde_spec_layer *l, uint32_t at)
{
	const struct sonde_packet *p = m->p;
	for (uint32_t i = 0; i < l->n_data; i++) {
		const struct sonde_spec_data *d = &m->s->data[l->data + i];
		if (at > p->payload_end || d->n > p->payload_end - at)
			return false;
		struct sonde_view is = sonde_view(p->data + at, d->n);
		if (d->type == SONDE_DATA_BYTES && d->n && memcmp(is.data, m->s->bytes + d->start, d->n) != 0)
			return false;
		if (d->type == SONDE_DATA_ZERO && !sonde_view_is_zero(is))
			return false;
		at += d->n;
	}
	return true;
}

/* Whether the data of a layer begins behind the header of this layer of the packet, or of one further in. */
static bool has_data(const struct matcher *m, const struct sonde_spec_layer *l, int layer)
{
	for (int i = layer < 0 ? 0 : layer; i < m->p->n_layers; i++)
		if (begins_with(m, l, m->p->layers[i].offset + m->p->layers[i].header_len))
			return true;
	return layer < 0 && begins_with(m, l, 0);
}

static bool layer_matches(struct matcher *m, const struct sonde_spec_layer *l, int layer)
{
	const struct sonde_layer *is = &m->p->layers[layer];
	if (is->proto != l->proto || (l->have >= 0 && (!is->cut || is->header_len != l->have)))
		return false;
	for (uint32_t i = 0; i < l->n_fields; i++)
		if (!field_matches(m, &m->s->fields[l->field + i], layer))
			return false;
	return l->n_data == 0 || has_data(m, l, layer);
}

static bool quotes(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = layer < 0 ? NULL : &p->layers[layer];
	return l && !l->cut && l->proto->quotes && l->proto->quotes(p->data + l->offset);
}

/* The first layer behind this one that matches, or -1. Layers do not depend on each other, so that a later one would
 * serve no better. */
static int next_layer(struct matcher *m, const struct sonde_spec_layer *l, int layer)
{
	const struct sonde_packet *p = m->p;
	bool in_quote = layer >= 0 && (p->layers[layer].quoted || quotes(p, layer));
	for (int i = layer + 1; i < p->n_layers + p->n_trailers; i++) {
		if (p->layers[i].quoted && !in_quote)
			continue;
		if (layer_matches(m, l, i))
			return i;
	}
	return -1;
}

bool sonde_pattern_match(const struct sonde_spec *pattern, const struct sonde_packet *p)
{
	struct matcher m;
	int layer = -1;
	m.s = pattern;
	m.p = p;
	m.has_inferred = false;
	for (unsigned i = 0; i < pattern->n_layers; i++) {
		const struct sonde_spec_layer *l = &pattern->layers[i];
		if (l->proto == &sonde_data && i + 1 == pattern->n_layers)
			return has_data(&m, l, layer);
		layer = next_layer(&m, l, layer);
		if (layer < 0)
			return false;
	}
	return true;
}

/* --- Checking ---------------------------------------------------------------------------------------------------- */

static int refuse(struct sonde_error *e, uint32_t column, uint32_t length, const char *why)
{
	sonde_fail(e, SONDE_E_UNSUPPORTED, "%s", why);
	if (e)
		e->column = (int)column, e->length = (int)length;
	return SONDE_E_UNSUPPORTED;
}

static int check_field(const struct sonde_spec_layer *l, const struct sonde_spec_field *f, struct sonde_error *e)
{
	const struct sonde_field *row = &l->proto->fields[f->row];
	if (f->trailer || f->type != SONDE_SPEC_AUTO || row->open != SONDE_LOOKED_UP)
		return 0;
	sonde_fail(e, SONDE_E_UNSUPPORTED, "%s %s=auto: only the sender knows what this would be", l->proto->name,
		   row->name);
	sonde_hint(e, "leave the field out, and it matches anything");
	if (e)
		e->column = (int)f->column, e->length = (int)f->length;
	return SONDE_E_UNSUPPORTED;
}

int sonde_pattern_check(const struct sonde_spec *s, struct sonde_error *e)
{
	const struct sonde_spec_frame *f = &s->frame;
	if (s->has_refs)
		return refuse(e, s->refused_column, s->refused_length,
			      "a reference to another packet needs a conversation");
	if (f->has_time || f->has_wire || f->has_iface || f->has_dir || f->has_link || f->has_comment)
		return refuse(e, 0, 0, "frame: a pattern is about what is on the wire; leave this layer out");
	if (s->cut)
		return refuse(e, s->cut_column, s->cut_length, "cut: a pattern is about what is there");
	for (unsigned i = 0; i < s->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; k < l->n_fields; k++) {
			int err = check_field(l, &s->fields[l->field + k], e);
			if (err)
				return err;
		}
		if (l->gaps_len)
			return refuse(e, 0, 0, "gaps: a pattern is about fields");
	}
	return 0;
}
