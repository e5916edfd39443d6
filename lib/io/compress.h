/* Compression of files by gzip, zstd or lz4, the counterpart of io/decompress.h.
 *
 * What is compressed at once becomes a frame of its own (gzip: a member), and frames stand one behind the other, as
 * gzip(1), zstd(1), lz4(1) and all readers of captures take them. So a file that ends behind any frame is complete. */
#ifndef SONDE_IO_COMPRESS_H
#define SONDE_IO_COMPRESS_H

#include "base/bytes.h"
#include "io/decompress.h"

struct sonde_compressor;

/* How a file of this name is compressed: by its ending, .gz, .zst or .lz4. */
enum sonde_compression sonde_compression_by_name(const char *path);

/* Returns 0 or -ENOMEM. *out is for sonde_compressor_close. It takes memory as it works, and opens nothing. */
int sonde_compressor_open(struct sonde_compressor **out, enum sonde_compression c);
void sonde_compressor_close(struct sonde_compressor *c); /* NULL is fine */

/* Compress all of in to one frame, which *out views until the next call. Returns 0; -ENOMEM; or SONDE_E_RANGE when the
 * library refuses. */
int sonde_compress(struct sonde_view *out, struct sonde_compressor *c, struct sonde_view in);

#endif
