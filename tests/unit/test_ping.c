/* The ping engine in a simulated network with a clock of its own. */
#include "tests/unit/unit.h"

#include <stdlib.h>

#include "probe/ping.h"
#include "proto/ip.h"
#include "tests/unit/engine.h"
#include "tests/unit/simnet.h"

static const uint8_t own[4] = { 10, 0, 0, 1 };

/* A run: an engine, a network, two clocks that a step of the wall clock sets apart. */
struct run {
	struct sonde_ping ping;
	void *memory;
	struct simnet net;
	struct engine_out out;
	sonde_time now, wall_offset;
	uint64_t early, replies, late, duplicates, lost, errors, refused;
	sonde_time last_rtt;
};

static struct sonde_addr target(uint32_t i)
{
	uint8_t a[4] = { 10, 1, (uint8_t)(i >> 8), (uint8_t)i };
	return sonde_addr4(a);
}

static void begin(struct run *r, struct sonde_ping_options o, uint32_t n)
{
	struct sonde_addr *targets = calloc(n, sizeof *targets);
	for (uint32_t i = 0; i < n; i++)
		targets[i] = target(i);
	static const uint32_t size = 56;
	if (!o.n_sizes) {
		o.sizes = &size;
		o.n_sizes = 1;
	}
	r->now = 1000 * SONDE_S;
	r->memory = calloc(1, sonde_ping_memory(n));
	sonde_ping_init(&r->ping, &o, targets, n, r->memory, r->now);
	free(targets);
}

static void end(struct run *r)
{
	free(r->memory);
	simnet_free(&r->net);
}

static void drain(struct run *r)
{
	struct sonde_ping_event e;
	while (sonde_ping_next_event(&r->ping, &e)) {
		r->replies += e.kind == SONDE_PING_REPLY;
		r->early += e.is_early;
		r->late += e.kind == SONDE_PING_LATE;
		r->duplicates += e.kind == SONDE_PING_DUPLICATE;
		r->lost += e.kind == SONDE_PING_LOST;
		r->errors += e.kind == SONDE_PING_ERROR;
		r->refused += e.kind == SONDE_PING_REFUSED;
		if (e.kind != SONDE_PING_LOST)
			r->last_rtt = e.rtt_ns;
	}
}

static void send_due(struct run *r)
{
	struct sonde_engine *e = &r->ping.engine;
	const struct sonde_addr src = sonde_addr4(own);
	while (engine_next(&r->out, e, &src, r->now)) {
		if (!r->out.was_stamped) {
			sonde_set(&r->out.packet, 0, SONDE_IP_ID, 7);
			sonde_finish(&r->out.packet);
		}
		engine_sent(&r->out, e, r->now + r->wall_offset, r->now, SONDE_STAMP_FRAME);
		simnet_send(&r->net, &r->out.packet, r->now);
	}
}

static void receive_due(struct run *r)
{
	struct sonde_engine *e = &r->ping.engine;
	struct sonde_packet p;
	sonde_time at;
	while (simnet_receive(&r->net, &p, &at, r->now)) {
		engine_see(e, &p, at + r->wall_offset, false);
		drain(r);
	}
}

/* One turn; returns when the next is due. */
static sonde_time turn(struct run *r)
{
	struct sonde_engine *e = &r->ping.engine;
	receive_due(r);
	send_due(r);
	e->ops->on_time(e, r->now);
	drain(r);
	sonde_time next = e->ops->next_deadline(e), arrival = simnet_next(&r->net);
	return arrival < next ? arrival : next;
}

/* Until nothing is left to do, or `until`. */
static void play(struct run *r, sonde_time until)
{
	sonde_time next;
	while ((next = turn(r)) != SONDE_NEVER && next <= until)
		r->now = next > r->now ? next : r->now;
}

static const struct sonde_ping_options once_a_second = { .interval_ns = SONDE_S, .timeout_ns = SONDE_S, .seed = 5 };

static void an_hour_of_a_thousand_hosts(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 3600;
	r = (struct run){
		.net = { .delay_ns = 20 * SONDE_MS, .jitter_ns = 5 * SONDE_MS, .loss_percent = 1, .seed = 3 }
	};
	begin(&r, o, 1000);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies + r.lost, 3600 * 1000);
	assert_int_equal(r.lost, r.net.lost);
	assert_int_equal(
		r.late + r.duplicates + r.errors + r.ping.wrong_token + r.ping.wrong_checksum + r.ping.unmatched, 0);
	assert_in_range(r.lost, 3600 * 9, 3600 * 11);
	for (uint32_t i = 0; i < 1000; i++) {
		const struct sonde_ping_target *t = &r.ping.targets[i];
		assert_int_equal(t->sent, 3600);
		assert_int_equal(t->received + t->lost, 3600);
		assert_in_range(t->rtt.min_ns, 20 * SONDE_MS, 25 * SONDE_MS);
		assert_in_range(t->rtt.max_ns, 20 * SONDE_MS, 25 * SONDE_MS);
	}
	assert_int_equal(r.out.built, 1);
	assert_int_not_equal(r.out.stamped, 0);
	end(&r);
}

static const struct loss_row {
	const char *name;
	unsigned percent;
} loss_rows[] = {
	{ "loss 0 %", 0 }, { "loss 1 %", 1 }, { "loss 10 %", 10 }, { "loss 50 %", 50 }, { "loss 100 %", 100 }
};

static void loss_is_what_the_network_lost(void **state)
{
	static struct run r;
	const struct loss_row *row = *state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 1000;
	r = (struct run){ .net = { .delay_ns = SONDE_MS, .loss_percent = row->percent, .seed = 9 } };
	begin(&r, o, 1);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.lost, r.net.lost);
	assert_int_equal(r.replies, 1000 - r.net.lost);
	end(&r);
}

static void late_and_duplicate_are_classes_of_their_own(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 50;
	r = (struct run){ .net = { .delay_ns = 1500 * SONDE_MS } };
	begin(&r, o, 3);
	play(&r, SONDE_NEVER);
	r.now += 10 * SONDE_S;
	receive_due(&r);
	assert_int_equal(r.late, 150);
	assert_int_equal(r.lost, 150);
	assert_int_equal(r.replies, 0);
	assert_int_equal(r.last_rtt, 1500 * SONDE_MS);
	end(&r);

	r = (struct run){
		.net = { .delay_ns = SONDE_MS, .duplicate_percent = 100, .duplicate_after_ns = 5 * SONDE_MS }
	};
	begin(&r, o, 3);
	play(&r, SONDE_NEVER);
	r.now += SONDE_S;
	receive_due(&r);
	assert_int_equal(r.replies, 150);
	assert_int_equal(r.duplicates, 150);
	end(&r);
}

static void forged_answers_are_rejected(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 20;
	r = (struct run){ .net = { .delay_ns = SONDE_MS, .wrong_token = true } };
	begin(&r, o, 2);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 0);
	assert_int_equal(r.ping.wrong_token, 40);
	assert_int_equal(r.ping.wrong_checksum, 0);
	assert_int_equal(r.lost, 40);
	end(&r);

	r = (struct run){ .net = { .delay_ns = SONDE_MS, .wrong_checksum = true } };
	begin(&r, o, 2);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 0);
	assert_int_equal(r.ping.wrong_token, 0);
	assert_int_equal(r.ping.wrong_checksum, 40);
	end(&r);
}

static void two_pings_do_not_see_each_other(void **state)
{
	static struct run a, b;
	struct sonde_packet p;
	sonde_time at;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 1;
	a = (struct run){ .net = { .delay_ns = SONDE_MS } };
	b = a;
	begin(&a, o, 1);
	o.seed = 6;
	begin(&b, o, 1);
	turn(&a);
	turn(&b);
	assert_true(simnet_receive(&a.net, &p, &at, a.now + SONDE_S));
	engine_see(&b.ping.engine, &p, at, false);
	drain(&b);
	assert_int_equal(b.replies, 0);
	assert_int_equal(b.ping.unmatched + b.ping.wrong_token, 1);
	end(&a);
	end(&b);
}

static void order_does_not_matter(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = { .rounds = 1000, .interval_ns = SONDE_MS, .timeout_ns = SONDE_S, .seed = 5 };
	r = (struct run){
		.net = { .delay_ns = SONDE_MS, .reorder_percent = 30, .reorder_by_ns = 40 * SONDE_MS, .seed = 2 }
	};
	begin(&r, o, 1);
	play(&r, SONDE_NEVER);
	assert_in_range(r.net.reordered, 200, 400);
	assert_int_equal(r.replies, 1000);
	assert_int_equal(r.late + r.duplicates + r.lost + r.ping.wrong_token, 0);
	assert_int_equal(r.ping.targets[0].rtt.min_ns, SONDE_MS);
	assert_int_equal(r.ping.targets[0].rtt.max_ns, 41 * SONDE_MS);
	/* The sum of all times is exact: none is another's. */
	double sum = r.ping.targets[0].rtt.mean * 1000,
	       want = (double)(1000 * SONDE_MS) + (double)r.net.reordered * 40 * (double)SONDE_MS;
	assert_true(sum > want - 1000 && sum < want + 1000);
	end(&r);
}

/* A router that may send ten errors a second: those are told, the rest is silence, and both are losses. */
static void errors_of_a_router_that_counts_them(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = { .rounds = 100, .interval_ns = SONDE_S / 100, .timeout_ns = SONDE_S, .seed = 5 };
	r = (struct run){ .net = { .delay_ns = SONDE_MS, .unreachable = true, .errors_per_s = 10 } };
	begin(&r, o, 2);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.errors + r.net.withheld, 200);
	assert_in_range(r.errors, 18, 21);
	assert_int_equal(r.ping.targets[0].errors + r.ping.targets[1].errors, r.errors);
	assert_int_equal(r.lost, 200);
	assert_int_equal(r.replies + r.ping.unmatched + r.ping.wrong_checksum, 0);
	end(&r);
}

/* Stamps come from the wall clock, deadlines do not: a step between rounds changes neither times nor losses. */
static void a_step_of_the_wall_clock_changes_nothing(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 10;
	r = (struct run){ .net = { .delay_ns = 30 * SONDE_MS } };
	begin(&r, o, 1);
	play(&r, r.now + 4 * SONDE_S + SONDE_S / 2);
	assert_int_equal(r.replies, 5);
	r.wall_offset = -3600 * SONDE_S;
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 10);
	assert_int_equal(r.lost + r.late, 0);
	assert_int_equal(r.ping.targets[0].rtt.min_ns, 30 * SONDE_MS);
	assert_int_equal(r.ping.targets[0].rtt.max_ns, 30 * SONDE_MS);
	end(&r);
}

/* Set back while an answer is on its way: it is one, and its time is not known. */
static void a_step_during_a_round_trip_leaves_it_without_a_time(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 3;
	r = (struct run){ .net = { .delay_ns = 30 * SONDE_MS } };
	begin(&r, o, 1);
	play(&r, r.now + SONDE_S + 10 * SONDE_MS);
	r.wall_offset = -3600 * SONDE_S;
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 3);
	assert_int_equal(r.early, 1);
	assert_int_equal(r.ping.targets[0].rtt.n, 2);
	assert_int_equal(r.ping.targets[0].rtt.min_ns, 30 * SONDE_MS);
	end(&r);
}

static void more_rounds_than_sequence_numbers(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = { .rounds = 200000, .interval_ns = SONDE_MS, .timeout_ns = SONDE_S, .seed = 1 };
	r = (struct run){ .net = { .delay_ns = 700 * SONDE_MS } };
	begin(&r, o, 1);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 200000);
	assert_int_equal(r.ping.targets[0].rtt.max_ns, 700 * SONDE_MS);
	end(&r);
}

static void the_pace_is_kept(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = {
		.rounds = 1, .interval_ns = SONDE_S, .timeout_ns = SONDE_S, .gap_ns = SONDE_MS, .seed = 1
	};
	r = (struct run){ .net = { .delay_ns = SONDE_US } };
	begin(&r, o, 500);
	sonde_time began = r.now;
	play(&r, SONDE_NEVER);
	assert_int_equal(r.replies, 500);
	assert_in_range(r.now - began, 499 * SONDE_MS, 501 * SONDE_MS);
	end(&r);
}

/* A process that stood still for a minute does not make up for sixty rounds at once. */
static void missed_rounds_are_not_made_up_for(void **state)
{
	static struct run r;
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 10;
	r = (struct run){ .net = { .delay_ns = SONDE_MS } };
	begin(&r, o, 3);
	play(&r, r.now + 2 * SONDE_S + SONDE_S / 2);
	assert_int_equal(r.ping.targets[2].sent, 3);
	r.now += 60 * SONDE_S;
	play(&r, r.now + SONDE_S / 2);
	assert_in_range(r.ping.targets[2].sent, 4, 5);
	sonde_time began = r.now;
	play(&r, SONDE_NEVER);
	assert_int_equal(r.ping.targets[2].sent, 10);
	assert_true(r.now - began > 4 * SONDE_S);
	end(&r);
}

static void refused_packets_are_not_sent_ones(void **state)
{
	static struct run r;
	const struct sonde_addr src = sonde_addr4(own);
	(void)state;
	struct sonde_ping_options o = once_a_second;
	o.rounds = 1;
	begin(&r, o, 1);
	assert_true(engine_next(&r.out, &r.ping.engine, &src, r.now));
	r.ping.engine.ops->on_refused(&r.ping.engine, r.out.id, -1);
	play(&r, SONDE_NEVER);
	assert_int_equal(r.refused, 1);
	assert_int_equal(r.lost, 0);
	assert_int_equal(r.ping.targets[0].sent, 0);
	end(&r);
}

static void quantiles_are_within_a_bucket(void **state)
{
	static struct sonde_histogram h;
	(void)state;
	for (sonde_time t = 1; t <= 100000; t++)
		sonde_histogram_add(&h, t * 1000);
	static const double shares[] = { 0.5, 0.9, 0.99, 0.999 };
	for (size_t i = 0; i < sizeof shares / sizeof *shares; i++) {
		double exact = shares[i] * 100000 * 1000, got = (double)sonde_histogram_quantile(&h, shares[i]);
		assert_true(got >= exact && got <= exact * 33 / 32);
	}
	assert_int_equal(sonde_histogram_quantile(&(struct sonde_histogram){ 0 }, 0.5), 0);
	/* A bucket may end above the greatest sample in it. */
	assert_int_equal(sonde_histogram_quantile(&h, 1), 100000 * 1000);
}

/* Samples and results worked out by hand. */
static void sums_are_right(void **state)
{
	struct sonde_stats s = { 0 };
	(void)state;
	static const sonde_time samples[] = { 2, 4, 4, 4, 5, 5, 7, 9 };
	for (size_t i = 0; i < 8; i++)
		sonde_stats_add(&s, samples[i]);
	assert_int_equal(s.min_ns, 2);
	assert_int_equal(s.max_ns, 9);
	assert_true(s.mean == 5);
	assert_true(sonde_stats_stddev(&s) == 2);
	struct sonde_stats j = { 0 };
	sonde_stats_add(&j, 0);
	sonde_stats_add(&j, 16);
	assert_true(j.jitter_ns == 1);
	sonde_stats_add(&j, 0);
	assert_true(j.jitter_ns == 1 + 15.0 / 16);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, an_hour_of_a_thousand_hosts);
	UNIT_ROWS(&u, loss_is_what_the_network_lost, loss_rows);
	UNIT_TEST(&u, late_and_duplicate_are_classes_of_their_own);
	UNIT_TEST(&u, forged_answers_are_rejected);
	UNIT_TEST(&u, order_does_not_matter);
	UNIT_TEST(&u, errors_of_a_router_that_counts_them);
	UNIT_TEST(&u, two_pings_do_not_see_each_other);
	UNIT_TEST(&u, a_step_during_a_round_trip_leaves_it_without_a_time);
	UNIT_TEST(&u, a_step_of_the_wall_clock_changes_nothing);
	UNIT_TEST(&u, more_rounds_than_sequence_numbers);
	UNIT_TEST(&u, the_pace_is_kept);
	UNIT_TEST(&u, missed_rounds_are_not_made_up_for);
	UNIT_TEST(&u, refused_packets_are_not_sent_ones);
	UNIT_TEST(&u, quantiles_are_within_a_bucket);
	UNIT_TEST(&u, sums_are_right);
	return unit_run(&u, "ping");
}
