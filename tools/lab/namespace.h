/* The namespaces of a lab, and how a process leaves the machine's own for them. */
#ifndef SONDE_TOOLS_LAB_NAMESPACE_H
#define SONDE_TOOLS_LAB_NAMESPACE_H

#include "base/error.h"

#define LAB_RUN  "/run/sonde"   /* the lab's files, in memory and seen only inside */
#define LAB_PATH LAB_RUN "/bin" /* holds a link to this very command */
#define LAB_NETS "/run/netns"   /* where ip(8) looks for named network namespaces */

/* Take the calling process into mount, network and host name namespaces of its own, and its children-to-be into a
 * process namespace, with a new, empty /run that holds the directories above. Without root this takes a user namespace
 * too, in which the caller is root. The network has no interface that leads anywhere.
 * Returns 0, or a negated errno; the hint in e names the setting that forbids it. */
int namespace_leave(struct sonde_error *e);

/* unshare(2). Returns 0 or a negated errno with the reason in e, which names the setting where a limit is reached. */
int namespace_unshare(struct sonde_error *e, int spaces);

/* Give the calling process's network namespace a name in a folder (LAB_NETS: ip-netns(8) lists it). Returns a
 * descriptor of it, which the caller closes, or a negated errno. */
int namespace_name_net(struct sonde_error *e, const char *folder, const char *name);

/* Give the calling process, which is in the host's network, the host's name, and a /proc and a /sys that show only what
 * is the host's. To be called in a child of the process that called namespace_leave. Returns 0 or a negated errno. */
int namespace_enter_host(const char *host_name);

/* Make a file with this text, which everybody may read. Returns 0 or a negated errno. */
int namespace_create(const char *path, const char *text);

/* Write text to an existing file, of /proc for instance. Returns 0 or a negated errno. */
int namespace_write(const char *path, const char *text);

#endif
