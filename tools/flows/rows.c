/* Which flows are printed, and in what order. */
#include <stdlib.h>
#include <string.h>

#include "proto/names.h"
#include "tools/common/message.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"
#include "tools/flows/process.h"

void flow_row_of(struct flow_row *row, const struct flows_options *f, const struct sonde_flows *t,
		 const struct sonde_flow *flow)
{
	sonde_flow_report(&row->r, t, flow);
	const struct sonde_flow_tuple tuple = sonde_report_tuple(&row->r);
	sonde_community_id(row->community_id, &tuple, 0);
	row->pid = 0;
	row->process[0] = 0;
	row->orig_name = row->resp_name = NULL;
	row->parts = 0;
	processes_name(f->processes, row);
	if (!f->names)
		return;
	const struct sonde_addr *orig = &row->r.orig.end.addr, *resp = &row->r.resp.end.addr;
	row->resp_name = flow_names_of(f->names, resp, orig, flow->first);
	row->orig_name = flow_names_of(f->names, orig, resp, flow->first);
}

char *flow_row_host(char out[static FLOW_HOST_STRLEN], const struct flow_row *row, const struct sonde_report_side *s)
{
	const char *name = s == &row->r.orig ? row->orig_name : row->resp_name;
	if (!name)
		return sonde_addr_format(out, &s->end.addr);
	snprintf(out, FLOW_HOST_STRLEN, "%s", name);
	return out;
}

const char *flows_service(const struct flow_row *row)
{
	if (row->r.said)
		return row->r.said->service;
	bool has = row->r.has_ports && row->r.proto != 1 && row->r.proto != 58;
	const char *name = has ? sonde_name_of(sonde_port_names, row->r.resp.end.port) : NULL;
	return name ? name : "";
}

const char *flows_proto_name(char out[static 8], uint8_t proto)
{
	const struct sonde_proto *p = sonde_proto_by_id(SONDE_SPACE_IP, proto);
	const char *name = p ? p->name : sonde_name_of(sonde_ip_names, proto);
	if (name)
		return name;
	snprintf(out, 8, "%u", proto);
	return out;
}

/* --- Order -------------------------------------------------------------------------------------------------------- */

struct sorted {
	uint64_t key; /* the largest comes first */
	const struct sonde_flow *flow;
	size_t number; /* among those that ended: equal ones stay in order */
};

/* A number that is larger for later times, from the largest. */
static uint64_t by_start(const struct sonde_flow *f)
{
	return UINT64_MAX - ((uint64_t)f->first ^ UINT64_C(1) << 63);
}

uint64_t flows_sort_key(const struct column *sort, const struct flow_row *row, const struct sonde_flow *f)
{
	struct column_value v;
	if (!sort)
		return by_start(f);
	column_get(&v, sort, row);
	if (v.none)
		return 0;
	return sort->type == COLUMN_TIME || sort->type == COLUMN_NS ? (uint64_t)(v.t > 0 ? v.t : 0) : v.n;
}

/* Flows that begin at the same time stand in the order of their sockets: the order does not depend on hashes. */
static int compare(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;
	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	if (x->flow->first != y->flow->first)
		return x->flow->first < y->flow->first ? -1 : 1;
	int order = memcmp(&x->flow->id, &y->flow->id, sizeof x->flow->id);
	return order ? order : x->number < y->number ? -1 : x->number > y->number;
}

struct list {
	struct sorted *all;
	size_t n, cap;
	size_t most;         /* that are wanted; 0: all */
	uint64_t chosen;     /* that were put there */
	bool is_full;        /* so many came before this one: */
	struct sorted worst;
};

static void sort_list(struct list *l)
{
	qsort(l->all, l->n, sizeof *l->all, compare);
	if (!l->most || l->n < l->most)
		return;
	l->n = l->most;
	l->is_full = true;
	l->worst = l->all[l->n - 1];
}

/* Of --top, what is not wanted any more is dropped when the list is full. */
static void put(struct list *l, struct sorted s)
{
	s.number = l->chosen++;
	if (l->is_full && compare(&s, &l->worst) > 0)
		return;
	if (l->n == l->cap && l->most && l->n / 2 >= l->most)
		sort_list(l);
	if (l->n == l->cap)
		l->all = message_need_memory(realloc(l->all, (l->cap *= 2) * sizeof *l->all));
	l->all[l->n++] = s;
}

static void add_table(struct list *l, struct sonde_flows *t, const struct flows_options *f)
{
	bool needs_row = f->sort || f->choices.n;
	struct flow_row row;
	for (const struct sonde_flow *flow = sonde_flows_next_ended(t); flow; flow = sonde_flows_ended_after(t, flow)) {
		if (needs_row)
			flow_row_of(&row, f, t, flow);
		if (choices_take(&f->choices, &flows_table, &row))
			put(l, (struct sorted){ flows_sort_key(f->sort, &row, flow), flow, 0 });
	}
}

void rows_sort(struct rows *rows, struct sonde_flows *table, const struct flows_options *f)
{
	/* Of sums, --top takes the first sums. */
	struct list l = { .cap = 1024, .most = f->by ? 0 : f->top };
	l.all = message_need_memory(malloc(l.cap * sizeof *l.all));
	add_table(&l, table, f);
	sort_list(&l);
	*rows = (struct rows){ .table = table, .n = l.n, .n_chosen = l.chosen };
	rows->flows = message_need_memory(malloc((rows->n + 1) * sizeof *rows->flows));
	for (size_t i = 0; i < rows->n; i++)
		rows->flows[i] = l.all[i].flow;
	free(l.all);
}

/* --- Rows that are there already ---------------------------------------------------------------------------------- */

struct sorted_row {
	uint64_t key;
	const struct flow_row *row;
};

static int compare_rows(const void *a, const void *b)
{
	const struct sorted_row *x = a, *y = b;
	const struct sonde_flow_report *left = &x->row->r, *right = &y->row->r;
	if (x->key != y->key)
		return x->key > y->key ? -1 : 1;
	if (left->first != right->first)
		return left->first < right->first ? -1 : 1;
	int order = sonde_endpoint_compare(&left->orig.end, &right->orig.end);
	return order ? order : sonde_endpoint_compare(&left->resp.end, &right->resp.end);
}

void rows_sort_ready(struct rows *rows, const struct flow_row **ready, size_t n, const struct flows_options *f)
{
	struct sorted_row *all = message_need_memory(malloc((n + 1) * sizeof *all));
	size_t chosen = 0;
	for (size_t i = 0; i < n; i++)
		if (choices_take(&f->choices, &flows_table, ready[i]))
			all[chosen++] = (struct sorted_row){
				f->sort ? flows_sort_key(f->sort, ready[i], NULL) : 0, ready[i] };
	if (chosen)
		qsort(all, chosen, sizeof *all, compare_rows);
	*rows = (struct rows){ .ready = ready, .n_chosen = chosen };
	rows->n = f->top && f->top < chosen && !f->by ? f->top : chosen;
	for (size_t i = 0; i < rows->n; i++)
		ready[i] = all[i].row;
	free(all);
}

const struct flow_row *rows_at(struct flow_row *room, const struct rows *rows, size_t i, const struct flows_options *f)
{
	if (rows->ready)
		return rows->ready[i];
	flow_row_of(room, f, rows->table, rows->flows[i]);
	return room;
}

void rows_free(struct rows *rows)
{
	free((void *)rows->flows);
	free(rows->ready);
}
