#include "base/checksum.h"

#include <stdlib.h>

#include "tests/unit/unit.h"

static const struct row {
	const char *name;
	const uint8_t *data;
	size_t len;
	uint16_t sum; /* folded, not complemented */
} rows[] = {
	/* RFC 1071, section 3, gives the sum ddf2 for these. */
	{ "rfc_1071_example", (const uint8_t[]){ 0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7 }, 8, 0xddf2 },
	{ "no_bytes", NULL, 0, 0 },
	{ "one_byte_is_the_high_one", (const uint8_t[]){ 0xab }, 1, 0xab00 },
	{ "odd_length", (const uint8_t[]){ 0x12, 0x34, 0x56 }, 3, 0x6834 },
	{ "carry", (const uint8_t[]){ 0xff, 0xff, 0x00, 0x01, 0x00, 0x00 }, 6, 0x0001 },
	{ "all_ones_stay", (const uint8_t[]){ 0xff, 0xff, 0x00, 0x00 }, 4, 0xffff },
	/* 1ffff folds to 10000, which carries again. */
	{ "carry_of_the_carry", (const uint8_t[]){ 0xff, 0xff, 0xff, 0xff, 0x00, 0x01, 0x00, 0x00 }, 8, 0x0001 },
	/* The IPv4 header of the example in Wikipedia's article on it, whose checksum b861 is in place: the sum of a
	 * right header is ffff. */
	{ "whole_ip_header", (const uint8_t[]){ 0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb8, 0x61,
	                                        0xc0, 0xa8, 0x00, 0x01, 0xc0, 0xa8, 0x00, 0xc7 }, 20, 0xffff },
};

static void sum_of_row(void **state)
{
	const struct row *row = *state;
	struct sonde_view v = sonde_view(row->data, row->len);
	assert_int_equal(sonde_sum_fold(sonde_sum(0, v)), row->sum);
	assert_int_equal(sonde_checksum(v), (uint16_t)~row->sum);
}

/* The definition, a word at a time. */
static uint16_t plain_sum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;
	for (size_t i = 0; i < len; i++) {
		sum += i % 2 ? data[i] : (uint32_t)data[i] << 8;
		sum = (sum & 0xffff) + (sum >> 16);
	}
	return (uint16_t)sum;
}

/* In memory of exactly this size, so that ASan sees a read past either end. */
static void check_sum_at(size_t offset, size_t len, uint64_t *random, uint8_t mask)
{
	uint8_t *data = malloc(offset + len + 1);
	assert_non_null(data);
	for (size_t i = 0; i < offset + len; i++)
		data[i] = (uint8_t)unit_random(random) | mask;
	uint8_t *exact = realloc(data, offset + len ? offset + len : 1);
	assert_non_null(exact);
	struct sonde_view v = sonde_view(exact + offset, len);
	assert_int_equal(sonde_sum_fold(sonde_sum(0, v)), plain_sum(exact + offset, len));
	free(exact);
}

static void sum_of_every_length_and_alignment(void **state)
{
	uint64_t random = 1;
	(void)state;
	for (size_t len = 0; len <= 300; len++)
		for (size_t offset = 0; offset < 8; offset++)
			check_sum_at(offset, len, &random, 0);
}

/* With nothing but ones every addition carries. */
static void sum_of_ones(void **state)
{
	uint64_t random = 1;
	(void)state;
	for (size_t len = 0; len <= 300; len++)
		check_sum_at(0, len, &random, 0xff);
	check_sum_at(0, 65536, &random, 0xff);
	check_sum_at(0, 262144, &random, 0xf0);
}

static void chunks_add_up(void **state)
{
	uint8_t data[200];
	uint64_t random = 5;
	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)unit_random(&random);
	for (size_t cut = 0; cut <= sizeof data; cut += 2) {
		uint64_t sum = sonde_sum(0, sonde_view(data, cut));
		sum = sonde_sum(sum, sonde_view(data + cut, sizeof data - cut));
		assert_int_equal(sonde_sum_fold(sum), plain_sum(data, sizeof data));
	}
}

static void fold_until_no_carry(void **state)
{
	(void)state;
	assert_int_equal(sonde_fold16(0), 0);
	assert_int_equal(sonde_fold16(0xffff), 0xffff);
	assert_int_equal(sonde_fold16(0x1fffe), 0xffff);
	assert_int_equal(sonde_fold16(0x1ffff), 0x0001);
	assert_int_equal(sonde_fold16(UINT64_MAX), 0xffff);
	assert_int_equal(sonde_fold16(UINT64_C(0xffff0000ffff0001)), 0x0001);
}

static const struct crc_row {
	const char *name;
	uint8_t data[48];
	size_t len;
	uint32_t crc;
} crc_rows[] = {
	/* RFC 3720, appendix B.4, which prints the CRC's bytes as they are sent, least significant first. */
	{ "crc32c_32_zeros", { 0 }, 32, 0x8a9136aa },
	{ "crc32c_32_ones",
	  { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  32,
	  0x62a8ab43 },
	{ "crc32c_32_rising",
	  { 0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f,
	    0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1d, 0x1e, 0x1f },
	  32,
	  0x46dd794e },
	{ "crc32c_32_falling",
	  { 0x1f, 0x1e, 0x1d, 0x1c, 0x1b, 0x1a, 0x19, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11, 0x10,
	    0x0f, 0x0e, 0x0d, 0x0c, 0x0b, 0x0a, 0x09, 0x08, 0x07, 0x06, 0x05, 0x04, 0x03, 0x02, 0x01, 0x00 },
	  32,
	  0x113fdb5c },
	{ "crc32c_iscsi_read",
	  { 0x01, 0xc0, [16] = 0x14, [22] = 0x04, [27] = 0x14, [31] = 0x18, [32] = 0x28, [40] = 0x02 },
	  48,
	  0xd9963a56 },
	/* The check value of CRC-32/ISCSI in the catalogue of parametrised CRC algorithms. */
	{ "crc32c_check_value", { '1', '2', '3', '4', '5', '6', '7', '8', '9' }, 9, 0xe3069283 },
	{ "crc32c_no_bytes", { 0 }, 0, 0 },
};

static void crc_of_row(void **state)
{
	const struct crc_row *row = *state;
	assert_int_equal(sonde_crc32c(0, sonde_view(row->data, row->len)), row->crc);
}

/* The definition, a bit at a time. */
static uint32_t plain_crc(const uint8_t *data, size_t len)
{
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < len; i++) {
		crc ^= data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static void crc_of_every_length_and_cut(void **state)
{
	uint8_t data[300];
	uint64_t random = 8;
	(void)state;
	for (size_t i = 0; i < sizeof data; i++)
		data[i] = (uint8_t)unit_random(&random);
	for (size_t len = 0; len <= sizeof data; len++) {
		uint32_t crc = sonde_crc32c(0, sonde_view(data, len / 3));
		crc = sonde_crc32c(crc, sonde_view(data + len / 3, len - len / 3));
		assert_int_equal(crc, plain_crc(data, len));
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, sum_of_row, rows);
	UNIT_TEST(&u, sum_of_every_length_and_alignment);
	UNIT_TEST(&u, sum_of_ones);
	UNIT_TEST(&u, chunks_add_up);
	UNIT_TEST(&u, fold_until_no_carry);
	UNIT_ROWS(&u, crc_of_row, crc_rows);
	UNIT_TEST(&u, crc_of_every_length_and_cut);
	return unit_run(&u, "checksum");
}
