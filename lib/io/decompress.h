/* Decompression of streams: gzip, zstd and lz4 frames, one or several, one behind the other. */
#ifndef SONDE_IO_DECOMPRESS_H
#define SONDE_IO_DECOMPRESS_H

#include "base/bytes.h"

enum sonde_compression { SONDE_PLAIN, SONDE_GZIP, SONDE_ZSTD, SONDE_LZ4 };

/* How a stream that begins with these bytes (4 are enough) is compressed. */
enum sonde_compression sonde_compression_of(struct sonde_view first);
/* gzip, zstd, lz4. */
const char *sonde_compression_name(enum sonde_compression c);

struct sonde_decompressor;

/* Returns 0 or -ENOMEM. *out is for sonde_decompressor_close. It allocates as it reads, and opens nothing. */
int sonde_decompressor_open(struct sonde_decompressor **out, enum sonde_compression c);
void sonde_decompressor_close(struct sonde_decompressor *d); /* NULL is fine */

/* Decompress bytes of *in, which becomes what is left, into the room of out. Call it again, also with nothing in, while
 * out is full. Returns 1; 0 where the stream may end here, a frame being complete; SONDE_E_MALFORMED with a text in
 * *what; or -ENOMEM. */
int sonde_decompress(struct sonde_buf *out, struct sonde_view *in, struct sonde_decompressor *d, const char **what);

#endif
