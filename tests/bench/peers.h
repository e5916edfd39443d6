/* The packet that every contender builds, how libnet and libdnet build it, and a plain loop that reads packets. */
#ifndef SONDE_TESTS_BENCH_PEERS_H
#define SONDE_TESTS_BENCH_PEERS_H

#include <stdbool.h>
#include <stdint.h>

#define BENCH_DATA_LEN   64
#define BENCH_PACKET_LEN (20 + 20 + BENCH_DATA_LEN)

/* A TCP SYN over IPv4 with data. Addresses are as on the wire; the rest is in host order. */
struct bench_syn {
	uint8_t src[4], dst[4];
	uint16_t id, sport, dport, win;
	uint32_t seq;
	uint8_t ttl;
	uint8_t data[BENCH_DATA_LEN];
};

/* libnet without an injection type, which opens no socket. Returns NULL with a message on stderr. */
struct bench_libnet *bench_libnet_open(void);
void bench_libnet_close(struct bench_libnet *l);
/* Build from scratch: blocks made, joined into one packet, and given back. out may be NULL. */
void bench_libnet_build(struct bench_libnet *l, uint8_t *out, const struct bench_syn *syn);
/* Write over the blocks of the packet before, as libnet has it for loops. A context takes one of the two. */
void bench_libnet_rebuild(struct bench_libnet *l, uint8_t *out, const struct bench_syn *syn);

/* libdnet's packing macros and its checksum. */
void bench_libdnet_build(uint8_t *out, const struct bench_syn *syn);

/* What a loop written for Ethernet, IPv4 and TCP alone takes from a frame. Addresses are as on the wire. */
struct bench_plain {
	uint8_t src[4], dst[4];
	uint16_t sport, dport, flags;
	uint32_t seq, ack, payload_len;
};

/* Returns false, and reads nothing, for all that is not TCP over IPv4 and wholly there. */
bool bench_plain_read(struct bench_plain *out, const uint8_t *frame, uint32_t len);

#endif
