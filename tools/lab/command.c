#include "tools/lab/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/loop.h"
#include "tools/common/message.h"
#include "tools/common/output.h"
#include "tools/common/status.h"
#include "tools/lab/namespace.h"

struct child {
	struct loop loop;
	pid_t pid;
	int status; /* as waitpid has it */
};

static const int passed_on[] = { SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 };

#define N_PASSED_ON (sizeof(passed_on) / sizeof(*passed_on))

/* The terminal sends its signals to COMMAND as well. A signal from a process reached us alone: pass it on. */
static void pass_on(void *arg, const struct signalfd_siginfo *info)
{
	const struct child *c = arg;

	if (info->ssi_code <= 0)
		kill(c->pid, (int)info->ssi_signo);
}

/* The lab's servers are our children too. When COMMAND stops, so do we, for the shell that waits for us to see it. */
static void child_changed(void *arg, const struct signalfd_siginfo *info)
{
	struct child *c = arg;
	int status;
	pid_t pid;

	(void)info;
	while ((pid = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
		if (pid != c->pid)
			continue;
		if (WIFSTOPPED(status)) {
			raise(SIGSTOP);
			kill(c->pid, SIGCONT);
			continue;
		}
		c->status = status;
		loop_stop(&c->loop, LOOP_COMPLETE);
	}
}

static _Noreturn void become(const struct lab *lab, unsigned host, char **argv)
{
	const char *path = getenv("PATH");
	static char own_path[8192];
	int err = lab_enter_host(lab, host);

	if (err) {
		message_code(err, "cannot enter '%s'", lab->topology->hosts[host].name);
		_exit(STATUS_OWN_FAILURE);
	}
	snprintf(own_path, sizeof(own_path), LAB_PATH ":%s", path ? path : "/usr/local/bin:/usr/bin:/bin");
	setenv("PATH", own_path, 1);
	setenv("SONDE_LAB", lab->topology->name, 1);
	execvp(argv[0], argv);
	err = errno;
	message_code(-err, "cannot run '%s'", argv[0]);
	_exit(err == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_EXECUTABLE);
}

/* An interactive shell makes its own process group the terminal's foreground, and leaves it so when it ends. */
static void take_terminal_back(int terminal_fd)
{
	sigset_t set, before;

	sigemptyset(&set);
	sigaddset(&set, SIGTTOU);
	sigprocmask(SIG_BLOCK, &set, &before);
	tcsetpgrp(terminal_fd, getpgrp());
	sigprocmask(SIG_SETMASK, &before, NULL);
}

static int open_terminal(void)
{
	int fd = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);

	if (fd >= 0 && tcgetpgrp(fd) != getpgrp()) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int catch_signals(struct child *c, struct loop_signal *rows)
{
	int err = 0;

	for (size_t i = 0; i < N_PASSED_ON && !err; i++) {
		rows[i] = (struct loop_signal){ .signo = passed_on[i], .fn = pass_on, .arg = c };
		err = loop_catch(&c->loop, &rows[i]);
	}
	rows[N_PASSED_ON] = (struct loop_signal){ .signo = SIGCHLD, .fn = child_changed, .arg = c };
	return err ? err : loop_catch(&c->loop, &rows[N_PASSED_ON]);
}

int lab_command(const struct lab *lab, struct sonde_error *e, unsigned host, char **argv)
{
	struct loop_signal rows[N_PASSED_ON + 1];
	struct child c = { 0 };
	int err = loop_open(&c.loop);

	if (err)
		return sonde_fail(e, err, "cannot wait for a command: %s", sonde_strerror(err));
	int terminal_fd = open_terminal();
	if (!(err = catch_signals(&c, rows))) {
		c.pid = fork();
		if (c.pid == 0) {
			loop_close(&c.loop);
			become(lab, host, argv);
		}
		err = c.pid < 0 ? -errno : 0;
	}
	if (err)
		sonde_fail(e, err, "cannot start '%s': %s", argv[0], sonde_strerror(err));
	else
		loop_run(&c.loop);
	loop_close(&c.loop);
	if (terminal_fd >= 0) {
		take_terminal_back(terminal_fd);
		close(terminal_fd);
	}
	return err ? err : c.status;
}

int lab_command_status(int wait_status)
{
	int signo = WTERMSIG(wait_status);
	sigset_t set;

	if (WIFEXITED(wait_status))
		return WEXITSTATUS(wait_status);
	/* The core, if there is one, is COMMAND's. */
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
	signal(signo, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signo);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(signo);
	return 128 + signo;
}

int lab_status(int err, const struct sonde_error *e)
{
	bool refused = err < 0 && err > -4096 && err != -EEXIST && err != -ENOENT;

	if (err && e->code)
		message_error(e);
	return err == 0 ? STATUS_DONE : refused || err == SONDE_E_LIBRARY ? STATUS_SYSTEM : STATUS_USAGE;
}

int lab_own_failure(const struct sonde_error *e)
{
	message_error(e);
	return STATUS_OWN_FAILURE;
}

/* At exit nothing can fork, as the leak checker of ASan would: the process namespace of our children is gone with the
 * lab, or is not ours. */
void lab_leave(int status)
{
	_exit(output_close(status));
}
