/* What the notation asks of the machine: the addresses of names, the interfaces of zones, the contents of files. */
#ifndef SONDE_TOOLS_COMMON_ASKED_H
#define SONDE_TOOLS_COMMON_ASKED_H

#include <stdbool.h>

#include "packet/notation.h"

/* The first address of a host name in a family (SONDE_NO_ADDR: in any). Returns 0, or what gai_strerror(3) explains. */
int asked_name(struct sonde_addr *out, enum sonde_family family, const char *name);

/* Zeroed, it is empty and ready. */
struct asked {
	struct asked_file *files; /* that were read: their contents stay */
};

/* The answers, for the parser; files: whether a text may name files. It stays as long as a. */
struct sonde_notation_env asked_env(struct asked *a, bool files);
void asked_free(struct asked *a);

#endif
