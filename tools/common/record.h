/* The file of -w: every command keeps frames in it in the same way. */
#ifndef SONDE_TOOLS_COMMON_RECORD_H
#define SONDE_TOOLS_COMMON_RECORD_H

#include "io/file_write.h"

/* Add a record to the file (NULL: there is none), under the interface of that name (or NULL) and the record's link type.
 * Returns 0, or STATUS_SYSTEM after a message. */
int record_keep(struct sonde_writer *w, const char *iface, const struct sonde_record *r);

#endif
