/* sonde flows --state-in, --state-out: the flows that are open at the end of a piece of a capture go on in the next. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "flow/state.h"
#include "tools/common/files.h"
#include "tools/common/message.h"
#include "tools/common/status.h"
#include "tools/flows/flows.h"

int flows_output_open(struct flows_output *o, const struct captures *c)
{
	if (!o->path)
		return 0;
	for (unsigned i = 0; i < c->n_files; i++)
		if (!files_is_stdin(c->files[i]) && files_refuse_itself(o->path, c->files[i]))
			return STATUS_USAGE;
	int fd = open(o->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	o->out = fd < 0 ? NULL : fdopen(fd, "w");
	if (!o->out) {
		message_code(-errno, "cannot write %s", o->path);
		return STATUS_SYSTEM;
	}
	/* stdio may not ask in the sandbox how large a buffer the file wants. */
	setvbuf(o->out, o->buffer, _IOFBF, sizeof o->buffer);
	return 0;
}

int flows_output_begin(struct flows_output *o)
{
	if (ftruncate(fileno(o->out), 0) == 0 || errno == EINVAL)
		return 0;
	message_code(-errno, "cannot write %s", o->path);
	return STATUS_SYSTEM;
}

int flows_output_end(struct flows_output *o)
{
	bool failed = ferror(o->out) != 0;
	errno = 0;
	if (fflush(o->out) == 0 && !failed)
		return 0;
	message_code(errno ? -errno : -EIO, "cannot write %s", o->path);
	return STATUS_SYSTEM;
}

void flows_output_close(struct flows_output *o)
{
	if (o->out)
		fclose(o->out);
	o->out = NULL;
}

/* --- The state ---------------------------------------------------------------------------------------------------- */

static int put(void *arg, uint8_t *bytes, size_t len)
{
	return fwrite(bytes, 1, len, arg) == len ? 0 : errno ? -errno : -EIO;
}

static int get(void *arg, uint8_t *bytes, size_t len)
{
	errno = 0;
	if (fread(bytes, 1, len, arg) == len)
		return 0;
	return ferror(arg) ? errno ? -errno : -EIO : SONDE_E_TRUNCATED;
}

/* What the run itself goes on with. */
static void code_run(struct sonde_saved *s, struct flows_progress *p, struct flow_names *names)
{
	uint8_t any = p->any;
	sonde_saved_u64(s, &p->n_frames);
	sonde_saved_time(s, &p->first);
	sonde_saved_u8(s, &any);
	p->any = any;
	flow_names_state(s, names);
}

int flows_state_open(struct flows_options *f)
{
	if (f->state_in && files_is_stdin(f->state_in)) {
		message("--state-in: a file, not standard input");
		return STATUS_USAGE;
	}
	f->state_from = f->state_in ? files_open(f->state_in) : NULL;
	if (f->state_in && !f->state_from)
		return STATUS_USAGE;
	if (f->state_from)
		setvbuf(f->state_from, f->state_buffer, _IOFBF, sizeof f->state_buffer);
	return flows_output_open(&f->state_out, &f->captures);
}

int flows_state_load(struct flows_options *f, struct flows_progress *p, struct sonde_flows *t)
{
	static struct sonde_saved s;
	if (!f->state_from)
		return 0;
	sonde_saved_begin_load(&s, get, f->state_from);
	code_run(&s, p, f->names);
	sonde_flows_state(&s, t);
	int err = sonde_saved_end(&s);
	files_close(f->state_from);
	f->state_from = NULL;
	if (!err)
		return 0;
	if (err == -ENOMEM)
		return message_out_of_memory();
	if (err > -4096)
		message_code(err, "--state-in: cannot read %s", f->state_in);
	else
		message("--state-in: %s cannot be gone on with: %s", f->state_in, s.reason);
	return err > -4096 ? STATUS_SYSTEM : STATUS_USAGE;
}

int flows_state_save(struct flows_options *f, struct flows_progress *p, struct sonde_flows *t)
{
	static struct sonde_saved s;
	int status = flows_output_begin(&f->state_out);
	if (status)
		return status;
	sonde_saved_begin_save(&s, put, f->state_out.out);
	code_run(&s, p, f->names);
	sonde_flows_state(&s, t);
	int err = sonde_saved_end(&s);
	if (err > -4096)
		return flows_output_end(&f->state_out);
	message("--state-out: cannot save the open flows: %s", s.reason);
	return STATUS_SYSTEM;
}
