/* flood TO PACKETS RATE BYTES: inside a lab, on its client, send UDP datagrams to a host at a rate a second, and say
 * how many of them arrived, how fast, and how long each took. The time is from before the call that sends to the
 * kernel's stamp of the arrival.
 *
 *	sonde lab run -t net flood server 400000 200000 64
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/bytes.h"
#include "io/clock.h"

#define PORT      9000
#define BATCH     64
#define BYTES_MAX 1472
#define QUIET_NS  SONDE_S /* after this long without an arrival all is over */
#define BUFFER    (64 << 20)
#define PAUSE_NS  (5 * SONDE_MS) /* between two looks at what arrived */

/* What the receiver finds, in memory that both processes have. */
struct result {
	uint32_t n;
	sonde_time first_ns, last_ns;
	sonde_time delay_ns[];
};

static void die(const char *what)
{
	fprintf(stderr, "flood: %s: %s\n", what, strerror(errno));
	exit(3);
}

static int open_socket(const char *host, bool passive)
{
	struct addrinfo hints = { .ai_family = AF_INET, .ai_socktype = SOCK_DGRAM }, *found;
	char port[8];
	const int on = 1, bytes = BUFFER;

	snprintf(port, sizeof(port), "%d", PORT);
	if (getaddrinfo(host, port, &hints, &found))
		die(host);
	int fd = socket(AF_INET, SOCK_DGRAM | (passive ? SOCK_NONBLOCK : 0), 0);
	if (fd < 0 || (passive ? bind : connect)(fd, found->ai_addr, found->ai_addrlen) ||
	    setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) ||
	    (setsockopt(fd, SOL_SOCKET, passive ? SO_RCVBUFFORCE : SO_SNDBUFFORCE, &bytes, sizeof(bytes)) &&
	     setsockopt(fd, SOL_SOCKET, passive ? SO_RCVBUF : SO_SNDBUF, &bytes, sizeof(bytes))))
		die("socket");
	freeaddrinfo(found);
	return fd;
}

static void enter(const char *host)
{
	char path[100];

	snprintf(path, sizeof(path), "/run/netns/%s", host);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		die(path);
	close(fd);
}

static void note(struct result *r, uint32_t most, struct msghdr *m, const uint8_t *bytes)
{
	struct timespec stamp = { 0 };

	for (struct cmsghdr *c = CMSG_FIRSTHDR(m); c; c = CMSG_NXTHDR(m, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_TIMESTAMPNS)
			memcpy(&stamp, CMSG_DATA(c), sizeof(stamp));
	sonde_time at = stamp.tv_sec * SONDE_S + stamp.tv_nsec;
	if (r->n == 0)
		r->first_ns = at;
	r->last_ns = at;
	if (r->n < most)
		r->delay_ns[r->n] = at - (sonde_time)sonde_get_be64(bytes);
	r->n++;
}

static unsigned receive_batch(struct result *r, uint32_t most, int fd)
{
	static uint8_t bytes[BATCH][BYTES_MAX];
	union {
		char room[CMSG_SPACE(sizeof(struct timespec))];
		struct cmsghdr align;
	} control[BATCH];
	struct mmsghdr m[BATCH];
	struct iovec data[BATCH];

	for (unsigned i = 0; i < BATCH; i++) {
		data[i] = (struct iovec){ bytes[i], BYTES_MAX };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &data[i],
						.msg_iovlen = 1,
						.msg_control = &control[i],
						.msg_controllen = sizeof(control[i]) };
	}
	int n = recvmmsg(fd, m, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		if (m[i].msg_len >= 8)
			note(r, most, &m[i].msg_hdr, bytes[i]);
	return n > 0 ? (unsigned)n : 0;
}

/* The processor is left to the others: arrivals are stamped by the kernel and wait. */
static void receive_all(struct result *r, uint32_t most, int fd)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };
	sonde_time last = sonde_clock_monotonic();

	while (r->n < most && sonde_clock_monotonic() - last < QUIET_NS) {
		while (receive_batch(r, most, fd))
			last = sonde_clock_monotonic();
		nanosleep(&pause, NULL);
	}
}

/* Datagrams go in groups where one at a time would be more than 20,000 calls a second. */
static void send_all(int fd, uint32_t n, double rate, size_t len)
{
	static uint8_t bytes[BYTES_MAX];
	struct iovec data = { bytes, len };
	struct mmsghdr m[BATCH] = { 0 };
	unsigned group = rate > 20000 ? (unsigned)(rate / 20000) : 1;
	sonde_time begin = sonde_clock_monotonic();

	for (unsigned i = 0; i < BATCH; i++)
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &data, .msg_iovlen = 1 };
	for (uint32_t done = 0; done < n;) {
		sonde_time at = begin + (sonde_time)(done / rate * 1e9), left = at - sonde_clock_monotonic();
		if (left > SONDE_MS)
			nanosleep(&(struct timespec){ .tv_nsec = (long)(left < SONDE_S ? left - SONDE_MS / 2
										       : SONDE_S - 1) },
				  NULL);
		if (left > 0)
			continue;
		unsigned want = group < BATCH ? group : BATCH;
		sonde_put_be64(bytes, (uint64_t)sonde_clock_real());
		int sent = sendmmsg(fd, m, want < n - done ? want : n - done, 0);
		if (sent < 0 && errno != ENOBUFS && errno != EAGAIN)
			die("sendmmsg");
		done += sent > 0 ? (unsigned)sent : 0;
	}
}

/* Frames that wait for the address of the next hop are few: let it be found before. What is sent is none of the count,
 * for it is shorter. */
static void warm_up(int fd)
{
	for (int i = 0; i < 5; i++) {
		send(fd, "", 1, 0);
		nanosleep(&(struct timespec){ .tv_nsec = 50000000 }, NULL);
	}
}

static int compare(const void *a, const void *b)
{
	sonde_time x = *(const sonde_time *)a, y = *(const sonde_time *)b;

	return x < y ? -1 : x > y;
}

static void print(struct result *r, uint32_t sent)
{
	double seconds = (double)(r->last_ns - r->first_ns) / 1e9;
	uint32_t n = r->n < sent ? r->n : sent;

	printf("sent %u\nreceived %u\n", sent, r->n);
	if (n < 2)
		return;
	qsort(r->delay_ns, n, sizeof(*r->delay_ns), compare);
	printf("rate_pps %.0f\n", (r->n - 1) / seconds);
	printf("delay_us min %.1f p50 %.1f p90 %.1f p99 %.1f max %.1f\n", (double)r->delay_ns[0] / 1e3,
	       (double)r->delay_ns[n / 2] / 1e3, (double)r->delay_ns[(size_t)n * 90 / 100] / 1e3,
	       (double)r->delay_ns[(size_t)n * 99 / 100] / 1e3, (double)r->delay_ns[n - 1] / 1e3);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fputs("usage: flood TO PACKETS RATE BYTES\n", stderr);
		return 2;
	}
	uint32_t n = (uint32_t)strtoul(argv[2], NULL, 10);
	size_t len = strtoul(argv[4], NULL, 10), room = sizeof(struct result) + n * sizeof(sonde_time);
	if (len < 8 || len > BYTES_MAX || n == 0)
		return 2;
	struct result *r = mmap(NULL, room, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int ready[2];
	if (r == MAP_FAILED || pipe(ready))
		die("memory");
	pid_t receiver = fork();
	if (receiver == 0) {
		enter(argv[1]);
		int fd = open_socket(argv[1], true);
		if (write(ready[1], "", 1) != 1)
			die("pipe");
		receive_all(r, n, fd);
		return 0;
	}
	close(ready[1]);
	char byte;
	int fd = open_socket(argv[1], false);
	if (receiver < 0 || read(ready[0], &byte, 1) != 1)
		die("receiver");
	warm_up(fd);
	send_all(fd, n, strtod(argv[3], NULL), len);
	waitpid(receiver, NULL, 0);
	print(r, n);
	return 0;
}
