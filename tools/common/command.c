#include "tools/common/command.h"

#include <string.h>

#include "base/text.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

const struct command *command_find(const struct command *table, const char *name)
{
	for (const struct command *c = table; c->name; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int command_run(const struct command *c, const char *family, int argc, char **argv)
{
	static char name[64]; /* message_name keeps it */

	snprintf(name, sizeof(name), "%s %s", family, c->name);
	argv[0] = name;
	message_name(name);
	return c->main(argc, argv);
}

int command_unknown(const struct command *table, const char *name, const char *lister)
{
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };

	for (const struct command *c = table; c->name; c++)
		sonde_nearest_offer(&nearest, c->name);
	if (name[0] == '-')
		message("unknown option %s (options follow the command; %s lists the commands)", name, lister);
	else if (nearest.best)
		message("unknown command '%s' (did you mean %s?)", name, nearest.best);
	else
		message("unknown command '%s' (%s lists them)", name, lister);
	return STATUS_USAGE;
}

void command_list(FILE *out, const struct command *table)
{
	for (const struct command *c = table; c->name; c++)
		fprintf(out, "  %-9s %s\n", c->name, c->summary);
}
