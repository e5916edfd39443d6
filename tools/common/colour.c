#include "tools/common/colour.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool colour_is_welcome(FILE *out)
{
	const char *no_colour = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return !(no_colour && *no_colour) && term && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}
