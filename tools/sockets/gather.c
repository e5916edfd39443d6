#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/common/message.h"
#include "tools/sockets/sockets.h"

#define ALL_KINDS ((1u << SONDE_SOCK_KINDS) - 1)

static struct netns *find(struct gathered *g, uint64_t inode)
{
	for (uint32_t i = 0; i < g->n_spaces; i++)
		if (g->spaces[i].inode == inode)
			return &g->spaces[i];
	return NULL;
}

/* The sockets of the namespace that this process is in. */
static int read_here(struct gathered *g, const struct sockets_options *s, uint64_t inode, struct sonde_error *e)
{
	struct netns *more = message_need_memory(realloc(g->spaces, (g->n_spaces + 1) * sizeof *more));
	g->spaces = more;
	int err = sonde_sockets_read(&g->sockets, s->kinds ? s->kinds : ALL_KINDS, e);
	g->spaces[g->n_spaces++] = (struct netns){ .inode = inode, .end = g->sockets.n };
	return err;
}

/* --- Other namespaces --------------------------------------------------------------------------------------------- */

/* One that cannot be entered is counted; a process or a name that went away is not. */
static int read_at(struct gathered *g, const struct sockets_options *s, int directory, const char *path,
		   struct sonde_error *e)
{
	struct stat st;
	int fd = openat(directory, path, O_RDONLY | O_CLOEXEC), err = 0;
	if (fd < 0)
		return 0;
	if (fstat(fd, &st) == 0 && !find(g, st.st_ino)) {
		if (setns(fd, CLONE_NEWNET) == 0)
			err = read_here(g, s, st.st_ino, e);
		else
			g->n_closed++;
	}
	close(fd);
	return err;
}

/* Where each process is; few are elsewhere. */
static int read_processes(struct gathered *g, const struct sockets_options *s, struct sonde_error *e)
{
	DIR *all = opendir("/proc");
	int err = 0;
	for (struct dirent *d; all && !err && (d = readdir(all));) {
		char path[sizeof d->d_name + 8];
		struct stat st;
		snprintf(path, sizeof path, "%s/ns/net", d->d_name);
		if (*d->d_name < '0' || *d->d_name > '9' || fstatat(dirfd(all), path, &st, 0) < 0 ||
		    find(g, st.st_ino))
			continue;
		err = read_at(g, s, dirfd(all), path, e);
	}
	if (all)
		closedir(all);
	return err;
}

static int read_named(struct gathered *g, const struct sockets_options *s, struct sonde_error *e)
{
	DIR *all = opendir("/run/netns");
	int err = 0;
	for (struct dirent *d; all && !err && (d = readdir(all));) {
		struct stat st;
		if (*d->d_name == '.')
			continue;
		err = read_at(g, s, dirfd(all), d->d_name, e);
		struct netns *space = fstatat(dirfd(all), d->d_name, &st, 0) == 0 ? find(g, st.st_ino) : NULL;
		if (space)
			snprintf(space->name, sizeof space->name, "%.63s", d->d_name);
	}
	if (all)
		closedir(all);
	return err;
}

/* Names are looked up later, in the namespace that the command began in. */
static int read_elsewhere(struct gathered *g, const struct sockets_options *s, int own, struct sonde_error *e)
{
	int err = read_processes(g, s, e);
	if (!err)
		err = read_named(g, s, e);
	if (!err && g->n_spaces > 1 && setns(own, CLONE_NEWNET) < 0)
		return sonde_fail(e, -errno, "cannot return to the network namespace: %s", strerror(errno));
	return err;
}

/* --- All ---------------------------------------------------------------------------------------------------------- */

int gathered_read(struct gathered *g, const struct sockets_options *s, struct sonde_error *e)
{
	struct stat st = { 0 };
	*g = (struct gathered){ 0 };
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC), err = own < 0 ? -errno : 0;
	if (err)
		return sonde_fail(e, err, "cannot read /proc: %s", strerror(-err));
	fstat(own, &st);
	err = read_here(g, s, st.st_ino, e);
	if (!err && s->all_netns)
		err = read_elsewhere(g, s, own, e);
	close(own);
	return err ? err : sonde_owners_read(&g->owners, e);
}

void gathered_free(struct gathered *g)
{
	sonde_sockets_free(&g->sockets);
	sonde_owners_free(&g->owners);
	free(g->spaces);
}
