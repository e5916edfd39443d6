/* The Internet checksum (RFC 1071) and CRC32c (RFC 3309). */
#ifndef SONDE_BASE_CHECKSUM_H
#define SONDE_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* A sum is the ones' complement sum of 16-bit words in the byte order of this machine, not yet folded. Chunks of even
 * length may be summed one after the other, and in words of any size: modulo 2^16 - 1, a carry out of 2^16, 2^32 or
 * 2^64 is 1 (RFC 1071, 2). */

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

/* sonde_sum for a few bytes: with a constant len, two instructions for eight of them. */
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

/* Add v, padded with a zero byte to an even length. Start with 0. */
static inline uint64_t sonde_sum(uint64_t sum, struct sonde_view v)
{
	return v.len <= 20 ? sonde_sum_few(sum, v.data, v.len) : sonde_sum_many(sum, v.data, v.len);
}

/* Add the bytes of a number of up to 48 bits in network order. */
static inline uint64_t sonde_sum_number(uint64_t sum, uint64_t number)
{
	/* Multiplying by 2^8 swaps the bytes of a folded sum. */
	return sonde_sum_add(sum, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? number << 8 : number);
}

/* Fold into 16 bits. Adding the halves to each other in both orders lets the carry of the lower half reach the upper
 * one, whose result is then complete. */
static inline uint16_t sonde_fold16(uint64_t sum)
{
	sum += sum << 32 | sum >> 32;
	uint32_t half = (uint32_t)(sum >> 32);
	half += half << 16 | half >> 16;
	return (uint16_t)(half >> 16);
}

/* The folded sum as a number: what is stored in network order. */
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

/* CRC32c (Castagnoli) of v, as SCTP uses it: start with 0, and pass the result for the next chunk. SCTP stores it least
 * significant byte first. */
uint32_t sonde_crc32c(uint32_t crc, struct sonde_view v);

#endif
