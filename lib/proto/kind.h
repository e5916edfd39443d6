/* Kinds of values: how the value of a field is read from text, written as text and measured, and which words it knows.
 *
 * A kind is an object that rows point to. There are kinds of numbers (up to 64 bits) and of bytes. Every kind of
 * numbers also reads plain numbers, every kind of bytes also 0x and hex digits; values that it cannot print otherwise
 * are printed like that. Printed text reads back to the same value.
 */
#ifndef SONDE_PROTO_KIND_H
#define SONDE_PROTO_KIND_H

#include "base/error.h"
#include "base/text.h"
#include "proto/place.h"

struct sonde_field;

/* A word that stands for a value. If several words have one value, all are read and the first is printed. */
struct sonde_name {
	uint32_t value;
	const char *name; /* a table ends with NULL */
};

/* The context in which a kind reads or prints a value. */
struct sonde_row_context {
	const struct sonde_field *row;
	uint64_t by;               /* the number at row->names_by, if the row has one */
	struct sonde_view message; /* the header that holds the value, for pointers into it; empty: not known */
};

#define SONDE_MAX_EMPTY 16

typedef void sonde_word_fn(void *arg, const struct sonde_name *word);

struct sonde_kind {
	const char *name;     /* as `sonde help fields` prints it: "port" */
	const char *expected; /* message for text that is no value of this kind; NULL: the row's help */
	bool flags;           /* the number is a set of named bits */
	uint8_t family;       /* 4 or 6: an IP address; host names are accepted */
	uint8_t bytes;        /* size of values that form ranges (addresses), in bytes; 0: they do not */

	/* Kinds of numbers. NULL: plain decimal numbers. */
	void (*print)(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v);
	/* Read text that is not a plain number. Returns 0, SONDE_E_SYNTAX or SONDE_E_RANGE. */
	int (*parse)(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len);

	/* Kinds of bytes. Returns false, with nothing written, when the bytes are no value of this kind. */
	bool (*print_bytes)(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v);
	/* Append the bytes to out. Returns 0; SONDE_E_SYNTAX; SONDE_E_RANGE; SONDE_E_KIND (an address of the other
	 * family); SONDE_E_SPACE. */
	int (*parse_bytes)(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len);
	/* For people, if that says more than print_bytes: with compression pointers expanded, for instance. */
	bool (*expand_bytes)(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v);
	/* Length of the value that starts the bytes in `there` (at least one); 0: no valid value. NULL: the row defines
	 * the length in another way. */
	size_t (*measure)(struct sonde_view there);
	/* With measure: the value of a row that is not written, SONDE_MAX_EMPTY bytes at most. */
	struct sonde_view empty;

	/* Call each with every word that is known in this context. */
	void (*words)(const struct sonde_row_context *ctx, sonde_word_fn *each, void *arg);
};

/* --- Using them -------------------------------------------------------------------------------------------------- */

/* Write the number of a row. */
void sonde_number_print(struct sonde_text *t, const struct sonde_row_context *ctx, uint64_t v);
/* Read all of s as a number of the row. Returns 0; SONDE_E_SYNTAX: nothing that its kind can read; SONDE_E_RANGE: more
 * bits than the row has. */
int sonde_number_parse(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len);

/* Write the bytes of a row. */
void sonde_bytes_print(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v);
/* The same for people, with expand_bytes. */
void sonde_bytes_expand(struct sonde_text *t, const struct sonde_row_context *ctx, struct sonde_view v);
/* Read all of s as bytes of the row and append them to out. Returns as struct sonde_kind's parse_bytes. */
int sonde_bytes_parse(struct sonde_buf *out, const struct sonde_row_context *ctx, const char *s, size_t len);

/* Whether the whole of s is a word that the row knows. */
bool sonde_word_value(uint64_t *v, const struct sonde_row_context *ctx, const char *s, size_t len);
/* Offer every word that the row knows to a search for the nearest. */
void sonde_words_offer(struct sonde_nearest *n, const struct sonde_row_context *ctx);

/* --- The kinds --------------------------------------------------------------------------------------------------- */

/* Numbers (kind_number.c). */
extern const struct sonde_kind sonde_kind_number;
extern const struct sonde_kind sonde_kind_hex;
extern const struct sonde_kind sonde_kind_signed;  /* two's complement */
extern const struct sonde_kind sonde_kind_span;    /* two numbers of half the width each: first-last */
extern const struct sonde_kind sonde_kind_label;   /* an MPLS label stack entry: label/tc/s/ttl */
/* Words (kind_words.c). */
extern const struct sonde_kind sonde_kind_port;    /* reads names of services, writes numbers */
extern const struct sonde_kind sonde_kind_named;   /* by .names, or by the protocol of that number in .space */
extern const struct sonde_kind sonde_kind_code;    /* the same, but numbers without a name are printed in hexadecimal */
extern const struct sonde_kind sonde_kind_item;    /* kinds of items, by the names that the row's list has */
extern const struct sonde_kind sonde_kind_letters; /* flags of one letter each, in .names: SA */
extern const struct sonde_kind sonde_kind_flags;   /* flags of one word each, in .names: DF+MF */
/* Addresses (kind_addr.c). */
extern const struct sonde_kind sonde_kind_ip4;
extern const struct sonde_kind sonde_kind_ip6;
extern const struct sonde_kind sonde_kind_mac;
extern const struct sonde_kind sonde_kind_mac_padded; /* a MAC address, then zeros up to the row's width */
extern const struct sonde_kind sonde_kind_prefix4; /* a length in bits, then only the bytes that the prefix needs */
extern const struct sonde_kind sonde_kind_afi;     /* address family, two zeros, an IP address (RFC 5837) */
/* Bytes (kind.c). */
extern const struct sonde_kind sonde_kind_raw;     /* hex digits, for bytes without any meaning of their own */
extern const struct sonde_kind sonde_kind_opaque;  /* hex digits, for bytes that are not described here */
extern const struct sonde_kind sonde_kind_zeros;   /* zero bytes, written as their number */
/* Text (kind_text.c). */
extern const struct sonde_kind sonde_kind_text;    /* characters */
extern const struct sonde_kind sonde_kind_padded;  /* characters, then zeros up to the row's width */
extern const struct sonde_kind sonde_kind_counted; /* a byte with their number, then characters */
extern const struct sonde_kind sonde_kind_ifname;  /* the byte counts itself and padding, too (RFC 5837) */
/* Text up to a mark (kind_marked.c). The mark as it mostly is does not show; another one is part of the text. */
extern const struct sonde_kind sonde_kind_string;     /* a zero byte */
extern const struct sonde_kind sonde_kind_word;       /* a blank */
extern const struct sonde_kind sonde_kind_dashed;     /* a dash */
extern const struct sonde_kind sonde_kind_bracketed;  /* > */
extern const struct sonde_kind sonde_kind_line;       /* CR LF, or LF */
extern const struct sonde_kind sonde_kind_lines;      /* the same; lines that begin with a blank continue it */
extern const struct sonde_kind sonde_kind_headername; /* a colon, and mostly a blank */
/* Domain names (kind_domain.c). */
extern const struct sonde_kind sonde_kind_domain;  /* labels as in DNS (RFC 1035, 4.1.4): www.example.com, www.@12 */
extern const struct sonde_kind sonde_kind_domain_unexpanded; /* pointers are never expanded */

#endif
