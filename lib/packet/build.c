#include "packet/packet.h"

#include "base/hash.h"
#include "packet/rows.h"
#include "proto/finish.h"

/* --- A layer's header as rows that are written ------------------------------------------------------------------- */

static bool is_last(const struct sonde_packet *p, const struct sonde_layer *l)
{
	return l == &p->layers[p->n_layers + p->n_trailers - 1] && l->offset + l->header_len == p->len;
}

static struct sonde_rows rows_of(const struct sonde_packet *p, const struct sonde_layer *l)
{
	bool last = is_last(p, l);
	const struct sonde_proto *proto = l->proto;
	return (struct sonde_rows){
		.fields = proto->fields,
		.deciding = proto->compiled.deciding ? proto->compiled.deciding() : sonde_deciding_rows(proto->fields),
		.data = p->data + l->offset,
		.len = l->header_len,
		.room = last ? p->cap - l->offset : l->header_len,
		.written = l->written,
		.cut = l->cut,
		.full = last ? SONDE_E_SPACE : SONDE_E_ORDER,
	};
}

/* Store what sonde_rows_* changed in the layer. */
static int store_rows(struct sonde_packet *p, struct sonde_layer *l, const struct sonde_rows *r, int err)
{
	if (err)
		return err;
	l->written = r->written;
	l->slots = l->sum_state = 0;
	l->faultless = false;
	/* Other rows may be there now. */
	if (l->proto->varies)
		l->direct = 0;
	if (r->len == l->header_len)
		return 0;
	p->len += r->len - l->header_len;
	l->header_len = r->len;
	if (p->n_trailers == 0)
		p->payload_end = p->len;
	return 0;
}

int sonde_start_slow(struct sonde_packet *p, struct sonde_layer *l)
{
	memset(p->data + l->offset, 0, l->header_len);
	for (const struct sonde_field *f = l->proto->fields; f->name && !l->proto->varies; f++)
		if (sonde_is_direct(f, 0) && SONDE_END(f->place) <= l->header_len * 8)
			l->direct |= SONDE_MARK(f->place);
	struct sonde_rows r = rows_of(p, l);
	int err = sonde_rows_start(&r);
	return store_rows(p, l, &r, err);
}

/* As long as nothing else is written, make the header anew for its kind of message. Returns false when it cannot be. */
static bool start_kind(struct sonde_packet *p, struct sonde_layer *l, sonde_place place, uint64_t v)
{
	sonde_start_fn *start = l->proto->compiled.start_kind;
	uint8_t *header = p->data + l->offset;
	uint32_t len;
	if (!start || SONDE_ROW(place) || v > sonde_place_max(place) || l->written || l->cut || !is_last(p, l))
		return false;
	uint64_t was = sonde_get(header, place);
	sonde_put(header, place, v);
	uint64_t direct = start(header, &len, p->cap - l->offset);
	if (!direct) {
		sonde_put(header, place, was);
		return false;
	}
	const struct sonde_rows rows = { .written = SONDE_MARK(place), .len = len };
	store_rows(p, l, &rows, 0);
	l->direct = direct;
	return true;
}

int sonde_set_slow(struct sonde_packet *p, int layer, sonde_place place, uint64_t v)
{
	struct sonde_layer *l = &p->layers[layer];
	if (start_kind(p, l, place, v))
		return 0;
	struct sonde_rows r = rows_of(p, l);
	int err = sonde_rows_set(&r, place, v);
	if (!err)
		l->partial &= place != l->proto->checksum_place;
	return store_rows(p, l, &r, err);
}

int sonde_set_bytes_slow(struct sonde_packet *p, int layer, sonde_place place, struct sonde_view bytes)
{
	struct sonde_layer *l = &p->layers[layer];
	struct sonde_rows r = rows_of(p, l);
	int err = sonde_rows_set_bytes(&r, place, bytes);
	return store_rows(p, l, &r, err);
}

int sonde_set_auto(struct sonde_packet *p, int layer, sonde_place place)
{
	if (layer < 0)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	struct sonde_rows r = rows_of(p, l);
	int err = sonde_rows_clear(&r, place);
	if (!err)
		l->partial &= place != l->proto->checksum_place;
	return store_rows(p, l, &r, err);
}

int sonde_set_gaps(struct sonde_packet *p, int layer, struct sonde_view bytes)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_slot *slots = sonde_slots(p, layer);
	uint8_t *header = p->data + l->offset;
	size_t at = 0;
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		struct sonde_view gap = sonde_gap_before(l->proto->fields, slots, i, header);
		if (gap.len && at + gap.len <= bytes.len)
			memcpy(header + (gap.data - header), bytes.data + at, gap.len);
		at += gap.len;
	}
	return at == bytes.len ? 0 : SONDE_E_RANGE;
}

bool sonde_row_is_writable(const struct sonde_packet *p, int layer, unsigned row)
{
	struct sonde_rows r = rows_of(p, &p->layers[layer]);
	return sonde_rows_is_writable(&r, row);
}

/* --- Trailers ---------------------------------------------------------------------------------------------------- */

/* Append n zeros to the packet. */
static bool grow(struct sonde_packet *p, uint32_t n)
{
	if (n > p->cap - p->len)
		return false;
	memset(p->data + p->len, 0, n);
	p->len += n;
	return true;
}

/* The outermost layer that this trailer can follow. */
static struct sonde_layer *trailer_owner(struct sonde_packet *p, uint32_t trailer)
{
	for (unsigned i = 0; i < p->n_layers; i++)
		if (p->layers[i].proto->trailer == trailer && !p->layers[i].cut)
			return &p->layers[i];
	return NULL;
}

/* RFC 4884, 4.3 to 4.5: pad the quote with zeros, to the length that was written, else to the minimum. A message
 * without a quote is followed directly by the trailer (RFC 8335, 2). */
static int fill_quote(struct sonde_packet *p, const struct sonde_layer *l)
{
	const uint8_t *header = p->data + l->offset;
	if (!l->proto->quotes(header))
		return 0;
	uint32_t len = p->len - l->offset - l->header_len, align = l->proto->trailer_align;
	uint32_t want = (len + align - 1) / align * align;
	uint32_t least = l->proto->trailer_min;
	uint32_t given = l->written & SONDE_MARK(l->proto->trailer_length)
				 ? (uint32_t)sonde_get(header, l->proto->trailer_length)
				 : 0;
	if (given)
		least = given * align;
	if (want < least)
		want = least;
	return grow(p, want - len) ? 0 : SONDE_E_SPACE;
}

int sonde_push_trailer(struct sonde_packet *p, const struct sonde_proto *proto)
{
	uint32_t number = sonde_number_in(proto, SONDE_SPACE_TRAILER, 0);
	if (p->n_trailers == SONDE_MAX_TRAILERS)
		return SONDE_E_LAYERS;
	if (number) {
		struct sonde_layer *owner = trailer_owner(p, number);
		if (!owner)
			return SONDE_E_ABSENT;
		if (p->n_trailers)
			return SONDE_E_ORDER;
		int err = fill_quote(p, owner);
		if (err)
			return err;
	}
	return sonde_add_layer(p, proto, p->n_layers + p->n_trailers, &p->n_trailers);
}

/* --- For callers ------------------------------------------------------------------------------------------------- */

int sonde_set_partial(struct sonde_packet *p, int layer)
{
	if (layer < 0 || !p->layers[layer].proto->pseudo)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	int err = sonde_set(p, layer, l->proto->checksum_place, 0);
	l->partial = err == 0;
	/* sonde_set_slow undoes this, so sonde_set must call it from now on. */
	l->direct = 0;
	return err;
}

int sonde_push_ip(struct sonde_packet *p, const struct sonde_addr *src, const struct sonde_addr *dst)
{
	if (src->family && src->family != dst->family)
		return SONDE_E_KIND;
	const struct sonde_proto *proto = sonde_proto_by_id(SONDE_SPACE_VERSION, dst->family);
	int layer = proto ? sonde_push(p, proto) : SONDE_E_KIND;
	int err = layer < 0 ? layer : sonde_set_bytes(p, layer, proto->dst_place, sonde_addr_view(dst));
	if (!err && src->family)
		err = sonde_set_bytes(p, layer, proto->src_place, sonde_addr_view(src));
	if (!p->scope)
		p->scope = dst->scope;
	return err ? err : layer;
}

uint64_t sonde_seeded_number(const struct sonde_field *row, unsigned layer, uint64_t seed, uint64_t k)
{
	unsigned width = SONDE_WIDTH(row->place);
	uint64_t most = width < 64 ? (UINT64_C(1) << width) - 1 : UINT64_MAX;
	uint64_t random = sonde_random(seed, k, layer, SONDE_ROW(row->place));
	switch (row->role) {
	case SONDE_ROLE_SOURCE_PORT: return SONDE_FIRST_PORT + sonde_random_below(random, SONDE_N_PORTS);
	case SONDE_ROLE_COUNT: return (k + 1) & most;
	case SONDE_ROLE_ID: return 1 + sonde_random_below(random, most);
	default: return random & most;
	}
}
