#include "tools/lab/filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "packet/notation.h"
#include "proto/ip.h"
#include "proto/ip6.h"

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

static void put_number(struct sonde_text *out, sonde_u128 v, unsigned width)
{
	uint8_t bytes[16];

	sonde_u128_bytes(bytes, sizeof(bytes), v);
	size_t skip = sizeof(bytes) - (width + 7) / 8;
	sonde_text_str(out, "0x");
	sonde_text_hex(out, sonde_view(bytes + skip, sizeof(bytes) - skip));
}

static int put_field(struct sonde_text *out, struct sonde_error *e, const struct sonde_spec *s, const char *base,
		     const struct sonde_proto *proto, const struct sonde_spec_field *f)
{
	const struct sonde_field *row = &proto->fields[f->row];
	unsigned width = f->value_len ? f->value_len * 8u : SONDE_WIDTH(row->place);

	if (f->how != SONDE_SPEC_SET || SONDE_FIRST(row->place) == SONDE_NEXT || width == 0 || f->trailer)
		return sonde_fail(e, SONDE_E_UNSUPPORTED,
				  "%s.%s: a filter takes values, ranges and sets of fixed fields", proto->name,
				  row->name);
	sonde_text_fmt(out, "@%s,%u,%u { ", base, SONDE_FIRST(row->place), width);
	for (uint32_t i = 0; i < f->n; i++) {
		const struct sonde_spec_range *r = &s->ranges[f->start + i];
		if (r->step > 1)
			return sonde_fail(e, SONDE_E_UNSUPPORTED, "%s.%s: a filter takes no steps", proto->name,
					  row->name);
		if (i > 0)
			sonde_text_str(out, ", ");
		put_number(out, r->first, width);
		if (r->last != r->first) {
			sonde_text_char(out, '-');
			put_number(out, r->last, width);
		}
	}
	sonde_text_str(out, " } ");
	return 0;
}

static int put_layer(struct sonde_text *out, struct sonde_error *e, const struct sonde_spec *s, unsigned i)
{
	const struct sonde_spec_layer *l = &s->layers[i];
	bool network = l->proto == &sonde_ip || l->proto == &sonde_ip6;
	bool behind_ip = i == 1 && sonde_number_in(s->layers[0].proto, SONDE_SPACE_VERSION, 0);
	bool in_ip = l->proto->ids[0].space == SONDE_SPACE_IP;
	int err = 0;

	if (network ? i > 0 : (i > 0 && !behind_ip) || !in_ip || l->n_data)
		return sonde_fail(e, SONDE_E_UNSUPPORTED,
				  "a filter knows ip or ip6 and one layer behind it, not '%s' there", l->proto->name);
	if (network)
		sonde_text_fmt(out, "meta nfproto %s ", l->proto == &sonde_ip ? "ipv4" : "ipv6");
	else
		sonde_text_fmt(out, "meta l4proto %" PRIu32 " ", l->proto->ids[0].number);
	for (uint32_t k = 0; k < l->n_fields && !err; k++)
		err = put_field(out, e, s, network ? "nh" : "th", l->proto, &s->fields[l->field + k]);
	return err;
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

	for (unsigned i = 0; i < s.n_layers && !err; i++)
		err = put_layer(out, e, &s, i);
	if (!err && f->verdict == LAB_RESET && strcmp(s.layers[s.n_layers - 1].proto->name, "tcp") != 0)
		err = sonde_fail(e, SONDE_E_KIND, "only tcp can be reset");
	sonde_spec_free(&s);
	if (f->verdict == LAB_LIMIT)
		sonde_text_fmt(out, "limit rate over %" PRIu64 "/second drop", f->limit_pps);
	else
		sonde_text_str(out, verdicts[f->verdict]);
	if (!err && !sonde_text_fits(out))
		err = sonde_fail(e, SONDE_E_SPACE, "too long a pattern");
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

/* A host's firewall looks at what comes in; a router's also at what it forwards and at what it says itself. */
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
