#include "tools/common/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define CHANNEL_FD 3 /* in the process beside */

union passing { /* room for the control message with one descriptor */
	struct cmsghdr header;
	char room[CMSG_SPACE(sizeof(int))];
};

static void ignore_signals(void)
{
	static const int ending[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE };
	sigset_t none;
	for (size_t i = 0; i < sizeof ending / sizeof *ending; i++)
		signal(ending[i], SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void keep_only(int fd)
{
	dup2(fd, CHANNEL_FD);
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int i = STDIN_FILENO; i <= STDERR_FILENO; i++)
		dup2(null, i);
	close_range(CHANNEL_FD + 1, ~0U, 0);
}

int channel_start(struct channel *c, const char *name, void (*serve)(int fd, void *arg), void *arg)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return -errno;
	pid_t child = fork();
	if (child == 0) {
		prctl(PR_SET_NAME, name);
		ignore_signals();
		keep_only(ends[1]);
		serve(CHANNEL_FD, arg);
		_exit(0);
	}
	int rc = child < 0 ? -errno : 0;
	close(ends[1]);
	if (rc)
		close(ends[0]);
	else
		c->fd = ends[0];
	return rc;
}

void channel_stop(struct channel *c)
{
	if (!c->fd)
		return;
	/* An empty request ends it, and its end of the socket closes. */
	while (send(c->fd, "", 0, MSG_NOSIGNAL) < 0 && errno == EINTR)
		;
	struct msghdr nothing = { 0 };
	while (recvmsg(c->fd, &nothing, 0) < 0 && errno == EINTR)
		;
	close(c->fd);
	c->fd = 0;
}

/* The descriptor in a control message, or -1. */
static int passed(struct msghdr *m)
{
	int fd = -1;
	const struct cmsghdr *header = CMSG_FIRSTHDR(m);
	if (header && header->cmsg_level == SOL_SOCKET && header->cmsg_type == SCM_RIGHTS &&
	    header->cmsg_len == CMSG_LEN(sizeof fd))
		memcpy(&fd, CMSG_DATA(header), sizeof fd);
	return fd;
}

int channel_ask(struct channel *c, const void *request, size_t len, void *answer, size_t answer_len, int *fd)
{
	union passing control = { 0 };
	struct iovec part = { answer, answer_len };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
			    .msg_controllen = sizeof control };
	ssize_t got;
	if (!c->fd || send(c->fd, request, len, MSG_NOSIGNAL) < 0)
		return c->fd ? -errno : -EPIPE;
	do
		got = recvmsg(c->fd, &m, MSG_CMSG_CLOEXEC);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	int came = passed(&m);
	if (fd)
		*fd = came;
	else if (came >= 0)
		close(came);
	return (size_t)got == answer_len ? 0 : -EPIPE;
}

size_t channel_next(int fd, void *request, size_t len)
{
	ssize_t got;
	do
		got = recv(fd, request, len, 0);
	while (got < 0 && errno == EINTR);
	return got < 0 ? 0 : (size_t)got;
}

int channel_answer(int fd, const void *answer, size_t len, int pass)
{
	union passing control = { 0 };
	struct iovec part = { (void *)(uintptr_t)answer, len };
	struct msghdr m = { .msg_iov = &part, .msg_iovlen = 1 };
	if (pass >= 0) {
		m.msg_control = &control;
		m.msg_controllen = sizeof control;
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof pass);
		memcpy(CMSG_DATA(&control.header), &pass, sizeof pass);
	}
	return sendmsg(fd, &m, MSG_NOSIGNAL) < 0 ? -errno : 0;
}
