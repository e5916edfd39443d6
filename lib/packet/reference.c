#include "packet/reference.h"

#include <errno.h>

#include "packet/field.h"
#include "packet/list_text.h"
#include "packet/list_value.h"
#include "packet/overlay.h"
#include "packet/print.h"
#include "proto/tcp.h"

#define MAX_STEPS 8    /* protocols before a field */
#define MOST_TEXT 2048 /* characters of a list with its references resolved, and of a value in it */

/* A reference, taken apart. */
struct reference {
	struct sonde_view name, field;
	struct sonde_view path; /* of a value in a list (packet/list_value.h), or empty */
	const struct sonde_proto *steps[MAX_STEPS];
	unsigned n_steps;
	const struct sonde_field *row; /* NULL: one of the fields that can only be read */
	int64_t addend;
	struct sonde_view text;
};

/* What it stands for. */
struct value {
	bool is_number;
	uint64_t number;
	struct sonde_view bytes;
	int layer; /* and row of the packet, to print it; -1: none */
	unsigned row;
	const struct sonde_field *argument; /* of an item in a list, or NULL */
};

/* --- Taking apart ------------------------------------------------------------------------------------------------ */

static int fail(struct sonde_error *e, int code, const struct reference *r, const char *why)
{
	sonde_fail(e, code, "%.*s: %s", (int)(r->text.len > 60 ? 60 : r->text.len), (const char *)r->text.data, why);
	return code;
}

static bool view_is(struct sonde_view v, const char *word)
{
	return v.len == strlen(word) && memcmp(v.data, word, v.len) == 0;
}

/* The length of a reference that s begins with: up to what cannot belong to one. */
static size_t reference_len(const char *s, const char *end)
{
	const char *at = s;
	while (at < end && !strchr(":,]", *at))
		at++;
	return (size_t)(at - s);
}

/* Names for values that are asked for often. */
static const struct alias {
	const char *name, *field, *path;
} tcp_aliases[] = {
	{ "tsval", "options", "ts.val" },
	{ "tsecr", "options", "ts.ecr" },
};

static void expand_alias(struct reference *r, const struct sonde_proto *proto)
{
	for (unsigned i = 0; proto == &sonde_tcp && i < sizeof tcp_aliases / sizeof *tcp_aliases; i++)
		if (view_is(r->field, tcp_aliases[i].name)) {
			r->field = sonde_view(tcp_aliases[i].field, strlen(tcp_aliases[i].field));
			r->path = sonde_view(tcp_aliases[i].path, strlen(tcp_aliases[i].path));
		}
}

static bool is_read_only(struct sonde_view field, const struct sonde_proto *proto)
{
	return (proto == &sonde_tcp && view_is(field, "end")) || view_is(field, "payload");
}

/* Split +N or -N off the last word. */
static void take_addend(struct reference *r, struct sonde_view *word)
{
	uint64_t n;
	for (size_t i = 0; i < word->len; i++) {
		char sign = (char)word->data[i];
		const char *digits = (const char *)word->data + i + 1;
		if ((sign != '+' && sign != '-') || sonde_uint_parse(&n, digits, word->len - i - 1))
			continue;
		r->addend = sign == '+' ? (int64_t)n : -(int64_t)n;
		word->len = i;
	}
}

/* The words behind the name: protocols, the field, and the path in its list. proto: of the layer that the reference
 * stands in, or NULL. */
static int take_words(struct reference *r, const struct sonde_proto *proto, const char *word, const char *end,
		      struct sonde_error *e)
{
	const char *dot = memchr(word, '.', (size_t)(end - word));
	const struct sonde_proto *step = NULL;
	while (dot && (step = sonde_proto_by_name(word, (size_t)(dot - word))) && r->n_steps < MAX_STEPS) {
		r->steps[r->n_steps++] = step;
		word = dot + 1;
		dot = memchr(word, '.', (size_t)(end - word));
	}
	r->field = sonde_view(word, (size_t)((dot ? dot : end) - word));
	r->path = dot ? sonde_view(dot + 1, (size_t)(end - dot - 1)) : sonde_view("", 0);
	take_addend(r, dot ? &r->path : &r->field);
	if (!r->n_steps && proto && !view_is(r->field, "payload"))
		r->steps[r->n_steps++] = proto;
	bool is_field = r->n_steps && sonde_field_in(r->steps[r->n_steps - 1], (const char *)r->field.data,
						     r->field.len);
	if (dot && !is_field)
		return fail(e, SONDE_E_UNKNOWN, r, "no such protocol; a reference is written @name.protocol.field");
	return 0;
}

static int take_apart(struct reference *r, const struct sonde_proto *proto, const char *s, size_t len,
		      struct sonde_error *e)
{
	const char *dot = memchr(s, '.', len);
	*r = (struct reference){ .text = sonde_view(s, len), .name = sonde_view(s + 1, (size_t)(dot - s - 1)) };
	int err = take_words(r, proto, dot + 1, s + len, e);
	if (err)
		return err;
	const struct sonde_proto *last = r->n_steps ? r->steps[r->n_steps - 1] : NULL;
	if (!last && !view_is(r->field, "payload"))
		return fail(e, SONDE_E_SYNTAX, r, "of which layer? Write @name.protocol.field, or @name.payload");
	expand_alias(r, last);
	r->row = last ? sonde_field_in(last, (const char *)r->field.data, r->field.len) : NULL;
	bool has_path = !r->path.len || (r->row && r->row->shape == SONDE_LIST &&
					 sonde_list_has_path(r->row->list, r->path));
	if (has_path && (r->row || is_read_only(r->field, last)))
		return 0;
	fail(e, SONDE_E_UNKNOWN, r, has_path ? "no such field" : "no such item and argument in this list");
	sonde_hint(e, r->row ? "sonde help fields %s.%s lists them" : "sonde help fields %s lists them", last->name,
		   r->row ? r->row->name : "");
	return SONDE_E_UNKNOWN;
}

/* --- Values ------------------------------------------------------------------------------------------------------ */

/* The layer that the steps lead to, or -1; without steps, the innermost. */
static int find_layer(const struct reference *r, const struct sonde_packet *p)
{
	int layer = -1;
	if (!r->n_steps)
		return p->n_layers - 1;
	for (unsigned i = 0; i < r->n_steps; i++) {
		do {
			if (++layer == p->n_layers)
				return -1;
		} while (p->layers[layer].proto != r->steps[i]);
	}
	return layer;
}

static struct sonde_view payload_of(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	uint32_t at = l->offset + l->header_len, end = p->payload_end;
	if (l->total_len > l->header_len && l->offset + l->total_len < end)
		end = l->offset + l->total_len;
	return sonde_view(p->data + at, at < end ? end - at : 0);
}

/* The sequence number behind a segment: SYN and FIN count, too (RFC 9293, 3.4). */
static uint64_t tcp_end(const struct sonde_packet *p, int layer)
{
	const uint8_t *header = sonde_layer_header(p, layer);
	uint64_t flags = sonde_get(header, SONDE_TCP_FLAGS);
	uint32_t n = (uint32_t)payload_of(p, layer).len + !!(flags & SONDE_TCP_SYN) + !!(flags & SONDE_TCP_FIN);
	return (uint32_t)(sonde_get(header, SONDE_TCP_SEQ) + n);
}

static int read_only_value(struct value *v, const struct reference *r, const struct sonde_packet *p, int layer)
{
	v->is_number = !view_is(r->field, "payload");
	if (!v->is_number)
		v->bytes = payload_of(p, layer);
	else if (p->layers[layer].cut)
		return SONDE_E_ABSENT;
	else
		v->number = tcp_end(p, layer);
	return 0;
}

/* An argument in a list. */
static int list_value(struct value *v, const struct reference *r, const struct sonde_list *list,
		      struct sonde_view bytes)
{
	struct sonde_list_value found;
	int err = sonde_list_value(&found, list, bytes, r->path);
	if (err)
		return err;
	v->is_number = found.row->shape == SONDE_SCALAR;
	v->number = found.number;
	v->bytes = found.bytes;
	v->argument = found.row;
	return 0;
}

/* The first row of that name that is present. */
static int row_value(struct value *v, const struct reference *r, const struct sonde_packet *p, int layer)
{
	const struct sonde_slot *slots = sonde_slots(p, layer);
	const uint8_t *header = sonde_layer_header(p, layer);
	for (const struct sonde_field *f = r->row; f->name; f++) {
		struct sonde_slot s = slots[SONDE_ROW(f->place)];
		if (strcmp(f->name, r->row->name) != 0 || !s.there)
			continue;
		if (r->path.len)
			return list_value(v, r, f->list, sonde_slot_view(header, s));
		v->layer = layer;
		v->row = SONDE_ROW(f->place);
		v->is_number = f->shape == SONDE_SCALAR;
		if (v->is_number)
			v->number = sonde_slot_get(header, s);
		else
			v->bytes = sonde_slot_view(header, s);
		return 0;
	}
	return SONDE_E_ABSENT;
}

static int evaluate(struct value *v, const struct reference *r, const struct sonde_packet *p, struct sonde_error *e)
{
	int layer = p ? find_layer(r, p) : -1;
	*v = (struct value){ .layer = -1 };
	if (!p)
		return fail(e, SONDE_E_UNKNOWN, r, r->name.len ? "there is no packet of that name yet"
							       : "no packet was received yet");
	if (layer < 0)
		return fail(e, SONDE_E_ABSENT, r, "the packet has no such layer");
	int err = r->row ? row_value(v, r, p, layer) : read_only_value(v, r, p, layer);
	if (err)
		return fail(e, err, r, "the packet has no such field");
	if (r->addend && !v->is_number)
		return fail(e, SONDE_E_KIND, r, "numbers are added to numbers only");
	v->number += (uint64_t)r->addend;
	return 0;
}

static int look_up(struct value *v, struct reference *r, const struct sonde_proto *proto, const char *s, size_t len,
		   const struct sonde_referents *from, const struct sonde_packet **packet, struct sonde_error *e)
{
	int err = take_apart(r, proto, s, len, e);
	if (err)
		return err;
	*packet = from->find(from->arg, r->name);
	return evaluate(v, r, *packet, e);
}

/* --- In place of references -------------------------------------------------------------------------------------- */

static int no_memory(struct sonde_error *e)
{
	return sonde_fail(e, -ENOMEM, "out of memory");
}

static int store_bytes(struct sonde_spec *s, struct sonde_spec_field *f, struct sonde_view bytes, struct sonde_error *e)
{
	uint8_t *at = sonde_spec_add_bytes(s, &f->start, (uint32_t)bytes.len);
	if (!at)
		return no_memory(e);
	if (bytes.len)
		memcpy(at, bytes.data, bytes.len);
	f->n = (uint32_t)bytes.len;
	f->type = SONDE_SPEC_BYTES;
	return 0;
}

static int store_number(struct sonde_spec *s, struct sonde_spec_field *f, sonde_u128 v, struct sonde_error *e)
{
	f->start = s->n_ranges;
	struct sonde_spec_range *range = sonde_spec_add_range(s);
	if (!range)
		return no_memory(e);
	*range = (struct sonde_spec_range){ v, v, 1 };
	f->n = 1;
	f->type = SONDE_SPEC_SET;
	return 0;
}

/* Addresses are numbers in a spec, so that they match as sets do. */
static int store_address(struct sonde_spec *s, struct sonde_spec_field *f, struct sonde_view bytes,
			 struct sonde_error *e)
{
	sonde_u128 v = 0;
	for (size_t i = 0; i < bytes.len; i++)
		v = v << 8 | bytes.data[i];
	f->value_len = (uint8_t)bytes.len;
	return store_number(s, f, v, e);
}

static int store(struct sonde_spec *s, struct sonde_spec_field *f, const struct sonde_field *row,
		 const struct reference *r, const struct value *v, struct sonde_error *e)
{
	uint32_t width = SONDE_WIDTH(row->place);
	if (v->is_number != (row->shape == SONDE_SCALAR))
		return fail(e, SONDE_E_KIND, r, v->is_number ? "a number, where bytes are meant"
							     : "bytes, where a number is meant");
	if (v->is_number)
		return store_number(s, f, width < 64 ? v->number & ((UINT64_C(1) << width) - 1) : v->number, e);
	if (width && v->bytes.len * 8 != width)
		return fail(e, SONDE_E_RANGE, r, "a value of another length than the field's");
	return width && row->kind && row->kind->bytes ? store_address(s, f, v->bytes, e)
						      : store_bytes(s, f, v->bytes, e);
}

static void put_bytes(struct sonde_text *t, const struct value *v)
{
	const struct sonde_row_context ctx = { .row = v->argument };
	const struct sonde_kind *kind = v->argument ? v->argument->kind : NULL;
	size_t before = t->len;
	if (kind && kind->print_bytes && kind->print_bytes(t, &ctx, v->bytes))
		return;
	sonde_text_cut(t, before);
	sonde_text_hex(t, v->bytes);
}

/* Append the value to the text of a list. */
static void put_value(struct sonde_text *t, const struct value *v, const struct sonde_packet *p)
{
	if (v->is_number)
		sonde_text_uint(t, v->number);
	else if (v->layer >= 0)
		sonde_print_value(t, p, v->layer, v->row, true);
	else
		put_bytes(t, v);
}

/* Write the list with values in place of its references, and read it. */
static int resolve_list(struct sonde_spec *out, struct sonde_spec_field *f, const struct sonde_proto *proto,
			const struct sonde_referents *from, struct sonde_error *e)
{
	char text[MOST_TEXT];
	uint8_t room[MOST_TEXT];
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_buf b = { room, 0, sizeof room };
	const char *s = (const char *)out->bytes + f->text, *end = s + f->text_len;
	while (s < end) {
		const struct sonde_packet *p;
		struct reference r;
		struct value v;
		size_t len = *s == '@' ? reference_len(s, end) : 0;
		if (!len) {
			sonde_text_char(&t, *s++);
			continue;
		}
		int err = look_up(&v, &r, proto, s, len, from, &p, e);
		if (err)
			return err;
		put_value(&t, &v, p);
		s += len;
	}
	if (!sonde_text_fits(&t))
		return sonde_fail(e, SONDE_E_SPACE, "%s: the list grows too long", proto->fields[f->row].name);
	int err = sonde_list_parse(&b, proto->fields[f->row].list, text, t.len, e);
	return err ? err : store_bytes(out, f, sonde_view(room, b.len), e);
}

static int resolve_field(struct sonde_spec *out, const struct sonde_proto *proto, struct sonde_spec_field *f,
			 const struct sonde_referents *from, struct sonde_error *e)
{
	const struct sonde_packet *p;
	const struct sonde_field *row = &proto->fields[f->row];
	const char *s = (const char *)out->bytes + f->text;
	struct reference r;
	struct value v;
	if (row->shape == SONDE_LIST && (*s != '@' || reference_len(s, s + f->text_len) != f->text_len))
		return resolve_list(out, f, proto, from, e);
	int err = look_up(&v, &r, proto, s, f->text_len, from, &p, e);
	return err ? err : store(out, f, row, &r, &v, e);
}

static int resolve_data(struct sonde_spec *out, struct sonde_spec_data *d, const struct sonde_referents *from,
			struct sonde_error *e)
{
	const struct sonde_packet *p;
	struct sonde_spec_field f = { 0 };
	struct reference r;
	struct value v;
	int err = look_up(&v, &r, NULL, (const char *)out->bytes + d->start, d->n, from, &p, e);
	if (!err && v.is_number)
		err = fail(e, SONDE_E_KIND, &r, "a number, where bytes are meant");
	if (!err)
		err = store_bytes(out, &f, v.bytes, e);
	d->type = SONDE_DATA_BYTES;
	d->start = f.start, d->n = f.n;
	return err;
}

static void point_at(struct sonde_error *e, const struct sonde_spec_field *f)
{
	if (e && !e->length)
		e->column = (int)f->column, e->length = (int)f->length;
}

int sonde_spec_resolve(struct sonde_spec *out, const struct sonde_spec *s, const struct sonde_referents *from,
		       struct sonde_error *e)
{
	const struct sonde_spec nothing = { .n_layers = 0 };
	int err = sonde_spec_overlay(out, s, &nothing);
	if (err)
		return sonde_fail(e, err, "%s", sonde_strerror(err));
	for (unsigned i = 0; i < out->n_layers && s->has_refs; i++) {
		struct sonde_spec_layer *l = &out->layers[i];
		for (uint32_t k = 0; k < l->n_fields; k++) {
			struct sonde_spec_field *f = &out->fields[l->field + k];
			if (f->type == SONDE_SPEC_REF && (err = resolve_field(out, l->proto, f, from, e)) != 0) {
				point_at(e, f);
				return err;
			}
		}
		for (uint32_t k = 0; k < l->n_data; k++)
			if (out->data[l->data + k].type == SONDE_DATA_REF &&
			    (err = resolve_data(out, &out->data[l->data + k], from, e)) != 0)
				return err;
	}
	out->has_refs = false;
	return 0;
}

/* --- Checking ---------------------------------------------------------------------------------------------------- */

/* What is checked against. */
struct check {
	int (*known)(void *arg, struct sonde_view name, struct sonde_error *e);
	void *arg;
	struct sonde_error *e;
};

static int check_text(const struct check *c, const struct sonde_proto *proto, const char *s, size_t len)
{
	for (const char *end = s + len; s < end;) {
		struct reference r;
		size_t n = *s == '@' ? reference_len(s, end) : 0;
		if (!n) {
			s++;
			continue;
		}
		int err = take_apart(&r, proto, s, n, c->e);
		if (!err)
			err = c->known(c->arg, r.name, c->e);
		if (err)
			return err;
		s += n;
	}
	return 0;
}

int sonde_references_check(const struct sonde_spec *s,
			   int (*known)(void *arg, struct sonde_view name, struct sonde_error *e), void *arg,
			   struct sonde_error *e)
{
	const struct check c = { known, arg, e };
	const char *bytes = (const char *)s->bytes;
	int err = 0;
	for (unsigned i = 0; i < s->n_layers && !err; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; k < l->n_fields && !err; k++) {
			const struct sonde_spec_field *f = &s->fields[l->field + k];
			if (f->type == SONDE_SPEC_REF && (err = check_text(&c, l->proto, bytes + f->text, f->text_len)))
				point_at(e, f);
		}
		for (uint32_t k = 0; k < l->n_data && !err; k++) {
			const struct sonde_spec_data *d = &s->data[l->data + k];
			if (d->type == SONDE_DATA_REF)
				err = check_text(&c, NULL, bytes + d->start, d->n);
		}
	}
	return err;
}
