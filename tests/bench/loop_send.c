/* loop_send SOURCE DESTINATION N BYTES: N UDP datagrams with so many bytes of zeros, by sendmmsg through a raw socket,
 * and nothing else: the limit that the kernel sets for sending. Prints the seconds it took, and how many were sent. */
#include <netinet/udp.h>

#include "tests/bench/loop.h"

#define PORT 5000

int main(int argc, char **argv)
{
	static struct loop_batch batch;
	if (argc != 5) {
		fprintf(stderr, "usage: loop_send SOURCE DESTINATION N BYTES\n");
		return 2;
	}
	uint32_t dst = loop_address(argv[2]), total = (uint32_t)strtoul(argv[3], NULL, 10), sent = 0;
	unsigned long bytes = strtoul(argv[4], NULL, 10), room = LOOP_MAX_BYTES - sizeof(struct iphdr);
	struct udphdr udp = { .source = htons(PORT), .dest = htons(PORT) };
	if (bytes > room - sizeof udp)
		bytes = room - sizeof udp;
	udp.len = htons((uint16_t)(sizeof udp + bytes));
	loop_start(&batch, loop_address(argv[1]), IPPROTO_UDP, (uint16_t)(sizeof(struct iphdr) + sizeof udp + bytes));
	for (uint32_t i = 0; i < LOOP_BATCH; i++)
		memcpy(batch.bytes[i] + sizeof(struct iphdr), &udp, sizeof udp);
	int fd = loop_raw_socket();
	double start = loop_now(), end = start + LOOP_LIMIT_S;
	while (sent < total && loop_now() < end) {
		uint32_t n = total - sent < LOOP_BATCH ? total - sent : LOOP_BATCH;
		for (uint32_t i = 0; i < n; i++)
			loop_aim(&batch, i, dst, (uint16_t)(sent + i) | 1);
		loop_send(fd, &batch, n);
		sent += n;
	}
	printf("%.3f %u\n", loop_now() - start, sent);
	return 0;
}
