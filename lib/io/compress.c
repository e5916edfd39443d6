#include "io/compress.h"

#include <errno.h>
#include <lz4frame.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#include "base/error.h"

struct sonde_compressor {
	const struct format *format;
	z_stream gzip;
	ZSTD_CCtx *zstd;
	uint8_t *room; /* of cap bytes: for the frame at hand */
	size_t cap;
};

/* bound: the most bytes that a frame of so many takes. frame fills the room, and returns how much of it, or 0. */
struct format {
	const char *ending;
	int (*open)(struct sonde_compressor *c);
	size_t (*bound)(struct sonde_compressor *c, size_t len);
	size_t (*frame)(struct sonde_compressor *c, struct sonde_view in);
	void (*close)(struct sonde_compressor *c);
};

/* --- gzip (RFC 1952) ---------------------------------------------------------------------------------------------- */

static int gzip_open(struct sonde_compressor *c)
{
	const int gzip = 16 + MAX_WBITS, usual_memory = 8;
	int rc = deflateInit2(&c->gzip, Z_DEFAULT_COMPRESSION, Z_DEFLATED, gzip, usual_memory, Z_DEFAULT_STRATEGY);
	return rc == Z_OK ? 0 : -ENOMEM;
}

static size_t gzip_bound(struct sonde_compressor *c, size_t len)
{
	return deflateBound(&c->gzip, len);
}

static size_t gzip_frame(struct sonde_compressor *c, struct sonde_view in)
{
	z_stream *z = &c->gzip;
	z->next_in = (uint8_t *)(uintptr_t)in.data;
	z->avail_in = (uInt)in.len;
	z->next_out = c->room;
	z->avail_out = (uInt)c->cap;
	bool done = deflateReset(z) == Z_OK && deflate(z, Z_FINISH) == Z_STREAM_END;
	return done ? c->cap - z->avail_out : 0;
}

static void gzip_close(struct sonde_compressor *c)
{
	deflateEnd(&c->gzip);
}

/* --- zstd (RFC 8878) ---------------------------------------------------------------------------------------------- */

static int zstd_open(struct sonde_compressor *c)
{
	c->zstd = ZSTD_createCCtx();
	return c->zstd ? 0 : -ENOMEM;
}

static size_t zstd_bound(struct sonde_compressor *c, size_t len)
{
	(void)c;
	return ZSTD_compressBound(len);
}

static size_t zstd_frame(struct sonde_compressor *c, struct sonde_view in)
{
	size_t n = ZSTD_compressCCtx(c->zstd, c->room, c->cap, in.data, in.len, ZSTD_CLEVEL_DEFAULT);
	return ZSTD_isError(n) ? 0 : n;
}

static void zstd_close(struct sonde_compressor *c)
{
	ZSTD_freeCCtx(c->zstd);
}

/* --- lz4 frames --------------------------------------------------------------------------------------------------- */

static const LZ4F_preferences_t lz4_form = { .frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled };

static int lz4_open(struct sonde_compressor *c)
{
	(void)c;
	return 0;
}

static size_t lz4_bound(struct sonde_compressor *c, size_t len)
{
	(void)c;
	return LZ4F_compressFrameBound(len, &lz4_form);
}

static size_t lz4_frame(struct sonde_compressor *c, struct sonde_view in)
{
	size_t n = LZ4F_compressFrame(c->room, c->cap, in.data, in.len, &lz4_form);
	return LZ4F_isError(n) ? 0 : n;
}

static void lz4_close(struct sonde_compressor *c)
{
	(void)c;
}

/* --- All of them -------------------------------------------------------------------------------------------------- */

static const struct format formats[] = {
	[SONDE_GZIP] = { ".gz", gzip_open, gzip_bound, gzip_frame, gzip_close },
	[SONDE_ZSTD] = { ".zst", zstd_open, zstd_bound, zstd_frame, zstd_close },
	[SONDE_LZ4] = { ".lz4", lz4_open, lz4_bound, lz4_frame, lz4_close },
};

enum sonde_compression sonde_compression_by_name(const char *path)
{
	const char *ending = strrchr(path, '.');
	for (enum sonde_compression c = SONDE_GZIP; ending && c <= SONDE_LZ4; c++)
		if (strcmp(ending, formats[c].ending) == 0)
			return c;
	return SONDE_PLAIN;
}

int sonde_compressor_open(struct sonde_compressor **out, enum sonde_compression compression)
{
	struct sonde_compressor *c = *out = calloc(1, sizeof *c);
	if (!c)
		return -ENOMEM;
	c->format = &formats[compression];
	int rc = c->format->open(c);
	if (rc < 0) {
		free(c);
		*out = NULL;
	}
	return rc;
}

void sonde_compressor_close(struct sonde_compressor *c)
{
	if (!c)
		return;
	c->format->close(c);
	free(c->room);
	free(c);
}

int sonde_compress(struct sonde_view *out, struct sonde_compressor *c, struct sonde_view in)
{
	size_t cap = c->format->bound(c, in.len);
	if (cap > c->cap) {
		uint8_t *grown = realloc(c->room, cap);
		if (!grown)
			return -ENOMEM;
		c->room = grown;
		c->cap = cap;
	}
	size_t len = c->format->frame(c, in);
	*out = sonde_view(c->room, len);
	return len ? 0 : SONDE_E_RANGE;
}
