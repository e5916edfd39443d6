/* Single values of fields as text, both ways. */
#ifndef SONDE_PACKET_VALUE_H
#define SONDE_PACKET_VALUE_H

#include "base/text.h"
#include "proto/proto.h"

__extension__ typedef unsigned __int128 sonde_u128;

/* Write the number v of a scalar field. by is the number at .names_by, where the field has one. */
void sonde_value_print(struct sonde_text *t, const struct sonde_field *f, uint64_t v, uint64_t by);

/* Write the bytes of a field: as its kind of address when the length fits, else as hex digits (after 0x where the
 * kind is an address). */
void sonde_bytes_print(struct sonde_text *t, const struct sonde_field *f, struct sonde_view v);

/* Whether bytes are printed as something with colons in it. */
bool sonde_bytes_have_colons(const struct sonde_field *f, struct sonde_view v);

/* A value read from text: a number (scalars and addresses alike; len bytes wide for addresses, 0 for scalars). */
struct sonde_value {
	sonde_u128 number;
	uint8_t len;
};

/* Read the whole of s as one value of the field. by as above. Zones of IPv6 addresses are refused here.
 * Returns 0, SONDE_E_SYNTAX (nothing the field's kind can read), SONDE_E_RANGE (more bits than the field has),
 * SONDE_E_KIND (an address of the other family). */
int sonde_value_parse(struct sonde_value *out, const struct sonde_field *f, uint64_t by, const char *s, size_t len);

/* Whether the whole of s is a name that the field knows. */
bool sonde_value_named(uint64_t *out, const struct sonde_field *f, uint64_t by, const char *s, size_t len);

/* Offer every name that the field knows to a search for the nearest. */
void sonde_value_offer_names(struct sonde_nearest *n, const struct sonde_field *f, uint64_t by);

/* A number as big-endian bytes. */
void sonde_u128_bytes(uint8_t *out, size_t len, sonde_u128 v);

#endif
