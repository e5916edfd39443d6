/* sonde read: the run through all files. */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/file_read.h"
#include "io/file_write.h"
#include "packet/pattern.h"
#include "tools/common/broker.h"
#include "tools/common/hexdump.h"
#include "tools/common/ledger.h"
#include "tools/common/files.h"
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
static int show_packet(struct run_state *s, struct sonde_packet *p, const struct sonde_record *rec)
{
	s->any = true;
	if (s->ledger.only_counts) {
		s->ledger.read++;
		return 0;
	}
	ledger_count(&s->ledger, p);
	if (s->r->coverage)
		ledger_cover(&s->ledger, p);
	const struct print_frame f = {
		.packet = p, .record = rec, .iface = s->iface, .number = s->n_seen,
		.several_ifaces = s->copy.reader && sonde_reader_interface(s->copy.reader, 1),
		.copy_number = s->copy.writer ? sonde_writer_frames(s->copy.writer) + 1 : 0,
	};
	return print_frame(&s->printer, &f);
}

int run_show(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	struct sonde_packet p;
	s->n_seen++;
	if (s->ledger.only_counts && !s->r->matches) {
		s->any = true;
		s->ledger.read++;
		return 0;
	}
	sonde_dissect(&p, rec->bytes.data, (uint32_t)rec->bytes.len, rec->wire_len, first);
	if (s->r->matches && !sonde_pattern_match(&s->r->match, &p))
		return RUN_LEFT_OUT;
	return show_packet(s, &p, rec);
}

static int take_record(struct run_state *s, const struct sonde_record *rec, struct sonde_id first)
{
	int status = run_show(s, rec, first);
	if (status == RUN_LEFT_OUT)
		return 0;
	return status || !s->copy.writer ? status : copy_record(&s->copy, rec);
}

static bool enough(const struct run_state *s)
{
	return stop_requested() || (s->o->count && s->ledger.read >= s->o->count);
}

/* Take frames until there is enough. */
static int take_records(void *arg, const struct sonde_record *records, int n)
{
	struct run_state *s = arg;
	if (s->ledger.only_counts && !s->r->matches && !s->copy.writer && !s->o->count) {
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
	return !status && enough(s) ? CAPTURES_ENOUGH : status;
}

static void take_file(void *arg, struct sonde_reader *r)
{
	struct run_state *s = arg;
	s->copy.reader = r;
	s->iface = NULL;
	if (r && s->copy.writer)
		sonde_reader_on_block(r, copy_block, &s->copy);
}

static int read_capture(struct run_state *s, unsigned i, int fd)
{
	const struct captures_taker taker = { .arg = s, .opened = take_file, .take = take_records };
	int status = captures_read_one(&s->r->captures, i, fd, &taker);
	if (s->copy.not_copied)
		message("%s: blocks that are not copied, being of the other byte order: %llu",
			files_name(s->r->captures.files[i]), (unsigned long long)s->copy.not_copied);
	s->copy.not_copied = 0;
	if (s->tail.failed)
		return STATUS_SYSTEM;
	return s->tail.is_told && !status ? STATUS_NOT : status;
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
	int fd = captures_input(&s->r->captures, i);
	if (fd < 0)
		return -fd;
	if (s->r->hex)
		return read_dump(s, s->r->captures.files[i], fd == STDIN_FILENO ? stdin : s->r->dumps[i]);
	return read_capture(s, i, fd);
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
	bool is_full = s->copy.writer && sonde_writer_has_failed(s->copy.writer);
	if (status >= STATUS_USAGE && !is_full && !s->live && !s->r->tail) {
		sonde_writer_discard(s->copy.writer);
		s->copy.writer = NULL;
	}
	int ended = print_end(&s->printer);
	status = record_close(s->copy.writer, ended > status ? ended : status);
	broker_stop(&s->broker);
	print_result(s, status);
	print_close(&s->printer);
	captures_close(&s->r->captures);
	return status;
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
	for (unsigned i = 0; i < s->r->captures.n_files && !status; i++)
		status = files_refuse_itself(s->o->write, s->r->captures.files[i]);
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
	captures_close(&s->r->captures);
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
	int status = captures_compile(&s->r->captures);
	if (s->r->tail) {
		tail_open(&s->tail, s->r->captures.files[0], s->r->captures.inputs[0].fd, s->copy.writer);
		s->r->captures.growth = &s->tail.growth;
	}
	if (!status)
		status = enter_sandbox(s, "read");
	if (status)
		return give_up(s, status);
	begin(s, argv);
	for (unsigned i = 0; i < s->r->captures.n_files && status != STATUS_SYSTEM && !enough(s); i++) {
		int one = read_input(s, i);
		status = one > status ? one : status;
	}
	s->end = stop_requested() ? LOOP_INTERRUPTED : status ? LOOP_ERROR : LOOP_COMPLETE;
	if (stop_requested() && !s->any && !status)
		status = STATUS_INTERRUPTED;
	tail_close(&s->tail);
	return finish(s, status);
}

/* Before anything of them is read. */
static void open_inputs(struct read_options *r)
{
	captures_open(&r->captures);
	for (unsigned i = 0; r->hex && i < r->captures.n_files; i++)
		if (r->captures.inputs[i].fd > STDIN_FILENO)
			r->dumps[i] = fdopen(r->captures.inputs[i].fd, "r");
}

int read_run(const struct options *o, struct read_options *r, char **argv)
{
	struct run_state s = { .o = o, .r = r, .prints_text = !options_write_stdout(o),
			       .ledger.only_counts = counts_alone(o, r) };
	open_inputs(r);
	if (!o->n_ifaces && !r->tail && !captures_may_wait(&r->captures))
		output_in_blocks();
	int status = open_outputs(&s, argv);
	if (status)
		return status;
	return o->n_ifaces ? read_live(&s, argv) : read_files(&s, argv);
}
