#include <errno.h>

#include "io/clock.h"
#include "session/state.h"

#define RING_FRAMES    8192       /* 80 ms of 100,000 frames a second; more would only be touched for the first time */
#define RING_ELSEWHERE 1024       /* where nothing is asked */
#define MOST_RING     (64u << 20) /* bytes */
#define FRAME_ROOM    128         /* bytes that a frame has in the ring besides its own */
#define LINK_ROOM     64          /* bytes of a frame besides what the MTU counts */
#define OUTBOUND_SNAP 192         /* the headers, by which our own packets are recognised */

static int open_ring(struct sonde_live **out, const struct sonde_session *s, uint32_t ifindex, uint32_t mtu,
		     uint8_t direction, uint32_t frames, struct sonde_error *e)
{
	struct sonde_live_options o = sonde_live_replies(ifindex, NULL);
	uint32_t whole = mtu + LINK_ROOM, snap = s->o.snap;
	if (snap && direction == SONDE_OUTBOUND)
		snap = OUTBOUND_SNAP;
	o.direction = direction;
	o.least_port = direction == SONDE_INBOUND ? s->o.least_port : 0;
	o.snap = snap && snap < whole ? snap : whole;
	o.ring_bytes = o.snap + FRAME_ROOM > MOST_RING / frames ? MOST_RING : frames * (o.snap + FRAME_ROOM);
	const struct sonde_opener *opener = s->o.opener;
	int fd, err;
	if (!opener)
		return sonde_live_open(out, &o, e);
	err = opener->capture(opener->arg, &fd, &o, e);
	return err ? err : sonde_live_take(out, fd, &o, e);
}

static struct watched *watched_of(struct sonde_session *s, uint32_t ifindex)
{
	for (unsigned i = 0; i < s->n_watched; i++)
		if (s->watched[i].ifindex == ifindex)
			return &s->watched[i];
	return NULL;
}

/* Hosts take packets for any of their addresses by any interface (RFC 1122, 3.3.4.2), and answers may take another way
 * than questions. What cannot be watched there is no error. */
static void listen_elsewhere(struct sonde_session *s)
{
	for (size_t i = 0; i < s->links.n && s->n_watched < MAX_WATCHED - 1; i++) {
		const struct sonde_link *link = &s->links.list[i];
		struct watched *w = &s->watched[s->n_watched];
		if (!link->running || link->loopback || !link->n_addrs || watched_of(s, link->index))
			continue;
		*w = (struct watched){ .ifindex = link->index, .is_elsewhere = true };
		s->n_watched += !open_ring(&w->directions[DIRECTION_IN].live, s, link->index, link->mtu, SONDE_INBOUND,
					   RING_ELSEWHERE, NULL);
	}
}

int sonde_session_listen(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_error *e)
{
	struct watched *w = watched_of(s, plan->ifindex);
	int err = 0;
	if (w && !w->is_elsewhere)
		return 0;
	if (!w && s->n_watched == MAX_WATCHED)
		return sonde_fail(e, -EMFILE, "answers from more than %d interfaces at once", MAX_WATCHED);
	if (!w) {
		w = &s->watched[s->n_watched];
		*w = (struct watched){ .ifindex = plan->ifindex };
		err = open_ring(&w->directions[DIRECTION_IN].live, s, plan->ifindex, plan->mtu, SONDE_INBOUND,
				RING_FRAMES, e);
	}
	if (!err && !s->o.answers_only)
		err = open_ring(&w->directions[DIRECTION_OUT].live, s, plan->ifindex, plan->mtu, SONDE_OUTBOUND,
				RING_FRAMES, e);
	if (err && !w->is_elsewhere)
		sonde_live_close(w->directions[DIRECTION_IN].live);
	if (err)
		return err;
	s->n_watched += !w->is_elsewhere;
	w->is_elsewhere = false;
	if (!s->listens_elsewhere && !s->o.iface && !plan->is_local) {
		s->listens_elsewhere = true;
		listen_elsewhere(s);
	}
	return 0;
}

void sonde_drive_listen(struct sonde_session *s, const struct sonde_addr *dst)
{
	struct sonde_plan plan = { .ifindex = s->ifindex };
	struct sonde_addr src;
	const struct sonde_link *link = sonde_link_by_index(&s->links, s->ifindex);
	if (!dst && link) {
		plan.mtu = link->mtu;
		sonde_session_listen(s, &plan, NULL);
	}
	if (!dst)
		return;
	plan = (struct sonde_plan){ .dst = *dst };
	if (sonde_session_route_to(&plan, &src, s, dst, sonde_clock_monotonic(), NULL) == 0)
		sonde_session_listen(s, &plan, NULL);
}

/* The earliest frame that waits in any direction: no answer is handed out before the packet that it answers. */
static int earliest(struct watched_direction **out, uint32_t *ifindex, struct sonde_session *s, struct sonde_error *e)
{
	*out = NULL;
	for (unsigned i = 0; i < s->n_watched * N_DIRECTIONS; i++) {
		struct watched_direction *w = &s->watched[i / N_DIRECTIONS].directions[i % N_DIRECTIONS];
		int got = w->pending ? 1 : w->live ? sonde_live_next(&w->record, w->live, e) : 0;
		/* That an interface is gone that nothing left by is no error. */
		if (got < 0 && s->watched[i / N_DIRECTIONS].is_elsewhere) {
			sonde_live_close(w->live);
			w->live = NULL;
			got = 0;
		}
		if (got < 0) {
			*ifindex = s->watched[i / N_DIRECTIONS].ifindex;
			return got;
		}
		w->pending = got;
		if (got && (!*out || w->record.time < (*out)->record.time)) {
			*out = w;
			*ifindex = s->watched[i / N_DIRECTIONS].ifindex;
		}
	}
	return *out != NULL;
}

int sonde_session_next(struct sonde_received *out, struct sonde_session *s, struct sonde_error *e)
{
	struct watched_direction *w;
	int got = earliest(&w, &out->ifindex, s, e);
	if (got == -ENODEV) {
		const char *name = sonde_session_iface(s, out->ifindex);
		return sonde_fail(e, got, "the interface %s is gone", name ? name : "listened to");
	}
	if (got != 1)
		return got;
	const struct sonde_record *r = &w->record;
	w->pending = false;
	out->is_elsewhere = watched_of(s, out->ifindex)->is_elsewhere;
	out->record = *r;
	sonde_dissect(&out->packet, r->bytes.data, (uint32_t)r->bytes.len, r->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	if (s->hops.n_resolving && r->direction != SONDE_OUTBOUND)
		sonde_session_learn(s, &out->packet, out->ifindex);
	return 1;
}

static bool has_fragment(const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers && !p->layers[i].quoted; i++) {
		const struct sonde_layer *l = &p->layers[i];
		if (l->proto->is_fragment && !l->cut && l->proto->is_fragment(p->data + l->offset))
			return true;
	}
	return false;
}

/* Fragments of questions are seen on their way out, and are no answers. */
enum sonde_reassembly sonde_session_join(struct sonde_packet *out, struct sonde_session *s,
					 const struct sonde_received *got)
{
	struct sonde_reassembler *r = &s->fragments;
	const struct sonde_record *record = &got->record;
	struct sonde_view whole;
	if (record->direction == SONDE_OUTBOUND || !has_fragment(&got->packet))
		return SONDE_REASSEMBLY_NONE;
	if (!r->datagrams && sonde_reassembler_init(r, MAX_DATAGRAMS, DATAGRAM_NS, sonde_key_from_seed(s->o.seed)))
		return SONDE_REASSEMBLY_DROPPED;
	enum sonde_reassembly state = sonde_reassemble(&whole, r, &got->packet, sonde_clock_monotonic());
	if (state == SONDE_REASSEMBLY_DONE)
		sonde_dissect(out, whole.data, (uint32_t)whole.len, (uint32_t)whole.len,
			      (struct sonde_id){ SONDE_SPACE_LINK, record->link });
	return state;
}

uint64_t sonde_session_incomplete(struct sonde_session *s)
{
	const struct sonde_reassembly_counts *c = &s->fragments.counts;
	return sonde_reassembler_waiting(&s->fragments) + c->timeouts + c->evicted + c->overlaps + c->malformed +
	       c->too_long + c->truncated + c->ecn;
}

unsigned sonde_session_fds(const struct sonde_session *s, int *fds)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n_watched; i++) {
		for (unsigned direction = 0; direction < N_DIRECTIONS; direction++)
			if (s->watched[i].directions[direction].live)
				fds[n++] = sonde_live_fd(s->watched[i].directions[direction].live);
	}
	if (s->hops.watches)
		fds[n++] = sonde_netlink_fd(s->hops.watch);
	return n;
}

static uint64_t dropped(struct sonde_session *s, unsigned direction)
{
	struct sonde_live_stats stats;
	uint64_t n = 0;
	for (unsigned i = 0; i < s->n_watched; i++)
		if (s->watched[i].directions[direction].live && !s->watched[i].is_elsewhere &&
		    sonde_live_stats(&stats, s->watched[i].directions[direction].live, NULL) == 0)
			n += stats.dropped_by_kernel;
	return n;
}

uint64_t sonde_session_dropped(struct sonde_session *s)
{
	return dropped(s, DIRECTION_IN);
}

uint64_t sonde_session_unseen(struct sonde_session *s)
{
	return dropped(s, DIRECTION_OUT);
}
