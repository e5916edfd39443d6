/* FIELD=SET words, which choose flows: a flow is taken when each of its fields is in its set. */
#ifndef SONDE_TOOLS_FLOWS_CHOOSE_H
#define SONDE_TOOLS_FLOWS_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

struct column;
struct flow_row;

#define CHOICES_MAX 32

struct choice {
	const struct column *columns[2]; /* host and port: of either side; else the second is NULL */
	const char *set; /* members between commas: values, FROM-TO, prefixes, durations */
};

struct choices {
	struct choice all[CHOICES_MAX];
	unsigned n;
};

/* Whether an argument is such a word: FIELD=..., with a name of ours in front. */
bool choices_are(const char *arg);
/* Add one. Returns 0 or what option_bad returned. */
int choices_add(struct choices *c, const char *arg);
bool choices_take(const struct choices *c, const struct flow_row *row);

#endif
