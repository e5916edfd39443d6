#include "io/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/privilege.h"

#define MAX_LINKS 40  /* as the kernel */
#define MAX_NAMES 100 /* tried beside the output */

/* The bytes of a path up to its last component. */
static int directory_len(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? (int)(slash - path) + 1 : 0;
}

/* In a sticky directory that everybody may write to, another user could have put a file or link there for us to write
 * through. */
static int check_owner(const char *path, const struct stat *file)
{
	struct stat dir;
	char *name;
	if (asprintf(&name, "%.*s.", directory_len(path), path) < 0)
		return -ENOMEM;
	int rc = stat(name, &dir) < 0 ? -errno : 0;
	free(name);
	uid_t user;
	gid_t group;
	bool is_ours = file->st_uid == geteuid() || (sonde_privilege_user(&user, &group) && file->st_uid == user);
	if (rc == 0 && (dir.st_mode & S_ISVTX) && (dir.st_mode & S_IWOTH) && !is_ours && file->st_uid != dir.st_uid)
		rc = -EACCES;
	return rc;
}

/* Replace the target by what it links to. */
static int follow(struct sonde_output *o)
{
	char link[PATH_MAX], *next;
	ssize_t len = readlink(o->target, link, sizeof link - 1);
	if (len < 0)
		return -errno;
	link[len] = 0;
	if (asprintf(&next, "%.*s%s", link[0] == '/' ? 0 : directory_len(o->target), o->target, link) < 0)
		return -ENOMEM;
	free(o->target);
	o->target = next;
	return 0;
}

/* Follow the links of the target up to what is to be written: *file with mode 0 when nothing is there yet. The links
 * below /proc, such as /dev/stdout, have no path to follow. */
static int resolve(struct sonde_output *o, struct stat *file)
{
	struct stat proc = { 0 };
	stat("/proc/self", &proc);
	for (int hops = 0; hops < MAX_LINKS; hops++) {
		*file = (struct stat){ 0 };
		if (lstat(o->target, file) < 0)
			return errno == ENOENT ? 0 : -errno;
		int rc = check_owner(o->target, file);
		if (rc < 0 || !S_ISLNK(file->st_mode) || file->st_dev == proc.st_dev)
			return rc;
		rc = follow(o);
		if (rc < 0)
			return rc;
	}
	return -ELOOP;
}

/* --- Opening ------------------------------------------------------------------------------------------------------ */

static int open_in_place(struct sonde_output *o)
{
	struct stat s;
	o->fd = open(o->target, O_WRONLY | O_CLOEXEC);
	if (o->fd < 0)
		return -errno;
	o->is_file = o->truncates = fstat(o->fd, &s) == 0 && S_ISREG(s.st_mode);
	return 0;
}

static int open_beside(struct sonde_output *o, const struct stat *old)
{
	bool replaces = o->replaces = old->st_mode != 0;
	if (replaces && faccessat(AT_FDCWD, o->target, W_OK, AT_EACCESS) < 0)
		return -errno;
	for (unsigned n = 0; n < MAX_NAMES && o->fd < 0; n++) {
		free(o->beside);
		if (asprintf(&o->beside, "%.*s.sonde-%d-%u", directory_len(o->target), o->target, getpid(), n) < 0) {
			o->beside = NULL;
			return -ENOMEM;
		}
		o->fd = open(o->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (o->fd < 0 && errno != EEXIST)
			break;
	}
	if (o->fd < 0) {
		int rc = -errno;
		free(o->beside);
		o->beside = NULL;
		return replaces && (rc == -EACCES || rc == -EPERM || rc == -EROFS) ? open_in_place(o) : rc;
	}
	o->is_file = true;
	/* Only root can give a file away. */
	if (replaces && (fchown(o->fd, old->st_uid, old->st_gid) == 0 || old->st_uid == geteuid()))
		fchmod(o->fd, old->st_mode & 07777);
	return 0;
}

int sonde_output_open(struct sonde_output *o, const char *path)
{
	struct stat file;
	struct rlimit limit;
	*o = (struct sonde_output){ .fd = -1, .most = UINT64_MAX };
	if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
		o->most = limit.rlim_cur;
	if (strcmp(path, "-") == 0) {
		o->fd = STDOUT_FILENO;
		o->is_file = fstat(o->fd, &file) == 0 && S_ISREG(file.st_mode);
		return 0;
	}
	o->target = strdup(path);
	int rc = !o->target ? -ENOMEM : path[0] ? resolve(o, &file) : -ENOENT;
	if (rc == 0)
		rc = file.st_mode == 0 || S_ISREG(file.st_mode) ? open_beside(o, &file) : open_in_place(o);
	if (rc < 0)
		sonde_output_close(o);
	return rc;
}

/* --- Series ------------------------------------------------------------------------------------------------------- */

/* Where the name of a capture ends before .pcapng, .pcapng.gz or the like. */
static size_t stem_len(const char *path)
{
	static const char *const compressed[] = { ".gz", ".zst", ".lz4" };
	size_t len = strlen(path), directory = (size_t)directory_len(path);
	for (size_t i = 0; i < sizeof compressed / sizeof *compressed; i++) {
		size_t n = strlen(compressed[i]);
		if (len > directory + n && strcmp(path + len - n, compressed[i]) == 0)
			len -= n;
	}
	const char *dot = memrchr(path + directory, '.', len - directory);
	return dot && dot > path + directory ? (size_t)(dot - path) : len;
}

/* The name of a file of the series, which the caller frees; NULL without memory. */
static char *name_in_series(const struct sonde_output_series *s, unsigned number)
{
	char *name;
	size_t stem = stem_len(s->path);
	return asprintf(&name, "%.*s-%05u%s", (int)stem, s->path, number, s->path + stem) < 0 ? NULL : name;
}

int sonde_output_open_series(struct sonde_output *o, const char *path, unsigned keep)
{
	struct sonde_output_series series = { .path = strdup(path), .number = 1, .keep = keep };
	char *first = series.path ? name_in_series(&series, 1) : NULL;
	struct stat file;
	int rc = first ? sonde_output_open(o, first) : -ENOMEM;
	if (rc == 0 && fstat(o->fd, &file) < 0)
		rc = -errno;
	free(first);
	if (rc < 0) {
		free(series.path);
		return rc;
	}
	series.uid = file.st_uid;
	series.gid = file.st_gid;
	o->series = series;
	return 0;
}

static void remove_oldest(const struct sonde_output_series *s)
{
	char *name = s->keep && s->number > s->keep ? name_in_series(s, s->number - s->keep) : NULL;
	if (name)
		unlink(name);
	free(name);
}

int sonde_output_next_for(int *fd, struct sonde_output *o)
{
	struct sonde_output_series *s = &o->series;
	const struct stat none = { 0 };
	char *name = name_in_series(s, s->number + 1);
	if (!name)
		return -ENOMEM;
	free(o->target);
	o->target = name;
	o->fd = -1;
	int rc = open_beside(o, &none);
	*fd = o->fd;
	if (rc < 0)
		return rc;
	s->number++;
	/* Where it cannot be given to the owner of the first, it is this process's. */
	rc = fchown(*fd, s->uid, s->gid);
	remove_oldest(s);
	return 0;
}

/* The namer has opened it, and gives it its name. */
static int take_next(int *fd, struct sonde_output *o)
{
	char *name = name_in_series(&o->series, o->series.number + 1), *beside = strdup("");
	int rc = name && beside ? o->namer->next(o->namer->arg, fd) : -ENOMEM;
	if (rc < 0) {
		free(name);
		free(beside);
		return rc;
	}
	free(o->target);
	o->target = name;
	o->beside = beside;
	o->series.number++;
	return 0;
}

int sonde_output_next(struct sonde_output *o)
{
	int old = o->fd, fd = -1;
	int rc = o->namer ? take_next(&fd, o) : sonde_output_next_for(&fd, o);
	o->fd = rc < 0 ? old : fd;
	if (rc == 0 && close(old) < 0)
		rc = -errno;
	return rc;
}

/* --- Writing ------------------------------------------------------------------------------------------------------ */

/* How many of len bytes RLIMIT_FSIZE allows: the kernel answers a write behind it by SIGXFSZ. */
static size_t allowed(const struct sonde_output *o, size_t len)
{
	off_t at = o->is_file && o->most != UINT64_MAX ? lseek(o->fd, 0, SEEK_CUR) : -1;
	if (at < 0)
		return len;
	uint64_t room = o->most > (uint64_t)at ? o->most - (uint64_t)at : 0;
	return room < len ? (size_t)room : len;
}

int sonde_output_write(size_t *written, struct sonde_output *o, struct sonde_view v)
{
	*written = 0;
	if (v.len && o->truncates && ftruncate(o->fd, 0) < 0)
		return -errno;
	o->truncates = o->truncates && !v.len;
	while (*written < v.len) {
		size_t len = allowed(o, v.len - *written);
		if (len == 0)
			return -EFBIG;
		ssize_t n = write(o->fd, v.data + *written, len);
		int rc = n < 0 ? -errno : 0;
		if (rc == -EAGAIN) /* standard output may be somebody else's, and not wait by itself */
			rc = sonde_wait(&(struct sonde_wait){ .fd = o->fd, .writing = true }, 1, SONDE_FOREVER);
		if (rc < 0 && rc != -EINTR)
			return rc;
		*written += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

void sonde_output_cut(struct sonde_output *o, size_t n)
{
	off_t at = o->is_file ? lseek(o->fd, 0, SEEK_CUR) : -1;
	if (n == 0 || at < (off_t)n)
		return;
	off_t end = lseek(o->fd, 0, SEEK_END);
	/* Others may have written behind us. */
	bool is_cut = end == at && ftruncate(o->fd, at - (off_t)n) == 0;
	lseek(o->fd, is_cut ? at - (off_t)n : at, SEEK_SET);
}

int sonde_output_appear(struct sonde_output *o)
{
	int rc = 0;
	if (o->beside && o->namer)
		rc = o->namer->appear(o->namer->arg);
	else if (o->beside && rename(o->beside, o->target) < 0)
		rc = -errno;
	if (rc)
		return rc;
	free(o->beside);
	o->beside = NULL;
	return 0;
}

int sonde_output_close(struct sonde_output *o)
{
	int rc = o->fd >= 0 && o->target && close(o->fd) < 0 ? -errno : 0;
	if (o->beside && !o->namer)
		unlink(o->beside);
	free(o->beside);
	free(o->target);
	free(o->series.path);
	*o = (struct sonde_output){ .fd = -1 };
	return rc;
}
