/* A stream out of segments in any order. */
#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "tests/unit/unit.h"
#include "tools/read/stream.h"

#define MOST 8

/* What is taken, with [N] for N missing bytes. */
static void take(void *arg, uint32_t missing, struct sonde_view bytes)
{
	if (missing)
		sonde_text_fmt(arg, "[%u]", (unsigned)missing);
	sonde_text_mem(arg, (const char *)bytes.data, bytes.len);
	sonde_text_char(arg, '|');
}

static const struct row {
	const char *name;
	uint32_t start; /* 0: with the first segment */
	struct {
		uint32_t seq;
		const char *bytes; /* NULL: an acknowledgement; "F": a FIN */
	} segments[MOST];
	const char *taken, *at_the_end;
} rows[] = {
	{ "stream: in order", 10, { { 10, "abc" }, { 13, "de" } }, "abc|de|", "" },
	{ "stream: from the first that is seen", 0, { { 10, "abc" }, { 13, "de" } }, "abc|de|", "" },
	{ "stream: sent again", 10, { { 10, "abc" }, { 10, "abc" }, { 11, "bcde" } }, "abc|de|", "" },
	{ "stream: a keep-alive", 10, { { 10, "abc" }, { 12, "x" } }, "abc|", "" },
	{ "stream: the first comes last", 10, { { 13, "de" }, { 15, "f" }, { 10, "abc" } }, "abc|de|f|", "" },
	{ "stream: those that wait overlap", 10, { { 13, "def" }, { 12, "cdefg" }, { 10, "ab" } }, "ab|cdefg|", "" },
	{ "stream: nobody has what is missing", 10, { { 13, "de" }, { 20, "f" } }, "", "[3]de|[5]f|" },
	{ "stream: the other side has it", 10, { { 13, "de" }, { 15, NULL }, { 15, "f" } }, "[3]de|f|", "" },
	{ "stream: and nothing behind it was captured", 10, { { 10, "ab" }, { 15, NULL }, { 15, "f" } }, "ab|[3]|f|",
	  "" },
	{ "stream: an end is no byte", 10, { { 10, "ab" }, { 12, "F" }, { 13, NULL } }, "ab|", "" },
	{ "stream: numbers that wrap", 0xfffffffe, { { 0xfffffffe, "ab" }, { 2, "ef" }, { 0, "cd" } }, "ab|cd|ef|",
	  "" },
};

static void is_taken(void **state)
{
	const struct row *row = *state;
	char text[200];
	struct sonde_text t = sonde_text(text, sizeof text);
	struct stream s = { .take = take, .arg = &t };
	if (row->start)
		stream_start(&s, row->start);
	for (size_t i = 0; i < MOST && (row->segments[i].seq || row->segments[i].bytes); i++) {
		const char *bytes = row->segments[i].bytes;
		if (!bytes)
			stream_acknowledged(&s, row->segments[i].seq);
		else if (strcmp(bytes, "F") == 0)
			stream_fin(&s, row->segments[i].seq);
		else
			stream_add(&s, row->segments[i].seq, sonde_view(bytes, strlen(bytes)));
	}
	assert_string_equal(text, row->taken);
	sonde_text_cut(&t, 0);
	stream_end(&s);
	assert_string_equal(text, row->at_the_end);
	assert_null(s.pieces);
	assert_int_equal(s.waiting, 0);
}

static void count(void *arg, uint32_t missing, struct sonde_view bytes)
{
	uint64_t *n = arg;
	n[0] += missing;
	n[1] += bytes.len;
}

/* What waits has a limit: the gap before it is given up. */
static void waits_within_limits(void **state)
{
	static uint8_t bytes[1000];
	uint64_t n[2] = { 0 };
	struct stream s = { .take = count, .arg = n };
	(void)state;
	stream_start(&s, 1);
	for (uint32_t i = 0; i < 3000; i++) {
		stream_add(&s, 11 + i * 1000, sonde_view(bytes, sizeof bytes));
		assert_true(s.waiting <= STREAM_MOST);
	}
	stream_end(&s);
	assert_int_equal(n[0], 10);
	assert_int_equal(n[1], 3000000);
}

/* Segments of 1 to 9 bytes, each twice, in a random order, give the stream. */
static void any_order(void **state)
{
	enum { BYTES = 2000 };
	uint64_t random = 7;
	(void)state;
	for (int round = 0; round < 50; round++) {
		char text[2 * BYTES], whole[BYTES];
		struct { uint32_t seq, len; } segments[2 * BYTES];
		size_t n = 0;
		for (uint32_t at = 0, len; at < BYTES; at += len) {
			len = 1 + (uint32_t)(unit_random(&random) % 9);
			len = len < BYTES - at ? len : BYTES - at;
			segments[n].seq = segments[n + 1].seq = at;
			segments[n].len = segments[n + 1].len = len;
			n += 2;
		}
		for (size_t i = 0; i < BYTES; i++)
			whole[i] = (char)('a' + unit_random(&random) % 26);
		struct sonde_text t = sonde_text(text, sizeof text);
		struct stream s = { .take = take, .arg = &t };
		stream_start(&s, (uint32_t)-1000);
		while (n > 0) {
			size_t which = unit_random(&random) % n--;
			stream_add(&s, segments[which].seq - 1000,
				   sonde_view(whole + segments[which].seq, segments[which].len));
			segments[which] = segments[n];
		}
		size_t len = 0;
		for (const char *at = text; *at; at++)
			if (*at != '|')
				assert_int_equal(*at, whole[len++]);
		assert_int_equal(len, BYTES);
		stream_end(&s);
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_taken, rows);
	UNIT_TEST(&u, waits_within_limits);
	UNIT_TEST(&u, any_order);
	return unit_run(&u, "streams of bytes");
}
