/* Headers and records of pcap files, of every variant. */
#include "capture/pcap_read.h"

#include "base/error.h"

#include "tests/unit/wire.h"

/* The rows are laid out by hand after draft-ietf-opsawg-pcap, the variants after what libpcap and Wireshark say of
 * them. */
static const struct file_row {
	const char *name, *hex;
	uint16_t link;
	sonde_time time;
	uint32_t wire_len;
	const char *bytes;
} files[] = {
	{ "pcap: microseconds",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000 01000000 02000000 03000000 09000000 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: microseconds, big-endian",
	  "a1b2c3d4 0002 0004 00000000 00000000 0000ffff 00000001 00000001 00000002 00000003 00000009 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: nanoseconds",
	  "4d3cb2a1 0200 0400 00000000 00000000 ffff0000 65000000 01000000 02000000 03000000 03000000 616263", 101,
	  1000000002, 3, "abc" },
	{ "pcap: nanoseconds, big-endian",
	  "a1b23c4d 0002 0004 00000000 00000000 0000ffff 00000065 00000001 00000002 00000003 00000003 616263", 101,
	  1000000002, 3, "abc" },
	{ "pcap: modified",
	  "34cdb2a1 0200 0400 00000000 00000000 ffff0000 01000000 01000000 02000000 03000000 09000000"
	  "02000000 0800 04 00 616263", 1, 1000002000, 9, "abc" },
	{ "pcap: modified, big-endian",
	  "a1b2cd34 0002 0004 00000000 00000000 0000ffff 00000001 00000001 00000002 00000003 00000009"
	  "00000002 0008 04 00 616263", 1, 1000002000, 9, "abc" },
	{ "pcap: Ixia, nanoseconds",
	  "ac01001c 0200 0400 00000000 00000000 ffff0000 01000000 13000000 01000000 02000000 03000000 09000000 616263",
	  1, 1000000002, 9, "abc" },
	{ "pcap: Ixia, microseconds, big-endian",
	  "1c0001ab 0002 0004 00000000 00000000 0000ffff 00000001 00000013 00000001 00000002 00000003 00000009 616263",
	  1, 1000002000, 9, "abc" },
	{ "pcap: version 2.2, lengths the other way round",
	  "d4c3b2a1 0200 0200 00000000 00000000 ffff0000 01000000 01000000 02000000 09000000 03000000 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: version 2.3, lengths the other way round",
	  "d4c3b2a1 0200 0300 00000000 00000000 ffff0000 01000000 01000000 02000000 09000000 03000000 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: version 2.3, lengths as usual",
	  "d4c3b2a1 0200 0300 00000000 00000000 ffff0000 01000000 01000000 02000000 03000000 09000000 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: version 543.0 (DG/UX)",
	  "a1b2c3d4 021f 0000 00000000 00000000 0000ffff 00000001 00000001 00000002 00000009 00000003 616263", 1,
	  1000002000, 9, "abc" },
	{ "pcap: version 2.4 may have an original length below the captured one",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000 01000000 02000000 03000000 01000000 616263", 1,
	  1000002000, 1, "abc" },
	{ "pcap: a version that is not there yet",
	  "d4c3b2a1 0200 0900 00000000 00000000 ffff0000 01000000 01000000 02000000 03000000 03000000 616263", 1,
	  1000002000, 3, "abc" },
	{ "pcap: AIX, Ethernet, nanoseconds",
	  "a1b2c3d4 0002 0002 00000000 00000000 0000ffff 00000006 00000001 00000002 00000009 00000003 616263", 1,
	  1000000002, 9, "abc" },
	{ "pcap: AIX, loopback",
	  "a1b2c3d4 0002 0002 00000000 00000000 0000ffff 00000018 00000001 00000002 00000009 00000003 616263", 0,
	  1000000002, 9, "abc" },
	{ "pcap: a snap length limits nothing",
	  "d4c3b2a1 0200 0400 00000000 00000000 01000000 01000000 01000000 02000000 03000000 03000000 616263", 1,
	  1000002000, 3, "abc" },
	{ "pcap: the upper bits of the link type are about the frame check sequence",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000024 01000000 02000000 03000000 03000000 616263", 1,
	  1000002000, 3, "abc" },
	{ "pcap: the last second, and a fraction of over an hour",
	  "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000 ffffffff ffffffff 03000000 03000000 616263", 1,
	  4294967295 * SONDE_S + 4294967295 * SONDE_US, 3, "abc" },
};

static void file_is_read(void **state)
{
	const struct file_row *row = *state;
	uint8_t room[WIRE_MAX];
	struct sonde_pcap_file f;
	struct sonde_record r;
	size_t need;
	size_t len = wire_hex(room, row->hex);
	int head = sonde_pcap_open(&f, sonde_view(room, len));
	assert_true(head >= 24);
	assert_int_equal(f.link, row->link);
	assert_int_equal(sonde_pcap_next(&r, &need, &f, sonde_view(room + head, len - (size_t)head)), 1);
	assert_int_equal(need, len - (size_t)head);
	assert_int_equal(r.time, row->time);
	assert_int_equal(r.wire_len, row->wire_len);
	assert_int_equal(r.link, row->link);
	assert_false(r.timeless);
	assert_true(sonde_view_equal(r.bytes, sonde_view(row->bytes, strlen(row->bytes))));
	/* Cut anywhere, it says how much is missing. */
	for (size_t cut = 0; cut < len; cut++) {
		uint8_t copy[WIRE_MAX];
		memcpy(copy, room, cut);
		if (cut < (size_t)head) {
			assert_int_equal(sonde_pcap_open(&f, sonde_view(copy, cut)), SONDE_E_TRUNCATED);
			continue;
		}
		assert_int_equal(sonde_pcap_open(&f, sonde_view(copy, cut)), head);
		struct sonde_view rest = sonde_view(copy + head, cut - (size_t)head);
		assert_int_equal(sonde_pcap_next(&r, &need, &f, rest), 0);
		assert_true(need > rest.len && need <= len - (size_t)head);
	}
}

static const struct refused_row {
	const char *name, *hex;
	int code;
	uint32_t value;
} refusals[] = {
	{ "pcap: another magic number", "d4c3b2a2 0200 0400 00000000 00000000 ffff0000 01000000", SONDE_E_FORMAT, 0 },
	{ "pcap: version 1", "d4c3b2a1 0100 0400 00000000 00000000 ffff0000 01000000", SONDE_E_UNSUPPORTED, 1 },
	{ "pcap: a link type over 65535", "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000100", SONDE_E_UNSUPPORTED,
	  65537 },
};

static void file_is_refused(void **state)
{
	const struct refused_row *row = *state;
	uint8_t room[WIRE_MAX];
	struct sonde_pcap_file f;
	assert_int_equal(sonde_pcap_open(&f, sonde_view(room, wire_hex(room, row->hex))), row->code);
	assert_int_equal(f.value, row->value);
	assert_non_null(f.fault);
}

static void records_have_a_limit(void **state)
{
	static uint8_t room[24 + 16 + SONDE_RECORD_MAX];
	struct sonde_pcap_file f;
	struct sonde_record r;
	size_t need;
	(void)state;
	wire_hex(room, "d4c3b2a1 0200 0400 00000000 00000000 ffff0000 01000000 00000000 00000000 00000400 00000400");
	assert_int_equal(sonde_pcap_open(&f, sonde_view(room, sizeof room)), 24);
	assert_int_equal(sonde_pcap_next(&r, &need, &f, sonde_view(room + 24, sizeof room - 24)), 1);
	assert_int_equal(r.bytes.len, 262144);
	room[24 + 8] = 1; /* 262145 */
	assert_int_equal(sonde_pcap_next(&r, &need, &f, sonde_view(room + 24, sizeof room - 24)), SONDE_E_MALFORMED);
	assert_int_equal(f.value, 262145);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, file_is_read, files);
	UNIT_ROWS(&u, file_is_refused, refusals);
	UNIT_TEST(&u, records_have_a_limit);
	return unit_run(&u, "pcap, read");
}
