#include "tools/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/lab/build.h"
#include "tools/lab/server.h"
#include "tools/lab/space.h"

/* Process 1 of the lab: inherits its orphans, and ends when the process that opened the lab has ended, however that
 * came about. Then the kernel kills all others of the process namespace, and the networks go with them. */
static _Noreturn void be_init(int lab_pidfd)
{
	struct pollfd end = { .fd = lab_pidfd, .events = POLLIN };

	setsid();
	prctl(PR_SET_NAME, "sonde-lab");
	signal(SIGCHLD, SIG_IGN);
	while (poll(&end, 1, -1) < 1)
		;
	_exit(0);
}

static int start_init(struct lab *lab, struct sonde_error *e)
{
	int self = (int)syscall(SYS_pidfd_open, getpid(), 0);

	if (self < 0)
		return sonde_fail(e, -errno, "cannot watch over the lab: %s", strerror(errno));
	lab->init = fork();
	if (lab->init == 0)
		be_init(self);
	close(self);
	return lab->init < 0 ? sonde_fail(e, -errno, "cannot start a process in the lab: %s", strerror(errno)) : 0;
}

/* The ports are bound when this returns: what the server cannot do, it says before it closes the pipe. */
static int start_server(const struct lab *lab, struct sonde_error *e, unsigned host)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		return sonde_fail(e, -errno, "cannot start a server: %s", strerror(errno));
	pid_t child = fork();
	if (child == 0) {
		close(ready[0]);
		int err = lab_settle(lab, host);
		_exit(err ? 1 : lab_serve(lab->topology, host, ready[1]));
	}
	close(ready[1]);
	ssize_t n = child < 0 ? 0 : read(ready[0], &byte, 1);
	close(ready[0]);
	if (n == 1)
		return 0;
	return sonde_fail(e, SONDE_E_LIBRARY, "the server on '%s' does not start", lab->topology->hosts[host].name);
}

static int start_servers(const struct lab *lab, struct sonde_error *e)
{
	bool has[LAB_HOSTS] = { false };

	for (unsigned i = 0; i < lab->topology->n_services; i++)
		has[lab->topology->services[i].host] = true;
	for (unsigned host = 0; host < lab->topology->n_hosts; host++) {
		int err = has[host] ? start_server(lab, e, host) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* What a topology runs has neither terminal nor output; who wants to see it writes it to a file. */
static _Noreturn void become_run(const struct lab *lab, const struct lab_run *run)
{
	int null_fd = open("/dev/null", O_RDWR);

	setsid();
	if (null_fd < 0 || lab_settle(lab, run->host))
		_exit(1);
	for (int fd = 0; fd < 3; fd++)
		dup2(null_fd, fd);
	closefrom(3);
	execl("/bin/sh", "sh", "-c", run->command, (char *)NULL);
	_exit(1);
}

static int start_runs(const struct lab *lab, struct sonde_error *e)
{
	for (unsigned i = 0; i < lab->topology->n_runs; i++) {
		const struct lab_run *run = &lab->topology->runs[i];
		pid_t child = fork();
		if (child == 0)
			become_run(lab, run);
		if (child < 0)
			return sonde_fail(e, -errno, "cannot run '%s': %s", run->command, strerror(errno));
	}
	return 0;
}

int lab_open(struct lab *lab, struct sonde_error *e, const struct topology *t)
{
	int err;

	*lab = (struct lab){ .topology = t };
	if ((err = lab_space_leave(e)) || (err = start_init(lab, e)))
		return err;
	if ((err = lab_build(lab->net_fd, &lab->wire_fd, e, t)) || (err = start_servers(lab, e)) ||
	    (err = start_runs(lab, e)))
		lab_close(lab);
	return err;
}

/* Process 1 is not gone before all others are, and some of those are our children. */
void lab_close(struct lab *lab)
{
	kill(lab->init, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
}

int lab_settle(const struct lab *lab, unsigned host)
{
	if (setns(lab->net_fd[host], CLONE_NEWNET))
		return -errno;
	return lab_space_settle(lab->topology->hosts[host].name);
}
