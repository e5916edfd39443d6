#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"

#define ALL_GROUPS                                                                                                     \
	(OPTIONS_NETWORK | OPTIONS_COUNT | OPTIONS_PACE | OPTIONS_WRITE | OPTIONS_SET | OPTIONS_JSON | OPTIONS_SEED |  \
	 OPTIONS_NAMES | OPTIONS_VERBOSE | OPTIONS_DRY | OPTIONS_SAFETY)

struct own {
	uint64_t size;
	const char *args[4];
	bool behind[4];
	int n;
};

static const struct argp_option own_rows[] = {
	{ NULL, 's', "BYTES", 0, "size", 0 },
	{ "ttl", OPTIONS_OWN_KEY, "N", 0, "time to live", 0 },
	{ "df", OPTIONS_OWN_KEY + 1, NULL, 0, "do not fragment", 0 },
	{ 0 },
};

static error_t own_parse(int key, char *arg, struct argp_state *state)
{
	struct own *own = state->input;

	switch (key) {
	case 's': return option_uint(&own->size, "-s", arg, 0, 65535);
	case OPTIONS_OWN_KEY: return option_uint(&own->size, "--ttl", arg, 1, 255);
	case OPTIONS_OWN_KEY + 1: return 0;
	case ARGP_KEY_ARG:
		own->behind[own->n] = option_is_behind_dashes(state);
		own->args[own->n++] = arg;
		return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "TARGET...",
	.about = "is it there",
	.shared = ALL_GROUPS,
	.own = own_rows,
	.parse = own_parse,
};

/* Parse a line of words. What goes to a stream of this process (1: stdout, 2: stderr) meanwhile is in text. */
static int parse(struct options *o, struct own *own, const struct usage *u, const char *line, int stream,
		 char text[2000])
{
	static char words[500];
	char *argv[64] = { "sonde ping" }, *rest = words;
	int argc = 1, saved, status;
	FILE *file = tmpfile();

	snprintf(words, sizeof(words), "%s", line);
	for (char *word; (word = strsep(&rest, " "));)
		if (*word)
			argv[argc++] = word;
	message_name(argv[0]);
	*own = (struct own){ 0 };
	fflush(NULL);
	saved = dup(stream);
	dup2(fileno(file), stream);
	status = options_parse(o, own, u, argc, argv);
	fflush(NULL);
	dup2(saved, stream);
	close(saved);
	rewind(file);
	text[fread(text, 1, 1999, file)] = 0;
	fclose(file);
	return status;
}

static void all_options_are_read(void **state)
{
	struct options o;
	struct own own;
	char text[2000], source[SONDE_ADDR_STRLEN];

	(void)state;
	assert_int_equal(parse(&o, &own, &usage,
			       "-6 -I eth0 --source fd00::1 -c 5 -i 10ms -W .5 --deadline 1m -w out.pcapng "
			       "--json --seed 7 --names -vv --set tcp --set ip6 --dry-run",
			       2, text),
			 OPTIONS_GO_ON);
	assert_string_equal(text, "");
	assert_int_equal(o.family, SONDE_IP6);
	assert_string_equal(o.iface, "eth0");
	assert_string_equal(sonde_addr_format(source, &o.source), "fd00::1");
	assert_int_equal(o.count, 5);
	assert_int_equal(o.interval_ns, 10 * SONDE_MS);
	assert_int_equal(o.wait_ns, 500 * SONDE_MS);
	assert_int_equal(o.deadline_ns, 60 * SONDE_S);
	assert_string_equal(o.write, "out.pcapng");
	assert_int_equal(o.seed, 7);
	assert_int_equal(o.verbosity, 2);
	assert_int_equal(o.n_set, 2);
	assert_string_equal(o.set[1], "ip6");
	assert_true(o.json && o.names && o.dry_run && !o.authorised && !o.broadcast);
	assert_int_equal(parse(&o, &own, &usage, "--rate 10k", 2, text), OPTIONS_GO_ON);
	assert_int_equal(o.rate_pps, 10000);
}

static void what_is_not_given_has_its_default(void **state)
{
	struct options a, b;
	struct own own;
	char text[2000];

	(void)state;
	assert_int_equal(parse(&a, &own, &usage, "", 2, text), OPTIONS_GO_ON);
	assert_int_equal(parse(&b, &own, &usage, "--rate max --authorised --broadcast", 2, text), OPTIONS_GO_ON);
	assert_int_equal(a.family, SONDE_NO_ADDR);
	assert_int_equal(a.source.family, SONDE_NO_ADDR);
	assert_null(a.iface);
	assert_int_equal(a.count, 0);
	assert_int_equal(a.interval_ns, -1);
	assert_int_equal(a.wait_ns, SONDE_S);
	assert_int_equal(a.deadline_ns, -1);
	assert_int_equal(a.rate_pps, 0);
	assert_true(b.rate_pps == OPTIONS_RATE_MAX);
	assert_true(b.authorised && b.broadcast);
	assert_true(a.seed != b.seed);
}

static void arguments_and_options_mix(void **state)
{
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	assert_int_equal(parse(&o, &own, &usage, "here -s 64 there -- -v", 2, text), OPTIONS_GO_ON);
	assert_int_equal(own.n, 3);
	assert_string_equal(own.args[1], "there");
	assert_string_equal(own.args[2], "-v");
	assert_true(!own.behind[1] && own.behind[2]);
	assert_int_equal(own.size, 64);
	assert_int_equal(o.verbosity, 0);
}

static error_t command_parse(int key, char *arg, struct argp_state *state)
{
	struct own *own = state->input;

	(void)arg;
	if (key != ARGP_KEY_ARGS)
		return ARGP_ERR_UNKNOWN;
	for (char **p = state->argv + state->next; *p; p++)
		own->args[own->n++] = *p;
	return 0;
}

static void a_command_keeps_its_options(void **state)
{
	static const char *const lines[] = { "-v ping -q 3", "-v -- ping -q 3" };
	struct usage u = { .shared = OPTIONS_VERBOSE, .parse = command_parse, .numbers = true };
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_int_equal(parse(&o, &own, &u, lines[i], 2, text), OPTIONS_GO_ON);
		assert_int_equal(o.verbosity, 1);
		assert_int_equal(own.n, 3);
		assert_string_equal(own.args[1], "-q");
	}
}

static const struct row {
	const char *name; /* the words, and the test's name */
	const char *says;
} mistakes[] = {
	{ "--dedline 5", "unknown option --dedline (did you mean --deadline?)" },
	{ "--tll 5", "unknown option --tll (did you mean --ttl?)" },
	{ "--frobnicate", "unknown option --frobnicate (--help lists them)" },
	{ "--frob=5", "unknown option --frob (--help lists them)" },
	{ "--se 5", "unknown option --se (did you mean --set or --seed?)" },
	{ "--dead 5", "unknown option --dead (did you mean --deadline?)" },
	{ "--dead=5", "unknown option --dead (did you mean --deadline?)" },
	{ "--auth host", "unknown option --auth (did you mean --authorised?)" },
	{ "--tt 5", "unknown option --tt (did you mean --ttl?)" },
	{ "host --tt=5", "unknown option --tt (did you mean --ttl?)" },
	{ "--d", "unknown option --d (did you mean --df or --dry-run or --deadline?)" },
	{ "--vers", "unknown option --vers (did you mean --version?)" },
	{ "--he", "unknown option --he (did you mean --help?)" },
	{ "-4 -6", "-4 and -6: one of the two (without them, either)" },
	{ "-q -v", "-q and -v: one of the two" },
	{ "-v -q", "-v and -q: one of the two" },
	{ "--names -n", "--names and -n: one of the two" },
	{ "--json=yes", "--json takes no value" },
	{ "host --deadline", "--deadline wants a value: --deadline DUR" },
	{ "-v -c", "-c wants a value: -c N" },
	{ "-4 -yv", "unknown option -y (--help lists them)" },
	{ "-4 -vy", "unknown option -y (--help lists them)" },
	{ "host -y", "unknown option -y (--help lists them)" },
	{ "-M do host", "unknown option -M (do not fragment is --df)" },
	{ "-q 3 host", "-q takes no value (rounds are -c 3)" },
	{ "-i eth0", "-i is an interval; the interface is -I eth0" },
	{ "-i 5x", "-i '5x': not a duration (500ms, 2s, 1m; bare numbers are seconds)" },
	{ "-w 5", "-w is a file: did you mean --deadline 5? for a file: -w ./5" },
	{ "-w 500ms", "-w is a file: did you mean --deadline 500ms? for a file: -w ./500ms" },
	{ "-sS", "-s 'S': not a whole number from 0 to 65535" },
	{ "-c -1", "-c '-1': not a whole number of 1 at least" },
	{ "-c 1.5", "-c '1.5': not a whole number of 1 at least" },
	{ "-p 80 host",
	  "unknown option -p (a port is an argument of connect and listen, -p of ping, and a field in send: "
	  "tcp dport=80)" },
	{ "-z host", "unknown option -z (which ports are open: sonde connect --check HOST PORTS)" },
	{ "-u host", "unknown option -u (datagrams are --udp)" },
	{ "-f host", "unknown option -f (as fast as possible is --rate max)" },
	{ "-X file", "unknown option -X (hex of each packet is read -o hex, every field read -o tree)" },
	{ "-W soon", "-W 'soon': not a duration (500ms, 2s, 1m; bare numbers are seconds)" },
	{ "--deadline 1000000d", "--deadline '1000000d': out of range" },
	{ "-c 0", "-c '0': 1 at least, and of 64 bits" },
	{ "-s 65536", "-s '65536': from 0 to 65535" },
	{ "--rate 0", "--rate '0': not a rate (packets a second: 100, 10k, 1M; max: no limit)" },
	{ "--rate k", "--rate 'k': not a rate (packets a second: 100, 10k, 1M; max: no limit)" },
	{ "--rate 18446744073709551615k", "--rate '18446744073709551615k': not a rate (packets a second: 100, 10k, 1M; "
					  "max: no limit)" },
	{ "--source here", "--source 'here': not an address" },
	{ "--source fe80::1%nowhere0", "--source 'fe80::1%nowhere0': no interface 'nowhere0' here" },
	{ "-4 --source fd00::1", "--source is an IPv6 address, and -4 asks for the other family" },
	{ "--json -w -", "--json and -w - both want stdout" },
	{ "--tt\t", "unknown option --tt\\x09 (did you mean --ttl?)" },
};

static void says_what_is_wrong(void **state)
{
	const struct row *row = *state;
	struct options o;
	struct own own;
	char text[2000], line[300];

	assert_int_equal(parse(&o, &own, &usage, row->name, 2, text), STATUS_USAGE);
	snprintf(line, sizeof(line), "sonde ping: %s\n", row->says);
	assert_string_equal(text, line);
}

static void habits_count_where_the_letter_is_free(void **state)
{
	struct usage without = usage;
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	without.own = own_rows + 1;
	without.bad_status = STATUS_OWN_FAILURE;
	assert_int_equal(parse(&o, &own, &without, "-sS host", 2, text), STATUS_OWN_FAILURE);
	assert_string_equal(text, "sonde ping: unknown option -sS "
				  "(a SYN probe: sonde send ip dst=HOST / tcp dport=PORTS flags=S)\n");
	assert_int_equal(parse(&o, &own, &without, "--dport=80 host", 2, text), STATUS_OWN_FAILURE);
	assert_string_equal(text, "sonde ping: unknown option --dport (ports are fields: tcp dport=80)\n");
	without.parse = NULL;
	without.own = (const struct argp_option[]){ { NULL, 's', NULL, 0, "a flag", 0 }, { 0 } };
	assert_int_equal(parse(&o, &own, &without, "-sS host", 2, text), STATUS_OWN_FAILURE);
	assert_string_equal(text, "sonde ping: unknown option -S (--help lists them)\n");
}

static void numbers_may_follow_q_where_arguments_are_numbers(void **state)
{
	struct usage numbers = usage;
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	numbers.numbers = true;
	assert_int_equal(parse(&o, &own, &numbers, "-q 3", 2, text), OPTIONS_GO_ON);
	assert_int_equal(own.n, 1);
}

static void groups_not_taken_are_unknown(void **state)
{
	struct usage few = usage;
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	few.shared = OPTIONS_VERBOSE;
	assert_int_equal(parse(&o, &own, &few, "-v --json", 2, text), STATUS_USAGE);
	assert_string_equal(text, "sonde ping: unknown option --json (--help lists them)\n");
}

static void help_goes_to_stdout(void **state)
{
	struct options o;
	struct own own;
	char text[2000];

	(void)state;
	assert_int_equal(parse(&o, &own, &usage, "-v -h", 1, text), STATUS_DONE);
	assert_ptr_equal(strstr(text, "Usage: sonde ping [OPTION...] TARGET...\n"), text);
	assert_non_null(strstr(text, "-s BYTES"));
	assert_non_null(strstr(text, "--deadline=DUR"));
	assert_int_equal(parse(&o, &own, &usage, "--version", 1, text), STATUS_DONE);
	assert_string_equal(text, "sonde " SONDE_VERSION "\n");
}

/* Every letter and name of every group, given to a command of its own, must clash; others must not. */
static void a_shared_letter_is_never_another(void **state)
{
	static const struct {
		const char *name;
		int key;
		bool clashes;
	} rows[] = {
		{ NULL, '4', true },
		{ NULL, '6', true },
		{ NULL, 'I', true },
		{ NULL, 'c', true },
		{ NULL, 'i', true },
		{ NULL, 'W', true },
		{ NULL, 'w', true },
		{ NULL, 'q', true },
		{ NULL, 'v', true },
		{ NULL, 'n', true },
		{ NULL, 'h', true },
		{ "iface", 'X', true },
		{ "rate", 'X', true },
		{ "seed", OPTIONS_OWN_KEY, true },
		{ "help", OPTIONS_OWN_KEY, true },
		{ "df", OPTIONS_OWN_KEY, false },
		{ NULL, 's', false },
		{ "sort", 'X', false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct argp_option own[] = { { "fine", OPTIONS_OWN_KEY + 9, NULL, 0, "", 0 },
					     { rows[i].name, rows[i].key, NULL, 0, "", 0 },
					     { 0 } };
		struct usage u = { .own = own }; /* whether or not it takes the group */
		assert_ptr_equal(options_clash(&u), rows[i].clashes ? &own[1] : NULL);
	}
}

int main(void)
{
	static struct unit u;

	unsetenv("TERM");
	UNIT_TEST(&u, all_options_are_read);
	UNIT_TEST(&u, what_is_not_given_has_its_default);
	UNIT_TEST(&u, arguments_and_options_mix);
	UNIT_TEST(&u, a_command_keeps_its_options);
	UNIT_ROWS(&u, says_what_is_wrong, mistakes);
	UNIT_TEST(&u, habits_count_where_the_letter_is_free);
	UNIT_TEST(&u, numbers_may_follow_q_where_arguments_are_numbers);
	UNIT_TEST(&u, groups_not_taken_are_unknown);
	UNIT_TEST(&u, help_goes_to_stdout);
	UNIT_TEST(&u, a_shared_letter_is_never_another);
	return unit_run(&u, "options");
}
