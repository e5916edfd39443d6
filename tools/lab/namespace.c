#include "tools/lab/namespace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define SPACES (CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWUTS)

/* The settings that can forbid user namespaces. */
static const struct {
	const char *path, *setting, *forbids, *allows;
} settings[] = {
	{ "/proc/sys/kernel/unprivileged_userns_clone", "kernel.unprivileged_userns_clone", "0", "1" },
	{ "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "kernel.apparmor_restrict_unprivileged_userns", "1",
	  "0" },
	{ "/proc/sys/user/max_user_namespaces", "user.max_user_namespaces", "0", "10000" },
};

static bool file_says(const char *path, const char *value)
{
	char text[32] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? strcspn(text, "\n") : 0] = 0;
	return strcmp(text, value) == 0;
}

static int explain_refusal(struct sonde_error *e, int err)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
		if (!file_says(settings[i].path, settings[i].forbids))
			continue;
		sonde_fail(e, err, "this system forbids user namespaces (%s=%s)", settings[i].setting,
			   settings[i].forbids);
		sonde_hint(e, "run as root, or: sudo sysctl %s=%s", settings[i].setting, settings[i].allows);
		return err;
	}
	sonde_fail(e, err, "cannot make namespaces: %s", sonde_strerror(err));
	sonde_hint(e, "run as root");
	return err;
}

int namespace_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = fd < 0 || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

/* The user is root inside. Outside nothing changes, and files keep their owners. */
static int map_user(uid_t uid, gid_t gid)
{
	char map[40];
	int err = namespace_write("/proc/self/setgroups", "deny");

	if (err && err != -ENOENT)
		return err;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if ((err = namespace_write("/proc/self/uid_map", map)))
		return err;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return namespace_write("/proc/self/gid_map", map);
}

int namespace_unshare(struct sonde_error *e, int spaces)
{
	if (unshare(spaces) == 0)
		return 0;
	if (errno != ENOSPC)
		return sonde_fail(e, -errno, "cannot make namespaces: %s", strerror(errno));
	sonde_fail(e, -ENOSPC, "the kernel allows this user no more namespaces");
	return sonde_hint(e, "sysctl %s sets the limit",
			  spaces == CLONE_NEWNET ? "user.max_net_namespaces" : "user.max_*_namespaces, one of them,");
}

static int leave(struct sonde_error *e)
{
	uid_t uid = geteuid();
	gid_t gid = getegid();
	int err = namespace_unshare(e, SPACES);

	if (err != -EPERM)
		return err;
	if (unshare(SPACES | CLONE_NEWUSER))
		return explain_refusal(e, -errno);
	err = map_user(uid, gid);
	return err ? explain_refusal(e, err) : 0;
}

/* Everybody may read what is in it, whatever the user's umask is: COMMAND may become another user. */
static int fill_run(const char *self)
{
	mode_t mask = umask(022);
	int err = mkdir(LAB_NETS, 0755) || mkdir(LAB_RUN, 0755) || mkdir(LAB_PATH, 0755) ||
				  symlink(self, LAB_PATH "/sonde")
			  ? -errno
			  : 0;

	umask(mask);
	return err;
}

/* The lab's /run hides the machine's, and with it the sockets of name services, which would answer from the real
 * network and do not know the lab's hosts. */
static int mount_run(const char *self, struct sonde_error *e)
{
	if (mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL))
		return sonde_fail(e, -errno, "cannot keep the lab's mounts from others: %s%s", strerror(errno),
				  errno == EINVAL ? " (a chroot? mount --bind its folder on itself first)" : "");
	if (mount("sonde-lab", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"))
		return sonde_fail(e, -errno, "cannot mount /run for the lab: %s", strerror(errno));
	int err = fill_run(self);
	return err ? sonde_fail(e, err, "cannot fill the lab's /run: %s", sonde_strerror(err)) : 0;
}

int namespace_leave(struct sonde_error *e)
{
	char self[PATH_MAX] = "";

	/* Before the mounts are copied: later its path would be that outside of a chroot. */
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return sonde_fail(e, -errno, "cannot find this command: %s", strerror(errno));
	int err = leave(e);

	return err ? err : mount_run(self, e);
}

int namespace_create(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	int err = fd < 0 || fchmod(fd, 0644) || write(fd, text, strlen(text)) < 0 ? -errno : 0;

	if (fd >= 0)
		close(fd);
	return err;
}

int namespace_name_net(struct sonde_error *e, const char *folder, const char *name)
{
	static const char self[] = "/proc/self/ns/net";
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	int err = namespace_create(path, "");
	if (!err && mount(self, path, NULL, MS_BIND, NULL))
		err = -errno;
	int fd = err ? err : open(self, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		fd = -errno;
	return fd < 0 ? sonde_fail(e, fd, "cannot name the network of '%s': %s", name, sonde_strerror(fd)) : fd;
}

/* In a container that hides parts of /proc the kernel refuses to mount another one. The old one serves, too, with other
 * numbers for processes; /sys likewise, where tools look for interfaces. */
int namespace_enter_host(const char *host_name)
{
	if (unshare(CLONE_NEWNS | CLONE_NEWUTS) || sethostname(host_name, strlen(host_name)))
		return -errno;
	mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
	return 0;
}
