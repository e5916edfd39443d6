/* Captures written to files, as pcapng. */
#ifndef SONDE_IO_FILE_WRITE_H
#define SONDE_IO_FILE_WRITE_H

#include <stdint.h>

#include "base/error.h"
#include "capture/pcapng_write.h"
#include "capture/record.h"

struct sonde_writer;

/* Create (or empty) the file at path, "-" for standard output, and begin it with the section header. The texts are
 * copied. Returns 0; SONDE_E_RANGE (pcapng_write.h); or a negated errno. *out is for sonde_writer_close. */
int sonde_writer_open(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s,
	struct sonde_error *e);

/* Add a line to the section's comment: what is known only when the file is there already. Returns 0; SONDE_E_ORDER
 * when an interface was described or the section was handed over, which nothing changes any more; SONDE_E_RANGE when
 * the comment would be over 65535 bytes; or -ENOMEM. */
int sonde_writer_note(struct sonde_writer *w, struct sonde_view line, struct sonde_error *e);

/* The number of the interface with this name and link type, described in the file when it is new there. */
int sonde_writer_interface(uint32_t *number, struct sonde_writer *w, const struct sonde_pcapng_interface *i,
	struct sonde_error *e);

/* Add a frame; r->interface is a number that sonde_writer_interface gave, else SONDE_E_UNKNOWN; SONDE_E_KIND when that
 * interface has another link type than r. Statistics likewise. Blocks are kept back until there are 256 KiB of them.
 *
 * When the system refuses to write, every call from then on returns the same negated errno and writes nothing, so that
 * what follows a hole is not taken for the whole. */
int sonde_writer_put(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e);
int sonde_writer_statistics(struct sonde_writer *w, const struct sonde_pcapng_statistics *s, struct sonde_error *e);

/* How many frames were added: the number of the last one, as readers count them from 1. */
uint64_t sonde_writer_frames(const struct sonde_writer *w);

/* Hand over what was kept back. Returns 0 or a negated errno. */
int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e);
/* The same, and close; w is gone whatever comes back. NULL is fine. Standard output stays open. */
int sonde_writer_close(struct sonde_writer *w, struct sonde_error *e);

#endif
