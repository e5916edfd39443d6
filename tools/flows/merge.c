/* sonde flows --merge: the tables of shards, and of pieces of a capture, as one. */
#include <stdlib.h>
#include <string.h>

#include "tools/common/files.h"
#include "tools/common/json_read.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/flows/columns.h"
#include "tools/flows/merge.h"

#define MOST_FAULTS 10 /* told of one file */

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static void add(struct flows_merge *m, struct merged *row)
{
	if (m->n == m->cap) {
		m->cap = m->cap ? 2 * m->cap : 1024;
		m->all = message_need_memory(realloc(m->all, m->cap * sizeof *m->all));
	}
	row->row.r.conn_state = row->state;
	m->all[m->n++] = row;
}

static void add_summary(struct flows_merge *m, const struct json_field *f)
{
	const struct {
		const char *name;
		uint64_t *sum;
	} sums[] = {
		{ "read", &m->stats.frames }, { "not_ip", &m->stats.not_ip }, { "cut_headers", &m->stats.cut_headers },
		{ "checksum_wrong", &m->stats.wrong_sums }, { "offload", &m->stats.partial_sums },
		{ "unknown_link", &m->stats.unknown_link }, { "lone_fragments", &m->stats.lone_fragments },
		{ "lone_icmp_errors", &m->stats.lone_errors }, { "evicted", &m->stats.evicted },
	};
	uint64_t v;
	for (unsigned i = 0; i < sizeof sums / sizeof *sums; i++)
		if (json_is(f->key, sums[i].name) && json_read_uint(&v, f))
			*sums[i].sum += v;
}

/* What kind of object a line is. */
static void take_line(struct flows_merge *m, const char *line, size_t len, bool *good)
{
	struct json_reader r;
	struct json_field f;
	bool is_flow = false, is_run = false, is_summary = false, is_ours = false;
	int got = json_read_begin(&r, line, len) ? 1 : -1;
	while (got > 0 && (got = json_read_field(&r, &f)) > 0) {
		is_ours |= json_is(f.key, "cmd") && json_is(f.value, "flows");
		if (json_is(f.key, "type")) {
			is_flow = json_is(f.value, "flow");
			is_run = json_is(f.value, "run");
			is_summary = json_is(f.value, "summary");
		}
		if (is_summary)
			add_summary(m, &f);
	}
	*good = got == 0 && is_ours;
	if (!*good)
		return;
	m->n_runs += is_run;
	m->n_ended += is_summary;
	if (!is_flow)
		return;
	struct merged *row = message_need_memory(malloc(sizeof *row));
	*good = merged_read(row, line, len);
	if (*good)
		add(m, row);
	else
		merged_free(row);
}

static int read_file(struct flows_merge *m, FILE *in, const char *name)
{
	struct files_lines lines = { .in = in };
	uint64_t number = 0, faults = 0, open = m->n_runs - m->n_ended;
	int got;
	while ((got = files_next_line(&lines)) > 0) {
		size_t len = strlen(lines.line);
		bool good = true;
		number++;
		if (len > 1)
			take_line(m, lines.line, len, &good);
		if (!good && faults++ < MOST_FAULTS)
			message("%s: line %llu is no object of sonde flows --json", name, (unsigned long long)number);
	}
	files_lines_end(&lines);
	if (got < 0)
		message_code(got, "cannot read %s", name);
	if (faults > MOST_FAULTS)
		message("%s: %llu more lines are damaged", name, (unsigned long long)(faults - MOST_FAULTS));
	if (m->n_runs - m->n_ended > open)
		message("%s: a run in it has no summary: it did not end", name);
	return got < 0 ? STATUS_SYSTEM : faults || m->n_runs - m->n_ended > open ? STATUS_NOT : 0;
}

/* --- Joining ------------------------------------------------------------------------------------------------------ */

static const struct sonde_endpoint *lower(const struct merged *m)
{
	const struct sonde_endpoint *orig = &m->row.r.orig.end, *resp = &m->row.r.resp.end;
	return sonde_endpoint_compare(orig, resp) <= 0 ? orig : resp;
}

static const struct sonde_endpoint *higher(const struct merged *m)
{
	const struct sonde_endpoint *orig = &m->row.r.orig.end;
	return lower(m) == orig ? &m->row.r.resp.end : orig;
}

/* Rows of the same sockets stand together. */
static int compare_sockets(const struct merged *a, const struct merged *b)
{
	const struct sonde_flow_report *x = &a->row.r, *y = &b->row.r;
	int order = sonde_endpoint_compare(lower(a), lower(b));
	if (!order)
		order = sonde_endpoint_compare(higher(a), higher(b));
	if (!order)
		order = (int)x->proto - (int)y->proto;
	if (!order)
		order = (int)x->vlan - (int)y->vlan;
	if (!order)
		order = (int)x->icmp_one_way - (int)y->icmp_one_way;
	return order ? order : strcmp(a->tunnel, b->tunnel);
}

static int compare_all(const void *a, const void *b)
{
	const struct merged *x = *(struct merged *const *)a, *y = *(struct merged *const *)b;
	int order = compare_sockets(x, y);
	if (order)
		return order;
	if (x->row.r.first != y->row.r.first)
		return x->row.r.first < y->row.r.first ? -1 : 1;
	return (x->row.r.last > y->row.r.last) - (x->row.r.last < y->row.r.last);
}

static void join_all(struct flows_merge *m, const struct flows_options *f)
{
	const sonde_time tcp = f->table.tcp_silence ? f->table.tcp_silence : SONDE_FLOW_TCP_SILENCE;
	const sonde_time other = f->table.other_silence ? f->table.other_silence : SONDE_FLOW_OTHER_SILENCE;
	size_t n = 0;
	if (m->n)
		qsort(m->all, m->n, sizeof *m->all, compare_all);
	for (size_t i = 0; i < m->n; i++) {
		struct merged *last = n ? m->all[n - 1] : NULL, *next = m->all[i];
		if (last && compare_sockets(last, next) == 0 &&
		    merged_goes_on(last, next, next->row.r.proto == 6 ? tcp : other)) {
			merged_join(last, next);
			merged_free(next);
		} else {
			m->all[n++] = next;
		}
	}
	m->n = n;
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

int flows_merge_open(struct flows_merge *m, const struct captures *c)
{
	m->in = message_need_memory(calloc(c->n_files + 1, sizeof *m->in));
	for (unsigned i = 0; i < c->n_files; i++) {
		m->in[i] = files_open(c->files[i]);
		if (!m->in[i])
			return STATUS_USAGE;
		setvbuf(m->in[i], m->buffer, _IOFBF, sizeof m->buffer);
	}
	return 0;
}

int flows_merge_read(struct rows *rows, struct flows_merge *m, const struct flows_options *f)
{
	int status = 0;
	for (unsigned i = 0; i < f->captures.n_files; i++) {
		int one = read_file(m, m->in[i], files_name(f->captures.files[i]));
		status = one > status ? one : status;
	}
	join_all(m, f);
	const struct flow_row **ready = message_need_memory(malloc((m->n + 1) * sizeof *ready));
	for (size_t i = 0; i < m->n; i++)
		ready[i] = &m->all[i]->row;
	m->stats.flows = m->n;
	rows_sort_ready(rows, ready, m->n, f);
	return status;
}

void flows_merge_close(struct flows_merge *m, const struct captures *c)
{
	for (unsigned i = 0; m->in && i < c->n_files; i++)
		if (m->in[i])
			files_close(m->in[i]);
	for (size_t i = 0; i < m->n; i++)
		merged_free(m->all[i]);
	free(m->in);
	free(m->all);
}
