/* The options that commands share, parsed once, and the messages for options that are wrong.
 *
 * A command says in a struct usage which groups it takes and what it adds; options_parse does the rest with argp. */
#ifndef SONDE_TOOLS_COMMON_OPTIONS_H
#define SONDE_TOOLS_COMMON_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/time.h"
#include "io/file_write.h"

struct sonde_spec;

/* The groups. */
enum options_group {
	OPTIONS_FAMILY = 1 << 0,  /* -4 -6 --source */
	OPTIONS_COUNT = 1 << 1,   /* -c */
	OPTIONS_RATE = 1 << 2,    /* -i --rate */
	OPTIONS_WRITE = 1 << 3,   /* -w --rotate */
	OPTIONS_SET = 1 << 4,     /* --set */
	OPTIONS_JSON = 1 << 5,    /* --json */
	OPTIONS_SEED = 1 << 6,    /* --seed */
	OPTIONS_NAMES = 1 << 7,   /* --names -n */
	OPTIONS_VERBOSE = 1 << 8, /* -q -v */
	OPTIONS_DRY = 1 << 9,     /* --dry-run */
	OPTIONS_SAFETY = 1 << 10, /* --authorised --broadcast */
	OPTIONS_IFACE = 1 << 11,  /* -I */
	OPTIONS_WAIT = 1 << 12,   /* -W */
	OPTIONS_FILE = 1 << 13,   /* -w, without standard output */
	OPTIONS_SANDBOX = 1 << 14, /* --sandbox */
	OPTIONS_DEADLINE = 1 << 15, /* --deadline */
	OPTIONS_NETWORK = OPTIONS_FAMILY | OPTIONS_IFACE,
	OPTIONS_PACE = OPTIONS_RATE | OPTIONS_WAIT | OPTIONS_DEADLINE,
};

#define OPTIONS_SET_MAX  16
#define OPTIONS_IFACE_MAX 64
#define OPTIONS_RATE_MAX UINT64_MAX /* --rate max */
#define OPTIONS_OWN_KEY  0x200      /* where a command's keys for options without a letter begin */

/* What the shared options say. Strings point into argv. */
struct options {
	enum sonde_family family; /* SONDE_NO_ADDR: either */
	const char *iface;        /* the last one given, or NULL */
	const char *ifaces[OPTIONS_IFACE_MAX]; /* all of them */
	unsigned n_ifaces;
	struct sonde_addr source; /* of family 0: the route's */
	uint64_t count;           /* 0: not given */
	sonde_time interval_ns;   /* -1: not given */
	sonde_time wait_ns;       /* for one reply; 1 s when not given */
	bool has_wait;            /* it was given */
	sonde_time deadline_ns;   /* for the whole run; -1: not given */
	uint64_t rate_pps;        /* 0: not given */
	double speed;             /* times a capture's own pace; 0: not given */
	const char *write;        /* or NULL */
	struct sonde_rotation rotation; /* of the file of -w */
	const char *set[OPTIONS_SET_MAX];
	unsigned n_set;
	uint64_t seed; /* random when not given */
	bool has_seed; /* it was given */
	int verbosity; /* how often -v was given, or -q, which counts down */
	int sandbox;   /* enum sandbox_mode */
	uint64_t uid;  /* of the user, before anything is given up */
	bool json, names, numbers, dry_run, authorised, broadcast;
};

/* How a command is used. */
struct usage {
	const char *args;  /* what follows the options in the usage line; several forms on lines of their own */
	const char *about; /* what it does; after \v what --help says behind the options */
	unsigned shared;   /* enum options_group, ORed */
	const struct argp_option *own; /* the command's own options; NULL: none */
	/* Takes the own options and, in their order, the arguments (ARGP_KEY_ARG; or, where a command with options
	 * of its own follows, the rest of argv in ARGP_KEY_ARGS), and checks at ARGP_KEY_END; state->input is what
	 * was given to options_parse as own. Returns 0, what option_bad returned, or ARGP_ERR_UNKNOWN. */
	argp_parser_t parse;
	bool replays;   /* --rate also takes original, and 2x */
	bool numbers;   /* an argument may be a bare number, or belong to a command that follows */
	int bad_status; /* exit status for a mistake; 0: STATUS_USAGE */
};

#define OPTIONS_GO_ON (-1)

/* Parse argv (argv[0] is the name in messages) into o and, through usage->parse, into own. Returns OPTIONS_GO_ON, or
 * the status to exit with after a message, --help or --version. */
int options_parse(struct options *o, void *own, const struct usage *usage, int argc, char **argv);

/* The row of usage->own that takes a letter or a name that means something else in all commands; NULL when all is
 * well. options_parse asserts it. */
const struct argp_option *options_clash(const struct usage *usage);

/* Whether the file of -w is standard output, which then has room for nothing else. */
bool options_write_stdout(const struct options *o);
/* Nanoseconds from one packet to the next that --rate asks for; otherwise_ns where it is not given. */
sonde_time options_gap(const struct options *o, sonde_time otherwise_ns);

/* For parsers: print the message and return what the parser has to return. */
error_t option_bad(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Read arg, the value of option, into out. Return 0, or what option_bad returned. */
error_t option_duration(sonde_time *out, const char *option, const char *arg);
error_t option_uint(uint64_t *out, const char *option, const char *arg, uint64_t min, uint64_t max);
error_t option_rate(uint64_t *out, const char *option, const char *arg);
/* Bytes: a number with k, M or G (thousands), or without. */
error_t option_bytes(uint64_t *out, const char *option, const char *arg, uint64_t min, uint64_t max);
/* Any of a size, a duration and files=N, with commas between. */
error_t option_rotation(struct sonde_rotation *out, const char *arg);
/* original: 1; 2x, 0.5x: that. Returns false when arg is neither. */
bool option_speed(double *out, const char *arg);
error_t option_addr(struct sonde_addr *out, const char *option, const char *arg);
/* Read arg, a pattern in notation, into out, a zeroed spec that is the caller's to free. */
error_t option_pattern(struct sonde_spec *out, const char *option, const char *arg);

/* Whether the argument at hand (ARGP_KEY_ARG) stands after "--". */
static inline bool option_is_behind_dashes(const struct argp_state *state)
{
	return state->quoted && state->next > state->quoted;
}

#endif
