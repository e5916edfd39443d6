/* Packets and the machine together: how packets go out together, and whom an exchange reaches. */
#include "session/state.h"

#include <errno.h>
#include <net/if.h>

#include "proto/icmp6.h"
#include "tests/unit/io_netns.h"
#include "tests/unit/wire.h"

static const char *unable;

static struct sonde_session *session_with(enum sonde_via via, const struct sonde_forwarder *forwarder)
{
	struct sonde_session_options o = { .via = via, .forwarder = forwarder };
	struct sonde_session *s;
	struct sonde_error e;
	if (sonde_session_open(&s, &o, &e))
		fail_msg("%s", e.what);
	return s;
}

static struct sonde_session *session(enum sonde_via via)
{
	return session_with(via, NULL);
}

/* The interface of the destination decides who is asked: fe80::2 is behind v0, and nobody is behind w0. */
static enum sonde_answer answer_through(struct sonde_session *s, const char *iface)
{
	const struct sonde_addr any = { 0 };
	struct sonde_addr dst;
	struct sonde_reply reply;
	struct sonde_packet p;
	struct sonde_error e;
	uint8_t room[WIRE_MAX];
	assert_int_equal(sonde_addr_parse(&dst, NULL, "fe80::2", 7), 0);
	dst.scope = if_nametoindex(iface);
	sonde_packet_init(&p, room, sizeof room);
	assert_int_equal(sonde_push_ip(&p, &any, &dst), 0);
	assert_int_equal(sonde_push(&p, &sonde_icmp6), 1);
	if (sonde_session_exchange(&reply, s, &p, 3 * SONDE_S, &e))
		fail_msg("%s: %s", iface, e.what);
	return reply.match.answer;
}

static void link_local_destinations_are_reached(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_go(netns_peer) && netns_add6("fe80::2", 64, "v1") && netns_go(netns_here));
	assert_true(netns_add6("fe80::1", 64, "v0"));
	assert_true(netns_run("ip link add w0 type veth peer name w1 && ip link set w1 up && ip link set w0 up"));
	assert_true(netns_add6("fe80::3", 64, "w0"));
	struct sonde_session *s = session(SONDE_VIA_AUTO);
	assert_int_equal(answer_through(s, "v0"), SONDE_ANSWER_ECHO);
	assert_int_not_equal(answer_through(s, "w0"), SONDE_ANSWER_ECHO);
	sonde_session_close(s);
}

static int put_in_outbox(struct sonde_session *s, const char *text, uint64_t id)
{
	struct sonde_plan plan;
	struct sonde_packet p;
	struct sonde_error e;
	uint8_t room[WIRE_MAX];
	wire_build(&p, room, text);
	if (sonde_session_prepare(&plan, s, &p, 0, &e))
		fail_msg("%s", e.what);
	return sonde_session_queue(s, &plan, sonde_view(p.data, p.len), id, &e);
}

/* Each that is refused is named, once, and the others go. */
static void refusals_in_the_outbox_are_named(void **state)
{
	struct sonde_error e;
	uint64_t id = 0;
	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("nft add table inet t && nft 'add chain inet t o { type filter hook output priority 0; }' && "
		       "nft add rule inet t o udp dport { 2, 4 } counter drop"))
		UNIT_SKIP("nft cannot make a chain here");
	struct sonde_session *s = session(SONDE_VIA_AUTO);
	for (uint64_t port = 1; port <= 5; port++) {
		char text[80];
		snprintf(text, sizeof text, "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=4000 dport=%d", (int)port);
		assert_int_equal(put_in_outbox(s, text, 10 + port), 0);
	}
	assert_int_equal(sonde_session_flush(&id, s, &e), -EPERM);
	assert_int_equal(id, 12);
	assert_int_equal(sonde_session_flush(&id, s, &e), -EPERM);
	assert_int_equal(id, 14);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_true(netns_run("nft flush chain inet t o"));
	sonde_session_close(s);
}

/* What is in the outbox goes by one sender; what goes by another, or finds it full, waits until it is empty. */
static void a_full_outbox_is_flushed_first(void **state)
{
	static const char udp[] = "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=4000 dport=9";
	struct sonde_error e;
	uint64_t id, n = 0;
	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_session *s = session(SONDE_VIA_AUTO);
	assert_int_equal(put_in_outbox(s, udp, 0), 0);
	assert_int_equal(put_in_outbox(s, "ip6 src=fd00::1 dst=fd00::2 / udp sport=4000 dport=9", 1), -EAGAIN);
	while (put_in_outbox(s, udp, n) == 0)
		n++;
	assert_in_range(n, 10, 1000);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(put_in_outbox(s, "ip6 src=fd00::1 dst=fd00::2 / udp sport=4000 dport=9", 1), 0);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	sonde_session_close(s);
}

/* --- A forwarder that sends when it is told to -------------------------------------------------------------------- */

#define BATCHES 16

struct slow {
	struct sonde_forwarder ops;
	bool refuses;
	struct {
		struct sonde_sender *sender;
		struct sonde_outgoing *frames;
		size_t n;
		struct sonde_forwarding *state;
	} batches[BATCHES];
	unsigned taken, sent;
};

static bool take(void *arg, struct sonde_sender *sender, struct sonde_outgoing *frames, size_t n,
		 struct sonde_forwarding *state)
{
	struct slow *f = arg;
	if (f->refuses || f->taken == BATCHES)
		return false;
	f->batches[f->taken].sender = sender;
	f->batches[f->taken].frames = frames;
	f->batches[f->taken].n = n;
	f->batches[f->taken++].state = state;
	return true;
}

/* Send the next batch, at this time. */
static void send_batch(struct slow *f, sonde_time at)
{
	unsigned k = f->sent++;
	assert_true(k < f->taken);
	f->batches[k].state->began_at = at;
	assert_int_equal(sonde_sender_send(f->batches[k].sender, f->batches[k].frames, f->batches[k].n),
			 f->batches[k].n);
	f->batches[k].state->is_done = true;
}

static void put_udp(struct sonde_session *s, unsigned port, uint64_t id)
{
	char text[80];
	snprintf(text, sizeof text, "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=4000 dport=%u", port);
	assert_int_equal(put_in_outbox(s, text, id), 0);
}

/* The next n packets left at this time, in the order of their numbers. */
static void assert_left(struct sonde_session *s, uint64_t first, unsigned n, sonde_time at)
{
	struct sonde_error e;
	for (uint64_t id, want = first; want < first + n; want++) {
		assert_int_equal(sonde_session_flush(&id, s, &e), 1);
		assert_int_equal(id, want);
		assert_int_equal(s->left_at, at);
	}
}

/* A full outbox goes by the forwarder, and what comes behind it, too; what comes alone does not. */
static void full_batches_are_forwarded(void **state)
{
	struct slow f = { .ops = { .arg = &f, .take = take } };
	struct sonde_error e;
	uint64_t id;
	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_session *s = session_with(SONDE_VIA_AUTO, &f.ops);
	for (unsigned i = 0; i < OUTBOX_FRAMES; i++)
		put_udp(s, 9, i);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	put_udp(s, 9, OUTBOX_FRAMES);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(f.taken, 2);
	assert_int_equal(sonde_session_queued(s), OUTBOX_FRAMES + 1);
	send_batch(&f, 77);
	assert_left(s, 0, OUTBOX_FRAMES, 77);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	send_batch(&f, 78);
	assert_left(s, OUTBOX_FRAMES, 1, 78);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	put_udp(s, 9, 1);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(f.taken, 2);
	assert_int_equal(sonde_session_queued(s), 0);
	sonde_session_close(s);
}

/* The forwarder's refusals are named behind the times of its batch, and only then is its outbox free. */
static void refusals_of_the_forwarder_are_named(void **state)
{
	struct slow f = { .ops = { .arg = &f, .take = take } };
	struct sonde_error e;
	uint64_t id;
	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("nft add table inet t && nft 'add chain inet t o { type filter hook output priority 0; }' && "
		       "nft add rule inet t o udp dport { 2, 4 } counter drop"))
		UNIT_SKIP("nft cannot make a chain here");
	struct sonde_session *s = session_with(SONDE_VIA_AUTO, &f.ops);
	for (unsigned i = 0; i < OUTBOX_FRAMES; i++)
		put_udp(s, 1 + i, i);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	send_batch(&f, 77);
	assert_left(s, 0, OUTBOX_FRAMES, 77);
	for (unsigned port = 2; port <= 4; port += 2) {
		assert_int_equal(sonde_session_flush(&id, s, &e), -EPERM);
		assert_int_equal(id, port - 1);
	}
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(sonde_session_queued(s), 0);
	assert_true(netns_run("nft flush chain inet t o"));
	sonde_session_close(s);
}

/* A forwarder that does not come on is given only so much: then the session sends, too, and by another sender. With one
 * that takes nothing it sends all. */
static void a_forwarder_has_enough(void **state)
{
	struct slow f = { .ops = { .arg = &f, .take = take } };
	struct sonde_error e;
	uint64_t id;
	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_session *s = session_with(SONDE_VIA_AUTO, &f.ops);
	for (unsigned i = 0; i < OUTBOXES * OUTBOX_FRAMES; i++) {
		put_udp(s, 9, i);
		if (i % OUTBOX_FRAMES == OUTBOX_FRAMES - 1 && i / OUTBOX_FRAMES < OUTBOXES - 1)
			assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	}
	const struct outlet *outlet = s->outboxes[s->filling].outlet;
	uint64_t sent = sonde_sender_counters(outlet->sender)->sent;
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(f.taken, OUTBOXES - 1);
	assert_int_equal(sonde_sender_counters(outlet->sender)->sent - sent, OUTBOX_FRAMES);
	assert_ptr_equal(f.batches[0].sender, outlet->forwarded);
	assert_int_equal(sonde_session_queued(s), (OUTBOXES - 1) * OUTBOX_FRAMES);
	for (unsigned k = 0; k < OUTBOXES - 1; k++)
		send_batch(&f, 77);
	assert_left(s, 0, (OUTBOXES - 1) * OUTBOX_FRAMES, 77);
	f.refuses = true;
	for (unsigned i = 0; i < OUTBOX_FRAMES; i++)
		put_udp(s, 9, i);
	assert_int_equal(sonde_session_flush(&id, s, &e), 0);
	assert_int_equal(f.taken, OUTBOXES - 1);
	assert_int_equal(sonde_sender_counters(outlet->sender)->sent - sent, 2 * OUTBOX_FRAMES);
	assert_int_equal(sonde_session_queued(s), 0);
	sonde_session_close(s);
}

int main(void)
{
	static struct unit u;
	unable = netns_pair();
	UNIT_TEST(&u, link_local_destinations_are_reached);
	UNIT_TEST(&u, refusals_in_the_outbox_are_named);
	UNIT_TEST(&u, a_full_outbox_is_flushed_first);
	UNIT_TEST(&u, full_batches_are_forwarded);
	UNIT_TEST(&u, refusals_of_the_forwarder_are_named);
	UNIT_TEST(&u, a_forwarder_has_enough);
	return unit_run(&u, "session");
}
