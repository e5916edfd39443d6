#include "tools/common/captures.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/file_filter.h"
#include "tools/common/files.h"
#include "tools/common/filter_names.h"
#include "tools/common/message.h"
#include "tools/common/options.h"
#include "tools/common/status.h"
#include "tools/common/stop.h"

#define MOST_FAULTS 10 /* told of one file */

int captures_argument(struct captures *c, const char *arg, bool filter)
{
	size_t len = strlen(arg);
	if (!filter) {
		if (c->n_files == CAPTURES_MAX)
			return option_bad("more than %d files", CAPTURES_MAX);
		c->files[c->n_files++] = arg;
		return 0;
	}
	if (c->filter_len + len + 2 > sizeof c->filter_text)
		return option_bad("the filter is longer than %d characters", CAPTURES_FILTER_MAX);
	if (c->filter_len)
		c->filter_text[c->filter_len++] = ' ';
	memcpy(c->filter_text + c->filter_len, arg, len + 1);
	c->filter_len += len;
	return 0;
}

void captures_open(struct captures *c)
{
	for (unsigned i = 0; i < c->n_files; i++) {
		c->inputs[i].fd = files_open_fd(c->files[i]);
		c->inputs[i].may_wait = stop_may_wait(c->inputs[i].fd);
	}
}

bool captures_may_wait(const struct captures *c)
{
	for (unsigned i = 0; i < c->n_files; i++)
		if (c->inputs[i].may_wait)
			return true;
	return false;
}

int captures_compile(struct captures *c)
{
	struct sonde_error e;
	if (!c->filter_len)
		return 0;
	if (sonde_filter_new(&c->filter, c->filter_text))
		return message_out_of_memory();
	if (!filter_names_prepare_all(c->filter, &e))
		return 0;
	message_error(&e);
	return e.code == SONDE_E_SYNTAX ? STATUS_USAGE : STATUS_SYSTEM;
}

void captures_close(struct captures *c)
{
	sonde_filter_free(c->filter);
	c->filter = NULL;
}

static int open_failed(const struct sonde_error *e)
{
	message_error(e);
	bool damaged = e->code == SONDE_E_TRUNCATED || e->code == SONDE_E_MALFORMED;
	bool system = e->code > -4096 && e->code != -ENOENT && e->code != -EISDIR;
	return damaged ? STATUS_NOT : system ? STATUS_SYSTEM : STATUS_USAGE;
}

/* Read to the end, over damage where that is possible. Returns the exit status. */
static int read_records(struct sonde_reader *r, const struct captures_taker *t)
{
	const struct sonde_record *records;
	struct sonde_error e = { 0 };
	uint64_t faults = 0;
	int status = 0;
	while (!status && !stop_requested()) {
		int got = sonde_reader_batch(&records, r, &e);
		if (got > 0)
			status = t->take(t->arg, records, got);
		/* A file that is stopped within a frame looks cut. */
		if (got == 0 || stop_requested())
			break;
		if (got < 0 && faults++ < MOST_FAULTS) {
			fflush(stdout);
			message_error(&e);
		}
		if (got < 0 && !sonde_reader_goes_on(r))
			break;
	}
	if (faults > MOST_FAULTS)
		message("%llu more places are damaged", (unsigned long long)(faults - MOST_FAULTS));
	status = status == CAPTURES_ENOUGH ? 0 : status;
	return !status && faults ? STATUS_NOT : status;
}

static int tell_unfit_times(const struct sonde_reader *r, const char *path, int status)
{
	uint64_t unfit = sonde_reader_stats(r).unfit_times;
	if (unfit)
		message("%s: frames over 292 years from 1970, which are shown and copied without a time: %llu",
			files_name(path), (unsigned long long)unfit);
	return unfit && !status ? STATUS_NOT : status;
}

int captures_input(struct captures *c, unsigned i)
{
	struct sonde_error e = { 0 };
	int fd = c->inputs[i].fd;
	if (fd >= 0)
		return stop_input(fd, c->inputs[i].may_wait);
	sonde_fail(&e, fd, "cannot read %s: %s", c->files[i], sonde_strerror(fd));
	return -open_failed(&e);
}

int captures_read_one(struct captures *c, unsigned i, int fd, const struct captures_taker *t)
{
	struct sonde_error e = { 0 };
	struct sonde_reader *r;
	int status = 0;
	if (sonde_reader_take_growing(&r, fd, files_name(c->files[i]), c->filter, c->growth, &e)) {
		status = stop_requested() ? 0 : open_failed(&e);
	} else {
		if (t->opened)
			t->opened(t->arg, r);
		status = tell_unfit_times(r, c->files[i], read_records(r, t));
		if (t->opened)
			t->opened(t->arg, NULL);
	}
	sonde_reader_close(r);
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

int captures_read(struct captures *c, const struct captures_taker *t)
{
	int status = 0;
	for (unsigned i = 0; i < c->n_files && status < STATUS_SYSTEM && !stop_requested(); i++) {
		int fd = captures_input(c, i);
		int one = fd < 0 ? -fd : captures_read_one(c, i, fd, t);
		status = one > status ? one : status;
	}
	return status;
}
