#include "tools/lab/report.h"

#include <inttypes.h>
#include <stdio.h>

#include "io/clock.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/lab/topology.h"

void report_lab(const struct topology *t, unsigned at, uint64_t seed)
{
	char text[SONDE_ADDR_STRLEN];

	for (unsigned i = 0; i < t->n_addresses; i++) {
		const struct lab_address *a = &t->addresses[i];
		message("%s eth%u %s/%u", t->hosts[a->host].name, a->eth, sonde_addr_format(text, &a->prefix.addr),
			a->prefix.bits);
	}
	message("runs on %s, with seed %" PRIu64, t->hosts[at].name, seed);
}

/* One direction of an impaired link. */
struct lane {
	const char *from, *to;
	const struct wire_count *c;
};

/* The next lane from *i on. Returns false when there is none. */
static bool next_lane(struct lane *out, unsigned *i, const struct topology *t, const struct wire_counts *counts)
{
	while (*i < t->n_links * 2 && !lab_is_impaired(&t->links[*i / 2]))
		++*i;
	if (*i >= t->n_links * 2)
		return false;
	const struct lab_end *end = t->links[*i / 2].end;
	*out = (struct lane){ .from = t->hosts[end[*i & 1].host].name,
			      .to = t->hosts[end[1 - (*i & 1)].host].name,
			      .c = &counts->lanes[*i] };
	++*i;
	return true;
}

static void print_line(FILE *out, const char *line)
{
	if (out)
		fprintf(out, "  %s\n", line);
	else
		message("%s", line);
}

void report_counts(FILE *out, const struct topology *t, const struct wire_counts *counts, bool all)
{
	char line[400];
	struct lane l;

	for (unsigned i = 0; next_lane(&l, &i, t, counts);) {
		snprintf(line, sizeof(line),
			 "%s to %s: %" PRIu64 " frames came, %" PRIu64 " arrived; as configured: %" PRIu64
			 " lost, %" PRIu64 " duplicated, %" PRIu64 " held back, %" PRIu64 " over the rate",
			 l.from, l.to, l.c->came, l.c->arrived, l.c->lost, l.c->duplicated, l.c->held_back, l.c->full);
		if (all)
			print_line(out, line);
		snprintf(line, sizeof(line), "%s to %s: %" PRIu64 " frames lost because the wire could not keep up",
			 l.from, l.to, l.c->overload);
		if (l.c->overload)
			print_line(out, line);
	}
}

void report_list(const struct detached_lab *labs, int n, bool all)
{
	static struct topology t;

	if (n > 0)
		printf("%-16s %-16s %-20s %s\n", "NAME", "TOPOLOGY", "SEED", "STATE");
	for (int at = 0; at < n; at++) {
		const struct detached_lab *k = &labs[at];
		bool known = topology_parse(&t, NULL, k->head.topology, k->head.text) == 0;
		printf("%-16s %-16s ", k->name, known ? t.name : "-");
		if (k->state == DETACHED_UP)
			printf("%-20" PRIu64 " up, %u hosts\n", k->head.seed, t.n_hosts);
		else if (k->state == DETACHED_STARTING)
			printf("%-20s coming up\n", "-");
		else
			printf("%-20s killed: sonde lab down %s removes what is left\n", "-", k->name);
		if (all)
			report_counts(stdout, &t, &k->head.counts, true);
	}
}

static void write_hosts(struct json *j, const struct topology *t)
{
	json_array(j, "hosts");
	for (unsigned host = 0; host < t->n_hosts; host++) {
		json_object(j, NULL);
		json_str(j, "host", t->hosts[host].name);
		json_array(j, "addresses");
		for (unsigned i = 0; i < t->n_addresses; i++)
			if (t->addresses[i].host == host)
				json_addr(j, NULL, &t->addresses[i].prefix.addr);
		json_array_end(j);
		json_object_end(j);
	}
	json_array_end(j);
}

static void write_links(struct json *j, const struct topology *t, const struct wire_counts *counts)
{
	struct lane l;
	unsigned n = 0;

	for (unsigned i = 0; next_lane(&l, &i, t, counts); n++) {
		if (n == 0)
			json_array(j, "links");
		json_object(j, NULL);
		json_str(j, "from", l.from);
		json_str(j, "to", l.to);
		json_uint(j, "came", l.c->came);
		json_uint(j, "arrived", l.c->arrived);
		json_uint(j, "lost", l.c->lost);
		json_uint(j, "duplicated", l.c->duplicated);
		json_uint(j, "held_back", l.c->held_back);
		json_uint(j, "over_rate", l.c->full);
		json_uint(j, "overload", l.c->overload);
		json_object_end(j);
	}
	if (n)
		json_array_end(j);
}

void report_json(struct json *j, const struct detached_lab *labs, int n)
{
	static const char *const states[] = {
		[DETACHED_UP] = "up", [DETACHED_STARTING] = "coming", [DETACHED_KILLED] = "killed"
	};
	static struct topology t;

	for (int i = 0; i < n; i++) {
		const struct detached_lab *k = &labs[i];
		json_event(j, "lab", "lab", sonde_clock_real());
		json_str(j, "name", k->name);
		json_str(j, "state", states[k->state]);
		if (topology_parse(&t, NULL, k->head.topology, k->head.text) == 0) {
			json_str(j, "topology", t.name);
			json_uint(j, "seed", k->head.seed);
			write_hosts(j, &t);
			write_links(j, &t, &k->head.counts);
		}
		json_end(j);
	}
}
