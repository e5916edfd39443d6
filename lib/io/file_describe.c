#include <errno.h>
#include <stdlib.h>

#include "io/file_writer.h"
#include "io/texts.h"

#define EARLY_S      INT64_C(-9223372037) /* an offset, in seconds, before any time */

/* Add an interface, to be described in the file later. */
static int add_interface(struct sonde_writer *w, const struct sonde_pcapng_interface *i, bool is_twin)
{
	struct described *grown = reallocarray(w->interfaces, w->n_interfaces + 1, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	w->interfaces = grown;
	struct described *d = &grown[w->n_interfaces++];
	*d = (struct described){ .i = *i, .number = SONDE_NOT_DESCRIBED, .is_twin = is_twin };
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
	int rc = sonde_writer_room(w, 128 + i->name.len + i->description.len + i->filter.len, e);
	if (rc < 0)
		return rc;
	before = before < w->buf.len ? before : w->buf.len;
	rc = sonde_pcapng_put_interface(&w->buf, i);
	w->buf.len = before;
	if (rc == 0)
		rc = add_interface(w, i, false);
	*number = w->n_interfaces - 1;
	return sonde_writer_put_fail(w, rc, e);
}

int sonde_writer_describe(struct sonde_writer *w, struct described *d, uint32_t snap, struct sonde_error *e)
{
	struct sonde_pcapng_interface i = d->i;
	if (d->number != SONDE_NOT_DESCRIBED || w->is_pcap)
		return 0;
	i.snap = snap;
	int rc = sonde_writer_room(w, 128 + i.name.len + i.description.len + i.filter.len, e);
	if (rc == 0)
		rc = sonde_writer_put_fail(w, sonde_pcapng_put_interface(&w->buf, &i), e);
	if (rc < 0)
		return rc;
	if (w->n_described == 0)
		w->first_snap = snap;
	d->number = w->n_described++;
	return 0;
}

/* --- By frames --------------------------------------------------------------------------------------------------- */

/* A frame without a time needs to be one of the section's first interface, and that to have the snap length that leaves
 * it its bytes. */
static int describe_first(struct sonde_writer *w, struct described *d, const struct sonde_record *r,
			  struct sonde_error *e)
{
	bool cut = r->wire_len > r->bytes.len;
	uint32_t snap = cut ? (uint32_t)r->bytes.len : 0;
	bool fits = w->n_described == 0 || (d->number == 0 && w->first_snap == snap);
	int rc = fits ? 0 : sonde_writer_begin(w, false, e);
	return rc < 0 ? rc : sonde_writer_describe(w, d, snap, e);
}

/* Readers cut the frames of an interface to its snap length, which was set for a frame without a time. */
static int leave_first(struct sonde_writer *w, const struct sonde_record *r, struct sonde_error *e)
{
	const struct described *d = &w->interfaces[r->interface];
	bool cuts = d->number == 0 && w->first_snap != d->i.snap && w->first_snap < r->bytes.len;
	return cuts ? sonde_writer_begin(w, false, e) : 0;
}

/* Times in the file are 64 bits without a sign, behind the interface's offset. */
static bool time_fits(sonde_time t, int64_t offset_s)
{
	uint64_t behind = (uint64_t)t - (uint64_t)offset_s * SONDE_S;
	return offset_s ? t < 0 || behind > (uint64_t)t : t >= 0;
}

int sonde_writer_choose(struct sonde_record *r, struct sonde_writer *w, struct sonde_error *e)
{
	struct described *d = &w->interfaces[r->interface];
	if (r->timeless && sonde_pcapng_is_simple(r))
		return describe_first(w, d, r, e);
	if (r->timeless)
		r->time = 0;
	if (d->number == SONDE_NOT_DESCRIBED && r->time < 0)
		d->i.offset_s = EARLY_S;
	if (!time_fits(r->time, d->i.offset_s)) {
		struct sonde_pcapng_interface other = d->i;
		other.offset_s = d->i.offset_s ? 0 : EARLY_S;
		int rc = d->twin ? 0 : add_interface(w, &other, true);
		if (rc < 0)
			return sonde_writer_put_fail(w, rc, e);
		d = &w->interfaces[r->interface];
		d->twin = d->twin ? d->twin : w->n_interfaces - 1;
		r->interface = d->twin;
	}
	d = &w->interfaces[r->interface];
	int rc = leave_first(w, r, e);
	if (rc == 0)
		rc = sonde_writer_describe(w, d, d->i.snap, e);
	r->time = (sonde_time)((uint64_t)r->time - (uint64_t)d->i.offset_s * SONDE_S);
	r->interface = d->number;
	return rc;
}
