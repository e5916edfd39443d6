/* Frames caught as they pass: all of them, once, with their direction and time. */
#include "tests/unit/io_netns.h"

#include <net/if.h>
#include <poll.h>
#include <sys/capability.h>
#include <sys/wait.h>

#include "io/clock.h"
#include "io/live.h"
#include "tests/unit/io_packets.h"

#define ETHER 1
#define SLL2 276

static const char *unable;

static void setup(void)
{
	unable = netns_pair();
	/* So that neither end has to ask for the other while frames are counted. */
	if (!unable && !netns_run("ip link set v0 address 02:00:00:00:00:01; ip neigh replace 10.0.0.2 dev v0 lladdr "
		"02:00:00:00:00:02; ip neigh replace fd00::2 dev v0 lladdr 02:00:00:00:00:02"))
		unable = "ip cannot set neighbours here";
	if (!unable && netns_go(netns_peer) && (!netns_run("ip link set v1 address 02:00:00:00:00:02; ip neigh replace "
		"10.0.0.1 dev v1 lladdr 02:00:00:00:00:01; ip neigh replace fd00::1 dev v1 lladdr 02:00:00:00:00:01") ||
		!netns_go(netns_here)))
		unable = "ip cannot set neighbours there";
}

static struct sonde_live *live_open(const struct sonde_live_options *o)
{
	struct sonde_live *l;
	struct sonde_error e;

	if (sonde_live_open(&l, o, &e) < 0)
		fail_msg("%s (%s)", e.what, e.hint);
	return l;
}

/* Send n datagrams to the closed port of the other end; with IPv4 it answers each with an ICMP error (up to six in a
 * row, for Linux limits them). */
static void datagrams_send(const char *src, const char *dst, size_t n, size_t payload_len)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_addr to = addr(dst);
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
		.way = to.family == SONDE_IP4 ? SONDE_SENDER_RAW4 : SONDE_SENDER_RAW6, .send_bytes = 4 << 20 });
	struct sonde_view packet = datagram(bytes, NULL, src, dst, payload_len);

	for (size_t i = 0; i < n; i++) {
		struct sonde_outgoing frame = { .bytes = packet, .dst = to };
		assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
		assert_int_equal(frame.result, 0);
	}
	sonde_sender_close(s);
}

/* Read until n frames are there or none came for wait_ms. The last one read is left in *last, its bytes gone. */
static size_t frames_read(struct sonde_live *l, size_t n, int wait_ms, struct sonde_record *last)
{
	struct pollfd ready = { .fd = sonde_live_fd(l), .events = POLLIN };
	struct sonde_record r;
	struct sonde_error e;
	size_t got = 0;

	while (got < n) {
		int rc = sonde_live_next(&r, l, &e);
		if (rc < 0)
			fail_msg("%s", e.what);
		if (rc == 1 && last)
			*last = r;
		if (rc == 1)
			got++;
		else if (poll(&ready, 1, wait_ms) == 0)
			break;
	}
	return got;
}

static void directions_are_told_apart(void **state)
{
	struct sonde_record r;
	unsigned v0 = if_nametoindex("v0");

	(void)state;
	NETNS_NEEDED(unable);
	for (int whole = 0; whole < 2; whole++) {
		struct sonde_live_options o = (whole ? sonde_live_frames : sonde_live_replies)(v0, "host 10.0.0.2");
		struct sonde_live *both = live_open(&o);
		o.direction = SONDE_INBOUND;
		struct sonde_live *in = live_open(&o);
		o.direction = SONDE_OUTBOUND;
		struct sonde_live *out = live_open(&o);
		datagrams_send("10.0.0.1", "10.0.0.2", 1, 10);
		sonde_time now = sonde_clock_real();
		assert_int_equal(frames_read(out, 2, 300, &r), 1);
		assert_int_equal(r.direction, SONDE_OUTBOUND);
		assert_int_equal(r.link, ETHER);
		assert_int_equal(r.bytes.len, 14 + 20 + 8 + 10);
		assert_int_equal(r.wire_len, 14 + 20 + 8 + 10);
		assert_true(r.time > now - SONDE_S && r.time <= now);
		assert_int_equal(frames_read(in, 2, 300, &r), 1);
		assert_int_equal(r.direction, SONDE_INBOUND);
		assert_int_equal(r.bytes.len, 14 + 20 + 8 + 20 + 8 + 10);
		assert_int_equal(frames_read(both, 3, 300, &r), 2);
		assert_int_equal(r.direction, SONDE_INBOUND);
		sonde_live_close(both);
		sonde_live_close(in);
		sonde_live_close(out);
	}
}

/* What goes the other way takes no room in the ring. */
static void other_direction_stays_out_of_the_ring(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), NULL);
	struct sonde_live_stats stats;

	(void)state;
	NETNS_NEEDED(unable);
	o.direction = SONDE_INBOUND;
	struct sonde_live *l = live_open(&o);
	datagrams_send("fd00::1", "fd00::2", 200, 10);
	assert_true(frames_read(l, 200, 100, NULL) < 20);
	assert_int_equal(sonde_live_stats(&stats, l, NULL), 0);
	assert_true(stats.received < 20);
	sonde_live_close(l);
}

static void burst_is_caught_whole(void **state)
{
	struct sonde_live_stats stats;

	(void)state;
	NETNS_NEEDED(unable);
	for (int whole = 0; whole < 2; whole++) {
		struct sonde_live_options o = (whole ? sonde_live_frames : sonde_live_replies)(
			if_nametoindex("v0"), "udp port 4000 and ip6");
		o.direction = SONDE_OUTBOUND;
		struct sonde_live *l = live_open(&o);
		datagrams_send("fd00::1", "fd00::2", 20000, 1000);
		assert_int_equal(frames_read(l, 20001, 200, NULL), 20000);
		assert_int_equal(sonde_live_stats(&stats, l, NULL), 0);
		assert_int_equal(stats.received, 20000);
		assert_int_equal(stats.dropped_by_kernel, 0);
		sonde_live_close(l);
	}
}

static void dropped_frames_are_counted(void **state)
{
	struct sonde_live_options o = sonde_live_frames(if_nametoindex("v0"), "udp port 4000 and ip6");
	struct sonde_live_stats stats;

	(void)state;
	NETNS_NEEDED(unable);
	o.ring_bytes = 1 << 20;
	struct sonde_live *l = live_open(&o);
	datagrams_send("fd00::1", "fd00::2", 5000, 1000);
	size_t got = frames_read(l, 5001, 200, NULL);
	assert_true(got < 5000);
	assert_int_equal(sonde_live_stats(&stats, l, NULL), 0);
	assert_int_equal(got + stats.dropped_by_kernel, 5000);
	sonde_live_close(l);
}

static void long_frames_are_cut(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), "udp port 4000");
	struct sonde_record r;

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_live *l = live_open(&o);
	datagrams_send("fd00::1", "fd00::2", 1, 1000);
	assert_int_equal(frames_read(l, 1, 1000, &r), 1);
	assert_int_equal(r.bytes.len, 256);
	assert_int_equal(r.wire_len, 14 + 40 + 8 + 1000);
	sonde_live_close(l);
}

static void times_are_in_nanoseconds(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), "udp port 4000");
	struct sonde_record r;
	int finer = 0;

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_live *l = live_open(&o);
	for (int i = 0; i < 20; i++) {
		datagrams_send("fd00::1", "fd00::2", 1, 1);
		assert_int_equal(frames_read(l, 1, 1000, &r), 1);
		finer += r.time % SONDE_US != 0;
	}
	assert_true(finer > 10);
	sonde_live_close(l);
}

/* Connection tracking holds fragments back until it can join them; a raw sender's pass it by. */
static void fragment_alone_gets_out(void **state)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), "ip proto 17");

	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("nft add table ip f && nft 'add chain ip f o { type filter hook output priority 0; }' && "
		"nft add rule ip f o ct state new counter accept"))
		UNIT_SKIP("nft cannot track connections here");
	o.direction = SONDE_OUTBOUND;
	struct sonde_live *l = live_open(&o);
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_RAW4 });
	datagram(bytes, NULL, "10.0.0.1", "10.0.0.2", 40);
	bytes[6] = 0x20; /* more fragments */
	struct sonde_outgoing first = { .bytes = sonde_view(bytes, 20 + 24), .dst = addr("10.0.0.2") };
	assert_int_equal(sonde_sender_send(s, &first, 1), 1);
	assert_int_equal(first.result, 0);
	assert_int_equal(frames_read(l, 2, 200, NULL), 1);
	sonde_sender_close(s);
	sonde_live_close(l);
	assert_true(netns_run("nft delete table ip f"));
}

static void loopback_is_seen_once(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("lo"), "udp port 4000 and not icmp");
	struct sonde_record r;

	(void)state;
	NETNS_NEEDED(unable);
	o.direction = SONDE_INBOUND;
	struct sonde_live *l = live_open(&o);
	datagrams_send("127.0.0.1", "127.0.0.1", 3, 1);
	assert_int_equal(frames_read(l, 4, 200, &r), 3);
	assert_int_equal(r.direction, SONDE_INBOUND);
	sonde_live_close(l);
}

static void all_interfaces_at_once(void **state)
{
	struct sonde_live_options o = sonde_live_replies(0, "udp port 4000 and ip6");
	struct sonde_record r;

	(void)state;
	NETNS_NEEDED(unable);
	for (uint8_t direction = SONDE_NO_DIRECTION; direction <= SONDE_OUTBOUND; direction++) {
		o.direction = direction;
		struct sonde_live *l = live_open(&o);
		assert_int_equal(sonde_live_link(l), SLL2);
		datagrams_send("fd00::1", "fd00::2", 1, 1);
		assert_int_equal(frames_read(l, 2, 300, &r), direction == SONDE_INBOUND ? 0 : 1);
		if (direction != SONDE_INBOUND) {
			assert_int_equal(r.link, SLL2);
			assert_int_equal(r.direction, SONDE_OUTBOUND);
		}
		sonde_live_close(l);
	}
}

static void tun_has_no_link_header(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("ip tuntap add mode tun t0 2>/dev/null && ip addr add 192.0.2.1/24 dev t0 && ip link set t0 up"))
		UNIT_SKIP("ip cannot make a tun device here");
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("t0"), NULL);
	struct sonde_live *l = live_open(&o);
	assert_int_equal(sonde_live_link(l), 101); /* LINKTYPE_RAW, not this system's DLT_RAW */
	sonde_live_close(l);
	assert_true(netns_run("ip link del t0"));
}

/* The kernel takes the outer tag out of frames that come in. With a filter on the tag, with none, and cooked. */
static void tags_are_put_back(void **state)
{
	static const uint8_t tag[] = { 0x81, 0x00, 0x60, 0x05 };
	static const struct {
		const char *filter;
		bool all;
		size_t n;
	} rows[] = { { "vlan 5 and ip6", false, 1 }, { "vlan 6", false, 0 },
		     { "udp port 4000", false, 1 }, { "ether proto 0x8100", true, 1 } };
	uint8_t bytes[MAX_PACKET];

	(void)state;
	NETNS_NEEDED(unable);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		uint32_t ifindex = rows[i].all ? 0 : if_nametoindex("v0");
		struct sonde_live_options o = sonde_live_replies(ifindex, rows[i].filter);
		struct sonde_record r = { .wire_len = 0 };
		o.direction = SONDE_INBOUND;
		struct sonde_live *l = live_open(&o);
		datagram(bytes, (const uint8_t[]){ 2, 0, 0, 0, 0, 1 }, "fd00::2", "fd00::1", 10);
		memmove(bytes + 16, bytes + 12, 2 + 40 + 8 + 10);
		memcpy(bytes + 12, tag, sizeof(tag));
		assert_true(netns_go(netns_peer));
		struct sonde_sender *s = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_LINK,
										     .ifindex = if_nametoindex("v1") });
		struct sonde_outgoing frame = { .bytes = sonde_view(bytes, 18 + 40 + 8 + 10) };
		assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
		assert_int_equal(frame.result, 0);
		sonde_sender_close(s);
		assert_true(netns_go(netns_here));
		assert_int_equal(frames_read(l, rows[i].n + 1, 200, &r), rows[i].n);
		if (rows[i].n && !rows[i].all) {
			assert_int_equal(r.wire_len, 18 + 40 + 8 + 10);
			assert_memory_equal(r.bytes.data, bytes, r.bytes.len);
		} else if (rows[i].n) {
			assert_int_equal(r.bytes.len, 20 + 4 + 40 + 8 + 10);
			assert_memory_equal(r.bytes.data, "\x81\x00", 2);
			assert_memory_equal(r.bytes.data + 20, "\x60\x05\x86\xdd", 4);
		}
		sonde_live_close(l);
	}
}

static void renamed_interface_is_followed(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), "udp port 4000");
	struct sonde_live_stats stats;

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_live *l = live_open(&o);
	assert_true(netns_run("ip link set v0 name w0 2>/dev/null || (ip link set v0 down; ip link set v0 name w0;"
		" ip link set w0 up; ip neigh replace 10.0.0.2 dev w0 lladdr 02:00:00:00:00:02)"));
	datagrams_send("10.0.0.1", "10.0.0.2", 1, 1);
	assert_int_equal(frames_read(l, 1, 1000, NULL), 1);
	assert_int_equal(sonde_live_stats(&stats, l, NULL), 0);
	sonde_live_close(l);
	o.ifindex = if_nametoindex("w0");
	l = live_open(&o);
	sonde_live_close(l);
	assert_true(netns_run("ip link set w0 name v0"));
}

static void capture_outlives_an_interface_that_is_down(void **state)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), "udp port 4000");
	struct sonde_record r;

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_live *l = live_open(&o);
	assert_true(netns_run("ip link set v0 down"));
	assert_int_equal(sonde_live_next(&r, l, NULL), 0);
	assert_true(netns_run("ip link set v0 up && ip neigh replace 10.0.0.2 dev v0 lladdr 02:00:00:00:00:02"));
	datagrams_send("10.0.0.1", "10.0.0.2", 1, 1);
	assert_int_equal(frames_read(l, 1, 1000, NULL), 1);
	sonde_live_close(l);
}

static void interface_that_goes_is_told(void **state)
{
	struct sonde_record r;
	struct sonde_error e;

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_run("ip link add b0 type bridge && ip link set b0 up"));
	struct sonde_live_options o = sonde_live_replies(if_nametoindex("b0"), NULL);
	struct sonde_live *l = live_open(&o);
	assert_true(netns_run("ip link del b0"));
	int rc = 1;
	for (int i = 0; rc >= 0 && i < 100; i++)
		rc = sonde_live_next(&r, l, &e);
	assert_int_equal(rc, -ENODEV);
	assert_string_equal(e.what, "the interface is gone");
	sonde_live_close(l);
}

static const struct open_row {
	uint32_t ifindex;
	const char *filter;
	int code;
	const char *what;
} open_rows[] = {
	{ 1, "tcp prot 80", SONDE_E_SYNTAX, "filter 'tcp prot 80': can't parse filter expression: syntax error" },
	{ 1, "host 10.0.0.1) or (tcp", SONDE_E_SYNTAX,
		"filter 'host 10.0.0.1) or (tcp': can't parse filter expression: syntax error" },
	{ 0, "tcp prot 80", SONDE_E_SYNTAX, "filter 'tcp prot 80': can't parse filter expression: syntax error" },
	{ 99999, "tcp", -ENODEV, "there is no interface 99999" },
};

static void failure_to_open_is_told(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	for (size_t i = 0; i < sizeof(open_rows) / sizeof(open_rows[0]); i++) {
		struct sonde_live_options o = sonde_live_replies(open_rows[i].ifindex, open_rows[i].filter);
		struct sonde_live *l;
		struct sonde_error e;
		o.direction = SONDE_INBOUND;
		assert_int_equal(sonde_live_open(&l, &o, &e), open_rows[i].code);
		assert_null(l);
		assert_string_equal(e.what, open_rows[i].what);
	}
}

/* In a child, for what is given up does not come back. */
static void missing_privilege_is_told(void **state)
{
	(void)state;
	NETNS_NEEDED(unable);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sonde_live_options o = sonde_live_replies(if_nametoindex("v0"), NULL);
		struct sonde_live *l;
		struct sonde_error e = { .code = 0 };
		cap_t none = cap_init();
		if (cap_set_proc(none) < 0)
			_exit(100);
		cap_free(none);
		_exit(sonde_live_open(&l, &o, &e) == -EPERM && strstr(e.what, "need CAP_NET_RAW") ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	static struct unit u;

	setup();
	UNIT_TEST(&u, directions_are_told_apart);
	UNIT_TEST(&u, other_direction_stays_out_of_the_ring);
	UNIT_TEST(&u, burst_is_caught_whole);
	UNIT_TEST(&u, dropped_frames_are_counted);
	UNIT_TEST(&u, long_frames_are_cut);
	UNIT_TEST(&u, times_are_in_nanoseconds);
	UNIT_TEST(&u, fragment_alone_gets_out);
	UNIT_TEST(&u, loopback_is_seen_once);
	UNIT_TEST(&u, all_interfaces_at_once);
	UNIT_TEST(&u, tun_has_no_link_header);
	UNIT_TEST(&u, tags_are_put_back);
	UNIT_TEST(&u, renamed_interface_is_followed);
	UNIT_TEST(&u, capture_outlives_an_interface_that_is_down);
	UNIT_TEST(&u, interface_that_goes_is_told);
	UNIT_TEST(&u, failure_to_open_is_told);
	UNIT_TEST(&u, missing_privilege_is_told);
	return unit_run(&u, "io-live");
}
