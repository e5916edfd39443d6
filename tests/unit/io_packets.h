/* Packets for the tests of the machine, made by hand, and ways to send them. */
#ifndef SONDE_TESTS_UNIT_IO_PACKETS_H
#define SONDE_TESTS_UNIT_IO_PACKETS_H

#include "tests/unit/io_netns.h"

#include "base/addr.h"
#include "base/checksum.h"
#include "io/sender.h"

#define PORT 4000
#define MAX_PACKET 4096

static inline struct sonde_addr addr(const char *s)
{
	struct sonde_addr a;

	assert_int_equal(sonde_addr_parse(&a, NULL, s, strlen(s)), 0);
	return a;
}

/* A UDP datagram from src to dst with payload_len bytes, behind an Ethernet header where mac is given. */
static inline struct sonde_view datagram(uint8_t out[static MAX_PACKET], const uint8_t *mac, const char *src,
	const char *dst, size_t payload_len)
{
	struct sonde_addr from = addr(src), to = addr(dst);
	bool four = from.family == SONDE_IP4;
	size_t link = mac ? 14 : 0, header = four ? 20 : 40, alen = four ? 4 : 16;
	uint8_t *ip = out + link, *udp = ip + header;

	memset(out, 0, MAX_PACKET);
	if (mac) {
		memcpy(out, mac, 6);
		out[6] = 2;
		sonde_put_be16(out + 12, four ? 0x0800 : 0x86dd);
	}
	ip[0] = four ? 0x45 : 0x60;
	sonde_put_be16(ip + (four ? 2 : 4), (uint16_t)((four ? header : 0) + 8 + payload_len));
	ip[four ? 8 : 7] = 64;
	ip[four ? 9 : 6] = 17;
	if (four)
		sonde_put_be16(ip + 4, 0x1234);
	memcpy(ip + header - 2 * alen, from.bytes, alen);
	memcpy(ip + header - alen, to.bytes, alen);
	if (four)
		sonde_put_be16(ip + 10, sonde_checksum(sonde_view(ip, header)));
	sonde_put_be16(udp, 3999);
	sonde_put_be16(udp + 2, PORT);
	sonde_put_be16(udp + 4, (uint16_t)(8 + payload_len));
	memset(udp + 8, 'x', payload_len);
	uint64_t sum =
		sonde_sum(sonde_sum_number(0, 17 + 8 + payload_len), sonde_view(ip + header - 2 * alen, 2 * alen));
	sonde_put_be16(udp + 6, (uint16_t)~sonde_sum_fold(sonde_sum(sum, sonde_view(udp, 8 + payload_len))));
	return sonde_view(out, link + header + 8 + payload_len);
}

static inline struct sonde_sender *sender_open(const struct sonde_sender_options *o)
{
	struct sonde_sender *s;
	struct sonde_error e;

	if (sonde_sender_open(&s, o, &e) < 0)
		fail_msg("%s (%s)", e.what, e.hint);
	return s;
}

#endif
