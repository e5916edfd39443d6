/* Tokens of the notation: blank-separated, with quotes; or the words of a command line. */
#ifndef SONDE_PACKET_LEXER_H
#define SONDE_PACKET_LEXER_H

#include <stdbool.h>
#include <stddef.h>

struct sonde_token {
	const char *s;
	size_t len;
	size_t column; /* where it starts in the whole text */
};

struct sonde_lexer {
	const char *text, *at, *end; /* a text; or */
	char *const *words;          /* words */
	int n_words, next_word;
	size_t column;
	bool unterminated;           /* a quote was not closed */
	struct sonde_token peeked;
	bool has_peeked;
};

struct sonde_lexer sonde_lexer_text(const char *text, size_t len);
struct sonde_lexer sonde_lexer_words(int n_words, char *const *words);

/* The next token; false at the end. Quotes stay in the token. */
bool sonde_lexer_next(struct sonde_lexer *lx, struct sonde_token *out);
/* The token that next will give, without taking it. */
bool sonde_lexer_peek(struct sonde_lexer *lx, struct sonde_token *out);

bool sonde_token_is(struct sonde_token t, const char *word);
bool sonde_token_starts(struct sonde_token t, const char *word);

#endif
