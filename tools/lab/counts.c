#include "tools/lab/counts.h"

#include <inttypes.h>

#include "tools/common/message.h"

#define LINE 400

/* One direction of a link with faults. */
struct lane {
	const char *from, *to;
	const struct wire_count *c;
};

/* Returns false for a link without faults. */
static bool get_lane(struct lane *out, const struct topology *t, const struct wire_counts *counts, unsigned i)
{
	const struct lab_link *l = &t->links[i / 2];

	*out = (struct lane){ .from = t->hosts[l->end[i & 1].host].name,
			      .to = t->hosts[l->end[1 - (i & 1)].host].name,
			      .c = &counts->lanes[i] };
	return lab_is_impaired(l);
}

static const char *carried(char out[static LINE], const struct lane *l)
{
	snprintf(out, LINE,
		 "%s to %s: %" PRIu64 " frames came, %" PRIu64 " arrived; as told: %" PRIu64 " lost, %" PRIu64
		 " duplicated, %" PRIu64 " held back, %" PRIu64 " over the rate",
		 l->from, l->to, l->c->came, l->c->arrived, l->c->lost, l->c->duplicated, l->c->held_back, l->c->full);
	return out;
}

static const char *not_carried(char out[static LINE], const struct lane *l)
{
	snprintf(out, LINE, "%s to %s: %" PRIu64 " frames lost because the wire could not follow", l->from, l->to,
		 l->c->overload);
	return out;
}

void counts_tell(const struct topology *t, const struct wire_counts *counts, bool all)
{
	char line[LINE];
	struct lane l;

	for (unsigned i = 0; i < t->n_links * 2; i++) {
		if (!get_lane(&l, t, counts, i))
			continue;
		if (all)
			message("%s", carried(line, &l));
		if (l.c->overload)
			message("%s", not_carried(line, &l));
	}
}

void counts_print(FILE *out, const struct topology *t, const struct wire_counts *counts)
{
	char line[LINE];
	struct lane l;

	for (unsigned i = 0; i < t->n_links * 2; i++) {
		if (!get_lane(&l, t, counts, i))
			continue;
		fprintf(out, "  %s\n", carried(line, &l));
		if (l.c->overload)
			fprintf(out, "  %s\n", not_carried(line, &l));
	}
}

void counts_json(struct json *j, const struct topology *t, const struct wire_counts *counts)
{
	struct lane l;

	json_array(j, "links");
	for (unsigned i = 0; i < t->n_links * 2; i++) {
		if (!get_lane(&l, t, counts, i))
			continue;
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
	json_array_end(j);
}
