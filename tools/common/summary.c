#include "tools/common/summary.h"

#include <string.h>

static void put_or_null(struct json *j, const char *key, const char *s)
{
	if (s)
		json_str(j, key, s);
	else
		json_null(j, key);
}

/* The first argument names the command with all that is before it: "sonde lab list". */
static void put_arguments(struct json *j, char *const *argv)
{
	json_array(j, "argv");
	for (const char *word = argv[0]; *word; word += strspn(word, " ")) {
		size_t len = strcspn(word, " ");
		json_mem(j, NULL, word, len);
		word += len;
	}
	for (char *const *arg = argv + 1; *arg; arg++)
		json_str(j, NULL, *arg);
	json_array_end(j);
}

void summary_run(struct json *j, const struct run *run)
{
	json_event(j, run->cmd, "run", run->time_ns);
	json_uint(j, "schema", SUMMARY_SCHEMA);
	json_str(j, "version", SONDE_VERSION);
	put_arguments(j, run->argv);
	json_uint(j, "seed", run->seed);
	put_or_null(j, "iface", run->iface);
	put_or_null(j, "via", run->via);
	json_uint(j, "uid", run->uid);
	json_end(j);
}

void summary_begin(struct json *j, const char *cmd, sonde_time time)
{
	json_event(j, cmd, "summary", time);
}

void summary_end(struct json *j, enum loop_end end, int status)
{
	json_str(j, "end", loop_end_name(end));
	json_int(j, "exit", status);
	json_end(j);
}
