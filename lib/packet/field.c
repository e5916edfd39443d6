#include "packet/field.h"

#include "packet/list_text.h"
#include "packet/print.h"
#include "proto/names.h"

/* --- Names ------------------------------------------------------------------------------------------------------- */

const struct sonde_field *sonde_field_in(const struct sonde_proto *proto, const char *name, size_t len)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (strlen(f->name) == len && memcmp(f->name, name, len) == 0)
			return f;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (sonde_word_in(f->alias, name, len))
			return f;
	return NULL;
}

struct sonde_field_ref sonde_field(const char *name)
{
	const struct sonde_field_ref none = { NULL, NULL, 0 };
	const char *dot = strchr(name, '.'), *sharp = strchr(name, '#'), *end = sharp ? sharp : name + strlen(name);
	const struct sonde_proto *proto = dot ? sonde_proto_by_name(name, (size_t)(dot - name)) : NULL;
	uint64_t nth = 1;
	if (!proto || end <= dot || (sharp && (sonde_uint_parse(&nth, sharp + 1, strlen(sharp + 1)) || nth == 0)))
		return none;
	struct sonde_field_ref f = { proto, sonde_field_in(proto, dot + 1, (size_t)(end - dot - 1)),
				     nth > SONDE_MAX_LAYERS ? SONDE_MAX_LAYERS : (unsigned)nth - 1 };
	/* In the notation, fields of a trailer are written in the layer that it belongs to. */
	if (!f.row && proto->trailer) {
		f.proto = sonde_proto_by_id(SONDE_SPACE_TRAILER, proto->trailer);
		f.row = sonde_field_in(f.proto, dot + 1, (size_t)(end - dot - 1));
	}
	return f.row ? f : none;
}

/* --- Finding the row --------------------------------------------------------------------------------------------- */

static int find_layer(const struct sonde_packet *p, struct sonde_field_ref f)
{
	unsigned left = f.nth;
	if (!f.proto)
		return SONDE_E_UNKNOWN;
	for (int i = 0; i < p->n_layers + p->n_trailers; i++)
		if (p->layers[i].proto == f.proto && left-- == 0)
			return i;
	return SONDE_E_ABSENT;
}

/* The row that is present among those with the field's name. */
struct found {
	const struct sonde_field *row;
	struct sonde_slot slot;
	int layer;
};

static int find(struct found *out, const struct sonde_packet *p, struct sonde_field_ref f)
{
	out->layer = find_layer(p, f);
	if (out->layer < 0)
		return out->layer;
	const struct sonde_slot *slots = sonde_slots(p, out->layer);
	for (out->row = f.row; out->row->name; out->row++) {
		out->slot = slots[SONDE_ROW(out->row->place)];
		bool named = out->row == f.row || strcmp(out->row->name, f.row->name) == 0;
		if (named && (out->row->view ? sonde_place_there(&p->layers[out->layer], out->row->place)
					     : out->slot.there))
			return 0;
	}
	return SONDE_E_ABSENT;
}

/* The row to write: one that is present, or would be. */
static int find_writable(struct found *out, const struct sonde_packet *p, struct sonde_field_ref f)
{
	int err = find(out, p, f);
	if (err != SONDE_E_ABSENT || out->layer < 0)
		return err;
	for (out->row = f.row; out->row->name; out->row++)
		if (strcmp(out->row->name, f.row->name) == 0 &&
		    sonde_row_is_writable(p, out->layer, SONDE_ROW(out->row->place)))
			return 0;
	return SONDE_E_ABSENT;
}

/* --- Reading ----------------------------------------------------------------------------------------------------- */

int sonde_field_get(uint64_t *v, const struct sonde_packet *p, struct sonde_field_ref f)
{
	struct found at;
	int err = find(&at, p, f);
	if (err)
		return err;
	if (at.row->shape != SONDE_SCALAR)
		return SONDE_E_KIND;
	const uint8_t *header = sonde_layer_header(p, at.layer);
	*v = at.row->view ? sonde_get(header, at.row->place) : sonde_slot_get(header, at.slot);
	return 0;
}

int sonde_field_bytes(struct sonde_view *bytes, const struct sonde_packet *p, struct sonde_field_ref f)
{
	struct found at;
	int err = find(&at, p, f);
	if (err)
		return err;
	if (at.row->view || at.slot.first % 8 || at.slot.width % 8)
		return SONDE_E_KIND;
	*bytes = sonde_slot_view(sonde_layer_header(p, at.layer), at.slot);
	return 0;
}

int sonde_field_print(struct sonde_text *t, const struct sonde_packet *p, struct sonde_field_ref f)
{
	struct found at;
	int err = find(&at, p, f);
	if (!err && at.row->view) {
		const struct sonde_row_context ctx = { .row = at.row };
		sonde_number_print(t, &ctx, sonde_get(sonde_layer_header(p, at.layer), at.row->place));
	} else if (!err) {
		sonde_print_value(t, p, at.layer, SONDE_ROW(at.row->place), false);
	}
	return err;
}

/* --- Writing ----------------------------------------------------------------------------------------------------- */

/* Any checksum may cover what was written. */
static int written(struct sonde_packet *p, int err)
{
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		p->layers[i].sum_state = 0;
		p->layers[i].faultless = false;
	}
	return err;
}

int sonde_field_set(struct sonde_packet *p, struct sonde_field_ref f, uint64_t v)
{
	struct found at;
	int err = find_writable(&at, p, f);
	if (!err && at.row->shape != SONDE_SCALAR)
		err = SONDE_E_KIND;
	return err ? err : written(p, sonde_set(p, at.layer, at.row->place, v));
}

static int set_bytes(struct sonde_packet *p, const struct found *at, struct sonde_view bytes)
{
	return written(p, sonde_set_bytes(p, at->layer, at->row->place, bytes));
}

int sonde_field_set_bytes(struct sonde_packet *p, struct sonde_field_ref f, struct sonde_view bytes)
{
	struct found at;
	int err = find_writable(&at, p, f);
	return err ? err : set_bytes(p, &at, bytes);
}

/* The value is parsed into the second half of the free room, because the packet may grow into the first. */
static int parse_bytes(struct sonde_packet *p, const struct found *at, const struct sonde_row_context *ctx,
		       const char *text, size_t len)
{
	uint32_t cap = p->cap, left = cap - p->len, near = left / 2;
	uint8_t small[16];
	struct sonde_buf b = { p->data + p->len + near, 0, left - near };
	if (at->row->shape == SONDE_BYTES && SONDE_WIDTH(at->row->place) && b.cap < sizeof small)
		b = (struct sonde_buf){ small, 0, sizeof small };
	int err = at->row->shape == SONDE_LIST ? sonde_list_parse(&b, at->row->list, text, len, NULL)
					       : sonde_bytes_parse(&b, ctx, text, len);
	if (err)
		return err;
	p->cap = p->len + near;
	err = set_bytes(p, at, sonde_view(b.data, b.len));
	p->cap = cap;
	return err;
}

int sonde_field_parse(struct sonde_packet *p, struct sonde_field_ref f, const char *text)
{
	struct found at;
	size_t len = strlen(text);
	uint64_t v;
	int err = find_writable(&at, p, f);
	if (err)
		return err;
	if (strcmp(text, "auto") == 0)
		return written(p, sonde_set_auto(p, at.layer, at.row->place));
	const struct sonde_row_context ctx = sonde_row_context_of(p, at.layer, SONDE_ROW(at.row->place));
	if (at.row->shape != SONDE_SCALAR)
		return parse_bytes(p, &at, &ctx, text, len);
	err = sonde_number_parse(&v, &ctx, text, len);
	return err ? err : written(p, sonde_set(p, at.layer, at.row->place, v));
}
