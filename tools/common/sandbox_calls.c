#include "tools/common/sandbox.h"

#include <stdio.h>
#include <string.h>

/* What every process does: memory, descriptors that are open, ends. */
#define MEMORY "brk mmap munmap mremap"
#define ENDS   "exit_group rt_sigreturn rt_sigprocmask restart_syscall"
#define FILES  "read write lseek close"
#define LOOP   "ppoll epoll_wait epoll_ctl timerfd_settime"
#define THREAD " clone-thread futex mprotect madvise set_robust_list rseq exit"
#define WIRE   "sendmmsg sendto recvmsg getsockopt setsockopt ioctl"

#define BROKER                                                                                                         \
	"brk mmap munmap " ENDS " close fcntl socket bind setsockopt getsockopt ioctl sendto sendmsg recvfrom recvmsg" \
	" rename unlink"

const struct sandbox_row sandbox_rows[] = {
	{ "read", MEMORY " " ENDS " " FILES " ppoll ftruncate dup2 sendto recvmsg ioctl", false, false },
	/* qsort(3) asks how much memory there is before it takes some. */
	{ "flows",
	  MEMORY " " ENDS " " FILES " ppoll ftruncate dup2 sendto recvmsg ioctl sysinfo"
		 THREAD,
	  false, false },
	/* With -I. */
	{ "flows-live",
	  MEMORY " " ENDS " " FILES " " LOOP " sendto recvmsg getsockopt setsockopt ioctl sysinfo",
	  false, false },
	/* With --live, as ping-live. */
	{ "flows-screen",
	  MEMORY " " ENDS " " FILES " " LOOP
	  " sendto recvmsg getsockopt setsockopt ioctl sysinfo poll rt_sigaction",
	  false, false },
	/* All is read before; it only prints. */
	{ "sockets", MEMORY " " ENDS " " FILES " ppoll sendto recvmsg ioctl sysinfo", false, false },
	{ "sockets-live", MEMORY " " ENDS " " FILES " " LOOP " sendto recvmsg ioctl sysinfo poll rt_sigaction",
	  false, false },
	/* Beside it: reads the kernel's sockets and who has them, each second. */
	{ "sockets-reader", MEMORY " " ENDS " " FILES " openat newfstatat fstat getdents64 readlinkat fcntl socket bind"
	  " setsockopt getsockname sendto sendmsg recvfrom recvmsg setns memfd_create", false, true },
	{ "read-live",
	  MEMORY " " ENDS " " FILES " " LOOP " ftruncate sendto recvmsg getsockopt setsockopt ioctl",
	  false, false },
	{ "ping", MEMORY " " ENDS " " FILES " " LOOP " " WIRE " ftruncate", false, false },
	/* curses waits with poll(2), and lets Ctrl-Z give the terminal back. */
	{ "ping-live", MEMORY " " ENDS " " FILES " " LOOP " " WIRE " ftruncate poll rt_sigaction", false, false },
	/* qsort(3) asks how much memory there is before it takes some. */
	{ "probe", MEMORY " " ENDS " " FILES " " LOOP " " WIRE " ftruncate sysinfo" THREAD, false, false },
	{ "probe-live", MEMORY " " ENDS " " FILES " " LOOP " " WIRE " ftruncate sysinfo poll rt_sigaction" THREAD,
	  false, false },
	{ "send", MEMORY " " ENDS " " FILES " " LOOP " " WIRE " ftruncate", false, false },
	/* Without CAP_NET_RAW: sockets of each connection, or for echoes. */
	{ "ping-user", MEMORY " " ENDS " read write close " LOOP
	  " socket connect bind sendto recvmsg getsockopt setsockopt ioctl poll rt_sigaction",
	  true, false },
	{ "probe-user", MEMORY " " ENDS " read write close " LOOP
	  " socket connect bind sendto recvmsg getsockopt setsockopt ioctl poll rt_sigaction",
	  true, false },
	/* With --banner. */
	{ "probe-banner", MEMORY " " ENDS " close poll socket connect sendmsg recvfrom setsockopt", true, false },
	{ "connect", MEMORY " " ENDS " read write close " LOOP
	  " socket connect bind sendto recvfrom shutdown getsockopt setsockopt getsockname getpeername ioctl getpid",
	  true, false },
	{ "listen", MEMORY " " ENDS " read write close " LOOP
	  " accept4 sendto sendmsg recvfrom recvmsg shutdown getsockopt getsockname getpeername ioctl getpid",
	  false, false },
	{ "broker", BROKER, false, false },
	/* With --rotate. */
	{ "broker-files", BROKER " openat fchown getpid", false, false },
	/* What getaddrinfo(3) does, and the modules that nsswitch.conf(5) names. */
	{ "resolver", MEMORY " " ENDS " " FILES
	  " pread64 openat newfstatat fstat statx access faccessat faccessat2 readlink readlinkat getdents64"
	  " mprotect madvise futex socket connect bind sendto sendmsg sendmmsg recvfrom recvmsg poll ppoll"
	  " ioctl fcntl getsockname getpeername getsockopt setsockopt uname getpid gettid getuid geteuid getrandom"
	  " sysinfo prlimit64 clock_nanosleep",
	  true, true },
	/* With --process: it looks for the owners of sockets in /proc. */
	{ "broker-owners",
	  MEMORY " " ENDS " close fcntl socket bind setsockopt getsockopt getsockname sendto sendmsg recvfrom recvmsg"
		 " openat read getdents64 newfstatat fstat readlinkat lseek",
	  false, true },
	/* Of sonde lab: carries frames from one end of a link to the other. */
	{ "wire", MEMORY " " ENDS " read write close epoll_pwait2 epoll_wait sendmmsg getsockopt", false, false },
	/* Of sonde lab -w: writes the frames of all links to a file. */
	{ "tap", MEMORY " " ENDS " " FILES " poll ppoll clock_nanosleep ftruncate getsockopt ioctl", false, false },
	{ 0 },
};

const struct sandbox_row *sandbox_row(const char *name)
{
	for (const struct sandbox_row *r = sandbox_rows; r->name; r++)
		if (strcmp(r->name, name) == 0)
			return r;
	return NULL;
}

bool sandbox_next_call(char out[static SANDBOX_CALL], const char **calls)
{
	*calls += strspn(*calls, " ");
	size_t len = strcspn(*calls, " ");
	snprintf(out, SANDBOX_CALL, "%.*s", (int)len, *calls);
	*calls += len;
	return len > 0;
}
