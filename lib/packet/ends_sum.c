#include "base/checksum.h"
#include "packet/ends.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"

/* The protocols whose checksums are the Internet's. */
enum { ICMP = 1, TCP = 6, UDP = 17, ICMP6 = 58 };

#define UDP_LEN ((SONDE_FIRST(SONDE_UDP_CHECKSUM) + SONDE_WIDTH(SONDE_UDP_CHECKSUM)) / 8)

/* The sum of what the transport's checksum covers besides the packet (RFC 9293, 3.1; RFC 8200, 8.1). */
static uint64_t sum_pseudo_header(const struct sonde_ends *e, uint32_t len)
{
	size_t addr_len = e->family == SONDE_IP4 ? SONDE_IP4_LEN : SONDE_IP6_LEN;
	uint64_t sum = sonde_sum_few(sonde_sum_few(0, e->src, addr_len), e->dst, addr_len);
	return sonde_sum_number(sum, (uint64_t)len + e->proto);
}

static sonde_place checksum_place(uint8_t proto)
{
	switch (proto) {
	case TCP: return SONDE_TCP_CHECKSUM;
	case UDP: return SONDE_UDP_CHECKSUM;
	case ICMP: return SONDE_ICMP_CHECKSUM;
	case ICMP6: return SONDE_ICMP6_CHECKSUM;
	default: return 0;
	}
}

/* Options of IPv4 and extension headers of IPv6 may have a route, and in it the address that counts. */
static bool may_have_route(const struct sonde_ends *e)
{
	uint32_t plain = e->family == SONDE_IP6 ? SONDE_IP6_HEADER : SONDE_IP_MIN_LEN;
	return e->transport_offset != e->ip_offset + plain;
}

enum sonde_sum_state sonde_ends_verify(const struct sonde_ends *e, const uint8_t *frame)
{
	sonde_place place = checksum_place(e->proto);
	const uint8_t *header = frame + e->transport_offset;
	uint32_t len = e->payload_offset + e->payload_len - e->transport_offset;
	if (!place || may_have_route(e))
		return SONDE_SUM_NONE;
	if (e->flags & (SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT))
		return SONDE_SUM_FRAGMENT;
	if (e->flags & (SONDE_ENDS_CUT_HEADER | SONDE_ENDS_CUT) || e->payload_have < e->payload_len)
		return SONDE_SUM_TRUNCATED;
	/* UDP's pseudo-header has the length that its header says. */
	uint32_t said = e->proto == UDP ? (uint32_t)sonde_get(header, SONDE_UDP_LENGTH) : 0;
	uint64_t pseudo = e->proto == ICMP ? 0 : sum_pseudo_header(e, said >= UDP_LEN ? said : len);
	uint16_t there = (uint16_t)sonde_get(header, place), folded = sonde_sum_fold(pseudo);
	if (there == 0 && e->proto == UDP)
		return SONDE_SUM_ABSENT;
	uint16_t sum = sonde_sum_fold(sonde_sum(pseudo, sonde_view(header, len)));
	/* In ones' complement, both are zero. */
	if (sum == 0xffff || sum == 0)
		return SONDE_SUM_OK;
	return e->proto != ICMP && there == folded ? SONDE_SUM_PARTIAL : SONDE_SUM_WRONG;
}
