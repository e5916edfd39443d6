/* Captures of several link types and of frames without a time: filters, and what is written of them. */
#include "tests/unit/unit.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"
#include "io/live.h"

static char path[40]; /* of a file in memory */

static struct sonde_reader *reader_open(const char *filter)
{
	struct sonde_reader *r;
	struct sonde_error e;
	if (sonde_reader_open(&r, path, filter, &e) < 0)
		fail_msg("%s", e.what);
	return r;
}

static void file_put(const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Put a frame of an interface of its own, on which it is alone. */
static void put_alone(struct sonde_buf *b, uint16_t link, uint32_t number, const uint8_t *bytes, size_t len)
{
	const struct sonde_pcapng_interface i = { .link = link };
	const struct sonde_record r = {
		.interface = number, .bytes = sonde_view(bytes, len), .wire_len = (uint32_t)len,
	};
	assert_int_equal(sonde_pcapng_put_interface(b, &i), 0);
	assert_int_equal(sonde_pcapng_put_packet(b, &r), 0);
}

/* A filter means the same on every link type; where libpcap has none, that is said once, and reading goes on. */
static void filter_is_compiled_for_each_link_type(void **state)
{
	static const uint8_t ether[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0x45, 0, 0, 20, 0, 0, 0, 0, 64, 6 };
	uint8_t udp[sizeof ether];
	uint8_t room[2048];
	struct sonde_buf b = { room, 0, sizeof room };
	struct sonde_error e = { .code = 0 };
	unsigned faults = 0, n = 0;
	struct sonde_record got;
	int rc;
	(void)state;
	memcpy(udp, ether, sizeof udp);
	udp[23] = 17;
	assert_int_equal(sonde_pcapng_put_section(&b, &(struct sonde_pcapng_section){ .application = { NULL, 0 } }), 0);
	put_alone(&b, 1, 0, ether, sizeof ether);
	put_alone(&b, 101, 1, ether + 14, sizeof ether - 14);
	put_alone(&b, 101, 2, udp + 14, sizeof udp - 14);
	put_alone(&b, 249, 3, ether, sizeof ether);
	put_alone(&b, 1, 4, udp, sizeof udp);
	put_alone(&b, 228, 5, ether + 14, sizeof ether - 14);
	put_alone(&b, 249, 6, ether, sizeof ether);
	file_put(room, b.len);
	struct sonde_reader *r = reader_open("ip proto 6");
	while ((rc = sonde_reader_next(&got, r, &e)) != 0) {
		n += rc == 1;
		faults += rc < 0;
		if (rc == 1)
			assert_true(got.link == 1 || got.link == 101 || got.link == 228);
		else
			assert_true(rc == SONDE_E_SYNTAX && sonde_reader_goes_on(r));
	}
	assert_int_equal(n, 3);
	assert_int_equal(faults, 1);
	assert_non_null(strstr(e.what, "filter 'ip proto 6': "));
	assert_int_equal(sonde_reader_stats(r).frames, 7);
	sonde_reader_close(r);
}

static void link_types_have_numbers_of_libpcap(void **state)
{
	(void)state;
	for (int dlt = 0; dlt < 300; dlt++)
		if (sonde_linktype_from_dlt(dlt) != dlt)
			assert_int_equal(sonde_dlt_from_linktype(sonde_linktype_from_dlt(dlt)), dlt);
	assert_int_equal(sonde_dlt_from_linktype(1), DLT_EN10MB);
}

static void frames_without_a_time_stay_so(void **state)
{
	static const struct sonde_record rows[] = {
		{ .timeless = true, .bytes = { (const uint8_t *)"abc", 3 }, .wire_len = 3, .link = 1 },
		{ .time = 5, .bytes = { (const uint8_t *)"abcdef", 6 }, .wire_len = 6, .link = 1 },
		{ .timeless = true, .bytes = { (const uint8_t *)"ab", 2 }, .wire_len = 9, .link = 1 },
		{ .time = -5, .bytes = { (const uint8_t *)"abcdef", 6 }, .wire_len = 6, .link = 1 },
		{ .timeless = true, .bytes = { (const uint8_t *)"abcd", 4 }, .wire_len = 4, .link = 101 },
		{ .timeless = true, .bytes = { (const uint8_t *)"abcd", 4 }, .wire_len = 4, .link = 101,
		  .comment = { (const uint8_t *)"why", 3 } },
		{ .timeless = true, .bytes = { (const uint8_t *)"abcd", 4 }, .wire_len = 2, .link = 1,
		  .direction = SONDE_OUTBOUND },
	};
	const size_t n = sizeof rows / sizeof *rows;
	const struct sonde_pcapng_section section = { .application = { NULL, 0 } };
	struct sonde_writer *w;
	struct sonde_record got;
	(void)state;
	assert_int_equal(sonde_writer_open(&w, path, &section, false, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		struct sonde_record put = rows[i];
		const struct sonde_pcapng_interface face = { .name = sonde_view("eth0", 4), .link = put.link };
		assert_int_equal(sonde_writer_interface(&put.interface, w, &face, NULL), 0);
		assert_int_equal(sonde_writer_put(w, &put, NULL), 0);
	}
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	struct sonde_reader *r = reader_open(NULL);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
		assert_int_equal(got.timeless, rows[i].timeless);
		assert_int_equal(got.time, rows[i].time);
		assert_int_equal(got.wire_len, rows[i].wire_len);
		assert_int_equal(got.link, rows[i].link);
		assert_int_equal(got.direction, rows[i].direction);
		assert_true(sonde_view_equal(got.bytes, rows[i].bytes));
		assert_true(sonde_view_equal(got.comment, rows[i].comment));
		assert_string_equal((const char *)sonde_reader_interface(r, got.interface)->name.data, "eth0");
	}
	assert_int_equal(sonde_reader_next(&got, r, NULL), 0);
	assert_int_equal(sonde_reader_stats(r).unfit_times, 0);
	sonde_reader_close(r);
}

int main(void)
{
	static struct unit u;
	int fd = memfd_create("capture", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	UNIT_TEST(&u, filter_is_compiled_for_each_link_type);
	UNIT_TEST(&u, link_types_have_numbers_of_libpcap);
	UNIT_TEST(&u, frames_without_a_time_stay_so);
	int rc = unit_run(&u, "io-mixed");
	close(fd);
	return rc;
}
