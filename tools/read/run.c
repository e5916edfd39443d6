/* sonde read: the run through all files. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/file_filter.h"
#include "io/file_read.h"
#include "io/file_write.h"
#include "tools/common/broker.h"
#include "tools/common/hexdump.h"
#include "tools/common/ledger.h"
#include "tools/common/files.h"
#include "tools/common/filter_names.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/record.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/read/live.h"
#include "tools/read/read.h"
#include "tools/read/run.h"
#include "tools/common/stop.h"

/* Count the frame, and print it, if frames are printed. Returns 0 or an exit status after a message. */
static int show_record(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	struct sonde_packet p;
	sonde_dissect(&p, rec->bytes.data, (uint32_t)rec->bytes.len, rec->wire_len, first);
	ledger_count(&s->ledger, &p);
	if (s->r->coverage)
		ledger_cover(&s->ledger, &p);
	const struct print_frame f = {
		.packet = &p, .record = rec, .iface = s->iface, .number = s->ledger.read,
		.several_ifaces = s->copy.reader && sonde_reader_interface(s->copy.reader, 1),
		.copy_number = s->copy.writer ? sonde_writer_frames(s->copy.writer) + 1 : 0,
	};
	return print_frame(&s->printer, &f);
}

int run_show(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	s->any = true;
	if (!s->ledger.only_counts)
		return show_record(s, rec, first);
	s->ledger.read++;
	return 0;
}

static int take_record(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	int status = run_show(s, rec, first);
	return status || !s->copy.writer ? status : copy_record(&s->copy, rec);
}

static bool enough(const struct run_state *s)
{
	return stop_requested() || (s->o->count && s->ledger.read >= s->o->count);
}

static int open_failed(const struct sonde_error *e)
{
	message_error(e);
	bool damaged = e->code == SONDE_E_TRUNCATED || e->code == SONDE_E_MALFORMED;
	bool system = e->code > -4096 && e->code != -ENOENT && e->code != -EISDIR;
	return damaged ? STATUS_NOT : system ? STATUS_SYSTEM : STATUS_USAGE;
}

/* Take frames until there is enough. Returns 0 or an exit status after a message. */
static int take_records(struct run_state *s, const struct sonde_record *records, int n)
{
	if (s->ledger.only_counts && !s->copy.writer && !s->o->count) {
		s->ledger.read += (uint64_t)n;
		s->any = true;
		return 0;
	}
	int status = 0;
	for (int i = 0; i < n && !status && !enough(s); i++) {
		const struct sonde_pcapng_seen *seen = sonde_reader_interface(s->copy.reader, records[i].interface);
		s->iface = seen && seen->name.len ? (const char *)seen->name.data : NULL;
		status = take_record(s, &records[i], (struct sonde_id){ SONDE_SPACE_LINK, records[i].link });
	}
	return status;
}

#define MOST_FAULTS 10 /* told of one file */

/* Read to the end, over damage where that is possible. Returns the exit status. */
static int read_records(struct run_state *s)
{
	const struct sonde_record *records;
	struct sonde_error e = { 0 };
	uint64_t faults = 0;
	int status = 0, got = 0;
	while (!status && !enough(s)) {
		got = sonde_reader_batch(&records, s->copy.reader, &e);
		if (got > 0)
			status = take_records(s, records, got);
		/* A file that is stopped within a frame looks cut. */
		if (got == 0 || stop_requested())
			break;
		if (got < 0 && faults++ < MOST_FAULTS) {
			fflush(stdout);
			message_error(&e);
		}
		if (got < 0 && !sonde_reader_goes_on(s->copy.reader))
			break;
	}
	if (faults > MOST_FAULTS)
		message("%llu more places are damaged", (unsigned long long)(faults - MOST_FAULTS));
	return !status && faults ? STATUS_NOT : status;
}

/* What was not understood, or not copied. Returns the exit status. */
static int tell_losses(struct run_state *s, const char *path, int status)
{
	uint64_t unfit = sonde_reader_stats(s->copy.reader).unfit_times;
	if (unfit)
		message("%s: frames over 292 years from 1970, which are shown and copied without a time: %llu",
			files_name(path), (unsigned long long)unfit);
	if (s->copy.not_copied)
		message("%s: blocks that are not copied, being of the other byte order: %llu", files_name(path),
			(unsigned long long)s->copy.not_copied);
	s->copy.not_copied = 0;
	return unfit && !status ? STATUS_NOT : status;
}

static int read_capture(struct run_state *s, const char *path, int fd)
{
	struct sonde_error e = { 0 };
	const struct sonde_input_growth *growth = s->r->tail ? &s->tail.growth : NULL;
	if (sonde_reader_take_growing(&s->copy.reader, fd, files_name(path), s->filter, growth, &e))
		return stop_requested() ? 0 : open_failed(&e);
	if (s->copy.writer)
		sonde_reader_on_block(s->copy.reader, copy_block, &s->copy);
	int status = tell_losses(s, path, read_records(s));
	if (s->tail.failed)
		status = STATUS_SYSTEM;
	else if (s->tail.is_told && !status)
		status = STATUS_NOT;
	sonde_reader_close(s->copy.reader);
	s->copy.reader = NULL;
	s->iface = NULL;
	return status;
}

/* One frame of a dump was read. Its time is that of reading it: a dump tells none. */
static int take_dumped(struct run_state *s, struct sonde_view bytes)
{
	struct sonde_record rec = {
		.time = sonde_clock_real(), .bytes = bytes, .wire_len = (uint32_t)bytes.len,
		.link = (uint16_t)sonde_number_in(s->r->hex, SONDE_SPACE_LINK, SONDE_LINK_RAW),
	};
	return take_record(s, &rec, s->r->hex->ids[0]);
}

/* Say what is wrong with a dump, if something is; got is what reading it ended with. Returns the exit status. */
static int end_of_dump(const struct hexdump *dump, const char *name, int got, bool empty)
{
	if (got == SONDE_E_MALFORMED)
		message("%s, line %lu: %s", name, dump->line_number, dump->what);
	else if (got < 0 && got != SONDE_E_SPACE)
		message("cannot read %s: %s", name, strerror(-got));
	else if (got < 0)
		message("%s: a packet is longer than %d bytes", name, SONDE_MAX_FRAME);
	else if (empty)
		message("%s: no hex dump in it: nothing that begins with pairs of hex digits", name);
	return got < 0 || empty ? STATUS_USAGE : 0;
}

static int read_dump(struct run_state *s, const char *path, FILE *in)
{
	static uint8_t room[SONDE_MAX_FRAME];
	static char buffer[1 << 16]; /* stdio would look at the descriptor before it takes its own */
	struct sonde_buf b = { room, 0, sizeof room };
	struct hexdump dump = { .lines.in = in };
	uint64_t before = s->ledger.read;
	int got = 0, status = 0;
	if (!in)
		return message_out_of_memory();
	setvbuf(in, buffer, _IOFBF, sizeof buffer);
	while (!status && !enough(s) && (got = hexdump_next(&b, &dump)) == 1)
		status = take_dumped(s, sonde_view(room, b.len));
	if (!status && !stop_requested())
		status = end_of_dump(&dump, files_name(path), got, s->ledger.read == before);
	hexdump_close(&dump);
	if (in != stdin)
		fclose(in);
	return status;
}

static int read_input(struct run_state *s, unsigned i)
{
	const char *path = s->r->files[i];
	int fd = s->r->inputs[i].fd;
	if (fd < 0) {
		struct sonde_error e = { 0 };
		sonde_fail(&e, fd, "cannot read %s: %s", path, sonde_strerror(fd));
		return open_failed(&e);
	}
	fd = stop_input(fd, s->r->inputs[i].may_wait);
	if (s->r->hex)
		return read_dump(s, path, fd == STDIN_FILENO ? stdin : s->r->inputs[i].stream);
	int status = read_capture(s, path, fd);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

static void print_result(struct run_state *s, int status)
{
	FILE *out = s->prints_text ? stdout : stderr;
	if (s->o->json) {
		summary_begin(&s->printer.json, "read", sonde_clock_real());
		ledger_json(&s->printer.json, &s->ledger);
		if (s->r->coverage)
			ledger_json_coverage(&s->printer.json, &s->ledger);
		if (s->printer.stats)
			stats_json(&s->printer.json, s->printer.stats);
		if (s->live)
			live_json(&s->printer.json, s->live);
		summary_end(&s->printer.json, s->end, status);
		return;
	}
	if (s->r->count)
		fprintf(out, "%llu\n", (unsigned long long)s->ledger.read);
	if (s->r->coverage)
		ledger_print_coverage(out, &s->ledger);
	fflush(stdout);
	if (s->o->verbosity >= 0 && (s->any || status < STATUS_USAGE))
		ledger_print(stderr, &s->ledger);
	if (s->live)
		live_print(stderr, s->live, s->o->verbosity >= 0);
}

static int finish(struct run_state *s, int status)
{
	if (status >= STATUS_USAGE && !s->live && !s->r->tail) {
		sonde_writer_discard(s->copy.writer);
		s->copy.writer = NULL;
	}
	int ended = print_end(&s->printer);
	status = record_close(s->copy.writer, ended > status ? ended : status);
	broker_stop(&s->broker);
	print_result(s, status);
	print_close(&s->printer);
	sonde_filter_free(s->filter);
	return status;
}

/* Names in the filter are looked up now. */
static int compile_filter(struct run_state *s)
{
	struct sonde_error e;
	if (!s->r->filter_len)
		return 0;
	if (sonde_filter_new(&s->filter, s->r->filter))
		return message_out_of_memory();
	if (!filter_names_prepare_all(s->filter, &e))
		return 0;
	message_error(&e);
	return e.code == SONDE_E_SYNTAX ? STATUS_USAGE : STATUS_SYSTEM;
}

static int enter_sandbox(struct run_state *s, const char *name)
{
	int status = 0;
	if (s->copy.writer && sandbox_wanted(&status, s->o)) {
		s->broker.output = sonde_writer_output(s->copy.writer);
		status = broker_start(&s->broker);
	}
	tzset();
	return status ? status : sandbox_enter(name, s->o, s->copy.writer);
}

static int open_outputs(struct run_state *s, char **argv)
{
	int status = 0;
	for (unsigned i = 0; i < s->r->n_files && !status; i++)
		status = files_refuse_itself(s->o->write, s->r->files[i]);
	if (!status)
		status = record_open(&s->copy.writer, s->o, argv, s->o->n_ifaces || s->r->tail);
	return status ? status : print_open(&s->printer, s->o, s->r);
}

/* Frames that are written as they come are not printed unless that was asked for: printing takes longer. */
static bool counts_alone(const struct options *o, const struct read_options *r)
{
	bool writes = o->n_ifaces && o->write && !r->has_form && !o->json;
	return (r->count || writes) && !r->coverage;
}

static void begin(struct run_state *s, char **argv)
{
	const struct run run = { .cmd = "read", .argv = argv, .seed = s->o->seed, .iface = s->o->iface,
				 .uid = s->o->uid, .time_ns = sonde_clock_real() };
	if (s->o->json)
		summary_run(&s->printer.json, &run);
}

/* Nothing was read. */
static int give_up(struct run_state *s, int status)
{
	status = record_close(s->copy.writer, status);
	print_close(&s->printer);
	sonde_filter_free(s->filter);
	return status;
}

static int read_live(struct run_state *s, char **argv)
{
	int status = live_open(&s->live, s);
	if (!status)
		status = enter_sandbox(s, "read-live");
	if (status) {
		live_close(s->live);
		return give_up(s, status);
	}
	begin(s, argv);
	status = live_run(s->live);
	if (s->end == LOOP_INTERRUPTED && !s->any && !status)
		status = STATUS_INTERRUPTED;
	status = finish(s, status);
	live_close(s->live);
	return status;
}

static int read_files(struct run_state *s, char **argv)
{
	int rc = stop_catch();
	if (rc < 0)
		message_code(rc, "cannot catch signals");
	int status = compile_filter(s);
	if (s->r->tail)
		tail_open(&s->tail, s->r->files[0], s->r->inputs[0].fd, s->copy.writer);
	if (!status)
		status = enter_sandbox(s, "read");
	if (status)
		return give_up(s, status);
	begin(s, argv);
	for (unsigned i = 0; i < s->r->n_files && status != STATUS_SYSTEM && !enough(s); i++) {
		int one = read_input(s, i);
		status = one > status ? one : status;
	}
	s->end = stop_requested() ? LOOP_INTERRUPTED : status ? LOOP_ERROR : LOOP_COMPLETE;
	if (stop_requested() && !s->any && !status)
		status = STATUS_INTERRUPTED;
	tail_close(&s->tail);
	return finish(s, status);
}

int read_run(const struct options *o, struct read_options *r, char **argv)
{
	struct run_state s = { .o = o, .r = r, .prints_text = !options_write_stdout(o),
			       .ledger.only_counts = counts_alone(o, r) };
	inputs_open(r);
	if (!o->n_ifaces && !r->tail && !inputs_may_wait(r))
		output_in_blocks();
	int status = open_outputs(&s, argv);
	if (status)
		return status;
	return o->n_ifaces ? read_live(&s, argv) : read_files(&s, argv);
}
