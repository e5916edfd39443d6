/* Blocks of pcapng files, read. */
#include "capture/pcapng_read.h"

#include "base/error.h"
#include "capture/pcapng_write.h"

#include "tests/unit/wire.h"

#define MOST 4

struct reading {
	struct sonde_pcapng_seen interfaces[MOST];
	struct sonde_pcapng_file file;
	struct sonde_pcapng_packet packet; /* the last one */
	struct sonde_view rest;
};

static void begin(struct reading *r, const uint8_t *bytes, size_t len)
{
	*r = (struct reading){ .rest = { bytes, len } };
	r->file.interfaces = r->interfaces;
	r->file.cap = MOST;
}

/* Read up to the next packet. Returns 1, 0 at the end, or an error. */
static int next(struct reading *r)
{
	while (r->rest.len >= SONDE_PCAPNG_HEAD) {
		uint32_t len = sonde_pcapng_block_len(&r->file, r->rest.data);
		if (len == 0 || len > r->rest.len)
			return SONDE_E_MALFORMED;
		int got = sonde_pcapng_block(&r->packet, &r->file, sonde_view_sub(r->rest, 0, len));
		r->rest = sonde_view_sub(r->rest, len, r->rest.len);
		if (got)
			return got;
	}
	return 0;
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
	assert_true(is_text(r.packet.record.bytes, "abc"));
	assert_int_equal(r.packet.record.wire_len, 9);
	assert_int_equal(r.packet.record.link, 1);
	assert_int_equal(r.packet.record.direction, SONDE_OUTBOUND);
	assert_true(is_text(r.packet.record.comment, "what for"));
	assert_string_equal(r.packet.from->name, "eth0");
	assert_int_equal(next(&r), 1);
	assert_true(is_text(r.packet.record.bytes, "defg"));
	assert_int_equal(r.packet.record.interface, 1);
	assert_int_equal(r.packet.record.link, 101);
	assert_int_equal(r.packet.record.direction, 0);
	assert_int_equal(r.packet.record.comment.len, 0);
	assert_string_equal(r.packet.from->name, "");
	assert_int_equal(r.packet.from->snap, 96);
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
	{ "block: obsolete",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "02000000 24000000 0000 0000 00000000 00000000 02000000 02000000 61620000 24000000", 1, "ab", "", 2, 0 },
	{ "block: an interface that was not described",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "06000000 24000000 07000000 00000000 00000000 02000000 02000000 61620000 24000000", 1, "ab", "", 2, 0 },
	{ "block: one that is no packet", "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "ad0b0000 10000000 01020304 10000000", 0, "", "", 0, 0 },
	{ "block: bytes that are not there",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "06000000 24000000 00000000 00000000 00000000 05000000 05000000 61620000 24000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: two lengths",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
	  "06000000 24000000 00000000 00000000 00000000 02000000 02000000 61620000 20000000", SONDE_E_MALFORMED, "", "",
	  0, 0 },
	{ "block: another magic", "0a0d0d0a 1c000000 4d3c2b1b 0100 0000 ffffffffffffffff 1c000000",
	  SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a length of 8", "0a0d0d0a 08000000 4d3c2b1a", SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: a length that is no multiple of 4", "0a0d0d0a 1d000000 4d3c2b1a", SONDE_E_MALFORMED, "", "", 0, 0 },
	{ "block: an option longer than the block",
	  "0a0d0d0a 1c000000 4d3c2b1a 0100 0000 ffffffffffffffff 1c000000"
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
	assert_true(is_text(r.packet.record.bytes, row->bytes));
	assert_true(is_text(r.packet.record.comment, row->comment));
	assert_int_equal(r.packet.record.wire_len, row->wire_len);
	assert_int_equal(r.packet.record.direction, row->direction);
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
	assert_string_equal(r.packet.from->name, "lo01");
	assert_true(sonde_pcapng_option(&comment, &r.file, r.packet.options, SONDE_PCAPNG_COMMENT, &at));
	assert_true(is_text(comment, "hi"));
	assert_true(sonde_pcapng_option(&comment, &r.file, r.packet.options, SONDE_PCAPNG_COMMENT, &at));
	assert_true(is_text(comment, "you"));
	assert_false(sonde_pcapng_option(&comment, &r.file, r.packet.options, SONDE_PCAPNG_COMMENT, &at));
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, what_is_written_is_read);
	UNIT_TEST(&u, what_is_cut_is_told);
	UNIT_ROWS(&u, is_read, blocks);
	UNIT_TEST(&u, all_comments_are_found);
	return unit_run(&u, "pcapng, read");
}
