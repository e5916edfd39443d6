/* Packets and the machine together: how packets go out together, and whom an exchange reaches. */
#include "session/state.h"

#include <errno.h>
#include <net/if.h>

#include "proto/icmp6.h"
#include "tests/unit/io_netns.h"
#include "tests/unit/wire.h"

static const char *unable;

static struct sonde_session *session(enum sonde_via via)
{
	struct sonde_session_options o = { .via = via };
	struct sonde_session *s;
	struct sonde_error e;
	if (sonde_session_open(&s, &o, &e))
		fail_msg("%s", e.what);
	return s;
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

int main(void)
{
	static struct unit u;
	unable = netns_pair();
	UNIT_TEST(&u, link_local_destinations_are_reached);
	UNIT_TEST(&u, refusals_in_the_outbox_are_named);
	UNIT_TEST(&u, a_full_outbox_is_flushed_first);
	return unit_run(&u, "session");
}
