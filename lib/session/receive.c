#include <errno.h>

#include "session/state.h"

#define RING_FRAMES   24576       /* a quarter of a second of 100,000 frames a second */
#define MOST_RING     (64u << 20) /* bytes */
#define FRAME_ROOM    128         /* bytes that a frame has in the ring besides its own */
#define LINK_ROOM     64          /* bytes of a frame besides what the MTU counts */
#define OUTBOUND_SNAP 192         /* the headers, by which our own packets are recognised */

static int open_direction(struct sonde_live **out, const struct sonde_session *s, const struct sonde_plan *plan,
			  uint8_t direction, struct sonde_error *e)
{
	struct sonde_live_options o = sonde_live_replies(plan->ifindex, NULL);
	uint32_t whole = plan->mtu + LINK_ROOM, snap = s->o.snap;
	if (snap && direction == SONDE_OUTBOUND)
		snap = OUTBOUND_SNAP;
	o.direction = direction;
	o.snap = snap && snap < whole ? snap : whole;
	o.ring_bytes = o.snap + FRAME_ROOM > MOST_RING / RING_FRAMES ? MOST_RING : RING_FRAMES * (o.snap + FRAME_ROOM);
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
	int err = open_direction(&w->directions[DIRECTION_IN].live, s, plan, SONDE_INBOUND, e);
	if (!err)
		err = open_direction(&w->directions[DIRECTION_OUT].live, s, plan, SONDE_OUTBOUND, e);
	if (err) {
		sonde_live_close(w->directions[DIRECTION_IN].live);
		return err;
	}
	s->n_watched++;
	return 0;
}

/* The earliest frame that waits in any direction: no answer is handed out before the packet that it answers. */
static int earliest(struct watched_direction **out, uint32_t *ifindex, struct sonde_session *s, struct sonde_error *e)
{
	*out = NULL;
	for (unsigned i = 0; i < s->n_watched * N_DIRECTIONS; i++) {
		struct watched_direction *w = &s->watched[i / N_DIRECTIONS].directions[i % N_DIRECTIONS];
		int got = w->pending ? 1 : sonde_live_next(&w->record, w->live, e);
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
	if (got != 1)
		return got;
	const struct sonde_record *r = &w->record;
	w->pending = false;
	out->record = *r;
	sonde_dissect(&out->packet, r->bytes.data, (uint32_t)r->bytes.len, r->wire_len,
		      (struct sonde_id){ SONDE_SPACE_LINK, r->link });
	return 1;
}

unsigned sonde_session_fds(const struct sonde_session *s, int *fds)
{
	unsigned n = 0;
	for (unsigned i = 0; i < s->n_watched; i++) {
		for (unsigned direction = 0; direction < N_DIRECTIONS; direction++)
			fds[n++] = sonde_live_fd(s->watched[i].directions[direction].live);
	}
	if (s->hops.watch)
		fds[n++] = sonde_netlink_fd(s->hops.watch);
	return n;
}

static uint64_t dropped(struct sonde_session *s, unsigned direction)
{
	struct sonde_live_stats stats;
	uint64_t n = 0;
	for (unsigned i = 0; i < s->n_watched; i++)
		if (sonde_live_stats(&stats, s->watched[i].directions[direction].live, NULL) == 0)
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
