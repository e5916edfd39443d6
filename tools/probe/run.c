/* sonde probe: the engine, run on the network, and the packets that it would send. */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/hash.h"
#include "io/clock.h"
#include "io/memory.h"
#include "io/privilege.h"
#include "io/refusal.h"
#include "tools/common/drive.h"
#include "tools/common/files.h"
#include "tools/common/forwarder.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/probe/frames.h"
#include "tools/probe/live.h"
#include "tools/probe/past.h"
#include "tools/probe/state.h"

#define NEIGHBOUR_NS (3500 * SONDE_MS) /* where the kernel asks: three times, a second apart */
#define SNAP        256                /* bytes of an answer: headers, and what an error quotes */
#define CAREFUL_PPS 1000               /* to addresses of others, without consent */
#define PROGRESS_NS (200 * SONDE_MS)
#define SAVE_NS     (2 * SONDE_S)      /* from one saved state to the next at least, */
#define SAVE_SHARE  20                 /* and so many times as long as saving takes */

struct run_state {
	struct options own; /* whose seed is that of the run that is resumed */
	const struct options *o;
	const struct probe_options *po;
	struct sonde_scan scan;
	void *memory;
	size_t size; /* bytes of it */
	struct sonde_session *session;
	struct broker broker;
	struct forwarder forwarder;
	struct sonde_writer *writer;
	struct loop loop;
	struct loop_timer progress;
	struct overlay overlay;
	struct drive drive;
	struct probe_connects connects;
	struct probe_cross cross;
	struct probe_banners banners;
	struct sonde_transport transport;
	struct names names;
	struct probe_printer t;
	char **argv;
	FILE *baseline_file; /* or NULL */
	char baseline_buffer[1 << 16];
	struct probe_past baseline;
	struct state state;
	struct loop_timer save;
	struct probe_live live;
	struct probe_frames frames; /* with -w and --json */
	bool has_begun;
	uint64_t n_refused[SONDE_N_REFUSALS];
};

static bool all_own(const struct sonde_hosts *h)
{
	for (uint32_t i = 0; i < h->n_spans; i++)
		if (!sonde_addr_is_own_range(&h->spans[i].first))
			return false;
	return true;
}

/* 0 without --set. */
static uint64_t overlay_number(const struct options *o)
{
	struct sonde_key key = { 0, o->n_set };
	for (unsigned i = 0; i < o->n_set; i++)
		key.k0 = sonde_siphash(key, sonde_view(o->set[i], strlen(o->set[i])));
	return key.k0;
}

struct sonde_scan_options probe_engine_options(const struct options *o, const struct probe_options *po)
{
	const uint64_t few = 1u << 22;
	struct sonde_scan_options eo = {
		.hosts = po->hosts.set,
		.ports = po->ports.list,
		.n_ports = po->ports.n,
		.payloads = po->ports.payloads,
		.seed = o->seed,
		.shard = po->shard,
		.n_shards = po->n_shards,
		.gap_ns = options_gap(o, o->interval_ns),
		.wait_ns = o->wait_ns,
		.tries = (unsigned)po->tries,
		.ttl = (uint8_t)po->ttl,
		.overlay = overlay_number(o),
	};
	if (!all_own(&po->hosts.set) && !o->authorised)
		eo.most_pps = CAREFUL_PPS;
	/* Then the kernel sends another SYN of its own (RFC 6298, 2). */
	if (probe_connects_wanted(po) && eo.wait_ns > SONDE_S)
		eo.wait_ns = SONDE_S;
	eo.has_ttls = sonde_scan_targets(&eo) <= few && !probe_connects_wanted(po);
	return eo;
}

/* --- Hooks ------------------------------------------------------------------------------------------------------- */

/* What --set may not write over, for verdicts would be wrong. */
int probe_check_overlaid(const struct sonde_scan *scan, struct sonde_packet *p, uint64_t id)
{
	if (sonde_scan_still_asks(scan, id, p))
		return 0;
	message("--set: answers are told by the destination, the ports, the numbers and the flags, which stay as they "
		"are");
	return STATUS_USAGE;
}

static int on_built(void *arg, struct sonde_packet *p, uint64_t id)
{
	struct run_state *s = arg;
	return s->o->n_set ? probe_check_overlaid(&s->scan, p, id) : 0;
}

/* The cause of a refusal, the first time. */
static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	struct run_state *s = arg;
	enum sonde_refusal why = sonde_refusal(e->code);
	(void)id;
	if (e->code != SONDE_E_NO_NEIGHBOUR && s->n_refused[why]++ == 0)
		message_error(e);
	return 0;
}

static void on_events(void *arg)
{
	struct run_state *s = arg;
	struct sonde_scan_verdict v;
	while (sonde_scan_next_event(&s->scan, &v)) {
		probe_form_event(&s->t, &v);
		probe_live_event(&s->live, &v);
		probe_frames_put(&s->frames, &v);
	}
	if (s->po->form == PROBE_LIST)
		fflush(stdout);
}

/* Only a whole run can be compared with. */
static int read_baseline(struct run_state *s)
{
	const char *name = s->po->baseline;
	int status = probe_past_read(&s->baseline, s->baseline_file, name);
	if (!status && s->baseline.n_ended < s->baseline.n_runs)
		message("%s: the run in it has no summary", files_name(name));
	if (!status && (s->baseline.n_damaged || s->baseline.n_ended < s->baseline.n_runs))
		status = STATUS_USAGE;
	s->t.baseline = &s->baseline;
	return status ? status : probe_past_arrange(&s->baseline);
}

/* --- What a later run goes on from ------------------------------------------------------------------------------- */

static int tell_unsaved(const struct run_state *s, int code)
{
	message_code(code, "--resume: cannot write %s", s->po->resume);
	return STATUS_SYSTEM;
}

/* A part of the state, and soon the next; once it is whole, a rest. */
static void on_save(void *arg)
{
	struct run_state *s = arg;
	int got = state_write_part(&s->state);
	sonde_time now = sonde_clock_monotonic(), rest = SAVE_SHARE * s->state.busy_ns;
	if (got < 0) {
		s->drive.status = tell_unsaved(s, got);
		loop_stop(&s->loop, LOOP_ERROR);
		return;
	}
	if (!got)
		s->state.busy_ns = 0;
	loop_set(&s->loop, &s->save, got ? now : now + (rest > SAVE_NS ? rest : SAVE_NS));
}

/* The seed is known by now. */
static int init_again(void *arg)
{
	struct run_state *s = arg;
	struct sonde_scan_options eo = probe_engine_options(s->o, s->po);
	sonde_scan_init(&s->scan, &eo, s->memory, sonde_clock_monotonic());
	return 0;
}

static int resume(struct run_state *s)
{
	int status = s->state.file.in ? state_read(&s->state, &s->own.seed, s->o->has_seed, init_again, s) : 0;
	s->t.is_resumed = s->state.file.in;
	s->t.past_took_ns = s->state.past_took_ns;
	s->save = (struct loop_timer){ .fn = on_save, .arg = s };
	if (!status)
		loop_set(&s->loop, &s->save, sonde_clock_monotonic() + SAVE_NS);
	return status;
}

/* connect(2) is not told in time that the next hop does not tell its link address: the kernel's table knows it. */
static void find_down(struct run_state *s)
{
	struct sonde_scan_host h;
	for (uint64_t host = 0; host < s->t.r.n_hosts; host++) {
		sonde_scan_host(&h, &s->scan, host);
		struct sonde_addr a = s->t.r.addr(&s->t.r, host);
		if (!h.asked || h.is_down || h.states[SONDE_STATE_FILTERED] < h.asked ||
		    !sonde_session_lacks_hop(s->session, &a))
			continue;
		sonde_scan_put_down(&s->scan, host);
		s->scan.counts.down++;
	}
}

/* What is known at the end, whatever ended it. */
static void save_last(struct run_state *s)
{
	int err = s->po->resume && s->has_begun ? state_write(&s->state) : 0;
	if (err && !s->drive.status)
		s->drive.status = tell_unsaved(s, err);
}

static int on_begin(void *arg)
{
	struct run_state *s = arg;
	int status = s->baseline_file ? read_baseline(s) : 0;
	if (!status && s->po->resume)
		status = resume(s);
	if (status)
		return status;
	s->has_begun = true;
	probe_print_begin(&s->t, s->argv);
	if (s->t.is_resumed) {
		probe_form_known(&s->t);
		probe_live_known(&s->live);
	}
	return 0;
}

static void on_quit(void *arg)
{
	struct run_state *s = arg;
	/* The screen shows it all the time. */
	if (!s->po->live)
		probe_print_progress(&s->t, true);
}

static void on_progress(void *arg)
{
	struct run_state *s = arg;
	probe_print_progress(&s->t, false);
	loop_set(&s->loop, &s->progress, sonde_clock_monotonic() + PROGRESS_NS);
}

static const struct drive_ops drive_ops = {
	.on_begin = on_begin,
	.on_built = on_built,
	.on_refused = on_refused,
	.on_events = on_events,
	.on_quit = on_quit,
};

/* --- The whole --------------------------------------------------------------------------------------------------- */

static int open_scan(struct run_state *s)
{
	struct sonde_scan_options eo = probe_engine_options(s->o, s->po);
	s->size = sonde_scan_memory(&eo);
	if (!s->size) {
		message("more than 2^40 targets in one run: divide them with --shard K/N");
		return STATUS_USAGE;
	}
	s->memory = sonde_memory_alloc(s->size);
	if (!s->memory)
		return message_out_of_memory();
	sonde_scan_init(&s->scan, &eo, s->memory, sonde_clock_monotonic());
	return 0;
}

static int open_baseline(struct run_state *s)
{
	s->baseline_file = files_open(s->po->baseline);
	if (!s->baseline_file)
		return STATUS_SYSTEM;
	/* It is read in the sandbox, where stdio may not ask how large a buffer the file wants. */
	setvbuf(s->baseline_file, s->baseline_buffer, _IOFBF, sizeof s->baseline_buffer);
	return files_refuse_itself(s->o->write, s->po->baseline);
}

static struct sonde_session_options session_options(const struct run_state *s)
{
	const struct options *o = s->o;
	bool connects = probe_connects_wanted(s->po);
	return (struct sonde_session_options){
		.iface = o->iface,
		.source = o->source,
		.seed = o->seed,
		.broadcast = o->broadcast,
		.resolves = !connects,
		.asks_anew = s->po->discover,
		.neighbour_ns = NEIGHBOUR_NS,
		.snap = o->write ? 0 : SNAP,
		.least_port = o->write ? 0 : SONDE_FIRST_PORT,
		.answers_only = !o->write,
		.forwarder = s->forwarder.is_useful && !connects ? &s->forwarder.ops : NULL,
	};
}

static int begin(struct run_state *s, char **argv)
{
	const struct options *o = s->o;
	bool connects = probe_connects_wanted(s->po);
	forwarder_open(&s->forwarder);
	const struct sonde_session_options so = session_options(s);
	int status = connects ? probe_connects_check(o, s->po) : overlay_open(&s->overlay, o);
	if (!status)
		status = open_scan(s);
	if (!status && !connects && !sonde_privilege_has_raw()) {
		message("cannot open a packet socket: need CAP_NET_RAW (run as root, or try: sonde lab run sonde "
			"probe ...)");
		status = STATUS_SYSTEM;
	}
	if (!status && s->po->baseline)
		status = open_baseline(s);
	if (!status && s->po->resume) {
		s->state.scan = &s->scan;
		s->state.argv = argv;
		status = state_file_open(&s->state.file, s->po->resume, o);
	}
	if (!status && s->po->banner)
		status = probe_banners_open(&s->banners, o);
	if (!status && s->po->cross_check)
		status = probe_cross_open(&s->cross, s->po);
	if (!status)
		status = record_open(&s->writer, o, argv, true);
	if (!status)
		status = session_open(&s->session, &s->broker, &so, o, s->writer);
	if (!status && connects)
		status = probe_connects_open(&s->connects, &s->scan, o, sonde_session_chosen(s->session));
	if (!status && s->writer && o->json)
		status = probe_frames_open(&s->frames, s->po->ports.n);
	if (status)
		return status;
	tzset();
	if (!connects)
		sonde_drive_listen(s->session, &s->po->hosts.set.spans[0].first);
	s->t = (struct probe_printer){ .o = o,
				       .po = s->po,
				       .scan = &s->scan,
				       .r = probe_results_of(&s->scan),
				       .names = o->names ? &s->names : NULL,
				       .writer = s->writer,
				       .frames = &s->frames,
				       .cross = s->cross.is_on ? &s->cross : NULL,
				       .began_at = sonde_clock_monotonic() };
	s->state.began_at = s->t.began_at;
	return 0;
}

/* Everything was asked, and nothing is in doubt: 0. */
static int judge(const struct run_state *s, enum loop_end end)
{
	if (s->drive.status)
		return s->drive.status;
	if (end == LOOP_INTERRUPTED && !s->scan.counts.answers)
		return STATUS_INTERRUPTED;
	return s->scan.is_done && !s->po->hosts.n_unresolved ? STATUS_DONE : STATUS_NOT;
}

/* The loop, and the screen in it. */
static int open_loop(struct run_state *s)
{
	int err = loop_open(&s->loop);
	if (err) {
		message_code(err, "cannot set up the event loop");
		return STATUS_SYSTEM;
	}
	s->progress = (struct loop_timer){ .fn = on_progress, .arg = s };
	if (isatty(STDERR_FILENO) && s->o->verbosity >= 0 && !s->po->live)
		loop_set(&s->loop, &s->progress, sonde_clock_monotonic() + SONDE_S);
	int status = s->po->live ? probe_live_open(&s->live, &s->t, &s->loop) : 0;
	if (status)
		loop_close(&s->loop);
	return status;
}

static const char *sandbox_name(const struct run_state *s)
{
	if (s->connects.connects)
		return "probe-user";
	return s->po->live ? "probe-live" : "probe";
}

static int go(struct run_state *s, char **argv)
{
	int failed = open_loop(s);
	if (failed)
		return record_close(s->writer, failed);
	s->argv = argv;
	s->transport = probe_connects_transport(&s->connects);
	s->drive = (struct drive){
		.engine = &s->scan.engine,
		.session = s->session,
		.broker = &s->broker,
		.command = sandbox_name(s),
		.options = s->o,
		.loop = &s->loop,
		.ops = &drive_ops,
		.arg = s,
		.overlay = s->overlay.o ? &s->overlay : NULL,
		.writer = s->writer,
		.transport = s->connects.connects ? &s->transport : NULL,
	};
	enum loop_end end = drive_run(&s->drive, s->o->deadline_ns);
	s->t.ended_at = sonde_clock_monotonic();
	probe_live_close(&s->live);
	if (s->connects.connects && s->has_begun)
		find_down(s);
	save_last(s);
	if (s->po->banner && s->has_begun && end == LOOP_COMPLETE) {
		probe_banners_take(&s->banners, &s->t);
		s->t.banners = &s->banners;
	}
	int status = s->has_begun ? probe_print_end(&s->t, end, judge(s, end)) :
				    record_close(s->writer, s->drive.status);
	loop_close(&s->loop);
	return status;
}

int probe_run(const struct options *o, const struct probe_options *po, char **argv)
{
	static struct run_state s;
	s.state.fd = -1;
	s.own = *o;
	s.o = &s.own;
	s.po = po;
	int status = begin(&s, argv);
	status = status ? record_close(s.writer, status) : go(&s, argv);
	probe_connects_close(&s.connects);
	probe_cross_close(&s.cross);
	probe_banners_close(&s.banners);
	forwarder_close(&s.forwarder);
	sonde_session_close(s.session);
	broker_stop(&s.broker);
	sonde_memory_free(s.memory, s.size);
	names_close(&s.names);
	drive_close(&s.drive);
	overlay_close(&s.overlay);
	probe_past_free(&s.baseline);
	state_close(&s.state);
	probe_live_close(&s.live);
	probe_frames_close(&s.frames);
	if (s.baseline_file)
		files_close(s.baseline_file);
	return status;
}
