/* A thread that hands frames to the kernel: each gets a result, whatever the kernel does with it. */
#include "tools/common/forwarder.h"

#include <errno.h>
#include <net/if.h>

#include "io/clock.h"
#include "tests/unit/io_netns.h"

#define N     64
#define FRAME 60

static const char *unable;
static uint8_t bytes[FRAME]; /* of no protocol, from nobody to nobody */

/* A batch of frames. */
struct batch {
	struct sonde_outgoing frames[N];
	struct sonde_forwarding state;
};

static void fill(struct batch *b)
{
	*b = (struct batch){ 0 };
	for (unsigned i = 0; i < N; i++)
		b->frames[i] = (struct sonde_outgoing){ .bytes = sonde_view(bytes, sizeof bytes), .result = 1 };
}

static void await_done(const struct batch *b)
{
	sonde_time until = sonde_clock_monotonic() + 5 * SONDE_S;
	while (!__atomic_load_n(&b->state.is_done, __ATOMIC_ACQUIRE) && sonde_clock_monotonic() < until)
		sonde_wait(NULL, 0, sonde_clock_monotonic() + SONDE_MS);
	assert_true(b->state.is_done);
}

static struct sonde_sender *open_sender(uint32_t send_bytes)
{
	struct sonde_sender_options o = { .way = SONDE_SENDER_LINK, .ifindex = if_nametoindex("v0"),
					  .send_bytes = send_bytes };
	struct sonde_sender *s;
	struct sonde_error e;
	if (sonde_sender_open(&s, &o, &e))
		fail_msg("%s", e.what);
	return s;
}

static unsigned results(const struct batch *b, int result)
{
	unsigned n = 0;
	for (unsigned i = 0; i < N; i++)
		n += b->frames[i].result == result;
	return n;
}

static void all_frames_are_sent(void **state)
{
	static struct forwarder f;
	static struct batch batches[3];
	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_sender *s = open_sender(0);
	sonde_time start = sonde_clock_real();
	forwarder_open(&f);
	for (unsigned i = 0; i < 3; i++) {
		fill(&batches[i]);
		assert_true(f.ops.take(f.ops.arg, s, batches[i].frames, N, &batches[i].state));
	}
	forwarder_close(&f);
	for (unsigned i = 0; i < 3; i++) {
		assert_true(batches[i].state.is_done);
		assert_int_equal(results(&batches[i], 0), N);
		assert_in_range(batches[i].state.began_at, start, sonde_clock_real());
		assert_true(i == 0 || batches[i].state.began_at >= batches[i - 1].state.began_at);
	}
	assert_int_equal(sonde_sender_counters(s)->sent, 3 * N);
	sonde_sender_close(s);
}

/* Frames that the interface holds back fill the socket: those behind them are refused after a while, not kept. */
static void a_socket_that_stays_full_refuses(void **state)
{
	static struct forwarder f;
	static struct batch batch;
	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("tc qdisc add dev v0 root tbf rate 8bit burst 64 limit 1m 2>/dev/null"))
		UNIT_SKIP("tc cannot hold frames back here");
	struct sonde_sender *s = open_sender(1);
	sonde_time start = sonde_clock_monotonic();
	fill(&batch);
	forwarder_open(&f);
	assert_true(f.ops.take(f.ops.arg, s, batch.frames, N, &batch.state));
	await_done(&batch);
	assert_in_range(sonde_clock_monotonic() - start, 100 * SONDE_MS, 4 * SONDE_S);
	assert_in_range(results(&batch, 0), 1, N - 1);
	assert_int_equal(results(&batch, 0) + results(&batch, -EAGAIN), N);
	forwarder_close(&f);
	sonde_sender_close(s);
	assert_true(netns_run("tc qdisc del dev v0 root"));
}

int main(void)
{
	static struct unit u;
	unable = netns_pair();
	UNIT_TEST(&u, all_frames_are_sent);
	UNIT_TEST(&u, a_socket_that_stays_full_refuses);
	return unit_run(&u, "forwarder");
}
