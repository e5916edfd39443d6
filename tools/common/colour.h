/* Colours of verdicts in text for people. */
#ifndef SONDE_TOOLS_COMMON_COLOUR_H
#define SONDE_TOOLS_COMMON_COLOUR_H

#include <stdio.h>

#include "packet/rules.h"

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_FAIR, COLOUR_BAD };

#define COLOUR_END "\033[0m"

/* What begins a colour, for who knows that there are colours; "" for COLOUR_NONE. COLOUR_END ends it. */
const char *colour_code(enum colour colour);

/* What to print before and after the coloured text: nothing where output_has_colour says so, or for COLOUR_NONE. */
const char *colour_begin(FILE *out, enum colour colour);
const char *colour_end(FILE *out, enum colour colour);

/* open and up are good, closed and unreachable bad, what a filter or a router says lies between. */
enum colour colour_of_state(enum sonde_state s);

#endif
