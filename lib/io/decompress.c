#include "io/decompress.h"

#include <errno.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/error.h"

struct sonde_decompressor {
	const struct format *format;
	z_stream gzip;
	ZSTD_DStream *zstd;
	LZ4F_dctx *lz4;
	bool in_frame;
};

/* open returns 0 or -ENOMEM, step as sonde_decompress. */
struct format {
	const char *name;
	int (*open)(struct sonde_decompressor *d);
	int (*step)(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what);
	void (*close)(struct sonde_decompressor *d);
};

static int fail(const char **what, const char *text)
{
	*what = text;
	return SONDE_E_MALFORMED;
}

/* --- gzip (RFC 1952) ---------------------------------------------------------------------------------------------- */

static int gzip_open(struct sonde_decompressor *d)
{
	return inflateInit2(&d->gzip, 16 + MAX_WBITS) == Z_OK ? 0 : -ENOMEM; /* 16: gzip alone */
}

static void gzip_close(struct sonde_decompressor *d)
{
	inflateEnd(&d->gzip);
}

/* Members follow each other at once, or behind zeros (tapes are padded). */
static bool gzip_begins(struct sonde_view *in, struct sonde_decompressor *d)
{
	size_t zeros = 0;
	while (zeros < in->len && in->data[zeros] == 0)
		zeros++;
	*in = sonde_view_sub(*in, zeros, in->len);
	return in->len > 0 && inflateReset(&d->gzip) == Z_OK;
}

static int gzip_step(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what)
{
	z_stream *z = &d->gzip;
	if (!d->in_frame && !gzip_begins(in, d))
		return 0;
	d->in_frame = true;
	z->next_in = (uint8_t *)(uintptr_t)in->data;
	z->avail_in = (uInt)in->len;
	z->next_out = out->data + out->len;
	z->avail_out = (uInt)(out->cap - out->len);
	int rc = inflate(z, Z_NO_FLUSH);
	out->len = out->cap - z->avail_out;
	*in = sonde_view_sub(*in, in->len - z->avail_in, in->len);
	d->in_frame = rc != Z_STREAM_END;
	if (rc == Z_MEM_ERROR)
		return -ENOMEM;
	if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
		return fail(what, z->msg ? z->msg : zError(rc));
	return d->in_frame;
}

/* --- zstd (RFC 8878) ---------------------------------------------------------------------------------------------- */

static int zstd_open(struct sonde_decompressor *d)
{
	d->zstd = ZSTD_createDStream();
	return d->zstd ? 0 : -ENOMEM;
}

static void zstd_close(struct sonde_decompressor *d)
{
	ZSTD_freeDStream(d->zstd);
}

static int zstd_step(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what)
{
	ZSTD_inBuffer from = { in->data, in->len, 0 };
	ZSTD_outBuffer to = { out->data, out->cap, out->len };
	if (!d->in_frame && in->len == 0)
		return 0;
	size_t rc = ZSTD_decompressStream(d->zstd, &to, &from);
	out->len = to.pos;
	*in = sonde_view_sub(*in, from.pos, in->len);
	if (ZSTD_isError(rc))
		return fail(what, ZSTD_getErrorName(rc));
	d->in_frame = rc != 0;
	return d->in_frame;
}

/* --- lz4 frames --------------------------------------------------------------------------------------------------- */

static int lz4_open(struct sonde_decompressor *d)
{
	return LZ4F_isError(LZ4F_createDecompressionContext(&d->lz4, LZ4F_VERSION)) ? -ENOMEM : 0;
}

static void lz4_close(struct sonde_decompressor *d)
{
	LZ4F_freeDecompressionContext(d->lz4);
}

static int lz4_step(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what)
{
	size_t taken = in->len, given = out->cap - out->len;
	if (!d->in_frame && in->len == 0)
		return 0;
	size_t rc = LZ4F_decompress(d->lz4, out->data + out->len, &given, in->data, &taken, NULL);
	if (LZ4F_isError(rc))
		return fail(what, LZ4F_getErrorName(rc));
	out->len += given;
	*in = sonde_view_sub(*in, taken, in->len);
	d->in_frame = rc != 0;
	return d->in_frame;
}

/* --- All of them -------------------------------------------------------------------------------------------------- */

static const struct format formats[] = {
	[SONDE_PLAIN] = { .name = "plain" },
	[SONDE_GZIP] = { "gzip", gzip_open, gzip_step, gzip_close },
	[SONDE_ZSTD] = { "zstd", zstd_open, zstd_step, zstd_close },
	[SONDE_LZ4] = { "lz4", lz4_open, lz4_step, lz4_close },
};

enum sonde_compression sonde_compression_of(struct sonde_view first)
{
	const uint32_t skippable = 0x184d2a50; /* to 5f: a frame to be skipped, before one of zstd */
	if (first.len >= 2 && first.data[0] == 0x1f && first.data[1] == 0x8b)
		return SONDE_GZIP;
	uint32_t magic = first.len >= 4 ? __builtin_bswap32(sonde_get_be32(first.data)) : 0;
	if (magic == 0xfd2fb528 || (magic & ~UINT32_C(15)) == skippable)
		return SONDE_ZSTD;
	return magic == 0x184d2204 ? SONDE_LZ4 : SONDE_PLAIN;
}

const char *sonde_compression_name(enum sonde_compression c)
{
	return formats[c].name;
}

int sonde_decompressor_open(struct sonde_decompressor **out, enum sonde_compression c)
{
	struct sonde_decompressor *d = *out = calloc(1, sizeof *d);
	if (!d)
		return -ENOMEM;
	d->format = &formats[c];
	int rc = d->format->open(d);
	if (rc < 0) {
		free(d);
		*out = NULL;
	}
	return rc;
}

void sonde_decompressor_close(struct sonde_decompressor *d)
{
	if (d)
		d->format->close(d);
	free(d);
}

int sonde_decompress(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what)
{
	return d->format->step(out, in, d, what);
}
