/* What the bare loops have in common: they show what the kernel can do when a program does nothing but system calls. */
#ifndef SONDE_TESTS_BENCH_LOOP_H
#define SONDE_TESTS_BENCH_LOOP_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define LOOP_BATCH     64   /* packets in one system call */
#define LOOP_LIMIT_S   10.0 /* after which every loop ends */
#define LOOP_MAX_BYTES 128  /* of a packet */

/* Packets that leave together. */
struct loop_batch {
	uint8_t bytes[LOOP_BATCH][LOOP_MAX_BYTES];
	struct sockaddr_in to[LOOP_BATCH];
	struct iovec parts[LOOP_BATCH];
	struct mmsghdr messages[LOOP_BATCH];
};

static inline void loop_die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	exit(3);
}

static inline double loop_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline uint32_t loop_address(const char *text)
{
	struct in_addr a;
	if (inet_pton(AF_INET, text, &a) != 1) {
		fprintf(stderr, "%s is no IPv4 address\n", text);
		exit(2);
	}
	return ntohl(a.s_addr);
}

/* The kind of socket that sonde sends through: the IP header is ours, errors are reported. */
static inline int loop_raw_socket(void)
{
	const int on = 1;
	int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
	if (fd < 0 || setsockopt(fd, IPPROTO_IP, IP_HDRINCL, &on, sizeof on) ||
	    setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof on) ||
	    setsockopt(fd, IPPROTO_IP, IP_NODEFRAG, &on, sizeof on))
		loop_die("raw socket");
	return fd;
}

/* Packets of len bytes, header included. */
static inline void loop_start(struct loop_batch *b, uint32_t src, uint8_t protocol, uint16_t len)
{
	memset(b, 0, sizeof *b);
	for (int i = 0; i < LOOP_BATCH; i++) {
		struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = protocol, .tot_len = htons(len) };
		ip.saddr = htonl(src);
		memcpy(b->bytes[i], &ip, sizeof ip);
		b->to[i].sin_family = AF_INET;
		b->parts[i] = (struct iovec){ b->bytes[i], len };
		b->messages[i].msg_hdr = (struct msghdr){
			.msg_name = &b->to[i], .msg_namelen = sizeof b->to[i], .msg_iov = &b->parts[i], .msg_iovlen = 1
		};
	}
}

/* Where the i-th packet goes, and its identification. The kernel fills in the header's checksum. */
static inline void loop_aim(struct loop_batch *b, uint32_t i, uint32_t dst, uint16_t id)
{
	struct iphdr ip;
	memcpy(&ip, b->bytes[i], sizeof ip);
	ip.daddr = b->to[i].sin_addr.s_addr = htonl(dst);
	ip.id = htons(id);
	memcpy(b->bytes[i], &ip, sizeof ip);
}

/* Send the first n; what the kernel has no room for is tried again. */
static inline void loop_send(int fd, struct loop_batch *b, uint32_t n)
{
	for (uint32_t at = 0; at < n;) {
		int sent = sendmmsg(fd, b->messages + at, n - at, 0);
		if (sent > 0)
			at += (uint32_t)sent;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			loop_die("sendmmsg");
	}
}

#endif
