#include "packet/notation_parser.h"

#include "base/text.h"
#include "packet/escape.h"

int sonde_parser_fail(struct sonde_parser *ps, int code, struct sonde_token t, const char *what)
{
	sonde_fail(ps->e, code, "layer %d: %s", ps->layer, what);
	if (ps->e) {
		ps->e->layer = ps->layer;
		ps->e->column = (int)t.column;
		ps->e->length = (int)t.len;
	}
	return code;
}

int sonde_parser_fail_quoting(struct sonde_parser *ps, int code, struct sonde_token t, const char *what)
{
	char s[160];
	struct sonde_text out = sonde_text(s, sizeof s);
	sonde_text_fmt(&out, "'%.*s': %s", (int)(t.len > 60 ? 60 : t.len), t.s, what);
	return sonde_parser_fail(ps, code, t, s);
}

int sonde_parser_fail_escape(struct sonde_parser *ps, struct sonde_token t, struct sonde_view bad)
{
	const char *s = (const char *)bad.data;
	struct sonde_token at = { s, bad.len, t.column + (size_t)(s - t.s) };
	sonde_parser_fail_quoting(ps, SONDE_E_SYNTAX, at, SONDE_NO_ESCAPE);
	sonde_hint(ps->e, "%s", SONDE_ESCAPE_HINT);
	return SONDE_E_SYNTAX;
}
