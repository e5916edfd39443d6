/* The namespaces that a lab lives in: how a process leaves the machine's own ones. */
#ifndef SONDE_TOOLS_LAB_SPACE_H
#define SONDE_TOOLS_LAB_SPACE_H

#include "base/error.h"

#define LAB_RUN  "/run/sonde"   /* the lab's files, in memory and seen only inside */
#define LAB_PATH LAB_RUN "/bin" /* holds a link to this very command */
#define LAB_NETS "/run/netns"   /* where ip(8) looks for named network namespaces */

/* Take the calling process into mount, network and host name namespaces of its own, and its children-to-be into a
 * process namespace, with a new, empty /run that holds the directories above. Without root this needs a user
 * namespace, in which the caller is root. The network is one without a link to anywhere.
 * Returns 0, or a negated errno with the setting that forbids it in e. */
int lab_space_leave(struct sonde_error *e);

/* Put a file with this text in the place of path, for the lab only; a path that is not there stays so.
 * Returns 0 or a negated errno. */
int lab_space_cover(struct sonde_error *e, const char *path, const char *name, const char *text);

/* Bind the calling process's network namespace to a name in a folder (LAB_NETS: ip-netns(8) lists it). Returns a
 * descriptor of it, which the caller closes, or a negated errno. */
int lab_space_name_net(struct sonde_error *e, const char *folder, const char *name);

/* Give the calling process a host's name, and a /proc and a /sys that show only what is the host's. To be called with
 * the host's network entered, in a child. Returns 0 or a negated errno. */
int lab_space_settle(const char *host_name);

/* Write text to an existing file, of /proc for instance. Returns 0 or a negated errno. */
int lab_space_write(const char *path, const char *text);

#endif
