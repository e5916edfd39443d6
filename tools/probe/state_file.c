#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/output.h"
#include "io/privilege.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/sandbox.h"
#include "tools/common/status.h"
#include "tools/probe/state.h"

enum request { BEGIN = 1, REPLACE };

/* What another run left beside the file when it was killed is in the way. */
static int begin(int *fd, const struct state_file *f)
{
	unlink(f->beside);
	*fd = open(f->beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, f->mode);
	if (*fd < 0)
		return -errno;
	/* Only root can give a file away. */
	return fchown(*fd, f->uid, f->gid) == 0 || errno == EPERM ? 0 : -errno;
}

static int replace(const struct state_file *f)
{
	return rename(f->beside, f->target) < 0 ? -errno : 0;
}

/* --- The process beside the sandbox ------------------------------------------------------------------------------ */

static void serve(int channel, void *arg)
{
	const struct state_file *f = arg;
	const struct sandbox sandbox = { .name = "broker-files",
					 .keep = SONDE_PRIVILEGE_KEEP(CAP_DAC_OVERRIDE) |
						 SONDE_PRIVILEGE_KEEP(CAP_FOWNER) | SONDE_PRIVILEGE_KEEP(CAP_CHOWN),
					 .output = f->target,
					 .writes = true };
	uint8_t request;
	umask(0);
	if (f->has_sandbox && sandbox_apply(NULL, &sandbox, NULL))
		return;
	while (channel_next(channel, &request, sizeof request) > 0) {
		int fd = -1, code = request == BEGIN ? begin(&fd, f) : request == REPLACE ? replace(f) : -EINVAL;
		channel_answer(channel, &code, sizeof code, fd);
		if (fd >= 0)
			close(fd);
	}
	unlink(f->beside);
}

static int ask(int *fd, struct state_file *f, uint8_t request)
{
	int code;
	int rc = channel_ask(&f->channel, &request, sizeof request, &code, sizeof code, fd);
	return rc ? rc : code;
}

int state_file_begin(int *fd, struct state_file *f)
{
	int rc = ask(fd, f, BEGIN);
	return rc || *fd >= 0 ? rc : -EMFILE;
}

int state_file_replace(struct state_file *f)
{
	return ask(NULL, f, REPLACE);
}

/* --- Opening ----------------------------------------------------------------------------------------------------- */

static int refuse(const char *name, int code)
{
	message_code(code, "--resume: cannot write %s", files_name(name));
	return STATUS_SYSTEM;
}

/* A new file is there at once, and empty: who may not write it learns so before anything is sent. */
static int settle_target(struct state_file *f)
{
	struct sonde_output out;
	struct stat file;
	int rc = sonde_output_open(&out, f->name);
	if (rc)
		return refuse(f->name, rc);
	if (!out.beside) {
		message("--resume: %s is no file in a directory where another can be written beside it", f->name);
		sonde_output_close(&out);
		return STATUS_USAGE;
	}
	f->target = strdup(out.target);
	if (stat(out.target, &file) < 0)
		rc = errno == ENOENT ? sonde_output_appear(&out) : -errno;
	if (!rc && (!f->target || asprintf(&f->beside, "%s.new", f->target) < 0)) {
		f->beside = NULL;
		rc = -ENOMEM;
	}
	if (!rc && stat(f->target, &file) < 0)
		rc = -errno;
	sonde_output_close(&out);
	f->uid = file.st_uid;
	f->gid = file.st_gid;
	f->mode = file.st_mode & 0777;
	f->is_empty = !file.st_size;
	return rc ? refuse(f->name, rc) : 0;
}

int state_file_open(struct state_file *f, const char *name, const struct options *o)
{
	f->name = name;
	if (files_is_stdin(name)) {
		message("--resume: a file, not standard input");
		return STATUS_USAGE;
	}
	int status = settle_target(f);
	if (status)
		return status;
	if (!f->is_empty) {
		f->in = files_open(name);
		if (!f->in)
			return STATUS_SYSTEM;
		/* It is read in the sandbox, where stdio may not ask how large a buffer the file wants. */
		setvbuf(f->in, f->buffer, _IOFBF, sizeof f->buffer);
	}
	f->has_sandbox = sandbox_wanted(&status, o);
	if (status)
		return status;
	int rc = channel_start(&f->channel, "sonde-state", serve, f);
	if (!rc)
		return 0;
	message_code(rc, "cannot start the process that writes %s", name);
	return STATUS_SYSTEM;
}

void state_file_close(struct state_file *f)
{
	channel_stop(&f->channel);
	if (f->in)
		files_close(f->in);
	free(f->target);
	free(f->beside);
	f->in = NULL;
	f->target = f->beside = NULL;
}
