#include "packet/overlay.h"

#include <errno.h>

#include "base/checksum.h"

static int copy_bytes(struct sonde_spec *out, uint32_t *start, const struct sonde_spec *from, uint32_t at, uint32_t n)
{
	uint8_t *to = sonde_spec_add_bytes(out, start, n);
	if (to && n)
		memcpy(to, from->bytes + at, n);
	return to ? 0 : -ENOMEM;
}

static int copy_ranges(struct sonde_spec *out, struct sonde_spec_field *f, const struct sonde_spec *from, uint32_t at)
{
	f->start = out->n_ranges;
	for (uint32_t i = 0; i < f->n; i++) {
		struct sonde_spec_range *r = sonde_spec_add_range(out);
		if (!r)
			return -ENOMEM;
		*r = from->ranges[at + i];
	}
	return 0;
}

static int copy_field(struct sonde_spec *out, const struct sonde_spec *from, const struct sonde_spec_field *f)
{
	struct sonde_spec_field copy = *f;
	int err = 0;
	if (f->type == SONDE_SPEC_BYTES)
		err = copy_bytes(out, &copy.start, from, f->start, f->n);
	else if (f->type == SONDE_SPEC_SET || f->type == SONDE_SPEC_RANDOM || f->type == SONDE_SPEC_FLAGS)
		err = copy_ranges(out, &copy, from, f->start);
	if (!err && f->text_len)
		err = copy_bytes(out, &copy.text, from, f->text, f->text_len);
	struct sonde_spec_field *to = err ? NULL : sonde_spec_add_field(out);
	if (!to)
		return -ENOMEM;
	*to = copy;
	out->layers[out->n_layers - 1].n_fields++;
	return 0;
}

static const struct sonde_spec_field *same_row(const struct sonde_spec *s, const struct sonde_spec_layer *l,
					       const struct sonde_spec_field *f)
{
	for (uint32_t i = 0; l && i < l->n_fields; i++) {
		const struct sonde_spec_field *other = &s->fields[l->field + i];
		if (other->row == f->row && other->trailer == f->trailer)
			return other;
	}
	return NULL;
}

static int copy_data(struct sonde_spec *out, const struct sonde_spec *from, const struct sonde_spec_layer *l)
{
	int err = 0;
	for (uint32_t i = 0; !err && i < l->n_data; i++) {
		struct sonde_spec_data copy = from->data[l->data + i];
		if (copy.type == SONDE_DATA_BYTES || copy.type == SONDE_DATA_REF)
			err = copy_bytes(out, &copy.start, from, copy.start, copy.n);
		struct sonde_spec_data *to = err ? NULL : sonde_spec_add_data(out);
		if (!to)
			return -ENOMEM;
		*to = copy;
		out->layers[out->n_layers - 1].n_data++;
	}
	return err;
}

/* Append a layer to out, from one of base, one of over, or both. */
static int merge(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec_layer *b,
		 const struct sonde_spec *over, const struct sonde_spec_layer *o)
{
	if (out->n_layers == SONDE_MAX_LAYERS)
		return SONDE_E_LAYERS;
	out->layers[out->n_layers++] = (struct sonde_spec_layer){
		.proto = b ? b->proto : o->proto,
		.field = out->n_fields,
		.data = out->n_data,
		.have = o && o->have >= 0 ? o->have
			: b               ? b->have
					  : -1,
	};
	struct sonde_spec_layer *to = &out->layers[out->n_layers - 1];
	bool overs = o && (o->gaps_len || !b);
	to->gaps_len = overs ? o->gaps_len : b->gaps_len;
	int err = to->gaps_len == 0 ? 0
		  : overs	    ? copy_bytes(out, &to->gaps, over, o->gaps, o->gaps_len)
				    : copy_bytes(out, &to->gaps, base, b->gaps, b->gaps_len);
	for (uint32_t i = 0; b && !err && i < b->n_fields; i++) {
		const struct sonde_spec_field *f = &base->fields[b->field + i], *instead = same_row(over, o, f);
		err = instead ? copy_field(out, over, instead) : copy_field(out, base, f);
	}
	for (uint32_t i = 0; o && !err && i < o->n_fields; i++)
		if (!same_row(base, b, &over->fields[o->field + i]))
			err = copy_field(out, over, &over->fields[o->field + i]);
	if (err)
		return err;
	return o && o->n_data ? copy_data(out, over, o) : b ? copy_data(out, base, b) : 0;
}

/* The layer of base, from index `from` on, that a layer of over is merged into; n_layers when there is none. */
static unsigned partner(const struct sonde_spec *base, unsigned from, const struct sonde_spec_layer *o)
{
	while (from < base->n_layers && base->layers[from].proto != o->proto)
		from++;
	return from;
}

int sonde_spec_overlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over)
{
	unsigned next = 0; /* layer of base */
	/* Without a counterpart for its first layer, the overlay does not apply. */
	bool applies = over->n_layers && partner(base, 0, &over->layers[0]) < base->n_layers;
	int err = 0;
	sonde_spec_reset(out);
	for (unsigned i = 0; applies && !err && i < over->n_layers; i++) {
		const struct sonde_spec_layer *o = &over->layers[i];
		unsigned at = partner(base, next, o);
		if (at == base->n_layers) {
			err = merge(out, base, NULL, over, o);
			continue;
		}
		for (; !err && next < at; next++)
			err = merge(out, base, &base->layers[next], over, NULL);
		if (!err)
			err = merge(out, base, &base->layers[next++], over, o);
	}
	for (; !err && next < base->n_layers; next++)
		err = merge(out, base, &base->layers[next], over, NULL);
	const struct sonde_spec *cut = applies && over->cut ? over : base;
	out->cut = cut->cut, out->cut_column = cut->cut_column, out->cut_length = cut->cut_length;
	out->scope = applies && over->scope ? over->scope : base->scope;
	out->is_pattern = base->is_pattern || (applies && over->is_pattern);
	out->has_refs = base->has_refs || (applies && over->has_refs);
	out->frame = base->frame;
	if (!err && base->frame.has_iface)
		err = copy_bytes(out, &out->frame.iface, base, base->frame.iface, base->frame.iface_len);
	if (!err && base->frame.has_comment)
		err = copy_bytes(out, &out->frame.comment, base, base->frame.comment, base->frame.comment_len);
	return err;
}

int sonde_spec_underlay(struct sonde_spec *out, const struct sonde_spec *base, const struct sonde_spec *over)
{
	unsigned next = 0; /* layer of base */
	int err = 0;
	sonde_spec_reset(out);
	for (unsigned i = 0; i < over->n_layers && !err; i++) {
		const struct sonde_spec_layer *o = &over->layers[i];
		unsigned at = partner(base, next, o);
		bool found = at < base->n_layers;
		err = merge(out, base, found ? &base->layers[at] : NULL, over, o);
		next = found ? at + 1 : next;
	}
	out->cut = over->cut, out->cut_column = over->cut_column, out->cut_length = over->cut_length;
	out->scope = over->scope ? over->scope : base->scope;
	out->is_pattern = base->is_pattern || over->is_pattern;
	out->has_refs = base->has_refs || over->has_refs;
	out->refused_column = over->refused_column, out->refused_length = over->refused_length;
	return err;
}

/* The row of a protocol at the other end, such as the destination port for the source port; NULL: there is none. */
static const struct sonde_field *opposite(const struct sonde_proto *proto, const struct sonde_field *row)
{
	static const uint8_t pairs[][2] = {
		{ SONDE_ROLE_SOURCE, SONDE_ROLE_DESTINATION },
		{ SONDE_ROLE_SOURCE_PORT, SONDE_ROLE_DESTINATION_PORT },
	};
	uint8_t wanted = SONDE_NO_ROLE;
	for (unsigned i = 0; i < sizeof pairs / sizeof *pairs; i++)
		for (unsigned side = 0; side < 2; side++)
			if (row->role == pairs[i][side])
				wanted = pairs[i][!side];
	for (const struct sonde_field *f = proto->fields; f->name && wanted; f++)
		if (f->role == wanted)
			return f;
	return NULL;
}

int sonde_spec_mirror(struct sonde_spec *out, const struct sonde_spec *s)
{
	int err = 0;
	sonde_spec_reset(out);
	for (unsigned i = 0; i < s->n_layers && !err; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		out->layers[out->n_layers++] = (struct sonde_spec_layer){
			.proto = l->proto, .field = out->n_fields, .data = out->n_data, .have = -1 };
		for (uint32_t k = 0; k < l->n_fields && !err; k++) {
			const struct sonde_spec_field *f = &s->fields[l->field + k];
			const struct sonde_field *other = opposite(l->proto, &l->proto->fields[f->row]);
			if (f->trailer || !other)
				continue;
			err = copy_field(out, s, f);
			if (!err)
				out->fields[out->n_fields - 1].row = (uint16_t)SONDE_ROW(other->place);
		}
	}
	return err;
}

/* --- Checksums that cover missing bytes -------------------------------------------------------------------------- */

static bool is_kept(const struct sonde_packet *p, int layer, bool quotes)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_proto *proto = l->proto;
	if ((l->quoted && !quotes) || SONDE_WIDTH(proto->checksum_place) != 16 ||
	    !(l->written & SONDE_MARK(proto->checksum_place)))
		return false;
	enum sonde_sum_state state = sonde_verify(p, layer);
	bool absent = proto->zero_is_absent && sonde_get(p->data + l->offset, proto->checksum_place) == 0;
	return (state == SONDE_SUM_FRAGMENT || state == SONDE_SUM_TRUNCATED) && !absent;
}

static uint16_t computed_sum(const struct sonde_packet *p, int layer)
{
	struct sonde_context c = sonde_context_of(p, layer);
	return (uint16_t)c.layer->proto->checksum(&c);
}

void sonde_incomplete_sums_find(struct sonde_incomplete_sums *out, const struct sonde_packet *p, bool quotes)
{
	out->n = 0;
	for (int i = 0; i < p->n_layers && out->n < SONDE_MAX_INCOMPLETE_SUMS; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (!is_kept(p, i, quotes))
			continue;
		out->sums[out->n++] = (struct sonde_incomplete_sum){
			.proto = l->proto,
			.from_end = (unsigned)(p->n_layers - i),
			.stored = (uint16_t)sonde_get(p->data + l->offset, l->proto->checksum_place),
			.computed = computed_sum(p, i),
		};
	}
}

static bool writes(const struct sonde_spec *s, const struct sonde_proto *proto, sonde_place place)
{
	for (unsigned i = 0; i < s->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; l->proto == proto && k < l->n_fields; k++)
			if (s->fields[l->field + k].row == SONDE_ROW(place) && !s->fields[l->field + k].trailer)
				return true;
	}
	return false;
}

void sonde_incomplete_sums_drop(struct sonde_incomplete_sums *kept, const struct sonde_spec *over)
{
	unsigned n = 0;
	for (unsigned i = 0; i < kept->n; i++)
		if (!writes(over, kept->sums[i].proto, kept->sums[i].proto->checksum_place))
			kept->sums[n++] = kept->sums[i];
	kept->n = n;
}

/* Innermost first: outer checksums cover inner ones. */
void sonde_incomplete_sums_update(struct sonde_packet *p, const struct sonde_incomplete_sums *was)
{
	sonde_finish(p);
	for (unsigned n = was->n; n-- > 0;) {
		const struct sonde_incomplete_sum *sum = &was->sums[n];
		int i = p->n_layers - (int)sum->from_end;
		if (i < 0 || p->layers[i].proto != sum->proto || p->layers[i].cut)
			continue;
		/* Checksums are complements of sums: add the new sum and the complement of the old one. */
		uint64_t added = (uint64_t)(uint16_t)~sum->stored + sum->computed + (uint16_t)~computed_sum(p, i);
		uint16_t checksum = (uint16_t)~sonde_fold16(added);
		bool says_absent = checksum == 0 && sum->proto->zero_is_absent;
		sonde_set(p, i, sum->proto->checksum_place, says_absent ? 0xffff : checksum);
	}
}
