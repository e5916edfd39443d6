/* From a frame to its flow. Packets go through in groups, a step at a time, so that the memory that one of them needs
 * is fetched while others are worked on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flows_state.h"
#include "flow/originator.h"
#include "flow/said.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/tcp.h"

enum { ICMP = 1, ICMP6 = 58 };

static bool is_icmp(const struct sonde_ends *e)
{
	return e->proto == ICMP || e->proto == ICMP6;
}

static const struct sonde_message_pair *icmp_pair(const struct sonde_ends *e)
{
	return is_icmp(e) ? sonde_pair_of(e->proto == ICMP ? &sonde_icmp : &sonde_icmp6, e->icmp_type) : NULL;
}

/* --- What flow it is ---------------------------------------------------------------------------------------------- */

static const struct sonde_message_pair *query_pair(const struct sonde_ends *e)
{
	const struct sonde_message_pair *pair = e->flags & SONDE_ENDS_PORTS ? icmp_pair(e) : NULL;
	return pair && pair->one_flow ? pair : NULL;
}

/* The flow with these ends. They are sorted with that. */
static void identify(struct sonde_flows *t, struct flow_step *step, struct sonde_ends *e)
{
	const struct sonde_message_pair *query = query_pair(e);
	if (is_icmp(e) && e->flags & SONDE_ENDS_PORTS && !query) {
		e->sport = e->icmp_type;
		e->dport = (uint16_t)(SONDE_FLOW_ICMP_CODE + e->icmp_code);
	}
	step->side = sonde_ends_sort(e);
	memcpy(&step->id, e, SONDE_ENDS_TUPLE_LEN);
	if (query)
		step->id.ports[1] = (uint16_t)(SONDE_FLOW_ICMP_QUERY + query->request);
	step->id.vlan = e->vlan;
	step->id.tunnel =
		e->encap ? sonde_tunnel_of(&t->tunnels, e->encap, step->frame, step->wire_len, step->link) : 0;
	step->hash = sonde_flow_hash(t, &step->id);
	step->has_flow = sonde_flow_is_mine(t, &step->id);
}

static void verify(struct sonde_flows *t, struct flow_step *step)
{
	enum sonde_sum_state sum =
		t->o.trusts_sums ? SONDE_SUM_NONE : sonde_ends_verify(&step->ends, step->frame.data);
	step->wrong_sum = sum == SONDE_SUM_WRONG;
	t->stats.wrong_sums += step->wrong_sum;
	t->stats.partial_sums += sum == SONDE_SUM_PARTIAL;
}

static void count_not_ip(struct sonde_flows *t, const struct flow_step *step)
{
	bool known = sonde_proto_by_id(SONDE_SPACE_LINK, step->link);
	t->stats.not_ip += known;
	t->stats.unknown_link += !known;
}

static void note_time(struct sonde_flows *t, sonde_time time)
{
	if (!t->has_time || time - t->last_time > SONDE_FLOW_JUMP || t->last_time - time > SONDE_FLOW_JUMP)
		t->steady_since = time;
	t->last_time = time;
	if (!t->has_time || time > t->newest)
		t->newest = time;
	t->has_time = true;
}

/* First step: read the frame, and find out what flow it belongs to. */
static void read_frame(struct sonde_flows *t, struct flow_step *step, const struct sonde_flows_frame *frame)
{
	struct sonde_ends quoted;
	step->frame = frame->bytes;
	step->wire_len = frame->wire_len;
	step->link = frame->link;
	step->time = frame->time;
	step->number = frame->number;
	step->has_flow = step->is_error = false;
	t->stats.frames++;
	note_time(t, frame->time);
	const struct sonde_view v = frame->bytes;
	if (!sonde_ends_read(&step->ends, v.data, (uint32_t)v.len, frame->wire_len, frame->link)) {
		count_not_ip(t, step);
		return;
	}
	verify(t, step);
	t->stats.cut_headers += (step->ends.flags & SONDE_ENDS_CUT_HEADER) != 0;
	step->is_error = is_icmp(&step->ends) && !step->wrong_sum &&
			 sonde_ends_quoted(&quoted, &step->ends, v.data);
	identify(t, step, step->is_error ? &quoted : &step->ends);
	sonde_flow_prefetch_slot(t, step->hash);
}

/* --- Who began it ------------------------------------------------------------------------------------------------- */

static void judge_originator(struct sonde_flow *f, const struct flow_step *step)
{
	const struct sonde_ends *e = &step->ends;
	const struct sonde_message_pair *pair = icmp_pair(e);
	enum sonde_flow_grade grade = SONDE_FLOW_SEEN;
	bool sender = true;
	if (f->grade == SONDE_FLOW_SEEN)
		return;
	if (e->proto == SONDE_FLOW_TCP && !(e->tcp_flags & SONDE_TCP_SYN)) {
		grade = SONDE_FLOW_BY_PORT;
		/* The ends are sorted: the sender's are those of its side. */
		sender = sonde_flow_asks(step->id.ports[step->side], step->id.ports[!step->side]);
	} else if (e->proto == SONDE_FLOW_TCP && e->tcp_flags & SONDE_TCP_ACK_FLAG) {
		grade = SONDE_FLOW_BY_SYN_ACK;
		sender = false;
	} else if (pair && pair->solicited && e->icmp_type == pair->reply) {
		sender = false;
	}
	if (grade <= f->grade)
		return;
	f->grade = grade & 3u;
	f->began = (sender ? step->side : !step->side) & 1u;
}

/* --- Fragments ---------------------------------------------------------------------------------------------------- */

static struct sonde_tracked tracked_of(struct sonde_flows *t, const struct flow_step *step, struct sonde_flow *f)
{
	return (struct sonde_tracked){
		.pools = &t->pools, .flow = f, .side = step->side, .ends = &step->ends, .frame = step->frame.data,
		.frame_len = step->wire_len, .number = step->number, .time = step->time, .wrong_sum = step->wrong_sum,
	};
}

/* Count fragments in their flow that came before the one with the ports. */
static int add_early(struct sonde_flows *t, struct sonde_flow *f, unsigned side, const struct sonde_early *early)
{
	struct sonde_tracked tracked = { .pools = &t->pools, .flow = f };
	struct sonde_flow_odd *odd = sonde_flow_odd_need(&tracked);
	struct sonde_flow_counts *s = &f->counts[side];
	s->packets += early->packets;
	t->stats.packets[side != f->began] += early->packets;
	t->stats.ip_bytes[side != f->began] += early->ip_bytes;
	s->frame_bytes += early->frame_bytes;
	s->ip_bytes += early->ip_bytes;
	s->payload_bytes += early->payload_bytes;
	if (early->first < f->first)
		f->first = early->first;
	if (!odd)
		return -ENOMEM;
	odd->sides[side].fragments += (uint32_t)early->packets;
	return 0;
}

/* Fragments whose first one did not come are a flow without ports. */
static int give_up(struct sonde_flows *t, const struct sonde_datagram *d)
{
	struct flow_step step = { .ends = d->ends, .time = d->early.last };
	identify(t, &step, &step.ends);
	if (!step.has_flow)
		return 0;
	t->stats.lone_fragments += d->early.packets;
	struct sonde_flow *f = sonde_flow_need(t, &step);
	if (!f)
		return -ENOMEM;
	judge_originator(f, &step);
	return add_early(t, f, step.side, &d->early);
}

static void wait_for_first(struct sonde_datagram *d, const struct flow_step *step)
{
	struct sonde_early *early = &d->early;
	if (!early->packets) {
		early->first = step->time;
		d->ends = step->ends;
	}
	early->packets++;
	early->frame_bytes += step->wire_len;
	early->ip_bytes += step->ends.ip_len;
	early->payload_bytes += step->ends.payload_len;
	early->last = step->time;
}

/* Give a later fragment its ports. *d becomes its datagram, or NULL for what is whole. Returns 0 or -ENOMEM. */
static int find_datagram(struct sonde_flows *t, struct flow_step *step, struct sonde_datagram **d)
{
	struct sonde_datagram given_up;
	struct sonde_ends *e = &step->ends;
	*d = NULL;
	if (!(e->flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT)) || step->is_error)
		return 0;
	/* The ends are sorted: the sender's are put in front again. */
	if (step->side)
		sonde_ends_swap(e);
	*d = sonde_datagram_of(&t->datagrams, e, step->time, &given_up);
	int err = *d ? 0 : -ENOMEM;
	if (*d && e->flags & SONDE_ENDS_FIRST_FRAGMENT) {
		(*d)->sport = e->sport;
		(*d)->dport = e->dport;
		(*d)->known = true;
	} else if (*d && (*d)->known) {
		e->sport = (*d)->sport;
		e->dport = (*d)->dport;
	}
	identify(t, step, e);
	if (*d && given_up.early.packets)
		err = give_up(t, &given_up);
	return err;
}

/* --- All of it ---------------------------------------------------------------------------------------------------- */

/* An ICMP error counts in the flow that it is about. Returns whether that is there. */
static bool add_error(struct sonde_flows *t, struct flow_step *step)
{
	struct sonde_flow *f = step->has_flow ? sonde_flow_find(t, step) : NULL;
	if (!f)
		return false;
	struct sonde_tracked tracked = tracked_of(t, step, f);
	struct sonde_flow_odd *odd = sonde_flow_odd_need(&tracked);
	if (!odd)
		return true;
	odd->icmp_errors++;
	odd->icmp_type = step->ends.icmp_type;
	odd->icmp_code = step->ends.icmp_code;
	return true;
}

#define FIRST_PACKETS 5 /* of a side: after the handshake, in one of them a flow says what it is */

/* What the flow turns out to be. */
static void look_for_service(struct sonde_flows *t, const struct flow_step *step, struct sonde_tracked *tracked)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, tracked->flow);
	struct sonde_flow_said said;
	if (tracked->flow->counts[step->side].packets > FIRST_PACKETS || (odd && odd->said) || step->wrong_sum ||
	    !sonde_flow_may_say(&step->ends, step->frame.data) ||
	    !sonde_flow_say(&said, step->frame, step->wire_len, step->link) || !(odd = sonde_flow_odd_need(tracked)))
		return;
	odd->said = sonde_pool_take(&t->pools.said);
	if (odd->said)
		memcpy(sonde_pool_at(&t->pools.said, odd->said), &said, sizeof said);
	else
		tracked->no_memory = true;
}

static int add_packet(struct sonde_flows *t, struct flow_step *step)
{
	struct sonde_datagram *datagram;
	int err = find_datagram(t, step, &datagram);
	if (err)
		return err;
	if (datagram && !datagram->known) {
		wait_for_first(datagram, step);
		return 0;
	}
	if (!step->has_flow) {
		/* Another shard counts them with their first one. */
		if (datagram)
			datagram->early.packets = 0;
		return 0;
	}
	struct sonde_flow *f = sonde_flow_need(t, step);
	if (!f)
		return -ENOMEM;
	judge_originator(f, step);
	bool answers = step->side != f->began;
	t->stats.packets[answers]++;
	t->stats.ip_bytes[answers] += step->ends.ip_len;
	struct sonde_tracked tracked = tracked_of(t, step, f);
	sonde_flow_track(&tracked);
	if (t->o.finds_services)
		look_for_service(t, step, &tracked);
	if (datagram && datagram->early.packets) {
		err = add_early(t, f, step->side, &datagram->early);
		datagram->early.packets = 0;
	}
	return tracked.no_memory ? -ENOMEM : err;
}

/* Last step: count the packet. */
static int add_step(struct sonde_flows *t, struct flow_step *step)
{
	/* The shard of the flow that it is about has the error, also where that flow is not there. */
	if (step->is_error && (!step->has_flow || add_error(t, step)))
		return 0;
	if (step->is_error) {
		step->is_error = false;
		t->stats.lone_errors++;
		identify(t, step, &step->ends);
		step->has_flow = true;
	}
	int err = add_packet(t, step);
	if (t->o.most_bytes)
		sonde_flow_make_room(t);
	return err;
}

int sonde_flows_add(struct sonde_flows *t, const struct sonde_flows_frame *frames, size_t n)
{
	const uint8_t any_fragment = SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT;
	int err = 0;
	for (size_t done = 0; done < n;) {
		size_t group = n - done < FLOW_STEPS ? n - done : FLOW_STEPS, kept = 0;
		for (size_t i = 0; i < group; i++) {
			struct flow_step *step = &t->steps[kept];
			read_frame(t, step, &frames[done + i]);
			/* What flow a fragment is of is known by its first one. */
			kept += step->has_flow || (step->ends.flags & any_fragment && !step->is_error);
		}
		for (size_t i = 0; i < kept; i++)
			sonde_flow_prefetch(t, &t->steps[i]);
		for (size_t i = 0; i < kept; i++)
			sonde_flow_prefetch_tcp(t, &t->steps[i]);
		for (size_t i = 0; i < kept; i++)
			sonde_flow_prefetch_rest(t, &t->steps[i]);
		for (size_t i = 0; i < kept; i++) {
			int one = add_step(t, &t->steps[i]);
			err = one ? one : err;
		}
		done += group;
		if (kept)
			sonde_flows_tell_time(t, t->steps[kept - 1].time);
	}
	return err;
}

int sonde_flows_end_all(struct sonde_flows *t)
{
	uint32_t *waiting;
	int n = sonde_datagrams_waiting(&waiting, &t->datagrams), err = n < 0 ? n : 0;
	for (int i = 0; i < n; i++) {
		int one = give_up(t, &t->datagrams.slots[waiting[i]]);
		err = one ? one : err;
	}
	free(waiting);
	sonde_datagrams_free(&t->datagrams);
	sonde_flows_end_open(t);
	return err;
}

bool sonde_flows_has(struct sonde_ends *ends, unsigned *side, struct sonde_flows *t, const struct sonde_flow *f,
		     const struct sonde_flows_frame *frame)
{
	struct flow_step step = { .frame = frame->bytes, .wire_len = frame->wire_len, .link = frame->link };
	if (frame->time < f->first || frame->time > f->last ||
	    !sonde_ends_read(&step.ends, frame->bytes.data, (uint32_t)frame->bytes.len, frame->wire_len, frame->link))
		return false;
	identify(t, &step, &step.ends);
	*ends = step.ends;
	*side = step.side;
	return memcmp(&step.id, &f->id, sizeof f->id) == 0;
}
