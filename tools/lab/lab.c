#include "tools/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/lab/build.h"
#include "tools/lab/process.h"
#include "tools/lab/services.h"
#include "tools/lab/space.h"
#include "tools/lab/tap.h"

#define WIRE_WAIT_MS 1000
#define TAP_WAIT_MS  10000

/* Process 1 of the lab: inherits its orphans, and ends when the process that opened the lab has ended, however that
 * came about. Then the kernel kills all others of the process namespace, and the networks go with them. */
static _Noreturn void be_init(int lab_pidfd)
{
	struct pollfd end = { .fd = lab_pidfd, .events = POLLIN };

	lab_process_begin("sonde-lab");
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

/* Start a process of the lab and wait until it is ready. What it cannot do, it says before it closes the pipe. */
static int start(pid_t *out, struct sonde_error *e, int (*run)(struct lab *lab, unsigned host, int ready_fd),
		 struct lab *lab, unsigned host)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		return sonde_fail(e, -errno, "cannot start a process: %s", strerror(errno));
	pid_t child = fork();
	if (child == 0) {
		close(ready[0]);
		_exit(run(lab, host, ready[1]));
	}
	close(ready[1]);
	ssize_t n = child < 0 ? 0 : read(ready[0], &byte, 1);
	close(ready[0]);
	if (out)
		*out = child;
	return n == 1 ? 0 : sonde_fail(e, SONDE_E_LIBRARY, "a process does not start");
}

static int run_server(struct lab *lab, unsigned host, int ready_fd)
{
	return lab_settle(lab, host) ? 1 : lab_serve(lab->topology, host, ready_fd);
}

static int run_wire(struct lab *lab, unsigned host, int ready_fd)
{
	(void)host;
	return setns(lab->wire_fd, CLONE_NEWNET) ? 1 : wire_run(lab->topology, lab->seed, lab->counts, ready_fd);
}

static int run_tap(struct lab *lab, unsigned host, int ready_fd)
{
	(void)host;
	return tap_run(lab->topology, lab->net_fd, lab->writer, ready_fd);
}

static int start_tap(struct lab *lab, struct sonde_error *e)
{
	if (!lab->writer || start(&lab->tap, e, run_tap, lab, 0) == 0)
		return 0;
	return sonde_fail(e, SONDE_E_LIBRARY, "the links are not captured");
}

/* The counts are in memory that the wire writes and others read. */
static int start_wire(struct lab *lab, struct sonde_error *e)
{
	if (lab->wire_fd < 0)
		return 0;
	if (!lab->counts) {
		void *shared =
			mmap(NULL, sizeof(*lab->counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			return sonde_fail(e, -errno, "cannot start the wire: %s", strerror(errno));
		lab->counts = shared;
	}
	return start(&lab->wire, e, run_wire, lab, 0) ? sonde_fail(e, SONDE_E_LIBRARY, "the wire does not start") : 0;
}

static int start_servers(struct lab *lab, struct sonde_error *e)
{
	bool has[LAB_HOSTS] = { false };

	for (unsigned i = 0; i < lab->topology->n_services; i++)
		has[lab->topology->services[i].host] = true;
	for (unsigned host = 0; host < lab->topology->n_hosts; host++) {
		if (has[host] && start(NULL, e, run_server, lab, host))
			return sonde_fail(e, SONDE_E_LIBRARY, "the server on '%s' does not start",
					  lab->topology->hosts[host].name);
	}
	return 0;
}

/* What a topology runs has neither terminal nor output; who wants to see it writes it to a file. */
static _Noreturn void become_run(const struct lab *lab, const struct lab_run *run)
{
	setsid();
	if (lab_settle(lab, run->host) || lab_process_hush())
		_exit(1);
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

int lab_open(struct lab *lab, struct sonde_error *e, const struct topology *t, uint64_t seed,
	     struct sonde_writer *writer, struct wire_counts *counts)
{
	int err;

	*lab = (struct lab){ .topology = t, .seed = seed, .wire_fd = -1, .writer = writer, .counts = counts };
	if ((err = lab_space_leave(e)) || (err = start_init(lab, e)))
		return err;
	if ((err = lab_build(lab->net_fd, &lab->wire_fd, e, t)) || (err = start_tap(lab, e)) ||
	    (err = start_wire(lab, e)) || (err = start_servers(lab, e)) || (err = start_runs(lab, e)))
		lab_close(lab);
	return err;
}

/* The tap writes what it still has, and the wire has a last look at its counters. Neither is waited for without end.
 * Process 1 is not gone before all others are, and some of those are our children. */
int lab_close(struct lab *lab)
{
	int status = 0;
	bool whole = lab->tap <= 0 || (lab_process_end(lab->tap, SIGTERM, TAP_WAIT_MS) == 0 &&
				       waitpid(lab->tap, &status, WNOHANG) == lab->tap && status == 0);

	if (lab->wire > 0)
		lab_process_end(lab->wire, SIGTERM, WIRE_WAIT_MS);
	kill(lab->init, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0 || errno == EINTR)
		;
	return whole ? 0 : SONDE_E_LIBRARY;
}

int lab_settle(const struct lab *lab, unsigned host)
{
	if (setns(lab->net_fd[host], CLONE_NEWNET))
		return -errno;
	return lab_space_settle(lab->topology->hosts[host].name);
}
