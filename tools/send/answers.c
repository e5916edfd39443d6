/* sonde send: who waits for a frame that came. */
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "packet/match.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/send/live.h"

static void forget(struct live *l, struct waiting **at)
{
	struct waiting *w = *at;
	*at = w->next;
	if (l->unstamped == w)
		l->unstamped = w->next;
	if (l->last == &w->next)
		l->last = at;
	free(w);
}

static void take_answer(struct live *l, struct waiting **at, const struct sonde_received *got,
			const struct sonde_match *m)
{
	struct waiting *w = *at;
	l->c.replies++;
	l->c.answered += w->replies++ == 0;
	tell_reply(l->t, &w->q, got, m, teller_next_frame(l->t));
	if (w->replies >= l->so->replies)
		forget(l, at);
}

/* The kernel's copy of a packet that was sent tells when it was. Copies come in the order of sending, so that the first
 * packet that still lacks one is the one, but for those that the kernel drops. */
static bool take_copy(struct live *l, const struct sonde_received *got)
{
	struct waiting *w = l->unstamped;
	while (w && (w->q.kernel_clock || !sonde_session_is_ours(got, sonde_view(w->bytes, w->len))))
		w = w->next;
	if (!w)
		return false;
	w->q.sent_at = got->record.time;
	w->q.kernel_clock = true;
	w->q.frame = teller_next_frame(l->t);
	while (l->unstamped && l->unstamped->q.kernel_clock)
		l->unstamped = l->unstamped->next;
	return true;
}

/* Who waits for this frame? The comment is the rule that an answer is judged by, else empty. */
static void take_frame(struct live *l, const struct sonde_received *got, char comment[static RECORD_SAID_LEN])
{
	struct sonde_match m;
	bool rejected = false;
	comment[0] = 0;
	if (take_copy(l, got))
		return;
	for (struct waiting **at = &l->first; *at; at = &(*at)->next) {
		if (sonde_match(&m, &(*at)->q.ask, &got->packet)) {
			take_answer(l, at, got, &m);
			record_verdict(comment, m.rule, "");
			return;
		}
		rejected |= m.wrong_checksum;
	}
	l->c.rejected += rejected;
	l->c.unmatched += !rejected;
}

/* Every frame goes into the file of -w. */
static int keep_frame(struct live *l, const struct sonde_received *got, const char *comment)
{
	struct sonde_record r = got->record;
	r.comment = record_comment(&l->routes, comment);
	return record_keep(l->t->writer, sonde_session_iface(l->session, got->ifindex), &r);
}

void live_on_frames(void *arg, uint32_t events)
{
	struct live *l = arg;
	struct sonde_received got;
	struct sonde_error e;
	char comment[RECORD_SAID_LEN];
	int n;
	(void)events;
	while ((n = sonde_session_next(&got, l->session, &e)) == 1) {
		take_frame(l, &got, comment);
		int status = keep_frame(l, &got, comment);
		if (status) {
			live_fail(l, status);
			return;
		}
	}
	if (n < 0) {
		message_error(&e);
		live_fail(l, STATUS_SYSTEM);
	}
	live_end_if_done(l);
}

void live_on_give_up(void *arg)
{
	struct live *l = arg;
	sonde_time now = sonde_clock_monotonic();
	/* What has come by now is not late. */
	live_on_frames(l, 0);
	while (l->first && l->first->give_up_at <= now) {
		struct waiting *w = l->first;
		if (w->replies == 0) {
			l->c.silent++;
			tell_silence(l->t, &w->q);
		}
		forget(l, &l->first);
	}
	if (l->first)
		loop_set(&l->loop, &l->wait_timer, l->first->give_up_at);
	live_end_if_done(l);
}

void live_wait(struct live *l, const struct sonde_packet *p, uint64_t n, sonde_time sent_at)
{
	struct waiting *w = malloc(sizeof *w + p->len);
	struct sonde_flow_tuple tuple;
	if (!w || sonde_question_of(&w->q.ask, p)) {
		/* Nothing can be known to answer it. */
		free(w);
		return;
	}
	w->next = NULL;
	w->q.n = n;
	w->q.frame = 0;
	w->q.sent_at = sent_at;
	w->q.kernel_clock = false;
	w->q.community[0] = 0;
	if (sonde_flow_tuple_of(&tuple, p, false) == 0)
		sonde_community_id(w->q.community, &tuple, 0);
	w->replies = 0;
	w->give_up_at = sonde_clock_monotonic() + l->o->wait_ns;
	w->len = p->len;
	memcpy(w->bytes, p->data, p->len);
	*l->last = w;
	l->last = &w->next;
	if (!l->unstamped)
		l->unstamped = w;
	if (!l->wait_timer.set)
		loop_set(&l->loop, &l->wait_timer, w->give_up_at);
}

void live_forget_all(struct live *l)
{
	for (; l->first; forget(l, &l->first))
		l->c.silent += l->first->replies == 0;
}
