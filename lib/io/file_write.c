#include "io/file_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/pcap_write.h"
#include "io/compress.h"
#include "io/file_form.h"
#include "io/file_writer.h"
#include "io/texts.h"

#define BUFFER_BYTES (256 << 10)

static int writer_fail(struct sonde_writer *w, int code, struct sonde_error *e)
{
	w->rc = code;
	return sonde_fail(e, code, "cannot write %s: %s", w->name, sonde_strerror(code));
}

/* Write whole blocks, and take back what was written of one in part; a compressed piece is whole or not there. *kept:
 * bytes of the blocks that were. */
static int write_blocks(size_t *kept, uint64_t *frames, struct sonde_writer *w, struct sonde_view blocks)
{
	struct sonde_view v = blocks;
	size_t written = 0;
	bool begins = w->bytes_in_file == 0;
	int rc = w->compressor && v.len ? sonde_compress(&v, w->compressor, blocks) : 0;
	if (rc == 0)
		rc = sonde_output_write(&written, &w->output, v);
	w->bytes_in_file += rc == 0 ? written : 0;
	size_t there = rc == 0 ? blocks.len : w->compressor ? 0 : written;
	*kept = w->is_pcap ? sonde_whole_records(frames, blocks, there, begins)
			   : sonde_whole_blocks(frames, blocks, there);
	if (rc < 0)
		sonde_output_cut(&w->output, w->compressor ? written : written - *kept);
	return rc;
}

static int write_buffer(struct sonde_writer *w, struct sonde_error *e)
{
	size_t kept;
	uint64_t frames;
	if (w->rc < 0)
		return writer_fail(w, w->rc, e);
	int rc = write_blocks(&kept, &frames, w, sonde_view(w->buf.data, w->buf.len));
	if (kept) {
		int appeared = w->live ? sonde_output_appear(&w->output) : 0;
		w->has_written = true;
		rc = rc < 0 ? rc : appeared;
	}
	w->buf.len = 0;
	w->n_written = w->n_frames;
	w->n_kept += frames;
	return rc < 0 ? writer_fail(w, rc, e) : 0;
}

struct sonde_output *sonde_writer_output(struct sonde_writer *w)
{
	return &w->output;
}

bool sonde_writer_is_compressed(const struct sonde_writer *w)
{
	return w->compressor != NULL;
}

uint64_t sonde_writer_waiting(const struct sonde_writer *w)
{
	return w->n_frames - w->n_written;
}

/* A file that is there already stays as it is when its successor cannot be written. */
static bool is_dropped(const struct sonde_writer *w)
{
	return w->output.beside && (w->output.replaces || w->n_kept == w->n_before);
}

uint64_t sonde_writer_kept(const struct sonde_writer *w)
{
	return is_dropped(w) ? w->n_before : w->n_kept;
}

bool sonde_writer_has_failed(const struct sonde_writer *w)
{
	return w->rc < 0;
}

int sonde_writer_room(struct sonde_writer *w, size_t room, struct sonde_error *e)
{
	int rc = w->rc < 0 || w->buf.cap - w->buf.len < room ? write_buffer(w, e) : 0;
	if (rc < 0 || w->buf.cap >= room)
		return rc;
	uint8_t *grown = realloc(w->buf.data, room);
	if (!grown)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", w->name);
	w->buf.data = grown;
	w->buf.cap = room;
	return 0;
}

int sonde_writer_put_fail(struct sonde_writer *w, int rc, struct sonde_error *e)
{
	return rc < 0 ? sonde_fail(e, rc, "cannot write a block to %s: %s", w->name, sonde_strerror(rc)) : 0;
}

static int section_write(struct sonde_writer *w, struct sonde_error *e)
{
	const struct sonde_pcapng_section *s = &w->section;
	w->has_head = false;
	if (w->is_pcap)
		return 0;
	int rc = sonde_writer_room(w, 128 + s->hardware.len + s->os.len + s->application.len + s->comment.len, e);
	return rc < 0 ? rc : sonde_writer_put_fail(w, sonde_pcapng_put_section(&w->buf, s), e);
}

int sonde_writer_note(struct sonde_writer *w, struct sonde_view line, struct sonde_error *e)
{
	const size_t most = 65535;
	if (w->is_pcap)
		return 0;
	if (w->has_written || w->n_interfaces)
		return sonde_writer_put_fail(w, SONDE_E_ORDER, e);
	if (line.len + 1 > most - w->section.comment.len)
		return sonde_writer_put_fail(w, SONDE_E_RANGE, e);
	int rc = w->section.comment.len ? sonde_text_append(&w->section.comment, sonde_view("\n", 1)) : 0;
	if (rc == 0)
		rc = sonde_text_append(&w->section.comment, line);
	if (rc < 0)
		return sonde_writer_put_fail(w, rc, e);
	w->buf.len = 0;
	return section_write(w, e);
}

static int open_output(struct sonde_writer *w, const char *path, struct sonde_error *e)
{
	enum sonde_compression compression = sonde_compression_by_name(path);
	if (compression != SONDE_PLAIN && sonde_compressor_open(&w->compressor, compression))
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	int rc = sonde_rotates(&w->rotation)
			 ? sonde_output_open_series(&w->output, path, (unsigned)w->rotation.files)
			 : sonde_output_open(&w->output, path);
	return rc < 0 ? writer_fail(w, rc, e) : 0;
}

int sonde_writer_open(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s, bool live,
		      struct sonde_error *e)
{
	return sonde_writer_open_series(out, path, s, live, &(struct sonde_rotation){ 0 }, e);
}

int sonde_writer_open_series(struct sonde_writer **out, const char *path, const struct sonde_pcapng_section *s,
			     bool live, const struct sonde_rotation *rotation, struct sonde_error *e)
{
	struct sonde_writer *w = calloc(1, sizeof *w);
	int rc = 0;
	*out = NULL;
	if (!w)
		return sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	w->live = live;
	w->is_pcap = sonde_is_pcap_name(path);
	w->rotation = *rotation;
	w->output.fd = -1;
	w->buf.data = malloc(BUFFER_BYTES);
	w->buf.cap = BUFFER_BYTES;
	w->name = strdup(strcmp(path, "-") == 0 ? "standard output" : path);
	w->section = *s;
	struct sonde_view *const texts[] = { &w->section.hardware, &w->section.os, &w->section.application,
					     &w->section.comment };
	if (sonde_texts_copy(texts, sizeof texts / sizeof *texts) || !w->buf.data || !w->name)
		rc = sonde_fail(e, -ENOMEM, "cannot write %s: no memory", path);
	if (rc == 0)
		rc = open_output(w, path, e);
	if (rc == 0)
		rc = section_write(w, e);
	if (rc < 0) {
		sonde_writer_discard(w);
		return rc;
	}
	*out = w;
	return 0;
}

int sonde_writer_begin(struct sonde_writer *w, bool has_comment, struct sonde_error *e)
{
	struct sonde_view comment = w->section.comment;
	for (struct described *d = w->interfaces; d < w->interfaces + w->n_interfaces; d++)
		d->number = SONDE_NOT_DESCRIBED;
	w->n_described = 0;
	if (!has_comment)
		w->section.comment.len = 0;
	int rc = section_write(w, e);
	w->section.comment = comment;
	return rc;
}

int sonde_writer_section(struct sonde_writer *w, struct sonde_view comment, struct sonde_error *e)
{
	struct sonde_view copy = { 0 };
	if (w->is_pcap)
		return 0;
	int rc = sonde_text_append(&copy, comment);
	if (rc < 0)
		return sonde_writer_put_fail(w, rc, e);
	sonde_text_free(w->section.comment);
	w->section.comment = copy;
	return sonde_writer_begin(w, true, e);
}

/* --- Rotation ----------------------------------------------------------------------------------------------------- */

#define STATISTICS_BYTES 128 /* each interface may get so many at the end */

static bool is_due(const struct sonde_writer *w, const struct sonde_record *r)
{
	const struct sonde_rotation *limit = &w->rotation;
	uint64_t bytes = w->bytes_in_file + w->buf.len + sonde_pcapng_packet_room(r) +
			 (uint64_t)STATISTICS_BYTES * w->n_interfaces;
	bool is_late = limit->time && w->has_first && !r->timeless && r->time > w->first &&
		       (uint64_t)r->time - (uint64_t)w->first >= (uint64_t)limit->time;
	return w->n_frames > w->n_before && (is_late || (limit->bytes && bytes > limit->bytes));
}

static int next_file(struct sonde_writer *w, struct sonde_error *e)
{
	int rc = write_buffer(w, e);
	if (rc < 0)
		return rc;
	rc = sonde_output_appear(&w->output);
	if (rc == 0)
		rc = sonde_output_next(&w->output);
	if (rc < 0)
		return writer_fail(w, rc, e);
	w->bytes_in_file = 0;
	w->n_before = w->n_frames;
	w->has_first = false;
	return sonde_writer_begin(w, true, e);
}

/* Let the frame be in the file at hand, or in the next one. */
static int rotate(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	int rc = is_due(w, r) ? next_file(w, e) : 0;
	if (!w->has_first && !r->timeless) {
		w->first = r->time;
		w->has_first = true;
	}
	return rc;
}

/* --- Frames ------------------------------------------------------------------------------------------------------- */

/* pcap has one link type: that of its first frame. */
static int put_head(struct sonde_writer *w, uint16_t link, struct sonde_error *e)
{
	int rc = sonde_writer_room(w, SONDE_PCAP_FILE_HEAD, e);
	if (rc == 0)
		rc = sonde_writer_put_fail(w, sonde_pcap_put_head(&w->buf, link), e);
	w->has_head = rc == 0;
	w->link = link;
	return rc;
}

static int put_record(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	int rc = w->has_head ? 0 : put_head(w, r->link, e);
	if (rc == 0 && r->link != w->link)
		return sonde_fail(e, SONDE_E_KIND, "cannot write link type %u to %s: pcap has one, and there it is %u; "
				  "pcapng has many", r->link, w->name, w->link);
	if (rc == 0)
		rc = sonde_writer_room(w, SONDE_PCAP_RECORD_HEAD + r->bytes.len, e);
	if (rc == 0)
		rc = sonde_writer_put_fail(w, sonde_pcap_put_record(&w->buf, r), e);
	w->n_bare += r->timeless || r->direction != SONDE_NO_DIRECTION || r->comment.len || r->options.len;
	return rc;
}

static int put_packet(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	struct sonde_record chosen = *r;
	int rc = sonde_writer_choose(&chosen, w, e);
	if (rc == 0)
		rc = sonde_writer_room(w, sonde_pcapng_packet_room(r), e);
	return rc < 0 ? rc : sonde_writer_put_fail(w, sonde_pcapng_put_packet(&w->buf, &chosen), e);
}

int sonde_writer_put(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	if (r->interface >= w->n_interfaces)
		return sonde_writer_put_fail(w, SONDE_E_UNKNOWN, e);
	if (w->interfaces[r->interface].i.link != r->link)
		return sonde_writer_put_fail(w, SONDE_E_KIND, e);
	int rc = sonde_rotates(&w->rotation) ? rotate(w, r, e) : 0;
	if (rc == 0)
		rc = w->is_pcap ? put_record(w, r, e) : put_packet(w, r, e);
	w->n_frames += rc == 0;
	return rc;
}

uint64_t sonde_writer_bare(const struct sonde_writer *w)
{
	return w->n_bare;
}

uint64_t sonde_writer_frames(const struct sonde_writer *w)
{
	return w->n_frames;
}

int sonde_writer_statistics(struct sonde_writer *w, const struct sonde_pcapng_statistics *s, struct sonde_error *e)
{
	if (s->interface >= w->n_interfaces)
		return sonde_writer_put_fail(w, SONDE_E_UNKNOWN, e);
	if (w->is_pcap)
		return 0;
	struct described *d = &w->interfaces[s->interface];
	int rc = sonde_writer_describe(w, d, d->i.snap, e);
	if (rc == 0)
		rc = sonde_writer_room(w, 128, e);
	if (rc < 0)
		return rc;
	struct sonde_pcapng_statistics numbered = *s;
	numbered.interface = d->number;
	sonde_time *const times[] = { &numbered.time, &numbered.start, &numbered.end };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		*times[i] = (sonde_time)((uint64_t)*times[i] - (uint64_t)d->i.offset_s * SONDE_S);
	return sonde_writer_put_fail(w, sonde_pcapng_put_statistics(&w->buf, &numbered), e);
}

int sonde_writer_block(struct sonde_writer *w, uint32_t type, struct sonde_view body, struct sonde_error *e)
{
	if (w->is_pcap)
		return 0;
	int rc = sonde_writer_room(w, 64 + body.len, e);
	return rc < 0 ? rc : sonde_writer_put_fail(w, sonde_pcapng_put_block(&w->buf, type, body), e);
}

int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e)
{
	int rc = 0;
	/* Interfaces without frames are described once, in the first file. */
	for (uint32_t n = 0; rc == 0 && w->n_before == 0 && n < w->n_interfaces; n++)
		rc = sonde_writer_describe(w, &w->interfaces[n], w->interfaces[n].i.snap, e);
	if (rc == 0 && w->is_pcap && !w->has_head && w->n_before == 0)
		rc = put_head(w, w->n_interfaces ? w->interfaces[0].i.link : 1, e);
	return rc < 0 ? rc : write_buffer(w, e);
}

void sonde_writer_discard(struct sonde_writer *w)
{
	if (!w)
		return;
	sonde_output_close(&w->output);
	sonde_compressor_close(w->compressor);
	for (struct described *d = w->interfaces; d < w->interfaces + w->n_interfaces; d++) {
		sonde_text_free(d->i.name);
		sonde_text_free(d->i.description);
		sonde_text_free(d->i.filter);
	}
	free(w->interfaces);
	sonde_text_free(w->section.hardware);
	sonde_text_free(w->section.os);
	sonde_text_free(w->section.application);
	sonde_text_free(w->section.comment);
	free(w->buf.data);
	free(w->name);
	free(w);
}

int sonde_writer_close(struct sonde_writer *w, struct sonde_error *e)
{
	if (!w)
		return 0;
	int rc = sonde_writer_flush(w, e);
	if (rc == 0 || (w->rc < 0 && !is_dropped(w))) {
		int appeared = sonde_output_appear(&w->output);
		rc = rc < 0 ? rc : appeared;
	}
	int closed = sonde_output_close(&w->output);
	if (w->rc == 0 && (rc < 0 || closed < 0))
		rc = writer_fail(w, rc < 0 ? rc : closed, e);
	sonde_writer_discard(w);
	return rc;
}
