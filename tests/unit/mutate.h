/* Captures with mistakes in them. */
#ifndef SONDE_TESTS_UNIT_MUTATE_H
#define SONDE_TESTS_UNIT_MUTATE_H

#include <stddef.h>
#include <stdint.h>

#include "tests/unit/unit.h"

#define MUTATED_MOST 65536 /* bytes of one */

/* How many are wanted: SONDE_MUTATIONS, or as many. */
unsigned long mutations(unsigned long usual);

/* Take those of the tests, and those below the folder SONDE_MUTATED. */
void mutate_take_captures(void);
/* Write capture k, of all in turn, with mistakes. Returns its length. */
size_t mutate_capture(uint8_t bytes[static MUTATED_MOST], unsigned long k, uint64_t *random);
/* Make a mistake; bytes of a capture may be put in. */
void mutate(uint8_t *bytes, size_t *len, size_t room, uint64_t *random);

#endif
