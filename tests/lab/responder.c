/* responder INTERFACE: answer TCP and UDP by hand, in every way that a host, a router or a filter may. The port that is
 * asked says how: the table below. The kernel of this host is to be kept from answering, too.
 *
 *	1000 + CODE  unreachable by this code, from the target     1100 + CODE  the same from a router
 *	1200 + CODE  time exceeded, from the target                1300 + CODE  the same from a router
 */
#include <arpa/inet.h>
#include <errno.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "packet/notation.h"
#include "packet/packet.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#define ROOM      2048
#define QUOTE     48 /* bytes that an error quotes: all of a SYN */
#define TEXT      256
#define ROUTER4   "192.0.2.9"
#define ROUTER6   "2001:db8::9"
#define FIRST_TCP 2000

/* What is answered to a SYN to port 2000, 2001, ...: flags, how far seq and ack are beyond 0 and beyond what the SYN
 * asks for, how often. */
static const struct segment {
	const char *flags;
	uint32_t ack;
	unsigned times;
	bool is_refused_first; /* a router forbids it before */
} segments[] = {
	{ "RA", 0, 1, false },
	{ "RA", UINT32_MAX, 1, false }, /* one too low, as some stacks have it */
	{ "RA", 5, 1, false },
	{ "S", 0, 1, false },
	{ "SA", 0, 3, false },
	{ "SA", 1, 1, false },
	{ "SA", 0, 1, true },
	{ "RA", 0, 1, true },
};
#define N_SEGMENTS (sizeof segments / sizeof *segments)

struct question {
	struct sonde_packet packet;
	char src[SONDE_ADDR_STRLEN], dst[SONDE_ADDR_STRLEN];
	bool v6;
	unsigned sport, dport;
	uint32_t seq;
};

static int fd;
static struct sockaddr_ll peer;

static void die(const char *what)
{
	fprintf(stderr, "responder: %s: %s\n", what, strerror(errno));
	exit(3);
}

/* Send the packet of a text, with so many bytes of another one behind it. */
static void answer(const char *text, struct sonde_view quote)
{
	uint8_t room[ROOM];
	struct sonde_packet p;
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	sonde_packet_init(&p, room, sizeof room);
	if (sonde_notation_parse(&spec, text, strlen(text), NULL, &e) ||
	    sonde_spec_packet(&p, &spec, 0, 1, false, &e) || sonde_push_payload(&p, quote) || sonde_finish(&p)) {
		fprintf(stderr, "responder: %s: %s\n", text, e.what);
		exit(3);
	}
	sonde_spec_free(&spec);
	if (sendto(fd, p.data, p.len, 0, (void *)&peer, sizeof peer) < 0)
		die("sendto");
}

static void answer_error(const struct question *q, const char *type, unsigned code, bool from_router)
{
	char text[TEXT];
	const char *router = q->v6 ? ROUTER6 : ROUTER4;
	snprintf(text, sizeof text, "%s ttl=60 src=%s dst=%s / %s type=%s code=%u", q->v6 ? "ip6" : "ip",
		 from_router ? router : q->dst, q->src, q->v6 ? "icmp6" : "icmp", type, code);
	uint32_t len = q->packet.len < QUOTE + 20 ? q->packet.len : QUOTE + 20;
	answer(text, sonde_view(q->packet.data, len));
}

static void answer_segment(const struct question *q, const struct segment *s)
{
	char text[TEXT];
	if (s->is_refused_first)
		answer_error(q, "unreach", q->v6 ? 1 : 13, true);
	bool has_ack = strchr(s->flags, 'A');
	snprintf(text, sizeof text, "%s ttl=60 src=%s dst=%s / tcp sport=%u dport=%u seq=7 ack=%u flags=%s win=0",
		 q->v6 ? "ip6" : "ip", q->dst, q->src, q->dport, q->sport, has_ack ? q->seq + 1 + s->ack : 0,
		 s->flags);
	for (unsigned i = 0; i < s->times; i++)
		answer(text, sonde_view(NULL, 0));
}

/* Read what is asked. Returns false when it is nothing to answer: it is no SYN, and no datagram. */
static bool read_question(struct question *q, const uint8_t *bytes, uint32_t len)
{
	struct sonde_packet *p = &q->packet;
	q->v6 = bytes[0] >> 4 == 6;
	sonde_dissect(p, bytes, len, len, (q->v6 ? &sonde_ip6 : &sonde_ip)->ids[0]);
	int tcp = sonde_find(p, &sonde_tcp), udp = sonde_find(p, &sonde_udp), layer = tcp < 0 ? udp : tcp;
	if (layer < 0)
		return false;
	const uint8_t *ip = sonde_layer_header(p, 0), *h = sonde_layer_header(p, layer);
	struct sonde_addr src = sonde_addr_at(ip, q->v6 ? SONDE_IP6_SRC : SONDE_IP_SRC);
	struct sonde_addr dst = sonde_addr_at(ip, q->v6 ? SONDE_IP6_DST : SONDE_IP_DST);
	sonde_addr_format(q->src, &src);
	sonde_addr_format(q->dst, &dst);
	q->sport = (unsigned)sonde_get(h, SONDE_UDP_SPORT);
	q->dport = (unsigned)sonde_get(h, SONDE_UDP_DPORT);
	q->seq = tcp < 0 ? 0 : (uint32_t)sonde_get(h, SONDE_TCP_SEQ);
	return tcp < 0 || sonde_get(h, SONDE_TCP_FLAGS) == SONDE_TCP_SYN;
}

static void respond(const struct question *q)
{
	unsigned hundreds = q->dport / 100, code = q->dport % 100;
	if (hundreds == 10 || hundreds == 11)
		answer_error(q, "unreach", code, hundreds == 11);
	else if (hundreds == 12 || hundreds == 13)
		answer_error(q, "timxceed", code, hundreds == 13);
	else if (q->dport >= FIRST_TCP && q->dport - FIRST_TCP < N_SEGMENTS)
		answer_segment(q, &segments[q->dport - FIRST_TCP]);
}

int main(int argc, char **argv)
{
	struct sockaddr_ll own = { .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL) };
	if (argc != 2 || !(own.sll_ifindex = (int)if_nametoindex(argv[1]))) {
		fputs("usage: responder INTERFACE\n", stderr);
		return 2;
	}
	fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	if (fd < 0 || bind(fd, (void *)&own, sizeof own))
		die("socket");
	for (;;) {
		uint8_t bytes[ROOM];
		struct question q;
		socklen_t room = sizeof peer;
		ssize_t len = recvfrom(fd, bytes, sizeof bytes, 0, (void *)&peer, &room);
		if (len < 20 || peer.sll_pkttype != PACKET_HOST)
			continue;
		if (read_question(&q, bytes, (uint32_t)len))
			respond(&q);
	}
}
