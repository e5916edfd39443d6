/* sonde ping --dry-run: the packets of one round, or of -c rounds, are built and shown. */
#include "io/clock.h"
#include "io/memory.h"
#include "packet/print.h"
#include "tools/common/drive.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/overlay.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/ping/ping.h"

struct dry {
	const struct options *o;
	struct sonde_session *session;
	struct broker broker; /* not started: nothing is sent */
	struct sonde_ping ping;
	void *memory; /* of it */
	struct overlay overlay;
	struct ping_printer t;
	uint64_t n; /* packets shown */
	uint8_t room[SONDE_MAX_FRAME];
	char text[SONDE_PRINT_ROOM];
};

static void show_as_json(struct dry *d, const struct sonde_packet *p, uint64_t id)
{
	struct json *j = &d->t.json;
	json_event(j, "ping", "sent", sonde_clock_real());
	ping_json_target(&d->t, (uint32_t)(id % d->ping.n_targets));
	json_uint(j, "seq", id / d->ping.n_targets + 1);
	json_str(j, "packet", d->text);
	json_hex(j, "hex", sonde_view(p->data, p->len));
	json_ends(j, p);
	if (d->t.writer)
		json_uint(j, "frame", d->n);
	json_end(j);
}

static int show(struct dry *d, struct sonde_packet *p, uint64_t id)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	struct sonde_text out = sonde_text(d->text, sizeof d->text);
	int status = overlay_apply(&d->overlay, p, id, &d->ping.targets[id % d->ping.n_targets].addr);
	if (status)
		return status;
	sonde_session_prepare(&plan, d->session, p, id, &e);
	struct sonde_record r = {
		.time = sonde_clock_real(),
		.bytes = sonde_view(p->data, p->len),
		.wire_len = p->len,
		.link = record_link(p),
	};
	status = record_write(d->t.writer, "", &r);
	sonde_print(&out, p);
	sonde_print_for_shell(&out, 0);
	d->n++;
	if (d->o->json) {
		show_as_json(d, p, id);
	} else if (ping_prints_text(&d->t) && d->o->verbosity >= 0) {
		printf("> %s\n", d->text);
		output_tree(p);
		putchar('\n');
	}
	return status;
}

/* The clock jumps to the next deadline: no round is waited for, and old entries are freed. */
static int show_all(struct dry *d)
{
	struct sonde_engine *engine = &d->ping.engine;
	struct sonde_ping_event ignored;
	struct sonde_packet p;
	sonde_time now;
	while ((now = engine->ops->next_deadline(engine)) != SONDE_NEVER) {
		struct sonde_batch b = { .packet = &p };
		sonde_packet_init(&p, d->room, sizeof d->room);
		int got = engine->ops->next_batch(engine, &b, now);
		int status = got == 1 ? show(d, &p, b.items[0].id) : 0;
		if (got < 0) {
			message_code(got, "cannot build the packet");
			status = STATUS_USAGE;
		}
		if (status)
			return status;
		engine->ops->on_time(engine, now);
		while (sonde_ping_next_event(&d->ping, &ignored))
			continue;
	}
	return STATUS_DONE;
}

static int begin(struct dry *d, const struct ping_options *po, char **argv)
{
	struct sonde_session_options so = { .iface = d->o->iface, .source = d->o->source, .seed = d->o->seed,
					    .fragment = SONDE_FRAGMENT_MTU, .offline = true };
	struct sonde_ping_options eo = ping_engine_options(d->o, po);
	int status = overlay_open(&d->overlay, d->o);
	if (!status)
		status = session_open(&d->session, &d->broker, &so, d->o, NULL);
	struct sonde_writer *writer = NULL;
	if (!status)
		status = record_open(&writer, d->o, argv, false);
	if (status)
		return status;
	eo.rounds = eo.rounds ? eo.rounds : 1;
	d->memory = sonde_memory_alloc(sonde_ping_memory(po->targets.n));
	if (!d->memory)
		return message_out_of_memory();
	sonde_ping_init(&d->ping, &eo, po->targets.addrs, po->targets.n, d->memory, sonde_clock_monotonic());
	d->t = (struct ping_printer){
		.o = d->o, .po = po, .ping = &d->ping, .writer = writer, .one = !ping_has_many(po)
	};
	ping_print_begin(&d->t, argv);
	return 0;
}

static int end(struct dry *d, int status)
{
	status = record_close(d->t.writer, status);
	if (d->o->json) {
		summary_begin(&d->t.json, "ping", sonde_clock_real());
		json_uint(&d->t.json, "targets", d->ping.n_targets);
		json_uint(&d->t.json, "packets", d->n);
		summary_end(&d->t.json, status ? LOOP_ERROR : LOOP_COMPLETE, status);
	}
	json_close(&d->t.json);
	return status;
}

int ping_dry(const struct options *o, const struct ping_options *po, char **argv)
{
	static struct dry d;
	d.o = o;
	int status = begin(&d, po, argv);
	if (!status)
		status = end(&d, show_all(&d));
	sonde_session_close(d.session);
	sonde_memory_free(d.memory, sonde_ping_memory(po->targets.n));
	overlay_close(&d.overlay);
	return status;
}
