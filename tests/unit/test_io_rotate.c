/* Series of files: where one ends, what the next has, which are kept. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"
#include "io/output.h"

#define FRAME_LEN 1000

static char folder[] = "/tmp/sonde-rotate-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static unsigned each_file(int (*act)(const char *))
{
	DIR *d = opendir(".");
	unsigned n = 0;
	for (struct dirent *e; (e = readdir(d));) {
		bool is_file = strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
		if (is_file && act)
			act(e->d_name);
		n += is_file;
	}
	closedir(d);
	return n;
}

static int leave_folder(void **state)
{
	(void)state;
	each_file(unlink);
	return chdir("/") | rmdir(folder);
}

static struct sonde_writer *open_series(const char *path, bool live, struct sonde_rotation r)
{
	const struct sonde_pcapng_section section = { .comment = sonde_view("why", 3) };
	struct sonde_writer *w;
	assert_int_equal(sonde_writer_open_series(&w, path, &section, live, &r, NULL), 0);
	return w;
}

/* Frames of one interface, each a second later than the one before. */
static int put_frames(struct sonde_writer *w, const char *iface, unsigned from, unsigned n)
{
	static uint8_t bytes[FRAME_LEN];
	const struct sonde_pcapng_interface i = { .link = 1, .name = sonde_view(iface, strlen(iface)) };
	struct sonde_record r = { .bytes = sonde_view(bytes, FRAME_LEN), .wire_len = FRAME_LEN, .link = 1 };
	int rc = sonde_writer_interface(&r.interface, w, &i, NULL);
	for (unsigned k = from; rc == 0 && k < from + n; k++) {
		r.time = k * SONDE_S;
		rc = sonde_writer_put(w, &r, NULL);
	}
	return rc;
}

static bool has_comment;

static void look_at_section(void *arg, const struct sonde_pcapng_file *f)
{
	(void)arg;
	struct sonde_view v = f->body;
	for (size_t i = 0; f->type == SONDE_PCAPNG_SECTION_HEADER && i + 3 <= v.len; i++)
		has_comment |= memcmp(v.data + i, "why", 3) == 0;
}

/* How many frames a file has, all of that interface; the first and the last are of these seconds. -1: no whole file. */
static int frames_of(const char *name, const char *iface, unsigned first, unsigned last)
{
	struct sonde_reader *r;
	struct sonde_record got;
	int n = 0, rc;
	if (sonde_reader_open(&r, name, NULL, NULL))
		return -1;
	sonde_reader_on_block(r, look_at_section, NULL);
	while ((rc = sonde_reader_next(&got, r, NULL)) == 1) {
		const struct sonde_pcapng_seen *seen = sonde_reader_interface(r, got.interface);
		assert_true(sonde_view_equal(seen->name, sonde_view(iface, strlen(iface))));
		if (n++ == 0)
			assert_int_equal(got.time, first * SONDE_S);
		assert_true(got.time <= last * SONDE_S);
	}
	if (n)
		assert_int_equal(got.time, last * SONDE_S);
	sonde_reader_close(r);
	return rc == 0 ? n : -1;
}

static void a_file_has_so_many_bytes_at_most(void **state)
{
	struct stat st;
	char name[30];
	unsigned n = 0;
	(void)state;
	struct sonde_writer *w = open_series("out.pcapng", false, (struct sonde_rotation){ .bytes = 10400 });
	assert_int_equal(put_frames(w, "eth0", 0, 50), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	for (unsigned k = 1; k <= 6; k++) {
		snprintf(name, sizeof name, "out-%05u.pcapng", k);
		assert_int_equal(stat(name, &st), 0);
		assert_true(st.st_size <= 10400 && (k == 6 || st.st_size > 9000));
		assert_int_equal(frames_of(name, "eth0", n, k == 6 ? 49 : n + 8), k == 6 ? 5 : 9);
		n += 9;
	}
	assert_int_equal(each_file(NULL), 6);
}

static void one_frame_may_be_more_than_a_file(void **state)
{
	(void)state;
	struct sonde_writer *w = open_series("out", true, (struct sonde_rotation){ .bytes = 100 });
	assert_int_equal(put_frames(w, "eth0", 0, 2), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(frames_of("out-00001", "eth0", 0, 0), 1);
	assert_int_equal(frames_of("out-00002", "eth0", 1, 1), 1);
}

static void time_ends_a_file(void **state)
{
	(void)state;
	struct sonde_writer *w = open_series("a.b.pcapng.gz", true, (struct sonde_rotation){ .time = 10 * SONDE_S });
	assert_int_equal(put_frames(w, "eth0", 100, 15), 0);
	has_comment = false;
	/* Another interface, and time that goes back, begin no file. */
	assert_int_equal(put_frames(w, "eth1", 50, 0), 0);
	assert_int_equal(put_frames(w, "eth1", 123, 1), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(frames_of("a.b-00001.pcapng.gz", "eth0", 100, 109), 10);
	assert_true(has_comment);
	has_comment = false;
	assert_int_equal(frames_of("a.b-00002.pcapng.gz", "eth0", 110, 114), 5);
	assert_true(has_comment);
	assert_int_equal(frames_of("a.b-00003.pcapng.gz", "eth1", 123, 123), 1);
	assert_int_equal(each_file(NULL), 3);
}

static void the_oldest_go(void **state)
{
	(void)state;
	const struct sonde_rotation three = { .time = SONDE_S, .files = 3 };
	struct sonde_writer *w = open_series("out.pcapng", true, three);
	assert_int_equal(put_frames(w, "eth0", 0, 7), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	for (unsigned k = 4; k < 7; k++) {
		char name[30];
		snprintf(name, sizeof name, "out-%05u.pcapng", k + 1);
		assert_int_equal(frames_of(name, "eth0", k, k), 1);
	}
	assert_int_equal(each_file(NULL), 3);
}

static void links_are_replaced_and_not_followed(void **state)
{
	struct stat st;
	FILE *f = fopen("elsewhere", "w");
	(void)state;
	assert_true(f && fputs("before", f) >= 0 && fclose(f) == 0);
	assert_int_equal(symlink("elsewhere", "out-00002"), 0);
	struct sonde_writer *w = open_series("out", true, (struct sonde_rotation){ .time = SONDE_S });
	assert_int_equal(put_frames(w, "eth0", 0, 2), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(lstat("out-00002", &st), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(stat("elsewhere", &st), 0);
	assert_int_equal(st.st_size, 6);
}

/* What ended before the mistake is whole, and counted. */
static void the_next_file_cannot_be_opened(void **state)
{
	struct sonde_error e;
	(void)state;
	struct sonde_writer *w = open_series("out", true, (struct sonde_rotation){ .time = SONDE_S });
	assert_int_equal(put_frames(w, "eth0", 0, 1), 0);
	struct rlimit before, none;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	int rc = put_frames(w, "eth0", 1, 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(rc, -EMFILE);
	assert_int_equal(put_frames(w, "eth0", 2, 1), -EMFILE);
	assert_int_equal(sonde_writer_kept(w), 1);
	assert_int_equal(sonde_writer_close(w, &e), -EMFILE);
	assert_int_equal(frames_of("out-00001", "eth0", 0, 0), 1);
	assert_int_equal(each_file(NULL), 1);
}

static void what_is_discarded_leaves_the_files_before(void **state)
{
	(void)state;
	struct sonde_writer *w = open_series("out", false, (struct sonde_rotation){ .time = SONDE_S });
	assert_int_equal(put_frames(w, "eth0", 0, 2), 0);
	sonde_writer_discard(w);
	assert_int_equal(frames_of("out-00001", "eth0", 0, 0), 1);
	assert_int_equal(each_file(NULL), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter_folder, leave_folder)
	const struct CMUnitTest tests[] = {
		TEST(a_file_has_so_many_bytes_at_most),
		TEST(one_frame_may_be_more_than_a_file),
		TEST(time_ends_a_file),
		TEST(the_oldest_go),
		TEST(links_are_replaced_and_not_followed),
		TEST(the_next_file_cannot_be_opened),
		TEST(what_is_discarded_leaves_the_files_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
