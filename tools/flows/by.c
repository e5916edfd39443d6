/* Sums over flows that share a pair of hosts, a socket, a host, a port or a service. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tools/common/message.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"
#include "tools/common/units.h"

#define KEY_LEN 160

struct sum {
	char key[KEY_LEN];
	uint64_t flows, packets_out, packets_in, bytes_out, bytes_in, rexmt; /* out: by the host or socket of the key */
};

struct flows_sums {
	struct sum *all;
	size_t n, cap;
	uint32_t *slots; /* a hash table of numbers from 1 */
	size_t n_slots;  /* a power of 2 */
	struct sonde_key secret;
};

/* --- The table ---------------------------------------------------------------------------------------------------- */

static uint32_t *slot_of(const struct flows_sums *s, const char *key)
{
	uint64_t hash = sonde_siphash(s->secret, sonde_view(key, strlen(key)));
	size_t at = (size_t)hash & (s->n_slots - 1);
	while (s->slots[at] && strcmp(s->all[s->slots[at] - 1].key, key) != 0)
		at = (at + 1) & (s->n_slots - 1);
	return &s->slots[at];
}

static void grow(struct flows_sums *s)
{
	s->cap = s->cap ? 2 * s->cap : 256;
	s->all = message_need_memory(realloc(s->all, s->cap * sizeof *s->all));
	free(s->slots);
	s->n_slots = 2 * s->cap;
	s->slots = message_need_memory(calloc(s->n_slots, sizeof *s->slots));
	for (uint32_t i = 0; i < s->n; i++)
		*slot_of(s, s->all[i].key) = i + 1;
}

static struct sum *sum_of(struct flows_sums *s, const char *key)
{
	if (s->n == s->cap)
		grow(s);
	uint32_t *slot = slot_of(s, key);
	if (!*slot) {
		struct sum *new = &s->all[s->n++];
		*new = (struct sum){ .flows = 0 };
		snprintf(new->key, sizeof new->key, "%s", key);
		*slot = (uint32_t)s->n;
	}
	return &s->all[*slot - 1];
}

/* --- What flows share --------------------------------------------------------------------------------------------- */

static void add(struct flows_sums *s, const char *key, const struct sonde_report_side *out,
		const struct sonde_report_side *in)
{
	struct sum *sum = sum_of(s, key);
	sum->flows++;
	sum->packets_out += out->packets;
	sum->packets_in += in->packets;
	sum->bytes_out += out->ip_bytes;
	sum->bytes_in += in->ip_bytes;
	sum->rexmt += out->rexmt_packets + in->rexmt_packets;
}

static void name_host(char out[static KEY_LEN], const struct flow_row *row, const struct sonde_report_side *s)
{
	char name[FLOW_HOST_STRLEN];
	snprintf(out, KEY_LEN, "%.100s", flow_row_host(name, row, s));
}

static void name_socket(char out[static KEY_LEN], const struct flow_row *row, const struct sonde_report_side *s)
{
	char host[KEY_LEN], proto[8];
	name_host(host, row, s);
	bool v6 = strchr(host, ':') != NULL;
	snprintf(out, KEY_LEN, v6 ? "[%.100s]:%u/%s" : "%.100s:%u/%s", host, s->end.port,
		 flows_proto_name(proto, row->r.proto));
}

/* In a pair, the host that comes first in the alphabet stands first, whoever began. */
static void add_pair(struct flows_sums *s, const struct flow_row *row)
{
	char a[KEY_LEN], b[KEY_LEN], key[KEY_LEN];
	const struct sonde_report_side *out = &row->r.orig, *in = &row->r.resp;
	if (sonde_addr_compare(&out->end.addr, &in->end.addr) > 0) {
		out = &row->r.resp;
		in = &row->r.orig;
	}
	name_host(a, row, out);
	name_host(b, row, in);
	snprintf(key, sizeof key, "%.70s <-> %.70s", a, b);
	add(s, key, out, in);
}

void flows_sums_add(struct flows_sums *s, struct flows_printer *p, const struct flow_row *row)
{
	char key[KEY_LEN], other[KEY_LEN], proto[8];
	const struct sonde_report_side *orig = &row->r.orig, *resp = &row->r.resp;
	const char *service = flows_service(row);
	switch (p->f->by) {
	case FLOWS_BY_HOST:
	case FLOWS_BY_SOCKET:
		if (p->f->by == FLOWS_BY_HOST) {
			name_host(key, row, orig);
			name_host(other, row, resp);
		} else {
			name_socket(key, row, orig);
			name_socket(other, row, resp);
		}
		add(s, key, orig, resp);
		if (strcmp(key, other) != 0)
			add(s, other, resp, orig);
		break;
	case FLOWS_BY_PORT:
		snprintf(key, sizeof key, "%u/%s", resp->end.port, flows_proto_name(proto, row->r.proto));
		add(s, key, orig, resp);
		break;
	case FLOWS_BY_PROCESS: add(s, row->pid ? row->process : "?", orig, resp); break;
	case FLOWS_BY_SERVICE:
		snprintf(key, sizeof key, "%s%s%s", flows_proto_name(proto, row->r.proto), *service ? " " : "",
			 service);
		add(s, key, orig, resp);
		break;
	default: add_pair(s, row);
	}
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

/* Most bytes first. */
static int compare(const void *a, const void *b)
{
	const struct sum *x = a, *y = b;
	uint64_t left = x->bytes_out + x->bytes_in, right = y->bytes_out + y->bytes_in;
	return left != right ? (left > right ? -1 : 1) : strcmp(x->key, y->key);
}

static const char *key_name(const struct flows_printer *p)
{
	static const char *const names[] = { "", "pair", "socket", "host", "port", "service", "process" };
	return names[p->f->by];
}

static void print_json(struct flows_printer *p, const struct sum *s)
{
	struct json *j = &p->json;
	json_event(j, "flows", "sum", p->first);
	json_str(j, "by", key_name(p));
	json_str(j, "key", s->key);
	json_uint(j, "flows", s->flows);
	json_uint(j, "pkts_out", s->packets_out);
	json_uint(j, "pkts_in", s->packets_in);
	json_uint(j, "ip_bytes_out", s->bytes_out);
	json_uint(j, "ip_bytes_in", s->bytes_in);
	json_uint(j, "rexmt_pkts", s->rexmt);
	json_end(j);
}

static void print_text(const struct sum *s, int width)
{
	char cells[5][UNITS_STRLEN];
	printf("%-*s %8s %8s %8s %9s %8s", width, s->key, units_count(cells[0], s->flows),
	       units_count(cells[1], s->packets_out), units_count(cells[2], s->packets_in),
	       units_count(cells[3], s->bytes_out), units_count(cells[4], s->bytes_in));
	if (s->rexmt)
		printf(" %8" PRIu64, s->rexmt);
	putchar('\n');
}

static void print_csv(const struct sum *s)
{
	printf("%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64 "\n", s->key, s->flows,
	       s->packets_out, s->packets_in, s->bytes_out, s->bytes_in, s->rexmt);
}

static void print_head(const struct flows_printer *p, int width)
{
	if (p->f->form == FLOWS_CSV)
		printf("%s,flows,pkts_out,pkts_in,ip_bytes_out,ip_bytes_in,rexmt_pkts\n", key_name(p));
	else if (!p->o->json)
		printf("%-*s %8s %8s %8s %9s %8s %8s\n", width, key_name(p), "flows", "pkts out", "in", "bytes out",
		       "in", "rexmt");
}

void flows_sums_print(struct flows_printer *p, struct flows_sums *s)
{
	size_t n = p->f->top && p->f->top < s->n ? (size_t)p->f->top : s->n;
	int width = (int)strlen(key_name(p));
	if (s->n)
		qsort(s->all, s->n, sizeof *s->all, compare);
	for (size_t i = 0; i < n; i++)
		width = (int)strlen(s->all[i].key) > width ? (int)strlen(s->all[i].key) : width;
	print_head(p, width);
	for (size_t i = 0; i < n; i++) {
		if (p->o->json)
			print_json(p, &s->all[i]);
		else if (p->f->form == FLOWS_CSV)
			print_csv(&s->all[i]);
		else
			print_text(&s->all[i], width);
	}
	p->n_rows += n;
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

struct flows_sums *flows_sums_new(struct sonde_key secret)
{
	struct flows_sums *s = message_need_memory(calloc(1, sizeof *s));
	s->secret = secret;
	return s;
}

void flows_sums_free(struct flows_sums *s)
{
	if (!s)
		return;
	free(s->all);
	free(s->slots);
	free(s);
}
