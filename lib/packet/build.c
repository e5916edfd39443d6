#include "packet/layout.h"
#include "packet/list.h"
#include "packet/packet.h"

/* The packet ends elsewhere, and with it the payload, where nothing follows that. */
static void set_len(struct sonde_packet *p, uint32_t len)
{
	p->len = len;
	if (p->n_trailers == 0)
		p->payload_end = len;
}

/* Give the bytes at the end of the packet n more, zeroed. */
static uint8_t *grow(struct sonde_packet *p, uint32_t n)
{
	if (n > p->cap - p->len)
		return NULL;
	uint8_t *at = p->data + p->len;
	memset(at, 0, n);
	p->len += n;
	return at;
}

static bool is_last(const struct sonde_packet *p, const struct sonde_layer *l)
{
	bool index = l == &p->layers[p->n_layers + p->n_trailers - 1];
	return index && l->offset + l->header_len == p->len;
}

/* Make the list or the bytes in a slot `len` long by moving what lies behind them in the header. */
static int resize_slot(struct sonde_packet *p, struct sonde_layer *l, struct sonde_slot s, uint32_t len)
{
	uint32_t was = s.width / 8, start = l->offset + s.first / 8;
	if (len == was)
		return 0;
	if (!is_last(p, l))
		return SONDE_E_ORDER;
	if (len > was && len - was > p->cap - p->len)
		return SONDE_E_SPACE;
	memmove(p->data + start + len, p->data + start + was, p->len - start - was);
	if (len > was)
		memset(p->data + start + was, 0, len - was);
	set_len(p, p->len + len - was);
	l->header_len += len - was;
	return 0;
}

/* A list that a header cannot be without (IPv6 options) starts as filling. */
static void fill_list(const struct sonde_field *f, uint8_t *header, struct sonde_slot s)
{
	uint8_t fill[8];
	unsigned n = sonde_list_fill(fill, f->list, 0);
	if (n && n * 8 == s.width)
		memcpy(header + s.first / 8, fill, n);
}

static void put_default(const struct sonde_field *f, uint8_t *header, struct sonde_slot s)
{
	if (f->shape == SONDE_SCALAR)
		sonde_bits_put(header, s.first, s.width, f->open == SONDE_CONSTANT ? f->value : 0);
	else if (f->shape == SONDE_LIST)
		fill_list(f, header, s);
}

/* Bits that a row wants when nothing is written in it. */
static uint32_t default_width(const struct sonde_field *f, const uint8_t *header)
{
	uint32_t width = SONDE_WIDTH(f->place);
	if (width && !f->repeat)
		return width;
	if (f->shape == SONDE_LIST && !f->len_from) {
		uint8_t fill[8];
		return sonde_list_fill(fill, f->list, 0) * 8;
	}
	if (!f->len_from || f->shape == SONDE_LIST)
		return 0;
	return (uint32_t)sonde_bytes_by_number(f, sonde_get(header, f->len_from)) * 8;
}

static uint64_t first_tail(const struct sonde_proto *proto)
{
	const struct sonde_field *f = proto->fields;
	while (!f->tail)
		f++;
	return SONDE_MARK(f->place);
}

/* Rows by what is written: whether the tail exists (it does in a header being built once one row of it is written), and
 * which numbers follow others, as their length or as the word that they are there. */
static uint64_t following_rows(bool *has_tail, const struct sonde_layer *l)
{
	uint64_t rows = 0;
	*has_tail = false;
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		const struct sonde_field *f = &l->proto->fields[i];
		bool written = l->written & UINT64_C(1) << i;
		*has_tail |= f->tail && written;
		if (f->len_from && written)
			rows |= SONDE_MARK(f->len_from);
		if (f->announces)
			rows |= SONDE_MARK(f->when.place);
	}
	return rows;
}

/* After a discriminator changed: let the header have the rows it now has, each that is open with its default. */
static int settle_rows(struct sonde_packet *p, struct sonde_layer *l)
{
	bool has_tail;
	uint64_t following = following_rows(&has_tail, l);
	uint32_t cursor = 0, header_end = 0;
	for (unsigned i = 0; l->proto->fields[i].name; i++) {
		const struct sonde_field *f = &l->proto->fields[i];
		uint8_t *header = p->data + l->offset;
		if (f->view || (f->tail && !has_tail) || !sonde_row_applies(f, header, l->header_len))
			continue;
		uint32_t first = SONDE_FIRST(f->place) == SONDE_NEXT ? cursor : SONDE_FIRST(f->place);
		struct sonde_slot s = sonde_locate(l, header, i);
		bool written = l->written & UINT64_C(1) << i;
		uint32_t end = first + (written ? s.width : default_width(f, header));
		if (end > l->header_len * 8) {
			if (!is_last(p, l))
				return SONDE_E_ORDER;
			uint32_t more = (end + 7) / 8 - l->header_len;
			if (!grow(p, more))
				return SONDE_E_SPACE;
			l->header_len += more;
			set_len(p, p->len);
			s = sonde_locate(l, header, i);
		}
		if (!written && !(following & UINT64_C(1) << i))
			put_default(f, p->data + l->offset, s);
		/* What is left behind a shorter kind of message is no content of a row that takes all the rest. */
		bool takes_rest = SONDE_WIDTH(f->place) == 0 && !f->len_from;
		cursor = s.there && (written || !takes_rest) ? s.first + s.width : end;
		header_end = cursor > header_end ? cursor : header_end;
	}
	uint32_t surplus = l->header_len - header_end / 8;
	if (surplus && is_last(p, l)) {
		set_len(p, p->len - surplus);
		l->header_len -= surplus;
	}
	return 0;
}

/* The constants of a header of zeros; rows that come and go are settled one by one. */
int sonde_start_slow(struct sonde_packet *p, struct sonde_layer *l)
{
	l->plain_bits = l->proto->varies ? 0 : l->header_len * 8;
	memset(p->data + l->offset, 0, l->header_len);
	if (l->proto->varies)
		return settle_rows(p, l);
	for (const struct sonde_field *f = l->proto->fields; f->name; f++)
		if (f->value)
			sonde_put(p->data + l->offset, f->place, f->value);
	return 0;
}

/* The outermost layer that quotes and can be followed by this trailer: its quote reaches to the end. */
static struct sonde_layer *trailer_owner(struct sonde_packet *p, uint32_t trailer)
{
	for (unsigned i = 0; i < p->n_layers; i++)
		if (p->layers[i].proto->trailer == trailer && !p->layers[i].cut)
			return &p->layers[i];
	return NULL;
}

/* RFC 4884, 4.3 to 4.5: fill the quote up with zeros, as far as a written length says, else to the least length. */
static int fill_quote(struct sonde_packet *p, const struct sonde_layer *l)
{
	const uint8_t *header = p->data + l->offset;
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

/* The row that holds the bits a view shows. */
static uint64_t viewed_mark(const struct sonde_proto *proto, uint32_t place)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (!f->view && SONDE_FIRST(f->place) <= SONDE_FIRST(place) &&
		    SONDE_FIRST(f->place) + SONDE_WIDTH(f->place) >= SONDE_FIRST(place) + SONDE_WIDTH(place))
			return SONDE_MARK(f->place);
	return 0;
}

/* Let a row be there that is not, when a bit of an open number may say so. Returns 0, SONDE_E_ABSENT, or an error of
 * settle_rows. */
static int announce_row(struct sonde_packet *p, struct sonde_layer *l, const struct sonde_field *f)
{
	uint8_t *header = p->data + l->offset;
	uint64_t was = sonde_get(header, f->when.place);
	if (!sonde_row_announces(l, f))
		return SONDE_E_ABSENT;
	sonde_put(header, f->when.place, was | f->when.mask);
	int err = settle_rows(p, l);
	if (err)
		sonde_put(header, f->when.place, was);
	return err;
}

int sonde_set_slow(struct sonde_packet *p, int layer, uint32_t place, uint64_t v)
{
	struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[SONDE_ROW(place)];
	uint8_t *header = p->data + l->offset;
	if (!sonde_row_applies(f, header, l->header_len)) {
		bool fits = SONDE_WIDTH(place) >= 64 || v >> SONDE_WIDTH(place) == 0;
		int absent = fits ? announce_row(p, l, f) : SONDE_E_RANGE;
		if (absent)
			return absent;
	}
	uint64_t before = l->written;
	l->written |= f->view ? viewed_mark(l->proto, place) : SONDE_MARK(place);
	int err = f->tail && l->written != before ? settle_rows(p, l) : 0;
	struct sonde_slot s = sonde_locate(l, header, SONDE_ROW(place));
	if (!err && !s.there)
		err = SONDE_E_ABSENT;
	if (!err && s.width < 64 && v >> s.width)
		err = SONDE_E_RANGE;
	if (err) {
		l->written = before;
		return err;
	}
	sonde_bits_put(header, s.first, s.width, v);
	l->partial &= place != l->proto->checksum_place;
	bool settles = l->proto->varies && (f->view || sonde_decides_rows(l->proto, place));
	return settles ? settle_rows(p, l) : 0;
}

/* The number that sizes a row of variable width follows it, unless it is written. */
static int follow_length(struct sonde_packet *p, struct sonde_layer *l, const struct sonde_field *f, size_t len)
{
	if (!f->len_from || l->cut || l->written & SONDE_MARK(f->len_from))
		return 0;
	return sonde_put_length(p->data + l->offset, f, len);
}

/* Whether the length of bytes that a number sizes is settled: by the number, when it is written; by an earlier row that
 * it sizes; or by what is written behind. */
static bool is_sized(const struct sonde_layer *l, const struct sonde_field *f, uint64_t written)
{
	if (!f->len_from || f->shape != SONDE_BYTES || l->cut)
		return false;
	for (const struct sonde_field *other = l->proto->fields; other->name; other++)
		if (other < f ? other->len_from == f->len_from : other > f && written & SONDE_MARK(other->place))
			return true;
	return written & SONDE_MARK(f->len_from);
}

static int set_variable(struct sonde_packet *p, struct sonde_layer *l, const struct sonde_field *f,
			struct sonde_view bytes)
{
	uint8_t fill[8];
	unsigned n_fill = f->shape == SONDE_LIST && !l->cut ? sonde_list_fill(fill, f->list, bytes.len) : 0;
	struct sonde_slot s = sonde_locate(l, p->data + l->offset, SONDE_ROW(f->place));
	uint32_t len = (uint32_t)bytes.len + n_fill;
	if (!s.there)
		s.width = 0;
	int err = follow_length(p, l, f, bytes.len);
	if (err)
		return err;
	err = resize_slot(p, l, s, len);
	if (err) {
		follow_length(p, l, f, s.width / 8);
		return err;
	}
	uint8_t *at = p->data + l->offset + s.first / 8;
	if (bytes.len)
		memcpy(at, bytes.data, bytes.len);
	if (n_fill)
		memcpy(at + bytes.len, fill, n_fill);
	return 0;
}

int sonde_set_bytes_slow(struct sonde_packet *p, int layer, uint32_t place, struct sonde_view bytes)
{
	struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[SONDE_ROW(place)];
	uint64_t before = l->written;
	if (!sonde_row_applies(f, p->data + l->offset, l->header_len))
		return SONDE_E_ABSENT;
	l->written |= SONDE_MARK(place);
	int err = l->proto->varies && !(before & SONDE_MARK(place)) ? settle_rows(p, l) : 0;
	if (!err && is_sized(l, f, before) && bytes.len * 8 != default_width(f, p->data + l->offset)) {
		err = SONDE_E_RANGE;
	} else if (!err && SONDE_WIDTH(place) == 0) {
		err = set_variable(p, l, f, bytes);
		if (!err && l->proto->varies)
			err = settle_rows(p, l);
	} else if (!err) {
		struct sonde_slot s = sonde_locate(l, p->data + l->offset, SONDE_ROW(place));
		if (!s.there)
			err = SONDE_E_ABSENT;
		else if (s.width != bytes.len * 8)
			err = SONDE_E_RANGE;
		else
			memcpy(p->data + l->offset + s.first / 8, bytes.data, bytes.len);
	}
	/* An empty tail is there, too: that its first row is written says so. */
	if (!err && f->tail && bytes.len == 0)
		l->written |= first_tail(l->proto);
	if (err)
		l->written = before;
	return err;
}

/* Put what a row is when nothing is written into it where it is there. */
static int clear_slot(struct sonde_packet *p, struct sonde_layer *l, const struct sonde_field *f, struct sonde_slot s)
{
	if (f->shape == SONDE_LIST || (f->shape == SONDE_BYTES && SONDE_WIDTH(f->place) == 0 && !f->len_from))
		return set_variable(p, l, f, sonde_view(NULL, 0));
	if (f->shape == SONDE_BYTES)
		memset(p->data + l->offset + s.first / 8, 0, s.width / 8);
	put_default(f, p->data + l->offset, s);
	return 0;
}

int sonde_set_auto(struct sonde_packet *p, int layer, uint32_t place)
{
	if (layer < 0)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	const struct sonde_field *f = &l->proto->fields[SONDE_ROW(place)];
	uint64_t before = l->written & SONDE_MARK(place);
	l->written &= ~SONDE_MARK(place);
	l->partial &= place != l->proto->checksum_place;
	if (!sonde_row_applies(f, p->data + l->offset, l->header_len) && announce_row(p, l, f))
		return SONDE_E_ABSENT;
	struct sonde_slot s = sonde_locate(l, p->data + l->offset, SONDE_ROW(place));
	int err = s.there ? clear_slot(p, l, f, s) : SONDE_E_ABSENT;
	if (!err && l->proto->varies && (f->tail || sonde_decides_rows(l->proto, place)))
		err = settle_rows(p, l);
	l->written |= err ? before : 0;
	return err;
}

int sonde_set_partial(struct sonde_packet *p, int layer)
{
	if (layer < 0 || !p->layers[layer].proto->pseudo)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	int err = sonde_set(p, layer, l->proto->checksum_place, 0);
	l->partial = err == 0;
	/* From now on numbers are written the slow way, which knows what ends this. */
	l->plain_bits = 0;
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
