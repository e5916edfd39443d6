#include <errno.h>
#include <poll.h>

#include "io/clock.h"
#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "session/state.h"

/* --- Out --------------------------------------------------------------------------------------------------------- */

static enum sonde_sender_way sender_way(const struct sonde_session *s, const struct sonde_plan *plan)
{
	bool libnet = s->o.via == SONDE_VIA_LIBNET;
	switch (plan->path.way) {
	case SONDE_WAY_RAW4: return libnet ? SONDE_SENDER_LIBNET_RAW4 : SONDE_SENDER_RAW4;
	case SONDE_WAY_RAW6: return libnet ? SONDE_SENDER_LIBNET_RAW6 : SONDE_SENDER_RAW6;
	default: return libnet ? SONDE_SENDER_LIBNET_LINK : SONDE_SENDER_LINK;
	}
}

/* The open sender for a plan, opened when it is the first. Senders of the link layer belong to an interface; raw ones
 * to the interface that the user named, or to none. */
static int get_sender(struct sonde_sender **out, struct sonde_session *s, const struct sonde_plan *plan,
		      struct sonde_error *e)
{
	enum sonde_sender_way way = sender_way(s, plan);
	uint32_t ifindex = plan->path.way == SONDE_WAY_LINK ? plan->ifindex : s->ifindex;
	struct way_out *free_way = &s->ways[N_SENDERS - 1];
	for (unsigned i = N_SENDERS; i-- > 0;) {
		struct way_out *w = &s->ways[i];
		if (w->sender && w->way == way && w->ifindex == ifindex) {
			*out = w->sender;
			return 0;
		}
		if (!w->sender)
			free_way = w;
	}
	sonde_sender_close(free_way->sender);
	struct sonde_sender_options o = { .way = way, .ifindex = ifindex, .broadcast = s->o.broadcast };
	int err = sonde_sender_open(&free_way->sender, &o, e);
	if (err)
		free_way->sender = NULL;
	free_way->way = way;
	free_way->ifindex = ifindex;
	*out = free_way->sender;
	return err;
}

/* An IP packet as the payload of an Ethernet frame to the next hop. Links without a link header take it as it is. */
static int put_link_header(struct sonde_view *out, struct sonde_session *s, const struct sonde_plan *plan,
			   struct sonde_view packet, struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	*out = packet;
	if (!link || (link->mac_len != SONDE_MAC_LEN && !link->loopback))
		return 0;
	int err = sonde_session_hop_mac(s->frame, s, plan, e);
	if (err)
		return err;
	memcpy(s->frame + SONDE_MAC_LEN, link->mac, SONDE_MAC_LEN);
	const struct sonde_proto *ip = packet.data[0] >> 4 == 6 ? &sonde_ip6 : &sonde_ip;
	sonde_put(s->frame, SONDE_ETHER_TYPE, sonde_number_in(ip, SONDE_SPACE_ETHERTYPE, 0));
	memcpy(s->frame + LINK_HEADER, packet.data, packet.len);
	*out = sonde_view(s->frame, LINK_HEADER + packet.len);
	return 0;
}

int sonde_session_send(struct sonde_session *s, const struct sonde_plan *plan, const uint8_t *data, uint32_t len,
		       sonde_time *sent_at, struct sonde_error *e)
{
	struct sonde_sender *sender;
	struct sonde_outgoing frame = { .bytes = sonde_view(data, len), .dst = plan->dst };
	int err = get_sender(&sender, s, plan, e);
	if (!err && plan->path.needs_link_header)
		err = put_link_header(&frame.bytes, s, plan, frame.bytes, e);
	if (err)
		return err;
	*sent_at = sonde_clock_real();
	if (sonde_sender_send(sender, &frame, 1) == 0)
		return -EAGAIN;
	return frame.result ? sonde_sender_explain(e, &frame) : 0;
}

/* --- In ---------------------------------------------------------------------------------------------------------- */

static int open_direction(struct sonde_live **out, const struct sonde_session *s, uint32_t ifindex, uint8_t direction,
			  struct sonde_error *e)
{
	struct sonde_live_options o = sonde_live_replies(ifindex, NULL);
	const uint32_t whole = 2048;
	o.direction = direction;
	o.snap = s->o.snap ? s->o.snap : whole;
	if (o.snap >= whole)
		o.ring_bytes *= 2;
	return sonde_live_open(out, &o, e);
}

int sonde_session_listen(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_error *e)
{
	for (unsigned i = 0; i < s->n_watched; i++)
		if (s->watched[i].ifindex == plan->ifindex)
			return 0;
	if (s->n_watched == MAX_WATCHED)
		return sonde_fail(e, -EMFILE, "answers from more than %d interfaces at once", MAX_WATCHED);
	struct watched *w = &s->watched[s->n_watched];
	*w = (struct watched){ .ifindex = plan->ifindex };
	int err = open_direction(&w->ways[WAY_IN].live, s, plan->ifindex, SONDE_INBOUND, e);
	if (!err)
		err = open_direction(&w->ways[WAY_OUT].live, s, plan->ifindex, SONDE_OUTBOUND, e);
	if (err) {
		sonde_live_close(w->ways[WAY_IN].live);
		return err;
	}
	s->n_watched++;
	return 0;
}

/* The earliest frame that any direction has waiting, so that an answer never comes before its question. */
static int earliest(struct watched_way **out, uint32_t *ifindex, struct sonde_session *s, struct sonde_error *e)
{
	*out = NULL;
	for (unsigned i = 0; i < s->n_watched * N_WAYS; i++) {
		struct watched_way *w = &s->watched[i / N_WAYS].ways[i % N_WAYS];
		int got = w->pending ? 1 : sonde_live_next(&w->record, w->live, e);
		if (got < 0) {
			*ifindex = s->watched[i / N_WAYS].ifindex;
			return got;
		}
		w->pending = got;
		if (got && (!*out || w->record.time < (*out)->record.time)) {
			*out = w;
			*ifindex = s->watched[i / N_WAYS].ifindex;
		}
	}
	return *out != NULL;
}

int sonde_session_next(struct sonde_received *out, struct sonde_session *s, struct sonde_error *e)
{
	struct watched_way *w;
	int got = earliest(&w, &out->ifindex, s, e);
	if (got != 1)
		return got;
	const struct sonde_record *r = &w->record;
	w->pending = false;
	out->record = *r;
	sonde_dissect(&out->packet, r->bytes.data, (uint32_t)r->bytes.len, r->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	return 1;
}

unsigned sonde_session_fds(const struct sonde_session *s, int fds[static SONDE_SESSION_FDS])
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n_watched; i++) {
		for (unsigned way = 0; way < N_WAYS; way++)
			fds[n++] = sonde_live_fd(s->watched[i].ways[way].live);
	}
	return n;
}

static uint64_t dropped(struct sonde_session *s, unsigned way)
{
	struct sonde_live_stats stats;
	uint64_t n = 0;
	for (unsigned i = 0; i < s->n_watched; i++)
		if (sonde_live_stats(&stats, s->watched[i].ways[way].live, NULL) == 0)
			n += stats.dropped_by_kernel;
	return n;
}

uint64_t sonde_session_dropped(struct sonde_session *s)
{
	return dropped(s, WAY_IN);
}

uint64_t sonde_session_unseen(struct sonde_session *s)
{
	return dropped(s, WAY_OUT);
}

/* --- Both -------------------------------------------------------------------------------------------------------- */

bool sonde_session_is_ours(const struct sonde_received *got, struct sonde_view sent)
{
	struct sonde_view frame = got->record.bytes;
	for (unsigned i = 0; i < got->packet.n_layers; i++) {
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

static void wait_for_frames(struct sonde_session *s, sonde_time ns)
{
	int fds[SONDE_SESSION_FDS];
	struct pollfd polled[SONDE_SESSION_FDS];
	unsigned n = sonde_session_fds(s, fds);
	for (unsigned i = 0; i < n; i++)
		polled[i] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	poll(polled, n, (int)(ns / SONDE_MS) + 1);
}

int sonde_session_exchange(struct sonde_reply *out, struct sonde_session *s, struct sonde_packet *p,
			   sonde_time timeout_ns, struct sonde_error *e)
{
	struct sonde_plan plan;
	struct sonde_ask ask;
	struct sonde_received got;
	sonde_time sent_at;
	*out = (struct sonde_reply){ .rtt_ns = -1 };
	int err = sonde_session_prepare(&plan, s, p, 0, 0, e);
	if (!err)
		err = sonde_ask_of(&ask, p);
	if (!err)
		err = sonde_session_listen(s, &plan, e);
	if (!err)
		err = sonde_session_send(s, &plan, p->data, p->len, &sent_at, e);
	if (err)
		return err;
	out->pair = sonde_ask_pair(&ask);
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
	out->match.rule = sonde_rule_for(ask.asked, SONDE_SILENCE);
	return 0;
}
