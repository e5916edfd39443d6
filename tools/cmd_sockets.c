/* sonde sockets: which sockets this machine has, and whose they are. */
#include <string.h>

#include "tools/cmd.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/sockets/sockets.h"

enum { KEY_RAW = OPTIONS_OWN_KEY, KEY_ALL_NETNS, KEY_LIVE };

static const struct argp_option rows[] = {
	{ "listening", 'l', NULL, 0, "only those that wait for others: TCP listens, the rest has no peer", 0 },
	{ "tcp", 't', NULL, 0, "TCP (and what else is named; default: all kinds)", 0 },
	{ "udp", 'u', NULL, 0, "UDP", 0 },
	{ "raw", KEY_RAW, NULL, 0, "raw IP, ICMP and packet sockets", 0 },
	{ "all-netns", KEY_ALL_NETNS, NULL, 0, "of all network namespaces", 0 },
	{ "live", KEY_LIVE, NULL, 0, "a screen that is read anew each second", 0 },
	{ "output", 'o', "FORM", 0, "table (for people), csv", 0 },
	{ "all", 'a', NULL, 0, "accepted: all are shown", 0 },
	{ "processes", 'p', NULL, 0, "accepted: processes are shown", 0 },
	{ 0 },
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct sockets_options *s = state->input;
	switch (key) {
	case 'l': s->listening = true; return 0;
	case 't': s->kinds |= 1u << SONDE_SOCK_TCP; return 0;
	case 'u': s->kinds |= 1u << SONDE_SOCK_UDP; return 0;
	case KEY_RAW:
		s->kinds |= 1u << SONDE_SOCK_RAW | 1u << SONDE_SOCK_ICMP | 1u << SONDE_SOCK_PACKET;
		return 0;
	case KEY_ALL_NETNS: s->all_netns = true; return 0;
	case KEY_LIVE: s->live = true; return 0;
	case 'o':
		if (strcmp(arg, "table") != 0 && strcmp(arg, "csv") != 0)
			return option_bad("-o %s: one of table, csv", arg);
		s->form = *arg == 'c' ? SOCKETS_CSV : SOCKETS_TABLE;
		return 0;
	case 'a':
	case 'p': return 0;
	case ARGP_KEY_ARG:
		if (!choices_are(arg))
			return option_bad("%s: not FIELD=SET, as state=listen or remote=10.0.0.0/8", arg);
		return choices_add(&s->choices, &sockets_table, arg);
	default: return ARGP_ERR_UNKNOWN;
	}
}

static const struct usage usage = {
	.args = "[FIELD=SET...]",
	.about = "Print the sockets of this machine: protocol, both ends, and the processes that have them.\v"
		 "FIELD=SET chooses: state=listen local_port=1-1023 remote=10.0.0.0/8 process=sshd. "
		 "Exit status 1: none is like that.",
	.shared = OPTIONS_JSON | OPTIONS_NAMES | OPTIONS_VERBOSE | OPTIONS_SANDBOX,
	.own = rows,
	.parse = parse,
};

static error_t check(const struct sockets_options *s, const struct options *o)
{
	if (o->json && s->form == SOCKETS_CSV)
		return option_bad("--json or -o csv: one of the two");
	if (s->live && (o->json || s->form == SOCKETS_CSV))
		return option_bad("--live is a screen: without --json and -o csv");
	if (s->live && o->names)
		return option_bad("--live shows addresses as numbers: without --names");
	return 0;
}

int cmd_sockets(int argc, char **argv)
{
	static struct sockets_options s;
	struct options o;
	int status = options_parse(&o, &s, &usage, argc, argv);
	if (status != OPTIONS_GO_ON)
		return status;
	if (check(&s, &o))
		return STATUS_USAGE;
	return sockets_run(&o, &s, argv);
}
