#include "tools/common/output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/status.h"

void output_open(void)
{
	struct stat st;

	if (fstat(STDOUT_FILENO, &st) == 0 && !S_ISREG(st.st_mode))
		setvbuf(stdout, NULL, _IOLBF, 0);
}

void output_in_blocks(void)
{
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, NULL, _IOFBF, 1 << 16);
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
