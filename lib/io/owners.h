/* Which processes have which sockets: the descriptors of all processes, as /proc/PID/fd shows them. Those of other
 * users are shown with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH only. */
#ifndef SONDE_IO_OWNERS_H
#define SONDE_IO_OWNERS_H

#include <stdint.h>

#include "base/error.h"

struct sonde_owner {
	uint32_t pid, inode;
	int fd;
	char process[16]; /* its name, as /proc/PID/comm has it */
	uint32_t next;    /* index + 1 of another one of the same socket, or 0 */
};

struct sonde_owners {
	struct sonde_owner *list; /* by process, then as the kernel lists descriptors */
	uint32_t n, cap;
	uint32_t *slots;   /* by inode: index + 1 of the first owner, or 0 */
	uint32_t n_slots;  /* a power of 2 */
	uint32_t n_hidden; /* processes whose descriptors this one may not see */
};

/* Read all of them. Returns 0 or a negated errno; out is for sonde_owners_free in any case. */
int sonde_owners_read(struct sonde_owners *out, struct sonde_error *e);
void sonde_owners_free(struct sonde_owners *o);

/* The first owner of a socket, and the one behind it; NULL: there is none. */
const struct sonde_owner *sonde_owners_first(const struct sonde_owners *o, uint32_t inode);
const struct sonde_owner *sonde_owners_next(const struct sonde_owners *o, const struct sonde_owner *owner);

#endif
