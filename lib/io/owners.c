#include "io/owners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- The table ---------------------------------------------------------------------------------------------------- */

/* Inodes are numbers in a row, mostly: multiplication spreads those that are not (Knuth, 6.4). */
static uint32_t slot_of(const struct sonde_owners *o, uint32_t inode)
{
	uint32_t slot = inode * UINT32_C(2654435769) & (o->n_slots - 1);
	while (o->slots[slot] && o->list[o->slots[slot] - 1].inode != inode)
		slot = (slot + 1) & (o->n_slots - 1);
	return slot;
}

/* Backwards, so that the first in the list becomes the first of its socket. */
static int make_slots(struct sonde_owners *o)
{
	for (o->n_slots = 64; o->n_slots < 2 * o->n; o->n_slots *= 2)
		;
	o->slots = calloc(o->n_slots, sizeof *o->slots);
	if (!o->slots)
		return -ENOMEM;
	for (uint32_t i = o->n; i-- > 0;) {
		uint32_t *slot = &o->slots[slot_of(o, o->list[i].inode)];
		o->list[i].next = *slot;
		*slot = i + 1;
	}
	return 0;
}

const struct sonde_owner *sonde_owners_first(const struct sonde_owners *o, uint32_t inode)
{
	uint32_t at = o->n_slots && inode ? o->slots[slot_of(o, inode)] : 0;
	return at ? &o->list[at - 1] : NULL;
}

const struct sonde_owner *sonde_owners_next(const struct sonde_owners *o, const struct sonde_owner *owner)
{
	return owner->next ? &o->list[owner->next - 1] : NULL;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static bool read_number(uint32_t *out, const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);
	*out = (uint32_t)n;
	return *text >= '0' && *text <= '9' && n <= UINT32_MAX && (*end == 0 || *end == ']');
}

/* A process chooses its name: what would steer a terminal is shown as a question mark. */
static void read_name(char out[static 16], int process)
{
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, out, 15);
	if (fd >= 0)
		close(fd);
	out[len > 0 ? len : 0] = 0;
	out[strcspn(out, "\n")] = 0;
	for (char *c = out; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = '?';
}

static struct sonde_owner *add(struct sonde_owners *o)
{
	if (o->n == o->cap) {
		uint32_t cap = o->cap ? 2 * o->cap : 256;
		struct sonde_owner *more = realloc(o->list, cap * sizeof *more);
		if (!more)
			return NULL;
		o->list = more;
		o->cap = cap;
	}
	return &o->list[o->n++];
}

/* The name is read once a process, and only of those that have sockets. */
static int read_descriptors(struct sonde_owners *o, uint32_t pid, int process, DIR *descriptors)
{
	static const char prefix[] = "socket:[";
	char target[32], name[16] = "";
	uint32_t inode, fd;
	bool named = false;
	for (struct dirent *d; (d = readdir(descriptors));) {
		ssize_t len = *d->d_name == '.' ? -1
						: readlinkat(dirfd(descriptors), d->d_name, target, sizeof target - 1);
		target[len > 0 ? len : 0] = 0;
		if (strncmp(target, prefix, sizeof prefix - 1) != 0 ||
		    !read_number(&inode, target + sizeof prefix - 1) || !read_number(&fd, d->d_name))
			continue;
		if (!named)
			read_name(name, process);
		named = true;
		struct sonde_owner *owner = add(o);
		if (!owner)
			return -ENOMEM;
		*owner = (struct sonde_owner){ .pid = pid, .inode = inode, .fd = (int)fd };
		memcpy(owner->process, name, sizeof name);
	}
	return 0;
}

/* A process that ended meanwhile has no sockets any more. */
static int read_process(struct sonde_owners *o, uint32_t pid, int process)
{
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *descriptors = fd < 0 ? NULL : fdopendir(fd);
	if (!descriptors) {
		int err = errno;
		o->n_hidden += err == EACCES || err == EPERM;
		if (fd >= 0)
			close(fd);
		return err == ENOMEM || err == EMFILE || err == ENFILE ? -err : 0;
	}
	int err = read_descriptors(o, pid, process, descriptors);
	closedir(descriptors);
	return err;
}

int sonde_owners_read(struct sonde_owners *out, struct sonde_error *e)
{
	*out = (struct sonde_owners){ 0 };
	DIR *all = opendir("/proc");
	int err = all ? 0 : -errno;
	uint32_t pid;
	for (struct dirent *d; !err && (d = readdir(all));) {
		int process = read_number(&pid, d->d_name)
				      ? openat(dirfd(all), d->d_name, O_PATH | O_DIRECTORY | O_CLOEXEC)
				      : -1;
		if (process < 0)
			continue;
		err = read_process(out, pid, process);
		close(process);
	}
	if (all)
		closedir(all);
	if (!err)
		err = make_slots(out);
	return err ? sonde_fail(e, err, "cannot read the descriptors of processes: %s", sonde_strerror(err)) : 0;
}

void sonde_owners_free(struct sonde_owners *o)
{
	free(o->list);
	free(o->slots);
	*o = (struct sonde_owners){ 0 };
}
