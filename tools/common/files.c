#include "tools/common/files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/status.h"

bool files_is_stdin(const char *path)
{
	return strcmp(path, "-") == 0;
}

const char *files_name(const char *path)
{
	return files_is_stdin(path) ? "standard input" : path;
}

FILE *files_open(const char *path)
{
	FILE *in = files_is_stdin(path) ? stdin : fopen(path, "re");
	if (!in)
		message("cannot read %s: %s", path, strerror(errno));
	return in;
}

void files_close(FILE *in)
{
	if (in && in != stdin)
		fclose(in);
}

char *files_read(FILE *in, size_t *len)
{
	size_t cap = 65536;
	char *text = malloc(cap);
	*len = 0;
	while (text) {
		*len += fread(text + *len, 1, cap - *len - 1, in);
		if (*len < cap - 1)
			break;
		char *more = realloc(text, cap *= 2);
		if (!more)
			free(text);
		text = more;
	}
	if (text && ferror(in)) {
		free(text);
		text = NULL;
	}
	if (text)
		text[*len] = 0;
	return text;
}

int files_write(int fd, const void *data, size_t len)
{
	const char *at = data;
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* Returns a descriptor of what was read, or a negated errno. */
static int keep_input(void)
{
	char room[65536];
	ssize_t n = 0;
	int fd = memfd_create("standard input", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : 0;
	while (!err && (n = read(STDIN_FILENO, room, sizeof room)) > 0)
		err = files_write(fd, room, (size_t)n);
	if (!err && n < 0)
		err = -errno;
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int files_keep_stdin(void)
{
	if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0)
		return 0;
	int fd = keep_input();
	int err = fd < 0 ? fd : dup2(fd, STDIN_FILENO) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	if (!err)
		return 0;
	message_code(err, "cannot read standard input");
	return STATUS_SYSTEM;
}
