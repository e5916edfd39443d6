/* FIELD=SET words, which choose rows: a row is taken when each of its fields is in its set. */
#ifndef SONDE_TOOLS_COMMON_CHOOSE_H
#define SONDE_TOOLS_COMMON_CHOOSE_H

#include <stdbool.h>
#include <stddef.h>

struct column;
struct column_table;

#define CHOICES_MAX 32

struct choice {
	const struct column *columns[2]; /* either of a pair; else the second is NULL */
	const char *set; /* members between commas: values, FROM-TO, prefixes, durations */
};

struct choices {
	struct choice all[CHOICES_MAX];
	unsigned n;
};

/* Whether an argument is such a word: FIELD=..., with a name of ours in front. */
bool choices_are(const char *arg);
/* Add one. Returns 0 or what option_bad returned. */
int choices_add(struct choices *c, const struct column_table *t, const char *arg);
bool choices_take(const struct choices *c, const struct column_table *t, const void *row);

#endif
