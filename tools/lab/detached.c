#include "tools/lab/detached.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/lab/command.h"
#include "tools/lab/process.h"
#include "tools/lab/namespace.h"
#include "tools/lab/tap.h"

#define END_WAIT_MS 15000 /* a capture may have much to write */

/* --- The files --------------------------------------------------------------------------------------------------- */

/* Letters, digits, dashes, dots and underscores; a letter or digit first. */
static bool is_name(const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < len; i++)
		if (!isalnum((unsigned char)name[i]) && (i == 0 || !strchr("-._", name[i])))
			return false;
	return len > 0 && len < DETACHED_NAME;
}

static bool is_own_folder(const char *path)
{
	struct stat st;

	return path && *path == '/' && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

/* The user's folder, opened once: in XDG_RUNTIME_DIR, in /run/user/UID, or else in /tmp. Anyone can make a folder in
 * /tmp: it is looked at before it is believed. Returns a descriptor that stays open, or a negated errno. */
static int folder(struct sonde_error *e)
{
	static int fd = -1;
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char usual[50], path[PATH_MAX + 10];
	struct stat st;

	if (fd >= 0)
		return fd;
	snprintf(usual, sizeof(usual), "/run/user/%u", geteuid());
	if (is_own_folder(runtime))
		snprintf(path, sizeof(path), "%s/sonde", runtime);
	else if (is_own_folder(usual))
		snprintf(path, sizeof(path), "%s/sonde", usual);
	else
		snprintf(path, sizeof(path), "/tmp/sonde-%u", geteuid());
	if (mkdir(path, 0700) && errno != EEXIST)
		return sonde_fail(e, -errno, "cannot make %s: %s", path, strerror(errno));
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return sonde_fail(e, -errno, "cannot open %s: %s", path, strerror(errno));
	if (fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 077))
		return fd;
	close(fd);
	fd = -1;
	sonde_fail(e, -EPERM, "%s is not yours alone", path);
	return sonde_hint(e, "names of labs are kept there; have it removed");
}

static int open_file(const char *name, int flags)
{
	if (!is_name(name))
		return -ENOENT;
	int fd = openat(folder(NULL), name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

/* Open and lock the file of a name. Whoever removes a file has locked it: it may be gone by the time that we have.
 * Returns a descriptor, or a negated errno: -EAGAIN where another process has locked it. */
static int claim(const char *name, int flags)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct stat st;
	int fd;

	while ((fd = open_file(name, flags)) >= 0) {
		int err = fcntl(fd, F_SETLK, &lock) || fstat(fd, &st) ? -errno : 0;
		if (!err && st.st_nlink > 0)
			break;
		close(fd);
		if (err)
			return err == -EACCES ? -EAGAIN : err;
	}
	return fd;
}

/* Read what is known of a lab. Returns 0 or a negated errno. */
static int load(struct detached_lab *out, const char *name)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open_file(name, O_RDONLY);

	if (fd < 0)
		return fd;
	*out = (struct detached_lab){ .state = DETACHED_KILLED };
	strcpy(out->name, name);
	ssize_t n = pread(fd, &out->head, sizeof(out->head), 0);
	if (fcntl(fd, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK) {
		out->holder = lock.l_pid;
		out->state = n > 0 && out->head.size ? DETACHED_UP : DETACHED_STARTING;
	}
	if (n != (ssize_t)sizeof(out->head) || out->head.size != sizeof(out->head))
		memset(&out->head, 0, sizeof(out->head));
	close(fd);
	return 0;
}

static int is_lab(const struct dirent *d)
{
	return is_name(d->d_name);
}

int detached_list(struct detached_lab **out, struct sonde_error *e)
{
	struct dirent **names;
	int n = 0, folder_fd = folder(e);

	if (folder_fd < 0)
		return folder_fd;
	int found = scandirat(folder_fd, ".", &names, is_lab, alphasort);
	*out = found < 0 ? NULL : calloc((size_t)found + 1, sizeof(**out));
	if (!*out)
		return sonde_fail(e, -errno, "cannot list labs: %s", strerror(errno));
	for (int i = 0; i < found; free(names[i++]))
		n += load(&(*out)[n], names[i]->d_name) == 0;
	free(names);
	return n;
}

int detached_find(struct detached_lab *out, struct sonde_error *e, const char *name, bool any)
{
	struct detached_lab *labs;
	unsigned found = 0;
	int n = detached_list(&labs, e);

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++)
		if ((name ? strcmp(labs[i].name, name) == 0 : any || labs[i].state == DETACHED_UP) && found++ == 0)
			*out = labs[i];
	free(labs);
	if (name && !found)
		sonde_fail(e, SONDE_E_UNKNOWN, "no lab '%s'", name);
	else if (!found)
		sonde_fail(e, SONDE_E_ABSENT, "no lab is up");
	else if (found > 1)
		sonde_fail(e, SONDE_E_TOO_MANY, "%u labs are up: which one?", found);
	else if (out->state == DETACHED_STARTING)
		return sonde_fail(e, -EBUSY, "lab '%s' is just coming up", out->name);
	else if (out->state == DETACHED_KILLED && !any) {
		sonde_fail(e, SONDE_E_ABSENT, "lab '%s' was killed", out->name);
		return sonde_hint(e, "sonde lab down %s removes what is left", out->name);
	} else
		return 0;
	return sonde_hint(e, name || found ? "sonde lab list" : "sonde lab up");
}

/* --- Start ------------------------------------------------------------------------------------------------------- */

/* Lock the file of the name, and make room in it before it is mapped: a full disk would kill the wire later. Returns
 * its descriptor, or a negated errno with the reason in e. */
static int prepare(struct detached_head **head, struct sonde_error *e, const char *name)
{
	int fd = claim(name, O_RDWR | O_CREAT | O_APPEND), err = fd < 0 ? fd : 0;

	if (err == -EAGAIN) {
		sonde_fail(e, -EEXIST, "lab '%s' is up already", name);
		return sonde_hint(e, "sonde lab down %s ends it; --name gives the new one another name", name);
	}
	if (!err && ftruncate(fd, 0))
		err = -errno;
	if (!err && !(err = -posix_fallocate(fd, 0, sizeof(**head)))) {
		*head = mmap(NULL, sizeof(**head), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
		err = *head == MAP_FAILED ? -errno : 0;
	}
	if (err && fd >= 0)
		unlinkat(folder(NULL), name, 0);
	return err ? sonde_fail(e, err, "cannot keep lab '%s': %s", name, sonde_strerror(err)) : fd;
}

/* Standard error goes to the lab's file, behind its head, for whoever takes the lab down. */
static int leave_terminal(struct sonde_error *e, int fd)
{
	int err = lab_process_close_stdio();

	if (!err && dup2(fd, STDERR_FILENO) < 0)
		err = -errno;
	return err ? sonde_fail(e, err, "cannot leave the terminal: %s", sonde_strerror(err)) : 0;
}

/* Returns whether anything was said. */
static bool copy_said(int from_fd, int to_fd)
{
	char text[4096];
	off_t at = sizeof(struct detached_head);

	for (ssize_t n; (n = pread(from_fd, text, sizeof(text), at)) > 0 && write(to_fd, text, (size_t)n) == n;)
		at += n;
	return at > (off_t)sizeof(struct detached_head);
}

/* Say that the lab is up, and hold it until someone takes it down, or its process 1 is killed. */
static void hold(struct lab *lab, struct detached_head *head, int up_fd)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGCHLD);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	signal(SIGPIPE, SIG_IGN); /* whoever wanted the lab may be gone */
	head->seed = lab->seed;
	strcpy(head->topology, lab->topology->name);
	strcpy(head->text, lab->topology->text);
	head->size = sizeof(*head);
	bool up = lab_process_ready(up_fd, 0) == 0;
	while (up && sigwaitinfo(&signals, NULL) != SIGTERM)
		for (pid_t pid; (pid = waitpid(-1, NULL, WNOHANG)) > 0;)
			up = up && pid != lab->init;
	lab_close(lab);
}

/* The capture is opened behind the name's claim: an old file must not be lost to a lab that cannot be. */
static _Noreturn void be_holder(const struct detached_order *o, int up_fd)
{
	struct detached_head *head;
	struct sonde_writer *writer = NULL;
	struct sonde_error e = { 0 };
	struct lab lab;
	int fd = prepare(&head, &e, o->name), err = 0;

	if (fd < 0)
		_exit(lab_status(fd, &e));
	lab_process_begin("sonde-lab");
	if (o->capture)
		err = tap_open(&writer, &e, o->capture, o->topology, o->seed);
	if (!err && !(err = leave_terminal(&e, fd)))
		err = lab_open(&lab, &e, o->topology, o->seed, writer, &head->counts);
	int status = lab_status(err, &e);
	if (err)
		copy_said(fd, up_fd);
	else
		hold(&lab, head, up_fd);
	unlinkat(folder(NULL), o->name, 0);
	_exit(status);
}

int detached_start(const struct detached_order *o)
{
	struct sonde_error e = { 0 };
	char text[4096] = "";
	int up[2], status, err = folder(&e);
	ssize_t n;

	if (err < 0)
		return lab_status(err, &e);
	if (!is_name(o->name)) {
		message("'%s' is no name for a lab (letters, digits, dashes)", o->name);
		return STATUS_USAGE;
	}
	pid_t holder = pipe2(up, O_CLOEXEC) ? -1 : fork();
	if (holder < 0) {
		message_code(-errno, "cannot start the lab");
		return STATUS_SYSTEM;
	}
	if (holder == 0) {
		close(up[0]);
		be_holder(o, up[1]);
	}
	/* The holder writes a 0 when the lab is up, and else what was said. */
	close(up[1]);
	while ((n = read(up[0], text, sizeof(text))) > 0 && *text)
		fwrite(text, 1, (size_t)n, stderr);
	if (n > 0)
		return STATUS_DONE;
	waitpid(holder, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_SYSTEM;
}

/* --- End --------------------------------------------------------------------------------------------------------- */

/* A file stays readable for those who have it open when it is removed. */
int detached_end(struct detached_lab *k, struct sonde_error *e)
{
	int fd = open_file(k->name, O_RDONLY), err = 0;

	if (k->state == DETACHED_UP && (err = lab_process_end(k->holder, SIGTERM, END_WAIT_MS)) == -ETIMEDOUT)
		err = lab_process_end(k->holder, SIGKILL, END_WAIT_MS);
	if (err)
		sonde_fail(e, err, "cannot end lab '%s': %s", k->name, sonde_strerror(err));
	else if (claim(k->name, O_RDWR) >= 0)
		unlinkat(folder(NULL), k->name, 0);
	if (!err && pread(fd, &k->head, sizeof(k->head), 0) > 0 && copy_said(fd, STDERR_FILENO))
		err = SONDE_E_LIBRARY;
	close(fd);
	return err;
}

/* --- Enter ------------------------------------------------------------------------------------------------------- */

/* The root of the holder, which is not that of its mounts where the lab was made in a chroot. */
static int enter_root(int root_fd)
{
	int err = fchdir(root_fd) || chroot(".") ? -errno : 0;
	close(root_fd);
	return err;
}

/* The namespaces of the holder, but for processes the one of its children. The user namespace, which gives the right to
 * enter the others, must not be entered again by whoever is in it already, as root is in a lab of root's. */
static int enter_namespaces(pid_t holder)
{
	const int spaces = CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWUTS;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root", holder);
	int root_fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid_for_children", holder);
	int holder_fd = (int)syscall(SYS_pidfd_open, holder, 0), processes_fd = open(path, O_RDONLY | O_CLOEXEC);
	if (root_fd < 0 || holder_fd < 0 || processes_fd < 0 ||
	    (setns(holder_fd, spaces | CLONE_NEWUSER) && (errno != EINVAL || setns(holder_fd, spaces))) ||
	    setns(processes_fd, CLONE_NEWPID))
		return -errno;
	close(holder_fd);
	close(processes_fd);
	return enter_root(root_fd);
}

int detached_enter(struct lab *lab, struct sonde_error *e, const struct detached_lab *k, const struct topology *t,
	       unsigned host)
{
	char at_hand[PATH_MAX], path[sizeof LAB_NETS + LAB_NAME];
	bool known = getcwd(at_hand, sizeof(at_hand));
	int err = enter_namespaces(k->holder);

	if (err)
		return sonde_fail(e, err, "cannot enter lab '%s': %s", k->name, sonde_strerror(err));
	/* Entering the root of another leaves us there. */
	if (known && chdir(at_hand) && chdir("/"))
		return sonde_fail(e, -errno, "cannot enter '/': %s", strerror(errno));
	*lab = (struct lab){ .topology = t, .seed = k->head.seed, .wire_fd = -1 };
	snprintf(path, sizeof(path), LAB_NETS "/%s", t->hosts[host].name);
	lab->net_fd[host] = open(path, O_RDONLY | O_CLOEXEC);
	if (lab->net_fd[host] < 0)
		return sonde_fail(e, -errno, "cannot enter '%s': %s", t->hosts[host].name, strerror(errno));
	return 0;
}
