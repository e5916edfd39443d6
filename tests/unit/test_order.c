/* The order of targets: each number once, at any size; its inverse; shards. */
#include "probe/order.h"

#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"

static void each_once(void **state)
{
	static const uint64_t sizes[] = { 1,   2,    3,     4,     5,     7,        8,       9,      255,
					  256, 257, 1000, 65535, 65536, 65537, 1u << 20, 1u << 24,
					  (1u << 24) - 3 };
	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		struct sonde_order o;
		uint64_t n = sizes[k];
		uint8_t *seen = calloc(n, 1);
		assert_non_null(seen);
		sonde_order_init(&o, n, 7 + k);
		for (uint64_t i = 0; i < n; i++) {
			uint64_t v = sonde_order_at(&o, i);
			assert_true(v < n && !seen[v]);
			seen[v] = 1;
		}
		free(seen);
	}
}

static void inverse(void **state)
{
	static const struct {
		uint64_t n;
		unsigned samples;
	} sizes[] = { { 1, 9 },
		      { 2, 9 },
		      { 3, 99 },
		      { 1000, 9999 },
		      { 1u << 24, 200000 },
		      { 1ull << 32, 10000000 },
		      { (1ull << 32) + 12345, 200000 },
		      { SONDE_ORDER_MOST - 1, 200000 },
		      { SONDE_ORDER_MOST, 10000000 } };
	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
		struct sonde_order o;
		uint64_t n = sizes[k].n, v = 1;
		sonde_order_init(&o, n, 99);
		for (unsigned i = 0; i < sizes[k].samples; i++) {
			v = v * 6364136223846793005u + 1442695040888963407u;
			uint64_t place = (v >> 16) % n, number = sonde_order_at(&o, place);
			assert_true(number < n);
			assert_int_equal(sonde_order_find(&o, number), place);
		}
	}
}

static void shards_are_all(void **state)
{
	const uint64_t n = 10007, shards = 4;
	static uint8_t seen[10007];
	struct sonde_order o;
	(void)state;
	sonde_order_init(&o, n, 1);
	for (uint64_t k = 0; k < shards; k++)
		for (uint64_t i = k; i < n; i += shards)
			seen[sonde_order_at(&o, i)]++;
	for (uint64_t i = 0; i < n; i++)
		assert_int_equal(seen[i], 1);
}

/* Neighbours do not stay neighbours, and another seed is another order. */
static void is_mixed(void **state)
{
	struct sonde_order one, other;
	unsigned near = 0, same = 0;
	(void)state;
	sonde_order_init(&one, 65536, 1);
	sonde_order_init(&other, 65536, 2);
	for (uint64_t i = 0; i + 1 < 65536; i++) {
		uint64_t a = sonde_order_at(&one, i), b = sonde_order_at(&one, i + 1);
		near += (a > b ? a - b : b - a) < 64;
		same += sonde_order_at(&other, i) == a;
	}
	/* By chance 128 and 1. */
	assert_in_range(near, 60, 260);
	assert_in_range(same, 0, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_once),
		cmocka_unit_test(inverse),
		cmocka_unit_test(shards_are_all),
		cmocka_unit_test(is_mixed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
