/* Values of ASN.1 in BER (ITU-T X.690, 8.1): a tag, a length, the value. A length up to 127 is one byte; else its first
 * bit is set, and the byte holds the number of bytes of the length behind it. Private to the sources of lib/proto.
 *
 *    0                   1
 *    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
 *   +---------------+-+-------------+
 *   |      tag      |l|length/lenlen|  length, if l is set
 *   +---------------+-+-------------+
 */
#ifndef SONDE_PROTO_BER_H
#define SONDE_PROTO_BER_H

#include "proto/describe.h"

#define SONDE_BER_LONG     SONDE_FIELD(1, 8, 1)
#define SONDE_BER_LENLEN   SONDE_FIELD(2, 9, 7)
#define SONDE_BER_HEAD_LEN 2 /* bytes up to a short length */

#define SONDE_BER_IS_SHORT .when = SONDE_WHEN_IS_NOT(SONDE_BER_LONG, 1, 1 << 0)
#define SONDE_BER_IS_LONG  .when = SONDE_WHEN_HAS(SONDE_BER_LONG, 1)
#define SONDE_BER_HAS(n)   SONDE_BER_IS_LONG, .and_when = SONDE_WHEN_IS(SONDE_BER_LENLEN, n, 1 << 0)
#define SONDE_BER_NUMBER   .open = SONDE_COMPUTED, .help = "bytes that follow; long=1 lenlen=2 for more than 127"

#define SONDE_BER_LENGTHS  UINT64_C(0xf8) /* marks of the rows with the length: 3 to 7 */

/* The rows behind the tag. */
#define SONDE_BER_ROWS(P)                                                                                              \
	SCALAR("long", P##_LONG, .help = "1: lenlen says how many bytes the length has"),                              \
	SCALAR("lenlen", P##_LENLEN, SONDE_BER_IS_LONG, .help = "bytes of the length"),                                \
	SCALAR("length", P##_LENGTH4, SONDE_BER_HAS(4), SONDE_BER_NUMBER),                                             \
	SCALAR("length", P##_LENGTH3, SONDE_BER_HAS(3), SONDE_BER_NUMBER),                                             \
	SCALAR("length", P##_LENGTH2, SONDE_BER_HAS(2), SONDE_BER_NUMBER),                                             \
	SCALAR("length", P##_LENGTH1, SONDE_BER_HAS(1), SONDE_BER_NUMBER),                                             \
	SCALAR("length", P##_LENGTH, SONDE_BER_IS_SHORT, SONDE_BER_NUMBER)

/* Length of a value with its tag, of which `have` bytes are present; 0: not known. */
uint32_t sonde_ber_len(const uint8_t *header, uint32_t have);

/* Fill the length of the layer; of its header alone, where what follows stands beside it. */
void sonde_ber_finish(const struct sonde_context *c);
void sonde_ber_finish_header(const struct sonde_context *c);

/* An integer with its tag, in as few bytes as possible. */
extern const struct sonde_kind sonde_ber_integer;
int64_t sonde_ber_integer_of(struct sonde_view v);
/* The lower 32 bits of the integer in that field of a header, or 0. */
uint32_t sonde_ber_field(const struct sonde_context *c, sonde_place place);

/* An object identifier with its tag: 1.3.6.1.2.1.1.5.0. */
extern const struct sonde_kind sonde_ber_object;

/* Any value that SNMP has, with its tag: null, int:7, text:abc, oid:1.3.6. The three differ in what they are when they
 * are left out: null, ip:0.0.0.0, ticks:0. */
extern const struct sonde_kind sonde_ber_value, sonde_ber_address, sonde_ber_ticks;

#endif
