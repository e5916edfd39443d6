/* Packets out: what an engine has due, and what waits for the address of its next hop. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/clock.h"
#include "io/refusal.h"
#include "packet/fragment.h"
#include "session/drive_state.h"

#define TURN_NS      (SONDE_MS / 4)   /* how long a turn sends before it reads */
#define MOST_FULL_NS (100 * SONDE_MS) /* a socket that is full for this long has its packets refused */
#define MAX_WAITING  4096             /* packets that wait for the address of their next hop */

/* Tell the hook and the engine that a packet was refused. If the hook ends the run, the turn's error is the refusal. */
static int refuse(struct sonde_drive *d, uint64_t id, struct sonde_error *e, int code)
{
	e->code = code;
	int err = d->o.on_refused ? d->o.on_refused(d->o.arg, id, e) : 0;
	d->engine->ops->on_refused(d->engine, id, e->code);
	if (err && d->e)
		*d->e = *e;
	return err;
}

/* The socket's buffer stayed full for too long: refuse every packet in the outbox. */
static int abandon(struct sonde_drive *d)
{
	struct sonde_error e = { 0 };
	uint64_t id;
	uint32_t len;
	int err = 0;
	while (!err && sonde_session_abandon(&id, &len, d->session)) {
		sonde_refusal_explain(&e, -EAGAIN, 0, len);
		err = refuse(d, id, &e, -EAGAIN);
	}
	d->full = false;
	return err;
}

/* The packet was handed over before, and left only now. */
static void tell_time(struct sonde_drive *d, uint64_t id)
{
	const struct sonde_sent left = { .id = id, .stamp = d->session->left_at, .now = d->now };
	d->engine->ops->on_sent(d->engine, &left);
}

static int flush(struct sonde_drive *d)
{
	struct sonde_error e = { 0 };
	uint64_t id;
	unsigned before = sonde_session_queued(d->session);
	int code = 0, err = 0;
	while (!err && (code = sonde_session_flush(&id, d->session, &e)) != 0 && code != -EAGAIN) {
		if (code == 1) {
			tell_time(d, id);
			continue;
		}
		err = refuse(d, id, &e, code);
		e = (struct sonde_error){ 0 };
	}
	d->full = !err && code == -EAGAIN;
	if (sonde_session_queued(d->session) < before)
		d->full_until = 0;
	if (!d->full)
		return err;
	if (!d->full_until)
		d->full_until = d->now + MOST_FULL_NS;
	return d->now < d->full_until ? 0 : abandon(d);
}

/* A packet that is being queued, whole or in fragments; with a full socket this takes more than one turn. */
struct leaving {
	struct sonde_sent sent;
	struct sonde_plan plan;
	unsigned *n_fragments; /* that are queued already; NULL: not fragmented */
	bool refused;          /* an error is about this packet alone, and in e; else it ends the run */
	struct sonde_error e;
};

/* Returns 0; -EAGAIN while the socket is full; or another error. */
static int hand_over_bytes(struct sonde_drive *d, struct leaving *l, struct sonde_view bytes)
{
	int err = sonde_session_queue(d->session, &l->plan, bytes, l->sent.id, &l->e);
	if (err != -EAGAIN)
		return err;
	err = flush(d);
	l->refused = !err;
	return err ? err : sonde_session_queue(d->session, &l->plan, bytes, l->sent.id, &l->e);
}

static int hand_over_fragments(struct sonde_drive *d, struct leaving *l)
{
	uint32_t most = sonde_session_most_whole(d->session, &l->plan);
	struct sonde_fragments f;
	int len = 0;
	int err = sonde_fragments_start(&f, l->sent.packet, most, sonde_fragment_id(d->session->o.seed, l->sent.id),
					false, &l->e);
	for (unsigned i = 0; !err && (len = sonde_fragments_next(&f, d->fragment, SONDE_MAX_FRAME)) > 0; i++) {
		if (i < *l->n_fragments)
			continue;
		err = hand_over_bytes(d, l, sonde_view(d->fragment, (size_t)len));
		*l->n_fragments += !err;
	}
	return err ? err : len;
}

/* Returns 0; with l->refused, why this packet is not sent (-EAGAIN: the socket is full); or what ends the run. */
static int hand_over(struct sonde_drive *d, struct leaving *l)
{
	bool fragmented = d->session->o.fragment && l->sent.packet && l->plan.dst.family;
	l->refused = true;
	int err = d->o.sends_only ? sonde_session_check_link(d->session, &l->plan, d->now, &l->e)
				  : sonde_session_listen(d->session, &l->plan, &l->e);
	if (!err)
		err = fragmented ? hand_over_fragments(d, l) : hand_over_bytes(d, l, l->sent.bytes);
	if (err)
		return err;
	l->refused = false;
	if (d->session->o.asks_again && !d->o.sends_only && l->plan.path.socket != SONDE_SOCKET_PACKET)
		sonde_session_assist(d->session, &l->plan, d->now);
	if (l->n_fragments)
		*l->n_fragments = 0;
	l->sent.stamp = d->real_now;
	l->sent.now = d->now;
	d->engine->ops->on_sent(d->engine, &l->sent);
	return d->o.on_sent ? d->o.on_sent(d->o.arg, &l->sent, &l->plan) : 0;
}

/* Refuse the packet if err is about it. Returns 0 or what ends the run. *left: why it has to be sent later: the socket
 * is full (-EAGAIN), or its next hop is being resolved (-EINPROGRESS); else 0. */
static int conclude(struct sonde_drive *d, struct leaving *l, int err, int *left)
{
	*left = l->refused && (err == -EAGAIN || err == -EINPROGRESS) ? err : 0;
	if (!err || *left)
		return 0;
	if (l->n_fragments)
		*l->n_fragments = 0;
	return l->refused ? refuse(d, l->sent.id, &l->e, err) : err;
}

static void append(struct waiting_list *list, struct waiting *w)
{
	w->next = NULL;
	*(list->first ? &list->last->next : &list->first) = w;
	list->last = w;
}

/* Room for the packets that wait for a hop. */
static bool make_room(struct sonde_drive *d, uint32_t hop)
{
	const uint32_t least = 64;
	if (hop < d->n_hops)
		return true;
	uint32_t n = hop < least ? least : 2 * hop;
	struct waiting_list *more = hop == HOP_NONE ? NULL : calloc(n, sizeof *more);
	if (!more)
		return false;
	if (d->n_hops)
		memcpy(more, d->by_hop, d->n_hops * sizeof *more);
	free(d->by_hop);
	d->by_hop = more;
	d->n_hops = n;
	return true;
}

/* Keep a packet until its next hop's address is known. */
static int add_waiting(struct sonde_drive *d, const struct sonde_packet *p, const struct leaving *l)
{
	uint32_t hop = sonde_session_hop_number(d->session, &l->plan);
	struct waiting *w = make_room(d, hop) ? malloc(sizeof *w + p->len) : NULL;
	if (!w)
		return -ENOMEM;
	*w = (struct waiting){ .id = l->sent.id, .since = d->now, .packet = *p };
	memcpy(w->bytes, p->data, p->len);
	w->packet.data = w->bytes;
	w->packet.cap = p->len;
	append(&d->by_hop[hop], w);
	d->n_waiting++;
	return 0;
}

/* Prepare a packet and queue it. Returns as conclude does. */
static int send_packet(struct sonde_drive *d, struct sonde_packet *p, struct leaving *l, int *left)
{
	l->refused = true;
	int err = sonde_session_prepare(&l->plan, d->session, p, l->sent.id, &l->e);
	l->sent.packet = p;
	l->sent.bytes = sonde_view(p->data, p->len);
	if (!err && d->o.transport) {
		err = d->o.transport->send(d->o.transport->arg, p, l->sent.id);
		if (err)
			sonde_refusal_explain(&l->e, err, 0, p->len);
	} else if (!err) {
		err = hand_over(d, l);
	}
	return conclude(d, l, err, left);
}

static int send_or_wait(struct sonde_drive *d, struct sonde_packet *p, uint64_t id, int *left)
{
	struct leaving l = { .sent = { .id = id }, .n_fragments = &d->n_fragments };
	int err = send_packet(d, p, &l, left);
	if (err || *left != -EINPROGRESS)
		return err;
	*left = 0;
	err = add_waiting(d, p, &l);
	return err ? refuse(d, id, &l.e, err) : 0;
}

/* Those that waited for a hop whose question was answered or given up are ready behind the others. */
static void take_settled(struct sonde_drive *d)
{
	uint32_t hop;
	while (sonde_session_next_settled(&hop, d->session)) {
		const struct hop *settled = &d->session->hops.items[hop];
		if (settled->state == HOP_RESOLVED && d->engine->ops->on_neighbour)
			d->engine->ops->on_neighbour(d->engine, &settled->addr);
		struct waiting_list *list = hop < d->n_hops ? &d->by_hop[hop] : NULL;
		if (!list || !list->first)
			continue;
		*(d->ready.first ? &d->ready.last->next : &d->ready.first) = list->first;
		d->ready.last = list->last;
		list->first = NULL;
	}
}

int sonde_drive_send_waiting(struct sonde_drive *d)
{
	int err = 0, left = 0;
	sonde_session_update_hops(d->session, d->now);
	take_settled(d);
	if (d->full || !d->ready.first)
		return 0;
	d->real_now = sonde_clock_real();
	while (!err && d->ready.first) {
		struct waiting *w = d->ready.first;
		struct leaving l = { .sent = { .id = w->id, .hop_ns = d->now - w->since } };
		l.n_fragments = &w->n_fragments;
		err = send_packet(d, &w->packet, &l, &left);
		if (left == -EAGAIN)
			break;
		d->ready.first = w->next;
		uint32_t hop = left ? sonde_session_hop_number(d->session, &l.plan) : HOP_NONE;
		/* Its hop has to be asked again. */
		if (left && make_room(d, hop)) {
			append(&d->by_hop[hop], w);
			continue;
		}
		d->n_waiting--;
		free(w);
	}
	return err;
}

/* A stamped packet that has to wait or to be fragmented is sent as one that was built. */
static int send_as_built(struct sonde_drive *d, struct sonde_view bytes, unsigned i, int *left)
{
	memcpy(d->room, bytes.data, bytes.len);
	sonde_dissect(&d->packet, d->room, (uint32_t)bytes.len, (uint32_t)bytes.len,
		      (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
	d->packet.cap = SONDE_MAX_FRAME;
	d->packet.scope = d->batch.items[i].dst.scope;
	for (unsigned layer = 0; layer < d->packet.n_layers; layer++)
		d->packet.layers[layer].written = UINT64_MAX;
	return send_or_wait(d, &d->packet, d->batch.items[i].id, left);
}

static int send_stamped(struct sonde_drive *d, unsigned i, int *left)
{
	const struct sonde_batch *b = &d->batch;
	uint8_t *frame = b->stamped + i * SONDE_BATCH_FRAME;
	struct leaving l = { .sent = { .id = b->items[i].id, .bytes = sonde_view(frame, b->shape->len) } };
	l.refused = true;
	int err = sonde_session_route_to(&l.plan, &l.sent.src, d->session, &b->items[i].dst, d->now, &l.e);
	if (!err && b->source_slot >= 0 && l.sent.src.family == l.plan.dst.family)
		sonde_template_stamp_bytes(frame, b->shape, b->source_slot, l.sent.src.bytes);
	bool as_built = !err && (d->o.transport || l.sent.bytes.len > sonde_session_most_whole(d->session, &l.plan));
	if (!err && !as_built)
		err = sonde_session_choose_ip(&l.plan, d->session, l.sent.bytes, &l.e);
	l.sent.delivery = l.plan.is_broadcast ? SONDE_DELIVERY_BROADCAST : SONDE_DELIVERY_UNICAST;
	if (!err && !as_built)
		err = hand_over(d, &l);
	if (as_built || (l.refused && err == -EINPROGRESS))
		return send_as_built(d, l.sent.bytes, i, left);
	return conclude(d, &l, err, left);
}

/* Send what is left of the batch, until the socket is full. */
static int send_batch(struct sonde_drive *d)
{
	struct sonde_batch *b = &d->batch;
	int err = 0, left = 0;
	d->real_now = sonde_clock_real();
	for (; !err && d->at < b->n; d->at++) {
		err = b->shape ? send_stamped(d, d->at, &left)
				  : send_or_wait(d, &d->packet, b->items[d->at].id, &left);
		if (left)
			return 0;
	}
	return err;
}

/* Returns 1, 0 when nothing is due, or the error that ends the run. */
static int next_batch(struct sonde_drive *d)
{
	struct sonde_batch *b = &d->batch;
	sonde_packet_init(&d->packet, d->room, SONDE_MAX_FRAME);
	b->shape = NULL;
	b->n = d->at = 0;
	int got = d->engine->ops->next_batch(d->engine, b, d->now);
	if (got != 1)
		b->n = 0;
	if (got < 0)
		return sonde_fail(d->e, got, "cannot build the packet: %s", sonde_strerror(got));
	if (got == 1 && !b->shape && d->o.on_built) {
		int err = d->o.on_built(d->o.arg, &d->packet, b->items[0].id, &b->items[0].dst);
		if (err) {
			d->engine->ops->on_refused(d->engine, b->items[0].id, err);
			return err;
		}
	}
	return got;
}

bool sonde_drive_is_full(const struct sonde_drive *d)
{
	return d->full || d->n_waiting >= MAX_WAITING ||
	       (d->o.transport && d->o.transport->is_full(d->o.transport->arg));
}

int sonde_drive_send_due(struct sonde_drive *d)
{
	sonde_time until = d->now + TURN_NS;
	int got = 1, err = d->full ? flush(d) : 0;
	for (bool first = true; !err && got == 1 && (first || d->o.on_events) && d->now < until; first = false) {
		if (sonde_drive_is_full(d))
			break;
		if (d->at == d->batch.n)
			got = next_batch(d);
		if (got == 1)
			err = send_batch(d);
		d->now = sonde_clock_monotonic();
	}
	if (got < 0)
		return got;
	return err || d->full ? err : flush(d);
}
