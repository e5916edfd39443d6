/* requests PID: what the broker of a command that runs grants, asked over the command's own end of the channel, which
 * is taken from it. One line: the names of the requests, or "none". */
#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/common/broker.h"

#define FDS      64
#define ROUNDS   3
#define PAUSE_US 10000
#define MOST_S   10 /* seconds */

enum { CAPTURE, SENDER, NEIGHBOUR, APPEAR, NEXT, OWNER, N_KINDS };

static int take_fd(int pidfd, int fd)
{
	int type = 0;
	socklen_t len = sizeof type;
	int taken = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
	if (taken < 0)
		return -1;
	if (getsockopt(taken, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_SEQPACKET)
		return taken;
	close(taken);
	return -1;
}

static bool closes(int rc, int fd)
{
	if (rc == 0)
		close(fd);
	return rc == 0;
}

/* A resolver at the other end answers in another length, so that it grants nothing. */
static void ask(bool granted[static N_KINDS], struct broker *b)
{
	const uint32_t link = if_nametoindex("eth0");
	struct sonde_error e;
	const struct sonde_live_options capture = sonde_live_replies(link, NULL);
	const struct sonde_sender_options sender = { .way = SONDE_SENDER_RAW4 };
	const struct sonde_addr hop = { .family = SONDE_IP4, .bytes = { 10, 0, 0, 99 } };
	int fd;
	granted[CAPTURE] |= closes(b->opener.capture(b, &fd, &capture, &e), fd);
	granted[SENDER] |= closes(b->opener.sender(b, &fd, &sender, &e), fd);
	granted[NEIGHBOUR] |= b->opener.neighbour(b, link, &hop) == 0;
	granted[APPEAR] |= b->namer.appear(b) == 0;
	const struct owner_question owner = {
		.ip_proto = 6,
		.ends = { { { .family = SONDE_IP4, .bytes = { 127, 0, 0, 1 } }, 1 },
			  { { .family = SONDE_IP4, .bytes = { 127, 0, 0, 1 } }, 2 } },
	};
	struct owner_answer found;
	granted[OWNER] |= broker_owner(b, &found, &owner) == -ENOENT;
	granted[NEXT] |= closes(b->namer.next(b, &fd), fd);
}

/* The command may be asking at the same time, and take our answer for its own. */
static void ask_often(bool granted[static N_KINDS], int pidfd)
{
	for (unsigned round = 0; round < ROUNDS; round++) {
		for (int fd = 3; fd < FDS; fd++) {
			struct broker b = { .channel.fd = take_fd(pidfd, fd) };
			if (b.channel.fd < 0)
				continue;
			broker_connect(&b);
			ask(granted, &b);
			close(b.channel.fd);
		}
		usleep(PAUSE_US);
	}
}

int main(int argc, char **argv)
{
	static const char *const names[N_KINDS] = { "capture", "sender", "neighbour", "appear", "next", "owner" };
	int pidfd = argc == 2 ? (int)syscall(SYS_pidfd_open, atoi(argv[1]), 0) : -1;
	bool granted[N_KINDS] = { false };
	unsigned n = 0;
	if (pidfd < 0) {
		perror("requests");
		return 1;
	}
	alarm(MOST_S);
	ask_often(granted, pidfd);
	for (unsigned i = 0; i < N_KINDS; i++)
		if (granted[i])
			printf("%s%s", n++ ? ", " : "", names[i]);
	puts(n ? "" : "none");
	return 0;
}
