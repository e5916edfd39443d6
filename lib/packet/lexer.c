#include "packet/lexer.h"

#include <string.h>

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

/* Behind a quote that opens at s: the closing one's end, or NULL. */
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
