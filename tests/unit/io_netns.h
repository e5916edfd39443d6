/* A network namespace for one test program, and commands run in it. */
#ifndef SONDE_TESTS_UNIT_IO_NETNS_H
#define SONDE_TESTS_UNIT_IO_NETNS_H

#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline bool netns_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY);
	bool done = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	if (fd >= 0)
		close(fd);
	return done;
}

/* Leave the machine's network for an empty one; as root directly, else through a user namespace of our own. */
static inline bool netns_enter(void)
{
	char map[64];
	unsigned uid = geteuid(), gid = getegid();

	if (unshare(CLONE_NEWNET) == 0)
		return true;
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0)
		return false;
	snprintf(map, sizeof(map), "0 %u 1", uid);
	if (!netns_write("/proc/self/setgroups", "deny") || !netns_write("/proc/self/uid_map", map))
		return false;
	snprintf(map, sizeof(map), "0 %u 1", gid);
	return netns_write("/proc/self/gid_map", map);
}

/* Run a shell command in the namespace; true when it succeeds. */
static inline bool netns_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
static inline bool netns_run(const char *format, ...)
{
	char command[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(command, sizeof(command), format, args);
	va_end(args);
	return system(command) == 0;
}

/* Add an IPv6 address to an interface, and wait until packets to it are taken: the kernel adds the local route
 * a little after the address. True when it does. */
static inline bool netns_add6(const char *addr, unsigned bits, const char *iface)
{
	return netns_run("ip -6 addr add %s/%u dev %s nodad", addr, bits, iface) &&
	       netns_run("for try in $(seq 500); do ip -6 route show table local | grep -q '^local %s ' && exit 0; "
			 "sleep 0.02; done; exit 1", addr);
}

/* End the test when the namespaces could not be made. */
#define NETNS_NEEDED(why)                                                                                              \
	do {                                                                                                           \
		if (why)                                                                                               \
			UNIT_SKIP("%s", why);                                                                          \
	} while (0)

/* The two namespaces of netns_pair; -1 without them. */
static int netns_here = -1, netns_peer = -1;

/* Go to one of them: what is opened or run from then on belongs to it. */
static inline bool netns_go(int which)
{
	return setns(which, CLONE_NEWNET) == 0;
}

/* A namespace with loopback up, and a veth pair: v0 here (10.0.0.1/24, fd00::1/64), v1 in a second namespace
 * (10.0.0.2/24, fd00::2/64). The second one lives as long as the process. Returns NULL or why it cannot be. */
static inline const char *netns_pair(void)
{
	if (!netns_enter())
		return "no network namespace may be made here";
	netns_here = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (netns_here < 0 || unshare(CLONE_NEWNET) < 0)
		return "no second network namespace may be made here";
	netns_peer = open("/proc/self/ns/net", O_RDONLY); /* inherited, so that ip reaches it as /proc/self/fd/N */
	bool made = netns_peer >= 0 && netns_run("ip link set lo up") && netns_go(netns_here) &&
		netns_run("ip link set lo up") &&
		netns_run("ip link add v0 type veth peer name v1 netns /proc/self/fd/%d", netns_peer) &&
		netns_run("ip addr add 10.0.0.1/24 dev v0 && ip link set v0 up") &&
		netns_go(netns_peer) &&
		netns_run("ip addr add 10.0.0.2/24 dev v1 && ip link set v1 up") &&
		netns_add6("fd00::2", 64, "v1") &&
		netns_go(netns_here) &&
		netns_add6("fd00::1", 64, "v0");
	return made ? NULL : "ip cannot make a veth pair here";
}

#endif
