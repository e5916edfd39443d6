#include "base/hash.h"

#include "tests/unit/unit.h"

/* SipHash-2-4 of 00 01 02 ..., as many bytes as the index says, under the key 00 to 0f: vectors_sip64 of the authors'
 * reference implementation. The one of 15 bytes is also in appendix A of the paper. */
static const uint64_t siphash_vectors[64] = {
	0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
	0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
	0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
	0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
	0x3f2acc7f57c29bdb, 0x699ae9f52cbe4794, 0x4bc1b3f0968dd39c, 0xbb6dc91da77961bd,
	0xbed65cf21aa2ee98, 0xd0f2cbb02e3b67c7, 0x93536795e3a33e88, 0xa80c038ccd5ccec8,
	0xb8ad50c6f649af94, 0xbce192de8a85b8ea, 0x17d835b85bbb15f3, 0x2f2e6163076bcfad,
	0xde4daaaca71dc9a5, 0xa6a2506687956571, 0xad87a3535c49ef28, 0x32d892fad841c342,
	0x7127512f72f27cce, 0xa7f32346f95978e3, 0x12e0b01abb051238, 0x15e034d40fa197ae,
	0x314dffbe0815a3b4, 0x027990f029623981, 0xcadcd4e59ef40c4d, 0x9abfd8766a33735c,
	0x0e3ea96b5304a7d0, 0xad0c42d6fc585992, 0x187306c89bc215a9, 0xd4a60abcf3792b95,
	0xf935451de4f21df2, 0xa9538f0419755787, 0xdb9acddff56ca510, 0xd06c98cd5c0975eb,
	0xe612a3cb9ecba951, 0xc766e62cfcadaf96, 0xee64435a9752fe72, 0xa192d576b245165a,
	0x0a8787bf8ecb74b2, 0x81b3e73d20b49b6f, 0x7fa8220ba3b2ecea, 0x245731c13ca42499,
	0xb78dbfaf3a8d83bd, 0xea1ad565322a1a0b, 0x60e61c23a3795013, 0x6606d7e446282b93,
	0x6ca4ecb15c5f91e1, 0x9f626da15c9625f3, 0xe51b38608ef25f57, 0x958a324ceb064572,
};

static void siphash_as_published(void **state)
{
	const struct sonde_key key = { 0x0706050403020100, 0x0f0e0d0c0b0a0908 };
	uint8_t message[64];
	(void)state;
	for (size_t len = 0; len < 64; len++) {
		message[len] = (uint8_t)len;
		assert_int_equal(sonde_siphash(key, sonde_view(message, len)), siphash_vectors[len]);
	}
}

/* What the header promises to shards and resumed runs: nothing but the arguments counts, and each of them does. */
static void random_follows_from_its_arguments(void **state)
{
	uint64_t v = sonde_random(1, 2, 3, 4);
	(void)state;
	assert_int_equal(v, sonde_random(1, 2, 3, 4));
	assert_int_not_equal(v, sonde_random(0, 2, 3, 4));
	assert_int_not_equal(v, sonde_random(1, 0, 3, 4));
	assert_int_not_equal(v, sonde_random(1, 2, 0, 4));
	assert_int_not_equal(v, sonde_random(1, 2, 3, 0));
	assert_int_not_equal(v, sonde_random(1, 2, 4, 3));
}

static void random_is_the_hash_of_its_arguments(void **state)
{
	const uint8_t message[16] = { 5, [7] = 0xaa, [8] = 6, [11] = 0xbb, [12] = 7, [15] = 0xcc };
	uint64_t hash = sonde_siphash(sonde_key_from_seed(9), sonde_view(message, sizeof message));
	(void)state;
	assert_int_equal(sonde_random(9, 0xaa00000000000005, 0xbb000006, 0xcc000007), hash);
}

static void seeds_make_keys_of_their_own(void **state)
{
	(void)state;
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct sonde_key key = sonde_key_from_seed(seed), next = sonde_key_from_seed(seed + 1);
		assert_int_not_equal(key.k0, key.k1);
		assert_int_not_equal(key.k0, next.k0);
		assert_int_not_equal(key.k1, next.k1);
		assert_int_not_equal(key.k1, next.k0);
	}
}

/* Each of the 64 bits is set in half of the numbers: of 10,000, 5,000 with a standard deviation of 50. */
static void random_bits_are_even(void **state)
{
	unsigned set[64] = { 0 };
	(void)state;
	for (uint64_t k = 0; k < 10000; k++) {
		uint64_t v = sonde_random(7, k, 0, 0);
		for (unsigned bit = 0; bit < 64; bit++)
			set[bit] += (unsigned)(v >> bit & 1);
	}
	for (unsigned bit = 0; bit < 64; bit++)
		assert_in_range(set[bit], 4700, 5300);
}

static void random_below_covers_the_range(void **state)
{
	unsigned seen[10] = { 0 };
	(void)state;
	assert_int_equal(sonde_random_below(UINT64_MAX, 0), 0);
	assert_int_equal(sonde_random_below(UINT64_MAX, 1), 0);
	assert_int_equal(sonde_random_below(UINT64_MAX, UINT64_MAX), UINT64_MAX - 1);
	assert_int_equal(sonde_random_below(0, UINT64_MAX), 0);
	for (uint64_t k = 0; k < 10000; k++)
		seen[sonde_random_below(sonde_random(3, k, 0, 0), 10)]++;
	for (unsigned i = 0; i < 10; i++)
		assert_in_range(seen[i], 850, 1150);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, siphash_as_published);
	UNIT_TEST(&u, random_follows_from_its_arguments);
	UNIT_TEST(&u, random_is_the_hash_of_its_arguments);
	UNIT_TEST(&u, seeds_make_keys_of_their_own);
	UNIT_TEST(&u, random_bits_are_even);
	UNIT_TEST(&u, random_below_covers_the_range);
	return unit_run(&u, "hash");
}
