/* The header and the records of pcap files, as the draft draws them (draft-ietf-opsawg-pcap, 4 and 5). */
#include "capture/pcap_write.h"

#include "base/error.h"
#include "base/time.h"
#include "tests/unit/wire.h"

static void head_is_written(void **state)
{
	uint8_t room[SONDE_PCAP_FILE_HEAD], wanted[WIRE_MAX];
	struct sonde_buf b = { room, 0, sizeof room };
	(void)state;
	assert_int_equal(sonde_pcap_put_head(&b, 101), 0);
	size_t len = wire_hex(wanted, "4d3cb2a1 0200 0400 00000000 00000000 00000400 65000000");
	wire_equal(room, b.len, wanted, len);
	assert_int_equal(sonde_pcap_put_head(&b, 101), SONDE_E_SPACE);
	assert_int_equal(b.len, sizeof room);
}

/* A frame of two bytes, and how it is written. */
static const struct row {
	const char *name;
	struct sonde_record record;
	const char *hex;
	int err;
} rows[] = {
	{ "pcap: a frame that was cut", { .time = SONDE_S * 5 + 7, .wire_len = 9 },
	  "05000000 07000000 02000000 09000000 abcd", 0 },
	{ "pcap: the last second", { .time = SONDE_S * UINT32_MAX + 999999999, .wire_len = 2 },
	  "ffffffff ffc99a3b 02000000 02000000 abcd", 0 },
	{ "pcap: without a time", { .time = -1, .timeless = true, .wire_len = 2 },
	  "00000000 00000000 02000000 02000000 abcd", 0 },
	{ "pcap: before 1970", { .time = -1, .wire_len = 2 }, "", SONDE_E_RANGE },
	{ "pcap: after 2106", { .time = SONDE_S * (1LL + UINT32_MAX), .wire_len = 2 }, "", SONDE_E_RANGE },
};

static void record_is_written(void **state)
{
	const struct row *row = *state;
	uint8_t room[64], wanted[WIRE_MAX];
	struct sonde_buf b = { room, 0, sizeof room };
	struct sonde_record r = row->record;
	r.bytes = sonde_view("\xab\xcd", 2);
	assert_int_equal(sonde_pcap_put_record(&b, &r), row->err);
	wire_equal(room, b.len, wanted, wire_hex(wanted, row->hex));
	if (row->err)
		return;
	assert_int_equal(sonde_pcap_record_len(room), b.len);
	b.cap = b.len - 1;
	b.len = 0;
	assert_int_equal(sonde_pcap_put_record(&b, &r), SONDE_E_SPACE);
	assert_int_equal(b.len, 0);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, head_is_written);
	UNIT_ROWS(&u, record_is_written, rows);
	return unit_run(&u, "pcap, written");
}
