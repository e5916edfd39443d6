#include "tools/common/summary.h"

static void put_or_null(struct json *j, const char *key, const char *s)
{
	if (s)
		json_str(j, key, s);
	else
		json_null(j, key);
}

void summary_run(struct json *j, const struct run *run)
{
	json_event(j, run->cmd, "run", run->time_ns);
	json_uint(j, "schema", SUMMARY_SCHEMA);
	json_str(j, "version", SONDE_VERSION);
	json_array(j, "argv");
	for (char *const *arg = run->argv; *arg; arg++)
		json_str(j, NULL, *arg);
	json_array_end(j);
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
