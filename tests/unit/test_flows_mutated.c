/* Flows of captures with mistakes in them, and tables of earlier runs with mistakes in them, SONDE_MUTATIONS of each
 * (300): all ends, and nothing is read that is not there (run under ASan; tests/mutations.sh runs many). */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/mutate.h"
#include "tools/flows/columns.h"
#include "tools/flows/merge.h"

#define LINE   16384
#define ROUNDS 64 /* lines that are kept to be mutated */

static char lines[ROUNDS][LINE];
static unsigned n_lines;

/* All that is printed of a row. Returns how long it is. */
static size_t show(const struct flow_row *row)
{
	char value[COLUMN_STRLEN];
	size_t len = 0;
	for (const struct column *c = columns; c->name; c++)
		len += strlen(column_format(value, c, row));
	return len;
}

/* Keep a row as the object that --json prints of it. */
static void keep_line(const struct flow_row *row)
{
	char value[COLUMN_STRLEN], *line = lines[n_lines % ROUNDS];
	size_t len = (size_t)snprintf(line, LINE, "{\"cmd\":\"flows\",\"type\":\"flow\"");
	for (const struct column *c = columns; c->name; c++) {
		bool quoted = c->type == COLUMN_TEXT || c->type == COLUMN_ADDR || c->type == COLUMN_TIME;
		const char *quote = quoted ? "\"" : "";
		if (*column_format(value, c, row) && !strpbrk(value, "\"\\"))
			len += (size_t)snprintf(line + len, LINE - len, ",\"%s\":%s%s%s", c->name, quote, value, quote);
	}
	snprintf(line + len, LINE - len, ",\"ended\":\"open\"}");
	n_lines++;
}

static void end_all(struct sonde_flows *t, const struct flows_options *f, bool keeps)
{
	const struct sonde_flow *flow;
	assert_int_equal(sonde_flows_end_all(t), 0);
	while ((flow = sonde_flows_next_ended(t))) {
		struct flow_row row;
		flow_row_of(&row, f, t, flow);
		assert_true(show(&row) > 0);
		if (keeps)
			keep_line(&row);
		sonde_flows_drop_first(t);
	}
}

static struct sonde_flows *make_table(uint64_t *random)
{
	struct sonde_flows *t;
	const uint64_t r = unit_random(random);
	const struct sonde_flows_options o = {
		.secret = sonde_key_from_seed(r), .finds_services = r & 1, .finds_stalls = r & 2, .expires = r & 4,
		.trusts_sums = r & 8, .most_bytes = r & 16 ? 2000 : 0, .n_shards = r & 32 ? 2 : 0,
	};
	assert_int_equal(sonde_flows_new(&t, &o), 0);
	return t;
}

static void run_file(const char *path, bool keeps, uint64_t *random)
{
	const struct sonde_record *records;
	struct sonde_reader *r;
	struct sonde_flows *t = make_table(random);
	/* They take more memory than all the rest. */
	bool names = unit_random(random) % 16 == 0;
	struct flows_options f = { .names = names ? flow_names_new(sonde_key_from_seed(1)) : NULL };
	uint64_t n = 0;
	int got = sonde_reader_open(&r, path, NULL, NULL) ? 0 : 1;
	while (got > 0 && (got = sonde_reader_batch(&records, r, NULL)) != 0) {
		for (int i = 0; i < got; i++) {
			const struct sonde_flows_frame frame = { records[i].time, records[i].bytes,
								 records[i].wire_len, records[i].link, ++n };
			if (names)
				flow_names_learn(f.names, &frame);
			assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
		}
		if (got < 0 && sonde_reader_goes_on(r))
			got = 1;
	}
	assert_int_equal(sonde_flows_stats(t).frames, n);
	end_all(t, &f, keeps);
	sonde_reader_close(r);
	sonde_flows_free(t);
	flow_names_free(f.names);
}

static void captures_with_mistakes_end(void **state)
{
	static uint8_t bytes[MUTATED_MOST];
	char path[40];
	int fd = memfd_create("mutated", MFD_CLOEXEC);
	(void)state;
	assert_true(fd >= 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	mutate_take_captures();
	for (unsigned long k = 0, n = mutations(300); k < n; k++) {
		uint64_t random = k;
		size_t len = mutate_capture(bytes, k, &random);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, bytes, len, 0), len);
		run_file(path, k < ROUNDS, &random);
	}
	close(fd);
}

/* A line with up to five mistakes; numbers are made long at times. */
static struct merged *read_line(bool *good, uint64_t *random)
{
	char line[LINE + 64];
	struct merged *m = calloc(1, sizeof *m);
	assert_non_null(m);
	unsigned kept = n_lines < ROUNDS ? n_lines : ROUNDS;
	snprintf(line, sizeof line, "%s", lines[unit_random(random) % kept]);
	size_t len = strlen(line);
	for (uint64_t times = unit_random(random) % 6; times; times--) {
		size_t at = unit_random(random) % len;
		if (unit_random(random) % 4 == 0)
			mutate((uint8_t *)line, &len, sizeof line - 1, random);
		else if (line[at] >= '0' && line[at] <= '9' && len + 19 < sizeof line) {
			memmove(line + at + 18, line + at, len - at);
			memset(line + at, '0' + (int)(unit_random(random) % 10), 18);
			len += 18;
		} else if (line[at] >= '0' && line[at] <= '9')
			line[at] = (char)('0' + unit_random(random) % 10);
	}
	line[len] = 0;
	*good = merged_read(m, line, strlen(line));
	return m;
}

static void tables_with_mistakes_are_joined(void **state)
{
	unsigned long n_good = 0, n = mutations(300);
	(void)state;
	assert_true(n_lines > 0);
	for (unsigned long k = 0; k < n; k++) {
		uint64_t random = k;
		bool good[2];
		struct merged *a = read_line(&good[0], &random), *b = read_line(&good[1], &random);
		if (good[0] && good[1]) {
			n_good++;
			merged_goes_on(a, b, SONDE_FLOW_TCP_SILENCE);
			merged_join(a, b);
			assert_true(show(&a->row) > 0);
		}
		merged_free(a);
		merged_free(b);
	}
	assert_true(n_good > n / 100);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_TEST(&u, captures_with_mistakes_end);
	UNIT_TEST(&u, tables_with_mistakes_are_joined);
	return unit_run(&u, "flows, mutated captures");
}
