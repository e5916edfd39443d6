#include "packet/print.h"

#include "base/escape.h"
#include "packet/list_text.h"
#include "proto/data.h"
#include "proto/list.h"

static void print_row(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row, struct sonde_slot s,
		      bool expand)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_row_context ctx = sonde_row_context_of(p, layer, row);
	const uint8_t *header = p->data + l->offset;
	const struct sonde_list_style style = { .exact = l->cut, .expand = expand, .message = ctx.message };
	if (ctx.row->shape == SONDE_LIST)
		sonde_list_print(t, ctx.row->list, sonde_slot_view(header, s), &style);
	else if (ctx.row->shape == SONDE_SCALAR)
		sonde_number_print(t, &ctx, sonde_slot_get(header, s));
	else if (expand)
		sonde_bytes_expand(t, &ctx, sonde_slot_view(header, s));
	else
		sonde_bytes_print(t, &ctx, sonde_slot_view(header, s));
}

void sonde_print_value(struct sonde_text *t, const struct sonde_packet *p, int layer, unsigned row, bool expand)
{
	struct sonde_slot s = sonde_slots(p, layer)[row];
	if (s.there)
		print_row(t, p, layer, row, s, expand);
}

static bool is_partial_checksum(const struct sonde_layer *l, const struct sonde_field *f)
{
	return l->partial && f->place == l->proto->checksum_place;
}

/* A row is printed when it was written; in a packet that was built, also when bytes written elsewhere ended up in
 * it. */
static bool is_printed(const struct sonde_layer *l, const struct sonde_field *f, const uint8_t *header,
		       struct sonde_slot s)
{
	if (!s.there || f->view)
		return false;
	bool variable = f->shape != SONDE_SCALAR && SONDE_WIDTH(f->place) == 0;
	return l->written & SONDE_MARK(f->place) ||
	       (variable && !sonde_bytes_are_default(f, sonde_slot_view(header, s), l->cut));
}

/* Print the written fields of a layer, each after a blank. */
static void print_fields(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	for (uint64_t left = l->written | sonde_loose_rows(l); left; left &= left - 1) {
		unsigned i = (unsigned)__builtin_ctzll(left);
		const struct sonde_field *f = &l->proto->fields[i];
		if (!is_printed(l, f, p->data + l->offset, slots[i]))
			continue;
		sonde_text_char(t, ' ');
		sonde_text_str(t, f->name);
		sonde_text_char(t, '=');
		if (is_partial_checksum(l, f))
			sonde_text_str(t, "partial");
		else
			print_row(t, p, layer, i, slots[i], false);
	}
}

/* Print the alignment bytes between fields, unless all of them are 0. */
static void print_gaps(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *rows = l->proto->fields;
	const uint8_t *header = p->data + l->offset;
	const struct sonde_slot *slots = sonde_slots(p, layer);
	uint64_t loose = sonde_loose_rows(l); /* rows behind a gap are */
	bool zero = true;
	for (uint64_t left = loose; left && zero; left &= left - 1)
		zero = sonde_view_is_zero(sonde_gap_before(rows, slots, (unsigned)__builtin_ctzll(left), header));
	if (zero)
		return;
	sonde_text_str(t, " gaps=");
	for (uint64_t left = loose; left; left &= left - 1)
		sonde_text_hex(t, sonde_gap_before(rows, slots, (unsigned)__builtin_ctzll(left), header));
}

/* Text takes one character per byte, or four for an escape; hex takes two: a third may be escapes. */
static bool reads_as_text(struct sonde_view v)
{
	size_t most = v.len / 3;
	return sonde_count_escapes(v, most) <= most;
}

void sonde_print_data(struct sonde_text *t, struct sonde_view v)
{
	const size_t worth_counting = 4;
	if (v.len >= worth_counting && sonde_view_is_zero(v)) {
		sonde_text_str(t, "zero:");
		sonde_text_uint(t, v.len);
	} else if (v.len && reads_as_text(v)) {
		sonde_text_str(t, "text:");
		sonde_string_print(t, v);
	} else {
		sonde_text_str(t, "hex:");
		sonde_text_hex(t, v);
	}
}

/* Whether a layer is the trailer of the enclosing one, which has no quote. */
static bool follows_at_once(const struct sonde_packet *p, int layer)
{
	if (layer == 0 || layer >= p->n_layers)
		return false;
	const struct sonde_layer *l = &p->layers[layer], *around = l - 1;
	uint32_t number = sonde_number_in(l->proto, SONDE_SPACE_TRAILER, 0);
	return number && around->proto->trailer == number && !l->cut && !around->cut &&
	       !around->proto->quotes(p->data + around->offset);
}

/* The trailer that is printed with this layer, or -1. One at the end belongs to the first layer that can have it. */
static int trailer_of(const struct sonde_packet *p, const struct sonde_layer *l)
{
	int behind = (int)(l - p->layers) + 1;
	if (!l->proto->trailer || l->cut)
		return -1;
	if (follows_at_once(p, behind))
		return behind;
	for (const struct sonde_layer *before = p->layers; before < l; before++)
		if (before->proto->trailer == l->proto->trailer && !before->cut)
			return -1;
	for (int i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0) == l->proto->trailer)
			return i;
	return -1;
}

static void print_layer(struct sonde_text *t, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	if (l->proto == &sonde_data) {
		sonde_print_data(t, sonde_view(p->data + l->offset, l->header_len));
		return;
	}
	sonde_text_str(t, l->proto->name);
	print_fields(t, p, layer);
	print_gaps(t, p, layer);
	int trailer = trailer_of(p, l);
	if (trailer >= 0)
		print_fields(t, p, trailer);
	if (l->cut) {
		sonde_text_str(t, " have=");
		sonde_text_uint(t, l->header_len);
	}
}

static void print_payload(struct sonde_text *t, const struct sonde_packet *p)
{
	struct sonde_view payload = sonde_payload(p);
	const char *joint = p->n_layers ? " / " : "";
	if (payload.len || p->n_layers == 0) {
		sonde_text_str(t, joint);
		sonde_print_data(t, payload);
		joint = " ";
	}
	if (p->quote_missing) {
		sonde_text_str(t, joint);
		sonde_text_str(t, "cut:");
		sonde_text_uint(t, p->quote_missing);
	}
}

void sonde_print(struct sonde_text *t, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++) {
		if (follows_at_once(p, i))
			continue;
		if (i)
			sonde_text_str(t, " / ");
		print_layer(t, p, i);
	}
	print_payload(t, p);
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (sonde_number_in(l->proto, SONDE_SPACE_TRAILER, 0))
			continue;
		sonde_text_fmt(t, " / %s ", l->proto->name);
		sonde_print_data(t, sonde_view(p->data + l->offset, l->header_len));
	}
}

/* Whether a reader assumes this link type: the first one that announces the first layer. */
static bool link_is_implied(const struct sonde_packet *p, uint32_t link)
{
	return p->n_layers && sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, UINT32_MAX) == link;
}

void sonde_print_frame(struct sonde_text *t, const struct sonde_packet *p, const struct sonde_frame_info *f)
{
	size_t start = t->len;
	sonde_text_str(t, "frame");
	size_t empty = t->len;
	if (f->has_time) {
		char s[SONDE_TIME_STRLEN];
		sonde_text_fmt(t, " time=%s", sonde_time_format(s, f->time));
	}
	if (f->wire_len != p->len)
		sonde_text_fmt(t, " wire=%u", (unsigned)f->wire_len);
	if (f->iface) {
		sonde_text_str(t, " iface=");
		sonde_string_print(t, sonde_view(f->iface, strlen(f->iface)));
	}
	if (f->dir)
		sonde_text_str(t, f->dir == 1 ? " dir=in" : " dir=out");
	if (!link_is_implied(p, f->link))
		sonde_text_fmt(t, " link=%u", (unsigned)f->link);
	if (f->comment.len) {
		sonde_text_str(t, " comment=");
		sonde_string_print(t, f->comment);
	}
	if (t->len == empty)
		sonde_text_cut(t, start);
	else
		sonde_text_str(t, " / ");
	sonde_print(t, p);
}

/* --- For a shell -------------------------------------------------------------------------------------------------- */

/* Words with a backslash, from here on: each needs two quotes. */
static size_t count_escaped(const char *s, const char *end)
{
	size_t n = 0;
	for (const char *at; (at = memchr(s, '\\', (size_t)(end - s))); n++) {
		s = memchr(at, ' ', (size_t)(end - at));
		if (!s)
			return n + 1;
	}
	return n;
}

/* Words are moved from the last to the first, each by the quotes of those before it. */
void sonde_print_for_shell(struct sonde_text *t, size_t from)
{
	if (!sonde_text_fits(t))
		return;
	char *s = t->data + from, *end = t->data + t->len;
	size_t n = count_escaped(s, end);
	t->len += 2 * n;
	if (n == 0 || !sonde_text_fits(t))
		return;
	end[2 * n] = 0;
	while (n > 0) {
		char *word = end;
		while (word > s && word[-1] != ' ')
			word--;
		bool escaped = memchr(word, '\\', (size_t)(end - word)) != NULL;
		if (escaped) {
			char *value = word + strcspn(word, "=:") + 1;
			end[2 * n - 1] = '"';
			memmove(value + 2 * n - 1, value, (size_t)(end - value));
			value[2 * n - 2] = '"';
			memmove(word + 2 * n - 2, word, (size_t)(value - word));
			n--;
		} else {
			memmove(word + 2 * n, word, (size_t)(end - word));
		}
		if (word == s)
			break;
		end = word - 1;
		end[2 * n] = ' ';
	}
}
