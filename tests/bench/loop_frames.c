/* loop_frames IFACE N RATE: N frames of 60 bytes, so many a second (0: as fast as it goes), by sendmmsg through a
 * packet socket past the queues: what a capture is measured with. Prints the seconds it took, and how many were
 * sent. */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "io/clock.h"

#define BATCH     64
#define FRAME_LEN 60
#define ETHERTYPE 0x88b5 /* for experiments: nobody answers */
#define LIMIT     (30 * SONDE_S)

static int open_socket(const char *iface)
{
	const int on = 1;
	const struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(iface) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	bool open = fd >= 0 && at.sll_ifindex && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 &&
		    setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) == 0;
	return open ? fd : -1;
}

/* Wait until so many frames are due. */
static void keep_pace(sonde_time start, uint64_t sent, double rate)
{
	sonde_time due = start + (sonde_time)((double)sent / rate * 1e9);
	while (sonde_clock_monotonic() < due)
		;
}

static uint64_t send_all(int fd, uint64_t total, double rate)
{
	static uint8_t frame[FRAME_LEN] = { 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, ETHERTYPE >> 8, ETHERTYPE & 0xff };
	struct iovec data = { frame, sizeof frame };
	struct mmsghdr m[BATCH] = { 0 };
	sonde_time start = sonde_clock_monotonic();
	uint64_t sent = 0;
	for (unsigned i = 0; i < BATCH; i++)
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &data, .msg_iovlen = 1 };
	while (sent < total && sonde_clock_monotonic() - start < LIMIT) {
		int n = sendmmsg(fd, m, total - sent < BATCH ? (unsigned)(total - sent) : BATCH, 0);
		if (n < 0 && errno != ENOBUFS && errno != EAGAIN)
			break;
		sent += n > 0 ? (uint64_t)n : 0;
		if (rate > 0)
			keep_pace(start, sent, rate);
	}
	return sent;
}

int main(int argc, char **argv)
{
	int fd = argc == 4 ? open_socket(argv[1]) : -1;
	if (fd < 0) {
		fputs("usage: loop_frames IFACE N RATE\n", stderr);
		return 2;
	}
	sonde_time start = sonde_clock_monotonic();
	uint64_t sent = send_all(fd, strtoull(argv[2], NULL, 10), strtod(argv[3], NULL));
	printf("%.3f %llu\n", (double)(sonde_clock_monotonic() - start) / 1e9, (unsigned long long)sent);
	return 0;
}
