/* Blocks of pcapng files against the figures of draft-ietf-opsawg-pcapng: section 4.1 (section header, figure 9), 4.2
 * (interface description, figure 10), 4.3 (enhanced packet, figure 11), 4.6 (interface statistics, figure 14), 3.5
 * (options). The bytes are laid out by hand after them, little-endian. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "base/error.h"
#include "capture/pcapng_write.h"

static struct sonde_view text(const char *s)
{
	return sonde_view(s, strlen(s));
}

static void assert_bytes(const struct sonde_buf *b, const uint8_t *expected, size_t n)
{
	for (size_t i = 0; i < n && i < b->len; i++)
		if (b->data[i] != expected[i])
			fail_msg("byte %zu is %02x, not %02x", i, b->data[i], expected[i]);
	assert_int_equal(b->len, n);
}

static void section_without_options(void **state)
{
	static const uint8_t expected[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0,            /* type, total length */
		0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,             /* byte order, version 1.0 */
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, /* section length: not known */
		28, 0, 0, 0,
	};
	uint8_t room[64];
	struct sonde_buf b = { room, 0, sizeof(room) };

	(void)state;
	assert_int_equal(sonde_pcapng_put_section(&b, &(struct sonde_pcapng_section){ 0 }), 0);
	assert_bytes(&b, expected, sizeof(expected));
}

static void section_with_options(void **state)
{
	static const uint8_t expected[] = {
		0x0a, 0x0d, 0x0d, 0x0a, 68, 0, 0, 0,
		0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		1, 0, 5, 0, 'h', 'e', 'l', 'l', 'o', 0, 0, 0, /* opt_comment, padded to 32 bits */
		2, 0, 1, 0, 'h', 0, 0, 0,                     /* shb_hardware */
		3, 0, 2, 0, 'o', 's', 0, 0,                   /* shb_os */
		4, 0, 4, 0, 'u', 's', 'e', 'r',               /* shb_userappl, no padding */
		0, 0, 0, 0,                                   /* opt_endofopt */
		68, 0, 0, 0,
	};
	uint8_t room[128];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_pcapng_section s = {
		.comment = text("hello"), .hardware = text("h"), .os = text("os"), .application = text("user") };

	(void)state;
	assert_int_equal(sonde_pcapng_put_section(&b, &s), 0);
	assert_bytes(&b, expected, sizeof(expected));
}

static void interface_with_options(void **state)
{
	static const uint8_t expected[] = {
		1, 0, 0, 0, 56, 0, 0, 0,
		0x13, 0x01, 0, 0, 0x00, 0x00, 0x04, 0x00,   /* link type 275, reserved, snap length 262144 */
		2, 0, 4, 0, 'e', 't', 'h', '0',             /* if_name */
		3, 0, 3, 0, 'a', ' ', 'b', 0,               /* if_description */
		9, 0, 1, 0, 9, 0, 0, 0,                     /* if_tsresol: 10^-9 */
		11, 0, 4, 0, 0, 't', 'c', 'p',              /* if_filter: 0 is libpcap's language */
		0, 0, 0, 0,
		56, 0, 0, 0,
	};
	uint8_t room[128];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_pcapng_interface i = { .name = text("eth0"), .description = text("a b"), .filter = text("tcp"),
		.link = 275, .snap = 262144 };

	(void)state;
	assert_int_equal(sonde_pcapng_put_interface(&b, &i), 0);
	assert_bytes(&b, expected, sizeof(expected));
}

static void packet_with_options(void **state)
{
	static const uint8_t frame[] = { 0xde, 0xad, 0xbe, 0xef, 0x01 };
	static const uint8_t expected[] = {
		6, 0, 0, 0, 60, 0, 0, 0,
		3, 0, 0, 0,                                 /* interface */
		0xcd, 0xee, 0x97, 0x17, 0x15, 0xcd, 0x60, 0xa4, /* time 0x1797eecda460cd15: high half, low half */
		5, 0, 0, 0, 0xdc, 0x05, 0, 0,               /* captured 5, original 1500 */
		0xde, 0xad, 0xbe, 0xef, 0x01, 0, 0, 0,
		1, 0, 3, 0, 'y', 'e', 's', 0,               /* opt_comment */
		2, 0, 4, 0, 2, 0, 0, 0,                     /* epb_flags: outbound */
		0, 0, 0, 0,
		60, 0, 0, 0,
	};
	uint8_t room[128];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_record r = { .time = 0x1797eecda460cd15, .bytes = sonde_view(frame, 5), .wire_len = 1500,
		.direction = SONDE_OUTBOUND, .interface = 3, .comment = text("yes") };

	(void)state;
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	assert_bytes(&b, expected, sizeof(expected));
	assert_true(b.len <= sonde_pcapng_packet_room(&r));
}

static void packet_without_options(void **state)
{
	static const uint8_t expected[] = {
		6, 0, 0, 0, 36, 0, 0, 0,
		0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0,
		4, 0, 0, 0, 4, 0, 0, 0,
		1, 2, 3, 4,
		36, 0, 0, 0,
	};
	uint8_t room[64];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_record r = { .time = 1, .bytes = sonde_view("\1\2\3\4", 4), .wire_len = 4 };

	(void)state;
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	assert_bytes(&b, expected, sizeof(expected));
}

static void statistics_leave_out_what_is_not_known(void **state)
{
	static const uint8_t expected[] = {
		5, 0, 0, 0, 76, 0, 0, 0,
		1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0,          /* interface, time */
		2, 0, 8, 0, 0, 0, 0, 0, 7, 0, 0, 0,          /* isb_starttime */
		3, 0, 8, 0, 1, 0, 0, 0, 8, 0, 0, 0,          /* isb_endtime: 2^32 + 8 */
		4, 0, 8, 0, 5, 0, 0, 0, 1, 0, 0, 0,          /* isb_ifrecv: 2^32 + 5, a number as any other */
		7, 0, 8, 0, 6, 0, 0, 0, 0, 0, 0, 0,          /* isb_osdrop */
		0, 0, 0, 0,
		76, 0, 0, 0,
	};
	uint8_t room[128];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_pcapng_statistics s = { .interface = 1, .time = 9, .start = 7, .end = 0x100000008,
		.received = 0x100000005, .dropped_by_kernel = 6, .dropped_by_interface = UINT64_MAX,
		.accepted = UINT64_MAX, .delivered = UINT64_MAX };

	(void)state;
	assert_int_equal(sonde_pcapng_put_statistics(&b, &s), 0);
	assert_bytes(&b, expected, sizeof(expected));
}

/* Every room that is too small: SONDE_E_SPACE, what was there stays, and nothing is written behind the room. */
static void too_little_room_changes_nothing(void **state)
{
	struct sonde_record r = { .bytes = sonde_view("abcdefg", 7), .wire_len = 7, .comment = text("c"),
		.direction = SONDE_INBOUND };
	uint8_t whole[128];
	struct sonde_buf all = { whole, 0, sizeof(whole) };

	(void)state;
	assert_int_equal(sonde_pcapng_put_packet(&all, &r), 0);
	for (size_t cap = 4; cap < 4 + all.len; cap++) {
		uint8_t *room = malloc(cap); /* so that a sanitizer sees a byte too many */
		struct sonde_buf b = { room, 0, cap };
		sonde_buf_put(&b, text("befo"));
		assert_int_equal(sonde_pcapng_put_packet(&b, &r), SONDE_E_SPACE);
		assert_int_equal(b.len, 4);
		assert_memory_equal(room, "befo", 4);
		free(room);
	}
}

static void texts_have_a_limit(void **state)
{
	static char longest[65536];
	static uint8_t room[70000];
	struct sonde_buf b = { room, 0, sizeof(room) };
	struct sonde_record r = { .comment = sonde_view(longest, 65536) };
	struct sonde_pcapng_interface i = { .filter = sonde_view(longest, 65535) };

	(void)state;
	memset(longest, 'x', sizeof(longest));
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), SONDE_E_RANGE);
	assert_int_equal(sonde_pcapng_put_interface(&b, &i), SONDE_E_RANGE);
	assert_int_equal(b.len, 0);
	r.comment.len--;
	i.filter.len--;
	assert_int_equal(sonde_pcapng_put_packet(&b, &r), 0);
	b.len = 0;
	assert_int_equal(sonde_pcapng_put_interface(&b, &i), 0);
}

int main(void)
{
	static struct unit u;

	UNIT_TEST(&u, section_without_options);
	UNIT_TEST(&u, section_with_options);
	UNIT_TEST(&u, interface_with_options);
	UNIT_TEST(&u, packet_with_options);
	UNIT_TEST(&u, packet_without_options);
	UNIT_TEST(&u, statistics_leave_out_what_is_not_known);
	UNIT_TEST(&u, too_little_room_changes_nothing);
	UNIT_TEST(&u, texts_have_a_limit);
	return unit_run(&u, "pcapng");
}
