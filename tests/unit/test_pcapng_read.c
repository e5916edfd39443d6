/* Blocks of pcapng files, read. */
#include "capture/pcapng_read.h"

#include "base/error.h"
#include "base/text.h"
#include "capture/pcapng_swap.h"
#include "capture/pcapng_write.h"

#include "tests/unit/wire.h"

#define MOST 4

struct reading {
	struct sonde_pcapng_seen interfaces[MOST];
	struct sonde_pcapng_file file;
	struct sonde_record packet; /* the last one */
	struct sonde_view rest;
};

static void begin(struct reading *r, const uint8_t *bytes, size_t len)
{
	*r = (struct reading){ .rest = { bytes, len } };
	r->file.interfaces = r->interfaces;
}

/* Read up to the next packet. Returns its kind, 0 at the end, or an error. */
static int next(struct reading *r)
{
	size_t len;
	for (;;) {
		int kind = sonde_pcapng_next(&r->packet, &len, &r->file, r->rest);
		if (kind > 0 || len < r->rest.len)
			r->rest = sonde_view_sub(r->rest, len, r->rest.len);
		if (kind == SONDE_PCAPNG_SECTION)
			sonde_pcapng_take_section(&r->file);
		else if (kind == SONDE_PCAPNG_INTERFACE && r->file.n < MOST)
			sonde_pcapng_take_interface(&r->interfaces[r->file.n++], &r->file);
		else if (kind <= SONDE_PCAPNG_PACKET)
			return kind;
	}
}

static bool is_text(struct sonde_view v, const char *s)
{
	return v.len == strlen(s) && (v.len == 0 || memcmp(v.data, s, v.len) == 0);
}

static size_t write_file(uint8_t *room, size_t cap)
{
	struct sonde_buf b = { room, 0, cap };
	struct sonde_pcapng_section section = { .application = sonde_view("test", 4) };
	struct sonde_pcapng_interface eth = { .name = sonde_view("eth0", 4), .link = 1 };
	struct sonde_pcapng_interface raw = { .link = 101, .snap = 96 };
	struct sonde_record one = { .time = 5, .bytes = sonde_view("abc", 3), .wire_len = 9, .link = 1,
				    .direction = SONDE_OUTBOUND, .comment = sonde_view("what for", 8) };
	struct sonde_record two = { .bytes = sonde_view("defg", 4), .wire_len = 4, .link = 101, .interface = 1 };
	assert_int_equal(sonde_pcapng_put_section(&b, &section), 0);
	assert_int_equal(sonde_pcapng_put_interface(&b, &eth), 0);
	assert_int_equal(sonde_pcapng_put_packet(&b, &one), 0);
	assert_int_equal(sonde_pcapng_put_interface(&b, &raw), 0);
	assert_int_equal(sonde_pcapng_put_packet(&b, &two), 0);
	return b.len;
}

static void what_is_written_is_read(void **state)
{
	uint8_t room[1024];
	struct reading r;
	(void)state;
	begin(&r, room, write_file(room, sizeof room));
	assert_int_equal(next(&r), 1);
	assert_true(is_text(r.packet.bytes, "abc"));
	assert_int_equal(r.packet.wire_len, 9);
	assert_int_equal(r.packet.link, 1);
	assert_int_equal(r.packet.direction, SONDE_OUTBOUND);
	assert_true(is_text(r.packet.comment, "what for"));
	assert_true(is_text(r.interfaces[r.packet.interface].name, "eth0"));
	assert_int_equal(next(&r), 1);
	assert_true(is_text(r.packet.bytes, "defg"));
	assert_int_equal(r.packet.interface, 1);
	assert_int_equal(r.packet.link, 101);
	assert_int_equal(r.packet.direction, 0);
	assert_int_equal(r.packet.comment.len, 0);
	assert_int_equal(r.interfaces[1].name.len, 0);
	assert_int_equal(r.interfaces[1].snap, 96);
	assert_int_equal(next(&r), 0);
}

/* Cut anywhere, a file gives the packets that are whole, and no read past its end (run under ASan). */
static void what_is_cut_is_told(void **state)
{
	uint8_t room[1024], copy[1024];
	struct reading r;
	(void)state;
	size_t len = write_file(room, sizeof room);
	for (size_t cut = 0; cut < len; cut++) {
		memcpy(copy, room, cut);
		begin(&r, copy, cut);
		int n = 0, got;
		while ((got = next(&r)) == 1)
			n++;
		assert_true(n < 2);
		assert_true(got == 0 || got == SONDE_E_MALFORMED);
	}
}

/* A little-endian section, and an interface of Ethernet. */
#define SECTION   "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
#define INTERFACE "01000000 14000000 0100 0000 00000000 14000000"

static const struct block_row {
	const char *name, *hex;
	int got;                 /* for the last block */
	const char *bytes, *comment;
	uint32_t wire_len;
	uint8_t direction;
} blocks[] = {
	/* Laid out by hand after draft-ietf-opsawg-pcapng, 4.1 to 4.4. */
	{ "block: big-endian, two comments, inbound",
	  "0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
	  "00000001 00000020 0001 0000 00000000 0002 0004 6c6f3031 0000 0000 00000020"
	  "00000006 00000040 00000000 00000000 00000000 00000003 00000005 61626300"
	  "0001 0002 68690000 0002 0004 00000001 0001 0003 796f7500 0000 0000 00000040",
	  1, "abc", "hi", 5, 1 },
	{ "block: simple, shorter than the frame was",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "01000000 14000000 0100 0000 03000000 14000000"
	  "03000000 14000000 09000000 61626300 14000000", 1, "abc", "", 9, 0 },
	{ "block: obsolete", SECTION INTERFACE
	  "02000000 24000000 0000 0000 00000000 00000000 02000000 02000000 61620000 24000000", 1, "ab", "", 2, 0 },
	{ "block: an interface that was not described", SECTION INTERFACE
	  "06000000 24000000 01000000 00000000 00000000 02000000 02000000 61620000 24000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: a simple one without an interface", SECTION "03000000 14000000 04000000 61626300 14000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: one that is no packet", SECTION "ad0b0000 10000000 01020304 10000000", 0, "", "", 0, 0 },
	{ "block: bytes that are not there", SECTION INTERFACE
	  "06000000 24000000 00000000 00000000 00000000 05000000 05000000 61620000 24000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: more bytes than a packet can have", SECTION INTERFACE
	  "06000000 24000000 00000000 00000000 00000000 01000400 01000400 61620000 24000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: two lengths", SECTION INTERFACE
	  "06000000 24000000 00000000 00000000 00000000 02000000 02000000 61620000 20000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: outside of a section", INTERFACE, SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a section of version 2", "0a0d0d0a 1c000000 4d3c2b1a 0200 0000 ffffffffffffffff 1c000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a section without a version", "0a0d0d0a 10000000 4d3c2b1a 10000000", SONDE_E_MALFORMED, "", "", 0,
	  0 },
	{ "block: a packet block without its numbers", SECTION INTERFACE "06000000 10000000 00000000 10000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a description without its numbers", SECTION "01000000 10000000 01000000 10000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: over 16 MiB", SECTION "ad0b0000 04000001 01020304 10000000", SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: another magic", "0a0d0d0a 1c000000 4d3c2b1b 0100 0000 ffffffffffffffff 1c000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a length of 8", "0a0d0d0a 08000000 4d3c2b1a", SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a length that is no multiple of 4", "0a0d0d0a 1d000000 4d3c2b1a", SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: an option longer than the block",
	  SECTION INTERFACE
	  "06000000 28000000 00000000 00000000 00000000 02000000 02000000 61620000 0100 0900 28000000", 1, "ab", "", 2,
	  0 },
};

static void is_read(void **state)
{
	const struct block_row *row = *state;
	uint8_t room[WIRE_MAX];
	struct reading r;
	begin(&r, room, wire_hex(room, row->hex));
	assert_int_equal(next(&r), row->got);
	if (row->got != 1)
		return;
	assert_true(is_text(r.packet.bytes, row->bytes));
	assert_true(is_text(r.packet.comment, row->comment));
	assert_int_equal(r.packet.wire_len, row->wire_len);
	assert_int_equal(r.packet.direction, row->direction);
}

static void all_comments_are_found(void **state)
{
	uint8_t room[WIRE_MAX];
	struct reading r;
	struct sonde_view comment;
	size_t at = 0;
	(void)state;
	begin(&r, room, wire_hex(room, blocks[0].hex));
	assert_int_equal(next(&r), 1);
	assert_true(is_text(r.interfaces[0].name, "lo01"));
	assert_true(sonde_pcapng_option(&comment, r.packet.options, true, SONDE_PCAPNG_COMMENT, &at));
	assert_true(is_text(comment, "hi"));
	assert_true(sonde_pcapng_option(&comment, r.packet.options, true, SONDE_PCAPNG_COMMENT, &at));
	assert_true(is_text(comment, "you"));
	assert_false(sonde_pcapng_option(&comment, r.packet.options, true, SONDE_PCAPNG_COMMENT, &at));
}

/* A packet of an interface with a resolution and an offset: its time in the file, and in ns. */
static const struct time_row {
	const char *name;
	uint8_t resolution;
	int64_t offset_s;
	uint64_t units;
	bool fits;
	sonde_time ns;
} times[] = {
	{ "time: microseconds", 6, 0, 1700000000123456, true, 1700000000123456000 },
	{ "time: nanoseconds", 9, 0, INT64_MAX, true, INT64_MAX },
	{ "time: nanoseconds, after 2262", 9, 0, (uint64_t)INT64_MAX + 1, false, 0 },
	{ "time: nanoseconds, after 2262, and an offset back", 9, -1, (uint64_t)INT64_MAX + 1, true,
	  INT64_MAX - 999999999 },
	{ "time: seconds", 0, 0, 9223372036, true, 9223372036000000000 },
	{ "time: seconds, after 2262", 0, 0, 9223372037, false, 0 },
	{ "time: picoseconds are rounded down", 12, 0, 1999, true, 1 },
	{ "time: 10^-127 s", 127, 0, UINT64_MAX - 1, true, 0 },
	{ "time: 2^-10 s", 0x80 | 10, 0, 1536, true, 1500000000 },
	{ "time: 2^-32 s", 0x80 | 32, 0, UINT64_MAX - 1, true, 4294967295999999999 },
	{ "time: 2^-127 s", 0xff, 0, UINT64_MAX - 1, true, 0 },
	{ "time: an offset to the first nanosecond", 9, -9223372037, 145224192, true, INT64_MIN },
	{ "time: an offset to before it", 9, -9223372037, 145224191, false, 0 },
	{ "time: an offset of all bits", 6, -1, 0, true, -1000000000 },
	{ "time: the smallest offset", 6, INT64_MIN, UINT64_MAX - 1, false, 0 },
	{ "time: the largest offset", 6, INT64_MAX, UINT64_MAX - 1, false, 0 },
};

static void time_is_read(void **state)
{
	const struct time_row *row = *state;
	uint8_t room[256];
	struct reading r;
	struct sonde_buf b = { room, wire_hex(room, SECTION), sizeof room };
	static const uint8_t head[] = { 1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 1, 0 };
	uint8_t body[8 + 8 + 12 + 4] = { 0 };
	memcpy(body, head, sizeof head);
	body[12] = row->resolution;
	body[16] = 14;
	body[18] = 8;
	for (int i = 0; i < 8; i++)
		body[20 + i] = (uint8_t)((uint64_t)row->offset_s >> 8 * i);
	const struct sonde_view described = sonde_view(body, sizeof body);
	assert_int_equal(sonde_pcapng_put_block(&b, SONDE_PCAPNG_INTERFACE_DESCRIPTION, described), 0);
	const struct sonde_record put = { .time = (sonde_time)row->units, .bytes = sonde_view("a", 1), .wire_len = 1 };
	assert_int_equal(sonde_pcapng_put_packet(&b, &put), 0);
	begin(&r, room, b.len);
	assert_int_equal(next(&r), 1);
	assert_int_equal(r.packet.timeless, !row->fits);
	assert_int_equal(r.file.unfit, !row->fits);
	assert_true(r.packet.time == row->ns);
}

static void a_simple_packet_has_no_time(void **state)
{
	uint8_t room[WIRE_MAX];
	struct reading r;
	(void)state;
	begin(&r, room, wire_hex(room, SECTION INTERFACE "03000000 14000000 03000000 61626300 14000000"));
	assert_int_equal(next(&r), 1);
	assert_true(r.packet.timeless);
	assert_int_equal(r.file.unfit, 0);
	assert_true(is_text(r.packet.bytes, "abc"));
}

/* Interfaces count on through sections of both byte orders. */
static void sections_follow_each_other(void **state)
{
	uint8_t room[WIRE_MAX];
	struct reading r;
	(void)state;
	begin(&r, room, wire_hex(room, SECTION INTERFACE INTERFACE
		"0a0d0d0a 0000001c 1a2b3c4d 0001 0000 ffffffffffffffff 0000001c"
		"00000001 00000014 0065 0000 00000000 00000014"
		"00000006 00000024 00000000 00000000 00000007 00000002 00000002 61620000 00000024"));
	assert_int_equal(next(&r), 1);
	assert_int_equal(r.packet.interface, 2);
	assert_int_equal(r.packet.link, 101);
	assert_int_equal(r.packet.time, 7000);
}

/* Every option of a packet is there for whoever asks, in numbers of its section's order. */
static void options_are_views(void **state)
{
	uint8_t room[WIRE_MAX];
	struct reading r;
	struct sonde_view v;
	size_t at = 0;
	(void)state;
	begin(&r, room, wire_hex(room, SECTION INTERFACE
		"06000000 4c000000 00000000 00000000 00000000 02000000 02000000 61620000"
		"0300 0500 02 01020304 000000 0400 0800 0900000000000000 0800 0800 11000000 12000000 0000 0000"
		"4c000000"));
	assert_int_equal(next(&r), 1);
	assert_true(sonde_pcapng_option(&v, r.packet.options, r.packet.big_endian, SONDE_PCAPNG_HASH, &at));
	assert_int_equal(v.len, 5);
	at = 0;
	assert_true(sonde_pcapng_option(&v, r.packet.options, r.packet.big_endian, SONDE_PCAPNG_DROP_COUNT, &at));
	assert_int_equal(v.data[0], 9);
	at = 0;
	assert_true(sonde_pcapng_option(&v, r.packet.options, r.packet.big_endian, SONDE_PCAPNG_PROCESS, &at));
	assert_int_equal(v.data[4], 0x12);
}

/* A record that is written has its options again: of a big-endian section, with their numbers turned. */
static void options_are_copied(void **state)
{
	static const char *const options[] = {
		"0001 0002 68690000 0002 0004 01020301 0003 0005 02 01020304 000000 0004 0008 0000000000000009"
		"0008 0008 00000011 00000012 0bac 0006 00007ed9 6869 0000 0000 0000",
		"0100 0200 68690000 0200 0400 01030201 0300 0500 02 01020304 000000 0400 0800 0900000000000000"
		"0800 0800 11000000 12000000 ac0b 0600 d97e0000 6869 0000 0000 0000",
	};
	(void)state;
	for (unsigned big = 0; big < 2; big++) {
		uint8_t from[WIRE_MAX], want[WIRE_MAX], room[WIRE_MAX];
		struct sonde_buf b = { room, wire_hex(room, SECTION INTERFACE), sizeof room };
		struct reading r;
		size_t len = wire_hex(from, options[big ? 0 : 1]);
		const struct sonde_record put = { .bytes = sonde_view("ab", 2), .wire_len = 2, .big_endian = big,
						  .options = sonde_view(from, len), .comment = sonde_view("not", 3) };
		assert_int_equal(sonde_pcapng_put_packet(&b, &put), 0);
		assert_true(b.len - 48 <= sonde_pcapng_packet_room(&put));
		begin(&r, room, b.len);
		assert_int_equal(next(&r), 1);
		assert_int_equal(wire_hex(want, options[1]), len);
		assert_true(sonde_view_equal(r.packet.options, sonde_view(want, len)));
		assert_true(is_text(r.packet.comment, "hi"));
		assert_int_equal(r.packet.direction, SONDE_INBOUND);
	}
}

static void statistics_are_read(void **state)
{
	uint8_t room[WIRE_MAX];
	struct reading r;
	struct sonde_pcapng_statistics of;
	(void)state;
	begin(&r, room, wire_hex(room, SECTION INTERFACE
		"05000000 30000000 00000000 00000000 09000000"
		"0200 0800 00000000 08000000 0800 0800 0300000000000000 30000000"));
	assert_int_equal(next(&r), 0);
	assert_int_equal(r.file.type, SONDE_PCAPNG_INTERFACE_STATISTICS);
	assert_int_equal(sonde_pcapng_take_statistics(&of, &r.file), 0);
	assert_int_equal(of.time, 9000);
	assert_int_equal(of.start, 8000);
	assert_int_equal(of.end, 9000);
	assert_int_equal(of.delivered, 3);
	assert_true(of.received == UINT64_MAX);
}

/* Every length of a block but the right one is refused, or waited for; a good block behind it is found. */
static void wrong_lengths_are_damage(void **state)
{
	static const char file[] = SECTION INTERFACE
		"06000000 24000000 00000000 00000000 00000000 02000000 02000000 61620000 24000000"
		"06000000 24000000 00000000 00000000 00000000 02000000 02000000 63640000 24000000";
	const size_t packet = 28 + 20, second = packet + 36;
	uint8_t room[WIRE_MAX];
	struct reading r;
	(void)state;
	size_t len = wire_hex(room, file);
	for (uint32_t wrong = 0; wrong < 200; wrong++) {
		size_t need;
		room[packet + 4] = (uint8_t)wrong;
		begin(&r, room, len);
		int got = next(&r);
		if (wrong == 36)
			continue;
		struct sonde_view rest = sonde_view(room + packet, len - packet);
		assert_true(got == SONDE_E_MALFORMED || (got == 0 && wrong > rest.len));
		assert_int_equal(sonde_pcapng_next(&r.packet, &need, &r.file, rest), got);
		assert_int_equal(sonde_pcapng_resume(&r.file, rest), second - packet);
	}
}

/* By hand, out of the drawings of the draft: sections 4.5 and 4.7. */
static const struct turned {
	const char *name;
	uint32_t type;
	const char *big, *little;
	int err;
} turned[] = {
	{ "turned: names, and an option with a maker", SONDE_PCAPNG_NAME_RESOLUTION,
	  "0001 0006 0a000001 61000000 0000 0000 0bac 0005 00001234 78000000 0000 0000",
	  "0100 0600 0a000001 61000000 0000 0000 ac0b 0500 34120000 78000000 0000 0000", 0 },
	{ "turned: secrets", SONDE_PCAPNG_SECRETS, "544c534b 00000003 61626300 0001 0001 78000000",
	  "4b534c54 03000000 61626300 0100 0100 78000000", 0 },
	{ "turned: a record that is not all there", SONDE_PCAPNG_NAME_RESOLUTION, "0001 0009 0a000001", NULL,
	  SONDE_E_MALFORMED },
	{ "turned: more secrets than bytes", SONDE_PCAPNG_SECRETS, "544c534b 00000005 61626300", NULL,
	  SONDE_E_MALFORMED },
	{ "turned: the number of a maker, and not what is the maker's", SONDE_PCAPNG_CUSTOM, "00001234 00000001",
	  "34120000 00000001", 0 },
	{ "turned: a maker's number that is not all there", SONDE_PCAPNG_CUSTOM, "000012", NULL, SONDE_E_MALFORMED },
	{ "turned: a block of an unknown type", 0x1234, "00001234 00000001", NULL, SONDE_E_UNSUPPORTED },
};

static struct sonde_buf read_digits(uint8_t *room, size_t cap, const char *digits)
{
	struct sonde_buf b = { .data = room, .cap = cap };
	for (; *digits; digits += *digits == ' ' ? 1 : 2)
		if (*digits != ' ')
			assert_int_equal(sonde_hex_parse(&b, digits, 2), 0);
	return b;
}

static void is_turned(void **state)
{
	const struct turned *row = *state;
	uint8_t room[100], wanted[100];
	struct sonde_buf got = read_digits(room, sizeof room, row->big);
	assert_int_equal(sonde_pcapng_swap(&got, row->type), row->err);
	if (!row->little)
		return;
	struct sonde_buf right = read_digits(wanted, sizeof wanted, row->little);
	assert_int_equal(got.len, right.len);
	assert_memory_equal(room, wanted, right.len);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, what_is_written_is_read);
	UNIT_TEST(&u, what_is_cut_is_told);
	UNIT_ROWS(&u, is_read, blocks);
	UNIT_TEST(&u, all_comments_are_found);
	UNIT_ROWS(&u, time_is_read, times);
	UNIT_TEST(&u, a_simple_packet_has_no_time);
	UNIT_TEST(&u, sections_follow_each_other);
	UNIT_TEST(&u, options_are_views);
	UNIT_TEST(&u, options_are_copied);
	UNIT_TEST(&u, statistics_are_read);
	UNIT_TEST(&u, wrong_lengths_are_damage);
	UNIT_ROWS(&u, is_turned, turned);
	return unit_run(&u, "pcapng, read");
}
