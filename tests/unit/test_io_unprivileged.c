/* What needs no privilege: echoes of the datagram ICMP socket with the kernel's stamps, and connections begun at
 * once. */
#include "tests/unit/io_netns.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>

#include "io/clock.h"
#include "io/connects.h"
#include "io/echo.h"

static const char *unable;

static struct sonde_addr address(const char *text)
{
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	return a;
}

static void await_fd(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	assert_true(poll(&p, 1, 10000) == 1);
}

static struct sonde_echo *open_echo(const struct sonde_echo_options *o)
{
	struct sonde_echo *s;
	struct sonde_error e;
	if (sonde_echo_open(&s, o, &e))
		fail_msg("%s (%s)", e.what, e.hint);
	return s;
}

static const struct echo_row {
	const char *name, *own, *target;
	uint8_t request, reply; /* ICMP types */
} echo_rows[] = {
	{ "an echo over IPv4", "10.0.0.1", "10.0.0.2", 8, 0 },
	{ "an echo over IPv6", "fd00::1", "fd00::2", 128, 129 },
};

static struct sonde_echo_report next_told(struct sonde_echo *s)
{
	struct sonde_echo_report t;
	int got;
	while ((got = sonde_echo_next(&t, s)) == 0)
		await_fd(sonde_echo_fd(s));
	assert_int_equal(got, 1);
	return t;
}

/* That it left is told before its answer, and the two stamps are in this order. */
static void echo_and_reply(void **state)
{
	const struct echo_row *row = *state;
	NETNS_NEEDED(unable);
	const struct sonde_addr own = address(row->own), target = address(row->target);
	struct sonde_echo *s = open_echo(&(struct sonde_echo_options){ .family = target.family, .id = 4711, .ttl = 9 });
	assert_int_equal(sonde_echo_id(s), 4711);
	unsigned stamped = 0;
	sonde_time give_up_at = sonde_clock_monotonic() + 5 * SONDE_S;
	for (uint8_t i = 0; i < 3 || (stamped == 0 && sonde_clock_monotonic() < give_up_at); i++) {
		if (i >= 3)
			usleep(1000);
		const uint8_t message[] = { row->request, 0, 0, 0, 0, 0, 0, i, 'h', 'i' };
		uint32_t key;
		sonde_time before = sonde_clock_real();
		assert_int_equal(sonde_echo_send(s, &key, &target, sonde_view(message, sizeof message)), 0);
		struct sonde_echo_report left = next_told(s), came = next_told(s);
		assert_int_equal(left.kind, SONDE_ECHO_SENT);
		assert_int_equal(left.key, key);
		assert_int_equal(came.kind, SONDE_ECHO_REPLY);
		assert_true(before <= left.stamp && left.stamp <= sonde_clock_real());
		/* The kernel begins to stamp what comes in a moment after it is asked to; how long that is, is up to
		 * its other work. */
		assert_true(came.stamp == 0 || (left.stamp <= came.stamp && came.stamp <= sonde_clock_real()));
		stamped += came.stamp != 0;
		assert_true(sonde_addr_equal(&came.from, &target) && sonde_addr_equal(&came.to, &own));
		assert_int_equal(came.ttl, 64);
		assert_int_equal(came.message.len, sizeof message);
		assert_int_equal(came.message.data[0], row->reply);
		assert_int_equal(sonde_get_be16(came.message.data + 4), 4711);
		assert_int_equal(came.message.data[7], i);
	}
	assert_true(stamped > 0);
	sonde_echo_close(s);
}

/* A refusal changes nothing of the keys that follow. */
static void keys_after_a_refusal(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	const uint8_t message[] = { 8, 0, 0, 0, 0, 0, 0, 1 };
	const struct sonde_addr target = address("10.0.0.2"), nowhere = address("192.0.2.1");
	struct sonde_echo *s = open_echo(&(struct sonde_echo_options){ .family = SONDE_IP4 });
	uint32_t key;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(sonde_echo_send(s, &key, &nowhere, sonde_view(message, sizeof message)), -ENETUNREACH);
		assert_int_equal(sonde_echo_send(s, &key, &target, sonde_view(message, sizeof message)), 0);
		struct sonde_echo_report left = next_told(s);
		assert_int_equal(left.kind, SONDE_ECHO_SENT);
		assert_int_equal(left.key, key);
		assert_int_equal(next_told(s).kind, SONDE_ECHO_REPLY);
	}
	sonde_echo_close(s);
}

static int listen_there(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(80) };
	assert_true(netns_go(netns_peer));
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(fd, (const struct sockaddr *)&at, sizeof at), 0);
	assert_int_equal(listen(fd, 8), 0);
	assert_true(netns_go(netns_here));
	return fd;
}

static void connections(void **state)
{
	struct sonde_connects *c;
	struct sonde_connects_result t;
	struct sonde_error e;
	sonde_time at;
	(void)state;
	NETNS_NEEDED(unable);
	int server = listen_there();
	assert_int_equal(sonde_connects_open(&c, &(struct sonde_connects_options){ .max = 2 }, &e), 0);
	const struct sonde_endpoint open = { address("10.0.0.2"), 80 }, closed = { address("10.0.0.2"), 81 },
				    nowhere = { address("192.0.2.1"), 80 }, refused_here = { address("127.0.0.1"), 81 };
	assert_int_equal(sonde_connects_begin(c, 1, &nowhere, 0, &at), -ENETUNREACH);
	assert_int_equal(sonde_connects_begin(c, 2, &open, 61000, &at), 0);
	assert_int_equal(sonde_connects_begin(c, 3, &closed, 61000, &at), 0);
	assert_true(sonde_connects_is_full(c));
	assert_int_equal(sonde_connects_begin(c, 4, &closed, 61001, &at), -EAGAIN);
	for (int i = 0; i < 2; i++) {
		await_fd(sonde_connects_fd(c));
		assert_int_equal(sonde_connects_next(&t, c), 1);
		assert_int_equal(t.result, t.key == 2 ? 0 : -ECONNREFUSED);
		assert_false(t.retransmitted);
		assert_true(t.at >= at - SONDE_S);
	}
	assert_false(sonde_connects_is_full(c));
	/* Loopback answers within the call. */
	assert_int_equal(sonde_connects_begin(c, 5, &refused_here, 61000, &at), 0);
	await_fd(sonde_connects_fd(c));
	assert_int_equal(sonde_connects_next(&t, c), 1);
	assert_int_equal(t.key, 5);
	assert_int_equal(t.result, -ECONNREFUSED);
	assert_int_equal(sonde_connects_begin(c, 6, &open, 61002, &at), 0);
	sonde_connects_drop(c, 6);
	assert_int_equal(sonde_connects_next(&t, c), 0);
	sonde_connects_close(c);
	close(server);
}

int main(void)
{
	static struct unit u;
	unable = netns_pair();
	if (!unable && !netns_run("echo '0 2147483647' >/proc/sys/net/ipv4/ping_group_range"))
		unable = "net.ipv4.ping_group_range cannot be set here";
	UNIT_ROWS(&u, echo_and_reply, echo_rows);
	UNIT_TEST(&u, keys_after_a_refusal);
	UNIT_TEST(&u, connections);
	return unit_run(&u, "io_unprivileged");
}
