#include "tools/lab/keep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tools/lab/counts.h"
#include "tools/lab/keep_file.h"
#include "tools/lab/space.h"

#define DOWN_WAIT_MS 15000 /* a capture may have much to write */

/* --- Down -------------------------------------------------------------------------------------------------------- */

/* The lock is free when the last process of the lab is gone. */
static int await_end(int fd)
{
	const struct timespec pause = { .tv_nsec = 5000000 };

	for (int waited = 0; waited < DOWN_WAIT_MS; waited += 5) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		nanosleep(&pause, NULL);
	}
	return -ETIMEDOUT;
}

/* What is taken away is the file that was looked at: the name may be another lab's by now. */
static void remove_files(int folder_fd, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && st.st_nlink > 0)
		keep_remove(folder_fd, name);
}

static int read_counts(struct wire_counts *out, int fd)
{
	ssize_t n = pread(fd, out, sizeof(*out), 0);

	return n == (ssize_t)sizeof(*out) ? 0 : n < 0 ? -errno : -ENODATA;
}

static int unknown(struct sonde_error *e, const char *name)
{
	sonde_fail(e, SONDE_E_UNKNOWN, "no lab '%s'", name);
	sonde_hint(e, "sonde lab list");
	return SONDE_E_UNKNOWN;
}

static int end(struct sonde_error *e, const struct kept *k, int fd)
{
	bool up = k->state == KEPT_UP && k->holder > 0;

	if (up && kill(k->holder, SIGTERM) && errno != ESRCH)
		return sonde_fail(e, -errno, "cannot end lab '%s': %s", k->name, strerror(errno));
	int err = await_end(fd);
	if (err && up && kill(k->holder, SIGKILL) == 0)
		err = await_end(fd);
	return err ? sonde_fail(e, err, "lab '%s' does not end: %s", k->name, sonde_strerror(err)) : 0;
}

/* The descriptors are taken before the end: the holder removes the names. */
static int end_and_tell(struct sonde_error *e, const struct kept *k, int folder_fd, int fd, bool all)
{
	static struct wire_counts counts;
	int said_fd = keep_beside(folder_fd, k->name, KEEP_SAID, false);
	int counts_fd = keep_beside(folder_fd, k->name, KEEP_COUNTS, false);
	int err = end(e, k, fd);

	if (!err && counts_fd >= 0 && read_counts(&counts, counts_fd) == 0)
		counts_tell(&k->topology, &counts, all);
	if (!err && said_fd >= 0 && keep_pass_on(said_fd))
		err = SONDE_E_LIBRARY;
	if (said_fd >= 0)
		close(said_fd);
	if (counts_fd >= 0)
		close(counts_fd);
	return err;
}

static int take_down(struct sonde_error *e, int folder_fd, const char *name, bool all)
{
	static struct kept k;
	int fd = keep_is_name(name) ? openat(folder_fd, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1;

	if (fd < 0 || keep_read(&k, NULL, folder_fd, name) == -ENOENT) {
		if (fd >= 0)
			close(fd);
		return unknown(e, name);
	}
	int err = k.state == KEPT_COMING ? sonde_fail(e, -EBUSY, "lab '%s' is just coming up", name)
					 : end_and_tell(e, &k, folder_fd, fd, all);
	if (!err || !e->code)
		remove_files(folder_fd, fd, name);
	close(fd);
	return err;
}

int keep_down(struct sonde_error *e, const char *name, bool all)
{
	int folder_fd = keep_folder(e);

	if (folder_fd < 0)
		return folder_fd;
	int err = take_down(e, folder_fd, name, all);
	close(folder_fd);
	return err;
}

/* --- What there is ----------------------------------------------------------------------------------------------- */

int keep_find(struct kept *out, struct sonde_error *e, const char *name)
{
	int folder_fd = keep_folder(e);

	if (folder_fd < 0)
		return folder_fd;
	int err = keep_is_name(name) ? keep_read(out, e, folder_fd, name) : -ENOENT;
	close(folder_fd);
	if (err == -ENOENT)
		return unknown(e, name);
	if (err || out->state == KEPT_UP)
		return err;
	if (out->state == KEPT_COMING)
		return sonde_fail(e, -EBUSY, "lab '%s' is just coming up", name);
	sonde_fail(e, SONDE_E_ABSENT, "lab '%s' was killed", name);
	return sonde_hint(e, "sonde lab down %s removes what is left", name);
}

int keep_counts(struct wire_counts *out, const char *name)
{
	int folder_fd = keep_folder(NULL);
	int fd = folder_fd < 0 ? folder_fd : keep_beside(folder_fd, name, KEEP_COUNTS, false);
	int err = fd < 0 ? fd : read_counts(out, fd);

	if (fd >= 0)
		close(fd);
	if (folder_fd >= 0)
		close(folder_fd);
	return err;
}

static int is_lab(const struct dirent *d)
{
	return keep_is_name(d->d_name);
}

int keep_each(struct sonde_error *e, void (*fn)(void *arg, const struct kept *k), void *arg)
{
	static struct kept k;
	struct dirent **list = NULL;
	int folder_fd = keep_folder(e), n = 0;

	if (folder_fd < 0)
		return folder_fd;
	int found = scandirat(folder_fd, ".", &list, is_lab, alphasort);
	for (int i = 0; i < found; i++) {
		if (keep_read(&k, NULL, folder_fd, list[i]->d_name) != -ENOENT) {
			fn(arg, &k);
			n++;
		}
		free(list[i]);
	}
	free(list);
	close(folder_fd);
	return found < 0 ? sonde_fail(e, -errno, "cannot list labs: %s", strerror(errno)) : n;
}

struct only {
	bool any;
	unsigned n;
	char *name;
};

static void note_name(void *arg, const struct kept *k)
{
	struct only *o = arg;

	if (k->state != KEPT_UP && !o->any)
		return;
	if (o->n++ == 0)
		memcpy(o->name, k->name, KEEP_NAME);
}

int keep_only(char name[static KEEP_NAME], struct sonde_error *e, bool any)
{
	struct only o = { .any = any, .name = name };
	int n = keep_each(e, note_name, &o);

	if (n < 0)
		return n;
	if (o.n == 1)
		return 0;
	if (o.n > 1) {
		sonde_fail(e, SONDE_E_TOO_MANY, "%u labs are up: which one?", o.n);
		sonde_hint(e, "sonde lab list");
		return SONDE_E_TOO_MANY;
	}
	sonde_fail(e, SONDE_E_ABSENT, "no lab is up");
	sonde_hint(e, "sonde lab up");
	return SONDE_E_ABSENT;
}

/* --- Into one ---------------------------------------------------------------------------------------------------- */

static int open_space(pid_t pid, const char *space)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, space);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static bool is_own(int fd, const char *own)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && stat(own, &b) == 0 && a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/* The user namespace first, for it gives the right to enter the others. Whoever is in it already, as root is in a lab
 * of root's, must not enter it again. */
static int enter_spaces(pid_t init)
{
	static const char *const spaces[] = { "user", "pid", "net", "uts", "mnt" };
	int fd[5], err = 0;

	for (unsigned i = 0; i < 5; i++)
		fd[i] = open_space(init, spaces[i]);
	for (unsigned i = 0; i < 5 && !err; i++) {
		if (fd[i] < 0)
			err = fd[i];
		else if (!(i == 0 && is_own(fd[i], "/proc/self/ns/user")) && setns(fd[i], 0))
			err = -errno;
	}
	for (unsigned i = 0; i < 5; i++)
		if (fd[i] >= 0)
			close(fd[i]);
	return err;
}

int keep_enter(struct lab *lab, struct sonde_error *e, const struct kept *k, unsigned host)
{
	char folder[PATH_MAX], path[PATH_MAX];
	bool back = getcwd(folder, sizeof(folder));
	int err = enter_spaces(k->init);

	if (err)
		return sonde_fail(e, err, "cannot enter lab '%s': %s", k->name, sonde_strerror(err));
	/* Entering the mounts of another leaves us at their root. */
	if (back && chdir(folder) && chdir("/"))
		return sonde_fail(e, -errno, "cannot enter '/': %s", strerror(errno));
	*lab = (struct lab){ .topology = &k->topology, .seed = k->seed, .init = k->init, .wire_fd = -1 };
	snprintf(path, sizeof(path), LAB_NETS "/%s", k->topology.hosts[host].name);
	lab->net_fd[host] = open(path, O_RDONLY | O_CLOEXEC);
	if (lab->net_fd[host] < 0)
		return sonde_fail(e, -errno, "cannot enter '%s': %s", k->topology.hosts[host].name, strerror(errno));
	return 0;
}
