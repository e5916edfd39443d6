#include "base/sha1.h"

#define BLOCK_LEN  64
#define LENGTH_LEN 8
#define N_WORDS    5
#define N_ROUNDS   80

static inline uint32_t rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

/* FIPS 180-4, 4.1.1 and 4.2.1: the function and the constant of round t, added up. */
static inline uint32_t mix(unsigned t, uint32_t x, uint32_t y, uint32_t z)
{
	switch (t / 20) {
	case 0: return ((x & y) ^ (~x & z)) + 0x5a827999;
	case 1: return (x ^ y ^ z) + 0x6ed9eba1;
	case 2: return ((x & y) ^ (x & z) ^ (y & z)) + 0x8f1bbcdc;
	default: return (x ^ y ^ z) + 0xca62c1d6;
	}
}

/* FIPS 180-4, 6.1.2. */
static void add_block(uint32_t h[static N_WORDS], const uint8_t *block)
{
	uint32_t w[N_ROUNDS], s[N_WORDS];
	memcpy(s, h, sizeof s);
	/* Unrolled, the variables change names instead of moving, and each round knows its function. */
	_Pragma("GCC unroll 80") for (unsigned t = 0; t < N_ROUNDS; t++)
	{
		w[t] = t < 16 ? sonde_get_be32(block + 4 * t) : rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
		uint32_t next = rotate(s[0], 5) + mix(t, s[1], s[2], s[3]) + s[4] + w[t];
		s[4] = s[3];
		s[3] = s[2];
		s[2] = rotate(s[1], 30);
		s[1] = s[0];
		s[0] = next;
	}
	for (unsigned i = 0; i < N_WORDS; i++)
		h[i] += s[i];
}

void sonde_sha1(uint8_t out[static SONDE_SHA1_LEN], struct sonde_view v)
{
	uint32_t h[N_WORDS] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0 };
	uint8_t last[2 * BLOCK_LEN] = { 0 };
	size_t whole = v.len / BLOCK_LEN * BLOCK_LEN, rest = v.len - whole;
	size_t padded = rest + 1 + LENGTH_LEN > BLOCK_LEN ? 2 * BLOCK_LEN : BLOCK_LEN;
	for (size_t at = 0; at < whole; at += BLOCK_LEN)
		add_block(h, v.data + at);
	if (rest)
		memcpy(last, v.data + whole, rest);
	/* 5.1.1: a one bit, zeros, and the length in bits. */
	last[rest] = 0x80;
	sonde_put_be64(last + padded - LENGTH_LEN, (uint64_t)v.len * 8);
	for (size_t at = 0; at < padded; at += BLOCK_LEN)
		add_block(h, last + at);
	for (unsigned i = 0; i < N_WORDS; i++)
		sonde_put_be32(out + 4 * i, h[i]);
}
