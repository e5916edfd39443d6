#include <errno.h>

#include "base/escape.h"
#include "packet/notation_hint.h"
#include "packet/notation_parser.h"

static const char *const data_words[] = { "text:", "hex:", "zero:", "random:", "file:", "cut:" };

bool sonde_token_is_data(struct sonde_token t)
{
	for (size_t i = 0; i < sizeof data_words / sizeof *data_words; i++)
		if (sonde_token_starts(t, data_words[i]))
			return true;
	return sonde_is_ref(t.s, t.len);
}

static int add_data(struct sonde_parser *ps, enum sonde_spec_data_type type, const uint8_t *bytes, size_t n)
{
	struct sonde_spec_data *d = sonde_spec_add_data(ps->spec);
	if (!d)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	d->type = (uint8_t)type;
	d->n = (uint32_t)n;
	if (type != SONDE_DATA_BYTES && type != SONDE_DATA_REF)
		return 0;
	uint8_t *at = sonde_spec_add_bytes(ps->spec, &d->start, d->n);
	if (!at)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	if (n)
		memcpy(at, bytes, n);
	return 0;
}

/* Decode text or hex digits, which give at most as many bytes as characters. */
static int read_bytes(struct sonde_parser *ps, struct sonde_token t, const char *s, size_t len, bool hex)
{
	struct sonde_spec *spec = ps->spec;
	struct sonde_spec_data *d = sonde_spec_add_data(spec);
	if (!hex && len >= 2 && s[0] == '"' && s[len - 1] == '"' && !ps->lx.words)
		s++, len -= 2;
	uint8_t *at = d ? sonde_spec_add_bytes(spec, &d->start, (uint32_t)len) : NULL;
	if (!at)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	struct sonde_buf b = { at, 0, len };
	struct sonde_view bad;
	if (hex && sonde_hex_parse(&b, s, len)) {
		sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, t, "an even number of hex digits expected");
		sonde_hint_hex(ps->e, s, len);
		return SONDE_E_SYNTAX;
	}
	if (!hex && sonde_string_parse(&b, &bad, s, len))
		return sonde_parser_fail_escape(ps, t, bad);
	d->n = (uint32_t)b.len;
	return 0;
}

static int read_file(struct sonde_parser *ps, struct sonde_token t, const char *path, size_t len)
{
	char name[4096];
	struct sonde_view bytes;
	if (!ps->env || !ps->env->file)
		return sonde_parser_fail_quoting(ps, SONDE_E_UNSUPPORTED, t,
						 "files are read for packets on the command line only");
	if (len >= sizeof name)
		return sonde_parser_fail_quoting(ps, SONDE_E_RANGE, t, "the path is too long");
	memcpy(name, path, len);
	name[len] = 0;
	int err = ps->env->file(ps->env->arg, &bytes, name);
	if (!err && bytes.len > SONDE_MAX_FRAME)
		err = SONDE_E_SPACE;
	if (err)
		return sonde_parser_fail_quoting(ps, err, t,
						 err == SONDE_E_SPACE ? "longer than any frame" : sonde_strerror(err));
	return add_data(ps, SONDE_DATA_BYTES, bytes.data, bytes.len);
}

static int read_count(struct sonde_parser *ps, struct sonde_token t, const char *s, size_t len, uint64_t *out)
{
	if (sonde_uint_parse(out, s, len) || *out > SONDE_MAX_FRAME)
		return sonde_parser_fail_quoting(ps, SONDE_E_RANGE, t, "a number of bytes up to 262144 expected");
	return 0;
}

int sonde_parser_data(struct sonde_parser *ps, struct sonde_token t)
{
	if (*t.s == '@') {
		ps->spec->has_refs = true;
		ps->spec->refused_column = (uint32_t)t.column;
		ps->spec->refused_length = (uint32_t)t.len;
		return add_data(ps, SONDE_DATA_REF, (const uint8_t *)t.s, t.len);
	}
	size_t head = (size_t)((const char *)memchr(t.s, ':', t.len) + 1 - t.s);
	const char *s = t.s + head;
	uint64_t n;
	if (sonde_token_starts(t, "text:") || sonde_token_starts(t, "hex:"))
		return read_bytes(ps, t, s, t.len - head, *t.s == 'h');
	if (sonde_token_starts(t, "file:"))
		return read_file(ps, t, s, t.len - head);
	int err = read_count(ps, t, s, t.len - head, &n);
	if (err)
		return err;
	if (sonde_token_starts(t, "cut:")) {
		ps->spec->cut = (uint32_t)n;
		ps->spec->cut_column = (uint32_t)t.column;
		ps->spec->cut_length = (uint32_t)t.len;
		return 0;
	}
	return add_data(ps, sonde_token_starts(t, "zero:") ? SONDE_DATA_ZERO : SONDE_DATA_RANDOM, NULL, (size_t)n);
}

/* --- The frame layer --------------------------------------------------------------------------------------------- */

/* Store a string with its escapes decoded. */
static int store_string(struct sonde_parser *ps, const struct sonde_pair_token *pair, uint32_t *start, uint32_t *len)
{
	const char *s = pair->token.s + pair->value_at;
	size_t n = pair->token.len - pair->value_at;
	if (n >= 2 && s[0] == '"' && s[n - 1] == '"' && !ps->lx.words)
		s++, n -= 2;
	uint8_t *at = sonde_spec_add_bytes(ps->spec, start, (uint32_t)n);
	if (!at)
		return sonde_fail(ps->e, -ENOMEM, "out of memory");
	struct sonde_buf b = { at, 0, n };
	struct sonde_view bad;
	if (sonde_string_parse(&b, &bad, s, n))
		return sonde_parser_fail_escape(ps, pair->token, bad);
	*len = (uint32_t)b.len;
	return 0;
}

static bool *has_field(struct sonde_spec_frame *f, struct sonde_token name)
{
	static const char *const names[] = { "time", "wire", "iface", "dir", "link", "comment" };
	bool *const has[] = { &f->has_time, &f->has_wire, &f->has_iface, &f->has_dir, &f->has_link, &f->has_comment };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (sonde_token_is(name, names[i]))
			return has[i];
	return NULL;
}

static int read_number(struct sonde_parser *ps, const struct sonde_pair_token *pair, struct sonde_token v,
		       uint32_t *out)
{
	uint64_t n = 0;
	if (sonde_uint_parse(&n, v.s, v.len) || n > UINT32_MAX)
		return sonde_parser_fail_quoting(ps, SONDE_E_RANGE, pair->token, "a number expected");
	*out = (uint32_t)n;
	return 0;
}

int sonde_parser_frame_field(struct sonde_parser *ps, const struct sonde_pair_token *pair)
{
	struct sonde_spec_frame *f = &ps->spec->frame;
	struct sonde_token v = { pair->token.s + pair->value_at, pair->token.len - pair->value_at, 0 };
	bool *has = has_field(f, (struct sonde_token){ pair->token.s, pair->name_len, 0 });
	if (!has) {
		sonde_parser_fail_quoting(ps, SONDE_E_UNKNOWN, pair->token,
					  "the frame layer has time wire iface dir link comment");
		sonde_hint_frame_field(ps->e, pair->token.s, pair->name_len);
		return SONDE_E_UNKNOWN;
	}
	if (*has)
		return sonde_parser_fail_quoting(ps, SONDE_E_TWICE, pair->token, "given twice");
	*has = true;
	if (has == &f->has_time)
		return sonde_time_parse(&f->time, v.s, v.len)
			       ? sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token,
							   "seconds since 1970 expected, such as 1700000000.5")
			       : 0;
	if (has == &f->has_wire || has == &f->has_link)
		return read_number(ps, pair, v, has == &f->has_wire ? &f->wire : &f->link);
	if (has == &f->has_iface)
		return store_string(ps, pair, &f->iface, &f->iface_len);
	if (has == &f->has_comment)
		return store_string(ps, pair, &f->comment, &f->comment_len);
	f->dir = sonde_token_is(v, "in") ? 1 : sonde_token_is(v, "out") ? 2 : 0;
	return f->dir ? 0 : sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token, "in or out expected");
}
