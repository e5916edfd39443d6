#include <errno.h>

#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "session/state.h"

static enum sonde_sender_way sender_way(const struct sonde_session *s, const struct sonde_plan *plan)
{
	bool libnet = s->o.via == SONDE_VIA_LIBNET;
	switch (plan->path.socket) {
	case SONDE_SOCKET_RAW4: return libnet ? SONDE_SENDER_LIBNET_RAW4 : SONDE_SENDER_RAW4;
	case SONDE_SOCKET_RAW6: return libnet ? SONDE_SENDER_LIBNET_RAW6 : SONDE_SENDER_RAW6;
	default: return libnet ? SONDE_SENDER_LIBNET_LINK : SONDE_SENDER_LINK;
	}
}

static int open_sender(struct sonde_sender **out, const struct sonde_session *s, const struct outlet *outlet,
		       struct sonde_error *e)
{
	const struct sonde_sender_options o = { .way = outlet->way, .ifindex = outlet->ifindex,
						.broadcast = s->o.broadcast };
	const struct sonde_opener *opener = s->o.opener;
	int fd, err;
	*out = NULL;
	if (!opener)
		return sonde_sender_open(out, &o, e);
	err = opener->sender(opener->arg, &fd, &o, e);
	return err ? err : sonde_sender_take(out, fd, &o, e);
}

void sonde_session_close_outlet(struct outlet *outlet)
{
	sonde_sender_close(outlet->sender);
	sonde_sender_close(outlet->forwarded);
	*outlet = (struct outlet){ 0 };
}

/* The open sender for a plan, opened when it is the first. Senders of the link layer belong to an interface; raw ones
 * to the interface that the user named, or to none. */
static int get_outlet(struct outlet **out, struct sonde_session *s, const struct sonde_plan *plan,
		      struct sonde_error *e)
{
	enum sonde_sender_way way = sender_way(s, plan);
	uint32_t ifindex = plan->path.socket == SONDE_SOCKET_PACKET ? plan->ifindex : s->ifindex;
	*out = &s->outlets[N_SENDERS - 1];
	for (unsigned i = N_SENDERS; i-- > 0;) {
		struct outlet *w = &s->outlets[i];
		if (w->sender && w->way == way && w->ifindex == ifindex) {
			*out = w;
			return 0;
		}
		if (!w->sender)
			*out = w;
	}
	/* The frames in the outbox may need the sender that would be closed. */
	if (sonde_session_queued(s))
		return -EAGAIN;
	sonde_session_close_outlet(*out);
	**out = (struct outlet){ .way = way, .ifindex = ifindex };
	return open_sender(&(*out)->sender, s, *out, e);
}

/* Write the Ethernet header that takes an IP packet to its next hop. Returns its length, 0 on links without a link
 * header, or an error. */
static int link_header(uint8_t out[static LINK_HEADER], struct sonde_session *s, const struct sonde_plan *plan,
		       struct sonde_view packet, struct sonde_error *e)
{
	const struct sonde_link *link = sonde_link_by_index(&s->links, plan->ifindex);
	if (!plan->path.needs_link_header || !link || (link->mac_len != SONDE_MAC_LEN && !link->loopback))
		return 0;
	int err = sonde_session_hop_mac(out, s, plan, e);
	if (err)
		return err;
	memcpy(out + SONDE_MAC_LEN, link->mac, SONDE_MAC_LEN);
	const struct sonde_proto *ip = packet.data[0] >> 4 == 6 ? &sonde_ip6 : &sonde_ip;
	sonde_put(out, SONDE_ETHER_TYPE, sonde_number_in(ip, SONDE_SPACE_ETHERTYPE, 0));
	return LINK_HEADER;
}

int sonde_session_queue(struct sonde_session *s, const struct sonde_plan *plan, struct sonde_view packet, uint64_t id,
			struct sonde_error *e)
{
	struct outbox *box = &s->outboxes[s->filling];
	struct outlet *outlet;
	uint8_t *at = box->bytes + box->used;
	if (box->n == OUTBOX_FRAMES || packet.len + LINK_HEADER > OUTBOX_BYTES - box->used)
		return box->n ? -EAGAIN : sonde_fail(e, -EMSGSIZE, "no frame is as long as its %zu bytes", packet.len);
	int err = get_outlet(&outlet, s, plan, e);
	if (err || (box->n && outlet != box->outlet))
		return err ? err : -EAGAIN;
	int header = link_header(at, s, plan, packet, e);
	if (header < 0)
		return header;
	memcpy(at + header, packet.data, packet.len);
	box->outlet = outlet;
	size_t len = (size_t)header + packet.len;
	box->frames[box->n] = (struct sonde_outgoing){ .bytes = sonde_view(at, len), .dst = plan->dst };
	box->ids[box->n++] = id;
	box->used += len;
	return 0;
}

int sonde_session_send_frame(struct sonde_session *s, uint32_t ifindex, struct sonde_view frame)
{
	const struct sonde_plan plan = { .path = { .socket = SONDE_SOCKET_PACKET }, .ifindex = ifindex };
	struct sonde_outgoing out = { .bytes = frame };
	struct outlet *outlet;
	if (s->n_forwarded)
		return sonde_session_queue(s, &plan, frame, NOBODYS_ID, NULL);
	int err = get_outlet(&outlet, s, &plan, NULL);
	if (err)
		return err;
	return sonde_sender_send(outlet->sender, &out, 1) == 1 ? out.result : -EAGAIN;
}

static void empty_if_done(struct outbox *box)
{
	if (box->reported < box->n)
		return;
	box->n = box->handed = box->reported = box->n_timed = 0;
	box->used = 0;
}

/* Go through the results that are there. Returns 0, or the first refusal among them. */
static int report(uint64_t *id, struct outbox *box, struct sonde_error *e)
{
	int err = 0;
	while (!err && box->reported < box->handed) {
		const struct sonde_outgoing *frame = &box->frames[box->reported];
		*id = box->ids[box->reported++];
		err = frame->result && *id != NOBODYS_ID ? sonde_sender_explain(e, frame) : 0;
	}
	empty_if_done(box);
	return err;
}

/* Returns 0 when there is no news of the forwarder, 1 for a packet that left, or a refusal. */
static int report_forwarded(uint64_t *id, struct sonde_session *s, struct sonde_error *e)
{
	while (s->n_forwarded) {
		struct outbox *box = &s->outboxes[(s->filling + OUTBOXES - s->n_forwarded) % OUTBOXES];
		s->left_at = __atomic_load_n(&box->forwarding.began_at, __ATOMIC_ACQUIRE);
		while (s->left_at && box->n_timed < box->n) {
			*id = box->ids[box->n_timed++];
			if (*id != NOBODYS_ID)
				return 1;
		}
		if (!__atomic_load_n(&box->forwarding.is_done, __ATOMIC_ACQUIRE))
			return 0;
		box->handed = box->n;
		int err = report(id, box, e);
		if (err)
			return err;
		s->n_forwarded--;
	}
	return 0;
}

/* The forwarder's own sender, so that it and the session do not wait for each other. */
static struct sonde_sender *forwarded_sender(struct sonde_session *s, struct outlet *outlet)
{
	if (!outlet->forwarded && open_sender(&outlet->forwarded, s, outlet, NULL))
		outlet->forwarded = NULL;
	return outlet->forwarded;
}

/* Have the forwarder send what is in the outbox: when that is full, or would overtake what it has. Returns false when
 * the session is to send it, as it is where the forwarder has enough: then both cores send. */
static bool forward(struct sonde_session *s)
{
	const struct sonde_forwarder *f = s->o.forwarder;
	struct outbox *box = &s->outboxes[s->filling];
	bool is_worth_it = box->n == OUTBOX_FRAMES || s->n_forwarded;
	if (!f || box->handed || !is_worth_it || s->n_forwarded == OUTBOXES - 1)
		return false;
	struct sonde_sender *sender = forwarded_sender(s, box->outlet);
	box->forwarding = (struct sonde_forwarding){ 0 };
	if (!sender || !f->take(f->arg, sender, box->frames, box->n, &box->forwarding))
		return false;
	s->n_forwarded++;
	s->filling = (s->filling + 1) % OUTBOXES;
	return true;
}

int sonde_session_flush(uint64_t *id, struct sonde_session *s, struct sonde_error *e)
{
	int err = s->n_forwarded ? report_forwarded(id, s, e) : 0;
	struct outbox *box = &s->outboxes[s->filling];
	if (err || !box->n)
		return err;
	if (forward(s))
		return 0;
	if (box->handed < box->n)
		box->handed += (unsigned)sonde_sender_send(box->outlet->sender, box->frames + box->handed,
							   box->n - box->handed);
	err = report(id, box, e);
	return err || !box->n ? err : -EAGAIN;
}

unsigned sonde_session_queued(const struct sonde_session *s)
{
	unsigned n = 0;
	for (unsigned i = 0; i < OUTBOXES; i++)
		n += s->outboxes[i].n - s->outboxes[i].reported;
	return n;
}

bool sonde_session_abandon(uint64_t *id, uint32_t *len, struct sonde_session *s)
{
	struct outbox *box = &s->outboxes[s->filling];
	if (box->reported == box->n || s->n_forwarded)
		return false;
	*id = box->ids[box->reported];
	*len = (uint32_t)box->frames[box->reported].bytes.len;
	box->handed = ++box->reported;
	empty_if_done(box);
	return true;
}
