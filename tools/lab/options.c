#include "tools/lab/options.h"

#include <errno.h>
#include <inttypes.h>

#include "tools/common/message.h"
#include "tools/common/status.h"

error_t lab_options_parser(int key, char *arg, struct argp_state *state)
{
	static char *none[] = { NULL };
	struct lab_options *o = state->input;

	switch (key) {
	case 't': o->topology = arg; return 0;
	case LAB_KEY_AT: o->at = arg; return 0;
	case LAB_KEY_NAME: o->name = arg; return 0;
	case ARGP_KEY_ARGS: o->words = state->argv + state->next; return 0;
	case ARGP_KEY_NO_ARGS: o->words = none; return 0;
	default: return ARGP_ERR_UNKNOWN;
	}
}

int lab_options_parse(struct options *o, struct lab_options *mine, const struct usage *u, unsigned min, unsigned max,
		      int argc, char **argv)
{
	unsigned n = 0;
	int status = options_parse(o, mine, u, argc, argv);

	if (status != OPTIONS_GO_ON)
		return status;
	while (mine->words[n])
		n++;
	if (n >= min && n <= max)
		return OPTIONS_GO_ON;
	message("%s: %s%s%s", n < min ? "something is missing" : "too many words", argv[0], *u->args ? " " : "",
		u->args);
	return u->bad_status ? u->bad_status : STATUS_USAGE;
}

void lab_tell(const struct topology *t, unsigned at, uint64_t seed)
{
	char text[SONDE_ADDR_STRLEN];

	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		message("%s eth%u %s/%u", t->hosts[a->host].name, a->eth, sonde_addr_format(text, &a->prefix.addr),
			a->prefix.bits);
	}
	message("runs on %s, with seed %" PRIu64, t->hosts[at].name, seed);
}

int lab_status(int err, const struct sonde_error *e)
{
	bool refused = err < 0 && err > -4096 && err != -EEXIST && err != -ENOENT;

	if (err && e->code)
		message_error(e);
	return err == 0 ? STATUS_DONE : refused || err == SONDE_E_LIBRARY ? STATUS_SYSTEM : STATUS_USAGE;
}

int lab_own_failure(const struct sonde_error *e)
{
	message_error(e);
	return STATUS_OWN_FAILURE;
}
