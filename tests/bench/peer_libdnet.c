#include <string.h>

#include <dumbnet.h>

#include "tests/bench/peers.h"

void bench_libdnet_build(uint8_t *out, const struct bench_syn *syn)
{
	uint32_t src, dst;
	memcpy(&src, syn->src, 4);
	memcpy(&dst, syn->dst, 4);
	ip_pack_hdr(out, 0, BENCH_PACKET_LEN, syn->id, 0, syn->ttl, IP_PROTO_TCP, src, dst);
	tcp_pack_hdr(out + IP_HDR_LEN, syn->sport, syn->dport, syn->seq, 0, TH_SYN, syn->win, 0);
	memcpy(out + IP_HDR_LEN + TCP_HDR_LEN, syn->data, BENCH_DATA_LEN);
	ip_checksum(out, BENCH_PACKET_LEN);
}
