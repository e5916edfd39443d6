/* Tokens, and the state of parsing a packet. Private to the parser. */
#ifndef SONDE_PACKET_NOTATION_PARSER_H
#define SONDE_PACKET_NOTATION_PARSER_H

#include "packet/notation.h"

/* --- Tokens ------------------------------------------------------------------------------------------------------ */

struct sonde_token {
	const char *s;
	size_t len;
	size_t column; /* where it starts in the whole text */
};

struct sonde_lexer {
	const char *text, *at, *end; /* the text; or */
	char *const *words;          /* words, if not NULL */
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
/* Peek at the next token without consuming it. */
bool sonde_lexer_peek(struct sonde_lexer *lx, struct sonde_token *out);

bool sonde_token_is(struct sonde_token t, const char *word);
bool sonde_token_starts(struct sonde_token t, const char *word);

/* Whether s (len bytes) is a reference to another packet: @[name].[layer.]field[.item.argument][+-number]. */
bool sonde_is_ref(const char *s, size_t len);
/* Whether a value is one, or a list with some. */
bool sonde_has_ref(const char *s, size_t len);

/* --- The parser -------------------------------------------------------------------------------------------------- */

struct sonde_parser {
	struct sonde_spec *spec;
	struct sonde_lexer lx;
	const struct sonde_notation_env *env;
	struct sonde_error *e;
	int layer; /* from 1 */
};

/* A token name=value, split. */
struct sonde_pair_token {
	struct sonde_token token;
	size_t name_len, value_at;
	bool not_equal; /* name!=value */
};

/* Fill the error with "layer N: what" at the token, and return code. */
int sonde_parser_fail(struct sonde_parser *ps, int code, struct sonde_token t, const char *what);
/* The same, with "layer N: 'token': what". */
int sonde_parser_fail_quoting(struct sonde_parser *ps, int code, struct sonde_token t, const char *what);

/* Fill the error with "layer N: 'escape': no such escape" at an invalid escape in the token. Returns SONDE_E_SYNTAX. */
int sonde_parser_fail_escape(struct sonde_parser *ps, struct sonde_token t, struct sonde_view bad);

/* Whether a token is data: text: hex: zero: random: file: cut: or a reference. */
bool sonde_token_is_data(struct sonde_token t);
/* Read one data token into the spec. Returns 0, or fills the error. */
int sonde_parser_data(struct sonde_parser *ps, struct sonde_token t);
/* Read one field of the frame layer into the spec. Returns 0, or fills the error. */
int sonde_parser_frame_field(struct sonde_parser *ps, const struct sonde_pair_token *pair);

/* A value in the text, and what is needed to parse it. */
struct sonde_value_text {
	struct sonde_spec *spec;
	const struct sonde_notation_env *env;
	const struct sonde_proto *proto;
	struct sonde_row_context ctx; /* the row, and the number by which its names are looked up */
	int layer;                    /* from 1 */
	const char *token;
	size_t token_len, column; /* of the token */
	struct sonde_error *e;
};

/* Report a mistake in s, a part of w->token. Returns code. */
int sonde_value_refuse(const struct sonde_value_text *w, int code, const char *s, size_t len, const char *why);
/* Report the error code that the row's kind returned. */
int sonde_value_refuse_by_kind(const struct sonde_value_text *w, int code, const char *s, size_t len);
/* Note the first value that only patterns or conversations can have: building packets refuses it. */
void sonde_value_note_unbuilt(const struct sonde_value_text *w, const struct sonde_spec_field *f,
			      enum sonde_spec_type type);
/* Keep the text of a value, for patterns and references. Returns 0, or fills w->e. */
int sonde_value_keep_text(const struct sonde_value_text *w, struct sonde_spec_field *f, enum sonde_spec_type type,
			  const char *s, size_t len);
/* Read a list; or a value of bytes, which cannot be a range, or any bytes as hex digits. Return 0, or fill w->e. */
int sonde_value_list(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len);
int sonde_value_bytes(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len);
/* Store an address as bytes, for a row of variable width. */
int sonde_value_set_to_bytes(const struct sonde_value_text *w, struct sonde_spec_field *f);

/* Read the value s (len bytes) of the row into f. Returns 0, or fills w->e. */
int sonde_notation_value(const struct sonde_value_text *w, struct sonde_spec_field *f, const char *s, size_t len);

#endif
