#include "tools/common/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t requested;
static int nothing_fd; /* /dev/null */

static void on_signal(int signo)
{
	int before = errno;
	(void)signo;
	requested = 1;
	dup2(nothing_fd, STDIN_FILENO);
	errno = before;
}

int stop_catch(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	/* Output that is interrupted would be lost, so system calls are restarted. A read(2) of standard input, begun
	 * or about to begin, finds /dev/null there, and so the end. */
	const struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)(SA_RESTART | SA_RESETHAND) };
	nothing_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	int rc = nothing_fd < 0 ? -errno : 0;
	for (unsigned i = 0; rc == 0 && i < sizeof signals / sizeof *signals; i++) {
		struct sigaction now;
		bool ignored = signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
		if (!ignored && sigaction(signals[i], &action, NULL))
			rc = -errno;
	}
	return rc;
}

bool stop_requested(void)
{
	return requested;
}

bool stop_may_wait(int fd)
{
	struct stat st;
	if (fd == STDIN_FILENO)
		return true;
	return fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

int stop_input(int fd, bool may_wait)
{
	if (!may_wait || fd == STDIN_FILENO)
		return fd;
	clearerr(stdin);
	bool moved = dup2(fd, STDIN_FILENO) >= 0;
	if (!moved)
		return fd;
	close(fd);
	if (requested)
		dup2(nothing_fd, STDIN_FILENO);
	return STDIN_FILENO;
}
