#include "base/text.h"

#include <stdlib.h>

#include "base/error.h"
#include "base/escape.h"
#include "tests/unit/unit.h"

static void write_some(struct sonde_text *t)
{
	sonde_text_str(t, "ip ttl=");
	sonde_text_uint(t, 64);
	sonde_text_char(t, ' ');
	sonde_text_hexnum(t, 0xbeef, 2);
	sonde_text_mem(t, "/tcp.", 4);
	sonde_text_fmt(t, " %s=%d", "win", -5);
	sonde_text_hex(t, sonde_view("\x01\xfe", 2));
	sonde_text_mem(t, NULL, 0);
	sonde_text_str(t, "");
}

/* Into every capacity up to more than enough: what fits is there and ends in 0, the length is always the whole one,
 * and nothing behind the capacity is written (ASan sees that too). */
static void texts_fit_or_say_so(void **state)
{
	static const char want[] = "ip ttl=64 0xbeef/tcp win=-501fe";
	(void)state;
	for (size_t cap = 0; cap < sizeof want + 3; cap++) {
		char *data = malloc(cap + 1);
		assert_non_null(data);
		data[cap] = '~';
		struct sonde_text t = sonde_text(data, cap);
		write_some(&t);
		assert_int_equal(t.len, sizeof want - 1);
		assert_int_equal(sonde_text_fits(&t), cap >= sizeof want);
		assert_int_equal(data[cap], '~');
		if (cap > 0) {
			size_t stored = cap - 1 < t.len ? cap - 1 : t.len;
			assert_int_equal(strlen(data), stored);
			assert_memory_equal(data, want, stored);
		}
		free(data);
	}
}

static void texts_are_cut_back(void **state)
{
	char data[8];
	struct sonde_text t = sonde_text(data, sizeof data);
	(void)state;
	sonde_text_str(&t, "abcdef");
	sonde_text_cut(&t, 7);
	assert_string_equal(data, "abcdef");
	assert_int_equal(t.len, 6);
	sonde_text_cut(&t, 3);
	assert_string_equal(data, "abc");
	sonde_text_str(&t, "0123456789");
	assert_false(sonde_text_fits(&t));
	sonde_text_cut(&t, 9);
	assert_false(sonde_text_fits(&t));
	sonde_text_cut(&t, 5);
	assert_true(sonde_text_fits(&t));
	sonde_text_char(&t, '!');
	assert_string_equal(data, "abc01!");
	struct sonde_text none = sonde_text(NULL, 0);
	sonde_text_str(&none, "abc");
	sonde_text_cut(&none, 0);
	assert_int_equal(none.len, 0);
}

static const struct number_row {
	const char *name; /* the text that is expected */
	uint64_t v;
	unsigned min_digits; /* 0: decimal */
} numbers[] = {
	{ "0", 0, 0 },
	{ "9", 9, 0 },
	{ "10", 10, 0 },
	{ "18446744073709551615", UINT64_MAX, 0 },
	{ "0x0", 0, 1 },
	{ "0x0000", 0, 4 },
	{ "0x00ff", 0xff, 4 },
	{ "0x12345", 0x12345, 4 },
	{ "0xffffffffffffffff", UINT64_MAX, 1 },
	{ "0x0000000000000001", 1, 16 },
	{ "0x0000000000000002", 2, 99 },
};

static void number_of_row(void **state)
{
	const struct number_row *row = *state;
	char data[32];
	struct sonde_text t = sonde_text(data, sizeof data);
	if (row->min_digits)
		sonde_text_hexnum(&t, row->v, row->min_digits);
	else
		sonde_text_uint(&t, row->v);
	assert_string_equal(data, row->name);
	uint64_t back = ~row->v;
	assert_int_equal(sonde_uint_parse(&back, data, t.len), 0);
	assert_int_equal(back, row->v);
}

static const struct uint_row {
	const char *name;
	int result;
	uint64_t v;
} uints[] = {
	{ "007", 0, 7 },
	{ "0xAbC", 0, 0xabc },
	{ "0X1f", 0, 31 },
	{ "0x00000000000000000001", 0, 1 },
	{ "00000000000000000000000000012", 0, 12 },
	{ "18446744073709551616", SONDE_E_RANGE, 0 },
	{ "184467440737095516160", SONDE_E_RANGE, 0 }, /* comes out as 0 where carries are forgotten */
	{ "0x10000000000000000", SONDE_E_RANGE, 0 },
	{ "0x100000000000000000", SONDE_E_RANGE, 0 },
	{ "", SONDE_E_SYNTAX, 0 },
	{ "0x", SONDE_E_SYNTAX, 0 },
	{ "x1", SONDE_E_SYNTAX, 0 },
	{ "1x", SONDE_E_SYNTAX, 0 },
	{ "0xg", SONDE_E_SYNTAX, 0 },
	{ "ff", SONDE_E_SYNTAX, 0 },
	{ "+1", SONDE_E_SYNTAX, 0 },
	{ "-1", SONDE_E_SYNTAX, 0 },
	{ " 1", SONDE_E_SYNTAX, 0 },
	{ "1 ", SONDE_E_SYNTAX, 0 },
	{ "99999999999999999999x", SONDE_E_SYNTAX, 0 },
};

static void uint_of_row(void **state)
{
	const struct uint_row *row = *state;
	uint64_t v = 42;
	assert_int_equal(sonde_uint_parse(&v, row->name, strlen(row->name)), row->result);
	assert_int_equal(v, row->result ? 42 : row->v);
}

static const struct hex_row {
	const char *name;
	int result;
} hexes[] = {
	{ "00ffA5", 0 },
	{ "", 0 },
	{ "0011223344", SONDE_E_SPACE },
	{ "0", SONDE_E_SYNTAX },
	{ "001", SONDE_E_SYNTAX },
	{ "0g", SONDE_E_SYNTAX },
	{ "0x00", SONDE_E_SYNTAX },
	{ "00 11", SONDE_E_SYNTAX },
	{ "00112233445566zz", SONDE_E_SYNTAX },
};

static void hex_of_row(void **state)
{
	const struct hex_row *row = *state;
	uint8_t bytes[5] = { 0x77 };
	struct sonde_buf b = { .data = bytes, .len = 1, .cap = sizeof bytes };
	assert_int_equal(sonde_hex_parse(&b, row->name, strlen(row->name)), row->result);
	assert_int_equal(b.len, 1 + (row->result ? 0 : strlen(row->name) / 2));
	assert_memory_equal(bytes, b.len == 4 ? "\x77\x00\xff\xa5" : "\x77", b.len);
}

static const struct edits_row {
	const char *name, *other;
	unsigned most, edits;
} edits[] = {
	{ "dport", "dport", 3, 0 },
	{ "dprot", "dport", 3, 1 },
	{ "dort", "dport", 3, 1 },
	{ "ddport", "dport", 3, 1 },
	{ "dpart", "dport", 3, 1 },
	{ "", "abc", 5, 3 },
	{ "abc", "", 5, 3 },
	{ "", "", 5, 0 },
	{ "kitten", "sitting", 9, 3 },
	{ "ca", "abc", 9, 3 }, /* a swapped pair is not edited again */
	{ "badc", "abcd", 9, 2 },
	{ "checksum", "chksum", 3, 2 },
	{ "abcdef", "uvwxyz", 3, 4 }, /* more than most */
	{ "abcdef", "uvwxyz", 0, 1 },
	{ "abcdefghijklmnopqrstuvwxyz012345", "abcdefghijklmnopqrstuvwxyz01234", 3, 1 },
	{ "abcdefghijklmnopqrstuvwxyz0123456", "abcdefghijklmnopqrstuvwxyz012345", 3, 4 }, /* too long */
	{ "abc", "abcdefghijklmnopqrstuvwxyz0123456", 40, 41 },
};

static void edits_of_row(void **state)
{
	const struct edits_row *row = *state;
	assert_int_equal(sonde_edits(row->name, strlen(row->name), row->other, row->most), row->edits);
}

static const struct nearest_row {
	const char *name, *best;
} nearest[] = {
	{ "dprot", "dport" },
	{ "sprot", "sport" },
	{ "chksum", "checksum" },
	{ "TTL", "ttl" },
	{ "DPORT", "dport" },
	{ "tt", "ttl" },
	{ "tll", "ttl" },
	{ "xport", "sport" }, /* the first of two that are as near */
	{ "x", NULL },
	{ "", NULL },
	{ "window", NULL },
	{ "xtx", NULL },
	{ "options_that_nobody_has_ever_heard_of", NULL },
};

static void nearest_of_row(void **state)
{
	static const char *const candidates[] = { "sport", "dport", "ttl", "checksum", "ihl", "tos", "Ttl" };
	const struct nearest_row *row = *state;
	struct sonde_nearest n = { .name = row->name, .len = strlen(row->name) };
	for (size_t i = 0; i < sizeof candidates / sizeof candidates[0]; i++)
		sonde_nearest_offer(&n, candidates[i]);
	if (row->best)
		assert_string_equal(n.best, row->best);
	else
		assert_null(n.best);
}

/* RFC 3629 for what is UTF-8. */
static const struct foreign_row {
	const char *name, *in, *out;
} foreigners[] = {
	{ "foreign: plain", "a b\\c", "a b\\c" },
	{ "foreign: other letters", "\xc3\xa9\xe2\x82\xac", "\xc3\xa9\xe2\x82\xac" },
	{ "foreign: controls", "\x1b[2J\x7f\t", "\\x1b[2J\\x7f\\x09" },
	{ "foreign: C1", "\xc2\x9b", "\\xc2\\x9b" },
	{ "foreign: no UTF-8", "a\x87\xe2\x82", "a\\x87\\xe2\\x82" },
};

static void foreign_of_row(void **state)
{
	const struct foreign_row *row = *state;
	char out[64];
	struct sonde_text t = sonde_text(out, sizeof out);
	sonde_foreign_print(&t, sonde_view(row->in, strlen(row->in)));
	assert_string_equal(out, row->out);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, texts_fit_or_say_so);
	UNIT_TEST(&u, texts_are_cut_back);
	UNIT_ROWS(&u, number_of_row, numbers);
	UNIT_ROWS(&u, uint_of_row, uints);
	UNIT_ROWS(&u, hex_of_row, hexes);
	UNIT_ROWS(&u, edits_of_row, edits);
	UNIT_ROWS(&u, nearest_of_row, nearest);
	UNIT_ROWS(&u, foreign_of_row, foreigners);
	return unit_run(&u, "text");
}
