#include "tools/common/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <net/if.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "base/text.h"
#include "io/privilege.h"
#include "tools/common/crash.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/resolver.h"
#include "tools/common/status.h"

/* --- Landlock ----------------------------------------------------------------------------------------------------- */

/* As <linux/landlock.h> has them in newer kernels than some headers know. */
#define ABI_TRUNCATE  3
#define ABI_NET       4
#define ABI_IOCTL     5
#define ABI_SCOPE     6
#define FS_OF_ABI_1   ((UINT64_C(1) << 13) - 1)
#define FS_REFER      (UINT64_C(1) << 13)
#define FS_TRUNCATE   (UINT64_C(1) << 14)
#define FS_IOCTL      (UINT64_C(1) << 15)
#define NET_BIND      (UINT64_C(1) << 0)
#define NET_CONNECT   (UINT64_C(1) << 1)
#define SCOPE_ALL     UINT64_C(3) /* abstract sockets, signals */

struct ruleset {
	uint64_t fs, net, scoped;
};

static size_t ruleset_len(int abi)
{
	return abi >= ABI_SCOPE ? sizeof(struct ruleset) : abi >= ABI_NET ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
}

/* All that this ABI can forbid. */
static struct ruleset everything(int abi, bool connects)
{
	return (struct ruleset){
		.fs = FS_OF_ABI_1 | (abi >= 2 ? FS_REFER : 0) | (abi >= ABI_TRUNCATE ? FS_TRUNCATE : 0) |
		      (abi >= ABI_IOCTL ? FS_IOCTL : 0),
		.net = connects ? 0 : NET_BIND | NET_CONNECT,
		.scoped = SCOPE_ALL,
	};
}

/* What a descriptor allows is settled when it is opened, ftruncate(2) as well. */
static uint64_t writing(int abi)
{
	return LANDLOCK_ACCESS_FS_WRITE_FILE | (abi >= ABI_TRUNCATE ? FS_TRUNCATE : 0);
}

/* Names of files may be made and removed in this directory. */
static int allow_names(int rules, const struct sandbox *s, int abi)
{
	const char *file = s->output, *slash = strrchr(file, '/');
	char *directory = slash ? strndup(file, (size_t)(slash - file) + 1) : strdup(".");
	int fd = directory ? open(directory, O_PATH | O_CLOEXEC) : -1;
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				  (abi >= 2 ? FS_REFER : 0) | (s->writes ? writing(abi) : 0),
		.parent_fd = fd,
	};
	int rc = fd < 0 ? -errno : 0;
	if (!rc && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		rc = -errno;
	if (fd >= 0)
		close(fd);
	free(directory);
	return rc;
}

static int allow_reading(int rules, const char *path, uint64_t access)
{
	int fd = open(path, O_PATH | O_CLOEXEC), rc = 0;
	struct landlock_path_beneath_attr rule = { .allowed_access = access, .parent_fd = fd };
	if (fd < 0)
		return 0; /* not every system has it */
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
		rc = -errno;
	close(fd);
	return rc;
}

/* Where names, and the modules that look them up, come from. Files of /etc may be links to elsewhere. */
static int allow_system(int rules)
{
	static const char *const directories[] = { "/etc",          "/usr",         "/lib",       "/lib64",   "/run",
						   "/var/lib/misc", "/var/lib/sss", "/nix/store", "/gnu/store" };
	static const char *const files[] = { "/etc/hosts", "/etc/nsswitch.conf", "/etc/resolv.conf", "/etc/host.conf",
					     "/etc/gai.conf" };
	int rc = 0;
	for (size_t i = 0; !rc && i < sizeof directories / sizeof *directories; i++)
		rc = allow_reading(rules, directories[i],
				   LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR);
	for (size_t i = 0; !rc && i < sizeof files / sizeof *files; i++)
		rc = allow_reading(rules, files[i], LANDLOCK_ACCESS_FS_READ_FILE);
	return rc;
}

/* Returns the ABI that is in force, 0 where the kernel has none, or a negated errno. */
static int apply_landlock(const struct sandbox *s, const struct sandbox_row *row)
{
	int abi = (int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (abi <= 0)
		return 0;
	struct ruleset all = everything(abi, row->connects);
	int rules = (int)syscall(SYS_landlock_create_ruleset, &all, ruleset_len(abi), 0);
	int rc = rules < 0 ? -errno : 0;
	if (!rc && s->output)
		rc = allow_names(rules, s, abi);
	if (!rc && row->reads)
		rc = allow_system(rules);
	if (!rc && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
		rc = -errno;
	if (rules >= 0)
		close(rules);
	return rc ? rc : abi;
}

/* --- System calls ------------------------------------------------------------------------------------------------- */

/* Of calls that rows which read make with what others may not: files are opened for reading only, sockets ask other
 * hosts or this system, and code comes from files. Returns whether it is one of these; *rc is 0 or a negated errno. */
static bool allow_reads(int *rc, scmp_filter_ctx filter, int call)
{
	static const int families[] = { AF_UNIX, AF_INET, AF_INET6, AF_NETLINK };
	*rc = 0;
	if (call == SCMP_SYS(openat)) {
		*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, O_ACCMODE | O_CREAT | O_TRUNC, O_RDONLY));
	} else if (call == SCMP_SYS(mprotect)) {
		*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	} else if (call == SCMP_SYS(mmap)) {
		*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
				       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
		if (!*rc)
			*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 2,
					       SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC | PROT_WRITE, PROT_EXEC),
					       SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, 0));
	} else if (call == SCMP_SYS(socket)) {
		for (size_t i = 0; !*rc && i < sizeof families / sizeof *families; i++)
			*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
					       SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i]));
	} else if (call == SCMP_SYS(ioctl)) {
		/* And what others do with it. */
		*rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A1(SCMP_CMP_EQ, FIONREAD));
		return *rc;
	} else {
		return false;
	}
	return true;
}

/* clone(2), for threads of this process, which are in its sandbox. What clone3(2) is asked for cannot be seen: glibc
 * takes the other one where there is none. The first thread makes it catch a signal of its own. */
static int allow_threads(scmp_filter_ctx filter)
{
	const unsigned long thread = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
	const unsigned long set_ids = __SIGRTMIN + 1;
	int rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (!rc)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(rt_sigaction), 1,
				      SCMP_A0(SCMP_CMP_EQ, set_ids));
	if (!rc)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
				      SCMP_A0(SCMP_CMP_MASKED_EQ, thread, thread));
	return rc;
}

/* Some calls pass only with an argument that is harmless. */
static int allow_some(scmp_filter_ctx filter, int call, const struct sandbox_row *row)
{
	static const unsigned long controls[] = { TIOCGWINSZ, TCGETS,      TCSETS,      TCSETSW,       TCSETSF,
						  TIOCGPGRP,  SIOCGIFNAME, SIOCGIFMTU,  SIOCGIFINDEX,  SIOCGIFHWADDR,
						  SIOCGIFFLAGS };
	int rc = 0;
	if (row->reads && allow_reads(&rc, filter, call))
		return rc;
	if (call == SCMP_SYS(mmap) || call == SCMP_SYS(mprotect))
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
					SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
	if (call == SCMP_SYS(rt_sigaction))
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A0(SCMP_CMP_EQ, SIGTSTP));
	if (call != SCMP_SYS(ioctl))
		return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
	for (size_t i = 0; !rc && i < sizeof controls / sizeof *controls; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1, SCMP_A1(SCMP_CMP_EQ, controls[i]));
	return rc;
}

static int allow(scmp_filter_ctx filter, const char *name, const struct sandbox_row *row)
{
	if (strcmp(name, "clone-thread") == 0)
		return allow_threads(filter);
	return allow_some(filter, seccomp_syscall_resolve_name(name), row);
}

/* Whatever is not in the row raises SIGSYS, whose handler (crash.h) tells it and ends the program; it cannot be undone,
 * for no call that would is in any row. In rows that read it fails: a look-up then goes to the next module. */
static int apply_filter(unsigned *n, const struct sandbox_row *row)
{
	char name[SANDBOX_CALL];
	const char *calls = row->calls;
	scmp_filter_ctx filter = seccomp_init(row->reads ? SCMP_ACT_ERRNO(EPERM) : SCMP_ACT_TRAP);
	int rc = filter ? 0 : -ENOMEM;
	for (*n = 0; !rc && sandbox_next_call(name, &calls); (*n)++)
		rc = allow(filter, name, row);
	if (!rc)
		rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 1);
	if (!rc)
		rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (!rc)
		rc = seccomp_load(filter);
	if (filter)
		seccomp_release(filter);
	return rc;
}

/* --- The whole ---------------------------------------------------------------------------------------------------- */

static bool lacks(int code)
{
	return code == -ENOSYS || code == -EOPNOTSUPP || code == -EINVAL;
}

int sandbox_apply(struct sandbox_state *state, const struct sandbox *s, struct sonde_error *e)
{
	struct sandbox_state ignored;
	const struct sandbox_row *row = sandbox_row(s->name);
	state = state ? state : &ignored;
	*state = (struct sandbox_state){ 0 };
	int rc = sonde_privilege_drop(s->keep, e);
	if (rc)
		return rc;
	state->uid = geteuid();
	state->landlock = s->sees ? 0 : apply_landlock(s, row);
	if (state->landlock < 0)
		return sonde_fail(e, state->landlock, "cannot forbid files: %s", strerror(-state->landlock));
	rc = apply_filter(&state->n_calls, row);
	if (rc && !lacks(rc))
		return sonde_fail(e, rc, "cannot forbid system calls: %s", strerror(-rc));
	if (rc)
		state->n_calls = 0;
	return 0;
}

/* --- A command ---------------------------------------------------------------------------------------------------- */

/* The first word of a line of a file below /proc. */
static bool read_word(char *out, size_t room, const char *path, const char *key)
{
	char line[256];
	FILE *f = fopen(path, "re");
	bool found = false;
	while (f && !found && fgets(line, sizeof line, f)) {
		found = strncmp(line, key, strlen(key)) == 0;
		if (found)
			snprintf(out, room, "%.*s", (int)strcspn(line + strlen(key), "\n"), line + strlen(key));
	}
	if (f)
		fclose(f);
	return found;
}

static bool is_debugged(void)
{
	char tracer[32], path[64], name[32];
	if (!read_word(tracer, sizeof tracer, "/proc/self/status", "TracerPid:\t") || strcmp(tracer, "0") == 0)
		return false;
	snprintf(path, sizeof path, "/proc/%s/comm", tracer);
	return read_word(name, sizeof name, path, "") && (strcmp(name, "gdb") == 0 || strcmp(name, "lldb") == 0);
}

const char *sandbox_obstacle(void)
{
#ifdef __SANITIZE_ADDRESS__
	return "AddressSanitizer makes system calls of its own";
#endif
	const char *preloaded = getenv("LD_PRELOAD");
	if (preloaded && strstr(preloaded, "vgpreload"))
		return "valgrind makes system calls of its own";
	return is_debugged() ? "a debugger watches this run" : NULL;
}

bool sandbox_wanted(int *status, const struct options *o)
{
	const char *why = o->sandbox == SANDBOX_OFF ? "as asked" : sandbox_obstacle();
	*status = 0;
	if (!why)
		return true;
	if (o->sandbox == SANDBOX_STRICT) {
		message("no sandbox: %s (--sandbox=best-effort goes on without)", why);
		*status = STATUS_SYSTEM;
	} else if (o->verbosity > 0) {
		message("no sandbox: %s", why);
	}
	return false;
}

int sandbox_drop(uint64_t keep, const struct options *o)
{
	struct sonde_error e;
	int status;
	/* The rest leaves the bounding set in the sandbox, which takes a capability, too. */
	if (keep)
		keep |= SONDE_PRIVILEGE_KEEP(CAP_SETPCAP);
	if (!sandbox_wanted(&status, o) || !sonde_privilege_drop(keep, &e))
		return status;
	message_error(&e);
	return STATUS_SYSTEM;
}

static void tell(const struct sandbox_state *st)
{
	char line[200];
	struct sonde_text t = sonde_text(line, sizeof line);
	sonde_text_fmt(&t, "sandbox: user %u, no capabilities, ", st->uid);
	if (st->n_calls)
		sonde_text_fmt(&t, "%u system calls, ", st->n_calls);
	else
		sonde_text_str(&t, "all system calls (the kernel has no seccomp), ");
	if (st->landlock)
		sonde_text_fmt(&t, "no files (Landlock ABI %d)", st->landlock);
	else
		sonde_text_str(&t, "the user's files (the kernel has no Landlock)");
	message("%s", line);
}

int sandbox_enter(const char *name, const struct options *o, const struct sonde_writer *writer)
{
	struct sandbox_state state;
	struct sonde_error e;
	int status;
	if (!sandbox_wanted(&status, o))
		return status;
	if (o->names)
		resolver_start();
	crash_catch(writer);
	if (sandbox_apply(&state, &(struct sandbox){ .name = name }, &e)) {
		message_error(&e);
		return STATUS_SYSTEM;
	}
	if (o->sandbox == SANDBOX_STRICT && (!state.n_calls || !state.landlock)) {
		message("no whole sandbox: the kernel has no %s (--sandbox=best-effort goes on without)",
			state.n_calls ? "Landlock" : "seccomp");
		return STATUS_SYSTEM;
	}
	if (o->verbosity > 0)
		tell(&state);
	return 0;
}
