/* Loaded into sonde by LD_PRELOAD: tries what Landlock is to forbid right before a process loads its filter of system
 * calls, when all else is in force, or where a forbidden call fails, right behind, and notes what worked. SONDE_TRIED
 * names the file for the notes, of which every process adds a line "PID reads: ...; writes: ..."; SONDE_OUT the
 * directory of the command's output, SONDE_OTHER another one: both are everybody's, with a file "there". */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE  256
#define LINES 64

/* Shared, for nothing can be opened any more when there is something to note. */
static struct notes {
	unsigned n;
	char line[LINES][LINE];
} *notes;

static const char *directories[] = { NULL, NULL }; /* SONDE_OUT, SONDE_OTHER */
static const char *const called[] = { "the output's directory", "other directories" };

__attribute__((constructor)) static void open_notes(void)
{
	const char *path = getenv("SONDE_TRIED");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	directories[0] = getenv("SONDE_OUT");
	directories[1] = getenv("SONDE_OTHER");
	if (fd < 0 || !directories[0] || !directories[1] || ftruncate(fd, sizeof *notes) < 0)
		return;
	void *shared = mmap(NULL, sizeof *notes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	notes = shared == MAP_FAILED ? NULL : shared;
	close(fd);
}

static bool opens(const char *directory, const char *name, int how)
{
	char path[LINE];
	snprintf(path, sizeof path, "%s/%s", directory, name);
	int fd = open(path, how | O_CLOEXEC, 0600);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

/* Whether a name can be made, changed and removed. */
static bool makes_names(const char *directory)
{
	char new[LINE], other[LINE];
	snprintf(new, sizeof new, "%s/new-%d", directory, getpid());
	snprintf(other, sizeof other, "%s/other-%d", directory, getpid());
	bool made = mknod(new, S_IFREG | 0600, 0) == 0;
	bool renamed = rename(new, other) == 0;
	return unlink(other) == 0 || renamed || made;
}

static void add(char list[static LINE], const char *what, const char *where)
{
	size_t len = strlen(list);
	snprintf(list + len, LINE - len, "%s%s%s", len ? ", " : "", what, where);
}

static void try(int pid)
{
	char reads[LINE] = "", writes[LINE] = "";
	if (opens("/", "", O_RDONLY) || opens("/etc", "passwd", O_RDONLY) || opens("/proc/self", "status", O_RDONLY))
		add(reads, "the system's files", "");
	for (unsigned i = 0; i < 2; i++) {
		if (opens(directories[i], "there", O_RDONLY) || opens(directories[i], "", O_RDONLY))
			add(reads, "", called[i]);
		if (opens(directories[i], "there", O_WRONLY))
			add(writes, "files in ", called[i]);
		else if (makes_names(directories[i]))
			add(writes, "names in ", called[i]);
	}
	unsigned n = notes ? __atomic_fetch_add(&notes->n, 1, __ATOMIC_SEQ_CST) : LINES;
	if (n < LINES)
		snprintf(notes->line[n], LINE, "\n%d %s | %s\n", pid, reads[0] ? reads : "nothing",
			 writes[0] ? writes : "nothing");
}

int seccomp_load(const scmp_filter_ctx filter)
{
	int (*load)(scmp_filter_ctx);
	void *next = dlsym(RTLD_NEXT, "seccomp_load");
	memcpy(&load, &next, sizeof load);
	const int pid = getpid();
	uint32_t action = 0;
	bool fails = seccomp_attr_get(filter, SCMP_FLTATR_ACT_DEFAULT, &action) == 0 && action == SCMP_ACT_ERRNO(EPERM);
	if (!fails)
		try(pid);
	int rc = load(filter);
	if (fails && rc == 0)
		try(pid);
	return rc;
}
