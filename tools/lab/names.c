#include "tools/lab/names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/lab/namespace.h"

#define NEW_ETC LAB_RUN "/etc"

/* --- Another /etc ------------------------------------------------------------------------------------------------ */

/* Put an entry of /etc into the new one: a link by its text, all else by a bind mount. */
static int copy_entry(const char *name)
{
	char from[sizeof "/etc/" + NAME_MAX], to[sizeof NEW_ETC + 1 + NAME_MAX], target[PATH_MAX];
	struct stat st;

	snprintf(from, sizeof(from), "/etc/%s", name);
	snprintf(to, sizeof(to), NEW_ETC "/%s", name);
	if (lstat(from, &st))
		return -errno;
	if (S_ISLNK(st.st_mode)) {
		ssize_t n = readlink(from, target, sizeof(target) - 1);
		target[n > 0 ? n : 0] = 0;
		return n < 0 || symlink(target, to) ? -errno : 0;
	}
	int err = !S_ISDIR(st.st_mode) ? namespace_create(to, "") : mkdir(to, 0755) ? -errno : 0;
	return !err && mount(from, to, NULL, MS_BIND | MS_REC, NULL) ? -errno : err;
}

/* Put a directory in the place of /etc that has the same in it, and in which files can be made. */
static int replace_etc(void)
{
	DIR *etc = opendir("/etc");
	int err = !etc || mkdir(NEW_ETC, 0755) || mount("sonde-lab", NEW_ETC, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755")
			  ? -errno
			  : 0;

	for (const struct dirent *d; !err && (d = readdir(etc));)
		if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
			err = copy_entry(d->d_name);
	if (etc)
		closedir(etc);
	return !err && mount(NEW_ETC, "/etc", NULL, MS_MOVE, NULL) ? -errno : err;
}

/* Put a file with this text in the place of /etc/NAME. Where there is none, or a link that leads nowhere, a bind mount
 * has no place to go to, and none can be made in the system's /etc without changing it. */
static int set_file(struct sonde_error *e, const char *name, const char *text, bool optional)
{
	char own[sizeof LAB_RUN + NAME_MAX + 1], path[sizeof "/etc/" + NAME_MAX];

	snprintf(own, sizeof(own), LAB_RUN "/%s", name);
	snprintf(path, sizeof(path), "/etc/%s", name);
	int err = namespace_create(own, text);
	if (!err && mount(own, path, NULL, MS_BIND, NULL))
		err = -errno;
	if (err == -ENOENT && optional)
		return 0;
	if (err == -ENOENT && !(err = access(NEW_ETC, F_OK) ? replace_etc() : 0)) {
		unlink(path);
		err = namespace_create(path, text);
	}
	return err ? sonde_fail(e, err, "cannot set %s for the lab: %s", path, sonde_strerror(err)) : 0;
}

/* --- The files --------------------------------------------------------------------------------------------------- */

/* A host's first address comes first in each family, since most programs take that one. */
static void put_hosts(FILE *out, const struct topology *t)
{
	static const unsigned families[] = { SONDE_IP4, SONDE_IP6 };
	char text[SONDE_ADDR_STRLEN];

	fputs("127.0.0.1 localhost\n::1 localhost\n", out);
	for (unsigned i = 0; i < t->n_hosts * 2; i++) {
		for (unsigned k = 0; k < t->n_addresses; k++) {
			const struct lab_address *a = &t->addresses[k];
			if (a->host == i / 2 && a->prefix.addr.family == families[i & 1])
				fprintf(out, "%s %s\n", sonde_addr_format(text, &a->prefix.addr),
					t->hosts[a->host].name);
		}
	}
}

/* The system's, but that hosts are in files. */
static void put_nsswitch(FILE *out, const struct topology *t)
{
	FILE *in = fopen("/etc/nsswitch.conf", "re");
	char *line = NULL;
	size_t room = 0;

	(void)t;
	while (in && getline(&line, &room, in) > 0) {
		const char *word = line + strspn(line, " \t");
		if (strncmp(word, "hosts", 5) != 0 || word[5 + strspn(word + 5, " \t")] != ':')
			fputs(line, out);
	}
	fputs("\nhosts: files\n", out);
	free(line);
	if (in)
		fclose(in);
}

static void put_resolv(FILE *out, const struct topology *t)
{
	(void)t;
	fputs("# a lab has no name server\noptions timeout:1 attempts:1\n", out);
}

int names_set(struct sonde_error *e, const struct topology *t)
{
	static const struct {
		const char *name;
		void (*put)(FILE *out, const struct topology *t);
		bool optional; /* without it resolvers ask this host, where no name server is */
	} files[] = {
		{ "hosts", put_hosts, false },
		{ "nsswitch.conf", put_nsswitch, false },
		{ "resolv.conf", put_resolv, true },
	};
	int err = 0;

	for (size_t i = 0; i < sizeof(files) / sizeof(*files) && !err; i++) {
		char *text = NULL;
		size_t len;
		FILE *out = open_memstream(&text, &len);
		if (out)
			files[i].put(out, t);
		err = !out || fclose(out) ? sonde_fail(e, -errno, "cannot build the lab: %s", strerror(errno))
					  : set_file(e, files[i].name, text, files[i].optional);
		free(text);
	}
	return err;
}
