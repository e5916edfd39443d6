/* Names of numbers that belong to no single protocol of ours. */
#ifndef SONDE_PROTO_NAMES_H
#define SONDE_PROTO_NAMES_H

#include "proto/proto.h"

extern const struct sonde_name sonde_ip_names[];    /* IP protocols beyond those in the registry */
extern const struct sonde_name sonde_ether_names[]; /* Ethernet types beyond those in the registry */
extern const struct sonde_name sonde_port_names[];  /* services, by port */
extern const struct sonde_name sonde_sll_pkttypes[]; /* to whom a packet was, in Linux cooked captures */

/* The value that has this name (len bytes) in a table. Returns false when it has none. */
bool sonde_name_value(uint32_t *out, const struct sonde_name *table, const char *name, size_t len);

/* The name of a value in a table, or NULL. table may be NULL. */
const char *sonde_name_of(const struct sonde_name *table, uint32_t value);

/* Whether name (len bytes) is one of the words of a blank-separated list, which may be NULL. */
bool sonde_word_in(const char *words, const char *name, size_t len);

#endif
