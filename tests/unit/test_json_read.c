/* Objects in a line: their fields, and what is damaged. */
#include "tools/common/json_read.h"

#include <stdio.h>

#include "tests/unit/unit.h"

static const struct row {
	const char *name, *line;
	const char *fields; /* KEY=VALUE, of strings KEY:VALUE, a blank behind each; then ! when it is damaged */
} rows[] = {
	{ "nothing in it", "{}", "" },
	{ "a newline behind it", "{\"a\":1}\n", "a=1 " },
	{ "blanks", " { \"a\" : 1 , \"b\" : \"x\" } ", "a=1 b:x " },
	{ "words", "{\"a\":true,\"b\":null,\"c\":-1.5e9}", "a=true b=null c=-1.5e9 " },
	{ "escapes stay", "{\"a\":\"x\\\"y\\\\\"}", "a:x\\\"y\\\\ " },
	{ "arrays and objects are skipped", "{\"a\":[\"]\",{\"b\":2}],\"c\":{\"d\":[1]},\"e\":5}",
	  "a=[\"]\",{\"b\":2}] c={\"d\":[1]} e=5 " },
	{ "no object", "[1]", "!" },
	{ "an empty line", "", "!" },
	{ "no end", "{\"a\":1", "a=1 !" },
	{ "no end of a string", "{\"a\":\"1", "!" },
	{ "an escape at the end", "{\"a\":\"1\\", "!" },
	{ "no end of an array", "{\"a\":[1", "!" },
	{ "no value", "{\"a\":}", "!" },
	{ "no value, and no end", "{\"a\":", "!" },
	{ "no comma", "{\"a\":1 \"b\":2}", "a=1 !" },
	{ "no key", "{1:2}", "!" },
	{ "a comma too many", "{\"a\":1,}", "a=1 !" },
	{ "more behind it", "{\"a\":1}{", "a=1 !" },
	{ "a control character", "{\"a\":\"\t\"}", "!" },
};

static void reads(void **state)
{
	const struct row *row = *state;
	char got[256] = "";
	struct json_reader r;
	struct json_field f;
	int more = json_read_begin(&r, row->line, strlen(row->line)) ? 1 : -1;
	while (more > 0 && (more = json_read_field(&r, &f)) > 0) {
		size_t len = strlen(got);
		snprintf(got + len, sizeof got - len, "%.*s%c%.*s ", (int)f.key.len, (const char *)f.key.data,
			 f.is_string ? ':' : '=', (int)f.value.len, (const char *)f.value.data);
	}
	if (more < 0)
		strcat(got, "!");
	assert_string_equal(got, row->fields);
}

/* However much of a line is there, nothing behind it is read, and only the whole is whole. */
static void truncated_is_damaged(void **state)
{
	static const char line[] = "{\"a\":\"x\\\"\",\"b\":[1,{\"c\":\"d\"}],\"e\":12}";
	(void)state;
	for (size_t len = 0; len < sizeof line; len++) {
		char room[sizeof line];
		struct json_reader r;
		struct json_field f;
		memset(room, '}', sizeof room);
		memcpy(room, line, len);
		int more = json_read_begin(&r, room, len) ? 1 : -1;
		while (more > 0)
			more = json_read_field(&r, &f);
		assert_int_equal(more, len == sizeof line - 1 ? 0 : -1);
		if (len == sizeof line - 1)
			break;
	}
}

static void numbers(void **state)
{
	struct json_field f = { .value = sonde_view("12", 2) };
	uint64_t n;
	(void)state;
	assert_true(json_read_uint(&n, &f));
	assert_int_equal(n, 12);
	f.value = sonde_view("-1", 2);
	assert_false(json_read_uint(&n, &f));
	f.value = sonde_view("", 0);
	assert_false(json_read_uint(&n, &f));
	assert_true(json_is(sonde_view("port", 4), "port"));
	assert_false(json_is(sonde_view("ports", 5), "port"));
	assert_false(json_is(sonde_view("por", 3), "port"));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, reads, rows);
	UNIT_TEST(&u, truncated_is_damaged);
	UNIT_TEST(&u, numbers);
	return unit_run(&u, "json_read");
}
