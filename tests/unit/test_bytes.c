#include "base/bytes.h"

#include "tests/unit/unit.h"

static bool bit_at(const uint8_t *p, unsigned bit)
{
	return p[bit / 8] >> (7 - bit % 8) & 1;
}

/* The definition of sonde_bits_get: the bits one after the other, most significant first. */
static uint64_t plain_get(const uint8_t *p, unsigned first, unsigned width)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < width; i++)
		v = v << 1 | bit_at(p, first + i);
	return v;
}

static void plain_put(uint8_t *p, unsigned first, unsigned width, uint64_t v)
{
	for (unsigned i = 0; i < width; i++) {
		unsigned bit = first + i;
		uint8_t mask = (uint8_t)(0x80 >> bit % 8);
		bool set = v >> (width - 1 - i) & 1;
		p[bit / 8] = (uint8_t)(set ? p[bit / 8] | mask : p[bit / 8] & ~mask);
	}
}

/* Every place in 24 bytes and every width whose bits lie in 8 bytes, over random bytes: the value read is the plain
 * one, and after a write only those bits differ. */
static void check_bits(unsigned first, unsigned width, uint64_t *random)
{
	uint8_t bytes[24], want[24];
	for (size_t i = 0; i < sizeof bytes; i++)
		want[i] = bytes[i] = (uint8_t)unit_random(random);
	uint64_t v = unit_random(random);
	assert_int_equal(sonde_bits_get(bytes, first, width), plain_get(bytes, first, width));
	sonde_bits_put(bytes, first, width, v);
	plain_put(want, first, width, v);
	assert_memory_equal(bytes, want, sizeof bytes);
}

static void bits_at_every_place_and_width(void **state)
{
	uint64_t random = 11;
	(void)state;
	for (unsigned first = 0; first < 128; first++)
		for (unsigned width = 1; first % 8 + width <= 64; width++)
			for (int round = 0; round < 4; round++)
				check_bits(first, width, &random);
}

/* The three first words of an IPv4 header, read by RFC 791's drawing. */
static void bits_as_rfcs_draw_them(void **state)
{
	const uint8_t ip[12] = { 0x46, 0xb8, 0x05, 0xdc, 0x12, 0x34, 0x60, 0xb9, 0x40, 0x06, 0xab, 0xcd };
	(void)state;
	assert_int_equal(sonde_bits_get(ip, 0, 4), 4);
	assert_int_equal(sonde_bits_get(ip, 4, 4), 6);
	assert_int_equal(sonde_bits_get(ip, 8, 6), 0x2e);
	assert_int_equal(sonde_bits_get(ip, 16, 16), 1500);
	assert_int_equal(sonde_bits_get(ip, 48, 3), 3);
	assert_int_equal(sonde_bits_get(ip, 51, 13), 0xb9);
	assert_int_equal(sonde_bits_get(ip, 72, 8), 6);
}

static void numbers_are_big_endian(void **state)
{
	const uint8_t bytes[8] = { 0x81, 0x02, 0x83, 0x04, 0x85, 0x06, 0x87, 0x08 };
	uint8_t out[8] = { 0 };
	(void)state;
	assert_int_equal(sonde_get_be16(bytes), 0x8102);
	assert_int_equal(sonde_get_be24(bytes), 0x810283);
	assert_int_equal(sonde_get_be32(bytes), 0x81028304);
	assert_int_equal(sonde_get_be48(bytes), 0x810283048506);
	assert_int_equal(sonde_get_be64(bytes), 0x8102830485068708);
	sonde_put_be64(out, 0x8102830485068708);
	assert_memory_equal(out, bytes, 8);
	memset(out, 0, sizeof out);
	sonde_put_be48(out, 0x810283048506);
	assert_memory_equal(out, bytes, 6);
	assert_int_equal(out[6], 0);
	memset(out, 0, sizeof out);
	sonde_put_be24(out, 0x810283);
	assert_memory_equal(out, bytes, 3);
	assert_int_equal(out[3], 0);
}

static void views_stay_inside(void **state)
{
	const uint8_t bytes[4] = { 1, 2, 3, 4 };
	struct sonde_view v = sonde_view(bytes, sizeof bytes);
	(void)state;
	assert_true(sonde_view_equal(sonde_view_sub(v, 1, 2), sonde_view(bytes + 1, 2)));
	assert_int_equal(sonde_view_sub(v, 1, SIZE_MAX).len, 3);
	assert_int_equal(sonde_view_sub(v, 4, 1).len, 0);
	assert_int_equal(sonde_view_sub(v, SIZE_MAX, SIZE_MAX).len, 0);
	assert_true(sonde_view_equal(sonde_view(NULL, 0), sonde_view_sub(v, 9, 9)));
	assert_false(sonde_view_equal(v, sonde_view(bytes, 3)));
	assert_false(sonde_view_equal(sonde_view(bytes, 2), sonde_view(bytes + 1, 2)));
}

static void buffers_refuse_what_does_not_fit(void **state)
{
	uint8_t memory[5] = { 0 };
	struct sonde_buf b = { .data = memory, .cap = 4 };
	(void)state;
	assert_true(sonde_buf_put(&b, sonde_view("abc", 3)));
	assert_false(sonde_buf_put(&b, sonde_view("de", 2)));
	assert_null(sonde_buf_extend(&b, SIZE_MAX));
	assert_int_equal(b.len, 3);
	assert_ptr_equal(sonde_buf_extend(&b, 1), memory + 3);
	assert_true(sonde_buf_put(&b, sonde_view(NULL, 0)));
	assert_int_equal(b.len, 4);
	assert_memory_equal(memory, "abc\0\0", 5);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, bits_at_every_place_and_width);
	UNIT_TEST(&u, bits_as_rfcs_draw_them);
	UNIT_TEST(&u, numbers_are_big_endian);
	UNIT_TEST(&u, views_stay_inside);
	UNIT_TEST(&u, buffers_refuse_what_does_not_fit);
	return unit_run(&u, "bytes");
}
