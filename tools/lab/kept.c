#include "tools/lab/kept.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "io/clock.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/show.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/lab/command.h"
#include "tools/lab/counts.h"
#include "tools/lab/keep.h"
#include "tools/lab/options.h"
#include "tools/lab/topology_read.h"

static const struct argp_option up_rows[] = {
	LAB_TOPOLOGY_ROW,
	{ "name", LAB_KEY_NAME, "NAME", 0, "what to call it (default: lab)", 0 },
	{ 0 },
};

static const struct usage up_usage = {
	.args = "",
	.about = "Build a network and keep it, until `sonde lab down`.",
	.shared = OPTIONS_VERBOSE | OPTIONS_SEED | OPTIONS_WRITE,
	.own = up_rows,
	.parse = lab_options_parser,
};

static const struct usage exec_usage = {
	.args = "[NAME] HOST COMMAND...",
	.about = "Run COMMAND on a host of a lab that is up.\v"
		 "NAME may be left out where one lab is up. The exit status is COMMAND's; 125, 126, 127 as in lab run.",
	.parse = lab_options_parser,
	.numbers = true,
	.bad_status = STATUS_OWN_FAILURE,
};

static const struct usage shell_usage = {
	.args = "[NAME] HOST",
	.about = "Run a shell on a host of a lab that is up.\vNAME may be left out where one lab is up.",
	.parse = lab_options_parser,
	.bad_status = STATUS_OWN_FAILURE,
};

static const struct usage list_usage = {
	.args = "",
	.about = "List your labs that are up, and what is left of those that were killed.\v"
		 "With -v and --json also what became of the frames of links with faults.",
	.shared = OPTIONS_VERBOSE | OPTIONS_JSON,
	.parse = lab_options_parser,
};

static const struct usage down_usage = {
	.args = "[NAME]",
	.about = "Take a lab down, or remove what is left of it.\v"
		 "NAME may be left out where there is one lab. What the wire could not carry is told, with -v all that "
		 "became of the frames of links with faults.",
	.shared = OPTIONS_VERBOSE,
	.parse = lab_options_parser,
};

int lab_up(int argc, char **argv)
{
	static struct topology topology;
	struct lab_options mine = { .topology = "pair", .name = "lab" };
	struct sonde_error e = { 0 };
	struct options o;
	int err, status = lab_options_parse(&o, &mine, &up_usage, 0, 0, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	const struct keep_order order = {
		.name = mine.name, .topology = &topology, .seed = o.seed, .capture = o.write
	};
	if (options_write_stdout(&o))
		err = sonde_fail(&e, SONDE_E_UNSUPPORTED, "-w -: a lab that stays writes to a file");
	else if (!(err = topology_find(&topology, &e, mine.topology)))
		err = keep_up(&e, &order);
	if (err)
		return lab_status(err, &e);
	if (o.verbosity > 0)
		lab_tell(&topology, 0, o.seed);
	if (o.verbosity >= 0)
		printf("lab '%s' is up: sonde lab shell %s %s\n", mine.name, mine.name, topology.hosts[0].name);
	return output_close(STATUS_DONE);
}

/* The first word is a name where there is a lab of this name that is up. */
static int find_lab(struct kept *k, struct sonde_error *e, char ***words)
{
	char name[KEEP_NAME];
	int err;

	if (**words && keep_find(k, e, **words) == 0) {
		++*words;
		return 0;
	}
	if (**words && (*words)[1] && e->code != SONDE_E_UNKNOWN)
		return e->code;
	*e = (struct sonde_error){ 0 };
	return (err = keep_only(name, e, false)) ? err : keep_find(k, e, name);
}

static _Noreturn void run_in(struct kept *k, struct sonde_error *e, const char *host_name, char **command)
{
	struct lab lab;
	int host = topology_host(&k->topology, e, host_name);

	if (host < 0 || keep_enter(&lab, e, k, (unsigned)host))
		lab_leave(lab_own_failure(e));
	int status = lab_command(&lab, e, (unsigned)host, command);
	lab_leave(status < 0 ? lab_own_failure(e) : lab_command_status(status));
}

int lab_exec(int argc, char **argv)
{
	static struct kept k;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int status = lab_options_parse(&o, &mine, &exec_usage, 2, UINT_MAX, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (find_lab(&k, &e, &mine.words))
		return lab_own_failure(&e);
	if (!mine.words[0] || !mine.words[1]) {
		message("no COMMAND: sonde lab exec [NAME] HOST COMMAND...");
		return STATUS_OWN_FAILURE;
	}
	run_in(&k, &e, mine.words[0], mine.words + 1);
}

int lab_shell(int argc, char **argv)
{
	static struct kept k;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	char *shell[] = { getenv("SHELL"), NULL };
	int status = lab_options_parse(&o, &mine, &shell_usage, 1, 2, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (find_lab(&k, &e, &mine.words))
		return lab_own_failure(&e);
	if (!mine.words[0]) {
		message("no HOST: sonde lab shell [NAME] HOST");
		return STATUS_OWN_FAILURE;
	}
	if (!shell[0] || access(shell[0], X_OK))
		shell[0] = (char[]){ "/bin/sh" };
	run_in(&k, &e, mine.words[0], shell);
}

/* How labs are listed. */
struct listing {
	bool any, all;
	struct json *json; /* NULL: for people */
	struct wire_counts counts;
};

static void print_lab(struct listing *l, const struct kept *k)
{
	if (!l->any)
		printf("%-16s %-16s %-20s %s\n", "NAME", "TOPOLOGY", "SEED", "STATE");
	if (k->state == KEPT_UP)
		printf("%-16s %-16s %-20" PRIu64 " up, %u hosts\n", k->name, k->topology.name, k->seed,
		       k->topology.n_hosts);
	else if (k->state == KEPT_COMING)
		printf("%-16s %-16s %-20s coming up\n", k->name, "-", "-");
	else
		printf("%-16s %-16s %-20s killed: sonde lab down %s removes what is left\n", k->name,
		       k->topology.n_hosts ? k->topology.name : "-", "-", k->name);
	if (l->all && keep_counts(&l->counts, k->name) == 0)
		counts_print(stdout, &k->topology, &l->counts);
}

static void write_hosts(struct json *j, const struct topology *t)
{
	json_array(j, "hosts");
	for (unsigned host = 0; host < t->n_hosts; host++) {
		json_object(j, NULL);
		json_str(j, "host", t->hosts[host].name);
		json_array(j, "addresses");
		for (unsigned i = 0; i < t->n_addresses; i++)
			if (t->addresses[i].host == host)
				show_json_addr(j, NULL, &t->addresses[i].prefix.addr);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void write_lab(struct listing *l, const struct kept *k)
{
	static const char *const states[] = { [KEPT_UP] = "up", [KEPT_COMING] = "coming", [KEPT_LEFT] = "killed" };

	json_event(l->json, "lab", "lab", sonde_clock_real());
	json_str(l->json, "name", k->name);
	json_str(l->json, "state", states[k->state]);
	if (k->topology.n_hosts) {
		json_str(l->json, "topology", k->topology.name);
		json_uint(l->json, "seed", k->seed);
		write_hosts(l->json, &k->topology);
		if (keep_counts(&l->counts, k->name) == 0)
			counts_json(l->json, &k->topology, &l->counts);
	}
	json_end(l->json);
}

static void list_lab(void *arg, const struct kept *k)
{
	struct listing *l = arg;

	if (l->json)
		write_lab(l, k);
	else
		print_lab(l, k);
	l->any = true;
}

static int list_json(struct listing *l, char **argv, uint64_t seed, struct sonde_error *e)
{
	struct json j;

	json_open(&j, stdout);
	l->json = &j;
	summary_run(&j, &(struct run){ .cmd = "lab", .argv = argv, .seed = seed, .time_ns = sonde_clock_real() });
	int n = keep_each(e, list_lab, l);
	int status = n < 0 ? lab_status(n, e) : STATUS_DONE;
	summary_begin(&j, "lab", sonde_clock_real());
	json_int(&j, "labs", n < 0 ? 0 : n);
	summary_end(&j, n < 0 ? LOOP_ERROR : LOOP_COMPLETE, status);
	json_close(&j);
	return status;
}

int lab_list(int argc, char **argv)
{
	static struct listing l;
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int status = lab_options_parse(&o, &mine, &list_usage, 0, 0, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (o.json)
		return output_close(list_json(&l, argv, o.seed, &e));
	l.all = o.verbosity > 0;
	int n = keep_each(&e, list_lab, &l);
	return output_close(n < 0 ? lab_status(n, &e) : STATUS_DONE);
}

int lab_down(int argc, char **argv)
{
	char name[KEEP_NAME];
	struct lab_options mine = { 0 };
	struct sonde_error e = { 0 };
	struct options o;
	int err = 0, status = lab_options_parse(&o, &mine, &down_usage, 0, 1, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	if (!mine.words[0])
		err = keep_only(name, &e, true);
	if (!err)
		err = keep_down(&e, mine.words[0] ? mine.words[0] : name, o.verbosity > 0);
	return lab_status(err, &e);
}
