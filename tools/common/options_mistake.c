#include "tools/common/options_mistake.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"
#include "tools/common/message.h"

/* Other tools' options, where nothing of ours resembles them. */
static const struct {
	const char *theirs, *ours;
} habits[] = {
	{ "-M", "do not fragment is --df" },
	{ "-sS", "a SYN probe: sonde send ip dst=HOST / tcp dport=PORTS flags=S" },
	{ "-sT", "by connect(2): sonde connect --check HOST PORTS" },
	{ "-sU", "a UDP probe: sonde send ip dst=HOST / udp dport=PORTS" },
	{ "-sA", "an ACK probe: sonde send ip dst=HOST / tcp dport=PORTS flags=A" },
	{ "-sF", "a FIN probe: sonde send ip dst=HOST / tcp dport=PORTS flags=F" },
	{ "-sN", "a probe without flags: sonde send ip dst=HOST / tcp dport=PORTS flags=0" },
	{ "-sX", "an Xmas probe: sonde send ip dst=HOST / tcp dport=PORTS flags=FPU" },
	{ "-sW", "a window probe: sonde send ip dst=HOST / tcp dport=PORTS flags=A, which shows win of the RST" },
	{ "-sn", "finding hosts: sonde ping NETWORK/BITS" },
	{ "-p", "a port is an argument of connect and listen, -p of ping, and a field in send: tcp dport=80" },
	{ "-S", "a SYN probe: sonde send ip dst=HOST / tcp dport=PORTS flags=S" },
	{ "--tcp", "a SYN probe: sonde send ip dst=HOST / tcp dport=PORTS flags=S, or sonde ping --tcp" },
	{ "--udp", "a UDP probe: sonde send ip dst=HOST / udp dport=PORTS, or sonde ping --udp" },
	{ "--icmp", "an echo request: sonde send ip dst=HOST / icmp type=echo, or sonde ping" },
	{ "--arp", "an ARP request: sonde send ether / arp tpa=HOST, or sonde ping --arp" },
	{ "--dport", "ports are fields: tcp dport=80" },
	{ "--flags", "flags are a field: tcp flags=S" },
	{ "--data", "data stands behind the headers: udp dport=53 / hex:0a0b" },
	{ "-z", "which ports are open: sonde connect --check HOST PORTS" },
	{ "-u", "datagrams are --udp" },
	{ "-f", "as fast as possible is --rate max" },
	{ "-X", "hex of each packet is read -o hex, every field read -o tree" },
	{ "-x", "hex of each packet is read -o hex" },
	{ "-t", "the TTL is ping --ttl 5, and a field in send: ip ttl=5" },
};

static bool is_end(const struct argp_option *row)
{
	return !row->name && !row->key;
}

static const struct argp_option *find_letter(const struct argp_option *const *rows, char letter)
{
	for (; *rows; rows++)
		for (const struct argp_option *row = *rows; !is_end(row); row++)
			if (row->key == letter)
				return row;
	return NULL;
}

/* The row that a name means: the one of this name, or the only one that begins with it. *n is how many begin so. */
static const struct argp_option *find_name(unsigned *n, const struct argp_option *const *rows, const char *name,
					   size_t len)
{
	const struct argp_option *found = NULL;

	*n = 0;
	for (; *rows; rows++) {
		for (const struct argp_option *row = *rows; !is_end(row); row++) {
			if (!row->name || strncmp(row->name, name, len) != 0)
				continue;
			found = row;
			if (row->name[len] == 0) {
				*n = 1;
				return row;
			}
			++*n;
		}
	}
	return found;
}

/* Whether other tools have this option, which is then explained. */
static bool explain_habit(const char *token, size_t len)
{
	for (size_t i = 0; i < sizeof(habits) / sizeof(*habits); i++) {
		if (strlen(habits[i].theirs) == len && strncmp(token, habits[i].theirs, len) == 0) {
			message("unknown option %s (%s)", habits[i].theirs, habits[i].ours);
			return true;
		}
	}
	return false;
}

static void explain_unknown_name(const struct argp_option *const *rows, const char *name, size_t len)
{
	struct sonde_nearest nearest = { .name = name, .len = len };

	for (; *rows; rows++)
		for (const struct argp_option *row = *rows; !is_end(row); row++)
			if (row->name)
				sonde_nearest_offer(&nearest, row->name);
	if (nearest.best)
		message("unknown option --%.*s (did you mean --%s?)", (int)len, name, nearest.best);
	else
		message("unknown option --%.*s (--help lists them)", (int)len, name);
}

/* The names that begin so: "--set or --seed". */
static void explain_several(const struct argp_option *const *rows, const char *name, size_t len)
{
	char said[200];
	struct sonde_text names = sonde_text(said, sizeof(said));
	const char *before = "";

	for (; *rows; rows++) {
		for (const struct argp_option *row = *rows; !is_end(row); row++) {
			if (!row->name || strncmp(row->name, name, len) != 0)
				continue;
			sonde_text_fmt(&names, "%s--%s", before, row->name);
			before = " or ";
		}
	}
	message("unknown option --%.*s (did you mean %s?)", (int)len, name, said);
}

bool options_abbreviated(const struct argp_option *const *rows, int key, const char *value, char **argv, int next)
{
	bool apart = next >= 2 && value && argv[next - 1] == value;
	const char *token = next >= 1 ? argv[next - 1 - apart] : "", *name = token + 2;
	unsigned n;

	if (key <= 0 || key >= ARGP_KEY_END || strncmp(token, "--", 2) != 0)
		return false;
	size_t len = strcspn(name, "=");
	const struct argp_option *row = find_name(&n, rows, name, len);
	if (!row || row->key != key || row->name[len] == 0)
		return false;
	explain_several(rows, name, len);
	return true;
}

/* A long option that argp refused; returns false when nothing is wrong with it. */
static bool explain_long(const struct argp_option *const *rows, const char *token, bool has_next)
{
	const char *name = token + 2;
	size_t len = strcspn(name, "=");
	bool has_value = name[len] == '=';
	unsigned n;
	const struct argp_option *row = find_name(&n, rows, name, len);

	if (!row && explain_habit(token, len + 2))
		return true;
	if (!row)
		explain_unknown_name(rows, name, len);
	else if (n > 1)
		explain_several(rows, name, len);
	else if (!row->arg && has_value)
		message("--%s takes no value", row->name);
	else if (row->arg && !has_value && !has_next)
		message("--%s wants a value: --%s %s", row->name, row->name, row->arg);
	else
		return false;
	return true;
}

/* The same for one or several letters behind a dash. */
static bool explain_short(const struct argp_option *const *rows, const char *token, bool has_next)
{
	for (const char *p = token + 1; *p; p++) {
		const struct argp_option *row = find_letter(rows, *p);
		if (!row) {
			message("unknown option -%c (--help lists them)", *p);
			return true;
		}
		if (!row->arg)
			continue;
		if (p[1] == 0 && !has_next) {
			message("-%c wants a value: -%c %s", *p, *p, row->arg);
			return true;
		}
		return false;
	}
	return false;
}

static bool explain(const struct argp_option *const *rows, int argc, char **argv, int at)
{
	if (at < 1 || at >= argc || argv[at][0] != '-' || !argv[at][1])
		return false;
	if (argv[at][1] == '-')
		return explain_long(rows, argv[at], at + 1 < argc);
	/* A habit counts only where its letter is not ours: ping has an -s. */
	if (!find_letter(rows, argv[at][1]) && explain_habit(argv[at], strlen(argv[at])))
		return true;
	return explain_short(rows, argv[at], at + 1 < argc);
}

/* getopt has moved on from the option it refuses, unless more letters follow in the same word. */
void options_unknown(const struct argp_option *const *rows, int argc, char **argv, int next)
{
	if (!explain(rows, argc, argv, next - 1) && !explain(rows, argc, argv, next))
		message("too many arguments (--help shows the usage)");
}

static bool is_number(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == 0;
}

bool options_habit(const struct usage *usage, int argc, char **argv)
{
	if (!(usage->shared & OPTIONS_VERBOSE) || usage->numbers)
		return false;
	for (int i = 1; i + 1 < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "-q") == 0 && is_number(argv[i + 1])) {
			message("-q takes no value (rounds are -c %s)", argv[i + 1]);
			return true;
		}
	}
	return false;
}

error_t option_interval(sonde_time *out, const char *arg)
{
	if (isalpha((unsigned char)arg[0]))
		return option_bad("-i is an interval; the interface is -I %s", arg);
	return option_duration(out, "-i", arg);
}

error_t option_file(const char **out, const char *arg)
{
	sonde_time duration;

	if (sonde_duration_parse(&duration, arg, strlen(arg)) == 0)
		return option_bad("-w is a file: did you mean --deadline %s? for a file: -w ./%s", arg, arg);
	*out = arg;
	return 0;
}
