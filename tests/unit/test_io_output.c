/* What stands under the name of an output, before it is complete, when it is, and when it cannot be. */
#include "tests/unit/unit.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"

#define FRAME_LEN 1000
#define OTHER     12345 /* the user id of somebody else */

static char folder[] = "/tmp/sonde-output-XXXXXX";

static int enter_folder(void **state)
{
	(void)state;
	memcpy(strrchr(folder, '-') + 1, "XXXXXX", 6);
	return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave_folder(void **state)
{
	DIR *d = opendir(".");
	(void)state;
	for (struct dirent *e; (e = readdir(d));)
		unlink(e->d_name);
	closedir(d);
	return chdir("/") | rmdir(folder);
}

static unsigned count_files(void)
{
	DIR *d = opendir(".");
	unsigned n = 0;
	for (struct dirent *e; (e = readdir(d));)
		n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
	closedir(d);
	return n;
}

static void put_file(const char *name, const char *text, mode_t mode)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(name, mode), 0);
}

static bool file_is(const char *name, const char *text)
{
	char got[40] = "";
	FILE *f = fopen(name, "r");
	if (!f)
		return false;
	size_t n = fread(got, 1, sizeof got - 1, f);
	fclose(f);
	return n == strlen(text) && memcmp(got, text, n) == 0;
}

static int writer_open(struct sonde_writer **w, const char *name, bool live)
{
	static const struct sonde_pcapng_section section;
	return sonde_writer_open(w, name, &section, live, NULL);
}

static int put_frames(struct sonde_writer *w, unsigned n)
{
	static const uint8_t bytes[FRAME_LEN];
	const struct sonde_pcapng_interface unnamed = { .link = 1 };
	struct sonde_record r = { .bytes = sonde_view(bytes, sizeof bytes), .wire_len = sizeof bytes, .link = 1 };
	int rc = sonde_writer_interface(&r.interface, w, &unnamed, NULL);
	for (unsigned i = 0; rc == 0 && i < n; i++)
		rc = sonde_writer_put(w, &r, NULL);
	return rc;
}

/* The frames of a capture that ends with a whole block; -1: it does not, or it is none. */
static int frames_of(const char *name)
{
	struct sonde_reader *r;
	struct sonde_record got;
	int n = 0, rc;
	if (sonde_reader_open(&r, name, NULL, NULL))
		return -1;
	while ((rc = sonde_reader_next(&got, r, NULL)) == 1)
		n++;
	sonde_reader_close(r);
	return rc == 0 ? n : -1;
}

static void a_file_appears_when_it_is_complete(void **state)
{
	struct sonde_writer *w;
	(void)state;
	put_file("out", "before", 0640);
	assert_int_equal(writer_open(&w, "out", false), 0);
	assert_int_equal(put_frames(w, 600), 0); /* more than the buffer takes */
	assert_int_equal(sonde_writer_flush(w, NULL), 0);
	assert_true(file_is("out", "before"));
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(frames_of("out"), 600);
	assert_int_equal(count_files(), 1);
}

static void a_live_file_appears_with_its_first_blocks(void **state)
{
	struct sonde_writer *w;
	(void)state;
	put_file("out", "before", 0640);
	assert_int_equal(writer_open(&w, "out", true), 0);
	assert_int_equal(put_frames(w, 2), 0);
	assert_true(file_is("out", "before"));
	for (int n = 2; n < 6; n += 2) {
		assert_int_equal(sonde_writer_flush(w, NULL), 0);
		assert_int_equal(frames_of("out"), n);
		assert_int_equal(put_frames(w, 2), 0);
	}
	sonde_writer_discard(w);
	assert_int_equal(frames_of("out"), 4);
	assert_int_equal(count_files(), 1);
}

static void what_is_discarded_never_appears(void **state)
{
	struct sonde_writer *w;
	(void)state;
	put_file("out", "before", 0640);
	for (int live = 0; live < 2; live++) {
		assert_int_equal(writer_open(&w, "out", live), 0);
		assert_int_equal(put_frames(w, 2), 0);
		sonde_writer_discard(w);
		assert_true(file_is("out", "before"));
	}
	assert_int_equal(writer_open(&w, "new", false), 0);
	sonde_writer_discard(w);
	sonde_writer_discard(NULL);
	assert_int_equal(count_files(), 1);
}

static void the_mode_is_handed_on(void **state)
{
	struct sonde_writer *w;
	struct stat s;
	(void)state;
	put_file("out", "before", 0604);
	assert_int_equal(writer_open(&w, "out", false), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(stat("out", &s), 0);
	assert_int_equal(s.st_mode & 07777, 0604);
	mode_t mask = umask(027);
	assert_int_equal(writer_open(&w, "new", false), 0);
	umask(mask);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(stat("new", &s), 0);
	assert_int_equal(s.st_mode & 07777, 0640);
}

static void the_owner_is_handed_on(void **state)
{
	struct sonde_writer *w;
	struct stat s;
	(void)state;
	if (geteuid() != 0)
		UNIT_SKIP("needs root");
	put_file("out", "before", 04640);
	assert_int_equal(chown("out", OTHER, OTHER + 1) | chmod("out", 04640), 0);
	assert_int_equal(writer_open(&w, "out", false), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(stat("out", &s), 0);
	assert_int_equal(s.st_uid, OTHER);
	assert_int_equal(s.st_gid, OTHER + 1);
	assert_int_equal(s.st_mode & 07777, 04640);
}

static void own_links_are_followed(void **state)
{
	struct sonde_writer *w;
	struct stat s;
	(void)state;
	assert_int_equal(mkdir("d", 0755) | symlink("d/second", "first") | symlink("../out", "d/second"), 0);
	for (int round = 0; round < 2; round++) { /* the target is new, then there */
		assert_int_equal(writer_open(&w, "first", false), 0);
		assert_int_equal(put_frames(w, 1), 0);
		assert_int_equal(sonde_writer_close(w, NULL), 0);
		assert_int_equal(frames_of("out"), 1);
	}
	assert_true(lstat("first", &s) == 0 && S_ISLNK(s.st_mode));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_int_equal(writer_open(&w, "loop", false), -ELOOP);
	assert_null(w);
	unlink("d/second");
	rmdir("d");
}

static const struct sticky_row {
	const char *name;
	mode_t dir_mode;
	uid_t owner; /* of the link, pipe or file */
	char kind;
	int code;
} sticky_rows[] = {
	{ "a link of another user", 01777, OTHER, 'l', -EACCES },
	{ "a file of another user", 01777, OTHER, 'f', -EACCES },
	{ "a pipe of another user", 01777, OTHER, 'p', -EACCES },
	{ "a link of our own", 01777, 0, 'l', 0 },
	{ "a link of another user where only we may write", 01755, OTHER, 'l', 0 },
	{ "a link of another user without the sticky bit", 0777, OTHER, 'l', 0 },
};

static void sticky_directory_of_row(void **state)
{
	const struct sticky_row *row = *state;
	struct sonde_writer *w;
	if (geteuid() != 0)
		UNIT_SKIP("needs root");
	put_file("treasure", "before", 0600);
	assert_int_equal(mkdir("d", 0755) | chmod("d", row->dir_mode), 0);
	if (row->kind == 'l')
		assert_int_equal(symlink("../treasure", "d/out"), 0);
	else if (row->kind == 'p')
		assert_int_equal(mkfifo("d/out", 0666), 0);
	else
		put_file("d/out", "before", 0666);
	assert_int_equal(lchown("d/out", row->owner, row->owner), 0);
	assert_int_equal(writer_open(&w, "d/out", false), row->code);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(file_is("treasure", "before"), row->code != 0);
	unlink("d/out");
	rmdir("d");
}

/* Run a test as another user, in a child. */
static void as_other(int (*test)(void))
{
	if (geteuid() != 0)
		UNIT_SKIP("needs root");
	pid_t child = fork();
	if (child == 0)
		_exit(setegid(OTHER) || seteuid(OTHER) ? 100 : test());
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int write_in_place(void)
{
	struct sonde_writer *w;
	if (writer_open(&w, "new", false) != -EACCES)
		return 1;
	if (writer_open(&w, "locked", false) != -EACCES)
		return 2;
	if (writer_open(&w, "out", false))
		return 3;
	sonde_writer_discard(w);
	if (!file_is("out", "before"))
		return 4;
	if (writer_open(&w, "out", false) || put_frames(w, 3) || sonde_writer_close(w, NULL))
		return 5;
	return frames_of("out") == 3 ? 0 : 6;
}

static void a_directory_may_be_locked(void **state)
{
	(void)state;
	put_file("out", "before", 0666);
	put_file("locked", "before", 0644);
	assert_int_equal(chmod(".", 0755), 0);
	as_other(write_in_place);
	assert_true(file_is("locked", "before"));
	assert_int_equal(count_files(), 2);
}

static int write_locked(void)
{
	struct sonde_writer *w;
	return writer_open(&w, "locked", false) == -EACCES ? 0 : 1;
}

static void a_file_may_be_locked(void **state)
{
	(void)state;
	put_file("locked", "before", 0644);
	assert_int_equal(chmod(".", 0777), 0);
	as_other(write_locked);
	assert_true(file_is("locked", "before"));
}

static void missing_folders_and_names_are_refused(void **state)
{
	struct sonde_writer *w;
	(void)state;
	assert_int_equal(writer_open(&w, "none/out", false), -ENOENT);
	assert_int_equal(writer_open(&w, "", false), -ENOENT);
	assert_int_equal(writer_open(&w, ".", false), -EISDIR);
	put_file("file", "before", 0600);
	assert_int_equal(writer_open(&w, "file/out", false), -ENOTDIR);
	assert_int_equal(count_files(), 1);
}

/* --- No room ----------------------------------------------------------------------------------------------------- */

/* Write frames until that fails. Returns 0, or which step was wrong. */
static int fill(bool live, int code)
{
	struct sonde_writer *w;
	struct sonde_error e;
	put_file("out", "before", 0600);
	if (writer_open(&w, "out", live) || sonde_writer_has_failed(w))
		return 1;
	if (live && (put_frames(w, 3) || sonde_writer_flush(w, NULL)))
		return 2;
	if (put_frames(w, 10000) != code || !sonde_writer_has_failed(w))
		return 3;
	if (put_frames(w, 1) != code || sonde_writer_flush(w, &e) != code || !strstr(e.what, "cannot write out: "))
		return 4;
	if (sonde_writer_close(w, NULL) != code)
		return 5;
	if (count_files() != 1)
		return 6;
	/* A frame's block has 1032 bytes, so that many fit. */
	return live ? (frames_of("out") == 300 * 1024 / 1032 ? 0 : 7) : (file_is("out", "before") ? 0 : 8);
}

static int fill_to_limit(bool live)
{
	/* Whole blocks of 300 KiB: the section, the interface and the frames. */
	const struct rlimit limit = { 300 * 1024, RLIM_INFINITY };
	return setrlimit(RLIMIT_FSIZE, &limit) ? 100 : fill(live, -EFBIG);
}

static int fill_to_limit_live(void)
{
	return fill_to_limit(true);
}

static int fill_to_limit_complete(void)
{
	return fill_to_limit(false);
}

static int fill_disk(bool live)
{
	if (unshare(CLONE_NEWNS) || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", ".", "tmpfs", 0, "size=300k") || chdir(folder))
		return 100;
	return fill(live, -ENOSPC);
}

static int fill_disk_live(void)
{
	return fill_disk(true);
}

static int fill_disk_complete(void)
{
	return fill_disk(false);
}

static const struct room_row {
	const char *name;
	int (*test)(void);
	bool needs_root;
} room_rows[] = {
	{ "a live file at RLIMIT_FSIZE has whole blocks", fill_to_limit_live, false },
	{ "a file that RLIMIT_FSIZE cuts does not appear", fill_to_limit_complete, false },
	{ "a live file on a full disk has whole blocks", fill_disk_live, true },
	{ "a file that is cut by a full disk does not appear", fill_disk_complete, true },
};

static void room_of_row(void **state)
{
	const struct room_row *row = *state;
	if (row->needs_root && geteuid() != 0)
		UNIT_SKIP("needs root");
	pid_t child = fork();
	if (child == 0)
		_exit(row->test());
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status)); /* SIGXFSZ would have ended it */
	if (WEXITSTATUS(status) == 100)
		UNIT_SKIP("cannot set the limit, or mount");
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Standard output is a file with something in it. */
static int fill_stdout(void)
{
	const struct rlimit limit = { 300 * 1024, RLIM_INFINITY };
	struct sonde_writer *w;
	struct stat s;
	int fd = open("out", O_RDWR | O_CREAT | O_APPEND, 0600);
	if (dup2(fd, STDOUT_FILENO) < 0 || write(fd, "before", 6) != 6 || setrlimit(RLIMIT_FSIZE, &limit))
		return 100;
	if (writer_open(&w, "-", false) || put_frames(w, 10000) != -EFBIG || sonde_writer_close(w, NULL) != -EFBIG)
		return 1;
	char tail[8];
	if (fstat(fd, &s) || pread(fd, tail, 4, s.st_size - 4) != 4)
		return 2;
	return memcmp(tail, "\x08\x04\0\0", 4) == 0 && s.st_size > 298 * 1024 ? 0 : 3; /* 1032, a block's end */
}

/* It has bytes behind the place where we write. */
static int fill_middle(void)
{
	const struct rlimit limit = { 300 * 1024, RLIM_INFINITY };
	struct sonde_writer *w;
	struct stat s;
	int fd = open("out", O_RDWR | O_CREAT, 0600);
	if (dup2(fd, STDOUT_FILENO) < 0 || ftruncate(fd, 400 * 1024) || setrlimit(RLIMIT_FSIZE, &limit))
		return 100;
	if (writer_open(&w, "-", false) || put_frames(w, 10000) != -EFBIG || sonde_writer_close(w, NULL) != -EFBIG)
		return 1;
	return fstat(fd, &s) == 0 && s.st_size == 400 * 1024 ? 0 : 2;
}

static const struct room_row stdout_row[] = {
	{ "standard output at RLIMIT_FSIZE has whole blocks", fill_stdout, false },
	{ "what others wrote behind is not cut", fill_middle, false },
};

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, a_file_appears_when_it_is_complete);
	UNIT_TEST(&u, a_live_file_appears_with_its_first_blocks);
	UNIT_TEST(&u, what_is_discarded_never_appears);
	UNIT_TEST(&u, the_mode_is_handed_on);
	UNIT_TEST(&u, the_owner_is_handed_on);
	UNIT_TEST(&u, own_links_are_followed);
	UNIT_ROWS(&u, sticky_directory_of_row, sticky_rows);
	UNIT_TEST(&u, a_directory_may_be_locked);
	UNIT_TEST(&u, a_file_may_be_locked);
	UNIT_TEST(&u, missing_folders_and_names_are_refused);
	UNIT_ROWS(&u, room_of_row, room_rows);
	UNIT_ROWS(&u, room_of_row, stdout_row);
	for (size_t i = 0; i < u.n; i++) {
		u.tests[i].setup_func = enter_folder;
		u.tests[i].teardown_func = leave_folder;
	}
	return unit_run(&u, "io-output");
}
