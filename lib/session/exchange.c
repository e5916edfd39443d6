#include <errno.h>
#include <stdlib.h>

#include "io/clock.h"
#include "probe/asker.h"
#include "session/state.h"

/* The asker engine of a single packet. */
struct exchange {
	struct sonde_session *session;
	struct sonde_packet *packet;
	struct sonde_asker *asker; /* too big for a small stack */
	bool built;
	struct sonde_reply *reply; /* NULL: no answer is waited for */
};

/* The engine works on a copy, and `finished` copies it back to the caller. */
static int next(void *arg, struct sonde_batch *b, unsigned most)
{
	struct exchange *x = arg;
	(void)most;
	if (x->built)
		return 0;
	x->built = true;
	*b->packet = *x->packet;
	b->n = 1;
	return 1;
}

static void finished(void *arg, const struct sonde_packet *p)
{
	struct exchange *x = arg;
	struct sonde_packet *ours = x->packet;
	uint8_t *data = ours->data;
	uint32_t cap = ours->cap;
	/* A packet that waited for its next hop has its bytes in another buffer. */
	if (p->data != data)
		memcpy(data, p->data, p->len);
	*ours = *p;
	ours->data = data;
	ours->cap = cap;
}

static int on_refused(void *arg, uint64_t id, struct sonde_error *e)
{
	(void)arg;
	(void)id;
	return e->code;
}

/* Copy the answer: the frame's bytes are valid until the next frame is read. */
static void take_answer(struct exchange *x, const struct sonde_asker_event *e)
{
	struct sonde_reply *reply = x->reply;
	reply->match = e->match;
	reply->rtt_ns = e->stamp - e->sent_at;
	reply->kernel_clock = e->clock != SONDE_STAMP_USER;
	reply->packet = *e->packet;
	uint32_t len = e->packet->len < SONDE_MAX_FRAME ? e->packet->len : SONDE_MAX_FRAME;
	memcpy(x->session->reply, e->packet->data, len);
	reply->packet.data = x->session->reply;
}

static int on_events(void *arg)
{
	struct exchange *x = arg;
	struct sonde_asker_event e;
	while (sonde_asker_next_event(x->asker, &e)) {
		if (e.kind == SONDE_ASKER_ANSWER && e.is_first)
			take_answer(x, &e);
		else if (e.kind == SONDE_ASKER_SILENCE && x->reply)
			x->reply->match.remark = e.remark;
	}
	return 0;
}

static int do_exchange(struct exchange *x, sonde_time wait_ns, struct sonde_error *e)
{
	const struct sonde_asker_options o = {
		.wait_ns = wait_ns, .replies = 1, .waits = x->reply != NULL, .seed = x->session->o.seed
	};
	const struct sonde_asker_source source = { .arg = x, .next = next, .finished = finished };
	const struct sonde_drive_options run = {
		.sends_only = !o.waits, .arg = x, .on_refused = on_refused, .on_events = on_events
	};
	struct sonde_drive *d;
	x->asker = malloc(sizeof *x->asker);
	if (!x->asker)
		return sonde_fail(e, -ENOMEM, "out of memory");
	sonde_asker_init(x->asker, &o, &source, sonde_clock_monotonic());
	int got = sonde_drive_open(&d, x->session, &x->asker->engine, &run);
	if (got) {
		free(x->asker);
		return sonde_fail(e, got, "out of memory");
	}
	while ((got = sonde_drive_turn(d, e)) == 1)
		sonde_drive_wait(d, SONDE_NEVER);
	sonde_drive_close(d);
	sonde_asker_free(x->asker);
	free(x->asker);
	return got;
}

int sonde_session_send(struct sonde_session *s, struct sonde_packet *p, struct sonde_error *e)
{
	struct exchange x = { .session = s, .packet = p };
	return do_exchange(&x, 0, e);
}

int sonde_session_exchange(struct sonde_reply *out, struct sonde_session *s, struct sonde_packet *p,
			   sonde_time timeout_ns, struct sonde_error *e)
{
	struct exchange x = { .session = s, .packet = p, .reply = out };
	struct sonde_question q;
	memset(out, 0, sizeof *out);
	out->rtt_ns = -1;
	if (sonde_question_of(&q, p))
		return sonde_fail(e, SONDE_E_UNSUPPORTED, "without IP or ARP, nothing can be known to answer it");
	int err = do_exchange(&x, timeout_ns, e);
	if (err)
		return err;
	sonde_question_of(&q, p);
	out->pair = sonde_question_pair(&q);
	if (!out->match.rule)
		out->match.rule = sonde_rule_for(q.kind, SONDE_SILENCE, false);
	return 0;
}
