/* What building, stamping, summing and reading a packet costs, beside libnet, libdnet and memcpy. Times differ from
 * machine to machine; the ratios are the result. Exit status 1: contenders disagree about the bytes. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/checksum.h"
#include "packet/notation.h"
#include "packet/pattern.h"
#include "packet/template.h"
#include "proto/ether.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/tcp.h"
#include "proto/udp.h"
#include "tests/bench/measure.h"
#include "tests/bench/peers.h"

#define FRAME_LEN (14 + BENCH_PACKET_LEN)
#define LARGE     65536

struct bench {
	struct bench_syn syn;
	struct bench_libnet *libnet, *libnet_again;
	struct sonde_packet packet, seen;
	struct sonde_spec pattern;
	struct sonde_template template;
	int slot;
	uint8_t out[FRAME_LEN * 3], frozen[FRAME_LEN];
	uint8_t frame[FRAME_LEN], udp_frame[FRAME_LEN];
	uint32_t udp_len;
	uint8_t large[LARGE], copy[LARGE];
};

/* No two packets in a row are the same. */
static void vary(struct bench *b, uint32_t i)
{
	b->syn.seq = i;
	b->syn.id = (uint16_t)i;
	b->syn.sport = (uint16_t)(i >> 3);
}

static inline __attribute__((always_inline)) void push_ip(struct sonde_packet *p, const struct bench_syn *syn)
{
	int ip = sonde_push(p, &sonde_ip);
	sonde_set(p, ip, SONDE_IP_ID, syn->id);
	sonde_set(p, ip, SONDE_IP_TTL, syn->ttl);
	sonde_set_bytes(p, ip, SONDE_IP_SRC, sonde_view(syn->src, 4));
	sonde_set_bytes(p, ip, SONDE_IP_DST, sonde_view(syn->dst, 4));
}

static void build_sonde(struct bench *b)
{
	struct sonde_packet *p = &b->packet;
	const struct bench_syn *syn = &b->syn;
	sonde_packet_init(p, b->out, sizeof b->out);
	push_ip(p, syn);
	int tcp = sonde_push(p, &sonde_tcp);
	sonde_set(p, tcp, SONDE_TCP_SPORT, syn->sport);
	sonde_set(p, tcp, SONDE_TCP_DPORT, syn->dport);
	sonde_set(p, tcp, SONDE_TCP_SEQ, syn->seq);
	sonde_set(p, tcp, SONDE_TCP_FLAGS, SONDE_TCP_SYN);
	sonde_set(p, tcp, SONDE_TCP_WIN, syn->win);
	sonde_push_payload(p, sonde_view(syn->data, BENCH_DATA_LEN));
	sonde_finish(p);
	bench_touch(b->out);
}

/* The same data in an echo request. */
static void build_echo(struct bench *b)
{
	struct sonde_packet *p = &b->packet;
	const struct bench_syn *syn = &b->syn;
	sonde_packet_init(p, b->out, sizeof b->out);
	push_ip(p, syn);
	int icmp = sonde_push(p, &sonde_icmp);
	sonde_set(p, icmp, SONDE_ICMP_TYPE, SONDE_ICMP_ECHO);
	sonde_set(p, icmp, SONDE_ICMP_ID, syn->sport);
	sonde_set(p, icmp, SONDE_ICMP_SEQ, syn->id);
	sonde_push_payload(p, sonde_view(syn->data, BENCH_DATA_LEN));
	sonde_finish(p);
	bench_touch(b->out);
}

/* --- The contenders ---------------------------------------------------------------------------------------------- */

static void run_sonde(void *arg, uint32_t i)
{
	vary(arg, i);
	build_sonde(arg);
}

static void run_echo(void *arg, uint32_t i)
{
	vary(arg, i);
	build_echo(arg);
}

static void run_libdnet(void *arg, uint32_t i)
{
	struct bench *b = arg;
	vary(b, i);
	bench_libdnet_build(b->out, &b->syn);
	bench_touch(b->out);
}

static void run_libnet(void *arg, uint32_t i)
{
	struct bench *b = arg;
	vary(b, i);
	bench_libnet_build(b->libnet, NULL, &b->syn);
}

static void run_libnet_again(void *arg, uint32_t i)
{
	struct bench *b = arg;
	vary(b, i);
	bench_libnet_rebuild(b->libnet_again, NULL, &b->syn);
}

static void run_stamp(void *arg, uint32_t i)
{
	struct bench *b = arg;
	sonde_template_copy(b->out, &b->template);
	sonde_template_stamp(b->out, &b->template, b->slot, i & 0xffff);
	bench_touch(b->out);
}

/* The length is hidden: of a packet whose length is known when it is compiled, the copy is a few moves. */
static void run_memcpy_packet(void *arg, uint32_t i)
{
	struct bench *b = arg;
	size_t len = b->template.len;
	bench_touch(&len);
	(void)i;
	memcpy(b->out, b->frozen, len);
	bench_touch(b->out);
}

static void run_dissect(void *arg, uint32_t i)
{
	struct bench *b = arg;
	b->frame[14 + 5] = (uint8_t)i;
	sonde_dissect(&b->packet, b->frame, FRAME_LEN, FRAME_LEN, (struct sonde_id){ SONDE_SPACE_LINK, 1 });
	bench_touch(&b->packet);
}

static void run_dissect_udp(void *arg, uint32_t i)
{
	struct bench *b = arg;
	b->udp_frame[14 + 5] = (uint8_t)i;
	sonde_dissect(&b->packet, b->udp_frame, b->udp_len, b->udp_len, (struct sonde_id){ SONDE_SPACE_LINK, 1 });
	bench_touch(&b->packet);
}

/* The packet is dissected once; each run compares it. */
static void run_match(void *arg, uint32_t i)
{
	struct bench *b = arg;
	bench_touch(&i);
	bool matches = sonde_pattern_match(&b->pattern, &b->seen);
	bench_touch(&matches);
}

static void sum_bytes(struct bench *b, size_t len)
{
	uint64_t sum = sonde_sum(0, sonde_view(b->large, len));
	bench_touch(&sum);
}

static void copy_bytes(struct bench *b, size_t len)
{
	bench_touch(&len);
	memcpy(b->copy, b->large, len);
	bench_touch(b->copy);
}

static void run_sum_1500(void *arg, uint32_t i)
{
	(void)i;
	sum_bytes(arg, 1500);
}

static void run_copy_1500(void *arg, uint32_t i)
{
	(void)i;
	copy_bytes(arg, 1500);
}

static void run_sum_large(void *arg, uint32_t i)
{
	(void)i;
	sum_bytes(arg, LARGE);
}

static void run_copy_large(void *arg, uint32_t i)
{
	(void)i;
	copy_bytes(arg, LARGE);
}

enum {
	BUILD,
	ECHO,
	LIBDNET,
	LIBNET,
	LIBNET_AGAIN,
	STAMP,
	COPY,
	DISSECT,
	DISSECT_UDP,
	MATCH,
	SUM_1500,
	COPY_1500,
	SUM_LARGE,
	COPY_LARGE,
	N_CONTENDERS
};

static const struct bench_contender contenders[N_CONTENDERS] = {
	[BUILD] = { "sonde: build from scratch, 104 bytes", run_sonde, 0, 0, { 0 } },
	[ECHO] = { "sonde: build an echo request, 92 bytes", run_echo, 0, 0, { 0 } },
	[LIBDNET] = { "libdnet: the same bytes", run_libdnet, 0, 0, { 0 } },
	[LIBNET] = { "libnet: the same bytes", run_libnet, 0, 0, { 0 } },
	[LIBNET_AGAIN] = { "libnet: over its blocks of before", run_libnet_again, 0, 0, { 0 } },
	[STAMP] = { "sonde: copy and stamp a template", run_stamp, 0, 0, { 0 } },
	[COPY] = { "memcpy: 104 bytes", run_memcpy_packet, 0, 0, { 0 } },
	[DISSECT] = { "sonde: dissect ether / ip / tcp", run_dissect, 0, 0, { 0 } },
	[DISSECT_UDP] = { "sonde: dissect ether / ip / udp", run_dissect_udp, 0, 0, { 0 } },
	[MATCH] = { "sonde: match a pattern of two layers", run_match, 0, 0, { 0 } },
	[SUM_1500] = { "sonde: checksum of 1500 bytes", run_sum_1500, 0, 0, { 0 } },
	[COPY_1500] = { "memcpy: 1500 bytes", run_copy_1500, 0, 0, { 0 } },
	[SUM_LARGE] = { "sonde: checksum of 64 KiB", run_sum_large, 0, 0, { 0 } },
	[COPY_LARGE] = { "memcpy: 64 KiB", run_copy_large, 0, 0, { 0 } },
};

static const struct goal {
	const char *text;
	unsigned a, b;
	double most; /* of a over b */
} goals[] = {
	{ "build / libdnet", BUILD, LIBDNET, 1.5 },
	{ "build an echo / build", ECHO, BUILD, 1.5 },
	{ "build / libnet", BUILD, LIBNET, 1.0 / 6 },
	{ "build / libnet over its blocks", BUILD, LIBNET_AGAIN, 0 },
	{ "stamp / memcpy", STAMP, COPY, 4 },
	{ "checksum / memcpy, 1500 bytes", SUM_1500, COPY_1500, 0 },
	{ "checksum / memcpy, 64 KiB", SUM_LARGE, COPY_LARGE, 2 },
	{ "dissect TCP / libdnet's build", DISSECT, LIBDNET, 2 },
	{ "dissect UDP / libdnet's build", DISSECT_UDP, LIBDNET, 2 },
	{ "match / dissect TCP", MATCH, DISSECT, 1 },
};

/* --- The same bytes ---------------------------------------------------------------------------------------------- */

static bool same(const uint8_t *a, const uint8_t *b, const char *who)
{
	for (int i = 0; i < BENCH_PACKET_LEN; i++)
		if (a[i] != b[i]) {
			fprintf(stderr, "%s: byte %d is 0x%02x, not 0x%02x\n", who, i, b[i], a[i]);
			return false;
		}
	return true;
}

static bool all_agree(struct bench *b)
{
	uint8_t theirs[BENCH_PACKET_LEN];
	for (uint32_t i = 0; i < 100000; i += 997) {
		vary(b, i);
		build_sonde(b);
		bench_libdnet_build(theirs, &b->syn);
		if (!same(b->out, theirs, "libdnet"))
			return false;
		bench_libnet_build(b->libnet, theirs, &b->syn);
		if (!same(b->out, theirs, "libnet"))
			return false;
	}
	bench_libnet_rebuild(b->libnet_again, theirs, &(struct bench_syn){ .dport = 1 });
	bench_libnet_rebuild(b->libnet_again, theirs, &b->syn);
	return same(b->out, theirs, "libnet over its blocks");
}

static void make_udp_frame(struct bench *b)
{
	struct sonde_packet *p = &b->packet;
	sonde_packet_init(p, b->udp_frame, sizeof b->udp_frame);
	sonde_push(p, &sonde_ether);
	push_ip(p, &b->syn);
	int udp = sonde_push(p, &sonde_udp);
	sonde_set(p, udp, SONDE_UDP_SPORT, 40000);
	sonde_set(p, udp, SONDE_UDP_DPORT, 50000);
	sonde_push_payload(p, sonde_view(b->syn.data, BENCH_DATA_LEN));
	sonde_finish(p);
	b->udp_len = p->len;
}

static bool prepare(struct bench *b)
{
	b->syn = (struct bench_syn){
		.src = { 192, 0, 2, 1 }, .dst = { 198, 51, 100, 2 }, .dport = 80, .win = 65535, .ttl = 64,
	};
	for (unsigned i = 0; i < BENCH_DATA_LEN; i++)
		b->syn.data[i] = (uint8_t)(i * 37);
	for (unsigned i = 0; i < LARGE; i++)
		b->large[i] = (uint8_t)(i * 31 + (i >> 8));
	static const char pattern[] = "ip src=192.0.2.0/24 ttl=-64 / tcp dport=80,443 flags=+S-A";
	make_udp_frame(b);
	vary(b, 1);
	build_sonde(b);
	sonde_put(b->frame, SONDE_ETHER_TYPE, 0x0800);
	memcpy(b->frame + 14, b->out, BENCH_PACKET_LEN);
	sonde_dissect(&b->seen, b->frame, FRAME_LEN, FRAME_LEN, (struct sonde_id){ SONDE_SPACE_LINK, 1 });
	if (sonde_notation_parse(&b->pattern, pattern, strlen(pattern), NULL, NULL) ||
	    !sonde_pattern_match(&b->pattern, &b->seen))
		return false;
	if (sonde_template_freeze(&b->template, &b->packet, b->frozen, sizeof b->frozen))
		return false;
	b->slot = sonde_template_slot(&b->template, &b->packet, sonde_find(&b->packet, &sonde_tcp), SONDE_TCP_SPORT);
	return b->slot >= 0;
}

int main(void)
{
	static struct bench b;
	static struct bench_contender c[N_CONTENDERS];
	b.libnet = bench_libnet_open();
	b.libnet_again = bench_libnet_open();
	if (!b.libnet || !b.libnet_again || !prepare(&b) || !all_agree(&b))
		return 1;
	memcpy(c, contenders, sizeof c);
	for (size_t i = 0; i < N_CONTENDERS; i++)
		c[i].arg = &b;
	bench_measure(c, N_CONTENDERS);
	printf("Medians of %d interleaved rounds; all builders make the same bytes.\n\n", BENCH_ROUNDS);
	for (size_t i = 0; i < N_CONTENDERS; i++)
		printf("  %-40s %7.1f ns\n", c[i].name, c[i].ns);
	printf("\n");
	for (size_t i = 0; i < sizeof goals / sizeof *goals; i++)
		bench_goal(goals[i].text, bench_ratio(&c[goals[i].a], &c[goals[i].b]), goals[i].most);
	bench_libnet_close(b.libnet);
	bench_libnet_close(b.libnet_again);
	return 0;
}
