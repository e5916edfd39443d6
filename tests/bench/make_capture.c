/* make_capture FILE PACKETS FLOWS SEED: a capture to measure readers with. Of the flows, five in six are TCP, the rest
 * UDP and a few pings; one in seven is IPv6. A few flows have most of the packets, of the sizes that networks have:
 * about half are short, a quarter full. The same arguments make the same file. */
#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "io/file_write.h"
#include "packet/packet.h"
#include "proto/ether.h"
#include "proto/icmp.h"
#include "proto/icmp6.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define MOST_FLOWS (1 << 20)
#define MOST_DATA  1400
#define FIRST_TIME (1700000000 * SONDE_S)

/* What differs between the packets of a flow: bytes that each side has sent. */
struct flow {
	uint32_t sent[2];
};

struct maker {
	uint64_t seed;
	uint32_t n_flows;
	struct flow *flows;
	uint8_t data[MOST_DATA];
};

/* What a draw is for; every purpose has a stream of its own. */
enum draw { DRAW_FLOW, DRAW_SIDE, DRAW_SIZE, DRAW_KIND, DRAW_ADDRESS, DRAW_PORT, DRAW_TIME };

static uint32_t draw(const struct maker *m, enum draw what, uint64_t k, uint32_t n)
{
	return (uint32_t)sonde_random_below(sonde_random(m->seed, k, what, 0), n);
}

/* The square of an even choice: a few are chosen often. */
static uint32_t draw_flow(const struct maker *m, uint64_t k)
{
	uint64_t at = draw(m, DRAW_FLOW, k, 1 << 16);
	return (uint32_t)((at * at >> 16) * m->n_flows >> 16);
}

static uint32_t draw_size(const struct maker *m, uint64_t k)
{
	uint32_t kind = draw(m, DRAW_KIND, k, 100), any = draw(m, DRAW_SIZE, k, MOST_DATA);
	return kind < 45 ? 0 : kind < 55 ? any % 64 : kind < 75 ? any : MOST_DATA;
}

/* A network of ours, and addresses of anywhere: no reader has all of them in one place of its tables. */
static void push_ip(struct sonde_packet *p, const struct maker *m, uint32_t flow, bool v6, uint32_t side)
{
	uint8_t inside[16] = { 10 }, outside[16] = { 0 };
	sonde_put_be24(inside + 1, draw(m, DRAW_ADDRESS, flow, 1 << 8));
	sonde_put_be32(outside, draw(m, DRAW_ADDRESS, flow + MOST_FLOWS, UINT32_MAX));
	if (v6)
		inside[0] = outside[0] = 0xfd;
	sonde_place src = v6 ? SONDE_IP6_SRC : SONDE_IP_SRC, dst = v6 ? SONDE_IP6_DST : SONDE_IP_DST;
	int ip = sonde_push(p, v6 ? &sonde_ip6 : &sonde_ip);
	sonde_set_bytes(p, ip, side ? dst : src, sonde_view(inside, v6 ? 16 : 4));
	sonde_set_bytes(p, ip, side ? src : dst, sonde_view(outside, v6 ? 16 : 4));
}

static void push_tcp(struct sonde_packet *p, struct flow *f, uint32_t side, uint16_t sport, uint16_t dport,
		     uint32_t len)
{
	static const uint8_t options[] = { 1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2 };
	bool first = f->sent[side] == 0;
	int tcp = sonde_push(p, &sonde_tcp);
	sonde_set(p, tcp, SONDE_TCP_SPORT, sport);
	sonde_set(p, tcp, SONDE_TCP_DPORT, dport);
	sonde_set(p, tcp, SONDE_TCP_SEQ, f->sent[side]);
	sonde_set(p, tcp, SONDE_TCP_ACK, f->sent[!side]);
	sonde_set(p, tcp, SONDE_TCP_FLAGS,
		  (first ? SONDE_TCP_SYN
		   : len ? SONDE_TCP_PSH
			 : 0) |
			  (first && !side ? 0 : SONDE_TCP_ACK_FLAG));
	sonde_set_bytes(p, tcp, SONDE_TCP_OPTIONS, sonde_view(options, sizeof options));
	f->sent[side] += first ? 1 : len;
}

static void push_echo(struct sonde_packet *p, bool v6, uint32_t side, uint16_t id, uint32_t seq)
{
	int icmp = sonde_push(p, v6 ? &sonde_icmp6 : &sonde_icmp);
	uint32_t reply = v6 ? SONDE_ICMP6_ECHO_REPLY : SONDE_ICMP_ECHO_REPLY;
	sonde_set(p, icmp, SONDE_ICMP_TYPE, side ? reply : v6 ? SONDE_ICMP6_ECHO : SONDE_ICMP_ECHO);
	sonde_set(p, icmp, v6 ? SONDE_ICMP6_ID : SONDE_ICMP_ID, id);
	sonde_set(p, icmp, v6 ? SONDE_ICMP6_SEQ : SONDE_ICMP_SEQ, seq & 0xffff);
}

static void make_packet(struct sonde_packet *p, struct maker *m, uint64_t k)
{
	static const uint16_t services[] = { 443, 80, 22, 53, 8080, 25, 993, 3306 };
	uint32_t flow = draw_flow(m, k), side = draw(m, DRAW_SIDE, k, 2), len = draw_size(m, k);
	uint16_t port = (uint16_t)(1024 + draw(m, DRAW_PORT, flow, 60000)), service = services[flow / 7 % 8];
	uint32_t kind = draw(m, DRAW_KIND, flow + MOST_FLOWS, 100);
	bool v6 = flow % 7 == 0;
	sonde_push(p, &sonde_ether);
	push_ip(p, m, flow, v6, side);
	if (kind < 83) {
		len = m->flows[flow].sent[side] ? len : 0;
		push_tcp(p, &m->flows[flow], side, side ? service : port, side ? port : service, len);
	} else if (kind < 97) {
		int udp = sonde_push(p, &sonde_udp);
		sonde_set(p, udp, SONDE_UDP_SPORT, side ? service : port);
		sonde_set(p, udp, SONDE_UDP_DPORT, side ? port : service);
	} else {
		push_echo(p, v6, side, port, m->flows[flow].sent[side]++);
		len = 56;
	}
	sonde_push_payload(p, sonde_view(m->data, len));
	sonde_finish(p);
}

static int write_all(struct maker *m, const char *path, uint64_t n_packets, struct sonde_error *e)
{
	static uint8_t room[2048];
	const struct sonde_pcapng_section section = { 0 };
	const struct sonde_pcapng_interface interface = { .link = SONDE_LINK_ETHERNET };
	struct sonde_writer *w;
	struct sonde_packet p;
	sonde_time time = FIRST_TIME;
	uint32_t number;
	int err = sonde_writer_open(&w, path, &section, false, e);
	if (err)
		return err;
	err = sonde_writer_interface(&number, w, &interface, e);
	for (uint64_t k = 0; k < n_packets && !err; k++) {
		sonde_packet_init(&p, room, sizeof room);
		make_packet(&p, m, k);
		time += draw(m, DRAW_TIME, k, 20000);
		struct sonde_record r = { .time = time, .wire_len = p.len, .link = SONDE_LINK_ETHERNET };
		r.bytes = sonde_view(p.data, p.len);
		r.interface = number;
		err = sonde_writer_put(w, &r, e);
	}
	int closed = sonde_writer_close(w, e);
	return err ? err : closed;
}

int main(int argc, char **argv)
{
	struct maker m = { 0 };
	struct sonde_error e;
	if (argc != 5) {
		fprintf(stderr, "usage: make_capture FILE PACKETS FLOWS SEED\n");
		return 2;
	}
	m.seed = strtoull(argv[4], NULL, 10);
	m.n_flows = (uint32_t)strtoul(argv[3], NULL, 10);
	if (m.n_flows == 0 || m.n_flows > MOST_FLOWS) {
		fprintf(stderr, "make_capture: 1 to %d flows\n", MOST_FLOWS);
		return 2;
	}
	m.flows = calloc(m.n_flows, sizeof *m.flows);
	for (uint32_t i = 0; i < MOST_DATA; i++)
		m.data[i] = (uint8_t)(i * 37);
	int err = m.flows ? write_all(&m, argv[1], strtoull(argv[2], NULL, 10), &e) : 0;
	if (err)
		fprintf(stderr, "make_capture: %s\n", e.what);
	free(m.flows);
	return err || !m.flows ? 3 : 0;
}
