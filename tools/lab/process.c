#include "tools/lab/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/common/crash.h"
#include "tools/common/sandbox.h"

void lab_process_begin(const char *name)
{
	setsid();
	prctl(PR_SET_NAME, name);
}

int lab_process_ready(int ready_fd, int err)
{
	if (!err && write(ready_fd, "", 1) != 1)
		err = -errno;
	close(ready_fd);
	return err;
}

int lab_process_confine(const char *row, const struct sonde_writer *writer, struct sonde_error *e)
{
	if (sandbox_obstacle())
		return 0;
	crash_catch(writer);
	return sandbox_apply(NULL, &(struct sandbox){ .name = row }, e);
}

int lab_process_close_stdio(void)
{
	int fd = open("/dev/null", O_RDWR);
	int err = fd < 0 ? -errno : 0;

	for (int i = 0; i < 3 && !err; i++)
		err = dup2(fd, i) < 0 ? -errno : 0;
	if (fd > 2)
		close(fd);
	return err;
}

int lab_process_end(pid_t pid, int signo, int wait_ms)
{
	struct pollfd end = { .fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	int err = 0;

	if (end.fd < 0 || syscall(SYS_pidfd_send_signal, end.fd, signo, NULL, 0))
		err = errno == ESRCH ? 0 : -errno;
	else if (poll(&end, 1, wait_ms) < 1)
		err = -ETIMEDOUT;
	if (end.fd >= 0)
		close(end.fd);
	return err;
}

int lab_process_term_fd(void)
{
	sigset_t term;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	int fd = signalfd(-1, &term, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}
