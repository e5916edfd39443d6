#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tools/common/names.h"
#include "tools/common/output.h"
#include "tools/common/units.h"
#include "tools/sockets/sockets.h"

enum { MEASURED = 1000 }; /* rows that the widths are taken of */

static const struct table_head heads[] = {
	{ "proto", false, 1 },  { "state", false, 2 },   { "recv-q", true, 4 }, { "send-q", true, 4 },
	{ "local", false, 0 },  { "remote", false, 0 }, { "process", false, 0 }, { "rtt", true, 5 },
	{ "rexmt", true, 6 },  { "netns", false, 3 },
};
enum { CELLS = sizeof heads / sizeof *heads };

static void format_end(char out[static TABLE_STRLEN], const struct sonde_endpoint *e, struct names *names)
{
	char name[NAMES_STRLEN];
	names_addr(name, names, &e->addr);
	bool bare6 = e->addr.family == SONDE_IP6 && strchr(name, ':');
	if (e->port)
		snprintf(out, TABLE_STRLEN, bare6 ? "[%s]:%u" : "%s:%u", name, e->port);
	else
		snprintf(out, TABLE_STRLEN, "%s", name);
}

/* A socket that takes both families has a star for its address. */
static void format_local(char out[static TABLE_STRLEN], const struct sonde_socket *s, struct names *names)
{
	bool both = s->takes_ip4 && s->local.addr.family && sonde_addr_is_unspecified(&s->local.addr);
	if (s->kind == SONDE_SOCK_PACKET && s->ifindex)
		snprintf(out, TABLE_STRLEN, "0x%04x on #%" PRIu32, s->protocol, s->ifindex);
	else if (s->kind == SONDE_SOCK_PACKET)
		snprintf(out, TABLE_STRLEN, "0x%04x", s->protocol);
	else if (both && s->local.port)
		snprintf(out, TABLE_STRLEN, "*:%u", s->local.port);
	else if (both)
		snprintf(out, TABLE_STRLEN, "*");
	else
		format_end(out, &s->local, names);
}

static void format_process(char out[static TABLE_STRLEN], const struct socket_row *row)
{
	int len = 0;
	if (row->owner)
		len = snprintf(out, TABLE_STRLEN, "%s %" PRIu32 "/%d", row->owner->process, row->owner->pid,
			       row->owner->fd);
	else
		snprintf(out, TABLE_STRLEN, "%s", row->s.inode && row->owners->n_hidden ? "?" : "-");
	if (row->n_owners > 1)
		snprintf(out + len, TABLE_STRLEN - (size_t)len, " +%" PRIu64, row->n_owners - 1);
}

static void format_row(struct table_row *out, const struct socket_row *row, struct names *names)
{
	const struct sonde_socket *s = &row->s;
	bool measured = s->has_tcp && s->tcp.rtt_ns >= 0;
	snprintf(out->text[0], TABLE_STRLEN, "%s", socket_proto(s));
	if (s->kind == SONDE_SOCK_RAW)
		snprintf(out->text[0], TABLE_STRLEN, "raw %u", s->protocol);
	snprintf(out->text[1], TABLE_STRLEN, "%s", socket_state(s));
	snprintf(out->text[2], TABLE_STRLEN, "%" PRIu32, s->recv_q);
	snprintf(out->text[3], TABLE_STRLEN, "%" PRIu32, s->send_q);
	format_local(out->text[4], s, names);
	snprintf(out->text[5], TABLE_STRLEN, "-");
	if (socket_has_peer(s))
		format_end(out->text[5], &s->remote, names);
	format_process(out->text[6], row);
	out->text[7][0] = out->text[8][0] = 0;
	if (measured)
		units_duration(out->text[7], s->tcp.rtt_ns);
	if (s->has_tcp && s->tcp.retransmits)
		snprintf(out->text[8], TABLE_STRLEN, "%" PRIu32, s->tcp.retransmits);
	if (*row->netns->name)
		snprintf(out->text[9], TABLE_STRLEN, "%s", row->netns->name);
	else
		snprintf(out->text[9], TABLE_STRLEN, "%" PRIu64, row->netns->inode);
}

void sockets_table_begin(struct table *t, const struct rows *rows, struct names *names, int width)
{
	struct table_row cells;
	bool one_netns = true;
	for (uint32_t i = 1; i < rows->n; i++)
		one_netns &= rows->list[i].netns == rows->list[0].netns;
	table_begin(t, heads, one_netns ? CELLS - 1 : CELLS);
	for (uint32_t i = 0; i < rows->n && i < MEASURED; i++) {
		format_row(&cells, &rows->list[i], names);
		table_measure(t, &cells);
	}
	table_fit(t, width);
}

char *sockets_table_line(char out[static TABLE_LINE], const struct table *t, const struct socket_row *row,
			 struct names *names)
{
	struct table_row cells;
	format_row(&cells, row, names);
	return table_line(out, t, &cells);
}

void sockets_print_table(const struct rows *rows, const struct options *o)
{
	char line[TABLE_LINE];
	struct names names = { 0 };
	struct names *found = o->names ? &names : NULL;
	struct table t;
	sockets_table_begin(&t, rows, found, output_width());
	puts(table_line(line, &t, NULL));
	for (uint32_t i = 0; i < rows->n; i++)
		puts(sockets_table_line(line, &t, &rows->list[i], found));
	names_close(&names);
}
