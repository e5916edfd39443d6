#include "tools/lab/keep_file.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lab/topology_read.h"

bool keep_is_name(const char *name)
{
	if (!isalnum((unsigned char)*name) || strlen(name) >= KEEP_NAME)
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("-._", *name))
			return false;
	return true;
}

static bool is_own_folder(const char *path)
{
	struct stat st;

	return path && *path == '/' && lstat(path, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid();
}

static void choose_folder(char path[static PATH_MAX])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char usual[50];

	snprintf(usual, sizeof(usual), "/run/user/%u", geteuid());
	if (is_own_folder(runtime) && strlen(runtime) < PATH_MAX - 10)
		snprintf(path, PATH_MAX, "%s/sonde", runtime);
	else if (is_own_folder(usual))
		snprintf(path, PATH_MAX, "%s/sonde", usual);
	else
		snprintf(path, PATH_MAX, "/tmp/sonde-%u", geteuid());
}

/* Anyone can make a folder in /tmp: it is looked at before it is believed. */
int keep_folder(struct sonde_error *e)
{
	char path[PATH_MAX];
	struct stat st;

	choose_folder(path);
	if (mkdir(path, 0700) && errno != EEXIST)
		return sonde_fail(e, -errno, "cannot make %s: %s", path, strerror(errno));
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return sonde_fail(e, -errno, "cannot open %s: %s", path, strerror(errno));
	if (fstat(fd, &st) || st.st_uid != geteuid() || (st.st_mode & 077)) {
		close(fd);
		sonde_fail(e, -EPERM, "%s is not yours alone", path);
		return sonde_hint(e, "names of labs are kept there; have it removed");
	}
	return fd;
}

/* Whoever removes a file holds its lock: what was locked may not be there any more. */
int keep_claim(int folder_fd, const char *name)
{
	for (;;) {
		struct stat st;
		int fd = openat(folder_fd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (fd < 0)
			return -errno;
		if (flock(fd, LOCK_EX | LOCK_NB) || fstat(fd, &st)) {
			int err = -errno;
			close(fd);
			return err;
		}
		if (st.st_nlink > 0)
			return fd;
		close(fd);
	}
}

/* No name of a lab begins with a dot. */
static const char *name_beside(char out[static KEEP_NAME + 10], const char *name, enum keep_beside what)
{
	snprintf(out, KEEP_NAME + 10, ".%s.%s", name, what == KEEP_COUNTS ? "counts" : "said");
	return out;
}

int keep_beside(int folder_fd, const char *name, enum keep_beside what, bool anew)
{
	char path[KEEP_NAME + 10];
	int flags = O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | (anew ? O_CREAT | O_TRUNC : 0);
	int fd = openat(folder_fd, name_beside(path, name, what), flags, 0600);

	return fd < 0 ? -errno : fd;
}

void keep_remove(int folder_fd, const char *name)
{
	char path[KEEP_NAME + 10];

	unlinkat(folder_fd, name_beside(path, name, KEEP_COUNTS), 0);
	unlinkat(folder_fd, name_beside(path, name, KEEP_SAID), 0);
	unlinkat(folder_fd, name, 0);
}

bool keep_pass_on(int said_fd)
{
	char text[4096];
	ssize_t n;
	off_t at = 0;

	while ((n = pread(said_fd, text, sizeof(text), at)) > 0) {
		fwrite(text, 1, (size_t)n, stderr);
		at += n;
	}
	return at > 0;
}

int keep_write(int fd, const struct lab *lab, pid_t holder)
{
	const struct topology *t = lab->topology;
	int err = ftruncate(fd, 0) ? -errno : 0;

	if (!err && (dprintf(fd, "holder %d\ninit %d\nseed %" PRIu64 "\ntopology %s\n\n", holder, lab->init, lab->seed,
			     t->name) < 0 ||
		     dprintf(fd, "%s", t->text) < 0))
		err = -errno;
	return err;
}

static int parse(struct kept *out, struct sonde_error *e, FILE *in)
{
	static char text[LAB_TEXT];
	char name[LAB_LINE];
	int holder, init;

	if (fscanf(in, "holder %d\ninit %d\nseed %" SCNu64 "\ntopology %399[^\n]\n", &holder, &init, &out->seed,
		   name) != 4)
		return sonde_fail(e, SONDE_E_FORMAT, "the file of lab '%s' is damaged", out->name);
	out->holder = holder;
	out->init = init;
	text[fread(text, 1, sizeof(text) - 1, in)] = 0;
	return topology_parse(&out->topology, e, name, text);
}

int keep_read(struct kept *out, struct sonde_error *e, int folder_fd, const char *name)
{
	struct stat st;
	int fd = openat(folder_fd, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	int err = fd < 0 || fstat(fd, &st) ? -errno : 0;

	memset(out, 0, sizeof(*out));
	snprintf(out->name, sizeof(out->name), "%s", name);
	if (err) {
		if (fd >= 0)
			close(fd);
		return err;
	}
	bool locked = flock(fd, LOCK_SH | LOCK_NB) != 0;
	out->state = !locked ? KEPT_LEFT : st.st_size == 0 ? KEPT_COMING : KEPT_UP;
	FILE *in = st.st_size ? fdopen(fd, "r") : NULL;
	if (in)
		err = parse(out, e, in);
	else if (st.st_size)
		err = sonde_fail(e, -errno, "cannot read the file of lab '%s': %s", name, strerror(errno));
	if (in)
		fclose(in);
	else
		close(fd);
	return err;
}
