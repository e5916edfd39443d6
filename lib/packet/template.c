#include "packet/template.h"

#include "base/checksum.h"
#include "packet/layout.h"

int sonde_template_freeze(struct sonde_template *t, const struct sonde_packet *p, uint8_t *buffer, uint32_t cap)
{
	if (p->len > cap)
		return SONDE_E_SPACE;
	memcpy(buffer, p->data, p->len);
	t->bytes = buffer;
	t->len = p->len;
	t->n_slots = 0;
	return 0;
}

/* --- Which checksums follow a field ------------------------------------------------------------------------------ */

static bool is_internet_checksum(const struct sonde_proto *proto)
{
	return proto->checksum && SONDE_WIDTH(proto->checksum_place) == 16;
}

/* Whether anything but the slot and the checksums changed between two builds. */
static bool only_sums_differ(const struct sonde_template *t, const struct sonde_template_slot *slot, const uint8_t *now)
{
	uint32_t from = slot->first / 8, to = (slot->first + slot->width + 7) / 8;
	for (uint32_t i = 0; i < t->len; i++) {
		bool covered = i >= from && i < to;
		for (unsigned s = 0; s < slot->n_sums; s++)
			covered |= i - slot->sums[s].at < 2;
		if (!covered && now[i] != t->bytes[i])
			return false;
	}
	return true;
}

/* The checksums that a change of the slot changed. No rule is asked which covers what: the builder shows it. */
static int find_sums(struct sonde_template *t, struct sonde_template_slot *slot, const struct sonde_packet *now)
{
	for (unsigned i = 0; i < now->n_layers + now->n_trailers; i++) {
		const struct sonde_layer *l = &now->layers[i];
		if (!is_internet_checksum(l->proto) || l->cut)
			continue;
		uint32_t at = l->offset + SONDE_FIRST(l->proto->checksum_place) / 8;
		if (at + 2 > t->len || memcmp(now->data + at, t->bytes + at, 2) == 0)
			continue;
		if (slot->n_sums == SONDE_MAX_SUMS)
			return SONDE_E_KIND;
		/* Addresses in a pseudo-header stand at even offsets of their own header. */
		bool odd = (slot->first / 8 - l->offset) & 1;
		slot->sums[slot->n_sums++] = (struct sonde_template_sum){ at, odd, l->proto->zero_is_absent };
	}
	return only_sums_differ(t, slot, now->data) ? 0 : SONDE_E_KIND;
}

/* The row's bits in the packet with the lowest one flipped, everything open finished again. */
static void flip_and_finish(struct sonde_packet *scratch, const struct sonde_template_slot *slot, struct sonde_layer *l, uint32_t place)
{
	uint32_t last = slot->first + slot->width - 1;
	scratch->data[last / 8] ^= (uint8_t)(0x80 >> last % 8);
	l->written |= SONDE_MARK(place);
	sonde_finish(scratch);
}

int sonde_template_slot(struct sonde_template *t, const struct sonde_packet *p, int layer, uint32_t place)
{
	if (layer < 0 || t->n_slots == SONDE_MAX_SLOTS || p->cap - p->len < p->len)
		return layer < 0 ? SONDE_E_ABSENT : SONDE_E_SPACE;
	const struct sonde_layer *l = &p->layers[layer];
	struct sonde_slot s = sonde_locate(l, p->data + l->offset, SONDE_ROW(place));
	if (!s.there || s.width == 0)
		return SONDE_E_ABSENT;
	if (l->proto->fields[SONDE_ROW(place)].shape == SONDE_LIST)
		return SONDE_E_KIND;
	struct sonde_template_slot *slot = &t->slots[t->n_slots];
	*slot = (struct sonde_template_slot){ .first = l->offset * 8 + s.first, .width = (uint16_t)s.width };

	struct sonde_packet scratch = *p;
	scratch.data = p->data + p->len;
	memcpy(scratch.data, t->bytes, t->len);
	flip_and_finish(&scratch, slot, &scratch.layers[layer], place);
	int err = find_sums(t, slot, &scratch);
	return err ? err : t->n_slots++;
}

/* --- Stamping ---------------------------------------------------------------------------------------------------- */

/* The ones' complement difference that a change of bytes makes, as if they began a word. */
static uint16_t difference(const uint8_t *was, const uint8_t *is, unsigned n)
{
	uint64_t sum = sonde_sum(0, sonde_view(is, n));
	return sonde_sum_fold(sum + (uint16_t)~sonde_sum_fold(sonde_sum(0, sonde_view(was, n))));
}

static void follow(uint8_t *frame, const struct sonde_template_sum *sum, uint16_t diff)
{
	uint16_t checksum = sonde_get_be16(frame + sum->at);
	if (sum->odd)
		diff = (uint16_t)(diff << 8 | diff >> 8);
	checksum = (uint16_t)~sonde_sum_fold((uint64_t)(uint16_t)~checksum + diff);
	/* A rebuild never gives 0xffff but for an absent 0, and never 0 for those. */
	if (checksum == 0xffff || checksum == 0)
		checksum = sum->zero_is_absent ? 0xffff : 0;
	sonde_put_be16(frame + sum->at, checksum);
}

static void replace(uint8_t *frame, const struct sonde_template_slot *slot, const uint8_t *bytes, unsigned n)
{
	uint8_t *at = frame + slot->first / 8;
	uint16_t diff = difference(at, bytes, n);
	memcpy(at, bytes, n);
	for (unsigned i = 0; i < slot->n_sums; i++)
		follow(frame, &slot->sums[i], diff);
}

void sonde_template_stamp(uint8_t *frame, const struct sonde_template *t, int slot, uint64_t v)
{
	const struct sonde_template_slot *s = &t->slots[slot];
	uint8_t bytes[9];
	unsigned n = (s->first % 8 + s->width + 7) / 8;
	memcpy(bytes, frame + s->first / 8, n);
	sonde_bits_put(bytes, s->first % 8, s->width, v);
	replace(frame, s, bytes, n);
}

void sonde_template_stamp_bytes(uint8_t *frame, const struct sonde_template *t, int slot, const uint8_t *bytes)
{
	const struct sonde_template_slot *s = &t->slots[slot];
	replace(frame, s, bytes, s->width / 8);
}
