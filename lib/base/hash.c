#include "base/hash.h"

struct sip {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t v, int bits)
{
	return v << bits | v >> (64 - bits);
}

static inline void sip_round(struct sip *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 = rotate(s->v2, 32);
}

/* The constants are "somepseudorandomlygeneratedbytes". */
static inline struct sip sip_start(struct sonde_key key)
{
	return (struct sip){
		key.k0 ^ UINT64_C(0x736f6d6570736575),
		key.k1 ^ UINT64_C(0x646f72616e646f6d),
		key.k0 ^ UINT64_C(0x6c7967656e657261),
		key.k1 ^ UINT64_C(0x7465646279746573),
	};
}

static inline void sip_word(struct sip *s, uint64_t word)
{
	s->v3 ^= word;
	sip_round(s);
	sip_round(s);
	s->v0 ^= word;
}

static inline uint64_t sip_end(struct sip *s)
{
	s->v2 ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* A little-endian number of up to 8 bytes. */
static inline uint64_t get_le(const uint8_t *p, size_t len)
{
	uint64_t v = 0;
	for (size_t i = 0; i < len; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

uint64_t sonde_siphash(struct sonde_key key, struct sonde_view v)
{
	struct sip s = sip_start(key);
	const uint8_t *p = v.data;
	size_t len = v.len;
	for (; len >= 8; len -= 8, p += 8)
		sip_word(&s, get_le(p, 8));
	sip_word(&s, (uint64_t)v.len << 56 | get_le(p, len));
	return sip_end(&s);
}

/* SplitMix64 (Steele, Lea and Flood, 2014): each output bit depends on each bit of v. */
static uint64_t mix(uint64_t v)
{
	v += UINT64_C(0x9e3779b97f4a7c15);
	v = (v ^ v >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	v = (v ^ v >> 27) * UINT64_C(0x94d049bb133111eb);
	return v ^ v >> 31;
}

struct sonde_key sonde_key_from_seed(uint64_t seed)
{
	uint64_t k0 = mix(seed);
	return (struct sonde_key){ k0, mix(k0) };
}

/* The hash of k, a and b as 16 little-endian bytes. */
uint64_t sonde_random(uint64_t seed, uint64_t k, uint32_t a, uint32_t b)
{
	struct sip s = sip_start(sonde_key_from_seed(seed));
	sip_word(&s, k);
	sip_word(&s, (uint64_t)b << 32 | a);
	sip_word(&s, UINT64_C(16) << 56);
	return sip_end(&s);
}

uint64_t sonde_random_below(uint64_t v, uint64_t n)
{
	return (uint64_t)((unsigned __int128)v * n >> 64);
}
