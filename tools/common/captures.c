#include "tools/common/captures.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/file_filter.h"
#include "tools/common/files.h"
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

/* Names in the filter are looked up now. */
static int compile_filter(struct captures *c)
{
	struct sonde_error e;
	if (!c->filter_len)
		return 0;
	if (sonde_filter_new(&c->filter, c->filter_text))
		return message_out_of_memory();
	if (!sonde_filter_prepare_all(c->filter, &e))
		return 0;
	message_error(&e);
	return e.code == SONDE_E_SYNTAX ? STATUS_USAGE : STATUS_SYSTEM;
}

int captures_open(struct captures *c)
{
	int rc = stop_catch();
	if (rc < 0)
		message_code(rc, "cannot catch signals");
	for (unsigned i = 0; i < c->n_files; i++) {
		c->inputs[i].fd = files_open_fd(c->files[i]);
		c->inputs[i].may_wait = stop_may_wait(c->inputs[i].fd);
	}
	return compile_filter(c);
}

void captures_close(struct captures *c)
{
	sonde_filter_free(c->filter);
}

static int open_failed(const struct sonde_error *e)
{
	message_error(e);
	bool damaged = e->code == SONDE_E_TRUNCATED || e->code == SONDE_E_MALFORMED;
	bool system = e->code > -4096 && e->code != -ENOENT && e->code != -EISDIR;
	return damaged ? STATUS_NOT : system ? STATUS_SYSTEM : STATUS_USAGE;
}

/* Read one to its end, over damage where that is possible. Returns the exit status. */
static int read_records(struct captures *c, int (*take)(void *, const struct sonde_record *, int), void *arg)
{
	const struct sonde_record *records;
	struct sonde_error e = { 0 };
	uint64_t faults = 0;
	int status = 0;
	while (!status && !stop_requested()) {
		int got = sonde_reader_batch(&records, c->reader, &e);
		if (got > 0)
			status = take(arg, records, got);
		/* A file that is stopped within a frame looks cut. */
		if (got == 0 || stop_requested())
			break;
		if (got < 0 && faults++ < MOST_FAULTS) {
			fflush(stdout);
			message_error(&e);
		}
		if (got < 0 && !sonde_reader_goes_on(c->reader))
			break;
	}
	if (faults > MOST_FAULTS)
		message("%llu more places are damaged", (unsigned long long)(faults - MOST_FAULTS));
	return !status && faults ? STATUS_NOT : status;
}

static int read_one(struct captures *c, unsigned i, int (*take)(void *, const struct sonde_record *, int), void *arg)
{
	struct sonde_error e = { 0 };
	const char *path = c->files[i];
	int fd = c->inputs[i].fd;
	if (fd < 0) {
		sonde_fail(&e, fd, "cannot read %s: %s", path, sonde_strerror(fd));
		return open_failed(&e);
	}
	fd = stop_input(fd, c->inputs[i].may_wait);
	int status = 0;
	if (sonde_reader_take(&c->reader, fd, files_name(path), c->filter, &e))
		status = stop_requested() ? 0 : open_failed(&e);
	else
		status = read_records(c, take, arg);
	if (c->reader)
		c->unfit_times += sonde_reader_stats(c->reader).unfit_times;
	sonde_reader_close(c->reader);
	c->reader = NULL;
	if (fd != STDIN_FILENO)
		close(fd);
	return status;
}

int captures_read(struct captures *c, int (*take)(void *arg, const struct sonde_record *records, int n), void *arg)
{
	int status = 0;
	for (unsigned i = 0; i < c->n_files && status < STATUS_SYSTEM && !stop_requested(); i++) {
		int one = read_one(c, i, take, arg);
		status = one > status ? one : status;
	}
	return status;
}
