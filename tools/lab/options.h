/* The options of the subcommands of `sonde lab`, and what several of them say. */
#ifndef SONDE_TOOLS_LAB_OPTIONS_H
#define SONDE_TOOLS_LAB_OPTIONS_H

#include "tools/common/options.h"
#include "tools/lab/topology.h"

struct lab_options {
	const char *topology, *at, *name;
	char **words; /* what stands behind the options, up to a NULL */
};

enum { LAB_KEY_AT = OPTIONS_OWN_KEY, LAB_KEY_NAME };

#define LAB_TOPOLOGY_ROW                                                                                               \
	{                                                                                                              \
		"topology", 't', "TOPOLOGY", 0, "the network to build: built-in, or a file (default: pair)", 0         \
	}

/* The parser of all of them, for struct usage. */
error_t lab_options_parser(int key, char *arg, struct argp_state *state);

/* Parse, and hold the number of words against what a subcommand takes. Returns as options_parse does. */
int lab_options_parse(struct options *o, struct lab_options *mine, const struct usage *u, unsigned min, unsigned max,
		      int argc, char **argv);

/* Say in messages what a lab has: the addresses, the seed, and where something runs. */
void lab_tell(const struct topology *t, unsigned at, uint64_t seed);

/* The exit status for a negative code: bad input, or a refusal of the system. The message in e is printed. */
int lab_status(int err, const struct sonde_error *e);

/* The exit status where not COMMAND failed, but the lab. The message in e is printed. */
int lab_own_failure(const struct sonde_error *e);

#endif
