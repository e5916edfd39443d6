/* Values of bytes, and lists. */
#include <errno.h>

#include "packet/list_text.h"
#include "packet/notation_hint.h"
#include "packet/notation_parser.h"
#include "packet/pattern_list.h"

int sonde_value_keep_text(const struct sonde_value_text *w, struct sonde_spec_field *f, enum sonde_spec_type type,
			  const char *s, size_t len)
{
	uint8_t *at = sonde_spec_add_bytes(w->spec, &f->text, (uint32_t)len);
	if (!at)
		return sonde_fail(w->e, -ENOMEM, "out of memory");
	if (len)
		memcpy(at, s, len);
	f->text_len = (uint32_t)len;
	f->type = (uint8_t)type;
	if (type != SONDE_SPEC_BYTES)
		sonde_value_note_unbuilt(w, f, type);
	return 0;
}

/* Whether a list has an open range (20- or -5) as an argument, which makes it a pattern. */
static bool has_open_argument(const char *s, size_t len)
{
	for (size_t i = 1; i < len; i++) {
		bool before = s[i - 1] == ':' || s[i - 1] == '+',
		     after = i + 1 == len || strchr(":,+", s[i + 1]) != NULL;
		if (s[i] == '-' && before != after)
			return true;
	}
	return false;
}

bool sonde_has_ref(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool begins = s[i] == '@' && (i == 0 || strchr(":,+[", s[i - 1]));
		size_t n = i;
		while (begins && n < len && !strchr(":,]", s[n]))
			n++;
		if (begins && sonde_is_ref(s + i, n - i))
			return true;
	}
	return false;
}

/* Where patterns are read, arguments of items may be ranges, or left out. */
static bool may_be_pattern(const struct sonde_value_text *w, const char *s, size_t len)
{
	return (w->env && w->env->pattern) || has_open_argument(s, len);
}

/* Reserve len bytes for a value; store_bytes gives back what is not used. */
static bool reserve(struct sonde_buf *b, const struct sonde_value_text *w, struct sonde_spec_field *f, size_t len)
{
	*b = (struct sonde_buf){ sonde_spec_add_bytes(w->spec, &f->start, (uint32_t)len), 0, len };
	if (!b->data)
		sonde_fail(w->e, -ENOMEM, "out of memory");
	return b->data != NULL;
}

static int store_bytes(const struct sonde_value_text *w, struct sonde_spec_field *f, size_t len)
{
	sonde_spec_trim_bytes(w->spec, f->start, (uint32_t)len);
	f->type = SONDE_SPEC_BYTES;
	f->n = (uint32_t)len;
	return 0;
}

int sonde_value_list(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	const struct sonde_field *row = w->ctx.row;
	struct sonde_buf b;
	struct sonde_error inner = { 0 };
	if (sonde_has_ref(s, len))
		return sonde_value_keep_text(w, f, SONDE_SPEC_REF, s, len);
	if (!reserve(&b, w, f, 2 * SONDE_MAX_FRAME))
		return -ENOMEM;
	int err = sonde_list_parse(&b, row->list, s, len, &inner);
	store_bytes(w, f, err ? 0 : b.len);
	if (!err)
		return sonde_value_keep_text(w, f, SONDE_SPEC_BYTES, s, len);
	if (may_be_pattern(w, s, len) && sonde_list_pattern_check(row->list, sonde_view(s, len), NULL) == 0)
		return sonde_value_keep_text(w, f, SONDE_SPEC_PATTERN, s, len);
	bool limit = err == SONDE_E_RANGE;
	sonde_fail(w->e, err, "layer %d: %s %s: %s%s%s%s", w->layer, w->proto->name, row->name, inner.what,
		   limit ? " (" : "", limit ? w->proto->source : "", limit ? ")" : "");
	if (inner.hint[0])
		sonde_hint(w->e, "%s", inner.hint);
	if (w->e) {
		w->e->layer = w->layer;
		w->e->column = (int)(w->column + (size_t)(s - w->token)) + inner.column;
		w->e->length = inner.length;
	}
	return err;
}

int sonde_value_bytes(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len)
{
	const size_t most_added = 32; /* what a kind adds to the characters: lengths, padding */
	size_t width = SONDE_WIDTH(w->ctx.row->place) / 8;
	struct sonde_buf b;
	if (!reserve(&b, w, f, len + width + most_added))
		return -ENOMEM;
	int err = sonde_bytes_parse(&b, &w->ctx, s, len);
	/* A count of zeros can be longer than its text. */
	if (err == SONDE_E_SPACE && !reserve(&b, w, f, SONDE_MAX_FRAME))
		return -ENOMEM;
	if (err == SONDE_E_SPACE)
		err = sonde_bytes_parse(&b, &w->ctx, s, len);
	bool hex = sonde_token_starts((struct sonde_token){ s, len, 0 }, "0x") || !w->ctx.row->kind ||
		   !w->ctx.row->kind->parse_bytes;
	store_bytes(w, f, b.len);
	if (err && hex)
		return sonde_value_refuse(w, err, s, len, "an even number of hex digits expected");
	if (!err && width && b.len != width)
		err = SONDE_E_RANGE;
	return err ? sonde_value_refuse_by_kind(w, err, s, len) : 0;
}

int sonde_value_set_to_bytes(const struct sonde_value_text *w, struct sonde_spec_field *f)
{
	const struct sonde_spec_range *r = &w->spec->ranges[f->start];
	struct sonde_buf b;
	if (f->type != SONDE_SPEC_SET || SONDE_WIDTH(w->ctx.row->place) || f->n != 1 || r->first != r->last)
		return 0;
	sonde_u128 v = r->first;
	if (!reserve(&b, w, f, f->value_len))
		return -ENOMEM;
	sonde_u128_bytes(b.data, f->value_len, v);
	return store_bytes(w, f, f->value_len);
}
