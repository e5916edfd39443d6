/* What reading the ends of packets costs, beside a plain C loop that knows nothing but Ethernet, IPv4 and TCP, and
 * beside the dissector. The ratios are the result; times differ from machine to machine. Exit status 1: they
 * disagree. */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "packet/ends.h"
#include "packet/packet.h"
#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "proto/vlan.h"
#include "proto/vxlan.h"
#include "tests/bench/measure.h"
#include "tests/bench/peers.h"

#define N_FRAMES  256 /* which stay in the first cache: the packet that just came is there, too */
#define FRAME_LEN 160

/* Frames of one kind. */
struct set {
	uint8_t frames[N_FRAMES][FRAME_LEN];
	uint32_t lens[N_FRAMES];
};

/* All frames of a set, one after the other. */
static void run_ends(void *arg, uint32_t i)
{
	const struct set *s = arg;
	struct sonde_ends ends;
	(void)i;
	for (uint32_t n = 0; n < N_FRAMES; n++) {
		sonde_ends_read(&ends, s->frames[n], s->lens[n], s->lens[n], SONDE_LINK_ETHERNET);
		bench_touch(&ends);
	}
}

static void run_plain(void *arg, uint32_t i)
{
	const struct set *s = arg;
	struct bench_plain plain;
	(void)i;
	for (uint32_t n = 0; n < N_FRAMES; n++) {
		bench_plain_read(&plain, s->frames[n], s->lens[n]);
		bench_touch(&plain);
	}
}

static void run_dissect(void *arg, uint32_t i)
{
	const struct set *s = arg;
	struct sonde_packet packet;
	(void)i;
	for (uint32_t n = 0; n < N_FRAMES; n++) {
		sonde_dissect(&packet, s->frames[n], s->lens[n], s->lens[n],
			      (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_ETHERNET });
		bench_touch(&packet);
	}
}

/* --- Frames ------------------------------------------------------------------------------------------------------ */

static void push_ip4(struct sonde_packet *p, uint32_t i)
{
	const uint8_t src[] = { 192, 0, 2, (uint8_t)i }, dst[] = { 198, 51, 100, 2 };
	int ip = sonde_push(p, &sonde_ip);
	sonde_set_bytes(p, ip, SONDE_IP_SRC, sonde_view(src, sizeof src));
	sonde_set_bytes(p, ip, SONDE_IP_DST, sonde_view(dst, sizeof dst));
}

static void push_udp(struct sonde_packet *p, uint32_t i)
{
	int udp = sonde_push(p, &sonde_udp);
	sonde_set(p, udp, SONDE_UDP_SPORT, 1024 + i);
	sonde_set(p, udp, SONDE_UDP_DPORT, 53);
}

/* Segments of many connections, with and without options and data. */
static void push_tcp(struct sonde_packet *p, uint32_t i)
{
	static const uint8_t data[24], timestamps[] = { 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2 };
	int tcp = sonde_push(p, &sonde_tcp);
	sonde_set(p, tcp, SONDE_TCP_SPORT, 1024 + i);
	sonde_set(p, tcp, SONDE_TCP_DPORT, 443);
	sonde_set(p, tcp, SONDE_TCP_SEQ, i * 1000);
	sonde_set(p, tcp, SONDE_TCP_ACK, i * 77);
	sonde_set(p, tcp, SONDE_TCP_FLAGS, i % 5 ? SONDE_TCP_ACK_FLAG : SONDE_TCP_SYN);
	if (i % 3)
		sonde_set_bytes(p, tcp, SONDE_TCP_OPTIONS, sonde_view(timestamps, sizeof timestamps));
	if (i % 2)
		sonde_push_payload(p, sonde_view(data, i % sizeof data));
}

static void push_usual(struct sonde_packet *p, uint32_t i)
{
	push_ip4(p, i);
	push_tcp(p, i);
}

static void push_ip4_udp(struct sonde_packet *p, uint32_t i)
{
	push_ip4(p, i);
	push_udp(p, i);
}

static void push_ip6_tcp(struct sonde_packet *p, uint32_t i)
{
	sonde_push(p, &sonde_ip6);
	push_tcp(p, i);
}

static void push_vlan(struct sonde_packet *p, uint32_t i)
{
	sonde_push(p, &sonde_vlan);
	push_usual(p, i);
}

static void push_vxlan(struct sonde_packet *p, uint32_t i)
{
	push_ip4(p, i);
	sonde_push(p, &sonde_udp);
	sonde_push(p, &sonde_vxlan);
	sonde_push(p, &sonde_ether);
	push_usual(p, i);
}

static bool make_set(struct set *s, void (*push)(struct sonde_packet *, uint32_t))
{
	for (uint32_t i = 0; i < N_FRAMES; i++) {
		struct sonde_packet p;
		struct sonde_ends e;
		sonde_packet_init(&p, s->frames[i], FRAME_LEN);
		sonde_push(&p, &sonde_ether);
		push(&p, i);
		sonde_finish(&p);
		s->lens[i] = p.len;
		if (!sonde_ends_read(&e, p.data, p.len, p.len, SONDE_LINK_ETHERNET) || e.sport != 1024 + i) {
			fprintf(stderr, "frame %u is not read\n", i);
			return false;
		}
	}
	return true;
}

static bool agree(const uint8_t *frame, uint32_t len)
{
	struct sonde_ends e;
	struct bench_plain p;
	bool same = sonde_ends_read(&e, frame, len, len, SONDE_LINK_ETHERNET) && bench_plain_read(&p, frame, len) &&
		    memcmp(e.src, p.src, 4) == 0 && memcmp(e.dst, p.dst, 4) == 0 && e.sport == p.sport &&
		    e.dport == p.dport && e.tcp_flags == p.flags && e.seq == p.seq && e.ack == p.ack &&
		    e.payload_len == p.payload_len;
	if (!same)
		fprintf(stderr, "sonde and the plain loop read different things\n");
	return same;
}

/* --- Measuring --------------------------------------------------------------------------------------------------- */

enum { ENDS, PLAIN, DISSECT, ENDS_UDP, ENDS_IP6, ENDS_VLAN, ENDS_VXLAN, N_CONTENDERS };

int main(void)
{
	static struct set tcp, udp, ip6, vlan, vxlan;
	static struct bench_contender c[N_CONTENDERS] = {
		[ENDS] = { "sonde: ends of ether / ip / tcp", run_ends, &tcp, 0, { 0 } },
		[PLAIN] = { "a plain C loop for just that", run_plain, &tcp, 0, { 0 } },
		[DISSECT] = { "sonde: dissect the same", run_dissect, &tcp, 0, { 0 } },
		[ENDS_UDP] = { "sonde: ends of ether / ip / udp", run_ends, &udp, 0, { 0 } },
		[ENDS_IP6] = { "sonde: ends of ether / ip6 / tcp", run_ends, &ip6, 0, { 0 } },
		[ENDS_VLAN] = { "sonde: ends of ether / vlan / ip / tcp", run_ends, &vlan, 0, { 0 } },
		[ENDS_VXLAN] = { "sonde: ends of TCP in VXLAN", run_ends, &vxlan, 0, { 0 } },
	};
	if (!make_set(&tcp, push_usual) || !make_set(&udp, push_ip4_udp) || !make_set(&ip6, push_ip6_tcp) ||
	    !make_set(&vlan, push_vlan) || !make_set(&vxlan, push_vxlan))
		return 1;
	for (uint32_t i = 0; i < N_FRAMES; i++)
		if (!agree(tcp.frames[i], tcp.lens[i]))
			return 1;
	bench_measure(c, N_CONTENDERS);
	printf("The ends of a packet: medians of %d interleaved rounds over %d frames.\n\n", BENCH_ROUNDS, N_FRAMES);
	for (size_t i = 0; i < N_CONTENDERS; i++)
		printf("  %-40s %7.1f ns\n", c[i].name, c[i].ns / N_FRAMES);
	printf("\n");
	bench_goal("ends / plain loop", bench_ratio(&c[ENDS], &c[PLAIN]), 1.5);
	bench_goal("ends of ether / ip / tcp, ns", c[ENDS].ns / N_FRAMES, 40);
	bench_goal("ends of the slowest of them, ns", c[ENDS_VXLAN].ns / N_FRAMES, 40);
	bench_goal("ends / dissect", bench_ratio(&c[ENDS], &c[DISSECT]), 0);
	printf("\n");
	return 0;
}
