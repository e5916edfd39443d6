/* sonde sockets: the run. */
#include <inttypes.h>
#include <linux/capability.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/privilege.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/sockets/sockets.h"

/* --- Which ones --------------------------------------------------------------------------------------------------- */

static bool waits(const struct sonde_socket *s)
{
	return s->kind == SONDE_SOCK_TCP ? s->state == TCP_LISTEN : s->state == TCP_CLOSE;
}

/* A socket is taken when one of its owners is; that one then stands for all. */
static bool take(struct socket_row *row, const struct sockets_options *s)
{
	if (s->listening && !waits(&row->s))
		return false;
	const struct sonde_owner *first = sonde_owners_first(row->owners, row->s.inode);
	row->n_owners = 0;
	for (const struct sonde_owner *o = first; o; o = sonde_owners_next(row->owners, o))
		row->n_owners++;
	row->owner = first;
	if (!s->choices.n)
		return true;
	do {
		if (choices_take(&s->choices, &sockets_table, row))
			return true;
		row->owner = row->owner ? sonde_owners_next(row->owners, row->owner) : NULL;
	} while (row->owner);
	return false;
}

static int compare(const void *a, const void *b)
{
	const struct socket_row *x = a, *y = b;
	if (x->netns != y->netns)
		return x->netns < y->netns ? -1 : 1;
	if (x->s.kind != y->s.kind)
		return x->s.kind < y->s.kind ? -1 : 1;
	if (waits(&x->s) != waits(&y->s))
		return waits(&x->s) ? -1 : 1;
	int order = sonde_endpoint_compare(&x->s.local, &y->s.local);
	return order ? order : sonde_endpoint_compare(&x->s.remote, &y->s.remote);
}

void sockets_choose(struct rows *rows, const struct gathered *g, const struct sockets_options *s)
{
	const struct netns *space = g->spaces;
	*rows = (struct rows){ .list = message_need_memory(malloc((g->sockets.n + 1) * sizeof *rows->list)) };
	for (uint32_t i = 0; i < g->sockets.n; i++) {
		while (i >= space->end)
			space++;
		struct socket_row *row = &rows->list[rows->n];
		*row = (struct socket_row){ .s = g->sockets.list[i], .netns = space, .owners = &g->owners };
		if (!take(row, s))
			continue;
		rows->n++;
		rows->n_unseen += !row->n_owners && row->s.inode && g->owners.n_hidden;
	}
	qsort(rows->list, rows->n, sizeof *rows->list, compare);
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

static void json_owners(struct json *j, const struct socket_row *row)
{
	json_array(j, "owners");
	for (const struct sonde_owner *o = sonde_owners_first(row->owners, row->s.inode); o;
	     o = sonde_owners_next(row->owners, o)) {
		json_object(j, NULL);
		json_uint(j, "pid", o->pid);
		json_str(j, "process", o->process);
		json_int(j, "fd", o->fd);
		json_object_end(j);
	}
	json_array_end(j);
}

static void print_json(const struct rows *rows, const struct gathered *g, const struct options *o, char **argv)
{
	sonde_time now = sonde_clock_real();
	const struct run run = { .cmd = "sockets", .argv = argv, .seed = o->seed, .uid = o->uid, .time_ns = now };
	struct json j;
	json_open(&j, stdout);
	summary_run(&j, &run);
	for (uint32_t i = 0; i < rows->n; i++) {
		json_event(&j, "sockets", "socket", now);
		columns_json(&j, &sockets_table, &rows->list[i]);
		if (rows->list[i].n_owners > 1)
			json_owners(&j, &rows->list[i]);
		json_end(&j);
	}
	summary_begin(&j, "sockets", sonde_clock_real());
	json_uint(&j, "sockets", rows->n);
	json_uint(&j, "namespaces", g->n_spaces);
	json_uint(&j, "namespaces_closed", g->n_closed);
	json_uint(&j, "owners_unseen", rows->n_unseen);
	json_uint(&j, "processes_unseen", g->owners.n_hidden);
	summary_end(&j, LOOP_COMPLETE, STATUS_DONE);
	json_close(&j);
}

/* What could not be seen. */
static void print_limits(const struct rows *rows, const struct gathered *g)
{
	fflush(stdout);
	if (rows->n_unseen)
		fprintf(stderr, "owners of %" PRIu32
			" sockets are not visible: other users' processes need CAP_SYS_PTRACE\n", rows->n_unseen);
	if (g->n_closed)
		fprintf(stderr, "%" PRIu32 " network namespaces were not entered: that needs CAP_SYS_ADMIN\n",
			g->n_closed);
}

static void print(const struct rows *rows, const struct gathered *g, const struct options *o,
		  const struct sockets_options *s, char **argv)
{
	if (o->json) {
		print_json(rows, g, o, argv);
		return;
	}
	if (s->form == SOCKETS_CSV) {
		columns_csv_names(&sockets_table);
		for (uint32_t i = 0; i < rows->n; i++)
			columns_csv(&sockets_table, &rows->list[i]);
	} else {
		sockets_print_table(rows, o);
	}
	if (o->verbosity >= 0)
		print_limits(rows, g);
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

/* The kernel is asked with what that takes, and nothing is printed before all of it is given up. */
int sockets_run(const struct options *o, struct sockets_options *s, char **argv)
{
	const uint64_t sees = SONDE_PRIVILEGE_KEEP(CAP_SYS_PTRACE) | SONDE_PRIVILEGE_KEEP(CAP_DAC_READ_SEARCH);
	const uint64_t enters = s->all_netns ? SONDE_PRIVILEGE_KEEP(CAP_SYS_ADMIN) : 0;
	struct gathered g = { 0 };
	struct rows rows = { 0 };
	struct sonde_error e;
	output_in_blocks();
	int status = sandbox_drop(sees | enters, o);
	if (!status && s->live)
		return sockets_live(s, sees | enters, o);
	if (!status && gathered_read(&g, s, &e)) {
		message_error(&e);
		status = STATUS_SYSTEM;
	}
	if (!status)
		status = sandbox_enter("sockets", o, NULL);
	if (!status) {
		sockets_choose(&rows, &g, s);
		print(&rows, &g, o, s, argv);
		status = rows.n || !s->choices.n ? STATUS_DONE : STATUS_NOT;
	}
	free(rows.list);
	gathered_free(&g);
	return status;
}
