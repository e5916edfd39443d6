/* Diagnostics: one line each, on stderr, with the command's name in front. */
#ifndef SONDE_TOOLS_COMMON_MESSAGE_H
#define SONDE_TOOLS_COMMON_MESSAGE_H

#include "base/error.h"

/* Set the name in front of messages ("sonde send"). The string is kept, not copied. */
void message_name(char *name);

/* Call a function with each message instead of printing it; it copies what it needs. NULL: print them again. */
void message_divert(void (*to)(const char *line));

/* Print "NAME: text". Control characters, which may come with the user's own text, are shown as \xNN, so that it
 * stays one line and the terminal is safe. */
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Print "NAME: text: what the code says"; code as functions of the library return it (a negated errno, or ours). */
void message_code(int code, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Print "NAME: out of memory". Returns STATUS_SYSTEM. */
int message_out_of_memory(void);
/* Returns memory, or where that is NULL ends the program: for tables that grow as long as it runs. */
void *message_need_memory(void *memory);

/* Print "NAME: what (hint)". */
void message_error(const struct sonde_error *e);

#endif
