#include "tools/lab/topology_read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/lab/builtin.h"
#include "tools/lab/filter.h"
#include "tools/lab/plan.h"
#include "tools/lab/statement.h"

static int fail_at(struct sonde_error *e, const struct topology *t, unsigned line, const struct sonde_error *inner)
{
	sonde_fail(e, inner->code, "%s, line %u: %s", t->name, line, inner->what);
	sonde_hint(e, "%s", inner->hint);
	return inner->code;
}

static int parse_lines(struct topology *t, struct sonde_error *e)
{
	const char *text = t->text;

	for (unsigned number = 1; *text; number++) {
		struct sonde_error inner = { 0 };
		size_t len = strcspn(text, "\n");
		if (statement_parse(t, &inner, number, text, len))
			return fail_at(e, t, number, &inner);
		text += len + (text[len] == '\n');
	}
	return t->n_hosts ? 0 : sonde_fail(e, SONDE_E_ABSENT, "%s: no host in it", t->name);
}

static int check_addresses(const struct topology *t, struct sonde_error *e)
{
	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_host *host = &t->hosts[t->addresses[i].host];
		if (host->n_ends == 0)
			return sonde_fail(e, SONDE_E_ABSENT, "%s: host '%s' has an address and no link", t->name,
					  host->name);
	}
	return 0;
}

static int check_filters(const struct topology *t, struct sonde_error *e)
{
	for (unsigned i = 0; i < t->n_filters; i++) {
		char rule[FILTER_RULE];
		struct sonde_error inner = { 0 };
		struct sonde_text out = sonde_text(rule, sizeof(rule));
		if (filter_rule(&out, &inner, t, &t->filters[i]))
			return fail_at(e, t, t->filters[i].line, &inner);
	}
	return 0;
}

int topology_parse(struct topology *t, struct sonde_error *e, const char *name, const char *text)
{
	int err;

	memset(t, 0, sizeof(*t));
	snprintf(t->name, sizeof(t->name), "%s", name);
	if (strlen(text) >= LAB_TEXT)
		return sonde_fail(e, SONDE_E_SPACE, "%s: longer than %d characters", name, LAB_TEXT - 1);
	strcpy(t->text, text);
	if ((err = parse_lines(t, e)) || (err = check_addresses(t, e)))
		return err;
	if ((err = plan_make(t, e)))
		return err;
	return check_filters(t, e);
}

static int read_file(char text[static LAB_TEXT], struct sonde_error *e, const char *path)
{
	FILE *in = fopen(path, "re");
	size_t len = in ? fread(text, 1, LAB_TEXT, in) : 0;
	int err = !in || ferror(in) ? -errno : 0;

	if (in)
		fclose(in);
	if (err)
		return sonde_fail(e, err, "cannot read topology '%s': %s", path, sonde_strerror(err));
	if (len == LAB_TEXT)
		return sonde_fail(e, SONDE_E_SPACE, "%s: longer than %d characters", path, LAB_TEXT - 1);
	if (memchr(text, 0, len))
		return sonde_fail(e, SONDE_E_SYNTAX, "%s: not a text", path);
	text[len] = 0;
	return 0;
}

int topology_find(struct topology *t, struct sonde_error *e, const char *name)
{
	static char text[LAB_TEXT];
	struct sonde_text out = sonde_text(text, sizeof(text));
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };
	int err = builtin_text(&out, e, name, &nearest);

	if (err == SONDE_E_ABSENT) {
		err = read_file(text, e, name);
		if (err == -ENOENT && !strchr(name, '/')) {
			sonde_fail(e, SONDE_E_UNKNOWN, "unknown topology '%s'", name);
			sonde_hint(e, nearest.best ? "did you mean %s?" : "there are %s, and files",
				   nearest.best ? nearest.best : builtin_names);
			return SONDE_E_UNKNOWN;
		}
	}
	return err ? err : topology_parse(t, e, name, text);
}
