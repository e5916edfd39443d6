/* What a process in a sandbox tries in vain, whatever its row allows. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/io_netns.h"
#include "tools/common/broker.h"
#include "tools/common/sandbox.h"

static int own_space; /* this network namespace, opened before */

#define CALL(...) return (int)syscall(__VA_ARGS__)

static int read_secret(void)  { CALL(SYS_openat, AT_FDCWD, "/etc/shadow", O_RDONLY); }
static int read_public(void)  { CALL(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY); }
static int read_memory(void)  { CALL(SYS_openat, AT_FDCWD, "/proc/self/mem", O_RDWR); }
static int make_file(void)    { CALL(SYS_openat, AT_FDCWD, "/tmp/sonde-escaped", O_WRONLY | O_CREAT, 0600); }
static int run_program(void)  { CALL(SYS_execve, "/bin/true", (char *[]){ "true", NULL }, NULL); }
static int make_process(void) { CALL(SYS_clone, SIGCHLD, 0, 0, 0, 0); }
static int be_traced(void)    { CALL(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0); }
static int read_other(void)   { CALL(SYS_process_vm_readv, getppid(), NULL, 0, NULL, 0, 0); }
static int end_other(void)    { CALL(SYS_kill, 1, 0); }
static int open_wire(void)    { CALL(SYS_socket, AF_PACKET, SOCK_RAW, 0); }
static int enter_space(void)  { CALL(SYS_setns, own_space, 0); }
static int make_space(void)   { CALL(SYS_unshare, CLONE_NEWUSER); }
static int mount_it(void)     { CALL(SYS_mount, "none", "/", NULL, 0, NULL); }
static int change_root(void)  { CALL(SYS_chroot, "/"); }
static int be_root(void)      { CALL(SYS_setresuid, 0, 0, 0); }
static int take_caps(void)    { CALL(SYS_capset, NULL, NULL); }
static int load_bpf(void)     { CALL(SYS_bpf, BPF_MAP_CREATE, NULL, 0); }
static int watch_kernel(void) { CALL(SYS_perf_event_open, NULL, 0, -1, -1, 0); }
static int load_module(void)  { CALL(SYS_init_module, NULL, 0, ""); }
static int use_keys(void)     { CALL(SYS_keyctl, 0, 0, 0, 0, 0); }
static int rename_file(void)  { CALL(SYS_rename, "/etc/hostname", "/etc/hostname2"); }
static int remove_file(void)  { CALL(SYS_unlink, "/etc/hostname"); }
static int change_mode(void)  { CALL(SYS_chmod, "/etc/passwd", 0777); }
static int handle_signal(void) { CALL(SYS_rt_sigaction, SIGSYS, NULL, NULL, 8); }
static int loosen(void)       { CALL(SYS_prctl, PR_SET_DUMPABLE, 1); }
static int run_memory(void)   { CALL(SYS_mprotect, NULL, 0, PROT_EXEC); }
static int map_code(void)     { CALL(SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static int type_for_user(void) { CALL(SYS_ioctl, 0, 0x5412 /* TIOCSTI */, "x"); }

static const struct {
	const char *call; /* the row may have it: then it fails all the same */
	int (*act)(void);
	bool always; /* its argument is what is forbidden */
} acts[] = {
	{ "openat", read_secret, false }, { "openat", read_public, false },
	{ "openat", read_memory, false },
	{ "openat", make_file, false },     { "execve", run_program, false },  { "clone", make_process, false },
	{ "ptrace", be_traced, false },     { "process_vm_readv", read_other, false },
	{ "kill", end_other, false },       { "socket", open_wire, false },    { "setns", enter_space, false },
	{ "unshare", make_space, false },   { "mount", mount_it, false },      { "chroot", change_root, false },
	{ "setresuid", be_root, false },    { "capset", take_caps, false },    { "bpf", load_bpf, false },
	{ "perf_event_open", watch_kernel, false }, { "init_module", load_module, false },
	{ "keyctl", use_keys, false },      { "rename", rename_file, false },  { "unlink", remove_file, false },
	{ "chmod", change_mode, false },    { "rt_sigaction", handle_signal, true }, { "prctl", loosen, false },
	{ "mprotect", run_memory, true },   { "mmap", map_code, true },        { "ioctl", type_for_user, true },
};

static bool has_call(const struct sandbox_row *row, const char *call)
{
	char name[SANDBOX_CALL];
	const char *calls = row->calls;
	while (sandbox_next_call(name, &calls))
		if (strcmp(name, call) == 0)
			return true;
	return false;
}

/* How a child ends that enters the row's sandbox and acts. */
static int status_of(const struct sandbox_row *row, int (*act)(void))
{
	int status = -1;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct sandbox_state st;
		signal(SIGSYS, SIG_DFL);
		if (sandbox_apply(&st, &(struct sandbox){ .name = row->name }, NULL) || !st.n_calls)
			_exit(100);
		errno = 0;
		int rc = act();
		_exit(rc >= 0 ? 1 : errno == EPERM || errno == EACCES ? 0 : 2);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static void no_act_succeeds(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	UNIT_SKIP("AddressSanitizer makes system calls of its own");
#endif
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++) {
		for (size_t i = 0; i < sizeof(acts) / sizeof(acts[0]); i++) {
			int status = status_of(row, acts[i].act);
			bool allowed = has_call(row, acts[i].call) && !acts[i].always;
			/* What the resolver may not do fails, and it reads what everybody may. */
			if (row->reads && acts[i].act == read_public)
				continue;
			bool stopped = allowed || row->reads ? WIFEXITED(status) && WEXITSTATUS(status) == 0
								: WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
			if (!stopped)
				fail_msg("%s: %s was not stopped (status %#x)", row->name, acts[i].call, status);
		}
	}
}

static int nothing(void)
{
	errno = EPERM;
	return -1;
}

static void what_is_allowed_goes_on(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	UNIT_SKIP("AddressSanitizer makes system calls of its own");
#endif
	for (const struct sandbox_row *row = sandbox_rows; row->name; row++)
		assert_int_equal(status_of(row, nothing), 0);
}

static void rows_are_short(void **state)
{
	static const char *const parse[] = { "read", "ping", "ping-live", "ping-user", "send" };
	(void)state;
	for (size_t i = 0; i < sizeof(parse) / sizeof(parse[0]); i++) {
		char name[SANDBOX_CALL];
		const char *calls = sandbox_row(parse[i])->calls;
		unsigned n = 0;
		while (sandbox_next_call(name, &calls))
			n++;
		assert_in_range(n, 1, 25);
	}
}

/* --- The broker --------------------------------------------------------------------------------------------------- */

static void broker_outlives_any_request(void **state)
{
	struct broker b = { .sockets = true };
	uint8_t request[512], answer[1024];
	uint64_t seed = 9;
	struct sonde_error e;
	int fd;
	(void)state;
	if (!netns_enter())
		UNIT_SKIP("no network namespace may be made here");
	assert_true(netns_run("ip link set lo up"));
	assert_int_equal(broker_start(&b), 0);
	for (uint64_t n = 0; n < 20000; n++) {
		for (size_t i = 0; i < sizeof(request); i++)
			request[i] = (uint8_t)unit_random(&seed);
		/* Half of them have a kind that is known, and small numbers behind it. */
		if (n % 2) {
			request[0] = (uint8_t)(1 + n / 2 % 5);
			memset(request + 1, 0, 3);
			for (size_t i = 4; i < sizeof(request); i++)
				request[i] &= n % 4 == 1 ? 1 : 0xff;
		}
		size_t len = n % 3 ? 1 + n % sizeof(request) : sizeof(struct sonde_live_options) + 8;
		channel_ask(&b.channel, request, len, answer, sizeof(answer), &fd);
		if (fd >= 0)
			close(fd);
	}
	const struct sonde_live_options o = sonde_live_replies(1, NULL);
	assert_int_equal(b.opener.capture(&b, &fd, &o, &e), 0);
	assert_true(fd >= 0);
	close(fd);
	const struct sonde_live_options wide = { .ifindex = 1, .snap = 1u << 30, .ring_bytes = 1u << 20 };
	assert_int_equal(b.opener.capture(&b, &fd, &wide, &e), -EINVAL);
	const struct sonde_sender_options o2 = { .way = SONDE_SENDER_RAW4, .broadcast = true };
	assert_int_equal(b.opener.sender(&b, &fd, &o2, &e), -EINVAL);
	broker_stop(&b);
	assert_int_not_equal(b.opener.capture(&b, &fd, &o, &e), 0);
}

int main(void)
{
	static struct unit u;
	own_space = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	UNIT_TEST(&u, no_act_succeeds);
	UNIT_TEST(&u, what_is_allowed_goes_on);
	UNIT_TEST(&u, rows_are_short);
	UNIT_TEST(&u, broker_outlives_any_request);
	return unit_run(&u, "sandbox");
}
