/* Capture files: pcap of all kinds (capture/pcap_read.h) and pcapng (capture/pcapng_read.h), plain or compressed by
 * gzip, zstd or lz4, which their first bytes tell; files, pipes and standard input. They are read in blocks of 512 KiB.
 *
 *	sonde_reader_open(&reader, "a.pcapng", "tcp port 80", &error);
 *	while ((got = sonde_reader_next(&record, reader, &error)) == 1)
 *		...
 *	sonde_reader_close(reader);
 *
 * What is damaged is told, with its offset. Where blocks can be found behind it, reading can go on. */
#ifndef SONDE_IO_FILE_READ_H
#define SONDE_IO_FILE_READ_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/pcapng_read.h"
#include "capture/record.h"

struct sonde_reader;

/* Open the file at path, "-" for standard input, and read its beginning; with a filter, up to the description of its
 * first interface. filter, in libpcap's language, chooses frames; NULL or empty: all. Returns 0; SONDE_E_FORMAT when it
 * is no capture file; SONDE_E_UNSUPPORTED for a version or a link type of one that is not known; SONDE_E_TRUNCATED when
 * it ends within its header; SONDE_E_MALFORMED for damaged compression; SONDE_E_SYNTAX with libpcap's text for a bad
 * filter; or a negated errno. *out is for sonde_reader_close.
 *
 * From then on only read(2) is called, ppoll(2) where a descriptor does not wait by itself, and what malloc(3) needs.
 * Names in filters are looked up anew for each further link type that occurs. */
int sonde_reader_open(struct sonde_reader **out, const char *path, const char *filter, struct sonde_error *e);
void sonde_reader_close(struct sonde_reader *r); /* NULL is fine */

struct sonde_filter;
/* The same from a descriptor that is open for reading, with its name for messages; it and the filter of
 * io/file_filter.h (or NULL) stay the caller's. Nothing is opened, and no name looked up if the filter was compiled
 * for all link types that occur (sonde_filter_prepare_all). */
int sonde_reader_take(struct sonde_reader **out, int fd, const char *name, struct sonde_filter *filter,
		      struct sonde_error *e);

struct sonde_input_growth;
/* The same of a file that grows (io/input.h; NULL: it does not): what is written to it is read when it is there. */
int sonde_reader_take_growing(struct sonde_reader **out, int fd, const char *name, struct sonde_filter *filter,
			      const struct sonde_input_growth *g, struct sonde_error *e);

struct sonde_input_rooms;
/* From now on, bytes of frames stay where they are until rooms->next (io/input.h) was called and whoever is behind it
 * needs them no more; those of the last room, until the reader is closed. */
void sonde_reader_keep(struct sonde_reader *r, const struct sonde_input_rooms *rooms);

/* The next frames that pass the filter: all that are whole in memory, one at least. Returns how many there are, *out
 * having them, which stay until the next call, with what they view; 0 at the end of the file; or, with place and reason
 * in e:
 * SONDE_E_TRUNCATED, SONDE_E_MALFORMED: the file is cut or damaged there;
 * SONDE_E_SYNTAX: libpcap has no such filter for a link type that occurs, and leaves its frames out;
 * or a negated errno. */
int sonde_reader_batch(const struct sonde_record **out, struct sonde_reader *r, struct sonde_error *e);
/* The next frame alone. Returns 1 with *out, and otherwise as sonde_reader_batch. */
int sonde_reader_next(struct sonde_record *out, struct sonde_reader *r, struct sonde_error *e);
/* Whether there may be more behind the mistake that was returned last. Otherwise it is returned again and again. */
bool sonde_reader_goes_on(const struct sonde_reader *r);

/* The interface of a frame of the last call, as the file describes it; names end with a zero byte. NULL: it is not
 * described (a pcap file has none). It stays until the next call. */
const struct sonde_pcapng_seen *sonde_reader_interface(const struct sonde_reader *r, uint32_t number);

/* Have the blocks of a pcapng file handed over that are no frames, in their place between these: sections, interfaces,
 * names, statistics, secrets, custom blocks and any others. file->type and file->body say which it is; they view it
 * during the call. */
typedef void sonde_reader_block(void *arg, const struct sonde_pcapng_file *file);
void sonde_reader_on_block(struct sonde_reader *r, sonde_reader_block *take, void *arg);

/* What was read so far. */
struct sonde_reader_stats {
	uint64_t frames;        /* whether they pass the filter or not */
	uint64_t unfit_times;   /* frames whose time is not within 292 years of 1970: they have none */
	uint64_t skipped_bytes; /* damaged, and passed over */
};
struct sonde_reader_stats sonde_reader_stats(const struct sonde_reader *r);

#endif
