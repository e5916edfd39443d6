#include "tools/common/output.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "packet/print.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

/* A file or socket that is opened later would get the number of a closed descriptor, and receive what is printed. The
 * replacement of standard output is read-only, so that writing to it fails; that of standard error discards
 * messages. */
static int fill_closed(void)
{
	static const int modes[] = { O_RDONLY, O_RDONLY, O_WRONLY };
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", modes[fd]) != fd)
			return -errno;
	return 0;
}

/* O_NONBLOCK belongs to all who share the open file: it is opened once more rather than cleared. O_NONBLOCK keeps
 * open(2) from waiting for the reader of a pipe. */
static bool open_again(int fd, int flags)
{
	char path[32];
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	int again = open(path, (flags & (O_ACCMODE | O_APPEND)) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	bool done = again >= 0 && fcntl(again, F_SETFL, flags & ~O_NONBLOCK) == 0 && dup2(again, fd) == fd;
	if (again >= 0)
		close(again);
	return done;
}

static ssize_t write_all(void *cookie, const char *data, size_t len)
{
	int err = files_write(*(const int *)cookie, data, len);
	errno = -err;
	return err ? 0 : (ssize_t)len;
}

/* stdio drops what a descriptor that does not wait cannot take at once. Sockets cannot be opened again: there a stream
 * waits. */
static void make_wait(FILE **stream, int fd)
{
	static const int fds[] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	int flags = fcntl(fd, F_GETFL);
	if (flags < 0 || !(flags & O_NONBLOCK) || open_again(fd, flags))
		return;
	FILE *waiting = fopencookie((void *)(uintptr_t)&fds[fd], "w", (cookie_io_functions_t){ .write = write_all });
	if (waiting)
		*stream = waiting;
}

/* stdio would look at the descriptor before it takes memory of its own, which a sandbox forbids. */
static char buffer[1 << 16];

int output_open(void)
{
	struct stat st;
	int err = fill_closed();

	if (err) {
		message_code(err, "cannot open /dev/null in place of a closed descriptor");
		return STATUS_SYSTEM;
	}
	make_wait(&stdout, STDOUT_FILENO);
	make_wait(&stderr, STDERR_FILENO);
	setvbuf(stderr, NULL, _IONBF, 0);
	bool is_file = fstat(STDOUT_FILENO, &st) < 0 || S_ISREG(st.st_mode);
	setvbuf(stdout, buffer, is_file ? _IOFBF : _IOLBF, sizeof buffer);
	return 0;
}

void output_in_blocks(void)
{
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

int output_width(void)
{
	struct winsize size;
	return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

bool output_has_colour(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

void output_tree(const struct sonde_packet *p)
{
	static char room[SONDE_TREE_ROOM];
	struct sonde_text t = sonde_text(room, sizeof room);
	sonde_print_tree(&t, p);
	fwrite(room, 1, t.len < t.cap ? t.len : t.cap - 1, stdout);
}

/* Why writing failed: stdio keeps that it did, not why, so write again. */
static int cause_of_failure(void)
{
	return write(STDOUT_FILENO, "\n", 1) < 0 ? errno : EIO;
}

int output_close(int status)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return status;
	int cause = errno ? errno : cause_of_failure();
	if (cause == EPIPE)
		return status;
	message_code(-cause, "cannot write the output");
	return STATUS_SYSTEM;
}
