/* Packets as text beside their bytes, which come from outside this project: what the tests of protocols stand on. */
#ifndef SONDE_TESTS_WIRE_H
#define SONDE_TESTS_WIRE_H

#include "packet/packet.h"

#include "tests/unit/unit.h"

#define WIRE_MAX 4096 /* bytes of the longest packet here */

/* A packet: the text is what printing the bytes gives, and builds them. */
struct wire_row {
	const char *name, *text, *hex;
};

/* The test of a row: the text builds the bytes, the bytes print as the text, and every checksum is right. */
void wire_test(void **state);

/* The same without the checksums: rows that have wrong ones on purpose. */
void wire_test_bytes(void **state);

/* Build what a text says into WIRE_MAX bytes at buffer. Fails the test when it cannot be built. */
void wire_build(struct sonde_packet *out, uint8_t *buffer, const char *text);

/* Index bytes as a capture that starts with a protocol (its link type, or what announces it). */
void wire_read(struct sonde_packet *out, const uint8_t *data, size_t len, const struct sonde_proto *first);

/* Read hex digits (blanks between them are skipped) into WIRE_MAX bytes at out. Returns how many bytes. */
size_t wire_hex(uint8_t *out, const char *hex);

/* Fail the test, with both in hex, unless they are the same. */
void wire_equal(const uint8_t *got, size_t got_len, const uint8_t *want, size_t want_len);

/* Fail the test unless the checksum of the first layer of a protocol in what a text builds is judged so. */
void wire_sum(const char *text, const struct sonde_proto *proto, enum sonde_sum_state want);

#endif
