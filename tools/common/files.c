#include "tools/common/files.h"

#include <errno.h>
#include <string.h>

#include "tools/common/message.h"

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
