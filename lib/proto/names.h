/* Names of numbers that are not specific to one protocol. */
#ifndef SONDE_PROTO_NAMES_H
#define SONDE_PROTO_NAMES_H

#include "proto/proto.h"

/* The next-protocol number before nothing, or before a protocol without a description. */
#define SONDE_IP_NO_NEXT    59     /* in IPv6 (RFC 8200, 4.7) */
#define SONDE_ETHER_NO_NEXT 0x88b5 /* a local experiment (IEEE 802) */
#define SONDE_ETHER_MAX_LEN 1500   /* an Ethernet type up to this is a length, and LLC follows (IEEE 802.3, 3.2.6) */

extern const struct sonde_name sonde_ip_names[];    /* IP protocols beyond those in the registry */
extern const struct sonde_name sonde_ether_names[]; /* Ethernet types beyond those in the registry */
extern const struct sonde_name sonde_ppp_names[];   /* PPP protocols */
extern const struct sonde_name sonde_nlpid_names[]; /* network layer protocol identifiers */
extern const struct sonde_name sonde_port_names[];  /* services, by port */
extern const struct sonde_name sonde_sll_pkttypes[]; /* packet types in Linux cooked captures */
extern const struct sonde_name sonde_group_modes[]; /* types of group records (RFC 3376, 4.2.12; RFC 3810, 5.2.12) */

/* The value that has this name (len bytes) in a table. Returns false when it has none. */
bool sonde_name_value(uint32_t *out, const struct sonde_name *table, const char *name, size_t len);

/* The name of a value in a table, or NULL. table may be NULL. */
const char *sonde_name_of(const struct sonde_name *table, uint32_t value);

/* Whether name (len bytes) is one of the words of a blank-separated list, which may be NULL. */
bool sonde_word_in(const char *words, const char *name, size_t len);

#endif
