/* Borrowed bytes, bytes being built, and numbers inside bytes. */
#ifndef SONDE_BASE_BYTES_H
#define SONDE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The size of an array parameter that has at least n elements: in C++ just n. */
#ifdef __cplusplus
#define SONDE_AT_LEAST(n) n
#else
#define SONDE_AT_LEAST(n) static n
#endif

/* Borrowed bytes: whoever made the view keeps the bytes alive. */
struct sonde_view {
	const uint8_t *data;
	size_t len; /* bytes */
};

/* Bytes being built in memory that the caller owns. */
struct sonde_buf {
	uint8_t *data;
	size_t len; /* bytes in use */
	size_t cap; /* bytes there is room for */
};

static inline struct sonde_view sonde_view(const void *data, size_t len)
{
	struct sonde_view v = { (const uint8_t *)data, len };
	return v;
}

/* At most len bytes of v from offset on; empty when v ends before. */
static inline struct sonde_view sonde_view_sub(struct sonde_view v, size_t offset, size_t len)
{
	if (offset >= v.len)
		return sonde_view(NULL, 0);
	if (len > v.len - offset)
		len = v.len - offset;
	return sonde_view(v.data + offset, len);
}

static inline bool sonde_view_equal(struct sonde_view a, struct sonde_view b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool sonde_view_is_zero(struct sonde_view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.data[i])
			return false;
	return true;
}

/* Make room for n more bytes, which are not initialised, and return where they start; NULL, and nothing changed, when
 * they do not fit. */
static inline uint8_t *sonde_buf_extend(struct sonde_buf *b, size_t n)
{
	if (n > b->cap - b->len)
		return NULL;
	uint8_t *at = b->data + b->len;
	b->len += n;
	return at;
}

/* Append a copy of v. Returns false, and appends nothing, when it does not fit. */
static inline bool sonde_buf_put(struct sonde_buf *b, struct sonde_view v)
{
	uint8_t *at = sonde_buf_extend(b, v.len);
	if (at && v.len)
		memcpy(at, v.data, v.len);
	return at != NULL;
}

/* Big-endian numbers. Compilers turn each of these into one load or store and a byte swap. */
static inline uint16_t sonde_get_be16(const uint8_t *p)
{
	return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline uint32_t sonde_get_be24(const uint8_t *p)
{
	return (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

static inline uint32_t sonde_get_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline uint64_t sonde_get_be48(const uint8_t *p)
{
	return (uint64_t)sonde_get_be16(p) << 32 | sonde_get_be32(p + 2);
}

static inline uint64_t sonde_get_be64(const uint8_t *p)
{
	return (uint64_t)sonde_get_be32(p) << 32 | sonde_get_be32(p + 4);
}

static inline void sonde_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void sonde_put_be24(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 16);
	p[1] = (uint8_t)(v >> 8);
	p[2] = (uint8_t)v;
}

static inline void sonde_put_be32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

static inline void sonde_put_be48(uint8_t *p, uint64_t v)
{
	sonde_put_be16(p, (uint16_t)(v >> 32));
	sonde_put_be32(p + 2, (uint32_t)v);
}

static inline void sonde_put_be64(uint8_t *p, uint64_t v)
{
	sonde_put_be32(p, (uint32_t)(v >> 32));
	sonde_put_be32(p + 4, (uint32_t)v);
}

/* The number in `width` bits (1 to 64) that start `first` bits into p, most significant bit first, as RFCs draw them.
 * Only the bytes that hold those bits are read; they must not be more than 8. */
static inline __attribute__((always_inline)) uint64_t sonde_bits_get(const uint8_t *p, unsigned first, unsigned width)
{
	p += first / 8;
	if (first % 8 == 0) {
		switch (width) {
		case 8: return p[0];
		case 16: return sonde_get_be16(p);
		case 24: return sonde_get_be24(p);
		case 32: return sonde_get_be32(p);
		case 48: return sonde_get_be48(p);
		case 64: return sonde_get_be64(p);
		default: break;
		}
	}
	unsigned n = (first % 8 + width + 7) / 8; /* bytes that hold them */
	uint64_t v = 0;
	for (unsigned i = 0; i < n; i++)
		v = v << 8 | p[i];
	v >>= n * 8 - first % 8 - width;
	return width == 64 ? v : v & ((UINT64_C(1) << width) - 1);
}

/* Write the low `width` bits of v there. The bits around them stay. */
static inline __attribute__((always_inline)) void sonde_bits_put(uint8_t *p, unsigned first, unsigned width, uint64_t v)
{
	p += first / 8;
	if (first % 8 == 0) {
		switch (width) {
		case 8: p[0] = (uint8_t)v; return;
		case 16: sonde_put_be16(p, (uint16_t)v); return;
		case 24: sonde_put_be24(p, (uint32_t)v); return;
		case 32: sonde_put_be32(p, (uint32_t)v); return;
		case 48: sonde_put_be48(p, v); return;
		case 64: sonde_put_be64(p, v); return;
		default: break;
		}
	}
	unsigned n = (first % 8 + width + 7) / 8;
	unsigned shift = n * 8 - first % 8 - width;
	uint64_t mask = (width == 64 ? ~UINT64_C(0) : (UINT64_C(1) << width) - 1) << shift;
	v = v << shift & mask;
	for (unsigned i = n; i-- > 0; v >>= 8, mask >>= 8)
		p[i] = (uint8_t)((p[i] & ~mask) | v);
}

/* The number in `width` bits (1 to 57, or 64 from a whole byte on) that start `first` bits into p, where bits are
 * counted from the least significant of each byte: a little-endian number. */
static inline __attribute__((always_inline)) uint64_t sonde_little_get(const uint8_t *p, unsigned first, unsigned width)
{
	unsigned n = (first % 8 + width + 7) / 8; /* bytes touched */
	uint64_t v = 0;
	p += first / 8;
	for (unsigned i = n; i-- > 0;)
		v = v << 8 | p[i];
	v >>= first % 8;
	return width == 64 ? v : v & ((UINT64_C(1) << width) - 1);
}

/* Write the low `width` bits of v there; the bits around them stay. */
static inline __attribute__((always_inline)) void sonde_little_put(uint8_t *p, unsigned first, unsigned width,
								    uint64_t v)
{
	unsigned n = (first % 8 + width + 7) / 8;
	uint64_t mask = (width == 64 ? ~UINT64_C(0) : (UINT64_C(1) << width) - 1) << first % 8;
	v = v << first % 8 & mask;
	p += first / 8;
	for (unsigned i = 0; i < n; i++, v >>= 8, mask >>= 8)
		p[i] = (uint8_t)((p[i] & ~mask) | v);
}

#endif
