#include "base/checksum.h"

/* Four independent sums, because each addition has to wait for the carry of the one before. */
uint64_t sonde_sum_many(uint64_t sum, const uint8_t *p, size_t len)
{
	uint64_t b = 0, c = 0, d = 0;
	for (; len >= 64; len -= 64, p += 64) {
		sum = sonde_sum_8(sonde_sum_8(sum, p), p + 32);
		b = sonde_sum_8(sonde_sum_8(b, p + 8), p + 40);
		c = sonde_sum_8(sonde_sum_8(c, p + 16), p + 48);
		d = sonde_sum_8(sonde_sum_8(d, p + 24), p + 56);
	}
	sum = sonde_sum_add(sonde_sum_add(sum, b), sonde_sum_add(c, d));
	return len ? sonde_sum_few(sum, p, len) : sum;
}

/* The CRC is linear: a table's entry for a byte is the exclusive or of the entries for its bits, b0 (the lowest) to b7.
 * The row of table k has the CRC of each of those bits, followed by k zero bytes. */
#define ENTRY(i, b0, b1, b2, b3, b4, b5, b6, b7)                                                                       \
	(((i) & 1 ? b0 : 0) ^ ((i) & 2 ? b1 : 0) ^ ((i) & 4 ? b2 : 0) ^ ((i) & 8 ? b3 : 0) ^ ((i) & 16 ? b4 : 0) ^     \
	 ((i) & 32 ? b5 : 0) ^ ((i) & 64 ? b6 : 0) ^ ((i) & 128 ? b7 : 0))
#define ENTRIES_4(i, ...)                                                                                              \
	ENTRY(i, __VA_ARGS__), ENTRY(i + 1, __VA_ARGS__), ENTRY(i + 2, __VA_ARGS__), ENTRY(i + 3, __VA_ARGS__)
#define ENTRIES_16(i, ...)                                                                                             \
	ENTRIES_4(i, __VA_ARGS__), ENTRIES_4(i + 4, __VA_ARGS__), ENTRIES_4(i + 8, __VA_ARGS__),                       \
		ENTRIES_4(i + 12, __VA_ARGS__)
#define ENTRIES_64(i, ...)                                                                                             \
	ENTRIES_16(i, __VA_ARGS__), ENTRIES_16(i + 16, __VA_ARGS__), ENTRIES_16(i + 32, __VA_ARGS__),                  \
		ENTRIES_16(i + 48, __VA_ARGS__)
#define TABLE(...)                                                                                                     \
	{                                                                                                              \
		ENTRIES_64(0, __VA_ARGS__), ENTRIES_64(64, __VA_ARGS__), ENTRIES_64(128, __VA_ARGS__),                 \
			ENTRIES_64(192, __VA_ARGS__)                                                                   \
	}

/* The polynomial is 0x1edc6f41 (RFC 3309, section 2), lowest bit first 0x82f63b78. */
static const uint32_t tables[8][256] = {
	TABLE(0xf26b8303, 0xe13b70f7, 0xc79a971f, 0x8ad958cf, 0x105ec76f, 0x20bd8ede, 0x417b1dbc, 0x82f63b78),
	TABLE(0x13a29877, 0x274530ee, 0x4e8a61dc, 0x9d14c3b8, 0x3fc5f181, 0x7f8be302, 0xff17c604, 0xfbc3faf9),
	TABLE(0xa541927e, 0x4f6f520d, 0x9edea41a, 0x38513ec5, 0x70a27d8a, 0xe144fb14, 0xc76580d9, 0x8b277743),
	TABLE(0xdd45aab8, 0xbf672381, 0x7b2231f3, 0xf64463e6, 0xe964b13d, 0xd725148b, 0xaba65fe7, 0x52a0c93f),
	TABLE(0x38116fac, 0x7022df58, 0xe045beb0, 0xc5670b91, 0x8f2261d3, 0x1ba8b557, 0x37516aae, 0x6ea2d55c),
	TABLE(0xef306b19, 0xdb8ca0c3, 0xb2f53777, 0x6006181f, 0xc00c303e, 0x85f4168d, 0x0e045beb, 0x1c08b7d6),
	TABLE(0x68032cc8, 0xd0065990, 0xa5e0c5d1, 0x4e2dfd53, 0x9c5bfaa6, 0x3d5b83bd, 0x7ab7077a, 0xf56e0ef4),
	TABLE(0x493c7d27, 0x9278fa4e, 0x211d826d, 0x423b04da, 0x847609b4, 0x0d006599, 0x1a00cb32, 0x34019664),
};

static inline uint32_t crc_byte(uint32_t crc, uint8_t byte)
{
	return crc >> 8 ^ tables[0][(crc ^ byte) & 0xff];
}

/* Eight bytes at a time (Kounavis and Berry, 2005). */
static inline uint32_t crc_8_bytes(uint32_t crc, const uint8_t *p)
{
	return tables[7][(crc ^ p[0]) & 0xff] ^ tables[6][(crc >> 8 ^ p[1]) & 0xff] ^
	       tables[5][(crc >> 16 ^ p[2]) & 0xff] ^ tables[4][crc >> 24 ^ p[3]] ^ tables[3][p[4]] ^
	       tables[2][p[5]] ^ tables[1][p[6]] ^ tables[0][p[7]];
}

uint32_t sonde_crc32c(uint32_t crc, struct sonde_view v)
{
	const uint8_t *p = v.data;
	size_t len = v.len;
	crc = ~crc;
	for (; len >= 8; len -= 8, p += 8)
		crc = crc_8_bytes(crc, p);
	for (; len > 0; len--, p++)
		crc = crc_byte(crc, *p);
	return ~crc;
}
