#include "tools/common/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/privilege.h"
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

static bool is_file(struct stat *st, const char *path, int standard)
{
	int rc = files_is_stdin(path) ? fstat(standard, st) : stat(path, st);
	return rc == 0 && S_ISREG(st->st_mode);
}

int files_refuse_itself(const char *out, const char *in)
{
	struct stat written, read;
	if (!out || !in || !is_file(&written, out, STDOUT_FILENO) || !is_file(&read, in, STDIN_FILENO))
		return 0;
	if (written.st_dev != read.st_dev || written.st_ino != read.st_ino)
		return 0;
	message("-w %s: this file is also read: choose another file", out);
	return STATUS_USAGE;
}

int files_open_fd(const char *path)
{
	if (files_is_stdin(path))
		return STDIN_FILENO;
	sonde_privilege_as_user(true);
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = errno;
	sonde_privilege_as_user(false);
	if (fd < 0 && (err == EACCES || err == EPERM)) {
		fd = open(path, O_RDONLY | O_CLOEXEC);
		err = errno;
	}
	return fd < 0 ? -err : fd;
}

FILE *files_open(const char *path)
{
	int fd = files_open_fd(path);
	FILE *in = fd == STDIN_FILENO ? stdin : fd < 0 ? NULL : fdopen(fd, "r");
	if (!in)
		message("cannot read %s: %s", path, strerror(fd < 0 ? -fd : errno));
	return in;
}

void files_close(FILE *in)
{
	if (in && in != stdin)
		fclose(in);
}

char *files_read(FILE *in, size_t *len, size_t most)
{
	size_t cap = 65536;
	char *text = malloc(cap);
	bool too_long = false;
	*len = 0;
	while (text) {
		*len += fread(text + *len, 1, cap - *len - 1, in);
		too_long = *len > most;
		if (*len < cap - 1 || too_long)
			break;
		char *more = realloc(text, cap *= 2);
		if (!more)
			free(text);
		text = more;
	}
	if (text && (too_long || ferror(in))) {
		errno = too_long ? EFBIG : errno;
		free(text);
		text = NULL;
	}
	if (text)
		text[*len] = 0;
	return text;
}

/* Room for one more character and the 0. Returns 0, -EFBIG or -ENOMEM. */
static int make_room(struct files_lines *l, size_t len)
{
	size_t cap = l->cap ? 2 * l->cap : 4096;
	if (len + 1 < l->cap)
		return 0;
	if (cap > FILES_LINE_MAX)
		return -EFBIG;
	char *more = realloc(l->line, cap);
	if (!more)
		return -ENOMEM;
	l->line = more;
	l->cap = cap;
	return 0;
}

int files_next_line(struct files_lines *l)
{
	size_t len = 0;
	for (int c = 0; c != '\n' && (c = getc_unlocked(l->in)) != EOF;) {
		int err = make_room(l, len);
		if (err)
			return err;
		l->line[len++] = (char)c;
	}
	if (ferror(l->in))
		return errno ? -errno : -EIO;
	if (len)
		l->line[len] = 0;
	return len > 0;
}

void files_lines_end(struct files_lines *l)
{
	free(l->line);
	l->line = NULL;
}

int files_write(int fd, const void *data, size_t len)
{
	const char *at = data;
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		int err = n < 0 ? -errno : 0;
		if (err == -EAGAIN) /* the descriptor is somebody else's as well, and does not wait */
			err = sonde_wait(&(struct sonde_wait){ .fd = fd, .writing = true }, 1, SONDE_FOREVER);
		if (err < 0 && err != -EINTR)
			return err;
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* Returns a descriptor of what was read, or a negated errno. */
static int buffer_input(void)
{
	static char room[65536];
	size_t len = 0;
	ssize_t n = 0;
	int fd = memfd_create("standard input", MFD_CLOEXEC);
	int err = fd < 0 ? -errno : 0;
	while (!err && (n = read(STDIN_FILENO, room, sizeof room)) > 0) {
		len += (size_t)n;
		err = len > FILES_BUFFER_MAX ? -EFBIG : files_write(fd, room, (size_t)n);
	}
	if (!err && n < 0)
		err = -errno;
	if (err && fd >= 0)
		close(fd);
	return err ? err : fd;
}

int files_buffer_stdin(void)
{
	if (lseek(STDIN_FILENO, 0, SEEK_CUR) >= 0)
		return 0;
	int fd = buffer_input();
	int err = fd < 0 ? fd : dup2(fd, STDIN_FILENO) < 0 ? -errno : 0;
	if (fd >= 0)
		close(fd);
	if (!err)
		return 0;
	message_code(err, "cannot read standard input");
	return err == -EFBIG ? STATUS_USAGE : STATUS_SYSTEM;
}
