/* Times in capture files, before 1970 as well as after 2038. */
#include "tests/unit/unit.h"

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "io/file_read.h"
#include "io/file_write.h"

#define ETHER 1

static char path[40]; /* of a file in memory */

static struct sonde_reader *reader_open(void)
{
	struct sonde_reader *r;
	assert_int_equal(sonde_reader_open(&r, path, NULL, NULL), 0);
	return r;
}

static void file_put(const void *bytes, size_t n)
{
	FILE *f = fopen(path, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* How often a text stands in the file. */
static unsigned file_says(const char *what)
{
	static char bytes[4096];
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	size_t len = fread(bytes, 1, sizeof bytes, in);
	unsigned n = 0;
	fclose(in);
	for (char *at = bytes; (at = memmem(at, len - (size_t)(at - bytes), what, strlen(what))); at++)
		n++;
	return n;
}

/* Write frames with these times and read them back, by libpcap itself, too. */
static void write_times(const sonde_time *times, size_t n)
{
	static const struct sonde_pcapng_section section;
	struct sonde_writer *w;
	struct sonde_record got, r = { .bytes = sonde_view("x", 1), .wire_len = 1, .link = ETHER };
	struct pcap_pkthdr *header;
	const uint8_t *bytes;
	char why[PCAP_ERRBUF_SIZE];
	assert_int_equal(sonde_writer_open(&w, path, &section, false, NULL), 0);
	const struct sonde_pcapng_interface eth7 = { .name = sonde_view("eth7", 4), .link = ETHER };
	assert_int_equal(sonde_writer_interface(&r.interface, w, &eth7, NULL), 0);
	for (size_t i = 0; i < n; i++) {
		r.time = times[i];
		assert_int_equal(sonde_writer_put(w, &r, NULL), 0);
	}
	assert_int_equal(sonde_writer_close(w, NULL), 0);
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(path, PCAP_TSTAMP_PRECISION_NANO, why);
	assert_non_null(pcap);
	struct sonde_reader *reader = reader_open();
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(pcap_next_ex(pcap, &header, &bytes), 1);
		assert_true((__int128)header->ts.tv_sec * SONDE_S + header->ts.tv_usec == times[i]);
		assert_int_equal(sonde_reader_next(&got, reader, NULL), 1);
		assert_int_equal(got.time, times[i]);
	}
	assert_int_equal(pcap_next_ex(pcap, &header, &bytes), PCAP_ERROR_BREAK);
	pcap_close(pcap);
	sonde_reader_close(reader);
}

static void times_before_1970_are_written(void **state)
{
	static const sonde_time times[] = { 5, INT64_MAX, -1, -SONDE_S, -1500 * SONDE_MS, INT64_MIN, 0, 7 };
	(void)state;
	write_times(times + 2, 6);
	assert_int_equal(file_says("eth7"), 1);
	for (size_t first = 0; first < 6; first++) { /* no offset fits all of them */
		write_times(times + first, 8 - first);
		write_times((const sonde_time[]){ times[2 + first], INT64_MAX, -1, 0 }, 4);
		assert_int_equal(file_says("eth7"), 2);
	}
}

/* Seconds are unsigned: 2^32 - 1 is in 2106. */
static void classic_times_go_to_2106(void **state)
{
	static const uint8_t bytes[] = {
		0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0, 0, 101, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 7,
	};
	struct sonde_record got;
	(void)state;
	file_put(bytes, sizeof bytes);
	struct sonde_reader *r = reader_open();
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.time, 4294967295 * SONDE_S + 2000);
	sonde_reader_close(r);
}

/* A pcapng interface with microseconds and an offset of -100 s. The packet of 50 s is one of 50 s before 1970. */
static void an_offset_may_lead_before_1970(void **state)
{
	static const uint8_t bytes[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 28, 0, 0, 0,
		1, 0, 0, 0, 36, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
		14, 0, 8, 0, 0x9c, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 36, 0, 0, 0,
		6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0xf0, 0xfa, 0x02, /* 50,000,000 */
		4, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4, 36, 0, 0, 0,
	};
	struct sonde_record got;
	(void)state;
	file_put(bytes, sizeof bytes);
	struct sonde_reader *r = reader_open();
	assert_int_equal(sonde_reader_next(&got, r, NULL), 1);
	assert_int_equal(got.time, -50 * SONDE_S);
	sonde_reader_close(r);
}

int main(void)
{
	static struct unit u;
	int fd = memfd_create("capture", MFD_CLOEXEC);
	if (fd < 0)
		return 1;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	UNIT_TEST(&u, times_before_1970_are_written);
	UNIT_TEST(&u, classic_times_go_to_2106);
	UNIT_TEST(&u, an_offset_may_lead_before_1970);
	int rc = unit_run(&u, "io-times");
	close(fd);
	return rc;
}
