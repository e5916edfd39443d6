#include "tools/read/stats.h"

#include <inttypes.h>
#include <stdio.h>

#include "tools/read/print.h"

/* Frames of up to so many bytes; the last of them have more. */
static const uint32_t sizes[STATS_SIZES] = { 64, 128, 256, 512, 1024, 1518, 9018, UINT32_MAX };

/* --- Counting ----------------------------------------------------------------------------------------------------- */

/* The child of a node for a protocol; 0: there are too many nodes. */
static unsigned child_of(struct stats *s, unsigned parent, const struct sonde_proto *proto)
{
	uint16_t *link = &s->nodes[parent].child;
	while (*link && s->nodes[*link].proto != proto)
		link = &s->nodes[*link].next;
	if (!*link && s->n + 1 < STATS_NODES) {
		*link = (uint16_t)++s->n;
		s->nodes[*link] = (struct stats_node){
			.proto = proto, .depth = (uint16_t)(s->nodes[parent].depth + 1),
		};
	}
	return *link;
}

/* A packet counts once at each place. */
static void count_in(struct stats *s, unsigned node, uint32_t len)
{
	struct stats_node *n = &s->nodes[node];
	if (n->last == s->nodes[0].packets)
		return;
	n->last = s->nodes[0].packets;
	n->packets++;
	n->bytes += len;
}

/* Messages that follow each other are beside each other in the tree, and quoted packets are no packets. */
static void count_layers(struct stats *s, const struct sonde_packet *p, uint32_t len)
{
	unsigned nodes[SONDE_MAX_LAYERS + 1] = { 0 }; /* of the layers around, outermost first; the root before them */
	uint32_t ends[SONDE_MAX_LAYERS + 1] = { UINT32_MAX };
	unsigned depth = 0;
	s->nodes[0].packets++;
	s->nodes[0].bytes += len;
	for (int i = 0; i < p->n_layers && !p->layers[i].quoted; i++) {
		const struct sonde_layer *l = &p->layers[i];
		while (depth > 0 && ends[depth] <= l->offset)
			depth--;
		unsigned node = child_of(s, nodes[depth], l->proto);
		if (!node)
			return;
		count_in(s, node, len);
		nodes[++depth] = node;
		ends[depth] = l->offset + l->have_len;
	}
}

static void count_time(struct stats *s, sonde_time t, uint32_t len)
{
	int64_t second = t / SONDE_S - (t % SONDE_S < 0);
	if (!s->timed++)
		s->first = s->last = t;
	s->first = t < s->first ? t : s->first;
	s->last = t > s->last ? t : s->last;
	if (second != s->now.second)
		s->now.packets = s->now.bytes = 0;
	s->now.second = second;
	s->now.packets++;
	s->now.bytes += len;
	if (s->now.bytes > s->busiest.bytes)
		s->busiest = s->now;
}

int stats_count(struct printer *p, const struct print_frame *f)
{
	struct stats *s = p->stats;
	uint32_t len = f->record->wire_len;
	unsigned size = 0;
	while (len > sizes[size])
		size++;
	s->sizes[size]++;
	s->least = s->nodes[0].packets && s->least < len ? s->least : len;
	s->most = s->most > len ? s->most : len;
	count_layers(s, f->packet, len);
	if (!f->record->timeless)
		count_time(s, f->record->time, len);
	return 0;
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

/* Link the children of a node anew, those with the most packets first. There are few: they are inserted one by one. */
static void sort_children(struct stats *s, unsigned parent)
{
	uint16_t sorted = 0;
	for (uint16_t node = s->nodes[parent].child, next; node; node = next) {
		uint16_t *link = &sorted;
		next = s->nodes[node].next;
		while (*link && s->nodes[*link].packets >= s->nodes[node].packets)
			link = &s->nodes[*link].next;
		s->nodes[node].next = *link;
		*link = node;
	}
	s->nodes[parent].child = sorted;
}

/* The node behind this one when the tree is written: its first child, else what follows it or one around it. */
static unsigned node_behind(const struct stats *s, uint16_t *around, unsigned node)
{
	unsigned depth = s->nodes[node].depth;
	around[depth] = (uint16_t)node;
	if (s->nodes[node].child)
		return s->nodes[node].child;
	while (depth > 0 && !s->nodes[around[depth]].next)
		depth--;
	return depth ? s->nodes[around[depth]].next : 0;
}

static double share(uint64_t part, uint64_t whole)
{
	return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void print_tree(const struct stats *s)
{
	uint16_t around[SONDE_MAX_LAYERS + 1] = { 0 };
	const struct stats_node *all = &s->nodes[0];
	printf("%-24s %10s %8s %14s\n", "protocol", "packets", "", "bytes");
	printf("%-24s %10" PRIu64 " %8s %14" PRIu64 "\n", "all", all->packets, "", all->bytes);
	for (unsigned i = node_behind(s, around, 0); i; i = node_behind(s, around, i)) {
		const struct stats_node *node = &s->nodes[i];
		int indent = 2 * node->depth, width = 24 - indent;
		printf("%*s%-*s %10" PRIu64 " %6.1f %% %14" PRIu64 " %6.1f %%\n", indent, "", width > 1 ? width : 1,
		       node->proto->name, node->packets, share(node->packets, all->packets), node->bytes,
		       share(node->bytes, all->bytes));
	}
}

static void print_sizes(const struct stats *s)
{
	uint64_t all = s->nodes[0].packets;
	char text[32];
	printf("\n%-24s %10s\n", "bytes of a frame", "packets");
	for (unsigned i = 0; i < STATS_SIZES; i++) {
		if (i + 1 < STATS_SIZES)
			snprintf(text, sizeof text, "%u to %u", (unsigned)(i ? sizes[i - 1] + 1 : 0),
				 (unsigned)sizes[i]);
		else
			snprintf(text, sizeof text, "over %u", (unsigned)sizes[i - 1]);
		if (s->sizes[i])
			printf("  %-22s %10" PRIu64 " %6.1f %%\n", text, s->sizes[i], share(s->sizes[i], all));
	}
	if (all)
		printf("  least %u, average %.1f, most %u\n", (unsigned)s->least,
		       (double)s->nodes[0].bytes / (double)all, (unsigned)s->most);
}

static void print_rates(const struct stats *s)
{
	/* What a file says of times may be anything: the difference may not fit. */
	double seconds = ((double)s->last - (double)s->first) / (double)SONDE_S;
	printf("\nrate\n");
	printf("  %-22s %.6f s\n", "from first to last", seconds);
	if (seconds > 0)
		printf("  %-22s %.1f packets/s, %.0f bit/s\n", "on average", (double)s->nodes[0].packets / seconds,
		       8.0 * (double)s->nodes[0].bytes / seconds);
	printf("  %-22s %" PRIu64 " packets, %" PRIu64 " bit, from %" PRId64 ".0\n", "in the busiest second",
	       s->busiest.packets, 8 * s->busiest.bytes, s->busiest.second);
}

int stats_print(struct printer *p)
{
	for (unsigned i = 0; i <= p->stats->n; i++)
		sort_children(p->stats, i);
	if (p->o->json)
		return 0;
	print_tree(p->stats);
	print_sizes(p->stats);
	if (p->stats->timed)
		print_rates(p->stats);
	return 0;
}

void stats_json(struct json *j, const struct stats *s)
{
	uint16_t around[SONDE_MAX_LAYERS + 1] = { 0 };
	json_uint(j, "bytes", s->nodes[0].bytes);
	json_array(j, "protocols");
	for (unsigned i = node_behind(s, around, 0); i; i = node_behind(s, around, i)) {
		char path[SONDE_MAX_LAYERS * 16];
		struct sonde_text t = sonde_text(path, sizeof path);
		for (unsigned d = 1; d < s->nodes[i].depth; d++)
			sonde_text_fmt(&t, "%s:", s->nodes[around[d]].proto->name);
		sonde_text_str(&t, s->nodes[i].proto->name);
		json_object(j, NULL);
		json_str(j, "path", path);
		json_uint(j, "packets", s->nodes[i].packets);
		json_uint(j, "bytes", s->nodes[i].bytes);
		json_object_end(j);
	}
	json_array_end(j);
	json_array(j, "sizes");
	for (unsigned i = 0; i < STATS_SIZES; i++) {
		json_object(j, NULL);
		if (i + 1 < STATS_SIZES)
			json_uint(j, "to", sizes[i]);
		json_uint(j, "packets", s->sizes[i]);
		json_object_end(j);
	}
	json_array_end(j);
	json_uint(j, "least", s->least);
	json_uint(j, "most", s->most);
	if (s->timed) {
		json_int(j, "duration_ns", (int64_t)((uint64_t)s->last - (uint64_t)s->first));
		json_uint(j, "busiest_packets", s->busiest.packets);
		json_uint(j, "busiest_bytes", s->busiest.bytes);
	}
}
