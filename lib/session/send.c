#include <errno.h>
#include <poll.h>

#include "io/clock.h"
#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "session/state.h"

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
static int get_way(struct way_out **out, struct sonde_session *s, const struct sonde_plan *plan, struct sonde_error *e)
{
	enum sonde_sender_way way = sender_way(s, plan);
	uint32_t ifindex = plan->path.way == SONDE_WAY_LINK ? plan->ifindex : s->ifindex;
	*out = &s->ways[N_SENDERS - 1];
	for (unsigned i = N_SENDERS; i-- > 0;) {
		struct way_out *w = &s->ways[i];
		if (w->sender && w->way == way && w->ifindex == ifindex) {
			*out = w;
			return 0;
		}
		if (!w->sender)
			*out = w;
	}
	/* Who waits in line may wait for the very sender that would have to go. */
	if (s->line.n)
		return -EAGAIN;
	struct sonde_sender_options o = { .way = way, .ifindex = ifindex, .broadcast = s->o.broadcast };
	sonde_sender_close((*out)->sender);
	**out = (struct way_out){ .way = way, .ifindex = ifindex };
	return sonde_sender_open(&(*out)->sender, &o, e);
}

/* What goes before an IP packet to make it an Ethernet frame to the next hop. Returns its bytes, 0 on links without a
 * link header, or an error. */
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
	struct line *line = &s->line;
	struct way_out *way;
	uint8_t *at = line->bytes + line->used;
	if (line->n == LINE_PACKETS || packet.len + LINK_HEADER > LINE_BYTES - line->used)
		return line->n ? -EAGAIN : sonde_fail(e, -EMSGSIZE, "no frame is as long as its %zu bytes", packet.len);
	int err = get_way(&way, s, plan, e);
	if (err || (line->n && way != line->way))
		return err ? err : -EAGAIN;
	int header = link_header(at, s, plan, packet, e);
	if (header < 0)
		return header;
	memcpy(at + header, packet.data, packet.len);
	line->way = way;
	size_t len = (size_t)header + packet.len;
	line->frames[line->n] = (struct sonde_outgoing){ .bytes = sonde_view(at, len), .dst = plan->dst };
	line->ids[line->n++] = id;
	line->used += len;
	return 0;
}

static void empty(struct line *line)
{
	line->n = line->left = line->told = 0;
	line->used = 0;
}

int sonde_session_flush(uint64_t *id, struct sonde_session *s, struct sonde_error *e)
{
	struct line *line = &s->line;
	int err = 0;
	if (line->left < line->n)
		line->left += (unsigned)sonde_sender_send(line->way->sender, line->frames + line->left,
							  line->n - line->left);
	while (!err && line->told < line->left) {
		const struct sonde_outgoing *frame = &line->frames[line->told];
		*id = line->ids[line->told++];
		err = frame->result ? sonde_sender_explain(e, frame) : 0;
	}
	if (line->told == line->n)
		empty(line);
	return err || !line->n ? err : -EAGAIN;
}

/* A socket whose buffer is full drains soon, or something is in its way: then the next packets do not wait for it. */
static int wait_and_flush(struct sonde_session *s, struct sonde_error *e)
{
	const int soon_ms = 100;
	uint64_t id;
	struct pollfd full = { .fd = sonde_sender_fd(s->line.way->sender), .events = POLLOUT };
	if (!s->line.stuck)
		poll(&full, 1, soon_ms);
	return sonde_session_flush(&id, s, e);
}

int sonde_session_send(struct sonde_session *s, const struct sonde_plan *plan, const uint8_t *data, uint32_t len,
		       sonde_time *sent_at, struct sonde_error *e)
{
	uint64_t id;
	int err = sonde_session_queue(s, plan, sonde_view(data, len), 0, e);
	if (err)
		return err;
	*sent_at = sonde_clock_real();
	err = sonde_session_flush(&id, s, e);
	if (err == -EAGAIN)
		err = wait_and_flush(s, e);
	s->line.stuck = err == -EAGAIN;
	if (err != -EAGAIN)
		return err;
	empty(&s->line);
	return sonde_refusal_explain(e, err, 0, len);
}
