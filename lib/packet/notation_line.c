#include "packet/notation_parser.h"

/* NAME: with nothing behind the colon. */
static bool is_label(struct sonde_token t)
{
	return t.len > 1 && t.s[t.len - 1] == ':' && memchr(t.s, ':', t.len) == t.s + t.len - 1;
}

static int read_wait(struct sonde_line *out, struct sonde_lexer *lx, struct sonde_error *e)
{
	struct sonde_token t = { "", 0, 0 };
	if (!sonde_lexer_next(lx, &t) || sonde_duration_parse(&out->wait_ns, t.s, t.len)) {
		sonde_fail(e, SONDE_E_SYNTAX, "wait %.*s: a duration expected, such as 10ms", (int)t.len, t.s);
		return SONDE_E_SYNTAX;
	}
	out->kind = SONDE_LINE_WAIT;
	return 0;
}

int sonde_notation_line(struct sonde_line *out, const char *text, size_t len, struct sonde_error *e)
{
	struct sonde_lexer lx = sonde_lexer_text(text, len);
	struct sonde_token t;
	*out = (struct sonde_line){ .kind = SONDE_LINE_EMPTY };
	if (!sonde_lexer_peek(&lx, &t))
		return 0;
	if (sonde_token_is(t, "wait")) {
		sonde_lexer_next(&lx, &t);
		return read_wait(out, &lx, e);
	}
	out->kind = sonde_token_is(t, "default") ? SONDE_LINE_DEFAULT : SONDE_LINE_PACKET;
	if (out->kind == SONDE_LINE_DEFAULT)
		sonde_lexer_next(&lx, &t);
	if (sonde_lexer_peek(&lx, &t) && is_label(t)) {
		sonde_lexer_next(&lx, &t);
		out->name = sonde_view(t.s, t.len - 1);
	}
	if (sonde_lexer_peek(&lx, &t) && (sonde_token_is(t, ">") || sonde_token_is(t, "<"))) {
		sonde_lexer_next(&lx, &t);
		out->mark = *t.s;
	}
	if (!sonde_lexer_peek(&lx, &t))
		return sonde_fail(e, SONDE_E_SYNTAX, "a packet expected");
	out->packet = sonde_view(t.s, (size_t)(text + len - t.s));
	return 0;
}
