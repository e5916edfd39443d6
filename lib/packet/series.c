#include "packet/series.h"

#include "proto/data.h"

/* --- Which numbers differ ---------------------------------------------------------------------------------------- */

static bool differs(const struct sonde_spec *spec, const struct sonde_spec_field *f)
{
	return f->type == SONDE_SPEC_RANDOM || (f->type == SONDE_SPEC_SET && sonde_spec_field_size(spec, f) > 1);
}

/* The layer of the packet that was built from a layer of the spec: the one with the same number among those of its
 * protocol. */
static int layer_of(const struct sonde_packet *p, const struct sonde_spec *spec, unsigned index)
{
	const struct sonde_proto *proto = spec->layers[index].proto;
	unsigned before = 0;
	for (unsigned i = 0; i < index; i++)
		before += spec->layers[i].proto == proto;
	for (int i = 0; i < p->n_layers; i++)
		if (p->layers[i].proto == proto && before-- == 0)
			return i;
	return -1;
}

/* The row that a field was written to: of those with its name, the one that exists. */
static const struct sonde_field *row_of(const struct sonde_packet *p, int layer, const struct sonde_spec_field *f)
{
	const struct sonde_field *rows = p->layers[layer].proto->fields;
	for (unsigned n = 0; rows[n].name; n++)
		if (strcmp(rows[n].name, rows[f->row].name) == 0 && sonde_row_is_writable(p, layer, n))
			return &rows[n];
	return NULL;
}

static bool add_part(struct sonde_series *s, const struct sonde_packet *p, int layer, const struct sonde_field *row,
		     const struct sonde_spec_field *f)
{
	int slot = row ? sonde_template_slot(&s->shape, p, layer, row->place) : SONDE_E_ABSENT;
	if (slot < 0)
		return false;
	s->parts[s->n_parts++] = (struct sonde_series_part){ slot, (uint8_t)layer, row, f, 1, 1 };
	return true;
}

/* Which value of a set packet k has: the last field varies fastest, or with zip all vary together. */
static void find_strides(struct sonde_series *s, bool zip)
{
	for (unsigned i = 0; i < s->n_parts; i++) {
		struct sonde_series_part *part = &s->parts[i];
		const struct sonde_spec_field *end = s->spec->fields + s->spec->n_fields;
		if (!part->field || part->field->type != SONDE_SPEC_SET)
			continue;
		part->size = sonde_spec_field_size(s->spec, part->field);
		for (const struct sonde_spec_field *later = part->field + 1; !zip && later < end; later++)
			part->stride *= sonde_spec_field_size(s->spec, later);
	}
}

static bool add_fields(struct sonde_series *s, const struct sonde_packet *p)
{
	for (unsigned i = 0; i < s->spec->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->spec->layers[i];
		for (uint32_t n = 0; n < l->n_data; n++)
			if (s->spec->data[l->data + n].type == SONDE_DATA_RANDOM)
				return false;
		for (uint32_t n = 0; n < l->n_fields; n++) {
			const struct sonde_spec_field *f = &s->spec->fields[l->field + n];
			int layer = differs(s->spec, f) && !f->trailer ? layer_of(p, s->spec, i) : -1;
			if (!differs(s->spec, f))
				continue;
			if (layer < 0 || !add_part(s, p, layer, row_of(p, layer, f), f))
				return false;
		}
	}
	return true;
}

/* Add what the sender fills in: numbers derived from the seed, and the source address of the first layer. */
static bool add_looked_up(struct sonde_series *s, const struct sonde_packet *p, const struct sonde_packet *open)
{
	int layer = 0, row = -1;
	while (sonde_next_open(open, &layer, &row)) {
		const struct sonde_field *f = &p->layers[layer].proto->fields[row];
		bool is_source = layer == 0 && f->place == p->layers[0].proto->src_place;
		if (is_source)
			s->source_slot = sonde_template_slot(&s->shape, p, 0, f->place);
		if (is_source ? s->source_slot < 0 : f->shape != SONDE_SCALAR || !add_part(s, p, layer, f, NULL))
			return false;
	}
	return true;
}

/* --- For callers ------------------------------------------------------------------------------------------------- */

bool sonde_series_open(struct sonde_series *s, const struct sonde_spec *spec, uint64_t seed, bool zip,
		       struct sonde_packet *scratch)
{
	*s = (struct sonde_series){ .spec = spec, .seed = seed, .source_slot = -1, .scope = spec->scope };
	if (sonde_spec_packet(scratch, spec, 0, seed, zip, NULL) || scratch->n_layers == 0)
		return false;
	s->dst_place = scratch->layers[0].proto->dst_place;
	sonde_size_layers(scratch, false);
	struct sonde_packet open = *scratch;
	sonde_finish(scratch);
	if (SONDE_WIDTH(s->dst_place) == 0 || scratch->layers[0].cut || scratch->n_trailers ||
	    sonde_template_freeze(&s->shape, scratch, s->bytes, sizeof s->bytes))
		return false;
	if (!add_fields(s, scratch) || !add_looked_up(s, scratch, &open))
		return false;
	find_strides(s, zip);
	return true;
}

static void stamp_part(uint8_t *frame, const struct sonde_series *s, const struct sonde_series_part *part, uint64_t k,
		       uint64_t id)
{
	const struct sonde_spec_field *f = part->field;
	uint8_t bytes[16];
	sonde_u128 v;
	if (!f)
		v = sonde_seeded_number(part->row, part->layer, s->seed, id);
	else if (f->type == SONDE_SPEC_SET)
		v = sonde_spec_nth(s->spec, f, k / part->stride % part->size);
	else
		v = sonde_spec_random(s->spec, f, k, s->seed,
				      f->value_len ? f->value_len * 8u : SONDE_WIDTH(part->row->place));
	if (part->row->shape == SONDE_SCALAR) {
		sonde_template_stamp(frame, &s->shape, part->slot, (uint64_t)v);
		return;
	}
	sonde_u128_bytes(bytes, f->value_len, v);
	sonde_template_stamp_bytes(frame, &s->shape, part->slot, bytes);
}

void sonde_series_stamp(uint8_t *frame, const struct sonde_series *s, uint64_t k, uint64_t id)
{
	sonde_template_copy(frame, &s->shape);
	for (unsigned i = 0; i < s->n_parts; i++)
		stamp_part(frame, s, &s->parts[i], k, id);
}

struct sonde_addr sonde_series_dst(const struct sonde_series *s, const uint8_t *frame)
{
	struct sonde_addr dst = sonde_addr_at(frame, s->dst_place);
	dst.scope = sonde_addr_is_link_local(&dst) ? s->scope : 0;
	return dst;
}

bool sonde_series_has_one_dst(const struct sonde_series *s)
{
	for (unsigned i = 0; i < s->n_parts; i++)
		if (s->parts[i].layer == 0 && s->parts[i].row->place == s->dst_place)
			return false;
	return true;
}
