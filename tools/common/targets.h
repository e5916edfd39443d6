/* Targets as commands take them: names, addresses, prefixes, ranges, files of them. */
#ifndef SONDE_TOOLS_COMMON_TARGETS_H
#define SONDE_TOOLS_COMMON_TARGETS_H

#include <stdint.h>

#include "base/addr.h"
#include "probe/hosts.h"
#include "tools/common/options.h"

#define TARGETS_MAX (1u << 20)

/* Zeroed, it is empty. */
struct targets {
	struct sonde_addr *addrs;
	uint32_t n, cap;
	char **names;       /* of each address, as it was given; NULL: it was given as an address, or none has one */
	char **unresolved;  /* names that have no address */
	uint32_t n_unresolved;
};

/* What a word stands for: the address of a NAME, an ADDR, or the addresses of ADDR/BITS, ADDR-ADDR, ADDR-N. Of an IPv4
 * prefix shorter than 31 bits the network's own and the broadcast address are left out. */
struct target_word {
	struct sonde_span span; /* of 0 addresses: a name that has none, which was told in a message */
	bool is_name;
};
/* Returns 0 or an exit status after a message. */
int targets_read_word(struct target_word *out, const char *word, enum sonde_family family);
/* Call fn with each word of a file, blank-separated, # for comments; "-" is standard input. Returns 0, what fn returned
 * to end it, or an exit status after a message. */
int targets_each_word(const char *path, int (*fn)(void *arg, const char *word), void *arg);

/* Add the addresses of a word. A name without an address is one of .unresolved, after a message. Returns 0 or an exit
 * status after a message. */
int targets_add(struct targets *t, const char *word, enum sonde_family family);
/* Add the words of a file. Returns as above. */
int targets_add_file(struct targets *t, const char *path, enum sonde_family family);
/* Leave out the addresses that a word stands for. Returns as above. */
int targets_exclude(struct targets *t, const char *word, enum sonde_family family);
/* Let each stand once, in the order in which they were first given. Returns as above. */
int targets_unique(struct targets *t);
/* Let each stand so many times, one behind the other: for each of several ports, say. Returns as above. */
int targets_repeat(struct targets *t, uint32_t times);
/* Refuse what needs consent (options.h: --authorised, --broadcast), unless it is given, or this is a lab. Returns 0 or
 * STATUS_USAGE after a message. */
int targets_check(const struct targets *t, const struct options *o);
/* The name that target i was given by, or NULL. */
static inline const char *targets_name(const struct targets *t, uint32_t i)
{
	return t->names ? t->names[i] : NULL;
}
void targets_free(struct targets *t);

/* --- Consent, for targets that are given in another way ---------------------------------------------------------- */

/* Counts the addresses that are somebody else's. Zeroed, it is ready. */
struct consent {
	uint64_t n_foreign;
	struct sonde_addr last;
};
/* Read what consent_check has to know of the machine: before the sandbox, where that is called in one. */
void consent_prepare(void);
/* Whether packets may go to all addresses of a span, as consent_check. */
int consent_check_span(struct consent *c, const struct options *o, const struct sonde_span *span);
/* Whether a packet may go to dst: 0, or STATUS_USAGE after a message. */
int consent_check(struct consent *c, const struct options *o, const struct sonde_addr *dst);

#endif
