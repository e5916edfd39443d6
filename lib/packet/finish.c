#include "base/checksum.h"
#include "packet/layout.h"
#include "packet/list.h"
#include "packet/packet.h"

/* Where the trailer that belongs to a layer starts, or 0. Padding belongs to none. */
static uint32_t trailer_offset(const struct sonde_packet *p)
{
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0))
			return p->layers[i].offset;
	return 0;
}

static inline struct sonde_context context_of(const struct sonde_packet *p, unsigned layer, bool infer)
{
	return (struct sonde_context){
		.packet = p->data,
		.layer = (struct sonde_layer *)&p->layers[layer],
		.index = layer,
		.n_layers = p->n_layers,
		.infer = infer,
		.payload_end = p->payload_end,
		.trailer_offset = p->n_trailers ? trailer_offset(p) : 0,
	};
}

struct sonde_context sonde_context_of(const struct sonde_packet *p, int layer)
{
	/* Hooks of a packet that is read write nothing: infer is set. */
	return context_of(p, (unsigned)layer, true);
}

/* How far a layer reaches: the walk goes from the outside in. */
struct extent {
	uint32_t end, missing;
	bool quoted;
};

/* Trailers lie one behind the other at the end. */
static void settle_trailers(struct sonde_packet *p)
{
	uint32_t end = p->len;
	for (unsigned i = p->n_layers + p->n_trailers; i-- > p->n_layers;) {
		struct sonde_layer *l = &p->layers[i];
		l->have_len = l->total_len = end - l->offset;
		end = l->offset;
	}
}

/* Where padding starts that lies behind the packet, or the end. */
static uint32_t packet_end(const struct sonde_packet *p)
{
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (!sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0))
			return p->layers[i].offset;
	return p->len;
}

static struct extent whole_extent(struct sonde_packet *p)
{
	if (!p->n_trailers)
		return (struct extent){ p->len, p->missing, false };
	settle_trailers(p);
	uint32_t end = packet_end(p);
	/* What is missing is missing from the last that is there. */
	return (struct extent){ end, end == p->len ? p->missing : 0, false };
}

static inline void settle_layer(const struct sonde_packet *p, struct sonde_layer *l, struct extent *x, bool as_read)
{
	const struct sonde_proto *proto = l->proto;
	l->quoted = x->quoted;
	l->have_len = x->end > l->offset ? x->end - l->offset : 0;
	l->total_len = l->have_len + x->missing;
	if (l->cut)
		return;
	const uint8_t *header = p->data + l->offset;
	if (proto->declared && (as_read || l->written & SONDE_MARK(proto->length_place))) {
		uint32_t len = proto->declared(l, header);
		/* What is missing behind the end of this layer is not missing from it: padding, for instance. */
		if (len >= l->header_len && len <= l->have_len) {
			x->end = l->offset + len;
			x->missing = 0;
		}
	}
	if (proto->quotes && proto->quotes(header)) {
		x->quoted = true;
		x->missing = p->quote_missing;
		if (p->payload_end < x->end)
			x->end = p->payload_end;
	}
}

void sonde_settle_sizes(struct sonde_packet *p, bool as_read)
{
	struct extent x = whole_extent(p);
	for (struct sonde_layer *l = p->layers; l < p->layers + p->n_layers; l++)
		settle_layer(p, l, &x, as_read);
}

/* The folded pseudo-header sum of a layer: what offload leaves to be completed. */
static uint16_t partial_sum(const struct sonde_context *c)
{
	const struct sonde_proto *proto = c->layer->proto;
	uint32_t len = proto->declared ? proto->declared(c->layer, sonde_header(c)) : 0;
	if (len == 0)
		len = c->layer->total_len;
	return sonde_sum_fold(sonde_pseudo_sum(c, sonde_number_in(proto, SONDE_SPACE_IP, 0), len));
}

uint16_t sonde_partial_sum(const struct sonde_packet *p, int layer)
{
	struct sonde_context c = sonde_context_of(p, layer);
	return partial_sum(&c);
}

static inline void fill_lengths(const struct sonde_context *c, const struct sonde_layer *l)
{
	if (l->proto->compiled.lengths)
		l->proto->compiled.lengths(c);
	else
		sonde_fill_lengths(c, l->proto);
}

static inline void fill_sum(const struct sonde_context *c, const struct sonde_layer *l)
{
	const struct sonde_proto *proto = l->proto;
	if (l->partial && !c->infer)
		sonde_put(sonde_header(c), proto->checksum_place, partial_sum(c));
	if (proto->compiled.sum)
		proto->compiled.sum(c);
	else if (sonde_row_applies(&proto->fields[SONDE_ROW(proto->checksum_place)], sonde_header(c), l->header_len))
		sonde_fill_sum(c, proto);
}

/* Sizes and lengths from the outside in; then, since pseudo-headers and sums lean on them, checksums from the inside
 * out. */
static inline void finish_layers(struct sonde_packet *p, bool infer)
{
	struct extent x = whole_extent(p);
	struct sonde_context c = context_of(p, 0, infer);
	struct sonde_layer *l = p->layers, *innermost = l + p->n_layers, *end = innermost + p->n_trailers;
	for (; l < end; l++, c.index++) {
		if (l < innermost)
			settle_layer(p, l, &x, infer);
		c.layer = l;
		if (!l->cut)
			fill_lengths(&c, l);
	}
	while (l-- > p->layers) {
		c.layer = l;
		c.index--;
		if (l->proto->checksum && !l->cut)
			fill_sum(&c, l);
	}
}

int sonde_finish(struct sonde_packet *p)
{
	finish_layers(p, false);
	return 0;
}

/* Whether a row has another value than the builder gives it, apart from what finish computes. */
static bool differs(const struct sonde_layer *l, const struct sonde_field *f, const uint8_t *header, struct sonde_slot s)
{
	if (l->cut && s.width == 0)
		return false;
	if (f->always || f->open == SONDE_LOOKED_UP)
		return true;
	if (f->shape == SONDE_SCALAR) {
		if (f->open == SONDE_COMPUTED)
			return l->cut && sonde_slot_get(header, s);
		return sonde_slot_get(header, s) != f->value;
	}
	return sonde_bytes_say_something(f, sonde_slot_view(header, s), l->cut);
}

/* The number that sizes a row, when it is not what the row's bytes would make it. */
static uint64_t lying_length(const struct sonde_field *f, const uint8_t *header, struct sonde_slot s)
{
	if (!f->len_from)
		return 0;
	uint64_t n = s.width / 8 / (f->unit ? f->unit : 1);
	n = n > f->less ? n - f->less : 0;
	return n == sonde_get(header, f->len_from) ? 0 : SONDE_MARK(f->len_from);
}

/* A number that sizes a written row follows that row's bytes: it need not be written, unless it lies. */
static uint64_t following_lengths(const struct sonde_layer *l, const uint8_t *header, const struct sonde_slot *slots)
{
	uint64_t follow = 0, lie = 0;
	for (const struct sonde_field *f = l->proto->fields; f->name && !l->cut; f++) {
		struct sonde_slot s = slots[f - l->proto->fields];
		if (!f->len_from || !s.there)
			continue;
		follow |= l->written & SONDE_MARK(f->place) ? SONDE_MARK(f->len_from) : 0;
		lie |= lying_length(f, header, s);
	}
	return follow & ~lie;
}

static void infer_layer(struct sonde_packet *p, struct sonde_layer *l)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	const uint8_t *header = p->data + l->offset;
	const struct sonde_field *rows = l->proto->fields;
	unsigned n = sonde_layout(slots, rows, header, l->header_len);
	uint64_t first_tail = 0, tail = 0;
	for (unsigned i = 0; i < n; i++) {
		uint64_t mark = UINT64_C(1) << i;
		if (!slots[i].there || rows[i].view)
			continue;
		if (differs(l, &rows[i], header, slots[i]))
			l->written |= mark;
		if (!l->cut)
			l->written |= lying_length(&rows[i], header, slots[i]);
		if (rows[i].tail) {
			tail |= mark;
			first_tail = first_tail ? first_tail : mark;
		}
	}
	l->written &= ~following_lengths(l, header, slots);
	/* A tail that has nothing to say must still be there. */
	if (tail && !(l->written & tail))
		l->written |= first_tail;
}

/* Flags that the written rows announce are open; others are written. The checksum must be judged before. */
static void infer_announced(struct sonde_layer *l, const uint8_t *header)
{
	uint64_t said = 0, flags = 0;
	uint32_t place = 0;
	for (const struct sonde_field *f = l->proto->fields; f->name; f++) {
		if (!f->announces || l->cut)
			continue;
		place = f->when.place;
		flags = sonde_get(header, place);
		said |= l->written & SONDE_MARK(f->place) ? f->when.mask : 0;
	}
	if (place)
		l->written |= flags != said ? SONDE_MARK(place) : 0;
}

void sonde_infer(struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		p->layers[i].written = 0;
		infer_layer(p, &p->layers[i]);
	}
	finish_layers(p, true);
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
		if (l->proto->varies)
			infer_announced(l, p->data + l->offset);
		if (l->proto->pseudo && !l->cut && l->written & SONDE_MARK(l->proto->checksum_place))
			l->partial = sonde_get(p->data + l->offset, l->proto->checksum_place) == sonde_partial_sum(p, (int)i);
	}
}

bool sonde_next_open(const struct sonde_packet *p, int *layer, int *row)
{
	for (; *layer < p->n_layers; (*layer)++, *row = -1) {
		const struct sonde_layer *l = &p->layers[*layer];
		while (l->proto->fields[++*row].name) {
			const struct sonde_field *f = &l->proto->fields[*row];
			if (f->open != SONDE_LOOKED_UP || l->written & UINT64_C(1) << *row)
				continue;
			struct sonde_slot s = sonde_locate(l, p->data + l->offset, (unsigned)*row);
			/* Where a header is cut, an empty field is not there. */
			if (s.there && (s.width || !l->cut))
				return true;
		}
	}
	return false;
}
