/* Files that users name for reading ("-": standard input), and writing to descriptors. */
#ifndef SONDE_TOOLS_COMMON_FILES_H
#define SONDE_TOOLS_COMMON_FILES_H

#include <stdbool.h>
#include <stdio.h>

bool files_is_stdin(const char *path);
/* The file as messages call it. */
const char *files_name(const char *path);

/* Refuse to write the file that is read, by whatever names: out is the value of -w, in what is read; NULL is fine.
 * Devices and pipes may be both. Returns 0 or an exit status after a message. */
int files_refuse_itself(const char *out, const char *in);

/* Open it: as the user who called sudo, and where that user may not, as this process. Returns a descriptor, or a
 * negated errno. */
int files_open_fd(const char *path);
/* The same as a stream. Returns NULL after a message. */
FILE *files_open(const char *path);
/* Close what files_open returned, but for standard input. */
void files_close(FILE *in);

#define FILES_LINE_MAX (2u << 20)   /* bytes of a line: the longest frame as escapes fits */
#define FILES_TEXT_MAX (256u << 20) /* bytes of a text */
#define FILES_BUFFER_MAX (256u << 20) /* bytes of piped standard input that is read more than once */

/* The whole of a stream, len bytes, with a 0 behind it; the caller frees it. Returns NULL without memory, on a read
 * error, or when there are more than `most` bytes (errno; EFBIG). */
char *files_read(FILE *in, size_t *len, size_t most);

/* Lines of a stream, one after the other. Zeroed but for the stream, it is ready. */
struct files_lines {
	FILE *in;
	char *line; /* the line at hand, its newline included */
	size_t cap;
};
/* Read the next one. Returns 1; 0 at the end; -EFBIG when it is longer than FILES_LINE_MAX; or another negated
 * errno. */
int files_next_line(struct files_lines *l);
void files_lines_end(struct files_lines *l);

/* Make rewind(3) work on standard input: a pipe is read to its end into memory, FILES_BUFFER_MAX bytes at most. Returns
 * 0 or an exit status after a message. */
int files_buffer_stdin(void);

/* Write all of it to a descriptor. Returns 0 or a negated errno. */
int files_write(int fd, const void *data, size_t len);

#endif
