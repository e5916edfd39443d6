#include <errno.h>

#include "packet/escape.h"
#include "packet/notation_parser.h"

/* A string kept in the heap, escapes undone. */
static int keep_string(struct sonde_parser *ps, const struct sonde_pair_token *pair, uint32_t *start, uint32_t *len)
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
	if (!has)
		return sonde_parser_fail_quoting(ps, SONDE_E_UNKNOWN, pair->token,
						 "the frame layer has time wire iface dir link comment");
	if (*has)
		return sonde_parser_fail_quoting(ps, SONDE_E_TWICE, pair->token, "given twice");
	*has = true;
	if (has == &f->has_time)
		return sonde_time_parse(&f->time, v.s, v.len)
			       ? sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token,
							   "seconds since 1970 expected")
			       : 0;
	if (has == &f->has_wire || has == &f->has_link)
		return read_number(ps, pair, v, has == &f->has_wire ? &f->wire : &f->link);
	if (has == &f->has_iface)
		return keep_string(ps, pair, &f->iface, &f->iface_len);
	if (has == &f->has_comment)
		return keep_string(ps, pair, &f->comment, &f->comment_len);
	f->dir = sonde_token_is(v, "in") ? 1 : sonde_token_is(v, "out") ? 2 : 0;
	return f->dir ? 0 : sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token, "in or out expected");
}
