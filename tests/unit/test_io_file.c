/* Captures written and read back: same frames, times, lengths; cut and damaged files; refusals. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"
#include "io/live.h"

#define ETHER 1

static char path[40]; /* of a file in memory */

static const struct sonde_pcapng_interface unnamed = { .link = ETHER };

static struct sonde_view text(const char *s)
{
	return sonde_view(s, strlen(s));
}

static struct sonde_writer *writer_open(const char *at)
{
	struct sonde_writer *w;
	struct sonde_pcapng_section s = { .application = text("a test"), .comment = text("why") };

	assert_int_equal(sonde_writer_open(&w, at, &s, false, NULL), 0);
	return w;
}

static struct sonde_reader *reader_open(const char *filter)
{
	struct sonde_reader *r;
	struct sonde_error e;

	if (sonde_reader_open(&r, path, filter, &e) < 0)
		fail_msg("%s", e.what);
	return r;
}

/* Frame k of a file: its bytes, times and lengths follow from k. */
static struct sonde_record record_make(uint8_t bytes[static 4096], uint32_t k)
{
	struct sonde_record r = { .time = 1700000000 * SONDE_S + k * 1234567891LL, .wire_len = 5000 + k, .link = ETHER,
		.bytes = sonde_view(bytes, k % 4096), .direction = (uint8_t)(k % 3) };

	memset(bytes, (int)k, 4096);
	return r;
}

static void file_write_many(uint32_t n)
{
	uint8_t bytes[4096];
	uint32_t number;
	struct sonde_writer *w = writer_open(path);

	assert_int_equal(sonde_writer_interface(&number, w,
		&(struct sonde_pcapng_interface){ .name = text("eth0"), .link = ETHER }, NULL), 0);
	for (uint32_t k = 0; k < n; k++) {
		struct sonde_record r = record_make(bytes, k);
		r.comment = k % 5 ? text("") : text("every fifth");
		assert_int_equal(sonde_writer_put(w, &r, NULL), 0);
	}
	assert_int_equal(sonde_writer_statistics(w, &(struct sonde_pcapng_statistics){ .received = n }, NULL), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
}

static void what_is_written_is_read(void **state)
{
	uint8_t bytes[4096];
	struct sonde_record got;

	(void)state;
	file_write_many(2000); /* over 4 MB: more than the writer keeps back */
	struct sonde_reader *r = reader_open(NULL);
	for (uint32_t k = 0; k < 2000; k++) {
		struct sonde_record want = record_make(bytes, k);
		assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
		assert_int_equal(got.time, want.time);
		assert_int_equal(got.wire_len, want.wire_len);
		assert_int_equal(got.link, ETHER);
		assert_true(sonde_view_equal(got.bytes, want.bytes));
	}
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	sonde_reader_close(r);
}

/* How often a text stands in the file. */
static unsigned file_says(const char *what)
{
	static char bytes[262144];
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	size_t len = fread(bytes, 1, sizeof(bytes), in);
	unsigned n = 0;
	fclose(in);
	for (char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), what, strlen(what))); at++)
		n++;
	return n;
}

static void large_frame_is_written(void **state)
{
	static uint8_t large[600000];
	struct sonde_writer *w = writer_open(path);
	uint32_t number;
	struct stat s;

	(void)state;
	assert_int_equal(sonde_writer_interface(&number, w, &unnamed, NULL), 0);
	struct sonde_record r = { .bytes = sonde_view(large, sizeof(large)), .wire_len = sizeof(large), .link = ETHER };
	assert_int_equal(sonde_writer_put(w, &r, NULL), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(stat(path, &s), 0);
	assert_true(s.st_size > (off_t)sizeof(large));
}

static void notes_join_the_comment(void **state)
{
	static char most[65536];
	struct sonde_writer *w = writer_open(path);
	uint8_t bytes[4096];
	uint32_t number;

	(void)state;
	memset(most, 'x', sizeof(most));
	assert_int_equal(sonde_writer_note(w, text("one"), NULL), 0);
	assert_int_equal(sonde_writer_note(w, sonde_view(most, 65535 - strlen("why\none")), NULL), SONDE_E_RANGE);
	assert_int_equal(sonde_writer_note(w, text("two"), NULL), 0);
	assert_int_equal(sonde_writer_interface(&number, w, &unnamed, NULL), 0);
	assert_int_equal(sonde_writer_note(w, text("late"), NULL), SONDE_E_ORDER);
	struct sonde_record r = record_make(bytes, 1);
	assert_int_equal(sonde_writer_frames(w), 0);
	assert_int_equal(sonde_writer_put(w, &r, NULL), 0);
	assert_int_equal(sonde_writer_frames(w), 1);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(file_says("why\none\ntwo"), 1);
	assert_int_equal(file_says("why"), 1);
	assert_int_equal(file_says("late"), 0);
	struct sonde_reader *reader = reader_open(NULL);
	assert_int_equal(sonde_reader_next(&r, reader, NULL), 1);
	sonde_reader_close(reader);
}

static void a_section_that_left_stays(void **state)
{
	struct sonde_writer *w = writer_open(path);

	(void)state;
	assert_int_equal(sonde_writer_flush(w, NULL), 0);
	assert_int_equal(sonde_writer_note(w, text("late"), NULL), SONDE_E_ORDER);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	assert_int_equal(file_says("why"), 1);
}

static void interfaces_are_numbered_by_name_and_link(void **state)
{
	static const struct {
		const char *name;
		uint16_t link;
		uint32_t number;
	} rows[] = {
		{ "eth0", 1, 0 }, { "lo", 1, 1 }, { "eth0", 1, 0 }, { "tun0", 101, 2 }, { "eth0", 101, 3 },
		{ "", 1, 4 }, { "lo", 1, 1 }, { "eth", 1, 5 }, { "", 1, 4 },
	};
	struct sonde_writer *w = writer_open(path);
	struct sonde_error e;
	uint32_t number;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sonde_pcapng_interface of = { .name = text(rows[i].name), .link = rows[i].link };
		assert_int_equal(sonde_writer_interface(&number, w, &of, NULL), 0);
		assert_int_equal(number, rows[i].number);
	}
	struct sonde_record r = { .interface = 6, .link = 1 };
	assert_int_equal(sonde_writer_put(w, &r, &e), SONDE_E_UNKNOWN);
	r.interface = 2;
	assert_int_equal(sonde_writer_put(w, &r, &e), SONDE_E_KIND);
	r.link = 101;
	assert_int_equal(sonde_writer_put(w, &r, &e), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
}

/* Cut a file everywhere in its last blocks: what is before the cut is read, then the cut is told, again and again. */
static void cut_file_is_read_up_to_the_cut(void **state)
{
	struct sonde_record got;
	struct sonde_error e = { .code = 0 };
	struct stat whole;

	(void)state;
	file_write_many(20);
	assert_int_equal(stat(path, &whole), 0);
	for (off_t cut = 1; cut < 180; cut++) {
		file_write_many(20);
		assert_int_equal(truncate(path, whole.st_size - cut), 0);
		struct sonde_reader *r = reader_open(NULL);
		int n = 0, rc;
		while ((rc = sonde_reader_next(&got, r, &e)) == 1)
			n++;
		/* The last two blocks have 112 and 64 bytes. */
		assert_int_equal(n, cut <= 112 ? 20 : cut <= 176 ? 19 : 18);
		if (rc == 0) {
			assert_true(cut == 112 || cut == 176);
		} else {
			char after[40];
			assert_int_equal(rc, SONDE_E_TRUNCATED);
			snprintf(after, sizeof(after), ", after frame %d, byte ", n);
			assert_non_null(strstr(e.what, after));
			assert_non_null(strstr(e.what, "truncated"));
			assert_false(sonde_reader_goes_on(r));
			assert_int_equal(sonde_reader_next(&got, r, &e), SONDE_E_TRUNCATED);
		}
		sonde_reader_close(r);
	}
}

static void unlike_interfaces_are_read(void **state)
{
	struct sonde_writer *w = writer_open(path);
	struct sonde_record got, put = { .bytes = text("x"), .wire_len = 1, .link = ETHER };
	struct sonde_pcapng_interface raw = { .name = text("tun0"), .link = 101 };
	uint32_t number;

	(void)state;
	assert_int_equal(sonde_writer_interface(&number, w, &unnamed, NULL), 0);
	assert_int_equal(sonde_writer_put(w, &put, NULL), 0);
	assert_int_equal(sonde_writer_interface(&number, w, &raw, NULL), 0);
	put.interface = number;
	put.link = 101;
	assert_int_equal(sonde_writer_put(w, &put, NULL), 0);
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	struct sonde_reader *r = reader_open(NULL);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.link, ETHER);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.link, 101);
	assert_string_equal((const char *)sonde_reader_interface(r, got.interface)->name.data, "tun0");
	assert_null(sonde_reader_interface(r, got.interface + 1));
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	sonde_reader_close(r);
}

static void file_put(const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Classic pcap, microseconds, LINKTYPE_RAW, two frames: 1 s and 2 us; 3 s, cut to 2 of 60 bytes. */
static const uint8_t classic[] = {
	0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
	1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 7, 8, 9,
	3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 60, 0, 0, 0, 5, 6,
};

static void classic_file_is_read(void **state)
{
	struct sonde_record got;

	(void)state;
	file_put(classic, sizeof(classic));
	struct sonde_reader *r = reader_open(NULL);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.time, 1000002000);
	assert_int_equal(got.link, 101);
	assert_true(sonde_view_equal(got.bytes, text("\7\10\11")));
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.time, 3 * SONDE_S);
	assert_int_equal(got.bytes.len, 2);
	assert_int_equal(got.wire_len, 60);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	sonde_reader_close(r);
}

static void damaged_file_is_told_from_a_cut_one(void **state)
{
	uint8_t damaged[sizeof(classic)];
	struct sonde_record got;
	struct sonde_error e;

	(void)state;
	memcpy(damaged, classic, sizeof(classic));
	damaged[24 + 16 + 3 + 11] = 0x7f; /* the second frame's captured length: 2 GB */
	file_put(damaged, sizeof(damaged));
	struct sonde_reader *r = reader_open(NULL);
	assert_int_equal(sonde_reader_next(&got, r, &e), 1);
	assert_int_equal(sonde_reader_next(&got, r, &e), SONDE_E_MALFORMED);
	assert_non_null(strstr(e.what, ", after frame 1, byte 43: "));
	sonde_reader_close(r);
}

static const struct open_row {
	const char *name, *bytes;
	size_t n;
	const char *filter;
	int code;
} open_rows[] = {
	{ "no capture", "hello, this is a text file", 26, NULL, SONDE_E_FORMAT },
	{ "empty", "", 0, NULL, SONDE_E_TRUNCATED },
	{ "cut within its header", (const char *)classic, 20, NULL, SONDE_E_TRUNCATED },
	{ "wrong filter", (const char *)classic, sizeof(classic), "prot 80", SONDE_E_SYNTAX },
	{ "right filter", (const char *)classic, sizeof(classic), "port 80", 0 },
};

static void file_may_be_refused(void **state)
{
	const struct open_row *row = *state;
	struct sonde_reader *r;
	struct sonde_error e = { .code = 0 };

	file_put(row->bytes, row->n);
	assert_int_equal(sonde_reader_open(&r, path, row->filter, &e), row->code);
	if (row->code < 0) {
		assert_null(r);
		assert_non_null(strstr(e.what, row->code == SONDE_E_SYNTAX ? row->filter : path));
	}
	sonde_reader_close(r);
}

static void missing_file_is_told(void **state)
{
	struct sonde_reader *r;
	struct sonde_error e;

	(void)state;
	assert_int_equal(sonde_reader_open(&r, "/nonexistent/a.pcap", NULL, &e), -ENOENT);
	assert_string_equal(e.what, "cannot read /nonexistent/a.pcap: No such file or directory");
	assert_int_equal(sonde_reader_open(&r, "/", NULL, &e), -EISDIR);
}

static void filter_chooses_frames(void **state)
{
	/* LINKTYPE_RAW: an IPv4 header each, to 10.0.0.1 and 10.0.0.2 in turn. */
	uint8_t bytes[24 + 6 * 36], *at = bytes + 24;
	struct sonde_record got;
	int n = 0;

	(void)state;
	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, classic, 24);
	for (int i = 0; i < 6; i++, at += 36) {
		at[8] = at[12] = 20;
		at[16] = 0x45;
		memcpy(at + 32, (const uint8_t[]){ 10, 0, 0, (uint8_t)(1 + i % 2) }, 4);
	}
	file_put(bytes, sizeof(bytes));
	struct sonde_reader *r = reader_open("dst host 10.0.0.2");
	for (; sonde_reader_next(&got, r, NULL) == 1; n++)
		assert_int_equal(got.bytes.data[19], 2);
	assert_int_equal(n, 3);
	sonde_reader_close(r);
}

static void full_disk_is_told_and_told_again(void **state)
{
	uint8_t bytes[4096];
	struct sonde_error e;
	uint32_t number;
	int rc = 0;

	(void)state;
	if (access("/dev/full", W_OK) < 0)
		UNIT_SKIP("there is no /dev/full here");
	struct sonde_writer *w = writer_open("/dev/full");
	assert_int_equal(sonde_writer_interface(&number, w, &unnamed, NULL), 0);
	struct sonde_record r = record_make(bytes, 4000);
	for (int i = 0; rc == 0 && i < 1000; i++)
		rc = sonde_writer_put(w, &r, &e);
	assert_int_equal(rc, -ENOSPC);
	assert_string_equal(e.what, "cannot write /dev/full: No space left on device");
	assert_int_equal(sonde_writer_put(w, &r, &e), -ENOSPC);
	assert_int_equal(sonde_writer_flush(w, &e), -ENOSPC);
	assert_int_equal(sonde_writer_close(w, &e), -ENOSPC);
	w = writer_open("/dev/full"); /* what fits the buffer fails in the end all the same */
	assert_int_equal(sonde_writer_close(w, &e), -ENOSPC);
}

static void unwritable_file_is_told(void **state)
{
	struct sonde_writer *w;
	struct sonde_error e;

	(void)state;
	struct sonde_pcapng_section s = { 0 };
	assert_int_equal(sonde_writer_open(&w, "/nonexistent/a.pcapng", &s, false, &e), -ENOENT);
	assert_null(w);
	assert_string_equal(e.what, "cannot write /nonexistent/a.pcapng: No such file or directory");
}

/* Standard output into standard input, through a pipe. */
static void dash_is_the_standard_stream(void **state)
{
	uint8_t bytes[4096];
	int ends[2], out = dup(STDOUT_FILENO), in = dup(STDIN_FILENO);
	struct sonde_record got;
	struct sonde_reader *r;
	uint32_t number;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	fflush(stdout);
	dup2(ends[1], STDOUT_FILENO);
	dup2(ends[0], STDIN_FILENO);
	struct sonde_writer *w = writer_open("-");
	int rc = sonde_writer_interface(&number, w, &unnamed, NULL);
	struct sonde_record put = record_make(bytes, 300);
	rc |= sonde_writer_put(w, &put, NULL) | sonde_writer_close(w, NULL);
	bool still_open = dup2(out, STDOUT_FILENO) == STDOUT_FILENO;
	close(ends[1]);
	assert_int_equal(rc, 0);
	assert_true(still_open);
	assert_int_equal(sonde_reader_open(&r, "-", NULL, NULL), 0);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.time, put.time);
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	sonde_reader_close(r);
	dup2(in, STDIN_FILENO);
	close(ends[0]);
	close(in);
	close(out);
}

static void link_types_are_numbered_as_in_files(void **state)
{
	(void)state;
	assert_int_equal(sonde_linktype_from_dlt(DLT_RAW), 101);
	assert_int_equal(sonde_linktype_from_dlt(DLT_EN10MB), 1);
	/* What libpcap writes into a file's header is the number meant here. */
	for (int dlt = 0; dlt < 300; dlt++) {
		uint8_t header[24];
		pcap_t *dead = pcap_open_dead(dlt, 100);
		FILE *f = fopen(path, "w+b");
		pcap_dumper_t *dumper = pcap_dump_fopen(dead, f);
		if (dumper) {
			pcap_dump_flush(dumper);
			rewind(f);
			assert_int_equal(fread(header, 1, 24, f), 24);
			assert_int_equal(sonde_linktype_from_dlt(dlt), header[20] | header[21] << 8);
			pcap_dump_close(dumper);
		} else {
			fclose(f);
		}
		pcap_close(dead);
	}
}

int main(void)
{
	static struct unit u;
	int fd = memfd_create("capture", MFD_CLOEXEC);

	if (fd < 0)
		return 1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	UNIT_TEST(&u, what_is_written_is_read);
	UNIT_TEST(&u, large_frame_is_written);
	UNIT_TEST(&u, notes_join_the_comment);
	UNIT_TEST(&u, a_section_that_left_stays);
	UNIT_TEST(&u, interfaces_are_numbered_by_name_and_link);
	UNIT_TEST(&u, cut_file_is_read_up_to_the_cut);
	UNIT_TEST(&u, unlike_interfaces_are_read);
	UNIT_TEST(&u, classic_file_is_read);
	UNIT_TEST(&u, damaged_file_is_told_from_a_cut_one);
	UNIT_ROWS(&u, file_may_be_refused, open_rows);
	UNIT_TEST(&u, missing_file_is_told);
	UNIT_TEST(&u, filter_chooses_frames);
	UNIT_TEST(&u, full_disk_is_told_and_told_again);
	UNIT_TEST(&u, unwritable_file_is_told);
	UNIT_TEST(&u, dash_is_the_standard_stream);
	UNIT_TEST(&u, link_types_are_numbered_as_in_files);
	int rc = unit_run(&u, "io-file");
	close(fd);
	return rc;
}
