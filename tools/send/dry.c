/* sonde send --dry-run: build everything, send nothing. */
#include <string.h>

#include "packet/fragment.h"
#include "tools/common/drive.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/resolver.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/send/send.h"

/* Show a packet that begins with this link type, and write it to the file of -w. Returns 0 or an exit status. */
static int show(struct source *s, struct printer *t, const struct sonde_packet *p, uint32_t link,
		 const struct sonde_plan *plan)
{
	const struct sonde_spec_frame *f = &s->spec.frame;
	char iface[SEND_IFACE_LEN];
	print_dry_run(t, s->n, p, &s->spec, plan);
	struct sonde_record r = {
		.time = f->has_time ? f->time : 0,
		.timeless = !f->has_time, /* it was not sent */
		.bytes = sonde_view(p->data, p->len),
		.wire_len = frame_wire(p, &s->spec),
		.link = (uint16_t)link,
		.direction = f->dir,
		.comment = sonde_view(f->comment_len ? s->spec.bytes + f->comment : NULL, f->comment_len),
	};
	return record_write(t->writer, frame_iface(iface, &s->spec), &r);
}

static int show_fragments(struct source *s, struct printer *t, const struct sonde_packet *p, uint32_t link,
			  const struct sonde_plan *plan)
{
	static uint8_t room[SONDE_MAX_FRAME];
	struct sonde_fragments f;
	struct sonde_error e = { 0 };
	int len = 0, status = 0;
	int err = sonde_fragments_start(&f, p, s->so->fragment, sonde_fragment_id(s->o->seed, s->n - 1), false, &e);
	while (!err && !status && (len = sonde_fragments_next(&f, room, sizeof room)) > 0) {
		struct sonde_packet fragment = *p;
		sonde_dissect(&fragment, room, (uint32_t)len, (uint32_t)len + p->missing,
			      (struct sonde_id){ SONDE_SPACE_LINK, link });
		sonde_infer(&fragment);
		status = show(s, t, &fragment, link, plan);
	}
	if (!err && len >= 0)
		return status;
	message_error(&e);
	return STATUS_USAGE;
}

static int show_dry(struct source *s, struct printer *t, struct sonde_session *session, struct sonde_packet *p)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	sonde_session_prepare(&plan, session, p, s->n - 1, &e);
	if (s->o->verbosity > 0)
		print_path(&plan);
	uint32_t link = s->spec.frame.has_link ? s->spec.frame.link : record_link(p);
	return (s->so->fragment ? show_fragments : show)(s, t, p, link, &plan);
}

int send_dry(struct source *s, struct printer *t)
{
	const struct sonde_session_options o = { .iface = s->o->iface,
						 .source = s->o->source,
						 .via = s->so->via,
						 .seed = s->o->seed,
						 .fragment = SONDE_FRAGMENT_MTU,
						 .offline = true };
	static uint8_t room[SONDE_MAX_FRAME];
	struct sonde_session *session;
	struct sonde_packet p;
	struct broker broker = { 0 };
	int got = 0, status = session_open(&session, &broker, &o, s->o, t->writer);
	if (!status && s->text)
		resolver_start(); /* each line is parsed in the sandbox */
	if (!status)
		status = sandbox_enter("send", s->o, t->writer);
	if (!status)
		status = source_check(s);
	if (!status)
		printer_begin(t);
	sonde_packet_init(&p, room, sizeof room);
	while (!status && (got = source_next(s, &p)) == 1)
		status = show_dry(s, t, session, &p);
	sonde_session_close(session);
	if (got > 1)
		status = got;
	const struct counters c = { .left_out = s->left_out, .no_flow = s->no_flow };
	status = printer_close(t, &c, status ? LOOP_ERROR : LOOP_COMPLETE, status);
	broker_stop(&broker);
	return status;
}
