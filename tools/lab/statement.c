#include "tools/lab/statement.h"

#include <ctype.h>
#include <string.h>

#include "base/text.h"

#define WORDS        40
#define DELAY_MAX_NS (10 * SONDE_S)
#define RATE_MAX     UINT64_C(1000000000000)
#define MTU_MIN      576
#define MTU_MAX      65535

struct words {
	char *word[WORDS + 1]; /* up to a NULL */
	unsigned n;
	unsigned line;    /* its number */
	const char *text; /* the line without its comment */
};

static int too_many(struct sonde_error *e, const char *what, unsigned most)
{
	return sonde_fail(e, SONDE_E_SPACE, "more than %u %s", most, what);
}

/* Letters, digits and dashes are safe where names go: in file names, /etc/hosts and the input of nft(8). */
static bool is_host_name(const char *s)
{
	if (!isalpha((unsigned char)*s) || strlen(s) >= LAB_NAME)
		return false;
	for (; *s; s++)
		if (!isalnum((unsigned char)*s) && *s != '-')
			return false;
	return true;
}

static int add_host(struct topology *t, struct sonde_error *e, const char *name, enum lab_kind kind)
{
	if (t->n_hosts == LAB_HOSTS)
		return too_many(e, "hosts", LAB_HOSTS);
	if (!is_host_name(name))
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s' is no name for a host (letters, digits, dashes)", name);
	if (topology_host(t, NULL, name) >= 0)
		return sonde_fail(e, SONDE_E_TWICE, "the name '%s' is taken", name);
	strcpy(t->hosts[t->n_hosts].name, name);
	t->hosts[t->n_hosts++].kind = kind;
	return 0;
}

static int add_address(struct topology *t, struct sonde_error *e, const char *text)
{
	struct lab_address *a = &t->addresses[t->n_addresses];
	char addr[SONDE_ADDR_STRLEN];

	if (t->n_addresses == LAB_ADDRESSES)
		return too_many(e, "addresses", LAB_ADDRESSES);
	*a = (struct lab_address){ .host = t->n_hosts - 1 };
	if (!strchr(text, '/') || sonde_prefix_parse(&a->prefix, text, strlen(text)))
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not an address with its prefix length", text);
	for (const struct lab_address *b = t->addresses; b < a; b++)
		if (sonde_addr_equal(&a->prefix.addr, &b->prefix.addr))
			return sonde_fail(e, SONDE_E_TWICE, "%s is an address of '%s' already",
					  sonde_addr_format(addr, &a->prefix.addr), t->hosts[b->host].name);
	t->n_addresses++;
	return 0;
}

static int parse_host(struct topology *t, struct sonde_error *e, const struct words *w)
{
	int err = add_host(t, e, w->word[1], LAB_HOST);

	for (char *const *address = w->word + 2; !err && *address; address++)
		err = add_address(t, e, *address);
	return err;
}

static int parse_router(struct topology *t, struct sonde_error *e, const struct words *w)
{
	return add_host(t, e, w->word[1], LAB_ROUTER);
}

static int parse_switch(struct topology *t, struct sonde_error *e, const struct words *w)
{
	return add_host(t, e, w->word[1], LAB_SWITCH);
}

static int parse_nat(struct topology *t, struct sonde_error *e, const struct words *w)
{
	return add_host(t, e, w->word[1], LAB_NAT);
}

/* The place of a host that has addresses, which switches have not. */
static int find_host(const struct topology *t, struct sonde_error *e, const char *name)
{
	int host = topology_host(t, e, name);

	if (host >= 0 && t->hosts[host].kind == LAB_SWITCH)
		return sonde_fail(e, SONDE_E_KIND, "'%s' is a switch, which has no addresses", name);
	return host;
}

static int parse_duration(sonde_time *out, struct sonde_error *e, const char *word)
{
	size_t len = strlen(word);

	if (!isalpha((unsigned char)word[len - 1]) || sonde_duration_parse(out, word, len) || *out > DELAY_MAX_NS)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a duration up to 10s (10ms, 250us)", word);
	return 0;
}

/* A percentage has up to four decimals, so that it is a whole number of parts per million. */
static int parse_share(uint32_t *ppm, struct sonde_error *e, const char *word)
{
	const char *p = word;
	uint64_t n = 0;
	int decimals = -1; /* no point yet */

	for (; (isdigit((unsigned char)*p) || (*p == '.' && decimals < 0 && p > word)) && n <= 1000000; p++) {
		if (*p != '.')
			n = n * 10 + (uint64_t)(*p - '0');
		if (*p == '.' || decimals >= 0)
			decimals++;
	}
	for (int i = decimals > 0 ? decimals : 0; i < 4; i++)
		n *= 10;
	if (p == word || strcmp(p, "%") != 0 || decimals > 4 || n > 1000000)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a percentage (1%%, 0.5%%)", word);
	*ppm = (uint32_t)n;
	return 0;
}

static int parse_rate(uint64_t *bps, struct sonde_error *e, const char *word)
{
	static const struct {
		const char *name;
		uint64_t bps;
	} units[] = { { "bit", 1 }, { "kbit", 1000 }, { "mbit", 1000000 }, { "gbit", 1000000000 } };
	size_t digits = strspn(word, "0123456789");
	uint64_t n;

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (strcmp(word + digits, units[i].name) != 0 || sonde_uint_parse(&n, word, digits))
			continue;
		if (n == 0 || n > RATE_MAX / units[i].bps)
			break;
		*bps = n * units[i].bps;
		return 0;
	}
	return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a rate (10mbit; bit, kbit, mbit, gbit)", word);
}

static int parse_mtu(unsigned *mtu, struct sonde_error *e, const char *word)
{
	uint64_t n;

	if (sonde_uint_parse(&n, word, strlen(word)) || n < MTU_MIN || n > MTU_MAX)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not an MTU (%d to %d)", word, MTU_MIN, MTU_MAX);
	*mtu = (unsigned)n;
	return 0;
}

static int parse_option(struct lab_link *l, struct sonde_error *e, const char *name, const char *value)
{
	static const char *const names[] = { "delay", "jitter", "loss", "duplicate", "reorder", "rate", "mtu" };
	struct lab_impairment *i = &l->impairment;
	struct sonde_nearest nearest = { .name = name, .len = strlen(name) };
	unsigned n = 0;

	for (; n < sizeof(names) / sizeof(*names) && strcmp(names[n], name) != 0; n++)
		sonde_nearest_offer(&nearest, names[n]);
	if (n < sizeof(names) / sizeof(*names) && !value)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s' takes a value", name);
	switch (n) {
	case 0: return parse_duration(&i->delay_ns, e, value);
	case 1: return parse_duration(&i->jitter_ns, e, value);
	case 2: return parse_share(&i->loss_ppm, e, value);
	case 3: return parse_share(&i->duplicate_ppm, e, value);
	case 4: return parse_share(&i->reorder_ppm, e, value);
	case 5: return parse_rate(&i->rate_bps, e, value);
	case 6: return parse_mtu(&l->mtu, e, value);
	default: break;
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "a link has no property '%s'", name);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

static int parse_link(struct topology *t, struct sonde_error *e, const struct words *w)
{
	struct lab_link *l = &t->links[t->n_links];

	if (t->n_links == LAB_LINKS)
		return too_many(e, "links", LAB_LINKS);
	for (unsigned i = 0; i < 2; i++) {
		unsigned n = t->n_links * 2 + i + 1;
		int host = topology_host(t, e, w->word[1 + i]);
		if (host < 0)
			return host;
		l->end[i] = (struct lab_end){ .host = (unsigned)host,
					      .eth = t->hosts[host].n_ends++,
					      .index = n + 1, /* 1 is the loopback's */
					      .mac = { 2, 0, 0, 0, (uint8_t)(n >> 8), (uint8_t)n } };
	}
	t->n_links++;
	for (char *const *word = w->word + 3; *word; word += 2) {
		int err = parse_option(l, e, word[0], word[1]);
		if (err)
			return err;
	}
	return 0;
}

static int parse_route(struct topology *t, struct sonde_error *e, const struct words *w)
{
	struct lab_route r = { 0 };
	int host = find_host(t, e, w->word[1]);

	if (host < 0)
		return host;
	if (t->n_routes == LAB_ROUTES)
		return too_many(e, "routes", LAB_ROUTES);
	r.host = (unsigned)host;
	if (sonde_prefix_parse(&r.to, w->word[2], strlen(w->word[2])))
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not a network", w->word[2]);
	if (w->n == 5 && strcmp(w->word[3], "via") == 0) {
		if (sonde_addr_parse(&r.via, NULL, w->word[4], strlen(w->word[4])))
			return sonde_fail(e, SONDE_E_SYNTAX, "'%s': not an address", w->word[4]);
		if (r.via.family != r.to.addr.family)
			return sonde_fail(e, SONDE_E_KIND, "%s and %s are of two families", w->word[2], w->word[4]);
	} else if (w->n != 4 || strcmp(w->word[3], "local") != 0) {
		return sonde_fail(e, SONDE_E_SYNTAX, "the form is: route HOST PREFIX via ADDRESS, or: local");
	}
	t->routes[t->n_routes++] = r;
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

static int parse_listen(struct topology *t, struct sonde_error *e, const struct words *w)
{
	struct lab_service s = { 0 };
	int host = find_host(t, e, w->word[1]), err;

	if (host < 0)
		return host;
	s.host = (unsigned)host;
	s.udp = strcmp(w->word[2], "udp") == 0;
	if (!s.udp && strcmp(w->word[2], "tcp") != 0)
		return sonde_fail(e, SONDE_E_UNKNOWN, "'%s': neither tcp nor udp", w->word[2]);
	for (const char *p = w->word[3], *comma;; p = comma + 1) {
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

/* The rest of the line after its first n words. */
static const char *rest_of(const struct words *w, unsigned n)
{
	const char *p = w->text + strspn(w->text, " \t\r");

	for (; n > 0; n--) {
		p += strcspn(p, " \t\r");
		p += strspn(p, " \t\r");
	}
	return p;
}

static int parse_limit(uint64_t *pps, struct sonde_error *e, const char *word)
{
	size_t len = word ? strlen(word) : 0;

	if (len < 3 || strcmp(word + len - 2, "/s") != 0 || sonde_uint_parse(pps, word, len - 2) || *pps == 0 ||
	    *pps > 1000000)
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s': limit takes N/s, up to 1000000/s", word ? word : "");
	return 0;
}

/* The pattern is parsed when all addresses are known, since it may name hosts. */
static int parse_filter(struct topology *t, struct sonde_error *e, const struct words *w)
{
	static const char *const verdicts[] = { "drop", "reject", "reset", "admin", "limit" };
	struct lab_filter *f = &t->filters[t->n_filters];
	int host = find_host(t, e, w->word[1]);
	unsigned skip = 3;

	if (host < 0)
		return host;
	if (t->n_filters == LAB_FILTERS)
		return too_many(e, "filters", LAB_FILTERS);
	*f = (struct lab_filter){ .host = (unsigned)host, .line = w->line };
	while (f->verdict <= LAB_LIMIT && strcmp(w->word[2], verdicts[f->verdict]) != 0)
		f->verdict++;
	if (f->verdict > LAB_LIMIT)
		return sonde_fail(e, SONDE_E_UNKNOWN, "'%s': a filter can drop, reject, reset, admin or limit",
				  w->word[2]);
	if (f->verdict == LAB_LIMIT) {
		int err = parse_limit(&f->limit_pps, e, w->word[skip++]);
		if (err)
			return err;
	}
	strcpy(f->pattern, rest_of(w, skip));
	t->n_filters++;
	return 0;
}

static int parse_job(struct topology *t, struct sonde_error *e, const struct words *w)
{
	int host = find_host(t, e, w->word[1]);

	if (host < 0)
		return host;
	if (t->n_jobs == LAB_JOBS)
		return too_many(e, "commands to run", LAB_JOBS);
	t->jobs[t->n_jobs].host = (unsigned)host;
	strcpy(t->jobs[t->n_jobs++].command, rest_of(w, 2));
	return 0;
}

static const struct statement {
	const char *name;
	int (*parse)(struct topology *t, struct sonde_error *e, const struct words *w);
	unsigned min, max; /* words, with the name */
	const char *form;
} statements[] = {
	{ "host", parse_host, 2, WORDS, "host NAME [ADDRESS/BITS...]" },
	{ "router", parse_router, 2, 2, "router NAME" },
	{ "switch", parse_switch, 2, 2, "switch NAME" },
	{ "nat", parse_nat, 2, 2, "nat NAME" },
	{ "link", parse_link, 3, WORDS, "link A B [delay DUR] [loss P%] ..." },
	{ "route", parse_route, 4, 5, "route HOST PREFIX via ADDRESS, or: local" },
	{ "listen", parse_listen, 4, 4, "listen HOST tcp|udp PORT,..." },
	{ "filter", parse_filter, 4, WORDS, "filter HOST drop|reject|reset|admin|limit N/s PATTERN" },
	{ "run", parse_job, 3, WORDS, "run HOST COMMAND..." },
};

#define N_STATEMENTS (sizeof(statements) / sizeof(*statements))

static int run_statement(struct topology *t, struct sonde_error *e, const struct words *w)
{
	struct sonde_nearest nearest = { .name = w->word[0], .len = strlen(w->word[0]) };

	for (size_t i = 0; i < N_STATEMENTS; i++) {
		const struct statement *s = &statements[i];
		if (strcmp(s->name, w->word[0]) != 0) {
			sonde_nearest_offer(&nearest, s->name);
			continue;
		}
		if (w->n < s->min || w->n > s->max)
			return sonde_fail(e, SONDE_E_SYNTAX, "the form is: %s", s->form);
		return s->parse(t, e, w);
	}
	sonde_fail(e, SONDE_E_UNKNOWN, "no statement '%s'", w->word[0]);
	if (nearest.best)
		sonde_hint(e, "did you mean %s?", nearest.best);
	return SONDE_E_UNKNOWN;
}

int statement_parse(struct topology *t, struct sonde_error *e, unsigned number, const char *line, size_t len)
{
	char whole[LAB_LINE], cut[LAB_LINE], *rest = cut;
	struct words w = { .line = number, .text = whole };

	if (len >= LAB_LINE)
		return sonde_fail(e, SONDE_E_SPACE, "longer than %d characters", LAB_LINE - 1);
	memcpy(whole, line, len);
	whole[len] = 0;
	whole[strcspn(whole, "#")] = 0;
	strcpy(cut, whole);
	for (char *word; (word = strsep(&rest, " \t\r"));) {
		if (!*word)
			continue;
		if (w.n == WORDS)
			return sonde_fail(e, SONDE_E_SPACE, "more than %d words", WORDS);
		w.word[w.n++] = word;
	}
	w.word[w.n] = NULL;
	return w.n == 0 ? 0 : run_statement(t, e, &w);
}
