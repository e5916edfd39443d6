/* Colour in what is printed for people. */
#ifndef SONDE_TOOLS_COMMON_COLOUR_H
#define SONDE_TOOLS_COMMON_COLOUR_H

#include <stdbool.h>
#include <stdio.h>

/* Whether it is welcome: a terminal that is not dumb, and NO_COLOR not set (https://no-color.org). */
bool colour_is_welcome(FILE *out);

#endif
