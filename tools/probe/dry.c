/* sonde probe --dry-run: the packets of the first pass are built and shown. */
#include "io/clock.h"
#include "io/memory.h"
#include "packet/print.h"
#include "tools/common/drive.h"
#include "tools/common/json_packet.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/record.h"
#include "tools/common/status.h"
#include "tools/common/summary.h"
#include "tools/probe/probe.h"

struct dry {
	const struct options *o;
	struct sonde_session *session;
	struct broker broker; /* not started: nothing is sent */
	struct sonde_scan scan;
	struct overlay overlay;
	struct probe_printer t;
	uint64_t n; /* packets shown */
	uint8_t room[SONDE_MAX_FRAME], stamped[SONDE_BATCH * SONDE_BATCH_FRAME];
	char text[SONDE_PRINT_ROOM];
};

static void show_as_json(struct dry *d, const struct sonde_packet *p, const struct sonde_addr *dst)
{
	struct json *j = &d->t.json;
	json_event(j, "probe", "sent", sonde_clock_real());
	json_addr(j, "target", dst);
	json_str(j, "packet", d->text);
	json_hex(j, "hex", sonde_view(p->data, p->len));
	json_ends(j, p);
	if (d->t.writer)
		json_uint(j, "frame", d->n);
	json_end(j);
}

/* Routes are not asked for: a dry run needs none. */
static int show(struct dry *d, struct sonde_packet *p, uint64_t id, const struct sonde_addr *dst)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	struct sonde_text out = sonde_text(d->text, sizeof d->text);
	int status = overlay_apply(&d->overlay, p, id, dst);
	if (!status && d->o->n_set)
		status = probe_check_overlaid(&d->scan, p, id);
	if (status)
		return status;
	int layer = 0, row = -1;
	sonde_session_prepare(&plan, d->session, p, id, &e);
	/* The payload is shown as whoever gets it reads it, unless the source stays open. */
	if (!sonde_next_open(p, &layer, &row)) {
		sonde_dissect(p, p->data, p->len, p->len, (struct sonde_id){ SONDE_SPACE_LINK, record_link(p) });
		sonde_infer(p);
	}
	struct sonde_record r = { .time = sonde_clock_real(),
				  .bytes = sonde_view(p->data, p->len),
				  .wire_len = p->len,
				  .link = record_link(p) };
	status = record_write(d->t.writer, "", &r);
	sonde_print(&out, p);
	d->n++;
	if (d->o->json) {
		show_as_json(d, p, dst);
	} else if (!options_write_stdout(d->o) && d->o->verbosity >= 0) {
		printf("> %s\n", d->text);
		if (d->o->verbosity > 0)
			output_tree(p);
	}
	return status;
}

static int show_all(struct dry *d)
{
	struct sonde_engine *e = &d->scan.engine;
	struct sonde_packet p;
	int status = 0;
	/* No template is made, for on_sent is not called: each packet is built. */
	while (!status && !d->scan.pass_is_sent) {
		struct sonde_batch b = { .packet = &p, .stamped = d->stamped };
		sonde_packet_init(&p, d->room, sizeof d->room);
		int got = e->ops->next_batch(e, &b, e->ops->next_deadline(e));
		if (got < 0) {
			message_code(got, "cannot build the packet");
			status = STATUS_USAGE;
		} else if (got == 1) {
			status = show(d, &p, b.items[0].id, &b.items[0].dst);
		}
	}
	return status;
}

static int finish(struct dry *d, int status)
{
	status = record_close(d->t.writer, status);
	if (d->o->json) {
		summary_begin(&d->t.json, "probe", sonde_clock_real());
		json_uint(&d->t.json, "targets", d->scan.o.hosts.n);
		json_uint(&d->t.json, "packets", d->n);
		summary_end(&d->t.json, status ? LOOP_ERROR : LOOP_COMPLETE, status);
	}
	json_close(&d->t.json);
	return status;
}

int probe_dry(const struct options *o, const struct probe_options *po, char **argv)
{
	static struct dry d;
	struct sonde_session_options so = { .iface = o->iface, .source = o->source, .seed = o->seed, .offline = true };
	struct sonde_scan_options eo = probe_engine_options(o, po);
	size_t size = sonde_scan_memory(&eo);
	void *memory = sonde_memory_alloc(size);
	if (!memory)
		return message_out_of_memory();
	d.o = o;
	sonde_scan_init(&d.scan, &eo, memory, sonde_clock_monotonic());
	d.t = (struct probe_printer){ .o = o, .po = po, .scan = &d.scan };
	int status = overlay_open(&d.overlay, o);
	if (!status)
		status = session_open(&d.session, &d.broker, &so, o, NULL);
	if (!status)
		status = record_open(&d.t.writer, o, argv, false);
	if (!status) {
		probe_print_begin(&d.t, argv);
		status = finish(&d, show_all(&d));
	}
	sonde_session_close(d.session);
	overlay_close(&d.overlay);
	sonde_memory_free(memory, size);
	return status;
}
