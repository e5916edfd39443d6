#include "io/file_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "io/output.h"

#define BUFFER_BYTES (256 << 10)

struct sonde_writer {
	struct sonde_output output;
	bool live;
	int rc;     /* of the write that failed */
	char *name; /* for messages */
	struct sonde_buf buf;
	struct sonde_pcapng_section section; /* its texts are ours */
	bool has_written;                    /* the section at least */
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
	return sonde_fail(e, code, "cannot write %s: %s", w->name, sonde_strerror(code));
}

/* How many of the first n bytes of v are whole blocks: a block has its length at its fifth byte. */
static size_t whole_blocks(struct sonde_view v, size_t n)
{
	size_t end = 0, next = 0;
	while (next <= n) {
		end = next;
		if (v.len - end < 8)
			break;
		const uint8_t *p = v.data + end + 4;
		next += (size_t)p[0] | (size_t)p[1] << 8 | (size_t)p[2] << 16 | (size_t)p[3] << 24;
	}
	return end;
}

int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e)
{
	struct sonde_view v = sonde_view(w->buf.data, w->buf.len);
	size_t written;
	if (w->rc < 0)
		return writer_fail(w, w->rc, e);
	int rc = sonde_output_write(&written, &w->output, v);
	size_t whole = rc < 0 ? whole_blocks(v, written) : written;
	sonde_output_cut(&w->output, written - whole);
	if (whole) {
		int appeared = w->live ? sonde_output_appear(&w->output) : 0;
		w->has_written = true;
		rc = rc < 0 ? rc : appeared;
	}
	w->buf.len = 0;
	return rc < 0 ? writer_fail(w, rc, e) : 0;
}

bool sonde_writer_has_failed(const struct sonde_writer *w)
{
	return w->rc < 0;
}

/* Make room for a block of `room` bytes: by a flush, and by a larger buffer if the block needs it. */
static int make_room(struct sonde_writer *w, size_t room, struct sonde_error *e)
{
	int rc = w->rc < 0 || w->buf.cap - w->buf.len < room ? sonde_writer_flush(w, e) : 0;
	if (rc < 0 || w->buf.cap >= room)
		return rc;
	uint8_t *grown = realloc(w->buf.data, room);
	if (!grown)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", w->name);
	w->buf.data = grown;
	w->buf.cap = room;
	return 0;
}

static int put_fail(struct sonde_writer *w, int rc, struct sonde_error *e)
{
	return rc < 0 ? sonde_fail(e, rc, "cannot write a block to %s: %s", w->name, sonde_strerror(rc)) : 0;
}

static int section_write(struct sonde_writer *w, struct sonde_error *e)
{
	const struct sonde_pcapng_section *s = &w->section;
	int rc = make_room(w, 128 + s->hardware.len + s->os.len + s->application.len + s->comment.len, e);
	return rc < 0 ? rc : put_fail(w, sonde_pcapng_put_section(&w->buf, s), e);
}

/* Append a copy of v to a text that is ours. */
static int append(struct sonde_view *text, struct sonde_view v)
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
	int rc = append(&w->section.hardware, s->hardware);
	if (rc == 0)
		rc = append(&w->section.os, s->os);
	if (rc == 0)
		rc = append(&w->section.application, s->application);
	return rc == 0 ? append(&w->section.comment, s->comment) : rc;
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
	if (w->has_written || w->n_interfaces)
		return put_fail(w, SONDE_E_ORDER, e);
	if (line.len + 1 > most - w->section.comment.len)
		return put_fail(w, SONDE_E_RANGE, e);
	int rc = w->section.comment.len ? append(&w->section.comment, sonde_view("\n", 1)) : 0;
	if (rc == 0)
		rc = append(&w->section.comment, line);
	if (rc < 0)
		return put_fail(w, rc, e);
	w->buf.len = 0;
	return section_write(w, e);
}

int sonde_writer_open(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s, bool live,
		      struct sonde_error *e)
{
	struct sonde_writer *w = calloc(1, sizeof *w);
	int rc = 0;
	*out = NULL;
	if (!w)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	w->live = live;
	w->output.fd = -1;
	w->buf.data = malloc(BUFFER_BYTES);
	w->buf.cap = BUFFER_BYTES;
	w->name = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	if (!w->buf.data || !w->name || section_copy(w, s))
		rc = sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	if (rc == 0) {
		rc = sonde_output_open(&w->output, path);
		rc = rc < 0 ? writer_fail(w, rc, e) : section_write(w, e);
	}
	if (rc < 0) {
		sonde_writer_discard(w);
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
	int rc = make_room(w, 128 + i->name.len + i->description.len + i->filter.len, e);
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
	int rc = make_room(w, sonde_pcapng_packet_room(r), e);
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
	int rc = make_room(w, 128, e);
	return rc < 0 ? rc : put_fail(w, sonde_pcapng_put_statistics(&w->buf, s), e);
}

void sonde_writer_discard(struct sonde_writer *w)
{
	if (!w)
		return;
	sonde_output_close(&w->output);
	for (uint32_t n = 0; n < w->n_interfaces; n++)
		free(w->interfaces[n].name);
	free(w->interfaces);
	section_free(&w->section);
	free(w->buf.data);
	free(w->name);
	free(w);
}

int sonde_writer_close(struct sonde_writer *w, struct sonde_error *e)
{
	if (!w)
		return 0;
	int rc = sonde_writer_flush(w, e);
	if (rc == 0)
		rc = sonde_output_appear(&w->output);
	int closed = sonde_output_close(&w->output);
	if (w->rc == 0 && (rc < 0 || closed < 0))
		rc = writer_fail(w, rc < 0 ? rc : closed, e);
	sonde_writer_discard(w);
	return rc;
}
