#include "base/time.h"

#include "base/error.h"
#include "tests/unit/unit.h"

#define MINUTE (60 * SONDE_S)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static const struct row {
	const char *name; /* the text as well */
	int result;
	sonde_time ns;
} durations[] = {
	{ "0", 0, 0 },
	{ "5", 0, 5 * SONDE_S },
	{ "1.5", 0, 1500 * SONDE_MS },
	{ ".2", 0, 200 * SONDE_MS },
	{ "0.000000001", 0, 1 },
	{ "7ns", 0, 7 },
	{ "250us", 0, 250 * SONDE_US },
	{ "10ms", 0, 10 * SONDE_MS },
	{ "0.5us", 0, 500 },
	{ "1.000001ms", 0, 1000001 },
	{ "90s", 0, 90 * SONDE_S },
	{ "2m", 0, 2 * MINUTE },
	{ "1.5h", 0, 90 * MINUTE },
	{ "0.000000001d", 0, 86400 },
	{ "365d", 0, 365 * DAY },
	{ "007s", 0, 7 * SONDE_S },
	{ "9223372036.854775807", 0, INT64_MAX },
	{ "9223372036.854775808", SONDE_E_RANGE, 0 },
	{ "9223372036854775807ns", 0, INT64_MAX },
	{ "9223372036854775808ns", SONDE_E_RANGE, 0 },
	{ "106752d", SONDE_E_RANGE, 0 },
	{ "18446744073709551616ns", SONDE_E_RANGE, 0 },
	{ "99999999999999999999999d", SONDE_E_RANGE, 0 },
	{ "18446744073709551615d", SONDE_E_RANGE, 0 },
	{ "-1", SONDE_E_RANGE, 0 },
	{ "-0.5ms", SONDE_E_RANGE, 0 },
	{ "0.5ns", SONDE_E_RANGE, 0 },
	{ "1.0001us", SONDE_E_RANGE, 0 },
	{ "", SONDE_E_SYNTAX, 0 },
	{ "-", SONDE_E_SYNTAX, 0 },
	{ ".", SONDE_E_SYNTAX, 0 },
	{ "5.", SONDE_E_SYNTAX, 0 },
	{ ".s", SONDE_E_SYNTAX, 0 },
	{ "s", SONDE_E_SYNTAX, 0 },
	{ "1 s", SONDE_E_SYNTAX, 0 },
	{ " 1s", SONDE_E_SYNTAX, 0 },
	{ "1s ", SONDE_E_SYNTAX, 0 },
	{ "1S", SONDE_E_SYNTAX, 0 },
	{ "1sec", SONDE_E_SYNTAX, 0 },
	{ "+1", SONDE_E_SYNTAX, 0 },
	{ "--1", SONDE_E_SYNTAX, 0 },
	{ "1e3", SONDE_E_SYNTAX, 0 },
	{ "0x10", SONDE_E_SYNTAX, 0 },
	{ "1.2.3", SONDE_E_SYNTAX, 0 },
	{ "0.1234567890", SONDE_E_SYNTAX, 0 },
	{ "99999999999999999999999x", SONDE_E_SYNTAX, 0 },
};

static void duration_of_row(void **state)
{
	const struct row *row = *state;
	sonde_time ns = 42;
	assert_int_equal(sonde_duration_parse(&ns, row->name, strlen(row->name)), row->result);
	assert_int_equal(ns, row->result ? 42 : row->ns);
}

static const struct row times[] = {
	{ "1700000000.123456789", 0, 1700000000123456789 },
	{ "1700000000", 0, 1700000000 * SONDE_S },
	{ "0.5", 0, 500 * SONDE_MS },
	{ "9223372036.854775808", SONDE_E_RANGE, 0 },
	{ "-1.5", 0, -1500 * SONDE_MS },
	{ "-0.000001000", 0, -SONDE_US },
	{ "-50", 0, -50 * SONDE_S },
	{ "-9223372036.854775808", 0, INT64_MIN },
	{ "-9223372036.854775809", SONDE_E_RANGE, 0 },
	{ "--1", SONDE_E_SYNTAX, 0 },
	{ "-", SONDE_E_SYNTAX, 0 },
	{ "-1s", SONDE_E_SYNTAX, 0 },
	{ "1700000000s", SONDE_E_SYNTAX, 0 },
	{ "1700000000.", SONDE_E_SYNTAX, 0 },
	{ "1700000000.1234567890", SONDE_E_SYNTAX, 0 },
	{ "5ms", SONDE_E_SYNTAX, 0 },
	{ "", SONDE_E_SYNTAX, 0 },
};

static void time_of_row(void **state)
{
	const struct row *row = *state;
	sonde_time ns = 42;
	assert_int_equal(sonde_time_parse(&ns, row->name, strlen(row->name)), row->result);
	assert_int_equal(ns, row->result ? 42 : row->ns);
}

/* Only len bytes count, whatever follows. */
static void the_length_ends_the_text(void **state)
{
	sonde_time ns = 0;
	(void)state;
	assert_int_equal(sonde_duration_parse(&ns, "12ms", 1), 0);
	assert_int_equal(ns, SONDE_S);
	assert_int_equal(sonde_duration_parse(&ns, "1.25", 3), 0);
	assert_int_equal(ns, 1200 * SONDE_MS);
	assert_int_equal(sonde_duration_parse(&ns, "1.25", 2), SONDE_E_SYNTAX);
	assert_int_equal(sonde_time_parse(&ns, "-1", 1), SONDE_E_SYNTAX);
	assert_int_equal(sonde_time_parse(&ns, "-12", 2), 0);
	assert_int_equal(ns, -SONDE_S);
}

static const struct format_row {
	const char *name; /* the text that is expected */
	sonde_time ns;
} formats[] = {
	{ "0s", 0 },
	{ "1ns", 1 },
	{ "999ns", 999 },
	{ "1us", SONDE_US },
	{ "1.5us", 1500 },
	{ "250us", 250 * SONDE_US },
	{ "10ms", 10 * SONDE_MS },
	{ "1.234567ms", 1234567 },
	{ "1.5s", 1500 * SONDE_MS },
	{ "1s", SONDE_S },
	{ "90s", 90 * SONDE_S },
	{ "1m", MINUTE },
	{ "90m", 90 * MINUTE },
	{ "60.05s", 60 * SONDE_S + 50 * SONDE_MS },
	{ "1d", DAY },
	{ "36h", 36 * HOUR },
	{ "-1.5s", -1500 * SONDE_MS },
	{ "9223372036.854775807s", INT64_MAX },
	{ "-9223372036.854775808s", INT64_MIN },
};

static void format_of_row(void **state)
{
	const struct format_row *row = *state;
	char out[SONDE_TIME_STRLEN];
	assert_string_equal(sonde_duration_format(out, row->ns), row->name);
}

static void formats_read_back(void **state)
{
	uint64_t random = 2;
	(void)state;
	for (int round = 0; round < 20000; round++) {
		sonde_time ns = (sonde_time)(unit_random(&random) >> (1 + unit_random(&random) % 63)), back = -1;
		char out[SONDE_TIME_STRLEN];
		sonde_duration_format(out, ns);
		assert_int_equal(sonde_duration_parse(&back, out, strlen(out)), 0);
		assert_int_equal(back, ns);
		sonde_time_format(out, -1 - ns);
		assert_int_equal(sonde_time_parse(&back, out, strlen(out)), 0);
		assert_int_equal(back, -1 - ns);
	}
}

static void times_have_nine_decimals(void **state)
{
	char out[SONDE_TIME_STRLEN];
	(void)state;
	assert_string_equal(sonde_time_format(out, 1700000000123456789), "1700000000.123456789");
	assert_string_equal(sonde_time_format(out, 0), "0.000000000");
	assert_string_equal(sonde_time_format(out, 1), "0.000000001");
	assert_string_equal(sonde_time_format(out, -500 * SONDE_MS), "-0.500000000");
	assert_string_equal(sonde_time_format(out, INT64_MIN), "-9223372036.854775808");
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, duration_of_row, durations);
	UNIT_ROWS(&u, time_of_row, times);
	UNIT_TEST(&u, the_length_ends_the_text);
	UNIT_ROWS(&u, format_of_row, formats);
	UNIT_TEST(&u, formats_read_back);
	UNIT_TEST(&u, times_have_nine_decimals);
	return unit_run(&u, "time");
}
