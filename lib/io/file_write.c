#include "io/file_write.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KEPT_BACK (256 << 10) /* written at once */

struct sonde_writer {
	int fd;
	int rc; /* the refusal that ended the writing */
	char *path;
	struct sonde_buf buf;
	struct sonde_pcapng_section section; /* all of buf until something follows it; its texts are ours */
	bool section_left;                   /* something does, or it was handed over */
	struct described {
		char *name;
		size_t name_len;
		uint16_t link;
	} *interfaces;
	uint32_t n_interfaces;
	uint64_t n_frames;
};

static int writer_fail(struct sonde_writer *w, int code, struct sonde_error *e)
{
	w->rc = code;
	return sonde_fail(e, code, "cannot write %s: %s", w->path, sonde_strerror(code));
}

static int write_whole(int fd, struct sonde_view v)
{
	while (v.len) {
		ssize_t n = write(fd, v.data, v.len);
		if (n < 0 && errno == EAGAIN) /* somebody else's pipe may not wait by itself */
			n = poll(&(struct pollfd){ .fd = fd, .events = POLLOUT }, 1, -1) < 0 ? -1 : 0;
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			v = sonde_view_sub(v, (size_t)n, v.len);
	}
	return 0;
}

int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e)
{
	if (w->rc < 0)
		return writer_fail(w, w->rc, e);
	int rc = write_whole(w->fd, sonde_view(w->buf.data, w->buf.len));
	w->section_left |= w->buf.len > 0;
	w->buf.len = 0;
	return rc < 0 ? writer_fail(w, rc, e) : 0;
}

/* Have room for a block of `room` bytes, by writing what there is, and by a larger buffer for a block that needs it. */
static int writer_room(struct sonde_writer *w, size_t room, struct sonde_error *e)
{
	int rc = w->rc < 0 || w->buf.cap - w->buf.len < room ? sonde_writer_flush(w, e) : 0;
	if (rc < 0 || w->buf.cap >= room)
		return rc;
	uint8_t *grown = realloc(w->buf.data, room);
	if (!grown)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", w->path);
	w->buf.data = grown;
	w->buf.cap = room;
	return 0;
}

static int put_fail(struct sonde_writer *w, int rc, struct sonde_error *e)
{
	return rc < 0 ? sonde_fail(e, rc, "cannot write a block to %s: %s", w->path, sonde_strerror(rc)) : 0;
}

static int section_write(struct sonde_writer *w, struct sonde_error *e)
{
	const struct sonde_pcapng_section *s = &w->section;
	int rc = writer_room(w, 128 + s->hardware.len + s->os.len + s->application.len + s->comment.len, e);
	return rc < 0 ? rc : put_fail(w, sonde_pcapng_put_section(&w->buf, s), e);
}

/* Put a copy of v behind the bytes that text has, which are ours. */
static int text_append(struct sonde_view *text, struct sonde_view v)
{
	uint8_t *grown = realloc((uint8_t *)(uintptr_t)text->data, text->len + v.len + 1);
	if (!grown)
		return -ENOMEM;
	if (v.len)
		memcpy(grown + text->len, v.data, v.len);
	*text = sonde_view(grown, text->len + v.len);
	return 0;
}

static int section_copy(struct sonde_writer *w, const struct sonde_pcapng_section *s)
{
	int rc = text_append(&w->section.hardware, s->hardware);
	if (rc == 0)
		rc = text_append(&w->section.os, s->os);
	if (rc == 0)
		rc = text_append(&w->section.application, s->application);
	return rc == 0 ? text_append(&w->section.comment, s->comment) : rc;
}

static void section_free(struct sonde_pcapng_section *s)
{
	struct sonde_view texts[] = { s->hardware, s->os, s->application, s->comment };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		free((uint8_t *)(uintptr_t)texts[i].data);
}

int sonde_writer_note(struct sonde_writer *w, struct sonde_view line, struct sonde_error *e)
{
	const size_t most = 65535;
	if (w->section_left || w->n_interfaces)
		return put_fail(w, SONDE_E_ORDER, e);
	if (line.len + 1 > most - w->section.comment.len)
		return put_fail(w, SONDE_E_RANGE, e);
	int rc = w->section.comment.len ? text_append(&w->section.comment, sonde_view("\n", 1)) : 0;
	if (rc == 0)
		rc = text_append(&w->section.comment, line);
	if (rc < 0)
		return put_fail(w, rc, e);
	w->buf.len = 0;
	return section_write(w, e);
}

int sonde_writer_open(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s,
	struct sonde_error *e)
{
	struct sonde_writer *w = calloc(1, sizeof *w);
	int rc = 0;
	*out = NULL;
	if (!w)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	w->fd = -1;
	w->buf.data = malloc(KEPT_BACK);
	w->buf.cap = KEPT_BACK;
	w->path = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	if (!w->buf.data || !w->path || section_copy(w, s))
		rc = sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	if (rc == 0) {
		w->fd = strcmp(path, "-") == 0 ? STDOUT_FILENO
			: open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
		rc = w->fd < 0 ? writer_fail(w, -errno, e) : section_write(w, e);
	}
	if (rc < 0) {
		w->buf.len = 0;
		sonde_writer_close(w, NULL);
		return rc;
	}
	*out = w;
	return 0;
}

static int interface_remember(struct sonde_writer *w, const struct sonde_pcapng_interface *i)
{
	struct described *grown = reallocarray(w->interfaces, w->n_interfaces + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	w->interfaces = grown;
	struct described new = { malloc(i->name.len + 1), i->name.len, i->link };
	if (!new.name)
		return -ENOMEM;
	if (i->name.len)
		memcpy(new.name, i->name.data, i->name.len);
	w->interfaces[w->n_interfaces] = new;
	return 0;
}

int sonde_writer_interface(uint32_t *number, struct sonde_writer *w, const struct sonde_pcapng_interface *i,
	struct sonde_error *e)
{
	for (uint32_t n = 0; n < w->n_interfaces; n++) {
		const struct described *known = &w->interfaces[n];
		if (known->link == i->link && sonde_view_equal(sonde_view(known->name, known->name_len), i->name)) {
			*number = n;
			return 0;
		}
	}
	int rc = writer_room(w, 128 + i->name.len + i->description.len + i->filter.len, e);
	if (rc < 0)
		return rc;
	rc = interface_remember(w, i);
	if (rc < 0)
		return put_fail(w, rc, e);
	rc = sonde_pcapng_put_interface(&w->buf, i);
	if (rc < 0) {
		free(w->interfaces[w->n_interfaces].name);
		return put_fail(w, rc, e);
	}
	*number = w->n_interfaces++;
	return 0;
}

int sonde_writer_put(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	if (r->interface >= w->n_interfaces)
		return put_fail(w, SONDE_E_UNKNOWN, e);
	if (w->interfaces[r->interface].link != r->link)
		return put_fail(w, SONDE_E_KIND, e);
	int rc = writer_room(w, sonde_pcapng_packet_room(r), e);
	if (rc == 0)
		rc = put_fail(w, sonde_pcapng_put_packet(&w->buf, r), e);
	w->n_frames += rc == 0;
	return rc;
}

uint64_t sonde_writer_frames(const struct sonde_writer *w)
{
	return w->n_frames;
}

int sonde_writer_statistics(struct sonde_writer *w, const struct sonde_pcapng_statistics *s, struct sonde_error *e)
{
	if (s->interface >= w->n_interfaces)
		return put_fail(w, SONDE_E_UNKNOWN, e);
	int rc = writer_room(w, 128, e);
	return rc < 0 ? rc : put_fail(w, sonde_pcapng_put_statistics(&w->buf, s), e);
}

int sonde_writer_close(struct sonde_writer *w, struct sonde_error *e)
{
	if (!w)
		return 0;
	int rc = w->fd >= 0 ? sonde_writer_flush(w, e) : 0;
	if (w->fd > STDERR_FILENO && close(w->fd) < 0 && rc == 0)
		rc = writer_fail(w, -errno, e);
	for (uint32_t n = 0; n < w->n_interfaces; n++)
		free(w->interfaces[n].name);
	free(w->interfaces);
	section_free(&w->section);
	free(w->buf.data);
	free(w->path);
	free(w);
	return rc;
}
