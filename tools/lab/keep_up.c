#include "io/file_write.h"
#include "tools/lab/keep.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/lab/keep_file.h"
#include "tools/lab/process.h"
#include "tools/lab/tap.h"

/* Block what hold waits for. */
static sigset_t block_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return set;
}

/* Until someone takes the lab down, or its process 1 is killed. */
static void hold(const struct lab *lab, const sigset_t *signals)
{
	siginfo_t info;

	while (sigwaitinfo(signals, &info) != SIGTERM) {
		int status;
		pid_t pid;
		while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
			if (pid == lab->init)
				return;
	}
}

/* What a new holder is given. */
struct start {
	const struct keep_order *order;
	struct sonde_writer *writer;
	int folder_fd;
	int file_fd;   /* locked as long as a process of the lab has it */
	int said_fd;   /* where the processes of the lab say what they have to say */
	int counts_fd; /* where the wire counts */
};

/* A byte on up_fd says that the lab is up. */
static _Noreturn void be_holder(const struct start *s, int up_fd)
{
	struct sonde_error e = { 0 };
	struct lab lab;

	lab_process_begin("sonde-lab");
	int err = lab_process_hush();
	if (!err && dup2(s->said_fd, STDERR_FILENO) < 0)
		err = -errno;
	if (err)
		sonde_fail(&e, err, "cannot leave the terminal: %s", sonde_strerror(err));
	else
		err = lab_open(&lab, &e, s->order->topology, s->order->seed, s->writer, s->counts_fd);
	if (err) {
		message_error(&e);
		_exit(STATUS_SYSTEM);
	}
	sigset_t signals = block_signals();
	signal(SIGPIPE, SIG_IGN); /* who wanted the lab may be gone */
	if ((err = keep_write(s->file_fd, &lab, getpid())))
		message_code(err, "cannot write down where the lab is");
	if (lab_process_ready(up_fd, err) == 0)
		hold(&lab, &signals);
	lab_close(&lab);
	keep_remove(s->folder_fd, s->order->name);
	_exit(err ? STATUS_SYSTEM : STATUS_DONE);
}

static int start_holder(struct sonde_error *e, const struct start *s)
{
	int up[2];
	char byte;

	if (pipe2(up, O_CLOEXEC))
		return sonde_fail(e, -errno, "cannot start the lab: %s", strerror(errno));
	pid_t holder = fork();
	if (holder == 0) {
		close(up[0]);
		be_holder(s, up[1]);
	}
	int err = holder < 0 ? sonde_fail(e, -errno, "cannot start the lab: %s", strerror(errno)) : 0;
	close(up[1]);
	bool is_up = !err && read(up[0], &byte, 1) == 1;
	close(up[0]);
	if (!is_up && !err) {
		waitpid(holder, NULL, 0);
		keep_pass_on(s->said_fd);
		err = SONDE_E_LIBRARY;
	}
	return err;
}

/* The capture comes last: an old one must not be lost to a lab that cannot be. */
static int prepare(struct start *s, struct sonde_error *e, const struct keep_order *o)
{
	int err = 0;

	s->said_fd = keep_beside(s->folder_fd, o->name, KEEP_SAID, true);
	s->counts_fd = keep_beside(s->folder_fd, o->name, KEEP_COUNTS, true);
	if (ftruncate(s->file_fd, 0))
		err = -errno;
	else if (s->said_fd < 0 || s->counts_fd < 0)
		err = s->said_fd < 0 ? s->said_fd : s->counts_fd;
	if (err)
		return sonde_fail(e, err, "cannot keep lab '%s': %s", o->name, sonde_strerror(err));
	return o->capture ? tap_open(&s->writer, e, o->capture, o->topology, o->seed) : 0;
}

static int claim(struct sonde_error *e, int folder_fd, const char *name)
{
	int fd = keep_claim(folder_fd, name);

	if (fd == -EWOULDBLOCK) {
		sonde_fail(e, -EEXIST, "lab '%s' is up already", name);
		sonde_hint(e, "sonde lab down %s ends it; --name gives the new one another name", name);
		return -EEXIST;
	}
	return fd < 0 ? sonde_fail(e, fd, "cannot keep lab '%s': %s", name, sonde_strerror(fd)) : fd;
}

int keep_up(struct sonde_error *e, const struct keep_order *o)
{
	struct start s = { .order = o, .said_fd = -1, .counts_fd = -1 };

	if (!keep_is_name(o->name))
		return sonde_fail(e, SONDE_E_SYNTAX, "'%s' is no name for a lab (letters, digits, dashes)", o->name);
	s.folder_fd = keep_folder(e);
	if (s.folder_fd < 0)
		return s.folder_fd;
	s.file_fd = claim(e, s.folder_fd, o->name);
	int err = s.file_fd < 0 ? s.file_fd : prepare(&s, e, o);
	if (!err)
		err = start_holder(e, &s);
	if (err && s.file_fd >= 0)
		keep_remove(s.folder_fd, o->name);
	sonde_writer_close(s.writer, NULL); /* it is the tap's */
	const int fds[] = { s.file_fd, s.said_fd, s.counts_fd, s.folder_fd };
	for (unsigned i = 0; i < 4; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	return err;
}
