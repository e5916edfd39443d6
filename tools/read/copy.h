/* sonde read -w: what a capture has, in another file. */
#ifndef SONDE_TOOLS_READ_COPY_H
#define SONDE_TOOLS_READ_COPY_H

#include "io/file_read.h"

struct sonde_writer;

struct copy {
	struct sonde_writer *writer; /* NULL: nothing is copied */
	struct sonde_reader *reader; /* of the file at hand; NULL: a dump */
	uint64_t not_copied;         /* blocks that are no frames, of the other byte order */
};

/* Copy a frame that was read last. Returns 0, or an exit status after a message. */
int copy_record(const struct copy *c, const struct sonde_record *r);
/* Copy a block that is no frame: arg is a struct copy (sonde_reader_on_block). */
void copy_block(void *arg, const struct sonde_pcapng_file *f);

#endif
