#include "tools/lab/filter.h"

#include <inttypes.h>
#include <string.h>

#include "packet/notation.h"
#include "packet/pattern.h"

struct names {
	const struct topology *topology;
};

static int resolve(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len)
{
	const struct names *names = arg;
	char host[LAB_NAME];

	if (len >= sizeof(host))
		return SONDE_E_UNKNOWN;
	memcpy(host, name, len);
	host[len] = 0;
	int at = topology_host(names->topology, NULL, host);
	const struct sonde_addr *a = at < 0 ? NULL : topology_address(names->topology, (unsigned)at, family);
	if (!a)
		return SONDE_E_UNKNOWN;
	*out = *a;
	return 0;
}

int filter_rule(struct sonde_text *out, struct sonde_error *e, const struct topology *t, const struct lab_filter *f)
{
	static const char *const verdicts[] = {
		[LAB_DROP] = "drop",
		[LAB_REJECT] = "reject",
		[LAB_RESET] = "reject with tcp reset",
		[LAB_ADMIN] = "reject with icmpx type admin-prohibited",
	};
	struct names names = { t };
	const struct sonde_notation_env env = { .arg = &names, .resolve = resolve };
	struct sonde_spec s = { 0 };
	int err = sonde_notation_parse(&s, f->pattern, strlen(f->pattern), &env, e);

	if (!err)
		err = sonde_pattern_nft(out, &s, e);
	if (!err && f->verdict == LAB_RESET && strcmp(s.layers[s.n_layers - 1].proto->name, "tcp") != 0)
		err = sonde_fail(e, SONDE_E_KIND, "only tcp can be reset");
	sonde_spec_free(&s);
	if (f->verdict == LAB_LIMIT)
		sonde_text_fmt(out, "limit rate over %" PRIu64 "/second drop", f->limit_pps);
	else
		sonde_text_str(out, verdicts[f->verdict]);
	if (!err && !sonde_text_fits(out))
		err = sonde_fail(e, SONDE_E_SPACE, "the pattern is too long");
	return err;
}

static int put_chain(struct sonde_text *out, struct sonde_error *e, const struct topology *t, unsigned host,
		     const char *hook)
{
	sonde_text_fmt(out, "\tchain %s {\n\t\ttype filter hook %s priority 0\n", hook, hook);
	for (unsigned i = 0; i < t->n_filters; i++) {
		if (t->filters[i].host != host)
			continue;
		sonde_text_str(out, "\t\t");
		int err = filter_rule(out, e, t, &t->filters[i]);
		if (err)
			return err;
		sonde_text_char(out, '\n');
	}
	sonde_text_str(out, "\t}\n");
	return 0;
}

/* A host filters what it receives; a router also what it forwards and what it sends itself. */
int filter_table(struct sonde_text *out, struct sonde_error *e, const struct topology *t, unsigned host)
{
	bool has = false;
	int err = 0;

	for (unsigned i = 0; i < t->n_filters; i++)
		has = has || t->filters[i].host == host;
	if (has) {
		sonde_text_str(out, "table inet sonde {\n");
		err = put_chain(out, e, t, host, "input");
		if (!err && lab_is_router(&t->hosts[host]) && !(err = put_chain(out, e, t, host, "forward")))
			err = put_chain(out, e, t, host, "output");
		sonde_text_str(out, "}\n");
	}
	if (t->hosts[host].kind == LAB_NAT)
		sonde_text_str(out,
			       "table inet sonde-nat {\n\tchain out {\n\t\ttype nat hook postrouting priority 100\n"
			       "\t\toifname != \"eth0\" masquerade\n\t}\n}\n");
	return err ? err : sonde_text_fits(out) ? 0 : sonde_fail(e, SONDE_E_SPACE, "too many filters");
}
