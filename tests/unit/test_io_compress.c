/* Captures that are written compressed: what is in them, also when the run ends before it is done. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/compress.h"
#include "io/file_read.h"
#include "io/file_write.h"

#define FRAME_LEN 1000

static const struct {
	const char *name;
	enum sonde_compression compression;
} files[] = {
	{ "out.pcapng.gz", SONDE_GZIP }, { "out.pcapng.zst", SONDE_ZSTD }, { "out.lz4", SONDE_LZ4 },
	{ "out.pcapng", SONDE_PLAIN },   { "out.gz.pcapng", SONDE_PLAIN }, { "gz", SONDE_PLAIN },
};
#define N_FILES (sizeof files / sizeof *files)

static char folder[] = "/tmp/sonde-compress-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++)
		unlink(files[i].name);
	return chdir("/") | rmdir(folder);
}

/* Bytes that do not compress: every frame has others. */
static void fill(uint8_t bytes[static FRAME_LEN], unsigned n)
{
	uint32_t x = n * 2654435761u + 1;
	for (size_t i = 0; i < FRAME_LEN; i++)
		bytes[i] = (uint8_t)((x = x * 1664525u + 1013904223u) >> 24);
}

static int put_frames(struct sonde_writer *w, unsigned from, unsigned n)
{
	uint8_t bytes[FRAME_LEN];
	const struct sonde_pcapng_interface unnamed = { .link = 1 };
	struct sonde_record r = { .bytes = sonde_view(bytes, FRAME_LEN), .wire_len = FRAME_LEN, .link = 1 };
	int rc = sonde_writer_interface(&r.interface, w, &unnamed, NULL);
	for (unsigned i = from; rc == 0 && i < from + n; i++) {
		fill(bytes, i);
		rc = sonde_writer_put(w, &r, NULL);
	}
	return rc;
}

/* How many frames a capture has, all as fill made them; -1: it does not end with a whole one. */
static int frames_of(const char *name)
{
	struct sonde_reader *r;
	struct sonde_record got;
	uint8_t bytes[FRAME_LEN];
	int n = 0, rc;
	if (sonde_reader_open(&r, name, NULL, NULL))
		return -1;
	while ((rc = sonde_reader_next(&got, r, NULL)) == 1) {
		fill(bytes, (unsigned)n++);
		assert_true(sonde_view_equal(got.bytes, sonde_view(bytes, FRAME_LEN)));
	}
	sonde_reader_close(r);
	return rc == 0 ? n : -1;
}

static enum sonde_compression compression_of(const char *name)
{
	uint8_t first[4];
	FILE *f = fopen(name, "r");
	assert_non_null(f);
	assert_int_equal(fread(first, 1, sizeof first, f), sizeof first);
	fclose(f);
	return sonde_compression_of(sonde_view(first, sizeof first));
}

static struct sonde_writer *open_writer(size_t i)
{
	static const struct sonde_pcapng_section section;
	struct sonde_writer *w;
	assert_int_equal(sonde_writer_open(&w, files[i].name, &section, true, NULL), 0);
	return w;
}

static void the_ending_says_how(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++) {
		struct sonde_writer *w = open_writer(i);
		assert_int_equal(put_frames(w, 0, 1000), 0); /* more than three buffers */
		assert_int_equal(sonde_writer_close(w, NULL), 0);
		assert_int_equal(compression_of(files[i].name), files[i].compression);
		assert_int_equal(frames_of(files[i].name), 1000);
	}
}

static void a_run_that_is_killed_leaves_what_was_flushed(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++) {
		struct sonde_writer *w = open_writer(i);
		assert_int_equal(put_frames(w, 0, 5), 0);
		assert_int_equal(sonde_writer_flush(w, NULL), 0);
		assert_int_equal(put_frames(w, 5, 3), 0);
		assert_int_equal(sonde_writer_flush(w, NULL), 0);
		assert_int_equal(put_frames(w, 8, 3), 0);
		sonde_writer_discard(w);
		assert_int_equal(frames_of(files[i].name), 8);
	}
}

/* What happens at a limit to files of `most` bytes. */
static void write_against_limit(size_t i, rlim_t most)
{
	struct rlimit before, limit;
	struct sonde_error e;
	struct stat st;
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	limit = before;
	limit.rlim_cur = most;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	struct sonde_writer *w = open_writer(i);
	int rc = 0;
	for (unsigned n = 0; rc == 0 && n < 20; n++) {
		rc = put_frames(w, n * 5, 5);
		rc = rc ? rc : sonde_writer_flush(w, &e);
	}
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(rc, -EFBIG);
	uint64_t kept = sonde_writer_kept(w);
	assert_int_equal(sonde_writer_close(w, &e), -EFBIG);
	assert_int_equal(stat(files[i].name, &st), 0);
	assert_true((rlim_t)st.st_size <= most);
	assert_int_equal(frames_of(files[i].name), kept);
	assert_true(kept >= 35 && kept < 50);
}

static void what_does_not_fit_is_cut_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_FILES; i++)
		write_against_limit(i, 45000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		TEST(the_ending_says_how),
		TEST(a_run_that_is_killed_leaves_what_was_flushed),
		TEST(what_does_not_fit_is_cut_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
