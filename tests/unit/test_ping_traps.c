/* What pings are known to get wrong, one by one: packets written by hand for the engine, and stamps to go with them. */
#include "tests/unit/trap.h"
#include "tests/unit/wire.h"

#include <stdio.h>
#include <stdlib.h>

#include "probe/ping.h"
#include "proto/arp.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/tcp.h"

static void sizes_go_in_turn(void **state)
{
	static const uint32_t sizes[] = { 56, 8, 100 };
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .n_sizes = 3 });
	for (unsigned i = 0; i < 7; i++, t.now += SONDE_S) {
		trap_leave(&t, SONDE_STAMP_FRAME, 0);
		assert_int_equal(sonde_payload(&t.out.packet).len, sizes[i % 3]);
		trap_echo_back(&t, i + 1);
		assert_int_equal(t.event.kind, SONDE_PING_REPLY);
	}
	free(t.memory);
}

/* On loopback a question comes in, too. */
static void a_question_is_no_answer(void **state)
{
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .rounds = 1 });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	t.n_events = 0;
	assert_int_equal(engine_see(&t.ping.engine, &t.out.packet, t.now, false), SONDE_SEEN_QUESTION);
	trap_drain(&t);
	assert_int_equal(t.n_events, 0);
	assert_int_equal(t.ping.unmatched, 0);
	free(t.memory);
}

static void a_slow_answer_belongs_to_its_own_question(void **state)
{
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .interval_ns = 100 * SONDE_MS });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	struct sonde_packet first;
	static uint8_t room[WIRE_MAX];
	memcpy(room, t.out.packet.data, t.out.packet.len);
	first = t.out.packet;
	first.data = room;
	for (unsigned i = 0; i < 5; i++) {
		t.now += 100 * SONDE_MS;
		trap_leave(&t, SONDE_STAMP_FRAME, 0);
	}
	t.out.packet = first;
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.kind, SONDE_PING_REPLY);
	assert_int_equal(t.event.round, 0);
	assert_int_equal(t.event.rtt_ns, 500 * SONDE_MS);
	free(t.memory);
}

static const struct tcp_row {
	const char *name, *sum;
	uint32_t beyond; /* of the acknowledgement, over the sequence number of the SYN */
	unsigned replies, tokens, sums;
} tcp_rows[] = {
	{ "a checksum left to offload is believed", "partial", 1, 1, 0, 0 },
	{ "a right checksum is", "auto", 1, 1, 0, 0 },
	{ "a wrong one is not", "0x1234", 1, 0, 0, 1 },
	{ "an acknowledgement of nothing is not", "auto", 2, 0, 1, 0 },
	{ "one of something older is not", "auto", UINT32_MAX, 0, 1, 0 },
};

static void segments(void **state)
{
	static struct trap t;
	const struct tcp_row *row = *state;
	char text[200];
	trap_begin(&t, (struct sonde_ping_options){ .kind = SONDE_PING_TCP });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	uint32_t seq = (uint32_t)sonde_get(sonde_layer_header(&t.out.packet, 1), SONDE_TCP_SEQ);
	unsigned port = (unsigned)sonde_get(sonde_layer_header(&t.out.packet, 1), SONDE_TCP_SPORT);
	snprintf(text, sizeof text,
		 "ip src=10.0.0.2 dst=10.0.0.1 id=1 / tcp sport=80 dport=%u flags=SA seq=1 ack=%u checksum=%s", port,
		 seq + row->beyond, row->sum);
	trap_arrive(&t, text);
	assert_int_equal(t.ping.targets[0].received, row->replies);
	assert_int_equal(t.ping.wrong_token, row->tokens);
	assert_int_equal(t.ping.wrong_checksum, row->sums);
	free(t.memory);
}

/* Routers change TTL, TOS, lengths and checksums of what they quote, and quote eight bytes of the transport. */
static const struct quote_row {
	const char *name, *ip;
	unsigned id_off, seq; /* the identifier is that far from ours */
	bool ours;
} quote_rows[] = {
	{ "a quote as it was sent", "id=7", 0, 1, true },
	{ "a quote that a router changed", "id=7 ttl=1 tos=32 length=21504 checksum=0x1111", 0, 1, true },
	{ "a quote of another identifier", "id=7", 1, 1, false },
	{ "a quote of a packet that was not sent", "id=7", 0, 5, false },
};

static void quotes(void **state)
{
	static struct trap t;
	const struct quote_row *row = *state;
	char text[300];
	trap_begin(&t, (struct sonde_ping_options){ 0 });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	snprintf(text, sizeof text,
		 "ip src=10.0.0.9 dst=10.0.0.1 id=1 / icmp type=unreach code=1 / "
		 "ip src=10.0.0.1 dst=10.0.0.2 %s / icmp type=echo id=%u seq=%u",
		 row->ip, t.ping.id ^ row->id_off, row->seq);
	trap_arrive(&t, text);
	assert_int_equal(t.ping.targets[0].errors, row->ours);
	assert_int_equal(t.ping.targets[0].received, 0);
	assert_int_equal(t.ping.unmatched, !row->ours);
	free(t.memory);
}

static const struct damage_row {
	const char *name;
	uint32_t at, len; /* the byte that is altered, 99: none; bytes that come back */
	struct sonde_ping_damage want;
} damage_rows[] = {
	{ "data as it was sent", 99, 56, { .echoed = 56, .sent = 56 } },
	{ "an altered byte", 48, 56, { true, 56, 56, true, 48, 0xff, 48 } },
	{ "the first one behind the token", 8, 56, { true, 56, 56, true, 8, 0xff, 8 } },
	{ "the last one", 55, 56, { true, 56, 56, true, 55, 0xff, 55 } },
	{ "short data", 99, 48, { .any = true, .echoed = 48, .sent = 56 } },
	{ "long data", 99, 60, { .any = true, .echoed = 60, .sent = 56 } },
};

static void altered_data_is_an_answer_and_told(void **state)
{
	static struct trap t;
	const struct damage_row *row = *state;
	uint8_t data[64] = { 0 };
	trap_begin(&t, (struct sonde_ping_options){ 0 });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	memcpy(data, sonde_payload(&t.out.packet).data, 56);
	if (row->at < row->len)
		data[row->at] = 0xff;
	trap_echo_data(&t, 1, sonde_view(data, row->len));
	const struct sonde_ping_damage *got = &t.event.damage;
	assert_int_equal(t.event.kind, SONDE_PING_REPLY);
	assert_int_equal(t.ping.targets[0].altered, row->want.any);
	assert_int_equal(got->any, row->want.any);
	assert_int_equal(got->echoed, row->want.echoed);
	assert_int_equal(got->sent, row->want.sent);
	assert_int_equal(got->has_wrong, row->want.has_wrong);
	if (row->want.has_wrong) {
		assert_int_equal(got->at, row->want.at);
		assert_int_equal(got->was, row->want.was);
		assert_int_equal(got->should_be, row->want.should_be);
	}
	free(t.memory);
}

/* The capture has not all of it: that is no damage. */
static void data_that_was_captured_in_part_is_not_short(void **state)
{
	static struct trap t;
	char text[1024];
	struct sonde_packet got;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ 0 });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	trap_print_echo(text, &t, 1, sonde_payload(&t.out.packet));
	trap_see(&got, text);
	sonde_dissect(&got, got.data, got.len - 8, got.len, (struct sonde_id){ SONDE_SPACE_LINK, 101 });
	engine_see(&t.ping.engine, &got, t.now, false);
	trap_drain(&t);
	assert_int_equal(t.ping.targets[0].received, 1);
	assert_int_equal(t.ping.targets[0].altered, 0);
	free(t.memory);
}

/* What was written over the data comes back as it was sent. */
static void data_that_was_written_over_is_not_altered(void **state)
{
	static struct trap t;
	const struct sonde_addr src = sonde_addr4(trap_own);
	struct sonde_packet *p = &t.out.packet;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .overlaid = true });
	assert_true(engine_next(&t.out, &t.ping.engine, &src, t.now));
	sonde_set(p, 0, SONDE_IP_ID, 7);
	p->data[p->len - 1] ^= 0xff;
	sonde_finish(p);
	engine_sent(&t.out, &t.ping.engine, t.now, t.now, SONDE_STAMP_FRAME);
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.kind, SONDE_PING_REPLY);
	assert_int_equal(t.ping.targets[0].altered, 0);
	free(t.memory);
}

static void an_error_tells_the_mtu(void **state)
{
	static struct trap t;
	char text[300];
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ 0 });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	snprintf(text, sizeof text,
		 "ip src=10.0.0.9 dst=10.0.0.1 id=1 / icmp type=unreach code=4 mtu=1300 / "
		 "ip src=10.0.0.1 dst=10.0.0.2 id=7 / icmp type=echo id=%u seq=1",
		 t.ping.id);
	trap_arrive(&t, text);
	assert_int_equal(t.event.kind, SONDE_PING_ERROR);
	assert_int_equal(t.event.mtu, 1300);
	free(t.memory);
}

/* A machine that slept does not make up for the hours. */
static void a_long_sleep_is_not_made_up_for(void **state)
{
	static struct trap t;
	unsigned n = 0;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .interval_ns = 1, .gap_ns = SONDE_MS });
	trap_leave(&t, SONDE_STAMP_FRAME, 0);
	t.now += 3600 * SONDE_S;
	const struct sonde_addr src = sonde_addr4(trap_own);
	while (n < 1000 && engine_next(&t.out, &t.ping.engine, &src, t.now))
		n++;
	assert_in_range(n, 1, 65);
	free(t.memory);
}

static void what_did_not_leave_is_not_lost(void **state)
{
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .rounds = 1, .sees_frames = true });
	trap_leave(&t, SONDE_STAMP_USER, 0);
	t.now += 2 * SONDE_S;
	trap_ops(&t)->on_time(&t.ping.engine, t.now);
	trap_drain(&t);
	assert_int_equal(t.event.kind, SONDE_PING_DROPPED);
	assert_int_equal(t.ping.targets[0].sent, 0);
	assert_int_equal(t.ping.targets[0].dropped, 1);
	/* It was only held, and is answered: late. */
	assert_int_equal(engine_see(&t.ping.engine, &t.out.packet, t.now, true), SONDE_SEEN_QUESTION);
	t.now += SONDE_MS;
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.kind, SONDE_PING_LATE);
	assert_int_equal(t.event.rtt_ns, SONDE_MS);
	assert_int_equal(t.ping.targets[0].sent, 1);
	assert_int_equal(t.ping.targets[0].lost, 1);
	assert_int_equal(t.ping.targets[0].dropped, 0);
	free(t.memory);
}

static const char arp_question[] =
	"ether src=02:00:00:00:00:01 / arp op=request sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2";
static const char arp_answer[] =
	"ether src=02:00:00:00:00:02 dst=02:00:00:00:00:01 / arp op=reply sha=02:00:00:00:00:02 "
	"spa=10.0.0.2 tha=02:00:00:00:00:01 tpa=10.0.0.1";

static void the_wait_for_the_next_hop_is_no_round_trip(void **state)
{
	static struct trap t;
	struct sonde_packet p;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .sees_frames = true });
	trap_leave(&t, SONDE_STAMP_USER, 0);
	trap_see(&p, arp_question);
	engine_see(&t.ping.engine, &p, t.now + 10 * SONDE_US, true);
	t.now += 300 * SONDE_MS;
	trap_see(&p, arp_answer);
	engine_see(&t.ping.engine, &p, t.now, false);
	assert_int_equal(engine_see(&t.ping.engine, &t.out.packet, t.now, true), SONDE_SEEN_QUESTION);
	t.now += 2 * SONDE_MS;
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.rtt_ns, 2 * SONDE_MS);
	assert_int_equal(t.event.hop_ns, 300 * SONDE_MS);
	/* The next one waits for nothing. */
	t.now = TRAP_START + SONDE_S;
	trap_leave(&t, SONDE_STAMP_USER, 0);
	assert_int_equal(engine_see(&t.ping.engine, &t.out.packet, t.now + SONDE_US, true), SONDE_SEEN_QUESTION);
	trap_echo_back(&t, 2);
	assert_int_equal(t.event.hop_ns, 0);
	assert_int_equal(t.ping.targets[0].hop_ns, 300 * SONDE_MS);
	free(t.memory);
}

static void a_hop_that_is_silent_is_the_cause(void **state)
{
	static struct trap t;
	struct sonde_packet p;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .rounds = 1, .sees_frames = true });
	trap_leave(&t, SONDE_STAMP_USER, 0);
	trap_see(&p, arp_question);
	engine_see(&t.ping.engine, &p, t.now, true);
	t.now += 2 * SONDE_S;
	trap_ops(&t)->on_time(&t.ping.engine, t.now);
	trap_drain(&t);
	assert_int_equal(t.event.kind, SONDE_PING_DROPPED);
	assert_int_equal(t.event.code, SONDE_E_NO_NEIGHBOUR);
	free(t.memory);
}

/* With --set all packets may have one port: their sequence numbers tell them apart. */
static void packets_of_one_port_are_told_apart(void **state)
{
	static struct trap t;
	uint32_t seq[3];
	char text[200];
	(void)state;
	trap_begin(&t,
	      (struct sonde_ping_options){ .kind = SONDE_PING_TCP, .interval_ns = 100 * SONDE_MS, .overlaid = true });
	for (unsigned i = 0; i < 3; i++, t.now += 100 * SONDE_MS) {
		trap_leave(&t, SONDE_STAMP_FRAME, 5353);
		seq[i] = (uint32_t)sonde_get(sonde_layer_header(&t.out.packet, 1), SONDE_TCP_SEQ);
	}
	for (unsigned i = 3; i-- > 0;) {
		snprintf(text, sizeof text,
			 "ip src=10.0.0.2 dst=10.0.0.1 id=1 / tcp sport=80 dport=5353 flags=SA ack=%u", seq[i] + 1);
		trap_arrive(&t, text);
		assert_int_equal(t.event.kind, SONDE_PING_REPLY);
		assert_int_equal(t.event.round, i);
		assert_int_equal(t.event.rtt_ns, (3 - i) * 100 * SONDE_MS);
	}
	free(t.memory);
}

/* A script of what leaves (q: our question, o: an equal one of others), comes (a: an answer) or passes (., 100 ms); the
 * last answer is looked at. Questions are given up after 1 s. */
static const struct arp_row {
	const char *name, *script;
	uint32_t n_events; /* that the last answer made */
	enum sonde_ping_event_kind kind;
	unsigned round;
	sonde_time rtt_ns; /* -1: not known */
} arp_rows[] = {
	{ "an answer that comes at once", "q.a", 1, SONDE_PING_REPLY, 0, 100 * SONDE_MS },
	{ "a second one", "qa.a", 1, SONDE_PING_DUPLICATE, 0, 100 * SONDE_MS },
	{ "with two questions open, the newer one, without a time", "q.q.a", 1, SONDE_PING_REPLY, 1, -1 },
	{ "the older one next, which might be the newer one's second", "q.qa.a", 1, SONDE_PING_REPLY, 0, -1 },
	{ "after one that was given up, the newest", "q...........q.a", 1, SONDE_PING_REPLY, 1, 100 * SONDE_MS },
	{ "after an answer, the one that waits", "q.aq.a", 1, SONDE_PING_REPLY, 1, 100 * SONDE_MS },
	{ "late", "q...........a", 1, SONDE_PING_LATE, 0, 1100 * SONDE_MS },
	{ "the answer to another's question", "q.ao.a", 0, 0, 0, 0 },
	{ "to another's newer question", "q.o.a", 0, 0, 0, 0 },
	{ "to ours after that", "q.o.aa", 1, SONDE_PING_REPLY, 0, 200 * SONDE_MS },
	{ "ours is the newer one", "qa.o.q.a", 1, SONDE_PING_REPLY, 1, -1 },
	{ "another's question of long ago", "qa.o..........q.a", 1, SONDE_PING_REPLY, 1, 100 * SONDE_MS },
};

static void arp_answers_name_no_question(void **state)
{
	static struct trap t;
	const struct arp_row *row = *state;
	struct sonde_packet p;
	trap_begin(&t, (struct sonde_ping_options){ .kind = SONDE_PING_ARP, .interval_ns = 1, .sees_frames = true });
	for (const char *s = row->script; *s; s++) {
		switch (*s) {
		case 'q': trap_leave(&t, SONDE_STAMP_USER, 0); /* fall through */
		case 'o':
			trap_see(&p, "ether / arp op=request spa=10.0.0.1 tpa=10.0.0.2");
			engine_see(&t.ping.engine, &p, t.now, true);
			break;
		case 'a': trap_arrive(&t, "ether / arp op=reply spa=10.0.0.2 tpa=10.0.0.1"); break;
		default:
			t.now += 100 * SONDE_MS;
			trap_ops(&t)->on_time(&t.ping.engine, t.now);
			trap_drain(&t);
			break;
		}
	}
	assert_int_equal(t.n_events, row->n_events);
	if (row->n_events) {
		assert_int_equal(t.event.kind, row->kind);
		assert_int_equal(t.event.round, row->round);
		assert_int_equal(t.event.is_ambiguous, row->rtt_ns < 0);
		assert_int_equal(t.event.rtt_ns, row->rtt_ns < 0 ? 0 : row->rtt_ns);
	}
	free(t.memory);
}

/* Another run with the same seed, or the same packets replayed: their answers are none of ours. */
static void an_equal_echo_of_others_is_answered_apart(void **state)
{
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .sees_frames = true });
	trap_leave(&t, SONDE_STAMP_USER, 0);
	engine_see(&t.ping.engine, &t.out.packet, t.now, true);
	t.now += SONDE_MS;
	engine_see(&t.ping.engine, &t.out.packet, t.now, true);
	t.now += SONDE_MS;
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.kind, SONDE_PING_REPLY);
	assert_int_equal(t.event.rtt_ns, 2 * SONDE_MS);
	trap_echo_back(&t, 1);
	assert_int_equal(t.n_events, 0);
	trap_echo_back(&t, 1);
	assert_int_equal(t.event.kind, SONDE_PING_DUPLICATE);
	free(t.memory);
}

/* The other one's question was seen before ours was known. */
static void an_answer_before_the_question_leaves_is_not_ours(void **state)
{
	static struct trap t;
	(void)state;
	trap_begin(&t, (struct sonde_ping_options){ .sees_frames = true });
	trap_leave(&t, SONDE_STAMP_USER, 0);
	trap_echo_back(&t, 1);
	engine_see(&t.ping.engine, &t.out.packet, t.now, true);
	trap_echo_back(&t, 1);
	assert_int_equal(t.n_events, 0);
	free(t.memory);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, arp_answers_name_no_question, arp_rows);
	UNIT_TEST(&u, an_answer_before_the_question_leaves_is_not_ours);
	UNIT_TEST(&u, an_equal_echo_of_others_is_answered_apart);
	UNIT_TEST(&u, sizes_go_in_turn);
	UNIT_TEST(&u, a_question_is_no_answer);
	UNIT_TEST(&u, a_slow_answer_belongs_to_its_own_question);
	UNIT_ROWS(&u, segments, tcp_rows);
	UNIT_ROWS(&u, quotes, quote_rows);
	UNIT_ROWS(&u, altered_data_is_an_answer_and_told, damage_rows);
	UNIT_TEST(&u, data_that_was_captured_in_part_is_not_short);
	UNIT_TEST(&u, data_that_was_written_over_is_not_altered);
	UNIT_TEST(&u, an_error_tells_the_mtu);
	UNIT_TEST(&u, a_long_sleep_is_not_made_up_for);
	UNIT_TEST(&u, what_did_not_leave_is_not_lost);
	UNIT_TEST(&u, the_wait_for_the_next_hop_is_no_round_trip);
	UNIT_TEST(&u, a_hop_that_is_silent_is_the_cause);
	UNIT_TEST(&u, packets_of_one_port_are_told_apart);
	return unit_run(&u, "ping_traps");
}
