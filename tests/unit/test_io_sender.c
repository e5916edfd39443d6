/* Packets on their way out: they arrive as they are, and every refusal has its cause. */
#include "tests/unit/io_netns.h"

#include <net/if.h>
#include <poll.h>
#include <sys/capability.h>
#include <sys/wait.h>

#include "base/time.h"
#include "io/clock.h"
#include "io/neigh.h"
#include "io/netlink.h"
#include "io/sender.h"
#include "io/socket.h"
#include "tests/unit/io_packets.h"

static const char *unable;
static struct sonde_netlink *netlink;

static int udp_listener(const char *at)
{
	struct sonde_addr a = addr(at);
	struct sonde_sockaddr s = sonde_sockaddr(&a, PORT);
	int fd = socket(s.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, &s.any, s.len), 0);
	return fd;
}

/* What others send beside a test has so many bytes. It may wait for the neighbour, and come when the next test has
 * begun. */
#define BESIDE 1

/* Bytes of the datagram that comes in time; -1 when none does. IPv6 on a fresh link may lose the first question for the
 * neighbour, and asks again after a second. */
static ssize_t udp_received(int fd)
{
	uint8_t bytes[MAX_PACKET];
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t len = BESIDE;

	while (len == BESIDE)
		len = poll(&ready, 1, 5000) == 1 ? recv(fd, bytes, sizeof(bytes), 0) : -1;
	return len;
}

/* The MAC address of the other end of v0. */
static void peer_mac(uint8_t mac[static SONDE_MAC_LEN])
{
	struct sonde_addr hop = addr("10.0.0.2");

	sonde_time until = sonde_clock_monotonic() + SONDE_S;
	unsigned v0 = if_nametoindex("v0");
	int rc = sonde_neigh_ask(netlink, v0, &hop);
	assert_int_equal(rc, 0);
	while ((rc = sonde_neigh_get(mac, netlink, v0, &hop)) && sonde_clock_monotonic() < until)
		sonde_wait(NULL, 0, sonde_clock_monotonic() + SONDE_MS);
	assert_int_equal(rc, 0);
}

static const struct delivery_row {
	const char *name;
	enum sonde_sender_way way;
	const char *iface, *src, *dst;
} delivery_rows[] = {
	{ "raw IPv4 to itself", SONDE_SENDER_RAW4, NULL, "127.0.0.1", "127.0.0.1" },
	{ "raw IPv6 to itself", SONDE_SENDER_RAW6, NULL, "::1", "::1" },
	{ "raw IPv4", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "10.0.0.2" },
	{ "raw IPv4 through an interface", SONDE_SENDER_RAW4, "v0", "10.0.0.1", "10.0.0.2" },
	{ "raw IPv4 from an address that is not ours", SONDE_SENDER_RAW4, NULL, "10.0.0.99", "10.0.0.2" },
	{ "raw IPv6", SONDE_SENDER_RAW6, NULL, "fd00::1", "fd00::2" },
	{ "raw IPv6 through an interface", SONDE_SENDER_RAW6, "v0", "fd00::1", "fd00::2" },
	{ "frame with IPv4", SONDE_SENDER_LINK, "v0", "10.0.0.1", "10.0.0.2" },
	{ "frame with IPv6", SONDE_SENDER_LINK, "v0", "fd00::1", "fd00::2" },
	{ "libnet raw IPv4", SONDE_SENDER_LIBNET_RAW4, NULL, "10.0.0.1", "10.0.0.2" },
	{ "libnet raw IPv6", SONDE_SENDER_LIBNET_RAW6, "v0", "fd00::1", "fd00::2" },
	{ "libnet frame", SONDE_SENDER_LIBNET_LINK, "v0", "10.0.0.1", "10.0.0.2" },
};

static void packets_arrive(void **state)
{
	const struct delivery_row *row = *state;
	bool home = strcmp(row->src, row->dst) == 0;
	bool link = row->way == SONDE_SENDER_LINK || row->way == SONDE_SENDER_LIBNET_LINK;
	uint8_t bytes[MAX_PACKET], mac[SONDE_MAC_LEN];

	NETNS_NEEDED(unable);
	assert_true(netns_go(home ? netns_here : netns_peer));
	int listener = udp_listener(row->dst);
	assert_true(netns_go(netns_here));
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
		.way = row->way, .ifindex = row->iface ? if_nametoindex(row->iface) : 0 });
	if (link)
		peer_mac(mac);
	struct sonde_outgoing frame = { .result = 1, .dst = addr(row->dst),
		.bytes = datagram(bytes, link ? mac : NULL, row->src, row->dst, 33) };
	assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
	assert_int_equal(frame.result, 0);
	assert_int_equal(udp_received(listener), 33);
	assert_int_equal(sonde_sender_counters(s)->sent, 1);
	assert_int_equal(sonde_sender_counters(s)->bytes, frame.bytes.len);
	/* What passes on the network is not queued on the sending socket: nor what others send. */
	struct sonde_sender *other = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_RAW4 });
	frame = (struct sonde_outgoing){
		.dst = addr("10.0.0.2"), .bytes = datagram(bytes, NULL, "10.0.0.1", "10.0.0.2", BESIDE) };
	assert_int_equal(sonde_sender_send(other, &frame, 1), 1);
	sonde_sender_close(other);
	assert_int_equal(recv(sonde_sender_fd(s), bytes, sizeof(bytes), MSG_DONTWAIT), -1);
	sonde_sender_close(s);
	close(listener);
}

static const struct refusal_row {
	const char *name;
	enum sonde_sender_way way;
	const char *iface, *src, *dst;
	size_t payload_len, cut; /* cut: send only so many bytes, 0: all */
	const char *before, *after;
	int code;
	enum sonde_refusal refusal;
	uint32_t mtu;
	const char *what;
} refusal_rows[] = {
	{ "MTU, raw IPv4", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "10.0.0.2", 2000, 0, "true", "true", -EMSGSIZE,
		SONDE_REFUSED_SIZE, 1500, "its 2028 bytes do not fit the MTU of 1500" },
	{ "MTU, raw IPv6", SONDE_SENDER_RAW6, NULL, "fd00::1", "fd00::2", 2000, 0, "true", "true", -EMSGSIZE,
		SONDE_REFUSED_SIZE, 1500, "its 2048 bytes do not fit the MTU of 1500" },
	{ "MTU, frame", SONDE_SENDER_LINK, "v0", "10.0.0.1", "10.0.0.2", 2000, 0, "ip link set v0 mtu 1400",
		"ip link set v0 mtu 1500", -EMSGSIZE, SONDE_REFUSED_SIZE, 1400,
		"its 2042 bytes do not fit the MTU of 1400" },
	{ "MTU, libnet", SONDE_SENDER_LIBNET_RAW4, NULL, "10.0.0.1", "10.0.0.2", 2000, 0, "true", "true", -EMSGSIZE,
		SONDE_REFUSED_SIZE, 1500, "its 2028 bytes do not fit the MTU of 1500" },
	{ "firewall, raw IPv4", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "10.0.0.2", 1, 0, "nft add rule inet t o drop",
		"nft flush chain inet t o", -EPERM, SONDE_REFUSED_FIREWALL, 0,
		"a firewall rule of this machine dropped it on its way out" },
	{ "firewall, raw IPv6", SONDE_SENDER_RAW6, NULL, "fd00::1", "fd00::2", 1, 0, "nft add rule inet t o drop",
		"nft flush chain inet t o", -EPERM, SONDE_REFUSED_FIREWALL, 0,
		"a firewall rule of this machine dropped it on its way out" },
	{ "firewall, libnet", SONDE_SENDER_LIBNET_RAW4, NULL, "10.0.0.1", "10.0.0.2", 1, 0,
		"nft add rule inet t o drop", "nft flush chain inet t o", -EPERM, SONDE_REFUSED_FIREWALL, 0,
		"a firewall rule of this machine dropped it on its way out" },
	{ "no route, raw IPv4", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "192.0.2.1", 1, 0, "true", "true", -ENETUNREACH,
		SONDE_REFUSED_ROUTE, 0, "there is no route to its destination" },
	{ "no route, raw IPv6", SONDE_SENDER_RAW6, NULL, "fd00::1", "2001:db8::1", 1, 0, "true", "true", -ENETUNREACH,
		SONDE_REFUSED_ROUTE, 0, "there is no route to its destination" },
	{ "unreachable route", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "192.0.2.2", 1, 0,
		"ip route add unreachable 192.0.2.2", "ip route del unreachable 192.0.2.2", -EHOSTUNREACH,
		SONDE_REFUSED_ROUTE, 0, "its destination cannot be reached" },
	{ "interface down, frame", SONDE_SENDER_LINK, "v0", "10.0.0.1", "10.0.0.2", 1, 0, "ip link set v0 down",
		"ip link set v0 up && ip -6 addr replace fd00::1/64 dev v0 nodad", -ENETDOWN, SONDE_REFUSED_DOWN, 0,
		"the interface is down" },
	{ "broadcast", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "10.0.0.255", 1, 0, "true", "true", -EACCES,
		SONDE_REFUSED_BROADCAST, 0, "its destination is a broadcast address, or its route prohibits it" },
	{ "broadcast, libnet", SONDE_SENDER_LIBNET_RAW4, NULL, "10.0.0.1", "10.0.0.255", 1, 0, "true", "true", -EACCES,
		SONDE_REFUSED_BROADCAST, 0, "its destination is a broadcast address, or its route prohibits it" },
	{ "half an IPv4 header", SONDE_SENDER_RAW4, NULL, "10.0.0.1", "10.0.0.2", 1, 10, "true", "true", -EINVAL,
		SONDE_REFUSED_PACKET, 0, "the kernel finds no packet in it: its first header is too short or wrong" },
	{ "half an Ethernet header", SONDE_SENDER_LINK, "v0", "10.0.0.1", "10.0.0.2", 1, 10, "true", "true", -EINVAL,
		SONDE_REFUSED_PACKET, 0, "the kernel finds no packet in it: its first header is too short or wrong" },
	{ "half an IPv4 header, libnet", SONDE_SENDER_LIBNET_RAW4, NULL, "10.0.0.1", "10.0.0.2", 1, 10, "true", "true",
		-EINVAL, SONDE_REFUSED_PACKET, 0,
		"the kernel finds no packet in it: its first header is too short or wrong" },
};

static void refusal_has_its_cause(void **state)
{
	const struct refusal_row *row = *state;
	bool link = row->way == SONDE_SENDER_LINK || row->way == SONDE_SENDER_LIBNET_LINK;
	uint8_t bytes[MAX_PACKET];
	struct sonde_error e;

	NETNS_NEEDED(unable);
	if (row->code == -EPERM && !netns_run("nft add table inet t && "
		"nft 'add chain inet t o { type filter hook output priority 0; }'"))
		UNIT_SKIP("nft cannot make a chain here");
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
		.way = row->way, .ifindex = row->iface ? if_nametoindex(row->iface) : 0 });
	struct sonde_outgoing frame = { .dst = addr(row->dst), .bytes = datagram(bytes,
		link ? (const uint8_t *)"\xff\xff\xff\xff\xff\xff" : NULL, row->src, row->dst, row->payload_len) };
	if (row->cut)
		frame.bytes.len = row->cut;
	assert_true(netns_run("%s", row->before));
	size_t n = sonde_sender_send(s, &frame, 1);
	assert_true(netns_run("%s", row->after));
	assert_int_equal(n, 1);
	assert_int_equal(frame.result, row->code);
	assert_int_equal(frame.mtu, row->mtu);
	assert_int_equal(sonde_sender_explain(&e, &frame), row->code);
	assert_string_equal(e.what, row->what);
	assert_true(e.hint[0] != 0);
	assert_int_equal(sonde_sender_counters(s)->refused[row->refusal], 1);
	assert_int_equal(sonde_sender_counters(s)->sent, 0);
	struct pollfd ready = { .fd = sonde_sender_fd(s), .events = POLLIN };
	if (row->code == -EMSGSIZE) /* a report left in the queue would wake a poll loop for ever */
		assert_int_equal(poll(&ready, 1, 0), 0);
	sonde_sender_close(s);
}

static void broadcast_may_be_allowed(void **state)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_outgoing frame = { .dst = addr("10.0.0.255") };

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
		.way = SONDE_SENDER_RAW4, .broadcast = true });
	frame.bytes = datagram(bytes, NULL, "10.0.0.1", "10.0.0.255", 1);
	assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
	assert_int_equal(frame.result, 0);
	sonde_sender_close(s);
}

/* The scope of the destination says which link. */
static void link_local_needs_its_scope(void **state)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_outgoing frame = { .dst = addr("fe80::2") };

	(void)state;
	NETNS_NEEDED(unable);
	assert_true(netns_add6("fe80::1", 64, "v0"));
	assert_true(netns_go(netns_peer) && netns_add6("fe80::2", 64, "v1"));
	int listener = udp_listener("::");
	assert_true(netns_go(netns_here));
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_RAW6 });
	frame.bytes = datagram(bytes, NULL, "fe80::1", "fe80::2", 7);
	frame.dst.scope = if_nametoindex("lo");
	assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
	assert_int_equal(frame.result, -ENETUNREACH);
	frame.dst.scope = if_nametoindex("v0");
	assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
	assert_int_equal(frame.result, 0);
	assert_int_equal(udp_received(listener), 7);
	sonde_sender_close(s);
	close(listener);
}

static void refused_frame_does_not_stop_the_others(void **state)
{
	uint8_t small[MAX_PACKET], large[MAX_PACKET];
	struct sonde_outgoing frames[200];

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_view fits = datagram(small, NULL, "10.0.0.1", "10.0.0.2", 1);
	struct sonde_view too_long = datagram(large, NULL, "10.0.0.1", "10.0.0.2", 2000);
	for (size_t i = 0; i < 200; i++)
		frames[i] = (struct sonde_outgoing){ .bytes = i % 7 == 3 ? too_long : fits, .dst = addr("10.0.0.2") };
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_RAW4 });
	assert_int_equal(sonde_sender_send(s, frames, 200), 200);
	for (size_t i = 0; i < 200; i++)
		assert_int_equal(frames[i].result, i % 7 == 3 ? -EMSGSIZE : 0);
	assert_int_equal(sonde_sender_counters(s)->sent, 200 - 29);
	assert_int_equal(sonde_sender_counters(s)->refused[SONDE_REFUSED_SIZE], 29);
	sonde_sender_close(s);
}

static void libnet_keeps_to_its_header(void **state)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_outgoing frame = { .dst = addr("10.0.0.3") };

	(void)state;
	NETNS_NEEDED(unable);
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){ .way = SONDE_SENDER_LIBNET_RAW4 });
	frame.bytes = datagram(bytes, NULL, "10.0.0.1", "10.0.0.2", 1);
	assert_int_equal(sonde_sender_send(s, &frame, 1), 1);
	assert_int_equal(frame.result, SONDE_E_PATH);
	assert_int_equal(sonde_sender_counters(s)->refused[SONDE_REFUSED_PACKET], 1);
	sonde_sender_close(s);
}

static const enum sonde_sender_way queue_ways[] = { SONDE_SENDER_RAW4, SONDE_SENDER_LINK, SONDE_SENDER_LIBNET_LINK };

/* A queue of a few packets that drains slowly: what the kernel drops is refused, and nothing else is lost. */
static void full_queue_is_counted(void **state)
{
	uint8_t bytes[MAX_PACKET], mac[SONDE_MAC_LEN];
	struct sonde_outgoing frames[100];

	(void)state;
	NETNS_NEEDED(unable);
	peer_mac(mac);
	for (size_t way = 0; way < sizeof(queue_ways) / sizeof(queue_ways[0]); way++) {
		bool link = queue_ways[way] != SONDE_SENDER_RAW4;
		if (!netns_run("tc qdisc add dev v0 root tbf rate 8kbit burst 2000 limit 3000"))
			UNIT_SKIP("tc cannot set a token bucket here");
		struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
			.way = queue_ways[way], .ifindex = link ? if_nametoindex("v0") : 0, .send_bytes = 1 << 20 });
		for (size_t i = 0; i < 100; i++)
			frames[i] = (struct sonde_outgoing){ .dst = addr("10.0.0.2"),
				.bytes = datagram(bytes, link ? mac : NULL, "10.0.0.1", "10.0.0.2", 500) };
		assert_int_equal(sonde_sender_send(s, frames, 100), 100);
		uint64_t dropped = sonde_sender_counters(s)->refused[SONDE_REFUSED_QUEUE];
		assert_true(dropped > 80 && dropped < 100);
		assert_int_equal(sonde_sender_counters(s)->sent + dropped, 100);
		assert_int_equal(frames[0].result, 0);
		assert_int_equal(frames[99].result, -ENOBUFS);
		sonde_sender_close(s);
		assert_true(netns_run("tc qdisc del dev v0 root"));
	}
}

/* A long queue and a small send buffer: the send stops early, refuses nothing, and can go on. */
static void full_socket_stops_the_send(void **state)
{
	uint8_t bytes[MAX_PACKET];
	struct sonde_outgoing frames[200];

	(void)state;
	NETNS_NEEDED(unable);
	if (!netns_run("tc qdisc add dev v0 root tbf rate 800kbit burst 2000 limit 1000000"))
		UNIT_SKIP("tc cannot set a token bucket here");
	struct sonde_sender *s = sender_open(&(struct sonde_sender_options){
		.way = SONDE_SENDER_RAW4, .send_bytes = 8192 });
	struct sonde_view packet = datagram(bytes, NULL, "10.0.0.1", "10.0.0.2", 100);
	for (size_t i = 0; i < 200; i++)
		frames[i] = (struct sonde_outgoing){ .bytes = packet, .dst = addr("10.0.0.2") };
	size_t done = sonde_sender_send(s, frames, 200);
	assert_true(done > 0 && done < 200);
	for (int rounds = 0; done < 200 && rounds < 1000; rounds++) {
		struct pollfd ready = { .fd = sonde_sender_fd(s), .events = POLLOUT };
		assert_int_equal(poll(&ready, 1, 1000), 1);
		done += sonde_sender_send(s, frames + done, 200 - done);
	}
	assert_int_equal(done, 200);
	assert_int_equal(sonde_sender_counters(s)->sent, 200);
	sonde_sender_close(s);
	assert_true(netns_run("tc qdisc del dev v0 root"));
}

static void missing_interface_is_told(void **state)
{
	static const enum sonde_sender_way ways[] = { SONDE_SENDER_RAW4, SONDE_SENDER_RAW6, SONDE_SENDER_LINK,
		SONDE_SENDER_LIBNET_RAW4, SONDE_SENDER_LIBNET_LINK };
	struct sonde_sender *s;
	struct sonde_error e;

	(void)state;
	NETNS_NEEDED(unable);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		struct sonde_sender_options o = { .way = ways[i], .ifindex = 99999 };
		assert_int_equal(sonde_sender_open(&s, &o, &e), -ENODEV);
		assert_null(s);
		assert_string_equal(e.what, "there is no interface 99999");
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
		cap_t none = cap_init();
		int told = 0;
		if (cap_set_proc(none) < 0)
			_exit(100);
		cap_free(none);
		for (enum sonde_sender_way way = SONDE_SENDER_RAW4; way <= SONDE_SENDER_LIBNET_LINK; way++) {
			struct sonde_sender_options o = { .way = way, .ifindex = if_nametoindex("v0") };
			struct sonde_sender *s;
			struct sonde_error e = { .code = 0 };
			told += sonde_sender_open(&s, &o, &e) == -EPERM && e.code == -EPERM &&
				strstr(e.what, "need CAP_NET_RAW") && strstr(e.hint, "setcap cap_net_raw+ep");
		}
		_exit(told);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 6);
}

int main(void)
{
	static struct unit u;

	unable = netns_pair();
	if (!unable && sonde_netlink_open(&netlink, NULL) < 0)
		unable = "no netlink socket may be opened here";
	UNIT_ROWS(&u, packets_arrive, delivery_rows);
	UNIT_ROWS(&u, refusal_has_its_cause, refusal_rows);
	UNIT_TEST(&u, broadcast_may_be_allowed);
	UNIT_TEST(&u, link_local_needs_its_scope);
	UNIT_TEST(&u, refused_frame_does_not_stop_the_others);
	UNIT_TEST(&u, libnet_keeps_to_its_header);
	UNIT_TEST(&u, full_queue_is_counted);
	UNIT_TEST(&u, full_socket_stops_the_send);
	UNIT_TEST(&u, missing_interface_is_told);
	UNIT_TEST(&u, missing_privilege_is_told);
	int rc = unit_run(&u, "io-sender");
	sonde_netlink_close(netlink);
	return rc;
}
