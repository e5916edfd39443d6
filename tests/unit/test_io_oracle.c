/* What libpcap reads of a capture, we read: on all captures of ours, or those named as arguments. */
#include "tests/unit/unit.h"

#include <glob.h>
#include <pcap/pcap.h>
#include <stdbool.h>

#include "io/file_read.h"
#include "io/live.h"

/* libpcap has seconds and fractions of a pcap file as signed numbers of 32 bits, and 0 where there is no time. */
static sonde_time time_of(const pcap_t *pcap, const struct pcap_pkthdr *h)
{
	if (pcap_major_version((pcap_t *)(uintptr_t)pcap) == 1)
		return h->ts.tv_sec * SONDE_S + h->ts.tv_usec;
	bool whole_us = h->ts.tv_usec % 1000 == 0;
	sonde_time fraction = whole_us ? (uint32_t)(h->ts.tv_usec / 1000) * SONDE_US : (uint32_t)h->ts.tv_usec;
	return (uint32_t)h->ts.tv_sec * SONDE_S + fraction;
}

static void frame_agrees(const pcap_t *pcap, const struct pcap_pkthdr *h, const uint8_t *bytes,
			 const struct sonde_record *r)
{
	assert_int_equal(h->len, r->wire_len);
	/* libpcap cuts frames to the snap length of the file. */
	assert_true(h->caplen == r->bytes.len ||
		    (h->caplen < r->bytes.len && h->caplen == (unsigned)pcap_snapshot((pcap_t *)(uintptr_t)pcap)));
	assert_memory_equal(bytes, r->bytes.data, h->caplen);
	assert_int_equal(pcap_datalink((pcap_t *)(uintptr_t)pcap), sonde_dlt_from_linktype(r->link));
	if (!r->timeless)
		assert_int_equal(r->time, time_of(pcap, h));
}

static void capture_agrees(void **state)
{
	const char *file = *state;
	char text[PCAP_ERRBUF_SIZE];
	struct pcap_pkthdr *h;
	const uint8_t *bytes;
	struct sonde_reader *r;
	struct sonde_record got;
	struct sonde_error e;
	pcap_t *pcap = pcap_open_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, text);
	if (!pcap)
		UNIT_SKIP("libpcap does not read it: %s", text);
	if (sonde_reader_open(&r, file, NULL, &e) < 0)
		fail_msg("%s", e.what);
	int rc;
	while ((rc = pcap_next_ex(pcap, &h, &bytes)) == 1) {
		if (sonde_reader_next(&got, r, &e) != 1)
			fail_msg("%s: libpcap has more frames", file);
		frame_agrees(pcap, h, bytes, &got);
	}
	/* Where libpcap refuses to go on, we may not. */
	if (rc == PCAP_ERROR_BREAK)
		assert_int_equal(sonde_reader_next(&got, r, &e), 0);
	pcap_close(pcap);
	sonde_reader_close(r);
}

int main(int argc, char **argv)
{
	static struct unit u;
	glob_t ours = { .gl_pathc = 0 };
	if (argc < 2 && glob("captures/*.pcap*", 0, NULL, &ours))
		return 1;
	for (size_t i = 0; i < ours.gl_pathc; i++)
		unit_add(&u, ours.gl_pathv[i], capture_agrees, ours.gl_pathv[i]);
	for (int i = 1; i < argc; i++)
		unit_add(&u, argv[i], capture_agrees, argv[i]);
	int rc = unit_run(&u, "io, beside libpcap");
	globfree(&ours);
	return rc;
}
