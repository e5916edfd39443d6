#include "tools/common/output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

int output_close(int status)
{
	bool failed = ferror(stdout) != 0;

	errno = 0;
	if (fflush(stdout) == 0 && !failed)
		return status;
	if (errno == EPIPE)
		return status;
	message_code(errno ? -errno : -EIO, "cannot write the output");
	return STATUS_SYSTEM;
}

bool output_has_colour(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}
