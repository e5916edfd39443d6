/* The engine of single questions: which answer belongs to which, whatever is outstanding, and at which cost. */
#include "probe/asker.h"

#include <stdio.h>
#include <stdlib.h>

#include "proto/tcp.h"
#include "proto/udp.h"
#include "tests/unit/engine.h"
#include "tests/unit/wire.h"

#define START (1000 * SONDE_S)

/* Packets to the ports of one host, counted up from FIRST, and what came of them. */
struct run {
	struct sonde_asker asker;
	struct engine_out out;
	sonde_time now;
	const char *packet; /* as text; its destination port counts up */
	unsigned n, built;
	struct sonde_asker_event event; /* the last one */
	unsigned answers, silences, dropped;
};

#define FIRST 1000

static int next(void *arg, struct sonde_batch *b, unsigned most)
{
	struct run *r = arg;
	struct sonde_packet p;
	uint8_t room[WIRE_MAX];
	(void)most;
	if (r->built == r->n)
		return 0;
	wire_build(&p, room, r->packet);
	memcpy(b->packet->data, p.data, p.len);
	uint8_t *data = b->packet->data;
	uint32_t cap = b->packet->cap;
	*b->packet = p;
	b->packet->data = data;
	b->packet->cap = cap;
	sonde_set(b->packet, sonde_find(b->packet, &sonde_udp), SONDE_UDP_DPORT, FIRST + r->built++);
	sonde_finish(b->packet);
	b->n = 1;
	return 1;
}

static void begin(struct run *r, const char *packet, unsigned n, struct sonde_asker_options o)
{
	const struct sonde_asker_source source = { .arg = r, .next = next };
	*r = (struct run){ .now = START, .packet = packet, .n = n };
	o.waits = true;
	o.replies = o.replies ? o.replies : 1;
	o.wait_ns = SONDE_S;
	sonde_asker_init(&r->asker, &o, &source, r->now);
}

static void drain(struct run *r)
{
	while (sonde_asker_next_event(&r->asker, &r->event)) {
		r->answers += r->event.kind == SONDE_ASKER_ANSWER;
		r->silences += r->event.kind == SONDE_ASKER_SILENCE;
		r->dropped += r->event.kind == SONDE_ASKER_DROPPED;
	}
}

static void send_all(struct run *r, enum sonde_stamp_clock clock)
{
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	while (engine_next(&r->out, &r->asker.engine, &src, r->now))
		engine_sent(&r->out, &r->asker.engine, r->now, r->now, clock);
}

static enum sonde_seen_as see(struct run *r, const char *text, bool outbound)
{
	uint8_t room[WIRE_MAX];
	struct sonde_packet built, p;
	wire_build(&built, room, text);
	wire_read(&p, built.data, built.len, built.layers[0].proto);
	enum sonde_seen_as as = engine_see(&r->asker.engine, &p, r->now, outbound);
	drain(r);
	return as;
}

static void pass(struct run *r, sonde_time ns)
{
	r->now += ns;
	r->asker.engine.ops->on_time(&r->asker.engine, r->now);
	drain(r);
}

static enum sonde_seen_as answer_from(struct run *r, unsigned port)
{
	char text[200];
	snprintf(text, sizeof text, "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=%u dport=40000", port);
	return see(r, text, false);
}

#define UDP "ip id=7 src=10.0.0.1 dst=10.0.0.2 / udp sport=40000"

static void each_answer_finds_its_question(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 500, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	for (unsigned i = 0; i < 500; i += 7) {
		assert_int_equal(answer_from(&r, FIRST + i), SONDE_SEEN_ANSWER);
		assert_int_equal(r.event.id, i);
		assert_int_equal(answer_from(&r, FIRST + i), SONDE_SEEN_OTHER);
	}
	assert_int_equal(r.answers, 72);
	assert_int_equal(sonde_asker_unanswered(&r.asker), 428);
	for (unsigned i = 0; i < 20; i++)
		pass(&r, SONDE_S);
	assert_int_equal(r.silences, 428);
	assert_int_equal(r.asker.engine.ops->next_deadline(&r.asker.engine), SONDE_NEVER);
	sonde_asker_free(&r.asker);
}

static void an_error_finds_it_by_its_quote(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 30, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	assert_int_equal(see(&r, "ip id=1 src=10.0.0.254 dst=10.0.0.1 / icmp type=unreach code=host / " UDP
				 " dport=1013", false), SONDE_SEEN_ANSWER);
	assert_int_equal(r.event.id, 13);
	assert_int_equal(r.event.match.answer, SONDE_ANSWER_HOST);
	sonde_asker_free(&r.asker);
}

/* What a router that a tunnel passes quotes may end before what is inside begins. */
static void an_error_finds_it_by_its_tunnel(void **state)
{
	static const char text[] = "ip src=10.0.0.1 dst=10.1.1.2 id=9 / gre / " UDP;
	static struct run r;
	uint8_t quoted[WIRE_MAX], error[WIRE_MAX];
	struct sonde_packet quote, p;
	(void)state;
	begin(&r, text, 3, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	wire_build(&quote, quoted, text);
	sonde_set(&quote, sonde_find(&quote, &sonde_udp), SONDE_UDP_DPORT, FIRST + 1);
	sonde_finish(&quote);
	wire_build(&p, error, "ip id=1 src=10.1.1.254 dst=10.0.0.1 / icmp type=unreach code=host");
	assert_int_equal(sonde_push_payload(&p, sonde_view(quoted, 20 + 8)), 0);
	sonde_finish(&p);
	wire_read(&p, error, p.len, p.layers[0].proto);
	assert_int_equal(engine_see(&r.asker.engine, &p, r.now, false), SONDE_SEEN_ANSWER);
	sonde_asker_free(&r.asker);
}

static void is_not_final(const char *error)
{
	static struct run r;
	begin(&r, UDP, 1, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	see(&r, error, false);
	assert_int_equal(r.answers, 1);
	assert_false(r.event.is_first);
	assert_int_equal(r.asker.n_answered, 0);
	assert_int_equal(answer_from(&r, FIRST), SONDE_SEEN_ANSWER);
	assert_true(r.event.is_first);
	assert_int_equal(r.asker.n_answered, 1);
	sonde_asker_free(&r.asker);
}

/* A redirect (RFC 792) and a source quench (RFC 6633) are told, and the answer behind them is waited for. */
static void what_is_not_final_does_not_end_the_waiting(void **state)
{
	(void)state;
	is_not_final("ip id=1 src=10.0.0.254 dst=10.0.0.1 / icmp type=redirect code=host gateway=10.0.0.253 / " UDP
		     " dport=1000");
	is_not_final("ip id=1 src=10.0.0.254 dst=10.0.0.1 / icmp type=quench / " UDP " dport=1000");
}

static void anybody_may_answer_what_goes_to_all(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, "ip id=7 src=10.0.0.1 dst=224.0.0.251 / udp sport=40000", 3,
	      (struct sonde_asker_options){ .replies = 2 });
	send_all(&r, SONDE_STAMP_FRAME);
	for (unsigned host = 2; host < 5; host++) {
		char text[200];
		snprintf(text, sizeof text, "ip id=1 src=10.0.0.%u dst=10.0.0.1 / udp sport=1001 dport=40000", host);
		assert_int_equal(see(&r, text, false), host < 4 ? SONDE_SEEN_ANSWER : SONDE_SEEN_OTHER);
	}
	assert_int_equal(r.answers, 2);
	assert_int_equal(r.event.id, 1);
	sonde_asker_free(&r.asker);
}

/* Copies of packets that ask the same come in their order, and one that comes twice is no news. */
static void stamps_go_to_packets_in_their_order(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 1, (struct sonde_asker_options){ .sees_frames = true });
	send_all(&r, SONDE_STAMP_USER);
	r.n = 2;
	r.built = 0;
	r.asker.all_built = false;
	send_all(&r, SONDE_STAMP_USER);
	for (unsigned i = 1; i <= 3; i++) {
		r.now += SONDE_MS;
		assert_int_equal(see(&r, UDP " dport=1000", true), i < 3 ? SONDE_SEEN_QUESTION : SONDE_SEEN_OTHER);
	}
	for (unsigned i = 0; i < 2; i++) {
		answer_from(&r, FIRST);
		assert_int_equal(r.event.id, i);
		assert_int_equal(r.event.sent_at, START + (i + 1) * SONDE_MS);
		assert_int_equal(r.event.clock, SONDE_STAMP_FRAME);
	}
	pass(&r, 2 * SONDE_S);
	assert_int_equal(r.silences, 0);
	assert_int_equal(r.dropped, 1);
	assert_int_equal(r.asker.n_dropped, 1);
	sonde_asker_free(&r.asker);
}

/* A frame from before the question left is no answer to it, whatever it says. */
static void an_older_frame_is_no_answer(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 1, (struct sonde_asker_options){ .sees_frames = true });
	send_all(&r, SONDE_STAMP_USER);
	r.now = START + 2 * SONDE_MS;
	assert_int_equal(see(&r, UDP " dport=1000", true), SONDE_SEEN_QUESTION);
	r.now = START + SONDE_MS;
	assert_int_equal(answer_from(&r, FIRST), SONDE_SEEN_OTHER);
	assert_int_equal(r.asker.early, 1);
	assert_int_equal(r.asker.unmatched + r.asker.wrong_checksum + r.answers, 0);
	r.now = START + 2 * SONDE_MS;
	assert_int_equal(answer_from(&r, FIRST), SONDE_SEEN_ANSWER);
	assert_int_equal(r.asker.early, 1);
	sonde_asker_free(&r.asker);
}

static void a_refused_packet_is_not_waited_for(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 3, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	r.asker.engine.ops->on_refused(&r.asker.engine, 1, -1);
	assert_int_equal(answer_from(&r, FIRST + 1), SONDE_SEEN_OTHER);
	assert_int_equal(answer_from(&r, FIRST + 2), SONDE_SEEN_ANSWER);
	pass(&r, 2 * SONDE_S);
	assert_int_equal(r.silences, 1);
	assert_int_equal(r.asker.n_sent, 2);
	sonde_asker_free(&r.asker);
}

static void wrong_checksums_are_counted_and_not_believed(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 2, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	assert_int_equal(see(&r, "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=1000 dport=40000 checksum=1", false),
			 SONDE_SEEN_OTHER);
	assert_int_equal(r.asker.wrong_checksum, 1);
	assert_int_equal(r.answers, 0);
	sonde_asker_free(&r.asker);
}

static void pace_is_a_ceiling(void **state)
{
	static struct run r;
	(void)state;
	begin(&r, UDP, 1000, (struct sonde_asker_options){ .gap_ns = 10 * SONDE_MS });
	send_all(&r, SONDE_STAMP_FRAME);
	assert_int_equal(r.asker.n_sent, 1);
	r.now += 10 * SONDE_MS - 1;
	send_all(&r, SONDE_STAMP_FRAME);
	assert_int_equal(r.asker.n_sent, 1);
	assert_int_equal(r.asker.engine.ops->next_deadline(&r.asker.engine), START + 10 * SONDE_MS);
	/* What an hour of sleep left out is not made up for. */
	r.now += 3600 * SONDE_S;
	send_all(&r, SONDE_STAMP_FRAME);
	assert_in_range(r.asker.n_sent, 2, 3);
	sonde_asker_free(&r.asker);
}

/* The chains stay short: an answer looks at few questions, with 100 outstanding and with 50,000. */
static void many_outstanding_cost_no_more_each(void **state)
{
	static struct run r;
	unsigned longest = 0;
	(void)state;
	begin(&r, UDP, 50000, (struct sonde_asker_options){ 0 });
	send_all(&r, SONDE_STAMP_FRAME);
	assert_int_equal(sonde_asker_unanswered(&r.asker), 50000);
	for (uint64_t i = 0; i < r.asker.cap; i++) {
		unsigned len = 0;
		for (uint64_t at = r.asker.buckets[i].first; at;
		     at = r.asker.entries[(at - 1) & (r.asker.cap - 1)].next)
			len++;
		longest = len > longest ? len : longest;
	}
	assert_in_range(longest, 1, 12);
	sonde_asker_free(&r.asker);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, each_answer_finds_its_question);
	UNIT_TEST(&u, an_error_finds_it_by_its_quote);
	UNIT_TEST(&u, an_error_finds_it_by_its_tunnel);
	UNIT_TEST(&u, what_is_not_final_does_not_end_the_waiting);
	UNIT_TEST(&u, anybody_may_answer_what_goes_to_all);
	UNIT_TEST(&u, stamps_go_to_packets_in_their_order);
	UNIT_TEST(&u, an_older_frame_is_no_answer);
	UNIT_TEST(&u, a_refused_packet_is_not_waited_for);
	UNIT_TEST(&u, wrong_checksums_are_counted_and_not_believed);
	UNIT_TEST(&u, pace_is_a_ceiling);
	UNIT_TEST(&u, many_outstanding_cost_no_more_each);
	return unit_run(&u, "asker");
}
