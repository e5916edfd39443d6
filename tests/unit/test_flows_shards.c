/* Frames that need more than their own ports to find their flow: each counts once, in one shard. */
#include <stdio.h>

#include "flow/report.h"
#include "tests/unit/wire.h"

#define FIRST_TIME (1000 * SONDE_S)

/* Packets, fragments and ICMP errors of flows, summed up over the shards of a capture. */
static void sum_shards(uint64_t sums[static 4], uint32_t n_shards)
{
	memset(sums, 0, 4 * sizeof *sums);
	for (uint32_t shard = 0; shard < n_shards; shard++) {
		struct sonde_flows *t;
		const struct sonde_flows_options o = { .secret = sonde_key_from_seed(shard), .shard = shard,
						       .n_shards = n_shards };
		assert_int_equal(sonde_flows_new(&t, &o), 0);
		for (unsigned i = 0; i < 40 * 4; i++) {
			/* A fragment before the first one, that, and one that no first one belongs to; an error. */
			static const char *const texts[] = {
				"ip src=10.0.%u.1 dst=10.0.0.2 id=9 offset=2 proto=17 / text:abcdefgh",
				"ip src=10.0.%u.1 dst=10.0.0.2 id=9 flags=MF / udp sport=5000 dport=53 length=40 "
				"checksum=0 / text:abcdefgh",
				"ip src=10.0.%u.1 dst=10.0.0.2 id=10 offset=2 proto=17 / text:abcdefgh",
				"ip src=10.0.0.2 dst=10.0.%u.1 / icmp type=unreach code=port / ip src=10.0.%u.1 "
				"dst=10.0.0.2 / udp sport=5000 dport=53" };
			uint8_t bytes[WIRE_MAX];
			char text[512];
			struct sonde_packet p;
			snprintf(text, sizeof text, texts[i % 4], i / 4, i / 4);
			wire_build(&p, bytes, text);
			const struct sonde_flows_frame frame = { FIRST_TIME + i, sonde_view(bytes, p.len), p.len,
								 SONDE_LINK_RAW, i + 1 };
			assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
		}
		assert_int_equal(sonde_flows_end_all(t), 0);
		for (const struct sonde_flow *f = sonde_flows_next_ended(t); f; f = sonde_flows_ended_after(t, f)) {
			struct sonde_flow_report r;
			sonde_flow_report(&r, t, f);
			sums[0]++;
			sums[1] += r.orig.packets + r.resp.packets;
			sums[2] += r.orig.fragments;
			sums[3] += r.icmp_errors;
		}
		sonde_flows_free(t);
	}
}

static void shards_have_fragments_and_errors_once(void **state)
{
	uint64_t whole[4], shards[4];
	(void)state;
	sum_shards(whole, 1);
	assert_int_equal(whole[0], 80);
	assert_int_equal(whole[3], 40);
	sum_shards(shards, 3);
	assert_memory_equal(shards, whole, sizeof whole);
}

/* What is not IP is in no flow, whatever came before it. */
static void others_are_in_no_flow(void **state)
{
	(void)state;
	static const char *const texts[] = { "ether / ip src=10.0.0.2 dst=10.0.0.1 / icmp type=unreach code=port / ip "
					     "src=10.0.0.1 dst=10.0.0.2 / udp sport=5000 dport=53",
					     "ether type=0x88cc / text:abc" };
	struct sonde_flows *t;
	const struct sonde_flows_options o = { .secret = sonde_key_from_seed(1) };
	assert_int_equal(sonde_flows_new(&t, &o), 0);
	for (unsigned i = 0; i < 2; i++) {
		uint8_t bytes[WIRE_MAX];
		struct sonde_packet p;
		wire_build(&p, bytes, texts[i]);
		const struct sonde_flows_frame frame = { FIRST_TIME, sonde_view(bytes, p.len), p.len,
							 SONDE_LINK_ETHERNET, i + 1 };
		assert_int_equal(sonde_flows_add(t, &frame, 1), 0);
	}
	assert_int_equal(sonde_flows_stats(t).not_ip, 1);
	assert_int_equal(sonde_flows_stats(t).flows, 1);
	sonde_flows_free(t);
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_TEST(&u, shards_have_fragments_and_errors_once);
	UNIT_TEST(&u, others_are_in_no_flow);
	return unit_run(&u, "flows_shards");
}
