#include <errno.h>

#include "packet/notation_parser.h"
#include "packet/value.h"

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
	if (sonde_string_parse(&b, s, n))
		return sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token, "a broken \\x escape");
	*len = (uint32_t)b.len;
	return 0;
}

int sonde_parser_frame_field(struct sonde_parser *ps, const struct sonde_pair_token *pair)
{
	struct sonde_spec_frame *f = &ps->spec->frame;
	struct sonde_token name = { pair->token.s, pair->name_len, 0 };
	struct sonde_token v = { pair->token.s + pair->value_at, pair->token.len - pair->value_at, 0 };
	uint64_t n = 0;
	if (sonde_token_is(name, "time")) {
		f->has_time = true;
		return sonde_time_parse(&f->time, v.s, v.len) ? sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token, "seconds since 1970 expected") : 0;
	}
	if (sonde_token_is(name, "wire") || sonde_token_is(name, "link")) {
		if (sonde_uint_parse(&n, v.s, v.len) || n > UINT32_MAX)
			return sonde_parser_fail_quoting(ps, SONDE_E_RANGE, pair->token, "a number expected");
		if (sonde_token_is(name, "wire"))
			f->has_wire = true, f->wire = (uint32_t)n;
		else
			f->has_link = true, f->link = (uint32_t)n;
		return 0;
	}
	if (sonde_token_is(name, "dir")) {
		f->has_dir = true;
		f->dir = sonde_token_is(v, "in") ? 1 : sonde_token_is(v, "out") ? 2 : 0;
		return f->dir ? 0 : sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, pair->token, "in or out expected");
	}
	if (sonde_token_is(name, "iface")) {
		f->has_iface = true;
		return keep_string(ps, pair, &f->iface, &f->iface_len);
	}
	if (sonde_token_is(name, "comment")) {
		f->has_comment = true;
		return keep_string(ps, pair, &f->comment, &f->comment_len);
	}
	return sonde_parser_fail_quoting(ps, SONDE_E_UNKNOWN, pair->token, "the frame layer has time wire iface dir link comment");
}
