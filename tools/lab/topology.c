#include "tools/lab/topology.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "tools/lab/filter.h"
#include "tools/lab/plan.h"
#include "tools/lab/statement.h"

int topology_host(const struct topology *t, struct sonde_error *e, const char *name)
{
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };

	for (unsigned i = 0; i < t->n_hosts; i++) {
		if (strcmp(t->hosts[i].name, name) == 0)
			return (int)i;
		sonde_nearest_offer(&nearest, t->hosts[i].name);
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "no host '%s' in topology '%s'", name, t->name);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

const struct sonde_addr *topology_address(const struct topology *t, unsigned host, unsigned family)
{
	for (unsigned i = 0; i < t->n_addresses; i++)
		if (t->addresses[i].host == host && t->addresses[i].prefix.addr.family == family)
			return &t->addresses[i].prefix.addr;
	return NULL;
}

const struct sonde_prefix *topology_end_address(const struct topology *t, const struct lab_end *end, unsigned family)
{
	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		if (a->host == end->host && a->eth == end->eth && a->prefix.addr.family == family)
			return &a->prefix;
	}
	return NULL;
}

/* --- Built-in topologies ------------------------------------------------------------------------------------------ */

static const char builtin_names[] = "pair lan:N line:N diamond firewall nat lossy blackhole wide";

#define SERVER                                                                                                         \
	"listen server tcp 7,22,80,443\n"                                                                              \
	"listen server udp 7,53\n"

static const struct {
	const char *name, *text;
} fixed[] = {
	{ "pair", "host client\n"
		  "host server\n"
		  "link client server\n" SERVER "filter server drop tcp dport=81\n" },
	{ "diamond", "host client\n"
		     "router r1\n"
		     "router r2a\n"
		     "router r2b\n"
		     "router r3\n"
		     "host server\n"
		     "link client r1\n"
		     "link r1 r2a\n"
		     "link r1 r2b\n"
		     "link r2a r3\n"
		     "link r2b r3\n"
		     "link r3 server\n" SERVER },
	{ "firewall", "host client\n"
		      "router firewall\n"
		      "host server\n"
		      "link client firewall\n"
		      "link firewall server\n" SERVER "listen server tcp 81,82,83,84\n"
		      "filter firewall drop tcp dport=81\n"
		      "filter firewall reject tcp dport=82\n"
		      "filter firewall reset tcp dport=83\n"
		      "filter firewall admin tcp dport=84\n"
		      "filter firewall drop udp dport=81\n"
		      "filter firewall admin udp dport=84\n"
		      "filter firewall limit 5/s icmp type=echo\n"
		      "filter firewall limit 5/s icmp6 type=echo\n" },
	{ "nat", "host client\n"
		 "nat nat\n"
		 "router r1\n"
		 "host server\n"
		 "link client nat\n"
		 "link nat r1\n"
		 "link r1 server\n" SERVER },
	{ "lossy", "host client\n"
		   "host server\n"
		   "link client server delay 2ms jitter 500us loss 5% duplicate 1% reorder 1%\n" SERVER },
	{ "blackhole", "host client\n"
		       "router r1\n"
		       "router r2\n"
		       "host server\n"
		       "link client r1\n"
		       "link r1 r2 mtu 1400\n"
		       "link r2 server\n" SERVER "filter r1 drop icmp type=unreach code=needfrag\n"
		       "filter r1 drop icmp6 type=toobig\n"
		       "filter r2 drop icmp type=unreach code=needfrag\n"
		       "filter r2 drop icmp6 type=toobig\n" },
	{ "wide", "host client\n"
		  "host server\n"
		  "link client server\n" SERVER "route client 198.18.0.0/16 via 10.0.0.2\n"
		  "route client 2001:2::/48 via fd00::2\n"
		  "route server 198.18.0.0/16 local\n"
		  "route server 2001:2::/48 local\n" },
};

static void write_lan(struct sonde_text *out, unsigned n)
{
	sonde_text_str(out, "host client\nhost server\n");
	for (unsigned i = 3; i <= n; i++)
		sonde_text_fmt(out, "host h%u\n", i);
	sonde_text_str(out, "switch switch\nlink client switch\nlink server switch\n");
	for (unsigned i = 3; i <= n; i++)
		sonde_text_fmt(out, "link h%u switch\n", i);
	sonde_text_str(out, SERVER);
}

static void write_line(struct sonde_text *out, unsigned n)
{
	sonde_text_str(out, "host client\n");
	for (unsigned i = 1; i <= n; i++)
		sonde_text_fmt(out, "router r%u\n", i);
	sonde_text_str(out, "host server\nlink client r1\n");
	for (unsigned i = 1; i < n; i++)
		sonde_text_fmt(out, "link r%u r%u\n", i, i + 1);
	sonde_text_fmt(out, "link r%u server\n" SERVER, n);
}

static const struct {
	const char *name; /* with the colon */
	void (*write)(struct sonde_text *out, unsigned n);
	unsigned min, max;
} counted[] = {
	{ "lan:", write_lan, 2, LAB_HOSTS - 1 }, /* and the switch */
	{ "line:", write_line, 1, 63 },          /* as many as the usual TTL of 64 lets a packet pass */
};

#define N_FIXED   (sizeof(fixed) / sizeof(*fixed))
#define N_COUNTED (sizeof(counted) / sizeof(*counted))

static int write_counted(struct sonde_text *out, struct sonde_error *e, size_t kind, const char *name)
{
	const char *number = name + strlen(counted[kind].name);
	uint64_t n;

	if (sonde_uint_parse(&n, number, strlen(number)) || n < counted[kind].min || n > counted[kind].max)
		return sonde_fail(e, SONDE_E_RANGE, "'%s': %sN takes a number from %u to %u", name, counted[kind].name,
				  counted[kind].min, counted[kind].max);
	counted[kind].write(out, (unsigned)n);
	return 0;
}

static int builtin_text(struct sonde_text *out, struct sonde_error *e, const char *name, struct sonde_nearest *n)
{
	for (size_t i = 0; i < N_FIXED; i++) {
		if (strcmp(fixed[i].name, name) == 0) {
			sonde_text_str(out, fixed[i].text);
			return sonde_text_fits(out) ? 0 : sonde_fail(e, SONDE_E_SPACE, "'%s' is too long", name);
		}
		sonde_nearest_offer(n, fixed[i].name);
	}
	for (size_t i = 0; i < N_COUNTED; i++) {
		size_t len = strlen(counted[i].name);
		if (strncmp(counted[i].name, name, len) == 0)
			return write_counted(out, e, i, name);
		if (strncmp(counted[i].name, name, len - 1) == 0 && !name[len - 1])
			return sonde_fail(e, SONDE_E_RANGE, "'%s': say how many, as in %s%u", name, counted[i].name, 5);
	}
	return SONDE_E_ABSENT;
}

/* --- Topologies out of text --------------------------------------------------------------------------------------- */

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

	memset(t, 0, offsetof(struct topology, routes));
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
