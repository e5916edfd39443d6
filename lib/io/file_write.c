#include "io/file_write.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/order.h"
#include "capture/pcapng_read.h"
#include "io/compress.h"
#include "io/output.h"
#include "io/texts.h"

#define BUFFER_BYTES (256 << 10)
#define EARLY_S      INT64_C(-9223372037) /* an offset, in seconds, before any time */
#define NONE         UINT32_MAX

struct sonde_writer {
	struct sonde_output output;
	struct sonde_compressor *compressor; /* NULL: it is written plain */
	bool live;
	int rc;     /* of the write that failed */
	char *name; /* for messages */
	struct sonde_buf buf;
	struct sonde_pcapng_section section; /* its texts are ours */
	bool has_written;                    /* the section at least */
	uint32_t n_described;                /* interfaces of the section at hand */
	uint32_t first_snap;                 /* of the first of them, as it was described */
	struct described {
		struct sonde_pcapng_interface i; /* its texts are ours */
		uint32_t number;                 /* in the section; NONE before its first frame, whose time
						  * decides on an offset */
		bool is_twin;
		uint32_t twin; /* number of the interface for times that do not fit this one's offset, or 0 */
	} *interfaces;
	uint32_t n_interfaces;
	struct sonde_rotation rotation;
	uint64_t bytes_in_file;
	uint64_t n_before;  /* frames of the files before, and */
	sonde_time first;   /* of this one; only with a frame that has a time: */
	bool has_first;
	uint64_t n_frames;  /* added; of these */
	uint64_t n_written; /* not in the buffer any more, and */
	uint64_t n_kept;    /* in a file */
};

static int writer_fail(struct sonde_writer *w, int code, struct sonde_error *e)
{
	w->rc = code;
	return sonde_fail(e, code, "cannot write %s: %s", w->name, sonde_strerror(code));
}

/* How many of the first n bytes of v are whole blocks, and how many of these are frames. A block begins with its type
 * and its length. */
static size_t whole_blocks(uint64_t *frames, struct sonde_view v, size_t n)
{
	const size_t head = 8;
	size_t end = 0;
	*frames = 0;
	while (v.len - end >= head) {
		const uint8_t *p = v.data + end;
		size_t len = sonde_order_get32(p + 4, false);
		if (len > n - end)
			break;
		uint32_t type = sonde_order_get32(p, false);
		*frames += type == SONDE_PCAPNG_ENHANCED_PACKET || type == SONDE_PCAPNG_SIMPLE_PACKET;
		end += len;
	}
	return end;
}

/* Write whole blocks, and take back what was written of one in part; a compressed piece is whole or not there. *kept:
 * bytes of the blocks that were. */
static int write_blocks(size_t *kept, uint64_t *frames, struct sonde_writer *w, struct sonde_view blocks)
{
	struct sonde_view v = blocks;
	size_t written = 0;
	int rc = w->compressor && v.len ? sonde_compress(&v, w->compressor, blocks) : 0;
	if (rc == 0)
		rc = sonde_output_write(&written, &w->output, v);
	w->bytes_in_file += rc == 0 ? written : 0;
	*kept = whole_blocks(frames, blocks, rc == 0 ? blocks.len : w->compressor ? 0 : written);
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

/* Make room for a block of `room` bytes: by a flush, and by a larger buffer if the block needs it. */
static int make_room(struct sonde_writer *w, size_t room, struct sonde_error *e)
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

int sonde_writer_note(struct sonde_writer *w, struct sonde_view line, struct sonde_error *e)
{
	const size_t most = 65535;
	if (w->has_written || w->n_interfaces)
		return put_fail(w, SONDE_E_ORDER, e);
	if (line.len + 1 > most - w->section.comment.len)
		return put_fail(w, SONDE_E_RANGE, e);
	int rc = w->section.comment.len ? sonde_text_append(&w->section.comment, sonde_view("\n", 1)) : 0;
	if (rc == 0)
		rc = sonde_text_append(&w->section.comment, line);
	if (rc < 0)
		return put_fail(w, rc, e);
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

/* Add an interface, to be described in the file later. */
static int add_interface(struct sonde_writer *w, const struct sonde_pcapng_interface *i, bool is_twin)
{
	struct described *grown = reallocarray(w->interfaces, w->n_interfaces + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	w->interfaces = grown;
	struct described *d = &grown[w->n_interfaces++];
	*d = (struct described){ .i = *i, .number = NONE, .is_twin = is_twin };
	struct sonde_view *const texts[] = { &d->i.name, &d->i.description, &d->i.filter };
	return sonde_texts_copy(texts, sizeof texts / sizeof *texts);
}

int sonde_writer_interface(uint32_t *number, struct sonde_writer *w, const struct sonde_pcapng_interface *i,
			   struct sonde_error *e)
{
	for (uint32_t n = 0; n < w->n_interfaces; n++) {
		const struct described *d = &w->interfaces[n];
		if (d->i.link == i->link && !d->is_twin && sonde_view_equal(d->i.name, i->name)) {
			*number = n;
			return 0;
		}
	}
	/* Try whether it can be written. */
	size_t before = w->buf.len;
	int rc = make_room(w, 128 + i->name.len + i->description.len + i->filter.len, e);
	if (rc < 0)
		return rc;
	before = before < w->buf.len ? before : w->buf.len;
	rc = sonde_pcapng_put_interface(&w->buf, i);
	w->buf.len = before;
	if (rc == 0)
		rc = add_interface(w, i, false);
	*number = w->n_interfaces - 1;
	return put_fail(w, rc, e);
}

/* Describe an interface in the section at hand. */
static int describe(struct sonde_writer *w, struct described *d, uint32_t snap, struct sonde_error *e)
{
	struct sonde_pcapng_interface i = d->i;
	if (d->number != NONE)
		return 0;
	i.snap = snap;
	int rc = make_room(w, 128 + i.name.len + i.description.len + i.filter.len, e);
	if (rc == 0)
		rc = put_fail(w, sonde_pcapng_put_interface(&w->buf, &i), e);
	if (rc < 0)
		return rc;
	if (w->n_described == 0)
		w->first_snap = snap;
	d->number = w->n_described++;
	return 0;
}

/* Interfaces are described anew in a new section. */
static int begin_section(struct sonde_writer *w, bool has_comment, struct sonde_error *e)
{
	struct sonde_view comment = w->section.comment;
	for (struct described *d = w->interfaces; d < w->interfaces + w->n_interfaces; d++)
		d->number = NONE;
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
	int rc = sonde_text_append(&copy, comment);
	if (rc < 0)
		return put_fail(w, rc, e);
	sonde_text_free(w->section.comment);
	w->section.comment = copy;
	return begin_section(w, true, e);
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
	return begin_section(w, true, e);
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

/* A frame without a time needs to be one of the section's first interface, and that to have the snap length that leaves
 * it its bytes. */
static int describe_first(struct sonde_writer *w, struct described *d, const struct sonde_record *r,
			  struct sonde_error *e)
{
	bool cut = r->wire_len > r->bytes.len;
	uint32_t snap = cut ? (uint32_t)r->bytes.len : 0;
	bool fits = w->n_described == 0 || (d->number == 0 && w->first_snap == snap);
	int rc = fits ? 0 : begin_section(w, false, e);
	return rc < 0 ? rc : describe(w, d, snap, e);
}

/* Readers cut the frames of an interface to its snap length, which was set for a frame without a time. */
static int leave_first(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	const struct described *d = &w->interfaces[r->interface];
	bool cuts = d->number == 0 && w->first_snap != d->i.snap && w->first_snap < r->bytes.len;
	return cuts ? begin_section(w, false, e) : 0;
}

/* Times in the file are 64 bits without a sign, behind the interface's offset. */
static bool time_fits(sonde_time t, int64_t offset_s)
{
	uint64_t behind = (uint64_t)t - (uint64_t)offset_s * SONDE_S;
	return offset_s ? t < 0 || behind > (uint64_t)t : t >= 0;
}

/* The interface of a frame gets an offset if the time of its first frame needs one. A time that does not fit goes to a
 * second description of the interface, which has the other offset. */
static int choose_interface(struct sonde_record *r, struct sonde_writer *w, struct sonde_error *e)
{
	struct described *d = &w->interfaces[r->interface];
	if (r->timeless && sonde_pcapng_is_simple(r))
		return describe_first(w, d, r, e);
	if (r->timeless)
		r->time = 0;
	if (d->number == NONE && r->time < 0)
		d->i.offset_s = EARLY_S;
	if (!time_fits(r->time, d->i.offset_s)) {
		struct sonde_pcapng_interface other = d->i;
		other.offset_s = d->i.offset_s ? 0 : EARLY_S;
		int rc = d->twin ? 0 : add_interface(w, &other, true);
		if (rc < 0)
			return put_fail(w, rc, e);
		d = &w->interfaces[r->interface];
		d->twin = d->twin ? d->twin : w->n_interfaces - 1;
		r->interface = d->twin;
	}
	d = &w->interfaces[r->interface];
	int rc = leave_first(w, r, e);
	if (rc == 0)
		rc = describe(w, d, d->i.snap, e);
	r->time = (sonde_time)((uint64_t)r->time - (uint64_t)d->i.offset_s * SONDE_S);
	r->interface = d->number;
	return rc;
}

int sonde_writer_put(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	struct sonde_record chosen = *r;
	if (r->interface >= w->n_interfaces)
		return put_fail(w, SONDE_E_UNKNOWN, e);
	if (w->interfaces[r->interface].i.link != r->link)
		return put_fail(w, SONDE_E_KIND, e);
	int rc = sonde_rotates(&w->rotation) ? rotate(w, r, e) : 0;
	if (rc == 0)
		rc = choose_interface(&chosen, w, e);
	if (rc == 0)
		rc = make_room(w, sonde_pcapng_packet_room(r), e);
	if (rc == 0)
		rc = put_fail(w, sonde_pcapng_put_packet(&w->buf, &chosen), e);
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
	struct described *d = &w->interfaces[s->interface];
	int rc = describe(w, d, d->i.snap, e);
	if (rc == 0)
		rc = make_room(w, 128, e);
	if (rc < 0)
		return rc;
	struct sonde_pcapng_statistics numbered = *s;
	numbered.interface = d->number;
	sonde_time *const times[] = { &numbered.time, &numbered.start, &numbered.end };
	for (size_t i = 0; i < sizeof times / sizeof *times; i++)
		*times[i] = (sonde_time)((uint64_t)*times[i] - (uint64_t)d->i.offset_s * SONDE_S);
	return put_fail(w, sonde_pcapng_put_statistics(&w->buf, &numbered), e);
}

int sonde_writer_block(struct sonde_writer *w, uint32_t type, struct sonde_view body, struct sonde_error *e)
{
	int rc = make_room(w, 64 + body.len, e);
	return rc < 0 ? rc : put_fail(w, sonde_pcapng_put_block(&w->buf, type, body), e);
}

int sonde_writer_flush(struct sonde_writer *w, struct sonde_error *e)
{
	int rc = 0;
	/* Interfaces without frames are described once, in the first file. */
	for (uint32_t n = 0; rc == 0 && w->n_before == 0 && n < w->n_interfaces; n++)
		rc = describe(w, &w->interfaces[n], w->interfaces[n].i.snap, e);
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
