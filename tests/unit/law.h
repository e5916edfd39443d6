/* The law of the notation, on any bytes: what is printed builds the bytes again. */
#ifndef SONDE_TESTS_LAW_H
#define SONDE_TESTS_LAW_H

#include "proto/proto.h"

#include "tests/unit/unit.h"

#define LAW_MAX_TEXT (1 << 20)

/* Read len bytes of a frame that had wire_len, print it, read the text, build it, and fail the test unless the bytes
 * are the same. On the way every checksum is judged and every open field asked for. The bytes are read from memory of
 * exactly their size. Returns the text, which stays until the next call. */
const char *law_check(const uint8_t *data, size_t len, size_t wire_len, struct sonde_id first);

/* By what a protocol is announced as the first of a frame: its link type, or else any number of its. */
struct sonde_id law_first(const struct sonde_proto *proto);

#endif
