/* A reader whose bytes stay for longer than until the next call. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"
#include "io/input.h"
#include "tests/unit/unit.h"

#define FRAMES     1500
#define MOST_ROOMS 64
#define FRAME_MAX  3000

struct rooms {
	uint8_t *all[MOST_ROOMS];
	unsigned n;
	size_t least; /* bytes of a room that is handed over */
	bool no_memory;
};

static bool next(void *arg, struct sonde_input_room *room, size_t need)
{
	struct rooms *r = arg;
	size_t cap = need > r->least ? need : r->least;
	if (r->no_memory)
		return false;
	assert_true(r->n < MOST_ROOMS);
	r->all[r->n++] = room->data;
	*room = (struct sonde_input_room){ malloc(cap), cap };
	assert_non_null(room->data);
	return true;
}

static size_t len_of(uint32_t k)
{
	return k * 7919 % FRAME_MAX;
}

static void write_file(const char *path)
{
	static uint8_t bytes[FRAME_MAX];
	const struct sonde_pcapng_section section = { 0 };
	const struct sonde_pcapng_interface interface = { .link = 1 };
	struct sonde_writer *w;
	uint32_t number;
	assert_int_equal(sonde_writer_open(&w, path, &section, false, NULL), 0);
	assert_int_equal(sonde_writer_interface(&number, w, &interface, NULL), 0);
	for (uint32_t k = 0; k < FRAMES; k++) {
		memset(bytes, (int)(k % 251), sizeof bytes);
		const struct sonde_record r = { .bytes = sonde_view(bytes, len_of(k)), .wire_len = FRAME_MAX,
						.link = 1, .interface = number };
		assert_int_equal(sonde_writer_put(w, &r, NULL), 0);
	}
	assert_int_equal(sonde_writer_close(w, NULL), 0);
}

/* Read all frames. Returns how many there are, or a negative code. */
static int read_file(struct sonde_view views[static FRAMES], struct sonde_reader *r)
{
	const struct sonde_record *records;
	int n = 0, got;
	while ((got = sonde_reader_batch(&records, r, NULL)) > 0)
		for (int i = 0; i < got; i++) {
			assert_true(n < FRAMES);
			views[n++] = records[i].bytes;
		}
	return got < 0 ? got : n;
}

static void bytes_stay(void **state)
{
	static const size_t least[] = { 1 << 16, 100000, 1 << 20 };
	static struct sonde_view views[FRAMES];
	char path[40];
	int fd = memfd_create("rooms", 0);
	(void)state;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	write_file(path);
	for (unsigned i = 0; i < sizeof least / sizeof *least; i++) {
		struct rooms rooms = { .least = least[i] };
		const struct sonde_input_rooms keep = { next, &rooms };
		struct sonde_reader *r;
		assert_int_equal(sonde_reader_open(&r, path, NULL, NULL), 0);
		sonde_reader_keep(r, &keep);
		assert_int_equal(read_file(views, r), FRAMES);
		assert_true(rooms.n > 1);
		for (uint32_t k = 0; k < FRAMES; k++) {
			assert_int_equal(views[k].len, len_of(k));
			for (size_t at = 0; at < views[k].len; at++)
				if (views[k].data[at] != k % 251)
					fail_msg("frame %u, byte %zu was overwritten", k, at);
		}
		sonde_reader_close(r);
		while (rooms.n)
			free(rooms.all[--rooms.n]);
	}
	close(fd);
}

static void no_room_is_told(void **state)
{
	static struct sonde_view views[FRAMES];
	char path[40];
	int fd = memfd_create("rooms", 0);
	struct rooms rooms = { .no_memory = true };
	const struct sonde_input_rooms keep = { next, &rooms };
	struct sonde_reader *r;
	(void)state;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	write_file(path);
	assert_int_equal(sonde_reader_open(&r, path, NULL, NULL), 0);
	sonde_reader_keep(r, &keep);
	assert_int_equal(read_file(views, r), -ENOMEM);
	sonde_reader_close(r);
	close(fd);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_TEST(&u, bytes_stay);
	UNIT_TEST(&u, no_room_is_told);
	return unit_run(&u, "io_rooms");
}
