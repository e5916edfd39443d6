/* sonde send --dry-run: build everything, send nothing. */
#include <string.h>

#include "io/clock.h"
#include "packet/fragment.h"
#include "tools/common/message.h"
#include "tools/common/record.h"
#include "tools/common/session.h"
#include "tools/common/status.h"
#include "tools/send/send.h"

/* A piece that is only shown. */
struct showing {
	struct source *source;
	struct teller *t;
	const struct sonde_packet *whole;
	const char *via;
	int status;
};

static int show_piece(void *arg, const uint8_t *bytes, uint32_t len, struct sonde_error *e)
{
	struct showing *s = arg;
	struct sonde_packet piece = *s->whole;
	const struct sonde_spec *spec = &s->source->spec;
	const struct sonde_spec_frame *f = &spec->frame;
	char iface[SEND_IFACE_LEN];
	uint32_t link = f->has_link ? f->link : record_link(s->whole), missing = s->whole->missing;
	(void)e;
	/* Fragments are packets of their own. */
	if (bytes != s->whole->data) {
		sonde_dissect(&piece, bytes, len, len + missing, (struct sonde_id){ SONDE_SPACE_LINK, link });
		sonde_infer(&piece);
	}
	tell_dry(s->t, s->source->n, &piece, spec, s->via);
	struct sonde_record r = {
		.time = f->has_time ? f->time : sonde_clock_real(),
		.bytes = sonde_view(bytes, len),
		.wire_len = len + missing,
		.link = (uint16_t)link,
		.direction = f->dir,
		.comment = sonde_view(f->comment_len ? spec->bytes + f->comment : NULL, f->comment_len),
	};
	s->status = record_keep(s->t->writer, tell_iface(iface, spec), &r);
	return s->status;
}

static int show_dry(struct source *s, struct teller *t, struct sonde_session *session, struct sonde_packet *p)
{
	struct sonde_plan plan;
	struct sonde_error e = { 0 };
	sonde_session_prepare(&plan, session, p, s->n - 1, &e);
	if (s->o->verbosity > 0)
		tell_path(&plan);
	struct showing show = { s, t, p, plan.path.socket == SONDE_SOCKET_PACKET ? "link" : "raw", 0 };
	int err = send_pieces(s->so, p, sonde_fragment_id(s->o->seed, s->n - 1), show_piece, &show, &e);
	if (err && !show.status) {
		message_error(&e);
		return STATUS_USAGE;
	}
	return show.status;
}

int send_dry(struct source *s, struct teller *t)
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
	int got = 0, status = session_open(&session, &o);
	sonde_packet_init(&p, room, sizeof room);
	while (!status && (got = source_next(s, &p)) == 1)
		status = show_dry(s, t, session, &p);
	sonde_session_close(session);
	if (got > 1)
		status = got;
	const struct counters c = { .left_out = s->left_out, .no_flow = s->no_flow };
	return teller_close(t, &c, status ? LOOP_ERROR : LOOP_COMPLETE, status);
}
