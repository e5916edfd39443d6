#include "tools/lab/topology.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define WORDS 16
#define LINE  200

/* An open, a closed and a filtered port each, which is what a first look at a network wants to see. */
static const struct {
	const char *name, *text;
} builtins[] = {
	{ "pair", "host client 10.0.0.1/24 fd00::1/64\n"
		  "host server 10.0.0.2/24 fd00::2/64\n"
		  "link client server\n"
		  "listen server tcp 7,22,80,443\n"
		  "listen server udp 7,53\n"
		  "filter server drop tcp dport=81\n" },
};

static int too_many(struct sonde_error *e, const char *what, unsigned most)
{
	return sonde_fail(e, SONDE_E_SPACE, "more than %u %s", most, what);
}

/* Names go into file names, /etc/hosts and nftables: letters, digits and dashes are safe in all of them. */
static bool is_host_name(const char *s)
{
	if (!isalpha((unsigned char)*s) || strlen(s) >= LAB_NAME)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

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

static int parse_host(struct topology *t, struct sonde_error *e, char **word)
{
	if (t->n_hosts == LAB_HOSTS)
		return too_many(e, "hosts", LAB_HOSTS);
	if (!is_host_name(word[1]))
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s' is no name for a host (letters, digits, dashes)", word[1]);
	if (topology_host(t, NULL, word[1]) >= 0)
		return sonde_fail(e, SONDE_E_TWICE, "host '%s' is there already", word[1]);
	for (char **address = word + 2; *address; address++) {
		struct lab_address *a = &t->addresses[t->n_addresses];
		if (t->n_addresses == LAB_ADDRESSES)
			return too_many(e, "addresses", LAB_ADDRESSES);
		*a = (struct lab_address){ .host = t->n_hosts };
		if (!strchr(*address, '/') || sonde_prefix_parse(&a->prefix, *address, strlen(*address)))
			return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not an address with its prefix length", *address);
		t->n_addresses++;
	}
	strcpy(t->hosts[t->n_hosts++].name, word[1]);
	return 0;
}

static int parse_link(struct topology *t, struct sonde_error *e, char **word)
{
	struct lab_link *l = &t->links[t->n_links];

	if (t->n_links == LAB_LINKS)
		return too_many(e, "links", LAB_LINKS);
	for (unsigned i = 0; i < 2; i++) {
		unsigned n = t->n_links * 2 + i + 1;
		int host = topology_host(t, e, word[1 + i]);
		if (host < 0)
			return host;
		l->end[i] = (struct lab_end){ .host = (unsigned)host,
					      .eth = t->hosts[host].n_ends++,
					      .index = n + 1, /* 1 is the loopback's */
					      .mac = { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
	}
	t->n_links++;
	return 0;
}

static int parse_port(uint16_t *out, struct sonde_error *e, const char *s, size_t len)
{
	uint64_t port;

	if (sonde_uint_parse(&port, s, len) || port == 0 || port > 65535)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%.*s': not a port", (int)len, s);
	*out = (uint16_t)port;
	return 0;
}

static int parse_transport(bool *udp, struct sonde_error *e, const char *word)
{
	*udp = strcmp(word, "udp") == 0;
	if (*udp || strcmp(word, "tcp") == 0)
		return 0;
	return sonde_fail(e, SONDE_E_UNKNOWN, "'%s': neither tcp nor udp", word);
}

static int parse_listen(struct topology *t, struct sonde_error *e, char **word)
{
	struct lab_service s = { 0 };
	int host = topology_host(t, e, word[1]), err;

	if (host < 0 || (err = parse_transport(&s.udp, e, word[2])))
		return host < 0 ? host : err;
	s.host = (unsigned)host;
	for (const char *p = word[3], *comma;; p = comma + 1) {
		comma = p + strcspn(p, ",");
		if (t->n_services == LAB_SERVICES)
			return too_many(e, "services", LAB_SERVICES);
		if ((err = parse_port(&s.port, e, p, (size_t)(comma - p))))
			return err;
		t->services[t->n_services++] = s;
		if (!*comma)
			return 0;
	}
}

static int parse_filter(struct topology *t, struct sonde_error *e, char **word)
{
	static const char *const verdicts[] = { [LAB_DROP] = "drop", [LAB_REJECT] = "reject", [LAB_RESET] = "reset" };
	static const char key[] = "dport=";
	struct lab_filter f = { 0 };
	int host = topology_host(t, e, word[1]), err;

	if (host < 0)
		return host;
	if (t->n_filters == LAB_FILTERS)
		return too_many(e, "filters", LAB_FILTERS);
	f.host = (unsigned)host;
	while (f.verdict <= LAB_RESET && strcmp(word[2], verdicts[f.verdict]) != 0)
		f.verdict++;
	if (f.verdict > LAB_RESET)
		return sonde_fail(e, SONDE_E_UNKNOWN, "'%s': drop, reject or reset", word[2]);
	if ((err = parse_transport(&f.udp, e, word[3])))
		return err;
	if (f.udp && f.verdict == LAB_RESET)
		return sonde_fail(e, SONDE_E_KIND, "only tcp can be reset");
	if (strncmp(word[4], key, strlen(key)) != 0)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': dport=PORT is what a filter knows", word[4]);
	if ((err = parse_port(&f.port, e, word[4] + strlen(key), strlen(word[4] + strlen(key)))))
		return err;
	t->filters[t->n_filters++] = f;
	return 0;
}

static const struct statement {
	const char *name;
	int (*parse)(struct topology *t, struct sonde_error *e, char **word);
	unsigned min, max; /* words, with the name */
	const char *form;
} statements[] = {
	{ "host", parse_host, 2, WORDS, "host NAME ADDRESS/BITS..." },
	{ "link", parse_link, 3, 3, "link HOST HOST" },
	{ "listen", parse_listen, 4, 4, "listen HOST tcp|udp PORT,..." },
	{ "filter", parse_filter, 5, 5, "filter HOST drop|reject|reset tcp|udp dport=PORT" },
};

#define N_STATEMENTS (sizeof(statements) / sizeof(*statements))

static int parse_statement(struct topology *t, struct sonde_error *e, char **word, unsigned n)
{
	struct sonde_nearest nearest = { .name = word[0], .len = strlen(word[0]) };

	for (size_t i = 0; i < N_STATEMENTS; i++) {
		const struct statement *s = &statements[i];
		if (strcmp(s->name, word[0]) != 0) {
			sonde_nearest_offer(&nearest, s->name);
			continue;
		}
		if (n < s->min || n > s->max)
			return sonde_fail(e, SONDE_E_SYNTAX, "the form is: %s", s->form);
		return s->parse(t, e, word);
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "no statement '%s'", word[0]);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

static int parse_line(struct topology *t, struct sonde_error *e, const char *text, size_t len)
{
	char line[LINE], *word[WORDS + 1], *rest = line;
	unsigned n = 0;

	if (len >= sizeof(line))
		return sonde_fail(e, SONDE_E_SPACE, "longer than %d characters", LINE - 1);
	memcpy(line, text, len);
	line[len] = 0;
	line[strcspn(line, "#")] = 0;
	for (char *w; (w = strsep(&rest, " \t\r"));) {
		if (!*w)
			continue;
		if (n == WORDS)
			return sonde_fail(e, SONDE_E_SPACE, "more than %d words", WORDS);
		word[n++] = w;
	}
	word[n] = NULL;
	return n == 0 ? 0 : parse_statement(t, e, word, n);
}

int topology_parse(struct topology *t, struct sonde_error *e, const char *name, const char *text)
{
	*t = (struct topology){ .name = name };
	for (unsigned number = 1; *text; number++) {
		struct sonde_error inner = { 0 };
		size_t len = strcspn(text, "\n");
		int err = parse_line(t, &inner, text, len);
		if (err) {
			sonde_fail(e, err, "%s, line %u: %s", name, number, inner.what);
			sonde_hint(e, "%s", inner.hint);
			return err;
		}
		text += len + (text[len] == '\n');
	}
	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_host *host = &t->hosts[t->addresses[i].host];
		if (host->n_ends == 0)
			return sonde_fail(e, SONDE_E_ABSENT, "%s: host '%s' has an address and no link", name,
					  host->name);
	}
	return t->n_hosts ? 0 : sonde_fail(e, SONDE_E_ABSENT, "%s: no host in it", name);
}

int topology_find(struct topology *t, struct sonde_error *e, const char *name)
{
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };

	for (size_t i = 0; i < sizeof(builtins) / sizeof(*builtins); i++) {
		if (strcmp(builtins[i].name, name) == 0)
			return topology_parse(t, e, builtins[i].name, builtins[i].text);
		sonde_nearest_offer(&nearest, builtins[i].name);
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "unknown topology '%s'", name);
	sonde_hint(e, nearest.best ? "did you mean %s?" : "there is %s",
		   nearest.best ? nearest.best : builtins[0].name);
	return SONDE_E_UNKNOWN;
}

const struct sonde_addr *topology_address(const struct topology *t, unsigned host, unsigned family)
{
	for (unsigned i = 0; i < t->n_addresses; i++)
		if (t->addresses[i].host == host && t->addresses[i].prefix.addr.family == family)
			return &t->addresses[i].prefix.addr;
	return NULL;
}
