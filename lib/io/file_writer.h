/* What the sources of io/file_write.h share. */
#ifndef SONDE_IO_FILE_WRITER_H
#define SONDE_IO_FILE_WRITER_H

#include "io/compress.h"
#include "io/file_write.h"
#include "io/output.h"

#define SONDE_NOT_DESCRIBED UINT32_MAX

struct sonde_writer {
	struct sonde_output output;
	struct sonde_compressor *compressor; /* NULL: it is written plain */
	bool live;
	bool is_pcap;    /* not pcapng; then: */
	bool has_head;   /* the file at hand has its header, */
	uint16_t link;   /* with this link type; */
	uint64_t n_bare; /* frames that lost a time, a direction or comments */
	int rc;          /* of the write that failed */
	char *name; /* for messages */
	struct sonde_buf buf;
	struct sonde_pcapng_section section; /* its texts are ours */
	bool has_written;                    /* the section at least */
	uint32_t n_described;                /* interfaces of the section at hand */
	uint32_t first_snap;                 /* of the first of them, as it was described */
	struct described {
		struct sonde_pcapng_interface i; /* its texts are ours */
		uint32_t number;                 /* in the section; SONDE_NOT_DESCRIBED before its first frame,
						  * whose time decides on an offset */
		bool is_twin;
		uint32_t twin; /* number of the interface for times that do not fit this one's offset, or 0 */
	} *interfaces;
	uint32_t n_interfaces;
	struct sonde_rotation rotation;
	uint64_t bytes_in_file;
	uint64_t n_before;  /* frames of the files before, and */
	sonde_time first;   /* of this one; only with a frame that has a time: */
	bool has_first;
	uint64_t n_frames;  /* added; of these */
	uint64_t n_written; /* not in the buffer any more, and */
	uint64_t n_kept;    /* in a file */
};

/* Make room for a block of `room` bytes: by a flush, and by a larger buffer if the block needs it. */
int sonde_writer_room(struct sonde_writer *w, size_t room, struct sonde_error *e);
/* Fill e for a block that could not be put. Returns rc. */
int sonde_writer_put_fail(struct sonde_writer *w, int rc, struct sonde_error *e);
/* Begin a section. Interfaces are described anew in it. */
int sonde_writer_begin(struct sonde_writer *w, bool has_comment, struct sonde_error *e);

/* Describe an interface in the section at hand. */
int sonde_writer_describe(struct sonde_writer *w, struct described *d, uint32_t snap, struct sonde_error *e);
/* The interface of a frame gets an offset if the time of its first frame needs one. A time that does not fit goes to a
 * second description of the interface, which has the other offset. */
int sonde_writer_choose(struct sonde_record *r, struct sonde_writer *w, struct sonde_error *e);

#endif
