#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/json.h"
#include "tools/common/summary.h"

static void expect(const struct json *j, const char *line)
{
	assert_int_equal(j->len, strlen(line));
	assert_memory_equal(j->data, line, j->len);
}

static void writes_an_object_a_line(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, NULL);
	json_begin(&j);
	json_str(&j, "cmd", "send");
	json_object(&j, "reply");
	json_uint(&j, "ttl", 64);
	json_object_end(&j);
	json_array(&j, "layers");
	json_str(&j, NULL, "ip");
	json_object(&j, NULL);
	json_bool(&j, "ttl", true);
	json_object_end(&j);
	json_array_end(&j);
	json_null(&j, "ttl");
	json_hex(&j, "hex", sonde_view("\x00\xff\x1a", 3));
	json_end(&j);
	expect(&j, "{\"cmd\":\"send\",\"reply\":{\"ttl\":64},\"layers\":[\"ip\",{\"ttl\":true}],\"ttl\":null,"
		   "\"hex\":\"00ff1a\"}\n");
	json_close(&j);
}

static void empty_ones_are_written(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, NULL);
	json_begin(&j);
	json_array(&j, "a");
	json_array_end(&j);
	json_object(&j, "o");
	json_object_end(&j);
	json_hex(&j, "h", sonde_view(NULL, 0));
	json_end(&j);
	expect(&j, "{\"a\":[],\"o\":{},\"h\":\"\"}\n");
	json_close(&j);
}

/* RFC 8259, section 7, and RFC 3629 for what is UTF-8. */
static const struct {
	const char *name, *in, *out;
} strings[] = {
	{ "plain", "abc", "abc" },
	{ "quote and backslash", "a\"b\\c/", "a\\\"b\\\\c/" },
	{ "named controls", "\b\t\n\f\r", "\\b\\t\\n\\f\\r" },
	{ "other controls", "\x01\x1b\x7f", "\\u0001\\u001b\\u007f" },
	{ "C1 controls", "\xc2\x80\xc2\x9b\xc2\xa0", "\\u0080\\u009b\xc2\xa0" },
	{ "two, three and four bytes", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
	{ "a lone continuation", "a\x80z", "a\\ufffdz" },
	{ "a cut character", "\xe2\x82", "\\ufffd\\ufffd" },
	{ "a cut character before another", "\xe2\x82\"", "\\ufffd\\ufffd\\\"" },
	{ "a longer form than needed", "\xc0\x80\xe0\x9f\xbf", "\\ufffd\\ufffd\\ufffd\\ufffd\\ufffd" },
	{ "a surrogate", "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd" },
	{ "beyond the last character", "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd" },
	{ "the last character", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
	{ "no lead byte", "\xff\xfe", "\\ufffd\\ufffd" },
};

static void escapes(void **state)
{
	const char *const *row = *state;
	char line[100];
	struct json j;

	json_open(&j, NULL);
	json_begin(&j);
	json_str(&j, "s", row[1]);
	json_end(&j);
	snprintf(line, sizeof(line), "{\"s\":\"%s\"}\n", row[2]);
	expect(&j, line);
	json_close(&j);
}

static void a_string_may_hold_zeros(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, NULL);
	json_begin(&j);
	json_mem(&j, "s", "a\0b", 3);
	json_end(&j);
	expect(&j, "{\"s\":\"a\\u0000b\"}\n");
	json_close(&j);
}

static void nothing_is_read_past_the_length(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, NULL);
	json_begin(&j);
	json_mem(&j, "s", "\xe2\x82\xac", 2);
	json_end(&j);
	expect(&j, "{\"s\":\"\\ufffd\\ufffd\"}\n");
	json_close(&j);
}

static void numbers_beyond_doubles_are_strings(void **state)
{
	struct json j;

	(void)state;
	json_open(&j, NULL);
	json_begin(&j);
	json_uint(&j, "a", UINT64_C(1) << 53);
	json_uint(&j, "b", (UINT64_C(1) << 53) + 1);
	json_uint(&j, "c", UINT64_MAX);
	json_int(&j, "d", -(INT64_C(1) << 53));
	json_int(&j, "e", -(INT64_C(1) << 53) - 1);
	json_int(&j, "f", INT64_MIN);
	json_int(&j, "g", INT64_MAX);
	json_end(&j);
	expect(&j, "{\"a\":9007199254740992,\"b\":\"9007199254740993\",\"c\":\"18446744073709551615\","
		   "\"d\":-9007199254740992,\"e\":\"-9007199254740993\",\"f\":\"-9223372036854775808\","
		   "\"g\":\"9223372036854775807\"}\n");
	json_close(&j);
}

static void a_file_gets_whole_lines(void **state)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	struct json j;

	(void)state;
	json_open(&j, out);
	json_begin(&j);
	json_str(&j, "a", "first");
	fflush(out);
	assert_int_equal(len, 0);
	json_end(&j);
	json_begin(&j);
	json_str(&j, "a", "second");
	json_end(&j);
	fclose(out);
	assert_string_equal(text, "{\"a\":\"first\"}\n{\"a\":\"second\"}\n");
	free(text);
	json_close(&j);
}

static void run_and_summary_have_what_all_have(void **state)
{
	char *argv[] = { "sonde send", "--seed", "7", NULL };
	struct run run = { .cmd = "send", .argv = argv, .seed = 7, .time_ns = 1500000000 * SONDE_S + 5, .via = "raw" };
	char line[400];
	struct json j;

	(void)state;
	json_open(&j, NULL);
	summary_run(&j, &run);
	snprintf(line, sizeof(line),
		 "{\"cmd\":\"send\",\"type\":\"run\",\"time\":\"1500000000.000000005\",\"schema\":1,"
		 "\"version\":\"" SONDE_VERSION "\",\"argv\":[\"sonde\",\"send\",\"--seed\",\"7\"],\"seed\":7,"
		 "\"iface\":null,\"via\":\"raw\",\"uid\":%u}\n",
		 getuid());
	expect(&j, line);
	j.len = 0;
	summary_begin(&j, "send", 0);
	json_uint(&j, "sent", 3);
	summary_end(&j, LOOP_DEADLINE, STATUS_NOT);
	expect(&j, "{\"cmd\":\"send\",\"type\":\"summary\",\"time\":\"0.000000000\",\"sent\":3,\"end\":\"deadline\","
		   "\"exit\":1}\n");
	json_close(&j);
}

static void key_twice(struct json *j)
{
	json_str(j, "a", "x");
	json_object(j, "b");
	json_str(j, "a", "another object may");
	json_object_end(j);
	json_str(j, "a", "y");
}

static void no_key(struct json *j)
{
	json_str(j, NULL, "x");
}

static void key_in_an_array(struct json *j)
{
	json_array(j, "a");
	json_str(j, "b", "x");
}

static void wrong_end(struct json *j)
{
	json_array(j, "a");
	json_object_end(j);
}

static void too_early_an_end(struct json *j)
{
	json_object(j, "a");
	json_end(j);
}

static const struct mistake {
	const char *name;
	void (*make)(struct json *j);
} mistakes[] = {
	{ "a key twice fails", key_twice },
	{ "no key in an object fails", no_key },
	{ "a key in an array fails", key_in_an_array },
	{ "a wrong end fails", wrong_end },
	{ "an end before the inner one fails", too_early_an_end },
};

static void fails(void **state)
{
	const struct mistake *mistake = *state;
	pid_t child = fork();
	int status;

	if (child == 0) {
		struct json j;
		setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
		signal(SIGABRT, SIG_DFL);
		freopen("/dev/null", "w", stderr);
		json_open(&j, NULL);
		json_begin(&j);
		mistake->make(&j);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

int main(void)
{
	static struct unit u;

	UNIT_TEST(&u, writes_an_object_a_line);
	UNIT_TEST(&u, empty_ones_are_written);
	UNIT_ROWS(&u, escapes, strings);
	UNIT_TEST(&u, a_string_may_hold_zeros);
	UNIT_TEST(&u, nothing_is_read_past_the_length);
	UNIT_TEST(&u, numbers_beyond_doubles_are_strings);
	UNIT_TEST(&u, a_file_gets_whole_lines);
	UNIT_TEST(&u, run_and_summary_have_what_all_have);
	UNIT_ROWS(&u, fails, mistakes);
	return unit_run(&u, "json");
}
