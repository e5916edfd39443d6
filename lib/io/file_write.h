/* Writing captures to pcapng files, plain or compressed by gzip, zstd or lz4, as the ending of the name says (.gz,
 * .zst, .lz4).
 *
 * Blocks leave the buffer together, and a compressed file gets a compressed frame of them (io/compress.h): whatever
 * ends the program, the file is complete up to the last flush. The oftener the flush, the larger a compressed file. */
#ifndef SONDE_IO_FILE_WRITE_H
#define SONDE_IO_FILE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/pcapng_write.h"
#include "capture/record.h"

struct sonde_output;
struct sonde_writer;

/* Write to path, "-" for standard output, beginning with the section header, whose texts are copied. A path that ends
 * in .pcap (.pcap.gz and the like) becomes a pcap file: frames of another link type than the first are refused with
 * SONDE_E_KIND, and nothing but frames is written. The file appears under its name, in place of one that is there, when
 * sonde_writer_close has written all of it; or if live, with the first blocks that leave the buffer. Returns 0;
 * SONDE_E_RANGE (pcapng_write.h); -EACCES also for a file or link of another user in a sticky directory that everybody
 * may write to; or another negated errno. *out is for sonde_writer_close or sonde_writer_discard. */
int sonde_writer_open(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s, bool live,
		      struct sonde_error *e);

/* When a file is complete and the next one begins (sonde_output_series): before a frame that would make it larger,
 * or that is so much later than its first. Each file has a section of its own, and the interfaces of its frames. */
struct sonde_rotation {
	uint64_t bytes;     /* of a file, at most; one with a single frame may have more, and a compressed one has
			     * less, for what waits to be written counts as it is; 0: no limit */
	sonde_time time;    /* from the first of its frames on; 0: no limit */
	uint64_t files;     /* that are kept; 0: all */
};
static inline bool sonde_rotates(const struct sonde_rotation *r)
{
	return r->bytes || r->time;
}
/* The same as sonde_writer_open, for a series of files. */
int sonde_writer_open_series(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s,
			     bool live, const struct sonde_rotation *r, struct sonde_error *e);

/* Add a line to the section's comment. Returns 0; SONDE_E_ORDER when an interface was added or the section was written,
 * after which it cannot change; SONDE_E_RANGE when the comment would have over 65535 bytes; or -ENOMEM. */
int sonde_writer_note(struct sonde_writer *w, struct sonde_view line, struct sonde_error *e);

/* Begin another section, with this comment. Interfaces keep their numbers, and are described anew before their next
 * frames. Returns as sonde_writer_put. */
int sonde_writer_section(struct sonde_writer *w, struct sonde_view comment, struct sonde_error *e);

/* The number of the interface with this name and link type, which is added if it is new. It is described in the file
 * before its first frame, and once more if the times of its frames do not fit one offset: before and after 1970. */
int sonde_writer_interface(uint32_t *number, struct sonde_writer *w, const struct sonde_pcapng_interface *i,
			   struct sonde_error *e);

/* Add a frame. One without a time may begin a new section. Returns 0; SONDE_E_UNKNOWN when r->interface is no number
 * that sonde_writer_interface gave; SONDE_E_KIND when that interface has another link type than r; or as
 * sonde_writer_flush. Blocks stay in a buffer until there are 256 KiB of them. Statistics likewise. */
int sonde_writer_put(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e);
int sonde_writer_statistics(struct sonde_writer *w, const struct sonde_pcapng_statistics *s, struct sonde_error *e);
/* Add a block of another type: its body, whose numbers are little-endian. Returns as sonde_writer_put. */
int sonde_writer_block(struct sonde_writer *w, uint32_t type, struct sonde_view body, struct sonde_error *e);

/* Where it writes to: for another process that gives the file its name (sonde_output_namer). */
struct sonde_output *sonde_writer_output(struct sonde_writer *w);

/* How many of them lost their time, their direction or comments, for which pcap has no room. */
uint64_t sonde_writer_bare(const struct sonde_writer *w);
/* How many frames were added: the number of the last one, as readers count them from 1. */
uint64_t sonde_writer_frames(const struct sonde_writer *w);

/* Write what is in the buffer: whole blocks. Returns 0 or a negated errno. When the system refuses, a file is cut back
 * to its last whole block, or if it is compressed to its last flush, and every later call returns the same code and
 * writes nothing. */
int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e);
bool sonde_writer_is_compressed(const struct sonde_writer *w);
/* How many frames wait in the buffer. */
uint64_t sonde_writer_waiting(const struct sonde_writer *w);
/* How many frames there are in files that have their names, or get them by sonde_writer_close. */
uint64_t sonde_writer_kept(const struct sonde_writer *w);
/* Whether a call has returned such a code: a caller that told it need not tell it again at close. */
bool sonde_writer_has_failed(const struct sonde_writer *w);
/* Flush and close; w is gone whatever is returned. After a failure, a file that is not live appears with the whole
 * packets that it has, unless there is one of its name, which stays as it is. Standard output stays open. NULL is fine.
 * Returns 0 or a negated errno. */
int sonde_writer_close(struct sonde_writer *w, struct sonde_error *e);
/* Close without writing what is in the buffer. A file that has not appeared never does. NULL is fine. */
void sonde_writer_discard(struct sonde_writer *w);

#endif
