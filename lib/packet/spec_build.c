/* Building one packet of a spec. */
#include "packet/spec.h"

#include "base/hash.h"
#include "packet/rows.h"
#include "proto/data.h"

/* The state of building one packet. */
struct build {
	const struct sonde_spec *s;
	struct sonde_packet *p;
	uint64_t k, seed;
	bool zip;
	uint32_t trailers_put; /* a bit for each layer of the spec whose trailer is built */
	struct sonde_error *e;
};

/* The index of a field's value in packet k: fields are digits of k, the last varying fastest. */
static uint64_t digit(const struct build *b, const struct sonde_spec_field *f)
{
	uint64_t size = sonde_spec_field_size(b->s, f);
	if (b->zip || size == 1)
		return b->k % size;
	uint64_t k = b->k;
	for (const struct sonde_spec_field *later = b->s->fields + b->s->n_fields; --later > f;)
		k /= sonde_spec_field_size(b->s, later);
	return k % size;
}

static int point_at(const struct build *b, int code, const struct sonde_spec_field *f)
{
	if (b->e && f) {
		b->e->column = (int)f->column;
		b->e->length = (int)f->length;
	}
	return code;
}

static int refuse(const struct build *b, int code, const struct sonde_field *row, const struct sonde_proto *proto,
		  const struct sonde_spec_field *f, const char *why)
{
	sonde_fail(b->e, code, "%s %s: %s", proto->name, row->name, why);
	return point_at(b, code, f);
}

static const char *why_not(int code)
{
	switch (code) {
	case SONDE_E_ABSENT: return "no such field in this kind of message";
	case SONDE_E_RANGE: return "does not fit into the field";
	case SONDE_E_SPACE: return "the packet grows too long";
	default: return sonde_strerror(code);
	}
}

/* Write one value into the row that it is for. */
static int put_field(const struct build *b, int layer, const struct sonde_field *row, const struct sonde_spec_field *f)
{
	struct sonde_packet *p = b->p;
	uint8_t bytes[16];
	sonde_u128 v;
	switch (f->type) {
	case SONDE_SPEC_AUTO: return sonde_set_auto(p, layer, row->place);
	case SONDE_SPEC_PARTIAL: return sonde_set_partial(p, layer);
	case SONDE_SPEC_BYTES: return sonde_set_bytes(p, layer, row->place, sonde_view(b->s->bytes + f->start, f->n));
	case SONDE_SPEC_SET: v = sonde_spec_nth(b->s, f, digit(b, f)); break;
	case SONDE_SPEC_RANDOM:
		v = sonde_spec_random(b->s, f, b->k, b->seed,
				      f->value_len ? f->value_len * 8u : SONDE_WIDTH(row->place));
		break;
	default: return SONDE_E_UNSUPPORTED;
	}
	if (row->shape == SONDE_SCALAR)
		return sonde_set(p, layer, row->place, (uint64_t)v);
	sonde_u128_bytes(bytes, f->value_len, v);
	return sonde_set_bytes(p, layer, row->place, sonde_view(bytes, f->value_len));
}

/* The field of the spec that gives this row: fields are matched by name, since several rows may share one. */
static const struct sonde_spec_field *given(const struct sonde_spec *s, const struct sonde_spec_layer *l,
					    const struct sonde_field *rows, const struct sonde_field *row, bool trailer)
{
	for (uint32_t i = 0; i < l->n_fields; i++) {
		const struct sonde_spec_field *f = &s->fields[l->field + i];
		if (f->trailer == trailer &&
		    (rows[f->row].name == row->name || strcmp(rows[f->row].name, row->name) == 0))
			return f;
	}
	return NULL;
}

/* Whether later rows depend on where this one ends. */
static bool has_rows_behind(const struct sonde_field *f)
{
	while ((++f)->name)
		if (SONDE_WIDTH(f->place))
			return true;
	return false;
}

/* Whether a number can be written after the row that it sizes, which keeps its length then: items that are counted, a
 * list followed by other rows, or bytes that are given and the only ones sized by it. */
static bool may_contradict(const struct build *b, const struct sonde_layer *l, const struct sonde_spec_layer *spec,
			   const struct sonde_field *number)
{
	const struct sonde_field *sized = NULL, *rows = l->proto->fields;
	unsigned n = 0;
	for (const struct sonde_field *f = rows; f->name; f++) {
		if (!sonde_sizing_place(f) || sonde_sizing_place(f) != number->place)
			continue;
		if (f->count_from || (f->shape == SONDE_LIST && has_rows_behind(f)))
			return true;
		sized = f;
		n++;
	}
	return n == 1 && sized->shape == SONDE_BYTES && given(b->s, spec, rows, sized, false);
}

/* Whether a field has to be written last. A value whose kind measures another length than it has hides the rows that
 * follow it; a number that contradicts the row it sizes moves them. */
static bool is_put_last(const struct build *b, const struct sonde_layer *l, const struct sonde_spec_layer *spec,
			const struct sonde_field *row, const struct sonde_spec_field *f)
{
	struct sonde_view v = sonde_view(b->s->bytes + f->start, f->n);
	if (row->kind && row->kind->measure && f->type == SONDE_SPEC_BYTES)
		return v.len == 0 || row->kind->measure(v) != v.len;
	/* In a header that is cut, lists have the length that their counts give. */
	return !l->cut && may_contradict(b, l, spec, row);
}

/* Rows that were written: by index, and by the first row of their name, which is what the spec holds. */
struct put {
	uint64_t rows, names;
};

/* Whether the number that sizes a row is too small for it. */
static bool is_beyond_its_number(const struct build *b, const struct sonde_field *row, const struct sonde_spec_field *f)
{
	sonde_place place = sonde_sizing_place(row);
	struct sonde_view bytes = sonde_view(b->s->bytes + f->start, f->n);
	return place && f->type == SONDE_SPEC_BYTES && sonde_number_by_bytes(row, bytes) > sonde_place_max(place);
}

static int put_given(struct put *put, const struct build *b, int layer, unsigned row, const struct sonde_spec_field *f)
{
	const struct sonde_proto *proto = b->p->layers[layer].proto;
	int err = put_field(b, layer, &proto->fields[row], f);
	if (err == SONDE_E_RANGE && is_beyond_its_number(b, &proto->fields[row], f)) {
		sonde_rows_unfit(b->e, proto, &proto->fields[SONDE_ROW(sonde_sizing_place(&proto->fields[row]))]);
		return point_at(b, err, f);
	}
	if (err)
		return refuse(b, err, &proto->fields[row], proto, f, why_not(err));
	put->rows |= UINT64_C(1) << row;
	put->names |= UINT64_C(1) << f->row;
	return 0;
}

/* Report a given field that the message does not have; writing a later field may have removed a row. */
static int check_all_there(const struct put *put, const struct build *b, int layer, const struct sonde_spec_layer *l,
			   bool trailer)
{
	const struct sonde_proto *proto = b->p->layers[layer].proto;
	const struct sonde_spec_field *missing = NULL;
	for (uint32_t i = 0; i < l->n_fields && !missing; i++) {
		const struct sonde_spec_field *f = &b->s->fields[l->field + i];
		if (f->trailer == trailer && !(put->names >> f->row & 1))
			missing = f;
	}
	for (unsigned n = 0; proto->fields[n].name && !missing; n++)
		if (put->rows >> n & 1 && !sonde_row_is_writable(b->p, layer, n))
			missing = given(b->s, l, proto->fields, &proto->fields[n], trailer);
	if (!missing)
		return 0;
	return refuse(b, SONDE_E_ABSENT, &proto->fields[missing->row], proto, missing, why_not(SONDE_E_ABSENT));
}

/* Write all given fields in the order of their rows, because a row may decide which later ones exist. Those that have
 * to come last are written in reverse order: the rows after each of them are then where they belong. */
static int put_fields(const struct build *b, int layer, const struct sonde_spec_layer *l, bool trailer)
{
	const struct sonde_layer *built = &b->p->layers[layer];
	const struct sonde_field *rows = built->proto->fields;
	struct put put = { 0, 0 };
	uint64_t late = 0;
	unsigned n = 0;
	int err = 0;
	for (; !err && rows[n].name; n++) {
		const struct sonde_spec_field *f = given(b->s, l, rows, &rows[n], trailer);
		bool last = f && is_put_last(b, built, l, &rows[n], f);
		late |= last ? UINT64_C(1) << n : 0;
		if (f && !last && sonde_row_is_writable(b->p, layer, n))
			err = put_given(&put, b, layer, n, f);
	}
	while (!err && late && n-- > 0)
		if (late >> n & 1 && sonde_row_is_writable(b->p, layer, n))
			err = put_given(&put, b, layer, n, given(b->s, l, rows, &rows[n], trailer));
	return err ? err : check_all_there(&put, b, layer, l, trailer);
}

static int put_piece(const struct build *b, const struct sonde_spec_data *d)
{
	struct sonde_packet *p = b->p;
	if (d->type == SONDE_DATA_REF)
		return SONDE_E_UNSUPPORTED;
	if (d->n > p->cap - p->len)
		return SONDE_E_SPACE;
	uint8_t *at = p->data + p->len;
	if (d->type == SONDE_DATA_BYTES && d->n)
		memcpy(at, b->s->bytes + d->start, d->n);
	else if (d->type == SONDE_DATA_ZERO)
		memset(at, 0, d->n);
	for (uint32_t i = 0; d->type == SONDE_DATA_RANDOM && i < d->n; i++)
		at[i] = (uint8_t)sonde_random(b->seed, b->k, UINT32_MAX - (uint32_t)(d - b->s->data), i);
	p->len += d->n;
	if (p->n_trailers == 0)
		p->payload_end = p->len;
	return 0;
}

/* Data after a header is payload; in a layer without fields, it is the layer itself. */
static int put_data(const struct build *b, const struct sonde_spec_layer *l, int layer)
{
	uint32_t before = b->p->len;
	for (uint32_t i = 0; i < l->n_data; i++) {
		int err = put_piece(b, &b->s->data[l->data + i]);
		if (err)
			return sonde_fail(b->e, err, "data: %s", why_not(err));
	}
	if (layer >= 0 && b->p->layers[layer].proto->fields[0].name == NULL)
		b->p->layers[layer].header_len += b->p->len - before;
	return 0;
}

static int cut_header(const struct build *b, const struct sonde_spec_layer *l, int layer)
{
	struct sonde_layer *built = &b->p->layers[layer];
	if (l->have > built->header_len)
		return sonde_fail(b->e, SONDE_E_RANGE, "%s have: the header has only %u bytes", l->proto->name,
				  built->header_len);
	b->p->len -= built->header_len - (uint32_t)l->have;
	built->header_len = (uint32_t)l->have;
	built->direct = 0;
	for (const struct sonde_field *row = l->proto->fields; row->name; row++)
		if (built->written & SONDE_MARK(row->place) &&
		    !sonde_locate(l->proto->fields, SONDE_ROW(row->place), b->p->data + built->offset,
				  built->header_len).there)
			return refuse(b, SONDE_E_ABSENT, row, l->proto, NULL, "behind the bytes that have= leaves");
	b->p->payload_end = b->p->len;
	return 0;
}

static bool is_trailing(const struct sonde_proto *proto)
{
	return sonde_number_in(proto, SONDE_SPACE_DATA, 0) == 1;
}

static int push_failed(const struct build *b, const struct sonde_proto *proto, int err)
{
	return sonde_fail(b->e, err, "%s: %s", proto->name, why_not(err));
}

static bool gives_trailer(const struct build *b, const struct sonde_spec_layer *l)
{
	for (uint32_t i = 0; i < l->n_fields; i++)
		if (b->s->fields[l->field + i].trailer)
			return true;
	return false;
}

/* The trailer of a layer without a quote follows it directly (RFC 8335, 2). */
static int put_behind(struct build *b, const struct sonde_spec_layer *l, int layer)
{
	const struct sonde_layer *built = &b->p->layers[layer];
	if (built->cut || !gives_trailer(b, l) || built->proto->quotes(b->p->data + built->offset))
		return layer;
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_TRAILER, l->proto->trailer);
	layer = sonde_push(b->p, proto);
	b->trailers_put |= 1u << (l - b->s->layers);
	int err = layer < 0 ? push_failed(b, proto, layer) : put_fields(b, layer, l, true);
	return err ? err : layer;
}

static int put_layer(struct build *b, const struct sonde_spec_layer *l, bool last)
{
	/* Data at the end is payload, not a layer. */
	if (l->proto == &sonde_data && last)
		return put_data(b, l, -1);
	int layer = is_trailing(l->proto) ? sonde_push_trailer(b->p, l->proto) : sonde_push(b->p, l->proto);
	if (layer < 0)
		return push_failed(b, l->proto, layer);
	if (l->have >= 0)
		b->p->layers[layer].cut = true;
	int err = put_fields(b, layer, l, false);
	if (!err && l->have >= 0)
		err = cut_header(b, l, layer);
	struct sonde_view gaps = sonde_view(b->s->bytes + l->gaps, l->gaps_len);
	if (!err && gaps.len && sonde_set_gaps(b->p, layer, gaps))
		err = sonde_fail(b->e, SONDE_E_RANGE, "%s gaps: as many bytes as alignment skips expected",
				 l->proto->name);
	if (!err)
		err = layer = put_behind(b, l, layer);
	/* Data between two headers is a layer. */
	if (err >= 0 && !last && l->n_data && l->proto->fields[0].name) {
		layer = sonde_push(b->p, &sonde_data);
		err = layer < 0 ? push_failed(b, &sonde_data, layer) : 0;
	}
	return err < 0 ? err : put_data(b, l, layer);
}

/* Append the trailer for which a layer has fields. */
static int put_trailer(const struct build *b, const struct sonde_spec_layer *l)
{
	if (b->trailers_put >> (l - b->s->layers) & 1 || !gives_trailer(b, l))
		return 0;
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_TRAILER, l->proto->trailer);
	int layer = sonde_push_trailer(b->p, proto);
	return layer < 0 ? push_failed(b, proto, layer) : put_fields(b, layer, l, true);
}

/* Refuse patterns, which only match, and references, which need other packets; name the first one. */
static int refuse_unbuilt(const struct sonde_spec *s, struct sonde_error *e)
{
	const char *why = s->is_pattern ? "a pattern matches packets, it does not make one"
					: "a reference to another packet needs a conversation";
	sonde_fail(e, SONDE_E_UNSUPPORTED, "%s", why);
	for (unsigned i = 0; i < s->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; k < l->n_fields; k++) {
			const struct sonde_spec_field *f = &s->fields[l->field + k];
			if (!f->trailer && f->column == s->refused_column)
				sonde_fail(e, SONDE_E_UNSUPPORTED, "layer %u: %s %s: %s", i + 1, l->proto->name,
					   l->proto->fields[f->row].name, why);
		}
	}
	if (s->is_pattern)
		sonde_hint(e, "give it a value, or a set with both ends, such as 1-30");
	if (e)
		e->column = (int)s->refused_column, e->length = (int)s->refused_length;
	return SONDE_E_UNSUPPORTED;
}

static bool quotes_a_packet(const struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (!l->cut && l->proto->quotes && l->proto->quotes(p->data + l->offset))
			return true;
	}
	return false;
}

static int refuse_cut(const struct build *b)
{
	sonde_fail(b->e, SONDE_E_ABSENT, "cut: nothing is quoted that it could be missing from");
	sonde_hint(b->e, "frame wire=N says how long a frame was that is not all there");
	if (b->e)
		b->e->column = (int)b->s->cut_column, b->e->length = (int)b->s->cut_length;
	return SONDE_E_ABSENT;
}

int sonde_spec_packet(struct sonde_packet *p, const struct sonde_spec *s, uint64_t k, uint64_t seed, bool zip,
		      struct sonde_error *e)
{
	struct build b = { .s = s, .p = p, .k = k, .seed = seed, .zip = zip, .e = e };
	sonde_packet_init(p, p->data, p->cap);
	if (s->is_pattern || s->has_refs)
		return refuse_unbuilt(s, e);
	unsigned n_inner = s->n_layers;
	while (n_inner > 0 && is_trailing(s->layers[n_inner - 1].proto))
		n_inner--;
	int err = 0;
	for (unsigned i = 0; !err && i < n_inner; i++)
		err = put_layer(&b, &s->layers[i], i + 1 == n_inner);
	for (unsigned i = 0; !err && i < n_inner; i++)
		err = put_trailer(&b, &s->layers[i]);
	for (unsigned i = n_inner; !err && i < s->n_layers; i++)
		err = put_layer(&b, &s->layers[i], false);
	if (!err && s->cut && !quotes_a_packet(p))
		err = refuse_cut(&b);
	p->quote_missing = s->cut;
	p->scope = s->scope;
	if (s->frame.has_wire && s->frame.wire > p->len)
		p->missing = s->frame.wire - p->len;
	return err;
}
