/* The right-hand side of field=value: sets, random values, references, patterns, lists. */
#ifndef SONDE_PACKET_NOTATION_VALUE_H
#define SONDE_PACKET_NOTATION_VALUE_H

#include "packet/notation_atom.h"

/* Whether s (len bytes) is written as a reference to another packet: @[name].[layer.]field[+-number]. */
bool sonde_is_ref(const char *s, size_t len);

/* Read the value s (len bytes) of a field into f. Returns 0, or fills w->e. */
int sonde_notation_value(const struct sonde_value_place *w, struct sonde_spec_field *f, const struct sonde_field *row,
			 const char *s, size_t len);

#endif
