#include "tools/common/colour.h"

#include "tools/common/output.h"

const char *colour_code(enum colour colour)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "", [COLOUR_GOOD] = "\033[32m", [COLOUR_FAIR] = "\033[33m", [COLOUR_BAD] = "\033[31m"
	};
	return codes[colour];
}

const char *colour_begin(FILE *out, enum colour colour)
{
	return colour != COLOUR_NONE && output_has_colour(out) ? colour_code(colour) : "";
}

const char *colour_end(FILE *out, enum colour colour)
{
	return colour != COLOUR_NONE && output_has_colour(out) ? COLOUR_END : "";
}

enum colour colour_of_state(enum sonde_state s)
{
	switch (s) {
	case SONDE_STATE_OPEN:
	case SONDE_STATE_UP:
	case SONDE_STATE_UNFILTERED: return COLOUR_GOOD;
	case SONDE_STATE_CLOSED:
	case SONDE_STATE_UNREACHABLE: return COLOUR_BAD;
	case SONDE_STATE_FILTERED:
	case SONDE_STATE_OPEN_FILTERED:
	case SONDE_STATE_ON_THE_WAY: return COLOUR_FAIR;
	default: return COLOUR_NONE;
	}
}
