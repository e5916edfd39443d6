/* The files that sonde read reads: opened before anything of them is read. */
#include <unistd.h>

#include "tools/common/files.h"
#include "tools/read/read.h"
#include "tools/common/stop.h"

void inputs_open(struct read_options *r)
{
	for (unsigned i = 0; i < r->n_files; i++) {
		r->inputs[i].fd = files_open_fd(r->files[i]);
		r->inputs[i].may_wait = stop_may_wait(r->inputs[i].fd);
		if (r->hex && r->inputs[i].fd > STDIN_FILENO)
			r->inputs[i].stream = fdopen(r->inputs[i].fd, "r");
	}
}

bool inputs_may_wait(const struct read_options *r)
{
	for (unsigned i = 0; i < r->n_files; i++)
		if (r->inputs[i].may_wait)
			return true;
	return false;
}
