/* What to say of an option that argp does not take. For options.c. */
#ifndef SONDE_TOOLS_COMMON_OPTIONS_MISTAKE_H
#define SONDE_TOOLS_COMMON_OPTIONS_MISTAKE_H

#include <argp.h>
#include <stdbool.h>

#include "base/time.h"
#include "tools/common/options.h"

/* Print what is wrong with the option that argp stopped at: unknown (with the nearest name, or what another tool's
 * habit is called here), the beginning of several, without its value, with one it does not take. rows: all tables of
 * the command, ended by NULL; next: where argp stood. */
void options_unknown(const struct argp_option *const *rows, int argc, char **argv, int next);

/* Print a message, and return true, where the option of this key, with its value or NULL, was given by the beginning of
 * its name. next: where argp stands in argv. */
bool options_abbreviated(const struct argp_option *const *rows, int key, const char *value, char **argv, int next);

/* Print a message, and return true, where the arguments are valid one by one and together show that another tool's
 * meaning is in mind (-q 3). */
bool options_habit(const struct usage *usage, int argc, char **argv);

/* The value of -i, which elsewhere is an interface; of -w, which elsewhere is a time. */
error_t option_interval(sonde_time *out, const char *arg);
error_t option_file(const char **out, const char *arg);

#endif
