#include "tools/lab/helper.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/status.h"

static _Noreturn void become(const char *const argv[], int in, int out)
{
	const char *path = getenv("PATH");
	char wider[4096];

	/* The PATH of ordinary users often lacks /usr/sbin, where nft is. */
	snprintf(wider, sizeof(wider), "%s:/usr/sbin:/sbin:/usr/bin:/bin", path ? path : "");
	setenv("PATH", wider, 1);
	setenv("LC_ALL", "C", 1);
	if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0 && dup2(out, STDERR_FILENO) >= 0)
		execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(STATUS_NOT_FOUND);
}

static int explain(struct sonde_error *e, const char *name, int status, int out)
{
	char said[150] = "";

	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return 0;
	if (WIFEXITED(status) && WEXITSTATUS(status) == STATUS_NOT_FOUND) {
		sonde_fail(e, -ENOENT, "cannot run '%s'", name);
		sonde_hint(e, "a lab needs iproute2 and nftables");
		return -ENOENT;
	}
	if (pread(out, said, sizeof(said) - 1, 0) < 0)
		said[0] = 0;
	said[strcspn(said, "\n")] = 0;
	return sonde_fail(e, SONDE_E_LIBRARY, "%s failed: %s", name, said);
}

/* Input and output are files in memory rather than pipes, so that neither side waits for the other. */
int lab_helper(struct sonde_error *e, const char *const argv[], const char *text, size_t len)
{
	int in = memfd_create("in", MFD_CLOEXEC), out = memfd_create("out", MFD_CLOEXEC);
	int status = 0, err = 0;
	pid_t child = -1;

	if (in < 0 || out < 0)
		err = -errno;
	else if (pwrite(in, text, len, 0) != (ssize_t)len)
		err = -ENOSPC;
	else if ((child = fork()) == 0)
		become(argv, in, out);
	if (!err && (child < 0 || waitpid(child, &status, 0) < 0))
		err = -errno;
	err = err ? sonde_fail(e, err, "cannot run '%s': %s", argv[0], sonde_strerror(err))
		  : explain(e, argv[0], status, out);
	if (in >= 0)
		close(in);
	if (out >= 0)
		close(out);
	return err;
}

int lab_batch_open(struct lab_batch *b, struct sonde_error *e)
{
	*b = (struct lab_batch){ 0 };
	b->out = open_memstream(&b->text, &b->len);
	return b->out ? 0 : sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno));
}

int lab_batch_run(struct lab_batch *b, struct sonde_error *e)
{
	static const char *const argv[] = { "ip", "-batch", "-", NULL };

	int err = fclose(b->out) ? sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno)) : 0;
	if (!err && b->len)
		err = lab_helper(e, argv, b->text, b->len);
	free(b->text);
	return err;
}
