#include "tests/bench/peers.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <string.h>

static uint16_t get16(const uint8_t *at)
{
	uint16_t v;
	memcpy(&v, at, sizeof v);
	return ntohs(v);
}

static uint32_t get32(const uint8_t *at)
{
	uint32_t v;
	memcpy(&v, at, sizeof v);
	return ntohl(v);
}

bool bench_plain_read(struct bench_plain *out, const uint8_t *frame, uint32_t len)
{
	if (len < ETHER_HDR_LEN + sizeof(struct iphdr) || get16(frame + 12) != ETHERTYPE_IP)
		return false;
	const uint8_t *ip = frame + ETHER_HDR_LEN;
	uint32_t ip_header = (ip[0] & 0xfu) * 4, ip_len = get16(ip + 2);
	if (ip_header < sizeof(struct iphdr) || ip[9] != IPPROTO_TCP || ip_len < ip_header + sizeof(struct tcphdr) ||
	    ip_len > len - ETHER_HDR_LEN)
		return false;
	const uint8_t *tcp = ip + ip_header;
	uint32_t tcp_header = (tcp[12] >> 4) * 4u;
	if (tcp_header < sizeof(struct tcphdr) || tcp_header > ip_len - ip_header)
		return false;
	memcpy(out->src, ip + 12, 4);
	memcpy(out->dst, ip + 16, 4);
	out->sport = get16(tcp);
	out->dport = get16(tcp + 2);
	out->seq = get32(tcp + 4);
	out->ack = get32(tcp + 8);
	out->flags = get16(tcp + 12) & 0x1ff;
	out->payload_len = ip_len - ip_header - tcp_header;
	return true;
}
