/* Hex dumps of all usual shapes, and what is no whole dump. */
#include "tools/common/hexdump.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/text.h"

#include "tests/unit/unit.h"

#define ZEROS16 "00000000000000000000000000000000"

static const struct dump_row {
	const char *name, *dump;
	const char *packets; /* in hex, each followed by a blank; then the error, if there is one */
} dumps[] = {
	{ "dump: digits", "450000\n", "450000 " },
	{ "dump: pairs", "45 00 00 1c\n00 01\n", "4500001c0001 " },
	{ "dump: C", "{ 0x45, 0x00,\n  0x00 }\n", "450000 " },
	{ "dump: a string", "\"\\x45\\x00\"\n", "4500 " },
	{ "dump: two packets", "45 00\n\n46 00\n", "4500 4600 " },
	{ "dump: tcpdump -x", "\t0x0000:  4500 001c\n", "4500001c " },
	{ "dump: tcpdump -X",
	  "22:13:20.1 IP 10.0.0.1.1 > 10.0.0.2.2: UDP\n"
	  "\t0x0000:  4500 0020 0001 0000 4011 66ce 0a00 0001  E.......@.f.....\n"
	  "\t0x0010:  6361 6665                                cafe\n",
	  "45000020000100004011" "66ce0a00000163616665 " },
	{ "dump: xxd",
	  "00000000: 4500 0020 0001 0000 4011 66ce 0a00 0001  E.. ....@.f.....\n"
	  "00000010: 6361 6665  cafe\n",
	  "4500002000010000401166ce0a00000163616665 " },
	{ "dump: xxd, eight columns", "00000000: 6361 6665 6162 6162  cafeabab\n00000008: 6162 6364  abcd\n",
	  "636166656162616261626364 " },
	{ "dump: tshark -x",
	  "0000  45 00 00 20 00 01 00 00 40 11 66 ce 0a 00 00 01   E.. ....@.f.....\n"
	  "0010  63 61 66 65                                       cafe\n",
	  "4500002000010000401166ce0a00000163616665 " },
	{ "dump: one short line with its characters", "0000  63 61 66 65                cafe\n", "63616665 " },
	{ "dump: and two blanks", "0000  63 61 66 65  cafe\n", "63616665 " },
	{ "dump: characters that look like bytes", "0000  64 65 20 20 66  de  f\n", "6465202066 " },
	{ "dump: a gap in the middle", "0000  01 02 03 04 05 06 07 08  09 0a\n", "0102030405060708090a " },
	{ "dump: gaps of four", "0000  01 02 03 04  05 06 07 08\n", "0102030405060708 " },
	{ "dump: eight with their characters", "0000  61 62 63 64 65 66 61 62  abcdefab\n", "6162636465666162 " },
	{ "dump: hexdump -C",
	  "00000000  01 02 03 04 05 06 07 08  09 0a 0b 0c 0d 0e 0f 10  |................|\n"
	  "00000010  ca fe                                             |ab|\n00000012\n",
	  "0102030405060708090a0b0c0d0e0f10cafe " },
	{ "dump: hexdump -C with *",
	  "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n"
	  "00000030  ca fe                                             |..|\n00000032\n",
	  ZEROS16 ZEROS16 ZEROS16 "cafe " },
	{ "dump: * up to the end",
	  "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000020\n",
	  ZEROS16 ZEROS16 " " },
	{ "dump: od -A x -t x1", "000000 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n000010 ca fe\n000012\n",
	  "0102030405060708090a0b0c0d0e0f10cafe " },
	{ "dump: od -t x1, in octal",
	  "0000000 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10\n0000020 ca fe\n0000022\n",
	  "0102030405060708090a0b0c0d0e0f10cafe " },
	{ "dump: od -A d, with *",
	  "0000000 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00\n*\n0000048 ca fe\n0000050\n",
	  ZEROS16 ZEROS16 ZEROS16 "cafe " },
	{ "dump: od -t x1z", "0000000 63 61 66 65 0a  >cafe.<\n0000005\n", "636166650a " },
	{ "dump: packets that follow each other", "0000  01 02\n0000  03 04\n", "0102 0304 " },
	{ "dump: words between", "Frame 1\n0000  01 02\nwhat is this\n10000   1.5 10.0.0.1\n0002  03\n", "010203 " },
	{ "dump: nothing", "hello\n", "" },
	{ "dump: bytes that are missing", "0000  01 02 03 04\n0008  05\n",
	  "line 2: offset 0008, but 4 (0x4) bytes came before it: lines are missing" },
	{ "dump: a first line that is missing", "0010  01 02 03 04\n",
	  "line 1: offset 0010, where a packet begins: its first bytes are missing" },
	{ "dump: backwards", "0000  01 02 03 04\n0002  05\n",
	  "line 2: offset 0002, but 4 (0x4) bytes came before it: lines are missing" },
	{ "dump: * that does not fit",
	  "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000028  01\n",
	  "line 3: offset 00000028, but 16 (0x10) bytes came before it: lines are missing" },
	{ "dump: * without an end", "00000000  00 00  |..|\n*\n",
	  "line 2: the packet ends behind *: how long it is, is not said" },
	{ "dump: od of words", "0000000 0045 1c00 0100 0000\n",
	  "line 1: words of two bytes or more, in the order of some machine: use hexdump -C, or od -t x1" },
};

static void is_read(void **state)
{
	const struct dump_row *row = *state;
	uint8_t room[512];
	char text[2000];
	struct sonde_buf b = { room, 0, sizeof room };
	struct sonde_text t = sonde_text(text, sizeof text);
	struct hexdump d = { .lines.in = fmemopen((char *)(uintptr_t)row->dump, strlen(row->dump), "r") };
	int got;
	assert_non_null(d.lines.in);
	while ((got = hexdump_next(&b, &d)) == 1) {
		sonde_text_hex(&t, sonde_view(room, b.len));
		sonde_text_char(&t, ' ');
	}
	if (got == SONDE_E_MALFORMED)
		sonde_text_fmt(&t, "line %lu: %s", d.line_number, d.what);
	else
		assert_int_equal(got, 0);
	assert_string_equal(text, row->packets);
	fclose(d.lines.in);
	hexdump_close(&d);
}

static void too_long_is_told(void **state)
{
	uint8_t room[20];
	struct sonde_buf b = { room, 0, sizeof room };
	static char dump[] =
		"00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n7ffffff0\n";
	struct hexdump d = { .lines.in = fmemopen(dump, sizeof dump - 1, "r") };
	(void)state;
	assert_int_equal(hexdump_next(&b, &d), SONDE_E_SPACE);
	fclose(d.lines.in);
	hexdump_close(&d);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_read, dumps);
	UNIT_TEST(&u, too_long_is_told);
	return unit_run(&u, "hex dumps");
}
