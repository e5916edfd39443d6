/* From a frame to its flow. Packets go through in groups, a step at a time, so that the memory that one of them needs
 * is fetched while others are worked on. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/span.h"
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
	const struct sonde_proto *icmp = e->proto == ICMP ? &sonde_icmp : &sonde_icmp6;
	return is_icmp(e) ? sonde_pair_of(icmp, e->icmp_type) : NULL;
}

/* --- What flow it is ---------------------------------------------------------------------------------------------- */

static const struct sonde_message_pair *query_pair(const struct sonde_ends *e)
{
	const struct sonde_message_pair *pair = e->flags & SONDE_ENDS_PORTS ? icmp_pair(e) : NULL;
	return pair && pair->one_flow ? pair : NULL;
}

/* The flow with these ends, within this tunnel. They are sorted with that. */
static void identify(struct sonde_flows *t, struct flow_step *step, struct sonde_ends *e, uint32_t tunnel)
{
	const struct sonde_message_pair *query = query_pair(e);
	if (is_icmp(e) && e->flags & SONDE_ENDS_PORTS && !query) {
		e->sport = e->icmp_type;
		e->dport = (uint16_t)(SONDE_FLOW_ICMP_CODE + e->icmp_code);
	}
	step->side = sonde_ends_sort(e);
	step->id = sonde_flow_id_of(e, tunnel);
	if (query)
		step->id.ports[1] = (uint16_t)(SONDE_FLOW_ICMP_QUERY + query->request);
	step->hash = sonde_flow_hash(t, &step->id);
	step->has_flow = sonde_flow_is_mine(t, &step->id);
}

static void note_time(struct sonde_flows *t, sonde_time time)
{
	sonde_time step = sonde_time_since(time, t->last_time);
	if (!t->has_time || step > SONDE_FLOW_JUMP || step < -SONDE_FLOW_JUMP)
		t->steady_since = time;
	t->last_time = time;
	if (!t->has_time || time > t->newest)
		t->newest = time;
	t->has_time = true;
}

static void count_frame(struct sonde_flows *t, const struct sonde_flows_packet *p)
{
	bool known = p->is_ip || sonde_proto_by_id(SONDE_SPACE_LINK, p->frame.link);
	t->stats.frames++;
	t->stats.not_ip += known && !p->is_ip;
	t->stats.unknown_link += !known;
	t->stats.wrong_sums += p->sum == SONDE_SUM_WRONG;
	t->stats.partial_sums += p->sum == SONDE_SUM_PARTIAL;
	t->stats.cut_headers += p->is_ip && p->ends.flags & SONDE_ENDS_CUT_HEADER;
}

static uint32_t tunnel_of(struct sonde_flows *t, const struct sonde_flows_frame *f, uint64_t encap)
{
	return encap ? sonde_tunnel_of(&t->tunnels, encap, f->bytes, f->wire_len, f->link) : 0;
}

static void identify_odd(struct sonde_flows *t, struct flow_step *step, struct sonde_flows_packet *p)
{
	struct sonde_ends quoted;
	step->tunnel = tunnel_of(t, &p->frame, p->ends.encap);
	step->is_error = is_icmp(&p->ends) && p->sum != SONDE_SUM_WRONG &&
			 sonde_ends_quoted(&quoted, &p->ends, p->frame.bytes.data);
	if (step->is_error)
		identify(t, step, &quoted, tunnel_of(t, &p->frame, quoted.encap));
	else
		identify(t, step, &p->ends, step->tunnel);
}

/* First step: find out what flow a packet belongs to. The shard of the flow that an error is about has it, also where
 * that flow is not there. */
static void begin_step(struct sonde_flows *t, struct flow_step *step, struct sonde_flows_packet *p)
{
	step->packet = p;
	step->is_error = false;
	if (p->is_plain) {
		step->tunnel = 0;
		step->id = sonde_flow_id_of(&p->ends, 0);
		step->side = p->side;
		step->hash = p->hash;
		step->has_flow = sonde_flow_is_mine(t, &step->id);
	} else {
		identify_odd(t, step, p);
	}
	__builtin_prefetch(p->frame.bytes.data);
	__builtin_prefetch(p->frame.bytes.data + 64);
	sonde_flow_prefetch_slot(t, step->hash);
}

/* --- Who began it ------------------------------------------------------------------------------------------------- */

static void judge_originator(struct sonde_flow *f, const struct flow_step *step)
{
	const struct sonde_ends *e = &step->packet->ends;
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
	const struct sonde_flows_packet *p = step->packet;
	return (struct sonde_tracked){
		.pools = &t->pools, .flow = f, .side = step->side, .ends = &p->ends, .frame = p->frame.bytes.data,
		.frame_len = p->frame.wire_len, .number = p->frame.number, .time = p->frame.time,
		.wrong_sum = p->sum == SONDE_SUM_WRONG,
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
	struct sonde_flows_packet last = { .ends = d->ends, .frame.time = d->early.last };
	struct flow_step step = { .packet = &last };
	identify(t, &step, &last.ends, d->tunnel);
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
		early->first = step->packet->frame.time;
		d->ends = step->packet->ends;
		d->tunnel = step->tunnel;
	}
	early->packets++;
	early->frame_bytes += step->packet->frame.wire_len;
	early->ip_bytes += step->packet->ends.ip_len;
	early->payload_bytes += step->packet->ends.payload_len;
	early->last = step->packet->frame.time;
}

/* Give a later fragment its ports. *d becomes its datagram, or NULL for what is whole. Returns 0 or -ENOMEM. */
static int find_datagram(struct sonde_flows *t, struct flow_step *step, struct sonde_datagram **d)
{
	struct sonde_datagram given_up;
	struct sonde_ends *e = &step->packet->ends;
	*d = NULL;
	if (!(e->flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT)) || step->is_error)
		return 0;
	/* The ends are sorted: the sender's are put in front again. */
	if (step->side)
		sonde_ends_swap(e);
	*d = sonde_datagram_of(&t->datagrams, e, step->packet->frame.time, &given_up);
	int err = *d ? 0 : -ENOMEM;
	if (*d && e->flags & SONDE_ENDS_FIRST_FRAGMENT) {
		(*d)->sport = e->sport;
		(*d)->dport = e->dport;
		(*d)->known = true;
	} else if (*d && (*d)->known) {
		e->sport = (*d)->sport;
		e->dport = (*d)->dport;
	}
	identify(t, step, e, step->tunnel);
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
	odd->icmp_type = step->packet->ends.icmp_type;
	odd->icmp_code = step->packet->ends.icmp_code;
	return true;
}

#define FIRST_PACKETS 5 /* of a side: after the handshake, in one of them a flow says what it is */

static bool may_say(const struct sonde_flows *t, const struct flow_step *step, const struct sonde_flow *f)
{
	const struct sonde_flows_packet *p = step->packet;
	return t->o.finds_services && f->counts[step->side].packets <= FIRST_PACKETS && p->sum != SONDE_SUM_WRONG &&
	       sonde_flow_may_say(&p->ends, p->frame.bytes.data);
}

/* What the flow turns out to be. */
static void look_for_service(struct sonde_flows *t, const struct flow_step *step, struct sonde_tracked *tracked)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_of(&t->pools, tracked->flow);
	const struct sonde_flows_frame *f = &step->packet->frame;
	struct sonde_flow_said said;
	if ((odd && odd->said) || !sonde_flow_say(&said, f->bytes, f->wire_len, f->link) ||
	    !(odd = sonde_flow_odd_need(tracked)))
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
	t->stats.ip_bytes[answers] += step->packet->ends.ip_len;
	struct sonde_tracked tracked = tracked_of(t, step, f);
	sonde_flow_track(&tracked);
	if (may_say(t, step, f))
		look_for_service(t, step, &tracked);
	if (datagram && datagram->early.packets) {
		err = add_early(t, f, step->side, &datagram->early);
		datagram->early.packets = 0;
	}
	return tracked.no_memory ? -ENOMEM : err;
}

/* Last step: count the packet. An error whose flow is not there is a packet like others. */
static int add_step(struct sonde_flows *t, struct flow_step *step)
{
	if (step->is_error && (!step->has_flow || add_error(t, step)))
		return 0;
	if (step->is_error) {
		t->stats.lone_errors++;
		step->is_error = false;
		identify(t, step, &step->packet->ends, step->tunnel);
		step->has_flow = true;
	}
	int err = add_packet(t, step);
	if (t->o.most_bytes)
		sonde_flow_make_room(t);
	return err;
}

static int add_group(struct sonde_flows *t, size_t n)
{
	int err = 0;
	for (size_t i = 0; i < n; i++)
		sonde_flow_prefetch(t, &t->steps[i]);
	for (size_t i = 0; i < n; i++)
		sonde_flow_prefetch_tcp(t, &t->steps[i]);
	for (size_t i = 0; i < n; i++)
		sonde_flow_prefetch_rest(t, &t->steps[i]);
	for (size_t i = 0; i < n; i++) {
		int one = add_step(t, &t->steps[i]);
		err = one ? one : err;
	}
	sonde_flows_tell_time(t, t->steps[n - 1].packet->frame.time);
	return err;
}

#define AHEAD 6

/* Another core may have read it. */
static void fetch_packet(const struct sonde_flows_packet *p)
{
	for (size_t at = 0; at < sizeof *p; at += 64)
		__builtin_prefetch((const uint8_t *)p + at);
}

static int take_some(struct sonde_flows *t, struct sonde_flows_packet *packets, size_t n)
{
	const uint8_t any_fragment = SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT;
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		struct flow_step *step = &t->steps[kept];
		if (i + AHEAD < n)
			fetch_packet(&packets[i + AHEAD]);
		note_time(t, packets[i].frame.time);
		count_frame(t, &packets[i]);
		if (!packets[i].is_ip)
			continue;
		begin_step(t, step, &packets[i]);
		/* What flow a fragment is of is known by its first one. */
		kept += step->has_flow || (packets[i].ends.flags & any_fragment && !step->is_error);
	}
	return kept ? add_group(t, kept) : 0;
}

int sonde_flows_take(struct sonde_flows *t, struct sonde_flows_packet *packets, size_t n)
{
	int err = 0;
	for (size_t done = 0; done < n; done += FLOW_STEPS) {
		int one = take_some(t, packets + done, n - done < FLOW_STEPS ? n - done : FLOW_STEPS);
		err = one ? one : err;
	}
	return err;
}

int sonde_flows_add(struct sonde_flows *t, const struct sonde_flows_frame *frames, size_t n)
{
	int err = 0;
	for (size_t done = 0; done < n; done += FLOW_STEPS) {
		size_t some = n - done < FLOW_STEPS ? n - done : FLOW_STEPS;
		for (size_t i = 0; i < some; i++)
			t->packets[i].frame = frames[done + i];
		sonde_flows_read(t->packets, some, t);
		int one = sonde_flows_take(t, t->packets, some);
		err = one ? one : err;
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
	struct flow_step step;
	struct sonde_view v = frame->bytes;
	if (frame->time < f->first || frame->time > f->last ||
	    !sonde_ends_read(ends, v.data, (uint32_t)v.len, frame->wire_len, frame->link))
		return false;
	identify(t, &step, ends, tunnel_of(t, frame, ends->encap));
	*side = step.side;
	return memcmp(&step.id, &f->id, sizeof f->id) == 0;
}
