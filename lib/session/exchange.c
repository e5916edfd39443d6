#include <poll.h>

#include "io/clock.h"
#include "session/session.h"

bool sonde_session_is_ours(const struct sonde_received *got, struct sonde_view sent)
{
	struct sonde_view frame = got->record.bytes;
	/* What an error quotes may be the same bytes. */
	for (unsigned i = 0; i < got->packet.n_layers && !got->packet.layers[i].quoted; i++) {
		struct sonde_view from = sonde_view_sub(frame, got->packet.layers[i].offset, frame.len);
		size_t n = from.len < sent.len ? from.len : sent.len;
		if (got->packet.layers[i].proto->network || i == 0) {
			const size_t enough = 20;
			if (n >= enough && memcmp(from.data, sent.data, n) == 0)
				return true;
		}
	}
	return false;
}

/* For so long at the most: what waits looks at the time again. */
static void wait_for_frames(struct sonde_session *s, sonde_time ns)
{
	const sonde_time at_once = ns < SONDE_S ? ns : SONDE_S;
	int fds[SONDE_SESSION_FDS];
	struct pollfd polled[SONDE_SESSION_FDS];
	unsigned n = sonde_session_fds(s, fds);
	for (unsigned i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(polled, n, (int)(at_once / SONDE_MS) + 1);
}

int sonde_session_exchange(struct sonde_reply *out, struct sonde_session *s, struct sonde_packet *p,
			   sonde_time timeout_ns, struct sonde_error *e)
{
	struct sonde_plan plan;
	struct sonde_question ask;
	struct sonde_received got;
	sonde_time sent_at;
	*out = (struct sonde_reply){ .rtt_ns = -1 };
	int err = sonde_session_prepare(&plan, s, p, 0, e);
	if (!err && sonde_question_of(&ask, p))
		err = sonde_fail(e, SONDE_E_UNSUPPORTED, "without IP or ARP, nothing can be known to answer it");
	if (!err)
		err = sonde_session_listen(s, &plan, e);
	if (!err)
		err = sonde_session_send(s, &plan, p->data, p->len, &sent_at, e);
	if (err)
		return err;
	out->pair = sonde_question_pair(&ask);
	sonde_time end = sonde_clock_monotonic() + timeout_ns, left;
	while ((left = end - sonde_clock_monotonic()) > 0) {
		int n = sonde_session_next(&got, s, e);
		if (n < 0)
			return n;
		if (n == 0) {
			wait_for_frames(s, left);
		} else if (sonde_session_is_ours(&got, sonde_view(p->data, p->len))) {
			sent_at = got.record.time;
			out->kernel_clock = true;
		} else if (sonde_match(&out->match, &ask, &got.packet)) {
			out->rtt_ns = got.record.time - sent_at;
			return 0;
		}
	}
	out->match.rule = sonde_rule_for(ask.kind, SONDE_SILENCE, false);
	return 0;
}
