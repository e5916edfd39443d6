/* The right-hand side of field=value: sets, random values, references, patterns, lists. Private to the parser. */
#ifndef SONDE_PACKET_NOTATION_VALUE_H
#define SONDE_PACKET_NOTATION_VALUE_H

#include "packet/notation.h"

/* Where a value stands. */
struct sonde_value_place {
	struct sonde_spec *spec;
	const struct sonde_notation_env *env;
	const struct sonde_proto *proto;
	struct sonde_spot spot; /* the row, and the number by which its names are looked up */
	int layer;              /* from 1 */
	const char *token;
	size_t token_len, column; /* of the token */
	struct sonde_error *e;
};

/* Read the value s (len bytes) of the row into f. Returns 0, or fills w->e. */
int sonde_notation_value(const struct sonde_value_place *w, struct sonde_spec_field *f, const char *s, size_t len);

#endif
