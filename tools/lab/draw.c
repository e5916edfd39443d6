#include "tools/lab/draw.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#define WIDTH  80
#define HEIGHT (LAB_HOSTS * 2)
#define GAP    4 /* between two columns, with a bar in the middle that joins rows */
#define DENSE  8 /* with more hosts than this in a column there are no empty rows */
#define NONE   UINT_MAX

struct layout {
	const struct topology *t;
	unsigned column[LAB_HOSTS], row[LAB_HOSTS];
	unsigned n_columns, n_rows;
	unsigned x[LAB_HOSTS + 1]; /* where each column begins */
	char canvas[HEIGHT][WIDTH + 1];
};

/* Columns are distances from the first host. Returns false where a host is not reached, or a link stays within a
 * column. */
static bool find_columns(struct layout *l)
{
	const struct topology *t = l->t;

	for (unsigned i = 0; i < t->n_hosts; i++)
		l->column[i] = i ? NONE : 0;
	for (unsigned c = 0; c < t->n_hosts; c++)
		for (unsigned i = 0; i < t->n_links * 2; i++) {
			unsigned from = t->links[i / 2].end[i & 1].host, to = t->links[i / 2].end[1 - (i & 1)].host;
			if (l->column[from] == c && l->column[to] == NONE)
				l->column[to] = c + 1;
		}
	for (unsigned i = 0; i < t->n_hosts; i++) {
		if (l->column[i] == NONE)
			return false;
		if (l->column[i] >= l->n_columns)
			l->n_columns = l->column[i] + 1;
	}
	for (unsigned i = 0; i < t->n_links; i++)
		if (l->column[t->links[i].end[0].host] == l->column[t->links[i].end[1].host])
			return false;
	return true;
}

/* Each column is centred. Returns false where the picture is too wide. */
static bool place(struct layout *l)
{
	unsigned n[LAB_HOSTS] = { 0 }, wide[LAB_HOSTS] = { 0 }, most = 0;

	for (unsigned i = 0; i < l->t->n_hosts; i++) {
		unsigned c = l->column[i], len = (unsigned)strlen(l->t->hosts[i].name);
		l->row[i] = n[c]++;
		most = n[c] > most ? n[c] : most;
		wide[c] = len > wide[c] ? len : wide[c];
	}
	unsigned step = most > DENSE ? 1 : 2;
	l->n_rows = (most - 1) * step + 1;
	for (unsigned i = 0; i < l->t->n_hosts; i++)
		l->row[i] = (l->n_rows - ((n[l->column[i]] - 1) * step + 1)) / 2 + l->row[i] * step;
	for (unsigned c = 0; c < l->n_columns; c++)
		l->x[c + 1] = l->x[c] + wide[c] + GAP;
	return l->x[l->n_columns] - GAP <= WIDTH;
}

static void put(struct layout *l, unsigned row, unsigned x, char c)
{
	char *at = &l->canvas[row][x];

	if (*at == ' ')
		*at = c;
	else if (*at != c && (c == '+' || c == '|' || *at == '|'))
		*at = '+';
}

static void draw_link(struct layout *l, unsigned a, unsigned b)
{
	unsigned left = l->column[a] < l->column[b] ? a : b, right = left == a ? b : a;
	unsigned bar = l->x[l->column[right]] - GAP / 2;

	for (unsigned x = l->x[l->column[left]] + (unsigned)strlen(l->t->hosts[left].name); x < bar; x++)
		put(l, l->row[left], x, '-');
	for (unsigned x = bar; x < l->x[l->column[right]]; x++)
		put(l, l->row[right], x, '-');
	unsigned top = l->row[left] < l->row[right] ? l->row[left] : l->row[right];
	unsigned bottom = l->row[left] + l->row[right] - top;
	for (unsigned row = top; row <= bottom && top != bottom; row++)
		put(l, row, bar, row == top || row == bottom ? '+' : '|');
}

static void draw_picture(FILE *out, const struct topology *t)
{
	static struct layout l;

	memset(&l, 0, sizeof(l));
	l.t = t;
	if (!find_columns(&l) || !place(&l))
		return;
	for (unsigned row = 0; row < l.n_rows; row++)
		memset(l.canvas[row], ' ', WIDTH);
	for (unsigned i = 0; i < t->n_hosts; i++)
		memcpy(&l.canvas[l.row[i]][l.x[l.column[i]]], t->hosts[i].name, strlen(t->hosts[i].name));
	for (unsigned i = 0; i < t->n_links; i++)
		draw_link(&l, t->links[i].end[0].host, t->links[i].end[1].host);
	for (unsigned row = 0; row < l.n_rows; row++) {
		int len = WIDTH;
		while (len > 0 && l.canvas[row][len - 1] == ' ')
			len--;
		fprintf(out, "%.*s\n", len, l.canvas[row]);
	}
	fputc('\n', out);
}

static void put_share(FILE *out, const char *name, uint32_t ppm)
{
	if (ppm)
		fprintf(out, " %s %g%%", name, ppm / 1e4);
}

static void put_link(FILE *out, const struct topology *t, const struct lab_link *l)
{
	const struct lab_impairment *i = &l->impairment;
	char text[SONDE_TIME_STRLEN];

	if (!lab_is_impaired(l) && !l->mtu)
		return;
	fprintf(out, "link %s %s:", t->hosts[l->end[0].host].name, t->hosts[l->end[1].host].name);
	if (i->delay_ns)
		fprintf(out, " delay %s", sonde_duration_format(text, i->delay_ns));
	if (i->jitter_ns)
		fprintf(out, " jitter %s", sonde_duration_format(text, i->jitter_ns));
	put_share(out, "loss", i->loss_ppm);
	put_share(out, "duplicate", i->duplicate_ppm);
	put_share(out, "reorder", i->reorder_ppm);
	if (i->rate_bps)
		fprintf(out, " rate %gmbit", (double)i->rate_bps / 1e6);
	if (l->mtu)
		fprintf(out, " mtu %u", l->mtu);
	fputc('\n', out);
}

static void put_address(FILE *out, const struct topology *t, const struct lab_end *end, unsigned family)
{
	const struct sonde_prefix *p = topology_end_address(t, end, family);
	char addr[SONDE_ADDR_STRLEN], both[SONDE_ADDR_STRLEN + 8] = "-";

	if (p)
		snprintf(both, sizeof(both), "%s/%u", sonde_addr_format(addr, &p->addr), p->bits);
	fprintf(out, family == SONDE_IP4 ? "  %-15s" : "  %-19s", both);
}

static int name_width(const struct topology *t)
{
	int width = 4;

	for (unsigned i = 0; i < t->n_hosts; i++)
		if ((int)strlen(t->hosts[i].name) > width)
			width = (int)strlen(t->hosts[i].name);
	return width;
}

/* A line for each interface, in the order of the hosts. */
static void put_table(FILE *out, const struct topology *t)
{
	int width = name_width(t);

	fprintf(out, "%-*s  %-6s  %-15s  %-19s  %s\n", width, "HOST", "IFACE", "IPV4", "IPV6", "LINK TO");
	for (unsigned host = 0; host < t->n_hosts; host++) {
		for (unsigned i = 0; i < t->n_links * 2; i++) {
			const struct lab_end *end = &t->links[i / 2].end[i & 1],
					     *to = &t->links[i / 2].end[1 - (i & 1)];
			if (end->host != host)
				continue;
			fprintf(out, "%-*s  eth%-3u", width, t->hosts[host].name, end->eth);
			put_address(out, t, end, SONDE_IP4);
			put_address(out, t, end, SONDE_IP6);
			fprintf(out, "  %s\n", t->hosts[to->host].name);
		}
	}
}

static void put_services(FILE *out, const struct topology *t)
{
	for (unsigned i = 0; i < t->n_services; i++) {
		const struct lab_service *s = &t->services[i], *before = i ? s - 1 : NULL;
		if (before && before->host == s->host && before->udp == s->udp) {
			fprintf(out, ",%u", s->port);
			continue;
		}
		fprintf(out, "%s%s listens: %s %u", i ? "\n" : "", t->hosts[s->host].name, s->udp ? "udp" : "tcp",
			s->port);
	}
	if (t->n_services)
		fputc('\n', out);
}

static void put_filters(FILE *out, const struct topology *t)
{
	static const char *const verdicts[] = { "drops", "rejects", "resets", "rejects as forbidden", "limits" };

	for (unsigned i = 0; i < t->n_filters; i++) {
		const struct lab_filter *f = &t->filters[i];
		fprintf(out, "%s %s: %s", t->hosts[f->host].name, verdicts[f->verdict], f->pattern);
		if (f->verdict == LAB_LIMIT)
			fprintf(out, " to %" PRIu64 " a second", f->limit_pps);
		fputc('\n', out);
	}
	for (unsigned i = 0; i < t->n_hosts; i++)
		if (t->hosts[i].kind == LAB_NAT)
			fprintf(out, "%s translates the addresses of what is behind its eth0\n", t->hosts[i].name);
	for (unsigned i = 0; i < t->n_routes; i++) {
		const struct lab_route *r = &t->routes[i];
		char text[SONDE_ADDR_STRLEN];
		if (!r->via.family)
			fprintf(out, "%s answers for all of %s/%u\n", t->hosts[r->host].name,
				sonde_addr_format(text, &r->to.addr), r->to.bits);
	}
}

void draw_topology(FILE *out, const struct topology *t)
{
	draw_picture(out, t);
	put_table(out, t);
	fputc('\n', out);
	for (unsigned i = 0; i < t->n_links; i++)
		put_link(out, t, &t->links[i]);
	put_services(out, t);
	put_filters(out, t);
}
