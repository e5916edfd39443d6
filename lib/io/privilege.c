#include "io/privilege.h"

#include <errno.h>
#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base/text.h"

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

#define NOBODY 65534

static bool read_id(uint64_t *out, const char *name)
{
	const char *text = getenv(name);
	return text && sonde_uint_parse(out, text, strlen(text)) == 0 && *out < NOBODY;
}

bool sonde_privilege_user(uid_t *uid, gid_t *gid)
{
	uint64_t user, group;
	if (geteuid() != 0 || !read_id(&user, "SUDO_UID") || !read_id(&group, "SUDO_GID") || !user)
		return false;
	*uid = (uid_t)user;
	*gid = (gid_t)group;
	return true;
}

/* The kernel takes the capabilities over files away while the id is not 0. */
void sonde_privilege_as_user(bool as_user)
{
	uid_t uid;
	gid_t gid;
	if (!sonde_privilege_user(&uid, &gid))
		return;
	setfsgid(as_user ? gid : getegid());
	setfsuid(as_user ? uid : geteuid());
}

/* The ids are changed as long as they can be. -EINVAL: this namespace has no such id. */
static int change_user(void)
{
	uid_t uid = NOBODY;
	gid_t gid = NOBODY;
	sonde_privilege_user(&uid, &gid);
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return -errno;
	if (setresgid(gid, gid, gid) < 0 && errno != EINVAL)
		return -errno;
	return setresuid(uid, uid, uid) < 0 && errno != EINVAL ? -errno : 0;
}

/* Without CAP_SETPCAP the bounding set stays; no_new_privs makes it of no use. */
static void bound(uint64_t keep)
{
	for (int cap = 0; prctl(PR_CAPBSET_READ, cap, 0, 0, 0) >= 0; cap++)
		if (!(keep & SONDE_PRIVILEGE_KEEP(cap)))
			prctl(PR_CAPBSET_DROP, cap, 0, 0, 0);
}

/* Those of keep that this process has. This empties the ambient set, too: the kernel keeps it within permitted and
 * inheritable. */
static int reduce(uint64_t keep)
{
	cap_t now = cap_get_proc(), few = cap_init();
	int rc = now && few ? 0 : -ENOMEM;
	for (int cap = 0; !rc && cap < 64; cap++) {
		cap_value_t value = cap;
		cap_flag_value_t has = CAP_CLEAR;
		if (!(keep & SONDE_PRIVILEGE_KEEP(cap)) || cap_get_flag(now, value, CAP_PERMITTED, &has) < 0 || !has)
			continue;
		cap_set_flag(few, CAP_PERMITTED, 1, &value, CAP_SET);
		cap_set_flag(few, CAP_EFFECTIVE, 1, &value, CAP_SET);
	}
	if (!rc && cap_set_proc(few) < 0)
		rc = -errno;
	cap_free(now);
	cap_free(few);
	return rc;
}

int sonde_privilege_drop(uint64_t keep, struct sonde_error *e)
{
	int rc = 0;
	bound(keep);
	if (geteuid() == 0) {
		prctl(PR_SET_KEEPCAPS, keep != 0, 0, 0, 0);
		rc = change_user();
	}
	if (!rc)
		rc = reduce(keep);
	if (!rc && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		rc = -errno;
	return rc ? sonde_fail(e, rc, "cannot give up privileges: %s", strerror(-rc)) : 0;
}
