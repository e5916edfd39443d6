/* The Internet checksum (RFC 1071), its update (RFC 1624), and CRC32c (RFC 3309). */
#ifndef SONDE_BASE_CHECKSUM_H
#define SONDE_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* Add the eight bytes at p, in the order of this machine, to *sum. Returns the carry. */
static inline uint64_t sonde_sum_word(uint64_t *sum, const uint8_t *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof word);
	return __builtin_add_overflow(*sum, word, sum);
}

/* Bytes counted as 16-bit words in the order of this machine, not folded. Words of any size add up to the same, for
 * 2^16, 2^32 and 2^64 leave the same remainder: a carry counts as 1 (RFC 1071, 2). For a few bytes. */
static inline uint64_t sonde_sum_few(const uint8_t *p, size_t len)
{
	uint64_t sum = 0, rest = 0;
	uint32_t word;
	uint16_t half;
	for (; len >= 8; len -= 8, p += 8)
		rest += sonde_sum_word(&sum, p);
	if (len & 4) {
		memcpy(&word, p, 4);
		rest += word;
		p += 4;
	}
	if (len & 2) {
		memcpy(&half, p, 2);
		rest += half;
		p += 2;
	}
	if (len & 1) {
		half = 0;
		memcpy(&half, p, 1);
		rest += half;
	}
	return (sum & 0xffffffff) + (sum >> 32) + rest;
}

/* The same for any number of bytes. */
uint64_t sonde_sum_many(const uint8_t *p, size_t len);

/* The ones' complement sum of v as big-endian 16-bit words, odd lengths padded with a zero byte, added to sum. The
 * result is not folded: chunks of even length add up. Start with 0. Sums of up to 2^20 chunks fit. */
static inline uint64_t sonde_sum(uint64_t sum, struct sonde_view v)
{
	/* To swap the bytes of a folded sum is to multiply it by 2^8. */
	const unsigned swap = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 8 : 0;
	return sum + ((v.len <= 20 ? sonde_sum_few(v.data, v.len) : sonde_sum_many(v.data, v.len)) << swap);
}

/* Fold a sum into 16 bits, carries added until none is left: each step adds the halves twice over, once in either order,
 * so that the carry of the lower sum reaches the upper one. */
static inline uint16_t sonde_sum_fold(uint64_t sum)
{
	sum += sum << 32 | sum >> 32;
	uint32_t half = (uint32_t)(sum >> 32);
	half += half << 16 | half >> 16;
	return (uint16_t)(half >> 16);
}

/* The checksum of v: the complement of the folded sum. */
static inline uint16_t sonde_checksum(struct sonde_view v)
{
	return (uint16_t)~sonde_sum_fold(sonde_sum(0, v));
}

/* The checksum after a 16-bit word under it changed from `was` to `is` (RFC 1624, equation 3). */
static inline uint16_t sonde_checksum_update(uint16_t checksum, uint16_t was, uint16_t is)
{
	return (uint16_t)~sonde_sum_fold((uint64_t)(uint16_t)~checksum + (uint16_t)~was + is);
}

/* CRC32c (Castagnoli) of v, as SCTP has it: start with 0, hand the result back in for the next chunk. The result is
 * a number; SCTP stores it least significant byte first. */
uint32_t sonde_crc32c(uint32_t crc, struct sonde_view v);

#endif
