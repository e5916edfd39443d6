/* The privileges of this process. */
#ifndef SONDE_IO_PRIVILEGE_H
#define SONDE_IO_PRIVILEGE_H

#include <stdbool.h>

#include "base/error.h"

/* Whether CAP_NET_RAW, the capability for raw and packet sockets, is effective. The kernel looks for it in the user
 * namespace that owns the network namespace, so opening a socket can still fail. */
bool sonde_privilege_has_raw(void);

/* Fill e (which may be NULL) with "cannot <what>: need CAP_NET_RAW" and how to get it. Returns -EPERM. */
int sonde_privilege_missing(struct sonde_error *e, const char *what);

/* Give up every capability (effective, permitted, inheritable, ambient) for good: with no_new_privs set, no program
 * that is run has any. The user id stays, and open sockets stay open. Returns 0 or a negated errno. */
int sonde_privilege_drop(struct sonde_error *e);

#endif
