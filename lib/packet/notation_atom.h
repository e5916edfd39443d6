/* One value within a value of the notation, and what is said of one that cannot be read. */
#ifndef SONDE_PACKET_NOTATION_ATOM_H
#define SONDE_PACKET_NOTATION_ATOM_H

#include "packet/notation.h"

/* Where a value stands, for errors. */
struct sonde_value_place {
	struct sonde_spec *spec;
	const struct sonde_notation_env *env;
	const struct sonde_proto *proto;
	int layer;      /* from 1 */
	const char *token;
	size_t column;  /* of the token */
	uint64_t by;    /* the number by which names are looked up, where the field has one */
	struct sonde_error *e;
};

/* Read all of s (len bytes) as one value: a number, an address with or without a zone, a name that the field has, or
 * the name of a host. Returns 0, or fills w->e. */
int sonde_atom_read(const struct sonde_value_place *w, struct sonde_value *v, const struct sonde_field *row,
		    const char *s, size_t len);

/* Fill w->e: s, which is part of w->token, is no value of row, and why. Returns code. */
int sonde_atom_refuse(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s,
		      size_t len, const char *why);

/* The same, where code says why as sonde_value_parse returned it. */
int sonde_atom_refuse_value(const struct sonde_value_place *w, int code, const struct sonde_field *row, const char *s,
			    size_t len);

#endif
