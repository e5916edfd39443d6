/* loop_syn IFACE TO N: N TCP SYNs from this interface to the station with the link address TO, by sendmmsg through a
 * packet socket, beside a capture of answers as sonde probe has it: the limit that the kernel sets for it. Prints the
 * seconds it took, and how many were sent. */
#include <errno.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "io/clock.h"
#include "io/live.h"
#include "packet/notation.h"
#include "packet/spec.h"

#define BATCH 64
#define LIMIT (30 * SONDE_S)
#define FRAME 128

static int build(struct sonde_packet *p, const char *to)
{
	struct sonde_spec spec = { 0 };
	char text[200];
	int len = snprintf(text, sizeof text,
			   "ether src=02:00:00:00:00:01 dst=%s / ip src=10.0.0.1 dst=198.18.0.1 / "
			   "tcp sport=61000 dport=80 flags=S options=mss:1460", to);
	int err = sonde_notation_parse(&spec, text, (size_t)len, NULL, NULL);
	if (!err)
		err = sonde_spec_packet(p, &spec, 0, 0, true, NULL);
	sonde_spec_free(&spec);
	return err ? err : sonde_finish(p);
}

static int open_socket(const char *iface)
{
	const struct sockaddr_ll at = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(iface) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	return fd >= 0 && at.sll_ifindex && bind(fd, (const struct sockaddr *)&at, sizeof at) == 0 ? fd : -1;
}

static struct sonde_live *open_capture(const char *iface)
{
	struct sonde_live_options o = sonde_live_replies(if_nametoindex(iface), NULL);
	struct sonde_live *live;
	o.direction = SONDE_INBOUND;
	o.least_port = 60000;
	return sonde_live_open(&live, &o, NULL) ? NULL : live;
}

static uint64_t send_all(int fd, const struct sonde_packet *p, uint64_t total)
{
	struct iovec data = { p->data, p->len };
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
	}
	return sent;
}

int main(int argc, char **argv)
{
	uint8_t room[FRAME];
	struct sonde_packet p;
	int fd = argc == 4 ? open_socket(argv[1]) : -1;
	struct sonde_live *live = fd < 0 ? NULL : open_capture(argv[1]);
	sonde_packet_init(&p, room, sizeof room);
	if (!live || build(&p, argv[2])) {
		fputs("usage: loop_syn IFACE TO N\n", stderr);
		return 2;
	}
	sonde_time start = sonde_clock_monotonic();
	uint64_t sent = send_all(fd, &p, strtoull(argv[3], NULL, 10));
	printf("%.3f %llu\n", (double)(sonde_clock_monotonic() - start) / 1e9, (unsigned long long)sent);
	sonde_live_close(live);
	return 0;
}
