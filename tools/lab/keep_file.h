/* The files of labs that stay up: where they are, what is in them, and their locks. */
#ifndef SONDE_TOOLS_LAB_KEEP_FILE_H
#define SONDE_TOOLS_LAB_KEEP_FILE_H

#include "tools/lab/keep.h"

/* The user's folder: in XDG_RUNTIME_DIR, in /run/user/UID, or else /tmp/sonde-UID. It is made where it is not there,
 * and refused where it is not the user's alone. Returns a descriptor, or a negated errno with the reason in e. */
int keep_folder(struct sonde_error *e);

/* Open and lock the file of a name, which is made if need be. Returns a descriptor; -EWOULDBLOCK when it is locked, and
 * the lab up; or another negated errno. */
int keep_claim(int folder_fd, const char *name);

/* Write what is known of a lab into its file. Returns 0 or a negated errno. */
int keep_write(int fd, const struct lab *lab, pid_t holder);

/* What is kept beside the file of a lab: what the wire counts, and what the lab's processes have to say. */
enum keep_beside { KEEP_COUNTS, KEEP_SAID };

/* Open such a file, or make it anew. Returns a descriptor or a negated errno. */
int keep_beside(int folder_fd, const char *name, enum keep_beside what, bool anew);

/* Print on stderr what is in a file of KEEP_SAID. Returns whether that was anything. */
bool keep_pass_on(int said_fd);

/* Remove the file of a lab and what is beside it. */
void keep_remove(int folder_fd, const char *name);

/* Read a file. Returns 0; -ENOENT; or another negative code with the reason in e. */
int keep_read(struct kept *out, struct sonde_error *e, int folder_fd, const char *name);

/* Whether a name can be one of a lab: letters, digits, dashes, dots and underscores, a letter or digit first. */
bool keep_is_name(const char *name);

#endif
