/* What is given up stays given up; clocks go on. */
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/clock.h"
#include "io/privilege.h"
#include "tests/unit/io_netns.h"

/* The exit status of a child that gives its privileges up and then runs check. */
static int status_without_privileges(int (*check)(void))
{
	int status = -1;
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		_exit(sonde_privilege_drop(0, NULL) < 0 ? 100 : check());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int nothing_is_left(void)
{
	if (sonde_privilege_has_raw())
		return 1;
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return 2;
	if (socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0) >= 0 || errno != EPERM)
		return 3;
	/* A program run by root would otherwise have all of root's again. */
	return system("! grep -q '^Cap[EP][a-z]*:.*[1-9a-f]' /proc/self/status") == 0 ? 0 : 4;
}

static void privileges_are_given_up_for_good(void **state)
{
	(void)state;
	if (!netns_enter())
		UNIT_SKIP("no network namespace may be made here");
	assert_true(sonde_privilege_has_raw());
	assert_int_equal(status_without_privileges(nothing_is_left), 0);
	assert_true(sonde_privilege_has_raw());
}

static void what_is_missing_is_said(void **state)
{
	struct sonde_error e;

	(void)state;
	assert_int_equal(sonde_privilege_missing(&e, "open a raw socket"), -EPERM);
	assert_int_equal(e.code, -EPERM);
	assert_string_equal(e.what, "cannot open a raw socket: need CAP_NET_RAW");
	assert_non_null(strstr(e.hint, "as root"));
	assert_non_null(strstr(e.hint, "setcap cap_net_raw+ep"));
	assert_non_null(strstr(e.hint, "sonde lab run"));
	assert_int_equal(sonde_privilege_missing(NULL, "open a raw socket"), -EPERM);
}

static void clocks_agree_with_the_system(void **state)
{
	sonde_time real = sonde_clock_real(), start = sonde_clock_monotonic();

	(void)state;
	assert_true(llabs(real / SONDE_S - (sonde_time)time(NULL)) <= 1);
	nanosleep(&(struct timespec){ .tv_nsec = 5 * SONDE_MS }, NULL);
	sonde_time took = sonde_clock_monotonic() - start;
	assert_true(took >= 5 * SONDE_MS && took < 5 * SONDE_S);
}

int main(void)
{
	static struct unit u;

	UNIT_TEST(&u, privileges_are_given_up_for_good);
	UNIT_TEST(&u, what_is_missing_is_said);
	UNIT_TEST(&u, clocks_agree_with_the_system);
	return unit_run(&u, "io-privilege");
}
