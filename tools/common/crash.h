/* Crashes told in one line. */
#ifndef SONDE_TOOLS_COMMON_CRASH_H
#define SONDE_TOOLS_COMMON_CRASH_H

struct sonde_writer;

/* From now on, SIGSEGV and its like, and a system call that the sandbox forbids (SIGSYS), end the program with one line
 * on stderr that says what happened, and how many packets of writer (NULL: none) were not written. */
void crash_catch(const struct sonde_writer *writer);

#endif
