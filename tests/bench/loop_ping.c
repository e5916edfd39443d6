/* loop_ping INTERFACE SOURCE FIRST N: echo requests to N addresses in a row by sendmmsg, their answers counted in the
 * ring of a packet socket, and nothing else: the limit that the kernel sets for pinging a network. Prints the seconds
 * from the first request to the last answer, and how many addresses answered. */
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/mman.h>

#include "tests/bench/loop.h"

#define BLOCK_BYTES (1u << 20)
#define N_BLOCKS    32
#define LEN         84 /* ping's: 20 IP, 8 ICMP, 56 data */
#define ID          0x5d5d
#define QUIET_S     1.0 /* after this long without an answer all are there */
#define MOST        65536

struct ring {
	int fd;
	uint8_t *blocks;
	unsigned next;
};

struct count {
	uint32_t first, n, answered;
	double last; /* when an answer came */
	bool seen[MOST];
};

static struct ring open_ring(const char *interface)
{
	const int version = TPACKET_V3, on = 1;
	struct ring r = { .fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) };
	struct tpacket_req3 size = {
		.tp_block_size = BLOCK_BYTES,
		.tp_block_nr = N_BLOCKS,
		.tp_frame_size = 2048,
		.tp_frame_nr = BLOCK_BYTES / 2048 * N_BLOCKS,
		.tp_retire_blk_tov = 10,
	};
	struct sockaddr_ll at = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex(interface),
	};
	if (r.fd < 0 || setsockopt(r.fd, SOL_PACKET, PACKET_VERSION, &version, sizeof version) ||
	    setsockopt(r.fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) ||
	    setsockopt(r.fd, SOL_PACKET, PACKET_RX_RING, &size, sizeof size))
		loop_die("packet socket");
	r.blocks = mmap(NULL, (size_t)BLOCK_BYTES * N_BLOCKS, PROT_READ | PROT_WRITE, MAP_SHARED, r.fd, 0);
	if (r.blocks == MAP_FAILED || bind(r.fd, (struct sockaddr *)&at, sizeof at))
		loop_die(interface);
	return r;
}

static void count_frame(struct count *c, const uint8_t *frame, uint32_t len)
{
	struct iphdr ip;
	struct icmphdr icmp;
	if (len < ETH_HLEN + sizeof ip + sizeof icmp)
		return;
	memcpy(&ip, frame + ETH_HLEN, sizeof ip);
	memcpy(&icmp, frame + ETH_HLEN + sizeof ip, sizeof icmp);
	uint32_t which = ntohl(ip.saddr) - c->first;
	if (ip.protocol != IPPROTO_ICMP || icmp.type != ICMP_ECHOREPLY || icmp.un.echo.id != htons(ID) ||
	    which >= c->n || c->seen[which])
		return;
	c->seen[which] = true;
	c->answered++;
}

/* Every block that the kernel has filled. */
static void count_answers(struct count *c, struct ring *r)
{
	for (;;) {
		uint8_t *start = r->blocks + (size_t)r->next * BLOCK_BYTES;
		struct tpacket_hdr_v1 *block = &((struct tpacket_block_desc *)(void *)start)->hdr.bh1;
		if (!(__atomic_load_n(&block->block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			return;
		uint8_t *at = start + block->offset_to_first_pkt;
		for (uint32_t i = 0; i < block->num_pkts; i++) {
			const struct tpacket3_hdr *frame = (const void *)at;
			count_frame(c, at + frame->tp_mac, frame->tp_snaplen);
			at += frame->tp_next_offset;
		}
		c->last = loop_now();
		__atomic_store_n(&block->block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
		r->next = (r->next + 1) % N_BLOCKS;
	}
}

static void ask(struct loop_batch *b, uint32_t i, uint32_t dst, uint32_t n)
{
	uint8_t *at = b->bytes[i] + sizeof(struct iphdr);
	struct icmphdr icmp = { .type = ICMP_ECHO, .un.echo = { htons(ID), htons((uint16_t)n) } };
	uint32_t sum = (ICMP_ECHO << 8) + ID + (n & 0xffff);
	sum = (sum & 0xffff) + (sum >> 16);
	icmp.checksum = htons((uint16_t) ~(sum + (sum >> 16)));
	memcpy(at, &icmp, sizeof icmp);
	loop_aim(b, i, dst, (uint16_t)(n + 1));
}

int main(int argc, char **argv)
{
	static struct loop_batch batch;
	static struct count c;
	if (argc != 5) {
		fprintf(stderr, "usage: loop_ping INTERFACE SOURCE FIRST N\n");
		return 2;
	}
	c.first = loop_address(argv[3]);
	c.n = (uint32_t)strtoul(argv[4], NULL, 10);
	if (c.n > MOST)
		c.n = MOST;
	struct ring r = open_ring(argv[1]);
	int fd = loop_raw_socket();
	loop_start(&batch, loop_address(argv[2]), IPPROTO_ICMP, LEN);
	double start = c.last = loop_now(), end = start + LOOP_LIMIT_S;
	for (uint32_t at = 0, n; at < c.n && loop_now() < end; at += n) {
		n = c.n - at < LOOP_BATCH ? c.n - at : LOOP_BATCH;
		for (uint32_t i = 0; i < n; i++)
			ask(&batch, i, c.first + at + i, at + i);
		loop_send(fd, &batch, n);
		count_answers(&c, &r);
	}
	for (double now = c.last = loop_now(); c.answered < c.n && now < c.last + QUIET_S && now < end;
	     now = loop_now()) {
		poll(&(struct pollfd){ .fd = r.fd, .events = POLLIN }, 1, 100);
		count_answers(&c, &r);
	}
	printf("%.3f %u\n", c.last - start, c.answered);
	return 0;
}
