/* What this process may do, and giving it up. */
#ifndef SONDE_IO_PRIVILEGE_H
#define SONDE_IO_PRIVILEGE_H

#include <stdbool.h>

#include "base/error.h"

/* Whether the capability for raw and packet sockets, CAP_NET_RAW, is in force. It counts in the user namespace that
 * owns the network namespace, so that opening a socket can still fail. */
bool sonde_privilege_has_raw(void);

/* Fill e (which may be NULL): "cannot <what>: need CAP_NET_RAW", with the ways to go on as the hint. Returns -EPERM. */
int sonde_privilege_missing(struct sonde_error *e, const char *what);

/* Give up every capability (effective, permitted, inheritable, ambient) for good: no_new_privs is set, so that running
 * a program brings none back. The user id stays, and what is open stays open. Returns 0 or a negated errno. */
int sonde_privilege_drop(struct sonde_error *e);

#endif
