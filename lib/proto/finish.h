/* Finishing layers: computed fields that are open get their values. Descriptions are interpreted, or compiled. */
#ifndef SONDE_PROTO_FINISH_H
#define SONDE_PROTO_FINISH_H

#include "proto/describe.h"
#include "proto/layout.h"

/* The value of the row that names the next protocol. */
static inline uint32_t sonde_next_number(const struct sonde_context *c, const struct sonde_proto *proto)
{
	if (c->layer + 1 >= c->end)
		return proto->next_none;
	return sonde_number_in(c->layer[1].proto, proto->next_space, proto->next_none);
}

static inline bool sonde_carries_llc(const struct sonde_context *c)
{
	return c->layer + 1 < c->end &&
	       sonde_number_in(c->layer[1].proto, SONDE_SPACE_INSIDE, 0) == SONDE_INSIDE_LLC;
}

/* The state of finishing, from the outermost layer inwards. */
struct sonde_finish {
	struct sonde_context here;
	uint32_t end, missing;  /* where the layer ends at the latest, and how many bytes are missing after that */
	uint32_t quote_missing; /* the same of a quoted packet */
	bool quoted;            /* the layer is inside a quoted packet */
	bool unfit;             /* a field is too small for its value */
	unsigned n_streams;     /* streams that the layer is in, and where their messages end at the latest */
	struct {
		const struct sonde_proto *(*follower)(struct sonde_view rest);
		uint32_t end, missing;
	} streams[SONDE_MAX_STREAMS];
};

/* Limit a message of a stream to where the next one begins, or to the end of the stream. */
void sonde_enter_message(struct sonde_finish *f, const struct sonde_layer *layer, const struct sonde_layer *end);

/* Compute the length of a layer from the limits that enclosing layers set, and the limit for what is inside it. */
static inline __attribute__((always_inline)) void
sonde_size_layer(struct sonde_finish *f, const struct sonde_context *c, const struct sonde_proto *proto)
{
	struct sonde_layer *l = c->layer;
	if (proto->follower)
		sonde_enter_message(f, l, c->end);
	uint32_t end = f->end, have_len = end > l->offset ? end - l->offset : 0;
	l->quoted = f->quoted;
	l->have_len = have_len;
	l->total_len = have_len + f->missing;
	if (l->cut)
		return;
	uint64_t lengths = proto->length_rows ? proto->length_rows : SONDE_MARK(proto->length_place);
	bool believed = c->infer || c->written & lengths;
	if (proto->declared && believed && (!proto->length_or_type || sonde_carries_llc(c))) {
		uint32_t len = proto->declared(l, sonde_header(c));
		/* Bytes missing after the end of this layer (of padding, for instance) are not missing from it. */
		if (len >= l->header_len && len <= have_len) {
			f->end = l->offset + len;
			f->missing = 0;
		}
	}
	if (proto->quotes && proto->quotes(sonde_header(c))) {
		f->quoted = true;
		f->missing = f->quote_missing;
		if (c->payload_end < f->end)
			f->end = c->payload_end;
	}
}

/* Fill the computed fields of a layer other than the checksum. */
static inline __attribute__((always_inline)) void sonde_fill_lengths(const struct sonde_context *c,
								     const struct sonde_proto *proto)
{
	if (SONDE_WIDTH(proto->next))
		sonde_fill(c, proto->next, sonde_next_number(c, proto));
	if (proto->finish)
		proto->finish(c);
}

/* Fill the checksum of a layer, if its protocol has one. */
static inline __attribute__((always_inline)) void sonde_fill_sum(const struct sonde_context *c,
								 const struct sonde_proto *proto)
{
	if (!proto->checksum)
		return;
	if (proto->pseudo && c->layer->partial && !c->infer)
		sonde_put(sonde_header(c), proto->checksum_place,
			  sonde_pseudo_checksum(c->packet, c->first, c->layer));
	if (c->written & SONDE_MARK(proto->checksum_place) ||
	    !sonde_row_applies(&proto->fields[SONDE_ROW(proto->checksum_place)], sonde_header(c), c->layer->header_len))
		return;
	uint32_t sum = proto->checksum(c);
	sonde_fill(c, proto->checksum_place, sum == 0 && proto->zero_is_absent ? 0xffff : sum);
}

/* sonde_finish_layer for a layer whose protocol is only known at run time. */
void sonde_finish_any(struct sonde_finish *f);

/* Finish the layer f->here, and those inside it. */
static inline void sonde_finish_here(struct sonde_finish *f)
{
	void (*compiled)(struct sonde_finish *) = f->here.layer->proto->compiled.finish;
	if (compiled && !f->here.infer)
		compiled(f);
	else
		sonde_finish_any(f);
}

/* Finish a layer of this protocol and those inside it: sizes and lengths on the way in, then checksums on the way out,
 * because these depend on everything inside and on the pseudo-header. Hooks get a local copy of the context, which
 * compilers can keep in registers: no store to the packet can change it. */
static inline __attribute__((always_inline)) void
sonde_finish_layer(struct sonde_finish *f, const struct sonde_proto *proto, bool infer)
{
	const struct sonde_context *here = &f->here;
	struct sonde_context c = {
		.packet = here->packet, .layer = here->layer, .first = here->first, .end = here->end, .infer = infer,
		.payload_end = here->payload_end, .trailer_offset = here->trailer_offset,
		.written = here->layer->written, .unfit = &f->unfit,
	};
	bool whole = !c.layer->cut;
	sonde_size_layer(f, &c, proto);
	if (whole)
		sonde_fill_lengths(&c, proto);
	if (c.layer + 1 < c.end) {
		f->here.layer = c.layer + 1;
		sonde_finish_here(f);
	}
	if (whole)
		sonde_fill_sum(&c, proto);
}

/* --- Empty headers ------------------------------------------------------------------------------------------------
 *
 * What follows is for compilers: they see the tables, and what is left of the walk is a few loads and stores. */

#define SONDE_INLINE static inline __attribute__((always_inline))

/* Whether a row exists in a header of this kind, the number in the first row, that holds nothing but constants. */
SONDE_INLINE bool sonde_exists_at_first(const struct sonde_field *rows, const struct sonde_when *w, uint64_t kind)
{
	if (w->test == SONDE_ALWAYS)
		return true;
	uint64_t v = SONDE_ROW(w->place) ? rows[SONDE_ROW(w->place)].value : kind;
	if (w->test == SONDE_HAS)
		return v & w->mask;
	bool is = v >= w->base && v - w->base < 64 && w->mask >> (v - w->base) & 1;
	return is == (w->test == SONDE_IS);
}

SONDE_INLINE uint64_t sonde_decides(const struct sonde_field *f)
{
	return (f->when.test ? SONDE_MARK(f->when.place) : 0) | (f->and_when.test ? SONDE_MARK(f->and_when.place) : 0) |
	       (f->len_from ? SONDE_MARK(f->len_from) : 0) | (f->count_from ? SONDE_MARK(f->count_from) : 0);
}

/* Whether a row has a place of its own that nothing moves, and no other row depends on what is in it. */
SONDE_INLINE bool sonde_is_direct(const struct sonde_field *f, uint64_t deciding)
{
	return SONDE_FIRST(f->place) != SONDE_NEXT && SONDE_WIDTH(f->place) && !f->repeat && !f->view && !f->tail &&
	       !(deciding & SONDE_MARK(f->place));
}

/* The bytes that the fixed rows of a table reach to. */
SONDE_INLINE uint32_t sonde_fixed_len(const struct sonde_field *rows, unsigned n)
{
	uint32_t end = 0;
	_Pragma("GCC unroll 64") for (unsigned i = 0; i < n; i++)
		if (SONDE_FIRST(rows[i].place) != SONDE_NEXT && SONDE_END(rows[i].place) > end)
			end = SONDE_END(rows[i].place);
	return (end + 7) / 8;
}

SONDE_INLINE uint64_t sonde_start_rows(uint8_t *header, uint32_t *len, const struct sonde_field *rows, unsigned n,
				       uint64_t deciding, uint64_t kind)
{
	uint64_t direct = 0;
	uint32_t end = 0;
	_Pragma("GCC unroll 64") for (unsigned i = 0; i < n; i++)
	{
		if (rows[i].tail || !sonde_exists_at_first(rows, &rows[i].when, kind) ||
		    !sonde_exists_at_first(rows, &rows[i].and_when, kind))
			continue;
		if (rows[i].value)
			sonde_put(header, rows[i].place, rows[i].value);
		if (SONDE_FIRST(rows[i].place) != SONDE_NEXT && SONDE_END(rows[i].place) > end)
			end = SONDE_END(rows[i].place);
		direct |= sonde_is_direct(&rows[i], deciding) ? SONDE_MARK(rows[i].place) : 0;
	}
	*len = (end + 7) / 8;
	return direct;
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

/* Whether a row is in every whole header, at the same place. */
SONDE_INLINE bool sonde_is_fixed(const struct sonde_field *f, uint32_t min_len)
{
	return sonde_has_one_place(f) && SONDE_END(f->place) <= min_len * 8;
}

SONDE_INLINE uint64_t sonde_loose_of(const struct sonde_field *rows, unsigned n, uint32_t min_len)
{
	uint64_t marks = 0;
	_Pragma("GCC unroll 64") for (unsigned i = 0; i < n; i++)
		marks |= sonde_is_fixed(&rows[i], min_len) ? 0 : UINT64_C(1) << i;
	return marks;
}

SONDE_INLINE void sonde_place_rows(struct sonde_slot *slots, const struct sonde_field *rows, unsigned n,
				   uint32_t min_len)
{
	_Pragma("GCC unroll 64") for (unsigned i = 0; i < n; i++)
	{
		sonde_place place = rows[i].place;
		if (sonde_is_fixed(&rows[i], min_len))
			slots[i] = (struct sonde_slot){ SONDE_FIRST(place), SONDE_WIDTH(place), true, true,
							SONDE_IS_LITTLE(place) };
	}
}

/* Whether a builder would set such a row otherwise. What is computed, finish judges. */
SONDE_INLINE bool sonde_row_differs(const struct sonde_field *f, const uint8_t *header)
{
	if (f->always || f->open == SONDE_LOOKED_UP)
		return true;
	if (f->shape == SONDE_SCALAR)
		return f->open != SONDE_COMPUTED && sonde_get(header, f->place) != f->value;
	return !sonde_view_is_zero(sonde_view(header + SONDE_FIRST(f->place) / 8, SONDE_WIDTH(f->place) / 8));
}

SONDE_INLINE uint64_t sonde_infer_rows(const uint8_t *header, const struct sonde_field *rows, unsigned n,
				       uint32_t min_len)
{
	uint64_t marks = 0;
	_Pragma("GCC unroll 64") for (unsigned i = 0; i < n; i++)
		if (sonde_is_fixed(&rows[i], min_len) && !rows[i].view && sonde_row_differs(&rows[i], header))
			marks |= UINT64_C(1) << i;
	return marks;
}

/* Define the functions of `.compiled` for a protocol described in the same file, whose empty header has no rows but
 * those with a fixed place, and min_len bytes of them. */
#define SONDE_ROWS_OF(rows) (sizeof(rows) / sizeof *(rows) - 1)
#define SONDE_COMPILE(proto, rows, min_len)                                                                            \
	static uint64_t deciding(void)                                                                                 \
	{                                                                                                              \
		uint64_t marks = 0;                                                                                    \
		_Pragma("GCC unroll 64") for (unsigned i = 0; i < SONDE_ROWS_OF(rows); i++)                            \
			marks |= sonde_decides(&(rows)[i]);                                                            \
		return marks;                                                                                          \
	}                                                                                                              \
	static uint64_t start(uint8_t *header, uint32_t *len, uint32_t room)                                           \
	{                                                                                                              \
		if (room < (min_len))                                                                                  \
			return 0;                                                                                      \
		memset(header, 0, min_len);                                                                            \
		return sonde_start_rows(header, len, rows, SONDE_ROWS_OF(rows), (proto).varies ? deciding() : 0,       \
					(rows)[0].value);                                                              \
	}                                                                                                              \
	static void finish_layer(struct sonde_finish *f)                                                               \
	{                                                                                                              \
		sonde_finish_layer(f, &(proto), false);                                                                \
	}                                                                                                              \
	static uint64_t loose(void)                                                                                    \
	{                                                                                                              \
		return sonde_loose_of(rows, SONDE_ROWS_OF(rows), min_len);                                             \
	}                                                                                                              \
	static unsigned place(struct sonde_slot *slots)                                                                \
	{                                                                                                              \
		sonde_place_rows(slots, rows, SONDE_ROWS_OF(rows), min_len);                                           \
		return SONDE_ROWS_OF(rows);                                                                            \
	}                                                                                                              \
	static uint64_t infer(const uint8_t *header)                                                                   \
	{                                                                                                              \
		return sonde_infer_rows(header, rows, SONDE_ROWS_OF(rows), min_len);                                   \
	}
#define COMPILED                                                                                                       \
	{                                                                                                              \
		.start = start, .finish = finish_layer, .deciding = deciding, .loose = loose, .place = place,          \
		.infer = infer                                                                                         \
	}

/* Define start_kind, too, behind SONDE_COMPILE. */
#define SONDE_COMPILE_KINDS(rows)                                                                                      \
	static uint64_t start_kind(uint8_t *header, uint32_t *len, uint32_t room)                                      \
	{                                                                                                              \
		uint64_t kind = sonde_get(header, (rows)[0].place);                                                    \
		uint32_t most = sonde_fixed_len(rows, SONDE_ROWS_OF(rows));                                            \
		if (room < most)                                                                                       \
			return 0;                                                                                      \
		memset(header, 0, most);                                                                               \
		uint64_t direct = sonde_start_rows(header, len, rows, SONDE_ROWS_OF(rows), deciding(), kind);          \
		sonde_put(header, (rows)[0].place, kind);                                                              \
		return direct;                                                                                         \
	}
#define COMPILED_KINDS                                                                                                 \
	{                                                                                                              \
		.start = start, .start_kind = start_kind, .finish = finish_layer, .deciding = deciding,                \
		.loose = loose, .place = place, .infer = infer                                                         \
	}

#endif
