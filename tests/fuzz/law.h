/* The law of the notation, as both fuzzers check it: bytes(parse(print(frame))) == frame. Each function aborts, with
 * the print on stderr, when it does not hold. */
#ifndef SONDE_TESTS_FUZZ_LAW_H
#define SONDE_TESTS_FUZZ_LAW_H

#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

#define LAW_MAX_FRAME 65536
#define LAW_NO_LINK   147 /* DLT_USER0: nobody knows what is in there */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A packet that was built and finished: its print, read, builds the same bytes. */
void law_of_built(const struct sonde_packet *p);

/* Bytes of a capture: everything that reads them does so without harm, and the law holds. */
void law_of_frame(struct sonde_view frame, uint32_t wire_len, uint32_t link);

#endif
