/* The privileges of this process: what it may do, and giving it up. */
#ifndef SONDE_IO_PRIVILEGE_H
#define SONDE_IO_PRIVILEGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/* Whether CAP_NET_RAW, the capability for raw and packet sockets, is effective. The kernel looks for it in the user
 * namespace that owns the network namespace, so opening a socket can still fail. */
bool sonde_privilege_has_raw(void);

/* Fill e (which may be NULL) with "cannot <what>: need CAP_NET_RAW" and how to get it. Returns -EPERM. */
int sonde_privilege_missing(struct sonde_error *e, const char *what);

/* The user whom root works for: the one who called sudo (SUDO_UID, SUDO_GID). Returns false when there is none. */
bool sonde_privilege_user(uid_t *uid, gid_t *gid);

/* Look at files as that user (true), or again as this process (false): what only the user may read can be read, and
 * what is created is the user's. Without such a user nothing changes. */
void sonde_privilege_as_user(bool as_user);

#define SONDE_PRIVILEGE_KEEP(cap) (UINT64_C(1) << (cap)) /* a capability of <linux/capability.h> */

/* Give up for good what this process does not need: root becomes the user above, or else nobody (65534), without
 * supplementary groups; the capabilities that are not in keep leave all five sets; and with no_new_privs no program
 * that is run gets any. In a user namespace that has no other user, the user and the groups stay. Open files stay
 * open. Returns 0 or a negated errno. */
int sonde_privilege_drop(uint64_t keep, struct sonde_error *e);

#endif
