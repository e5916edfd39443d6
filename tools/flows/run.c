/* sonde flows: the run through all files. */
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "packet/packet.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/common/stop.h"
#include "tools/common/summary.h"
#include "tools/flows/columns.h"
#include "tools/flows/flows.h"
#include "tools/flows/process.h"
#include "tools/flows/run.h"

static const struct flows_form_row *form_of(const struct flows_options *f)
{
	switch (f->form) {
	case FLOWS_CSV: return &flows_print_csv;
	case FLOWS_JSON: return &flows_print_json;
	case FLOWS_ZEEK: return &flows_print_zeek;
	case FLOWS_TCPTRACE: return &flows_print_tcptrace;
	case FLOWS_TSHARK: return &flows_print_tshark;
	case FLOWS_NFDUMP: return &flows_print_nfdump;
	case FLOWS_CLICKHOUSE: return &flows_print_clickhouse;
	default: return &flows_print_table;
	}
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static void begin_once(struct flows_run *s)
{
	if (!s->printer.began && s->form->begin)
		s->form->begin(&s->printer);
	s->printer.began = true;
}

static void print_row(struct flows_run *s, const struct flow_row *row)
{
	begin_once(s);
	s->form->row(&s->printer, row);
	s->printer.n_rows++;
}

void run_print_ended(struct flows_run *s)
{
	const struct sonde_flow *f;
	while ((f = sonde_flows_next_ended(s->table))) {
		struct flow_row row;
		flow_row_of(&row, s->f, s->table, f);
		bool taken = choices_take(&s->f->choices, &flows_table, &row);
		if (taken && s->sums)
			flows_sums_add(s->sums, &s->printer, &row);
		else if (taken)
			print_row(s, &row);
		sonde_flows_drop_first(s->table);
	}
}

/* Print the interval that is over before a frame, and forget the flows that ended. */
static void step_series(struct flows_run *s, sonde_time time)
{
	struct flows_series *series = &s->f->series;
	if (flows_series_is_over(series, time))
		flows_series_end(&s->printer, series, s->table);
	flows_series_go_to(series, time);
	while (sonde_flows_next_ended(s->table))
		sonde_flows_drop_first(s->table);
}

/* How many of the packets, one at least, are of the same interval as the first. */
static size_t of_interval(struct flows_run *s, const struct sonde_flows_packet *packets, size_t n)
{
	size_t some = 0;
	step_series(s, packets[0].frame.time);
	while (some < n && !flows_series_is_over(&s->f->series, packets[some].frame.time))
		some++;
	return some;
}

/* Put packets into the table, in the thread that has it. Returns 0 or an exit status after a message. */
static int take_packets(void *arg, struct sonde_flows_packet *packets, size_t n)
{
	struct flows_run *s = arg;
	for (size_t i = 0; s->f->names && i < n; i++)
		flow_names_learn(s->f->names, &packets[i].frame);
	for (size_t done = 0; done < n;) {
		size_t some = s->f->series.span ? of_interval(s, packets + done, n - done) : n - done;
		if (sonde_flows_take(s->table, packets + done, some))
			return message_out_of_memory();
		done += some;
	}
	if (s->f->table.most_bytes && !s->f->series.span && !s->taps)
		run_print_ended(s);
	return 0;
}

#define FRAMES 32 /* read, and then taken, while they are in the cache */

static struct sonde_flows_frame frame_of(struct flows_run *s, const struct sonde_record *r)
{
	s->wire_bytes += r->wire_len;
	return (struct sonde_flows_frame){ r->time, r->bytes, r->wire_len, r->link, ++s->n_frames };
}

static int hand_on(struct flows_run *s, const struct sonde_record *records, int n)
{
	int status = 0;
	for (int i = 0; i < n && !status; i++)
		status = threads_take(s->threads, frame_of(s, &records[i]));
	return status;
}

static int take_here(struct flows_run *s, const struct sonde_record *records, int n)
{
	struct sonde_flows_packet packets[FRAMES];
	int status = 0;
	for (int done = 0; done < n && !status;) {
		size_t some = 0;
		while (some < FRAMES && done < n)
			packets[some++].frame = frame_of(s, &records[done++]);
		sonde_flows_read(packets, some, s->table);
		status = take_packets(s, packets, some);
	}
	return status;
}

int run_take(struct flows_run *s, const struct sonde_record *records, int n)
{
	if (n && !s->printer.any) {
		s->printer.first = records[0].time;
		s->printer.any = true;
	}
	return s->threads ? hand_on(s, records, n) : take_here(s, records, n);
}

static int take_records(void *arg, const struct sonde_record *records, int n)
{
	struct flows_run *s = arg;
	const uint64_t most = s->o->count;
	if (most && (uint64_t)n > most - s->n_frames)
		n = (int)(most - s->n_frames);
	int status = run_take(s, records, n);
	return !status && most && s->n_frames == most ? CAPTURES_ENOUGH : status;
}

/* What the threads have not taken views the bytes of the reader. */
static void on_reader(void *arg, struct sonde_reader *r)
{
	struct flows_run *s = arg;
	if (s->threads && r)
		threads_read_from(s->threads, r);
	else if (s->threads)
		s->threads_status = threads_wait(s->threads);
}

/* --- Printing ----------------------------------------------------------------------------------------------------- */

static void print_sums(struct flows_run *s, const struct rows *rows)
{
	struct flow_row room;
	for (size_t i = 0; i < rows->n; i++)
		flows_sums_add(s->sums, &s->printer, rows_at(&room, rows, i, s->f));
	flows_sums_print(&s->printer, s->sums);
}

static void print_rows(struct flows_run *s, struct rows *rows)
{
	struct flow_row room;
	if (s->sums) {
		print_sums(s, rows);
		return;
	}
	if (s->form == &flows_print_table && !s->printer.began)
		flows_table_widths(&s->printer, rows);
	begin_once(s);
	for (size_t i = 0; i < rows->n; i++)
		print_row(s, rows_at(&room, rows, i, s->f));
	if (s->form->end)
		s->form->end(&s->printer);
}

/* Returns 0 or an exit status after a message. */
static int print_table(struct flows_run *s)
{
	struct rows rows;
	if (s->f->series.span) {
		flows_series_end(&s->printer, &s->f->series, s->table);
		return 0;
	}
	rows_sort(&rows, s->table, s->f);
	print_rows(s, &rows);
	int drawn = flows_pictures_draw(s->f, &rows);
	rows_free(&rows);
	return drawn;
}

static void print_ledger(const struct sonde_flows_stats *st)
{
	fprintf(stderr,
		"%llu read, %llu not IP, %llu cut headers, %llu checksum wrong, %llu left to offload, "
		"%llu unknown link type\n",
		(unsigned long long)st->frames, (unsigned long long)st->not_ip, (unsigned long long)st->cut_headers,
		(unsigned long long)st->wrong_sums, (unsigned long long)st->partial_sums,
		(unsigned long long)st->unknown_link);
	if (st->lone_fragments || st->lone_errors)
		fprintf(stderr,
			"%llu fragments without the first one, %llu ICMP errors about flows that are not there\n",
			(unsigned long long)st->lone_fragments, (unsigned long long)st->lone_errors);
	if (st->evicted)
		fprintf(stderr, "%llu flows were printed in parts: --memory had no room for them\n",
			(unsigned long long)st->evicted);
}

static void json_ledger(struct json *j, const struct sonde_flows_stats *st, uint64_t n_rows)
{
	json_uint(j, "flows", st->flows);
	json_uint(j, "rows", n_rows);
	json_uint(j, "evicted", st->evicted);
	json_uint(j, "read", st->frames);
	json_uint(j, "not_ip", st->not_ip);
	json_uint(j, "cut_headers", st->cut_headers);
	json_uint(j, "checksum_wrong", st->wrong_sums);
	json_uint(j, "offload", st->partial_sums);
	json_uint(j, "unknown_link", st->unknown_link);
	json_uint(j, "lone_fragments", st->lone_fragments);
	json_uint(j, "lone_icmp_errors", st->lone_errors);
}

static void print_processes(const struct processes *p)
{
	const struct processes_stats st = processes_stats(p);
	fprintf(stderr, "processes: %llu sockets found, %llu not there or gone when asked, %llu not asked for\n",
		(unsigned long long)st.found, (unsigned long long)st.gone, (unsigned long long)st.not_asked);
}

static void json_processes(struct json *j, const struct processes *p)
{
	const struct processes_stats st = processes_stats(p);
	json_uint(j, "sockets_found", st.found);
	json_uint(j, "sockets_gone", st.gone);
	json_uint(j, "sockets_not_asked", st.not_asked);
}

static void print_summary(struct flows_run *s, const struct sonde_flows_stats st, int status)
{
	struct json *j = &s->printer.json;
	if (s->o->json) {
		summary_begin(j, "flows", sonde_clock_real());
		json_ledger(j, &st, s->printer.n_rows);
		if (s->taps)
			taps_json(j, s->taps);
		if (s->f->processes)
			json_processes(j, s->f->processes);
		summary_end(j, s->end, status);
		return;
	}
	fflush(stdout);
	if (s->o->verbosity >= 0)
		print_ledger(&st);
	if (s->o->verbosity >= 0 && s->f->processes)
		print_processes(s->f->processes);
	if (s->taps)
		taps_print(stderr, s->taps, s->o->verbosity >= 0);
}

/* --- The run ------------------------------------------------------------------------------------------------------ */

static void begin(struct flows_run *s, char **argv)
{
	const struct run run = { .cmd = "flows", .argv = argv, .seed = s->o->seed, .iface = s->o->iface,
				 .uid = s->o->uid, .time_ns = sonde_clock_real() };
	s->f->table.secret = sonde_key_from_seed(s->o->seed);
	if (s->f->by)
		s->sums = flows_sums_new(s->f->table.secret);
	s->printer.o = s->o;
	s->printer.f = s->f;
	s->printer.width = output_width();
	if (!s->o->json)
		return;
	json_open(&s->printer.json, stdout);
	summary_run(&s->printer.json, &run);
}

static int load_state(struct flows_run *s)
{
	struct flows_progress p = { .n_frames = 0 };
	int status = flows_state_load(s->f, &p, s->table);
	s->n_frames = p.n_frames;
	s->printer.first = p.first;
	s->printer.any = p.any;
	return status;
}

static int save_state(struct flows_run *s)
{
	struct flows_progress p = { s->n_frames, s->printer.first, s->printer.any };
	return flows_state_save(s->f, &p, s->table);
}

int run_begin(struct flows_run *s, char **argv)
{
	s->f->table.finds_services = !s->f->series.span;
	s->f->table.expires |= s->f->series.span > 0;
	s->f->table.secret = sonde_key_from_seed(s->o->seed);
	if (s->o->names)
		s->f->names = flow_names_new(s->f->table.secret);
	int err = sonde_flows_new(&s->table, &s->f->table);
	const struct threads_work work = { s->table, take_packets, s };
	if (!err && s->f->n_threads > 1)
		err = threads_start(&s->threads, &work, s->f->n_threads);
	if (err) {
		message_code(err, "cannot begin");
		return STATUS_SYSTEM;
	}
	int status = s->f->state_in ? load_state(s) : 0;
	if (status)
		return status;
	begin(s, argv);
	if (s->f->series.span)
		flows_series_begin(&s->printer);
	return 0;
}

static int end_flows(struct flows_run *s)
{
	return s->f->state_out.path ? sonde_flows_end_silent(s->table, FLOWS_STATE_SLACK)
				    : sonde_flows_end_all(s->table);
}

int run_end(struct flows_run *s, int status)
{
	if (end_flows(s))
		return message_out_of_memory();
	int drawn = s->f->live ? 0 : print_table(s);
	print_summary(s, sonde_flows_stats(s->table), status);
	int saved = s->f->state_out.path ? save_state(s) : 0;
	return saved ? saved : drawn ? drawn : status;
}

static int read_files(struct flows_run *s, char **argv)
{
	const struct captures_taker taker = { .arg = s, .opened = on_reader, .take = take_records };
	int rc = stop_catch();
	if (rc < 0)
		message_code(rc, "cannot catch signals");
	if (!s->f->n_threads)
		s->f->n_threads = threads_usual();
	captures_open(&s->f->captures);
	int status = flows_state_open(s->f);
	if (!status)
		status = flows_pictures_open(s->f);
	if (!status)
		status = captures_compile(&s->f->captures);
	tzset();
	if (!status)
		status = sandbox_enter("flows", s->o, NULL);
	if (!status)
		status = run_begin(s, argv);
	if (status)
		return status;
	status = captures_read(&s->f->captures, &taker);
	status = s->threads_status > status ? s->threads_status : status;
	s->end = stop_requested() ? LOOP_INTERRUPTED : status ? LOOP_ERROR : LOOP_COMPLETE;
	if (status >= STATUS_SYSTEM || (status >= STATUS_USAGE && !s->printer.any))
		return status;
	return run_end(s, status);
}

/* The tables of earlier runs, as that of one. */
static int merge(struct flows_run *s, char **argv)
{
	static struct flows_merge m;
	struct rows rows;
	int status = flows_merge_open(&m, &s->f->captures);
	tzset();
	if (!status)
		status = sandbox_enter("flows", s->o, NULL);
	if (!status) {
		begin(s, argv);
		status = flows_merge_read(&rows, &m, s->f);
		for (size_t i = 0; i < rows.n; i++)
			if (!i || rows.ready[i]->r.first < s->printer.first)
				s->printer.first = rows.ready[i]->r.first;
		print_rows(s, &rows);
		rows_free(&rows);
		s->end = stop_requested() ? LOOP_INTERRUPTED : status ? LOOP_ERROR : LOOP_COMPLETE;
		print_summary(s, m.stats, status);
	}
	flows_merge_close(&m, &s->f->captures);
	return status;
}

int flows_run(const struct options *o, struct flows_options *f, char **argv)
{
	struct flows_run s = { .o = o, .f = f, .form = form_of(f) };
	output_in_blocks();
	int status = f->merges ? merge(&s, argv) : o->n_ifaces ? run_live(&s, argv) : read_files(&s, argv);
	if (o->json)
		json_close(&s.printer.json);
	flow_names_free(f->names);
	flows_sums_free(s.sums);
	flows_output_close(&f->state_out);
	flows_pictures_close(f);
	threads_free(s.threads);
	sonde_flows_free(s.table);
	captures_close(&f->captures);
	return status;
}
