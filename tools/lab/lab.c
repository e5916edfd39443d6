#include "tools/lab/lab.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "io/privilege.h"
#include "tools/berkeley/server.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/lab/build.h"
#include "tools/lab/namespace.h"
#include "tools/lab/process.h"
#include "tools/lab/tap.h"

#define BACKLOG      1024
#define WIRE_WAIT_MS 1000
#define TAP_WAIT_MS  10000

/* --- Processes of the lab ---------------------------------------------------------------------------------------- */

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

	lab->init = self < 0 ? -1 : fork();
	if (lab->init == 0)
		be_init(self);
	int err = lab->init < 0 ? -errno : 0;
	if (self >= 0)
		close(self);
	return err ? sonde_fail(e, err, "cannot start the lab's process 1: %s", sonde_strerror(err)) : 0;
}

/* Each client of a server takes a descriptor, and so does each link that is captured, or carried by the wire. */
static void allow_many_files(void)
{
	struct rlimit files;

	if (getrlimit(RLIMIT_NOFILE, &files))
		return;
	files.rlim_cur = files.rlim_max;
	setrlimit(RLIMIT_NOFILE, &files);
}

/* Start a process of the lab and wait until it is ready. Returns 0, or -1 where it does not get ready: it has said why
 * by then. */
static int start(pid_t *out, const char *name, int (*run)(struct lab *lab, unsigned host, int ready_fd),
		 struct lab *lab, unsigned host)
{
	int ready[2];
	char byte;

	if (pipe(ready))
		return -1;
	*out = fork();
	if (*out == 0) {
		close(ready[0]);
		lab_process_begin(name);
		allow_many_files();
		_exit(run(lab, host, ready[1]));
	}
	close(ready[1]);
	ssize_t n = *out < 0 ? 0 : read(ready[0], &byte, 1);
	close(ready[0]);
	return n == 1 ? 0 : -1;
}

/* A socket for each family, at all addresses of the host. */
static int open_services(struct server *s, const struct topology *t, unsigned host)
{
	static const uint8_t families[] = { SONDE_IP4, SONDE_IP6 };

	for (unsigned i = 0; i < t->n_services * 2; i++) {
		const struct lab_service *v = &t->services[i / 2];
		struct sonde_endpoint own = { .addr.family = families[i & 1], .port = v->port };
		int err = v->host == host ? server_listen(s, &own, v->udp, BACKLOG) : 0;
		if (err) {
			message_code(err, "cannot listen on %s port %u of '%s'", v->udp ? "udp" : "tcp", v->port,
				     t->hosts[host].name);
			return err;
		}
	}
	return 0;
}

static int run_server(struct lab *lab, unsigned host, int ready_fd)
{
	static const struct server_owner nobody;
	static struct loop loop;
	struct server server;
	int err;

	if ((err = lab_enter_host(lab, host)) || (err = loop_open(&loop)) ||
	    (err = server_open(&server, &loop, &nobody)))
		message_code(err, "cannot serve on '%s'", lab->topology->hosts[host].name);
	else
		err = open_services(&server, lab->topology, host);
	/* Its sockets are open. */
	if (!err)
		err = sonde_privilege_drop(0, NULL);
	if (lab_process_ready(ready_fd, err))
		return STATUS_SYSTEM;
	loop_run(&loop);
	return STATUS_DONE;
}

static int run_wire(struct lab *lab, unsigned host, int ready_fd)
{
	(void)host;
	return setns(lab->wire_fd, CLONE_NEWNET) ? STATUS_SYSTEM
						 : wire_run(lab->topology, lab->seed, lab->counts, ready_fd);
}

static int run_tap(struct lab *lab, unsigned host, int ready_fd)
{
	(void)host;
	return tap_run(lab->topology, lab->net_fd, lab->writer, ready_fd);
}

/* What a topology runs has neither terminal nor output: whoever wants to see something has it write to a file. */
static _Noreturn void become_job(const struct lab *lab, const struct lab_job *job)
{
	setsid();
	if (lab_enter_host(lab, job->host) || lab_process_close_stdio())
		_exit(1);
	closefrom(3);
	execl("/bin/sh", "sh", "-c", job->command, (char *)NULL);
	_exit(1);
}

/* --- The lab ----------------------------------------------------------------------------------------------------- */

static int start_tap(struct lab *lab, struct sonde_error *e)
{
	if (!lab->writer || start(&lab->tap, "sonde-tap", run_tap, lab, 0) == 0)
		return 0;
	return sonde_fail(e, SONDE_E_LIBRARY, "the links are not captured");
}

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
	if (start(&lab->wire, "sonde-wire", run_wire, lab, 0))
		return sonde_fail(e, SONDE_E_LIBRARY, "the wire does not start");
	return 0;
}

static int start_servers(struct lab *lab, struct sonde_error *e)
{
	const struct topology *t = lab->topology;
	bool serves[LAB_HOSTS] = { false };
	pid_t ignored;

	for (unsigned i = 0; i < t->n_services; i++)
		serves[t->services[i].host] = true;
	for (unsigned host = 0; host < t->n_hosts; host++)
		if (serves[host] && start(&ignored, "sonde-server", run_server, lab, host))
			return sonde_fail(e, SONDE_E_LIBRARY, "the server on '%s' does not start", t->hosts[host].name);
	return 0;
}

static int start_jobs(const struct lab *lab, struct sonde_error *e)
{
	for (unsigned i = 0; i < lab->topology->n_jobs; i++) {
		const struct lab_job *job = &lab->topology->jobs[i];
		pid_t child = fork();
		if (child == 0)
			become_job(lab, job);
		if (child < 0)
			return sonde_fail(e, -errno, "cannot run '%s': %s", job->command, strerror(errno));
	}
	return 0;
}

int lab_open(struct lab *lab, struct sonde_error *e, const struct topology *t, uint64_t seed,
	     struct sonde_writer *writer, struct wire_counts *counts)
{
	int err;

	*lab = (struct lab){ .topology = t, .seed = seed, .wire_fd = -1, .writer = writer, .counts = counts };
	if ((err = namespace_leave(e)) || (err = start_init(lab, e)))
		return err;
	if ((err = lab_build(lab->net_fd, &lab->wire_fd, e, t)) || (err = start_tap(lab, e)) ||
	    (err = start_wire(lab, e)) || (err = start_servers(lab, e)) || (err = start_jobs(lab, e)))
		lab_close(lab);
	return err;
}

/* The tap writes what it still has, and the wire reads the kernel's counters for the last time; both have a time limit.
 * Process 1 does not end before all others have, of which our children have to be waited for by us. */
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

int lab_enter_host(const struct lab *lab, unsigned host)
{
	if (setns(lab->net_fd[host], CLONE_NEWNET))
		return -errno;
	return namespace_enter_host(lab->topology->hosts[host].name);
}
