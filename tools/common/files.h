/* Files that users name for reading, where "-" is standard input; and plain writing. */
#ifndef SONDE_TOOLS_COMMON_FILES_H
#define SONDE_TOOLS_COMMON_FILES_H

#include <stdbool.h>
#include <stdio.h>

bool files_is_stdin(const char *path);
/* The file as messages call it. */
const char *files_name(const char *path);

/* Open it. Returns NULL after a message. */
FILE *files_open(const char *path);
/* Close what files_open returned, but for standard input. */
void files_close(FILE *in);

/* The whole of a stream, len bytes, with a 0 behind it; the caller frees it. Returns NULL without memory or on a read
 * error (errno). */
char *files_read(FILE *in, size_t *len);

/* Let standard input be one that rewind(3) takes back to its beginning: what comes through a pipe is read to its end,
 * and kept in memory. Returns 0 or an exit status after a message. */
int files_keep_stdin(void);

/* Write all of it to a descriptor. Returns 0 or a negated errno. */
int files_write(int fd, const void *data, size_t len);

#endif
