#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libnet.h>

#include "tests/bench/peers.h"

struct bench_libnet {
	libnet_t *l;
	libnet_ptag_t tcp, ip;
};

struct bench_libnet *bench_libnet_open(void)
{
	char errbuf[LIBNET_ERRBUF_SIZE] = "";
	struct bench_libnet *b = calloc(1, sizeof *b);
	if (b)
		b->l = libnet_init(LIBNET_NONE, NULL, errbuf);
	if (b && b->l)
		return b;
	fprintf(stderr, "libnet: %s\n", errbuf);
	free(b);
	return NULL;
}

void bench_libnet_close(struct bench_libnet *b)
{
	if (!b)
		return;
	libnet_destroy(b->l);
	free(b);
}

static void fail(const struct bench_libnet *b)
{
	fprintf(stderr, "libnet: %s\n", libnet_geterror(b->l));
	exit(1);
}

/* Blocks of libnet are given from the last layer to the first; tag 0 makes a new one. */
static void put_blocks(struct bench_libnet *b, const struct bench_syn *syn)
{
	uint32_t src, dst;
	memcpy(&src, syn->src, 4);
	memcpy(&dst, syn->dst, 4);
	b->tcp = libnet_build_tcp(syn->sport, syn->dport, syn->seq, 0, TH_SYN, syn->win, 0, 0,
				  LIBNET_TCP_H + BENCH_DATA_LEN, syn->data, BENCH_DATA_LEN, b->l, b->tcp);
	b->ip = libnet_build_ipv4(BENCH_PACKET_LEN, 0, syn->id, 0, syn->ttl, IPPROTO_TCP, 0, src, dst, NULL, 0, b->l,
				  b->ip);
	if (b->tcp < 0 || b->ip < 0)
		fail(b);
}

/* Joining also sums. The packet comes in memory of its own. */
static void join_blocks(struct bench_libnet *b, uint8_t *out)
{
	uint8_t *packet;
	uint32_t len;
	if (libnet_pblock_coalesce(b->l, &packet, &len) != 1)
		fail(b);
	if (out)
		memcpy(out, packet, len);
	libnet_adv_free_packet(b->l, packet);
}

void bench_libnet_build(struct bench_libnet *b, uint8_t *out, const struct bench_syn *syn)
{
	b->tcp = b->ip = 0;
	put_blocks(b, syn);
	join_blocks(b, out);
	libnet_clear_packet(b->l);
}

void bench_libnet_rebuild(struct bench_libnet *b, uint8_t *out, const struct bench_syn *syn)
{
	put_blocks(b, syn);
	join_blocks(b, out);
}
