#include "packet/notation_parser.h"

#include "base/escape.h"
#include "base/text.h"

/* --- Tokens ------------------------------------------------------------------------------------------------------ */

struct sonde_lexer sonde_lexer_text(const char *text, size_t len)
{
	return (struct sonde_lexer){ .text = text, .at = text, .end = text + len };
}

struct sonde_lexer sonde_lexer_words(int n_words, char *const *words)
{
	return (struct sonde_lexer){ .words = words, .n_words = n_words };
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The end of the quoted text that starts at s, or NULL. */
static const char *skip_quoted(const char *s, const char *end)
{
	for (s++; s < end; s++) {
		if (*s == '\\' && s + 1 < end)
			s++;
		else if (*s == '"')
			return s + 1;
	}
	return NULL;
}

static bool next_in_text(struct sonde_lexer *lx, struct sonde_token *out)
{
	while (lx->at < lx->end && is_blank(*lx->at))
		lx->at++;
	if (lx->at == lx->end || *lx->at == '#')
		return false;
	const char *s = lx->at;
	while (s < lx->end && !is_blank(*s)) {
		const char *behind = *s == '"' ? skip_quoted(s, lx->end) : s + 1;
		if (!behind) {
			lx->unterminated = true;
			behind = lx->end;
		}
		s = behind;
	}
	*out = (struct sonde_token){ lx->at, (size_t)(s - lx->at), (size_t)(lx->at - lx->text) };
	lx->at = s;
	return true;
}

static bool next_word(struct sonde_lexer *lx, struct sonde_token *out)
{
	if (lx->next_word == lx->n_words)
		return false;
	const char *word = lx->words[lx->next_word++];
	*out = (struct sonde_token){ word, strlen(word), lx->column };
	lx->column += out->len + 1;
	return true;
}

bool sonde_lexer_next(struct sonde_lexer *lx, struct sonde_token *out)
{
	if (lx->has_peeked) {
		lx->has_peeked = false;
		*out = lx->peeked;
		return true;
	}
	return lx->words ? next_word(lx, out) : next_in_text(lx, out);
}

bool sonde_lexer_peek(struct sonde_lexer *lx, struct sonde_token *out)
{
	if (!lx->has_peeked)
		lx->has_peeked = sonde_lexer_next(lx, &lx->peeked);
	*out = lx->peeked;
	return lx->has_peeked;
}

bool sonde_token_is(struct sonde_token t, const char *word)
{
	return strlen(word) == t.len && memcmp(t.s, word, t.len) == 0;
}

bool sonde_token_starts(struct sonde_token t, const char *word)
{
	return t.len >= strlen(word) && memcmp(t.s, word, strlen(word)) == 0;
}

static bool is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Items of lists may have a hyphen in their names; one before a digit subtracts. */
static const char *skip_word(const char *s, const char *end)
{
	while (s < end && (is_word_char(*s) ||
			   (*s == '-' && s + 1 < end && is_word_char(s[1]) && (s[1] < '0' || s[1] > '9'))))
		s++;
	return s;
}

bool sonde_is_ref(const char *s, size_t len)
{
	const char *end = s + len, *dot = len && *s == '@' ? memchr(s, '.', len) : NULL;
	uint64_t n;
	if (!dot)
		return false;
	for (s = dot; s < end && *s == '.';) {
		const char *behind = skip_word(++s, end);
		if (behind == s)
			return false;
		s = behind;
	}
	return s == end || ((*s == '+' || *s == '-') && sonde_uint_parse(&n, s + 1, (size_t)(end - s - 1)) == 0);
}

/* --- Errors ------------------------------------------------------------------------------------------------------ */

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

/* --- Lines of a file --------------------------------------------------------------------------------------------- */

/* NAME: with nothing after the colon. */
static bool is_label(struct sonde_token t)
{
	return t.len > 1 && t.s[t.len - 1] == ':' && memchr(t.s, ':', t.len) == t.s + t.len - 1;
}

static int read_wait(struct sonde_file_line *out, struct sonde_lexer *lx, struct sonde_error *e)
{
	struct sonde_token t = { "", 0, 0 };
	if (!sonde_lexer_next(lx, &t) || sonde_duration_parse(&out->wait_ns, t.s, t.len)) {
		sonde_fail(e, SONDE_E_SYNTAX, "wait %.*s: a duration expected, such as 10ms", (int)t.len, t.s);
		return SONDE_E_SYNTAX;
	}
	out->kind = SONDE_LINE_WAIT;
	return 0;
}

int sonde_notation_line(struct sonde_file_line *out, const char *text, size_t len, struct sonde_error *e)
{
	struct sonde_lexer lx = sonde_lexer_text(text, len);
	struct sonde_token t;
	*out = (struct sonde_file_line){ .kind = SONDE_LINE_EMPTY };
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
