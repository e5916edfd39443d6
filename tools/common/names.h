/* Names of addresses, for people who ask for them with --names. */
#ifndef SONDE_TOOLS_COMMON_NAMES_H
#define SONDE_TOOLS_COMMON_NAMES_H

#include <stddef.h>

#include "base/addr.h"
#include "base/text.h"
#include "packet/match.h"

struct names_entry {
	struct sonde_addr addr;
	char *name; /* NULL: it has none */
};

/* What was looked up so far. Zeroed, it is empty and ready. Where names are not wanted, callers hand NULL about in
 * place of a struct names *, and all addresses are numbers. */
struct names {
	struct names_entry *slots; /* a hash table; family 0: free */
	size_t n, cap;             /* entries; slots, a power of 2 */
};

void names_close(struct names *n);

/* The name of an address as names_addr says, or NULL where it has none. */
const char *names_find(struct names *n, const struct sonde_addr *a);

/* The same as a function of struct sonde_line_style, whose arg is a struct names: append the name. */
bool names_print(void *names, struct sonde_text *t, const struct sonde_addr *a);

#define NAMES_PAIR_STRLEN 600
/* 10.0.0.1:40001 <-> 10.0.0.2:80/tcp, without ports for protocols that have none; with names where n is not NULL.
 * Returns out. */
char *names_pair(char out[static NAMES_PAIR_STRLEN], struct names *n, const struct sonde_pair *pair);

#define NAMES_STRLEN 256 /* the longest name, and the 0 */

/* The address as its name, which the system's resolver (hosts file, DNS) is asked for once, and waited for as long as
 * it takes; without one, with one that is not safe to print, or with n NULL, as numbers. Returns out. */
char *names_addr(char out[static NAMES_STRLEN], struct names *n, const struct sonde_addr *a);

#endif
