/* The Internet checksum (RFC 1071), its update (RFC 1624), and CRC32c (RFC 3309). */
#ifndef SONDE_BASE_CHECKSUM_H
#define SONDE_BASE_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

/* The ones' complement sum of v as big-endian 16-bit words, odd lengths padded with a zero byte, added to sum. The
 * result is not folded: chunks of even length add up. Start with 0. Sums of up to 2^32 chunks fit. */
uint64_t sonde_sum(uint64_t sum, struct sonde_view v);

/* Fold a sum into 16 bits, carries added until none is left. */
static inline uint16_t sonde_sum_fold(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)sum;
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
