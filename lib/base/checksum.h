/* The Internet checksum (RFC 1071) and CRC32c (RFC 3309). */
#ifndef SONDE_BASE_CHECKSUM_H
#define SONDE_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Sums are ones' complement sums of 16-bit words in the order of this machine, not folded: chunks of even length add
 * up. Words of any size and order of bytes give the same sum, for 2^16, 2^32 and 2^64 leave the same remainder when
 * they are divided by 2^16 - 1: a carry counts as 1 (RFC 1071, 2). */

/* Add a word of up to 64 bits. */
static inline uint64_t sonde_sum_add(uint64_t sum, uint64_t word)
{
	return __builtin_add_overflow(sum, word, &sum) ? sum + 1 : sum;
}

/* Add the eight bytes at p. */
static inline uint64_t sonde_sum_8(uint64_t sum, const uint8_t *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return sonde_sum_add(sum, word);
}

/* sonde_sum for any number of bytes. */
uint64_t sonde_sum_many(uint64_t sum, const uint8_t *p, size_t len);

/* sonde_sum for a few bytes: where len is a constant, two instructions for each eight. */
static inline uint64_t sonde_sum_few(uint64_t sum, const uint8_t *p, size_t len)
{
	uint32_t half;
	uint16_t quarter;
	for (; len >= 8; len -= 8, p += 8)
		sum = sonde_sum_8(sum, p);
	if (len & 4) {
		memcpy(&half, p, 4);
		sum = sonde_sum_add(sum, half);
		p += 4;
	}
	if (len & 2) {
		memcpy(&quarter, p, 2);
		sum = sonde_sum_add(sum, quarter);
		p += 2;
	}
	if (len & 1) {
		quarter = 0;
		memcpy(&quarter, p, 1);
		sum = sonde_sum_add(sum, quarter);
	}
	return sum;
}

/* The sum of v, a zero byte added to odd lengths, added to sum. Start with 0. */
static inline uint64_t sonde_sum(uint64_t sum, struct sonde_view v)
{
	return v.len <= 20 ? sonde_sum_few(sum, v.data, v.len) : sonde_sum_many(sum, v.data, v.len);
}

/* Add a number of up to 48 bits, as its bytes are in the order of the network. */
static inline uint64_t sonde_sum_number(uint64_t sum, uint64_t number)
{
	/* To swap the bytes of a folded sum is to multiply it by 2^8. */
	return sonde_sum_add(sum, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? number << 8 : number);
}

/* Fold into 16 bits, carries added until none is left: each step adds the halves twice over, once in either order, so
 * that the carry of the lower sum reaches the upper one. */
static inline uint16_t sonde_fold16(uint64_t sum)
{
	sum += sum << 32 | sum >> 32;
	uint32_t half = (uint32_t)(sum >> 32);
	half += half << 16 | half >> 16;
	return (uint16_t)(half >> 16);
}

/* The number that a folded sum is in the order of the network. */
static inline uint16_t sonde_sum_fold(uint64_t sum)
{
	uint16_t v = sonde_fold16(sum);
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? __builtin_bswap16(v) : v;
}

/* The checksum of v: the complement of the folded sum. */
static inline uint16_t sonde_checksum(struct sonde_view v)
{
	return (uint16_t)~sonde_sum_fold(sonde_sum(0, v));
}

/* CRC32c (Castagnoli) of v, as SCTP has it: start with 0, hand the result back in for the next chunk. The result is
 * a number; SCTP stores it least significant byte first. */
uint32_t sonde_crc32c(uint32_t crc, struct sonde_view v);

#endif
