#include "tools/flows/picture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/span.h"
#include "packet/ends.h"
#include "proto/tcp.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"

#define PLAIN_LEN 20 /* of a TCP header without options */
#define MOST_WSCALE 14

/* What the second pass needs. */
struct gathering {
	struct picture *p;
	struct sonde_flows *table, *alone; /* alone: a table of this flow, which tells what is sent again */
	const struct sonde_flow *flow;
	uint64_t n_frames, n_again;
};

/* --- Packets ------------------------------------------------------------------------------------------------------ */

static bool is_again(struct gathering *g, const struct sonde_flows_frame *frame)
{
	uint64_t before = g->n_again;
	if (sonde_flows_add(g->alone, frame, 1))
		message_need_memory(NULL);
	g->n_again = sonde_flows_stats(g->alone).rexmt_packets;
	return g->n_again > before;
}

/* Where checksums are wrong, the table knows no initial numbers: what comes first tells them. */
static void learn_isn(struct picture *p, const struct sonde_ends *e, unsigned sender)
{
	if (!p->knows_isn[sender])
		p->isn[sender] = e->seq - !(e->tcp_flags & SONDE_TCP_SYN);
	if (!p->knows_isn[!sender] && e->tcp_flags & SONDE_TCP_ACK_FLAG)
		p->isn[!sender] = e->ack - 1;
	p->knows_isn[sender] = true;
	p->knows_isn[!sender] |= (e->tcp_flags & SONDE_TCP_ACK_FLAG) != 0;
}

static void take_tcp(struct picture_packet *k, struct picture *p, const struct sonde_ends *e,
		     const uint8_t *frame)
{
	const struct sonde_flow_report *r = &p->row->r;
	const struct sonde_report_side *s = k->from_responder ? &r->resp : &r->orig;
	struct sonde_tcp_options opts;
	bool scales = !(e->tcp_flags & SONDE_TCP_SYN) && r->orig.has_wscale && r->resp.has_wscale;
	k->flags = e->tcp_flags;
	learn_isn(p, e, k->from_responder);
	k->seq = e->seq - p->isn[k->from_responder];
	k->has_ack = e->tcp_flags & SONDE_TCP_ACK_FLAG;
	k->ack = k->has_ack ? e->ack - p->isn[!k->from_responder] : 0;
	k->win = (uint32_t)e->win << (scales ? s->wscale < MOST_WSCALE ? s->wscale : MOST_WSCALE : 0);
	const uint32_t start = e->transport_offset + PLAIN_LEN;
	if (e->flags & SONDE_ENDS_CUT_HEADER || e->payload_offset <= start ||
	    !sonde_tcp_options_read(&opts, sonde_view(frame + start, e->payload_offset - start)))
		return;
	for (; k->n_sacks < opts.n_sacks && k->n_sacks < 4; k->n_sacks++) {
		k->sacks[k->n_sacks].from = opts.sacks[k->n_sacks].from - p->isn[!k->from_responder];
		k->sacks[k->n_sacks].to = opts.sacks[k->n_sacks].to - p->isn[!k->from_responder];
	}
}

static void take_frame(struct gathering *g, const struct sonde_flows_frame *frame)
{
	struct picture *p = g->p;
	struct sonde_ends e;
	unsigned side;
	if (!sonde_flows_has(&e, &side, g->table, g->flow, frame) || p->n_all++ >= PICTURE_MOST)
		return;
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 256;
		p->packets = message_need_memory(realloc(p->packets, p->cap * sizeof *p->packets));
	}
	struct picture_packet *k = &p->packets[p->n++];
	*k = (struct picture_packet){ .time = sonde_time_since(frame->time, g->flow->first), .number = frame->number,
				      .len = e.payload_len, .from_responder = side != g->flow->began,
				      .again = is_again(g, frame) };
	k->is_fragment = e.flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT);
	if (e.proto == 6)
		take_tcp(k, p, &e, frame->bytes.data);
}

static int take_records(void *arg, const struct sonde_record *records, int n)
{
	struct gathering *g = arg;
	for (int i = 0; i < n; i++) {
		const struct sonde_flows_frame frame = { records[i].time, records[i].bytes, records[i].wire_len,
							 records[i].link, ++g->n_frames };
		take_frame(g, &frame);
	}
	return 0;
}

char *picture_name(char out[static PICTURE_NAME], const struct flow_row *row, const struct sonde_report_side *s)
{
	char name[FLOW_HOST_STRLEN];
	flow_row_host(name, row, s);
	if (strlen(name) >= PICTURE_NAME)
		strcpy(name + PICTURE_NAME - 2, "~");
	return strcpy(out, name);
}

static void begin_picture(struct picture *p)
{
	const struct sonde_flow_report *r = &p->row->r;
	for (unsigned i = 0; i < 2; i++) {
		const struct sonde_report_side *s = i ? &r->resp : &r->orig;
		char host[PICTURE_NAME];
		bool v6 = strchr(picture_name(host, p->row, s), ':');
		p->isn[i] = s->isn;
		p->knows_isn[i] = s->knows_isn;
		if (r->has_ports && r->proto != 1 && r->proto != 58)
			snprintf(p->names[i], sizeof p->names[i], v6 ? "[%s]:%u" : "%s:%u", host, s->end.port);
		else
			snprintf(p->names[i], sizeof p->names[i], "%s", host);
	}
	char room[8];
	snprintf(p->proto, sizeof p->proto, "%s", flows_proto_name(room, r->proto));
}

/* --- The second pass ---------------------------------------------------------------------------------------------- */

int flows_pictures_open(struct flows_options *f)
{
	struct flows_output *const outs[] = { &f->graph, &f->ladder, &f->map };
	struct captures *c = &f->captures;
	for (unsigned i = 0; i < 3; i++) {
		int status = flows_output_open(outs[i], c);
		if (status)
			return status;
	}
	if (!f->graph.path && !f->ladder.path)
		return 0;
	f->again = message_need_memory(calloc(c->n_files + 1, sizeof *f->again));
	for (unsigned i = 0; i < c->n_files; i++) {
		f->again[i] = c->inputs[i].fd < 0 ? -1 : dup(c->inputs[i].fd);
		if (f->again[i] < 0 || lseek(f->again[i], 0, SEEK_CUR) >= 0)
			continue;
		message("--graph and --ladder read the packets of the flow in a second pass: %s is no file",
			files_name(c->files[i]));
		return STATUS_USAGE;
	}
	return 0;
}

static int gather(struct picture *p, struct flows_options *f, struct sonde_flows *t, const struct sonde_flow *flow)
{
	struct gathering g = { .p = p, .table = t, .flow = flow };
	const struct captures_taker taker = { .arg = &g, .take = take_records };
	const struct sonde_flows_options alone = { .secret = f->table.secret, .trusts_sums = f->table.trusts_sums };
	if (sonde_flows_new(&g.alone, &alone))
		return message_out_of_memory();
	for (unsigned i = 0; i < f->captures.n_files; i++) {
		f->captures.inputs[i].fd = f->again[i];
		lseek(f->again[i], 0, SEEK_SET);
	}
	int status = captures_read(&f->captures, &taker);
	sonde_flows_free(g.alone);
	return status >= STATUS_USAGE ? status : 0;
}

static int draw_one(struct flows_options *f, const struct rows *rows)
{
	static struct picture p;
	struct flow_row room;
	if (rows->n != 1) {
		message("--graph and --ladder draw one flow, and %zu are chosen: FIELD=SET words choose "
			"(orig_p=40000), or --sort orig_bytes --top 1",
			rows->n);
		return STATUS_USAGE;
	}
	p.row = rows_at(&room, rows, 0, f);
	begin_picture(&p);
	int status = gather(&p, f, rows->table, rows->flows[0]);
	if (!status && f->graph.path && !(status = flows_output_begin(&f->graph))) {
		picture_graph(f->graph.out, &p);
		status = flows_output_end(&f->graph);
	}
	if (!status && f->ladder.path && !(status = flows_output_begin(&f->ladder))) {
		picture_ladder(f->ladder.out, &p);
		status = flows_output_end(&f->ladder);
	}
	free(p.packets);
	return status;
}

int flows_pictures_draw(struct flows_options *f, const struct rows *rows)
{
	int status = 0;
	if (f->map.path && !(status = flows_output_begin(&f->map))) {
		picture_map(f->map.out, rows, f);
		status = flows_output_end(&f->map);
	}
	if (!status && (f->graph.path || f->ladder.path))
		status = draw_one(f, rows);
	return status;
}

void flows_pictures_close(struct flows_options *f)
{
	flows_output_close(&f->graph);
	flows_output_close(&f->ladder);
	flows_output_close(&f->map);
	free(f->again);
}

/* --- Units -------------------------------------------------------------------------------------------------------- */

double picture_unit(double ns)
{
	return ns >= 1e9 ? 1e9 : ns >= 1e6 ? 1e6 : ns >= 1e3 ? 1e3 : 1;
}

char *picture_time(char out[static 32], double ns, double unit)
{
	const char *name = unit >= 1e9 ? "s" : unit >= 1e6 ? "ms" : unit >= 1e3 ? "us" : "ns";
	snprintf(out, 32, "%.6g %s", ns / unit, name);
	return out;
}
