#include "io/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "io/clock.h"

#define BLOCK_BYTES (512 << 10) /* read at once */
#define RAW_BYTES   (128 << 10) /* the same, of compressed bytes */

/* Returns how many bytes were read; 0 at the end; or a negated errno. */
static ssize_t read_some(int fd, uint8_t *at, size_t room)
{
	for (;;) {
		ssize_t n = read(fd, at, room);
		int rc = n < 0 ? -errno : 0;
		/* Standard input may be somebody else's, and not wait by itself. */
		if (rc == -EAGAIN)
			rc = sonde_wait(&(struct sonde_wait){ .fd = fd }, 1, SONDE_FOREVER);
		else if (rc == 0)
			return n;
		if (rc < 0 && rc != -EINTR)
			return rc;
	}
}

/* The same of a file that may grow: 0 only when it does not any more. */
static ssize_t read_on(const struct sonde_input *in, uint8_t *at, size_t room)
{
	ssize_t n;
	do
		n = read_some(in->fd, at, room);
	while (n == 0 && in->growth.more && in->growth.more(in->growth.arg));
	return n;
}

static void read_plain(struct sonde_input *in)
{
	ssize_t n = read_on(in, in->data + in->end, in->cap - in->end);
	if (n > 0)
		in->end += (size_t)n;
	else
		in->ended = n == 0 ? 1 : (int)n;
}

/* Read compressed bytes, of which none wait. */
static void read_raw(struct sonde_input *in)
{
	ssize_t n = read_on(in, in->raw, RAW_BYTES);
	if (n > 0)
		in->raw_view = sonde_view(in->raw, (size_t)n);
	else if (n < 0)
		in->ended = (int)n;
	else
		in->ended = in->may_end ? 1 : SONDE_E_TRUNCATED;
}

static void read_compressed(struct sonde_input *in)
{
	struct sonde_buf out = { in->data, in->end, in->cap };
	size_t had = in->raw_view.len;
	int rc = sonde_decompress(&out, &in->raw_view, in->decompressor, &in->what);
	bool stuck = in->raw_view.len == had && out.len == in->end;
	in->raw_offset += had - in->raw_view.len;
	in->end = out.len;
	in->may_end = rc == 0;
	if (rc == 1 && stuck && in->raw_view.len)
		in->what = "it does not go on", rc = SONDE_E_MALFORMED;
	if (rc < 0)
		in->ended = rc;
	else if (in->raw_view.len == 0 && stuck) /* reading may wait: what was decompressed comes before */
		read_raw(in);
}

/* Go on in another room, with what waits at its beginning. Returns false without memory. */
static bool change_room(struct sonde_input *in, size_t need)
{
	const struct sonde_view waiting = sonde_input_view(in);
	struct sonde_input_room room = { in->data, in->cap };
	if (need > SONDE_INPUT_MAX || !in->rooms.next(in->rooms.arg, &room, need))
		return false;
	if (waiting.len)
		memcpy(room.data, waiting.data, waiting.len);
	in->data = room.data;
	in->cap = room.cap;
	in->start = 0;
	in->end = waiting.len;
	return true;
}

/* Make room behind what waits for `need` bytes in all. Returns false without memory. */
static bool make_room(struct sonde_input *in, size_t need)
{
	size_t waiting = in->end - in->start;
	if (in->cap - in->start >= need && in->end < in->cap)
		return true;
	if (in->rooms.next)
		return change_room(in, need);
	if (waiting && in->start)
		memmove(in->data, in->data + in->start, waiting);
	in->start = 0;
	in->end = waiting;
	if (need <= in->cap && in->end < in->cap)
		return true;
	/* With room to spare, what waits is not moved again for each step. */
	size_t cap = need > BLOCK_BYTES ? need + BLOCK_BYTES : BLOCK_BYTES;
	uint8_t *grown = need <= SONDE_INPUT_MAX ? realloc(in->data, cap) : NULL;
	if (!grown)
		return false;
	in->data = grown;
	in->cap = cap;
	return true;
}

bool sonde_input_need(struct sonde_input *in, size_t need)
{
	while (in->end - in->start < need && !in->ended) {
		if (!make_room(in, need))
			in->ended = -ENOMEM;
		else if (in->decompressor)
			read_compressed(in);
		else
			read_plain(in);
	}
	return in->end - in->start >= need;
}

/* What was read so far is compressed: it becomes the raw bytes. */
static int start_decompressor(struct sonde_input *in)
{
	struct sonde_view first = sonde_input_view(in);
	int rc = sonde_decompressor_open(&in->decompressor, in->compression);
	in->raw = malloc(BLOCK_BYTES);
	if (rc < 0 || !in->raw)
		return -ENOMEM;
	memcpy(in->raw, first.data, first.len);
	in->raw_view = sonde_view(in->raw, first.len);
	in->start = in->end = 0;
	in->ended = 0;
	return 0;
}

int sonde_input_take(struct sonde_input *in, int fd)
{
	return sonde_input_take_growing(in, fd, NULL);
}

int sonde_input_take_growing(struct sonde_input *in, int fd, const struct sonde_input_growth *g)
{
	*in = (struct sonde_input){ .fd = fd };
	if (g)
		in->growth = *g;
	int rc = sonde_input_need(in, 4) || in->ended == 1 ? 0 : in->ended;
	if (rc == 0)
		in->compression = sonde_compression_of(sonde_input_view(in));
	if (rc == 0 && in->compression != SONDE_PLAIN)
		rc = start_decompressor(in);
	if (rc < 0)
		sonde_input_close(in);
	return rc;
}

void sonde_input_close(struct sonde_input *in)
{
	sonde_decompressor_close(in->decompressor);
	free(in->raw);
	free(in->data);
	*in = (struct sonde_input){ .fd = -1 };
}
