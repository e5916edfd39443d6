#include "io/privilege.h"

#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>

bool sonde_privilege_has_raw(void)
{
	cap_flag_value_t value = CAP_CLEAR;
	cap_t caps = cap_get_proc();
	if (caps && cap_get_flag(caps, CAP_NET_RAW, CAP_EFFECTIVE, &value) < 0)
		value = CAP_CLEAR;
	cap_free(caps);
	return value == CAP_SET;
}

int sonde_privilege_missing(struct sonde_error *e, const char *what)
{
	sonde_fail(e, -EPERM, "cannot %s: need CAP_NET_RAW", what);
	sonde_hint(e, "run as root, give the program the capability (setcap cap_net_raw+ep), or try: sonde lab run");
	return -EPERM;
}

int sonde_privilege_drop(struct sonde_error *e)
{
	int rc = 0;
	cap_t none = cap_init();
	/* This empties the ambient set, too: the kernel keeps it within permitted and inheritable. */
	if (!none || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || cap_set_proc(none) < 0)
		rc = -errno;
	cap_free(none);
	if (rc < 0)
		return sonde_fail(e, rc, "cannot give up privileges: %s", strerror(-rc));
	return 0;
}
