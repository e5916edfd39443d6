#include "packet/layout.h"

#include "base/error.h"

static bool depends_on(const struct sonde_when *w, uint32_t place)
{
	return w->test != SONDE_ALWAYS && SONDE_ROW(w->place) == SONDE_ROW(place);
}

bool sonde_decides_rows(const struct sonde_proto *proto, uint32_t place)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (depends_on(&f->when, place) || depends_on(&f->also, place) ||
		    (f->len_from && f->len_from == place))
			return true;
	return false;
}

int sonde_put_length(uint8_t *header, const struct sonde_field *row, uint64_t len)
{
	uint64_t n = sonde_number_by_bytes(row, len);
	if (n >> SONDE_WIDTH(row->len_from))
		return SONDE_E_RANGE;
	sonde_put(header, row->len_from, n);
	return 0;
}

/* Bits of a row whose first bytes tell; the left ones where they tell nothing that can be. */
static uint32_t own_width(const struct sonde_field *row, const uint8_t *at, uint32_t left)
{
	uint32_t want = 0;
	if (row->kind == SONDE_COUNTED_NAME)
		want = left ? at[0] * 8u : 0;
	else if (left >= 16)
		want = (sonde_get_be16(at) == 1 ? 4 + 4 : sonde_get_be16(at) == 2 ? 4 + 16 : 0) * 8;
	return want && want <= left ? want : left;
}

/* Bits of a row without a fixed width: what its number says, at most what is left. */
static uint32_t variable_width(const struct sonde_field *row, const uint8_t *header, uint32_t bits, uint32_t first)
{
	uint32_t left = bits > first ? (bits - first) / 8 * 8 : 0;
	if (row->kind == SONDE_AFI_ADDR || row->kind == SONDE_COUNTED_NAME)
		return own_width(row, header + first / 8, left);
	if (!row->len_from)
		return left;
	if (SONDE_FIRST(row->len_from) + SONDE_WIDTH(row->len_from) > bits)
		return 0;
	uint64_t want = sonde_bytes_by_number(row, sonde_get(header, row->len_from)) * 8;
	return want < left ? (uint32_t)want : left;
}

/* A row that does not exist takes nothing of what follows; one that is cut off takes all. */
static struct sonde_slot place_row(const struct sonde_field *row, const uint8_t *header, size_t len, uint32_t cursor)
{
	struct sonde_slot s = { .first = SONDE_FIRST(row->place), .width = SONDE_WIDTH(row->place) };
	uint32_t bits = (uint32_t)len * 8;
	if (s.first == SONDE_NEXT)
		s.first = cursor;
	if (!sonde_row_applies(row, header, len))
		return (struct sonde_slot){ .first = cursor };
	if (row->tail && s.first >= bits)
		return s;
	bool variable = s.width == 0 || row->repeat;
	if (variable)
		s.width = variable_width(row, header, bits, s.first);
	s.there = s.first + s.width <= bits && (s.width > 0 || variable);
	return s;
}

unsigned sonde_layout(struct sonde_slot slots[static SONDE_MAX_ROWS], const struct sonde_field *rows,
		      const uint8_t *header, size_t len)
{
	uint32_t cursor = 0;
	unsigned n = 0;
	for (; rows[n].name; n++) {
		slots[n] = place_row(&rows[n], header, len, cursor);
		if (!rows[n].view)
			cursor = slots[n].first + slots[n].width;
	}
	return n;
}

struct sonde_slot sonde_locate(const struct sonde_layer *layer, const uint8_t *header, unsigned row)
{
	const struct sonde_field *f = &layer->proto->fields[row];
	if (SONDE_FIRST(f->place) != SONDE_NEXT)
		return place_row(f, header, layer->header_len, 0);
	struct sonde_slot slots[SONDE_MAX_ROWS];
	sonde_layout(slots, layer->proto->fields, header, layer->header_len);
	return slots[row];
}
