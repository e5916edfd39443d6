/* A file, a pipe or standard input that is read from its beginning to its end, decompressed where it is compressed. */
#ifndef SONDE_IO_INPUT_H
#define SONDE_IO_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "io/decompress.h"

/* A file that grows: at its end, more(arg) waits for some time, and says whether to read again. */
struct sonde_input_growth {
	bool (*more)(void *arg);
	void *arg;
};

/* Room for bytes that are read, from malloc(3). */
struct sonde_input_room {
	uint8_t *data;
	size_t cap;
};

/* Who needs bytes for longer than until the next call: before they are overwritten, next(arg, room, need) takes the
 * room that they are in, and puts another one of at least `need` bytes there. Returns false without memory, and takes
 * nothing then. */
struct sonde_input_rooms {
	bool (*next)(void *arg, struct sonde_input_room *room, size_t need);
	void *arg;
};

struct sonde_input {
	int fd;        /* the caller's */
	struct sonde_input_growth growth; /* more NULL: it does not grow */
	struct sonde_input_rooms rooms;   /* next NULL: there is one room */
	uint8_t *data; /* room of cap bytes; those from start to end were read and wait */
	size_t start, end, cap;
	uint64_t offset;              /* of data[start] in what is read */
	enum sonde_compression compression;
	struct sonde_decompressor *decompressor; /* NULL: it is plain */
	uint8_t *raw;                 /* room for compressed bytes; raw_view of them wait */
	struct sonde_view raw_view;
	uint64_t raw_offset;          /* of the first of them in the file */
	bool may_end;                 /* the compressed stream is complete so far */
	int ended;                    /* 1: at the end; negative: by a code, with a text in what, or NULL */
	const char *what;
};

/* Read from fd, which stays the caller's, and look how it is compressed, by its first bytes. Returns 0 or a negated
 * errno. *in is for sonde_input_close. */
int sonde_input_take(struct sonde_input *in, int fd);
/* The same of a file that grows; NULL: it does not. */
int sonde_input_take_growing(struct sonde_input *in, int fd, const struct sonde_input_growth *g);
void sonde_input_close(struct sonde_input *in);

/* Wait until `need` bytes (SONDE_INPUT_MAX at most) are there, or all that still come. Views of earlier ones end.
 * Returns whether they are there. If not, in->ended says why: 1 or a negated errno; SONDE_E_TRUNCATED or
 * SONDE_E_MALFORMED for a compressed stream that is cut or damaged. */
bool sonde_input_need(struct sonde_input *in, size_t need);
#define SONDE_INPUT_MAX (64u << 20)

/* The bytes that were read and wait. */
static inline struct sonde_view sonde_input_view(const struct sonde_input *in)
{
	return sonde_view(in->data + in->start, in->end - in->start);
}

/* Pass over n of them. */
static inline void sonde_input_skip(struct sonde_input *in, size_t n)
{
	in->start += n;
	in->offset += n;
}

#endif
