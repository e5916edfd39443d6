#include "tools/common/crash.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "io/file_write.h"

#define STACK_BYTES (64u << 10)

static const struct sonde_writer *file;

static const char *name_of(int signo)
{
	switch (signo) {
	case SIGSEGV: return "it read or wrote memory that is not its own (SIGSEGV)";
	case SIGBUS: return "it read or wrote memory that is not there (SIGBUS)";
	case SIGFPE: return "it divided by zero (SIGFPE)";
	case SIGSYS: return "its sandbox forbids the system call number ";
	case SIGILL: return "it ran into bytes that are no code (SIGILL)";
	default: return "a check failed (SIGABRT)";
	}
}

/* Only what is safe in a signal handler: the text functions take no memory and no lock. The handler is gone when it
 * returns: the fault happens again, and ends the program by its signal; so does one more call that is forbidden. */
static void on_crash(int signo, siginfo_t *info, void *context)
{
	char line[400];
	struct sonde_text t = sonde_text(line, sizeof line);
	(void)context;
	sonde_text_str(&t, program_invocation_name);
	sonde_text_str(&t, ": ended: ");
	sonde_text_str(&t, name_of(signo));
	if (signo == SIGSYS)
		sonde_text_uint(&t, (uint64_t)info->si_syscall);
	sonde_text_str(&t, "; damaged or hostile input may be the cause");
	if (file) {
		sonde_text_str(&t, "; packets that -w did not write: ");
		sonde_text_uint(&t, sonde_writer_waiting(file));
	}
	sonde_text_char(&t, '\n');
	ssize_t written = write(STDERR_FILENO, line, t.len);
	(void)written;
	if (signo == SIGSYS)
		getppid();
	/* Sent by somebody, it does not happen again. */
	if (info->si_code <= 0)
		_exit(128 + signo);
}

void crash_catch(const struct sonde_writer *writer)
{
	static const int signals[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGSYS };
	struct sigaction act = { .sa_sigaction = on_crash, .sa_flags = (int)(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND) };
	stack_t stack = { .ss_size = STACK_BYTES, .ss_sp = malloc(STACK_BYTES) };
	file = writer;
	/* A stack that ran over cannot carry the handler. */
	if (stack.ss_sp)
		sigaltstack(&stack, NULL);
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &act, NULL);
}
