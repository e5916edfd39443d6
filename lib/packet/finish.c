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

struct sonde_context sonde_context_of(const struct sonde_packet *p, int layer)
{
	/* Hooks of a packet that is read write nothing: infer is set. */
	return (struct sonde_context){
		.packet = p->data,
		.layer = (struct sonde_layer *)&p->layers[layer],
		.index = (unsigned)layer,
		.n_layers = p->n_layers,
		.infer = true,
		.payload_end = p->payload_end,
		.trailer_offset = p->n_trailers ? trailer_offset(p) : 0,
	};
}

/* Trailers lie one behind the other at the end. Returns where they start. */
static uint32_t settle_trailers(struct sonde_packet *p)
{
	uint32_t end = p->len;
	for (unsigned i = p->n_layers + p->n_trailers; i-- > p->n_layers;) {
		struct sonde_layer *l = &p->layers[i];
		l->have_len = l->total_len = end - l->offset;
		end = l->offset;
	}
	return end;
}

/* Where padding starts that lies behind the packet, or the end. */
static uint32_t packet_end(const struct sonde_packet *p)
{
	for (unsigned i = p->n_layers; i < p->n_layers + p->n_trailers; i++)
		if (!sonde_number_in(p->layers[i].proto, SONDE_SPACE_TRAILER, 0))
			return p->layers[i].offset;
	return p->len;
}

void sonde_settle_sizes(struct sonde_packet *p, bool as_read)
{
	uint32_t end = p->n_trailers ? packet_end(p) : p->len;
	/* What is missing is missing from the last that is there. */
	uint32_t missing = end == p->len ? p->missing : 0;
	bool quoted = false;
	if (p->n_trailers)
		settle_trailers(p);
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
		const struct sonde_proto *proto = l->proto;
		l->quoted = quoted;
		l->have_len = end > l->offset ? end - l->offset : 0;
		l->total_len = l->have_len + missing;
		if (l->cut)
			continue;
		const uint8_t *header = p->data + l->offset;
		if (proto->declared && (as_read || l->written & SONDE_MARK(proto->length_place))) {
			uint32_t len = proto->declared(l, header);
			if (len >= l->header_len && len < l->have_len) {
				end = l->offset + len;
				missing = 0;
			}
		}
		if (proto->quotes && proto->quotes(header)) {
			quoted = true;
			missing = p->quote_missing;
			if (p->payload_end < end)
				end = p->payload_end;
		}
	}
}

/* What the row that names the next protocol must hold. */
static uint32_t next_number(const struct sonde_context *c)
{
	const struct sonde_proto *proto = c->layer->proto;
	if (c->index + 1 >= c->n_layers)
		return proto->next_none;
	return sonde_number_in(c->layer[1].proto, proto->next_space, proto->next_none);
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

static uint64_t checksum_value(const struct sonde_context *c)
{
	const struct sonde_proto *proto = c->layer->proto;
	uint32_t sum = proto->checksum(c);
	return sum == 0 && proto->zero_is_absent ? 0xffff : sum;
}

static void fill_lengths(const struct sonde_context *c)
{
	const struct sonde_proto *proto = c->layer->proto;
	if (SONDE_WIDTH(proto->next))
		sonde_fill(c, proto->next, next_number(c));
	if (proto->finish)
		proto->finish(c);
}

static void fill_checksum(const struct sonde_context *c)
{
	const struct sonde_proto *proto = c->layer->proto;
	if (!proto->checksum)
		return;
	if (!c->infer && c->layer->partial)
		sonde_put(sonde_header(c), proto->checksum_place, partial_sum(c));
	if (c->layer->written & SONDE_MARK(proto->checksum_place))
		return;
	const struct sonde_field *row = &proto->fields[SONDE_ROW(proto->checksum_place)];
	if (sonde_row_applies(row, sonde_header(c), c->layer->header_len))
		sonde_fill(c, proto->checksum_place, checksum_value(c));
}

/* Lengths first, for pseudo-headers and sums lean on them; each from the inside out, trailers first. */
static void finish_layers(struct sonde_packet *p, bool infer)
{
	struct sonde_context c = sonde_context_of(p, 0);
	unsigned n = p->n_layers + p->n_trailers;
	c.infer = infer;
	for (c.index = n, c.layer = p->layers + n; c.index-- > 0;)
		if (!(--c.layer)->cut)
			fill_lengths(&c);
	for (c.index = n, c.layer = p->layers + n; c.index-- > 0;)
		if (!(--c.layer)->cut)
			fill_checksum(&c);
}

int sonde_finish(struct sonde_packet *p)
{
	sonde_settle_sizes(p, false);
	finish_layers(p, false);
	return 0;
}

static bool any_byte(struct sonde_view v)
{
	for (size_t i = 0; i < v.len; i++)
		if (v.data[i])
			return true;
	return false;
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
	struct sonde_view v = sonde_slot_view(header, s);
	if (f->shape == SONDE_LIST)
		return (l->cut ? v.len : sonde_list_content(f->list, v)) > 0;
	return SONDE_WIDTH(f->place) || f->len_from ? any_byte(v) : v.len > 0;
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
		if (rows[i].tail) {
			tail |= mark;
			first_tail = first_tail ? first_tail : mark;
		}
	}
	/* A tail that has nothing to say must still be there. */
	if (tail && !(l->written & tail))
		l->written |= first_tail;
}

void sonde_infer(struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		p->layers[i].written = 0;
		infer_layer(p, &p->layers[i]);
	}
	sonde_settle_sizes(p, true);
	finish_layers(p, true);
	for (unsigned i = 0; i < p->n_layers; i++) {
		struct sonde_layer *l = &p->layers[i];
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
			if (f->open == SONDE_LOOKED_UP && !(l->written & UINT64_C(1) << *row) &&
			    sonde_locate(l, p->data + l->offset, (unsigned)*row).there)
				return true;
		}
	}
	return false;
}
