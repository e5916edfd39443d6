/* The scanning engine, on a simulated way that loses packets: each verdict is right, each target is asked, nothing is
 * believed that does not carry a token. */
#include "probe/scan_resume.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "proto/tcp.h"
#include "tests/unit/engine.h"
#include "tests/unit/wire.h"

#define START (1000 * SONDE_S)

struct world {
	struct sonde_scan scan;
	struct engine_out out;
	void *memory;
	sonde_time now;
	unsigned loss_percent;
	sonde_time late_until; /* until then, all is lost */
	uint64_t lost, n;
	uint64_t stop_at; /* packets that were sent: the run is killed then; 0: it is not */
	uint8_t asked[65536]; /* how often each port was */
	struct pending {
		sonde_time at;
		char text[160];
	} *queue;
	unsigned head, tail, cap;
};

static bool is_lost(struct world *w)
{
	bool lost = sonde_random_below(sonde_random(5, w->n++, 77, 0), 100) < w->loss_percent;
	lost |= w->now < w->late_until;
	w->lost += lost;
	return lost;
}

static void answer(struct world *w, const char *text)
{
	if (is_lost(w))
		return;
	struct pending *p = &w->queue[w->tail++ % w->cap];
	p->at = w->now + SONDE_MS;
	snprintf(p->text, sizeof p->text, "%s", text);
}

/* A host: TCP ports divisible by 100 are open, those with rest 1 dropped, with rest 2 forbidden by a router, all others
 * closed. */
static void receive(struct world *w, const struct sonde_packet *p)
{
	int tcp = sonde_find(p, &sonde_tcp);
	const uint8_t *h = sonde_layer_header(p, tcp);
	unsigned sport = (unsigned)sonde_get(h, SONDE_TCP_SPORT), dport = (unsigned)sonde_get(h, SONDE_TCP_DPORT);
	uint32_t seq = (uint32_t)sonde_get(h, SONDE_TCP_SEQ);
	char text[160];
	w->asked[dport]++;
	if (is_lost(w))
		return;
	switch (dport % 100) {
	case 1: return;
	case 0:
		snprintf(text, sizeof text,
			 "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=%u dport=%u seq=9 ack=%u flags=SA", dport, sport,
			 (unsigned)(seq + 1));
		break;
	case 2:
		snprintf(text, sizeof text,
			 "ip src=10.0.9.9 dst=10.0.0.1 / icmp type=unreach code=13 / "
			 "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=%u dport=%u seq=%u", sport, dport, (unsigned)seq);
		break;
	default:
		snprintf(text, sizeof text,
			 "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=%u dport=%u seq=0 ack=%u flags=RA", dport, sport,
			 (unsigned)(seq + 1));
	}
	answer(w, text);
}

static void show(struct world *w, const char *text)
{
	uint8_t room[WIRE_MAX];
	struct sonde_packet built, p;
	wire_build(&built, room, text);
	wire_read(&p, built.data, built.len, built.layers[0].proto);
	engine_see(&w->scan.engine, &p, w->now, false);
}

static void run(struct world *w)
{
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	struct sonde_engine *e = &w->scan.engine;
	for (unsigned turns = 0; !w->scan.is_done && turns < 4000000; turns++) {
		if (w->stop_at && w->scan.counts.sent >= w->stop_at)
			return;
		while (engine_next(&w->out, e, &src, w->now)) {
			if (!w->out.was_stamped)
				sonde_finish(&w->out.packet);
			engine_sent(&w->out, e, w->now, w->now, SONDE_STAMP_USER);
			receive(w, &w->out.packet);
		}
		while (w->head != w->tail && w->queue[w->head % w->cap].at <= w->now)
			show(w, w->queue[w->head++ % w->cap].text);
		e->ops->on_time(e, w->now);
		sonde_time next = e->ops->next_deadline(e);
		sonde_time arrives = w->head != w->tail ? w->queue[w->head % w->cap].at : SONDE_NEVER;
		next = next < arrives ? next : arrives;
		w->now = next == SONDE_NEVER ? w->now : next > w->now ? next : w->now + 1000;
	}
	assert_true(w->scan.is_done);
}

static struct sonde_span span;
static struct sonde_scan_port ports[65535];

static struct world *begin(uint32_t n_ports, unsigned loss, struct sonde_scan_options o)
{
	struct world *w = calloc(1, sizeof *w);
	assert_non_null(w);
	span = (struct sonde_span){ .first = sonde_addr4((const uint8_t[]){ 10, 0, 0, 2 }), .n = 1 };
	assert_true(sonde_hosts_init(&o.hosts, &span, 1));
	for (uint32_t i = 0; i < n_ports; i++)
		ports[i] = (struct sonde_scan_port){ .kind = SONDE_SCAN_SYN, .port = (uint16_t)(i + 1) };
	o.ports = ports;
	o.n_ports = n_ports;
	o.wait_ns = SONDE_S;
	o.gap_ns = -1;
	w->cap = 1u << 17;
	w->queue = calloc(w->cap, sizeof *w->queue);
	w->memory = calloc(1, sonde_scan_memory(&o));
	w->loss_percent = loss;
	w->now = START;
	assert_non_null(w->memory);
	sonde_scan_init(&w->scan, &o, w->memory, w->now);
	return w;
}

static void end(struct world *w)
{
	free(w->queue);
	free(w->memory);
	free(w);
}

static void is_right(const struct world *w)
{
	static const char *const rules[] = { "syn-ack", "no-answer", "prohibited" };
	for (uint32_t i = 0; i < w->scan.o.n_ports; i++) {
		struct sonde_scan_verdict v;
		unsigned port = ports[i].port, kind = port % 100;
		assert_true(sonde_scan_verdict(&v, &w->scan, 0, i));
		assert_string_equal(v.rule->name, kind < 3 ? rules[kind] : "rst");
		assert_int_equal(v.state, kind == 0 ? SONDE_STATE_OPEN
					  : kind < 3 ? SONDE_STATE_FILTERED
						     : SONDE_STATE_CLOSED);
		assert_int_equal(v.from.family, kind == 2 ? SONDE_IP4 : SONDE_NO_ADDR);
		assert_int_equal(v.doubt, SONDE_SCAN_SURE);
		if (kind == 2)
			assert_int_equal(v.icmp_code, 13);
		assert_in_range(w->asked[port], 1, 255);
	}
}

static void without_loss(void **state)
{
	struct world *w = begin(2000, 0, (struct sonde_scan_options){ .seed = 3 });
	(void)state;
	run(w);
	is_right(w);
	/* What answers is asked once, what does not as often as is certain. */
	assert_int_equal(w->asked[50], 1);
	assert_int_equal(w->asked[101], w->scan.counts.passes);
	assert_in_range(w->scan.counts.passes, 3, 5);
	assert_int_equal(w->scan.counts.answers, 1980);
	assert_int_equal(w->scan.counts.rejected, 0);
	end(w);
}

/* A tenth of the packets is lost each way: every port is found all the same, ten times of ten. */
static void with_loss(void **state)
{
	(void)state;
	for (unsigned seed = 0; seed < 10; seed++) {
		struct world *w = begin(300, 10, (struct sonde_scan_options){ .seed = seed });
		w->n = seed * 100000;
		run(w);
		is_right(w);
		assert_in_range(w->lost, 10, 1000000);
		end(w);
	}
}

/* What is lost at once, while somebody asks for a link address, says little of what follows. */
static void lost_at_first(void **state)
{
	(void)state;
	struct world *w = begin(101, 0, (struct sonde_scan_options){ .seed = 4 });
	struct sonde_scan_verdict v;
	w->late_until = START + SONDE_S / 2;
	run(w);
	is_right(w);
	assert_int_equal(w->scan.sampled_lost, w->scan.sampled);
	for (uint32_t port = 0; port < 101; port++) {
		assert_true(sonde_scan_verdict(&v, &w->scan, 0, port));
		assert_int_equal(v.doubt, SONDE_SCAN_SURE);
	}
	end(w);
}

/* Where next to nothing is answered, no rate is one at which nothing is lost. */
static void few_answers(void **state)
{
	(void)state;
	struct world *w = begin(2000, 85, (struct sonde_scan_options){ .seed = 6 });
	run(w);
	assert_true(w->scan.counts.answers > 0);
	assert_true(w->scan.tempo.top == 0);
	end(w);
	w = begin(2000, 0, (struct sonde_scan_options){ .seed = 6 });
	run(w);
	assert_true(w->scan.tempo.top > 0);
	end(w);
}

static void shards(void **state)
{
	unsigned seen = 0;
	(void)state;
	for (unsigned k = 0; k < 3; k++) {
		struct world *w = begin(500, 0, (struct sonde_scan_options){ .seed = 8, .shard = k, .n_shards = 3 });
		struct sonde_scan_verdict v;
		run(w);
		for (uint32_t i = 0; i < 500; i++) {
			bool ours = sonde_scan_verdict(&v, &w->scan, 0, i);
			seen += ours;
			assert_int_equal(ours, w->asked[ports[i].port] > 0);
		}
		end(w);
	}
	assert_int_equal(seen, 500);
}

/* Answers with a wrong acknowledgement, from another address, to another port. */
static void forged(void **state)
{
	struct world *w = begin(1, 100, (struct sonde_scan_options){ .seed = 1 });
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	struct sonde_scan_verdict v;
	char text[160];
	(void)state;
	assert_true(engine_next(&w->out, &w->scan.engine, &src, w->now));
	sonde_finish(&w->out.packet);
	engine_sent(&w->out, &w->scan.engine, w->now, w->now, SONDE_STAMP_USER);
	const uint8_t *h = sonde_layer_header(&w->out.packet, sonde_find(&w->out.packet, &sonde_tcp));
	unsigned sport = (unsigned)sonde_get(h, SONDE_TCP_SPORT);
	unsigned ack = (unsigned)sonde_get(h, SONDE_TCP_SEQ) + 1;
	static const struct {
		const char *src;
		int port, ack;
	} rows[] = { { "10.0.0.2", 0, 1 }, { "10.0.0.2", 0, -2 }, { "10.0.0.2", 1, 0 }, { "10.0.0.3", 0, 0 } };
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		snprintf(text, sizeof text, "ip src=%s dst=10.0.0.1 / tcp sport=1 dport=%u seq=9 ack=%u flags=SA",
			 rows[i].src, sport + (unsigned)rows[i].port, ack + (unsigned)rows[i].ack);
		show(w, text);
		assert_true(sonde_scan_verdict(&v, &w->scan, 0, 0));
		assert_int_equal(v.state, SONDE_STATE_FILTERED);
	}
	assert_int_equal(w->scan.counts.rejected, 3);
	assert_int_equal(w->scan.counts.resets, 3);
	snprintf(text, sizeof text, "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=1 dport=%u seq=9 ack=%u flags=SA", sport,
		 ack);
	show(w, text);
	show(w, text);
	assert_true(sonde_scan_verdict(&v, &w->scan, 0, 0));
	assert_int_equal(v.state, SONDE_STATE_OPEN);
	assert_int_equal(w->scan.counts.duplicates, 1);
	end(w);
}

/* A target's own answer counts more than what a router said about it, whichever comes first. */
static void revised(void **state)
{
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	(void)state;
	for (unsigned router_first = 0; router_first < 2; router_first++) {
		struct world *w = begin(1, 100, (struct sonde_scan_options){ .seed = 1 });
		struct sonde_scan_verdict v;
		char own[160], router[160];
		assert_true(engine_next(&w->out, &w->scan.engine, &src, w->now));
		sonde_finish(&w->out.packet);
		engine_sent(&w->out, &w->scan.engine, w->now, w->now, SONDE_STAMP_USER);
		const uint8_t *h = sonde_layer_header(&w->out.packet, sonde_find(&w->out.packet, &sonde_tcp));
		unsigned sport = (unsigned)sonde_get(h, SONDE_TCP_SPORT), seq = (unsigned)sonde_get(h, SONDE_TCP_SEQ);
		snprintf(own, sizeof own, "ip src=10.0.0.2 dst=10.0.0.1 / tcp sport=1 dport=%u ack=%u flags=RA", sport,
			 seq + 1);
		snprintf(router, sizeof router,
			 "ip src=10.9.9.9 dst=10.0.0.1 / icmp type=unreach code=1 / "
			 "ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=%u dport=1 seq=%u", sport, seq);
		show(w, router_first ? router : own);
		show(w, router_first ? own : router);
		assert_true(sonde_scan_verdict(&v, &w->scan, 0, 0));
		assert_int_equal(v.state, SONDE_STATE_CLOSED);
		assert_int_equal(w->scan.counts.revised, router_first);
		end(w);
	}
}

/* What the kernel says of connections counts as frames do; an error of somebody else has its sender and code. */
static void reported(void **state)
{
	static const struct {
		enum sonde_answer answer;
		uint8_t code, from; /* last byte of an address; 0: not said */
		const char *rule;
		enum sonde_state is;
	} rows[] = {
		{ SONDE_ANSWER_SYN_ACK, 0, 0, "connected", SONDE_STATE_OPEN },
		{ SONDE_ANSWER_RST, 0, 0, "refused", SONDE_STATE_CLOSED },
		{ SONDE_ANSWER_PROHIBITED, 13, 9, "prohibited", SONDE_STATE_FILTERED },
		{ SONDE_ANSWER_HOST, 1, 9, "host-unreach", SONDE_STATE_FILTERED },
		{ SONDE_ANSWER_PORT, 3, 2, "port-unreach", SONDE_STATE_FILTERED },
		{ SONDE_ANSWER_QUENCH, 0, 9, "no-answer", SONDE_STATE_FILTERED },
	};
	const struct sonde_addr src = sonde_addr4((const uint8_t[]){ 10, 0, 0, 1 });
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct world *w = begin(1, 100, (struct sonde_scan_options){ .seed = 1 });
		struct sonde_scan_report r = { .answer = rows[i].answer, .icmp_type = 3, .icmp_code = rows[i].code };
		struct sonde_scan_verdict v;
		const struct sonde_scan_options o = w->scan.o;
		ports[0].kind = SONDE_SCAN_CONNECT;
		sonde_scan_init(&w->scan, &o, w->memory, w->now);
		assert_true(engine_next(&w->out, &w->scan.engine, &src, w->now));
		sonde_finish(&w->out.packet);
		engine_sent(&w->out, &w->scan.engine, w->now, w->now, SONDE_STAMP_USER);
		r.id = w->out.id;
		r.stamp = w->now + SONDE_MS;
		if (rows[i].from)
			r.from = sonde_addr4((const uint8_t[]){ 10, 0, 0, rows[i].from });
		sonde_scan_on_report(&w->scan, &r);
		assert_true(sonde_scan_verdict(&v, &w->scan, 0, 0));
		assert_string_equal(v.rule->name, rows[i].rule);
		assert_int_equal(v.state, rows[i].is);
		assert_int_equal(v.icmp_code, rows[i].from == 9 && v.from.family ? rows[i].code : 0);
		assert_int_equal(v.from.family != SONDE_NO_ADDR, i == 2 || i == 3);
		assert_int_equal(v.rtt_ns >= 0, i < 5);
		assert_int_equal(w->scan.counts.resets, 0);
		end(w);
	}
}

/* Killed after so many packets, and what was on its way is lost: a later run finds the rest, and asks nothing again
 * that was answered. */
static void resumed(void **state)
{
	static const uint64_t stops[] = { 1, 700, 1990, 2010, 2050 };
	(void)state;
	for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
		struct world *w = begin(2000, 3, (struct sonde_scan_options){ .seed = 3, .has_ttls = true });
		struct world *next = begin(2000, 3, (struct sonde_scan_options){ .seed = 3, .has_ttls = true });
		struct sonde_scan_progress progress;
		struct sonde_scan_known known;
		struct sonde_scan_error error;
		struct sonde_scan_verdict v;
		w->stop_at = stops[i];
		run(w);
		sonde_scan_progress(&progress, &w->scan);
		for (uint64_t place = 0; place < w->scan.n; place++) {
			sonde_scan_known(&known, &w->scan, place);
			if (sonde_scan_error(&error, &w->scan, place))
				sonde_scan_put_error(&next->scan, place, &error);
			assert_true(sonde_scan_put(&next->scan, place, &known));
		}
		assert_true(sonde_scan_resume(&next->scan, &progress, next->now));
		assert_int_equal(next->scan.counts.answers, w->scan.counts.answers);
		run(next);
		for (uint32_t port = 0; port < 2000; port++) {
			assert_true(sonde_scan_verdict(&v, &w->scan, 0, port));
			if (v.rtt_ns >= 0)
				assert_int_equal(next->asked[ports[port].port], 0);
			next->asked[ports[port].port] += w->asked[ports[port].port];
		}
		is_right(next);
		end(w);
		end(next);
	}
}

/* What no run with these options wrote. */
static void not_resumed(void **state)
{
	const struct sonde_scan_progress rows[] = {
		{ .pass = SONDE_SCAN_TRIES }, { .next = 2001 }, { .sampled_lost = 1 }, { .sampled = 2001 },
		{ .mean_ns = INT64_MAX },     { .passes = 99 },
	};
	const struct sonde_scan_known known = { .rule = 200 };
	struct world *w = begin(2000, 0, (struct sonde_scan_options){ .seed = 3 });
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_false(sonde_scan_resume(&w->scan, &rows[i], w->now));
	assert_false(sonde_scan_put(&w->scan, 0, &known));
	end(w);
}

/* Whatever is answered, 2^24 targets take no more than 64 MiB. */
static void memory_is_bounded(void **state)
{
	struct sonde_scan_options o = { .hosts = { .n = 1u << 16 }, .n_ports = 1u << 8 };
	(void)state;
	assert_in_range(sonde_scan_memory(&o), 48u << 20, 64u << 20);
}

/* Shards share the targets out, however many there are of both. */
static void shards_add_up(void **state)
{
	static const struct {
		uint64_t hosts;
		uint32_t ports;
	} sizes[] = { { 1, 1 }, { 3, 5 }, { 1u << 16, 1u << 16 }, { (1ull << 32) - 1, 3 }, { 1ull << 32, 1u << 16 } };
	static const uint64_t shards[] = { 1, 2, 3, 4, 7, 64, 1000 };
	(void)state;
	for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++)
		for (size_t i = 0; i < sizeof shards / sizeof *shards; i++) {
			struct sonde_scan_options o = { .hosts = { .n = sizes[k].hosts },
							.n_ports = sizes[k].ports,
							.n_shards = shards[i] };
			uint64_t all = o.hosts.n * o.n_ports, sum = 0;
			for (; o.shard < o.n_shards; o.shard++) {
				assert_in_range(sonde_scan_targets(&o), all / o.n_shards, all / o.n_shards + 1);
				sum += sonde_scan_targets(&o);
			}
			assert_int_equal(sum, all);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_loss), cmocka_unit_test(with_loss), cmocka_unit_test(shards),
		cmocka_unit_test(lost_at_first), cmocka_unit_test(few_answers),
		cmocka_unit_test(forged),       cmocka_unit_test(revised),
		cmocka_unit_test(reported),     cmocka_unit_test(resumed),
		cmocka_unit_test(not_resumed),  cmocka_unit_test(shards_add_up),
		cmocka_unit_test(memory_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
