#include "packet/template.h"

#include "base/checksum.h"

int sonde_template_freeze(struct sonde_template *t, const struct sonde_packet *p, uint8_t *buffer, uint32_t cap)
{
	if (sonde_check_fit(p, NULL))
		return SONDE_E_RANGE;
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

static bool covers(const struct sonde_template_slot *slot, uint32_t at)
{
	return at * 8 < slot->first + slot->width && at * 8 + 16 > slot->first;
}

/* Find the checksums that change with the slot, by comparing with a packet built with another value. */
static int find_sums(const struct sonde_template *t, struct sonde_template_slot *slot, const struct sonde_packet *now)
{
	for (unsigned i = 0; i < now->n_layers + now->n_trailers; i++) {
		const struct sonde_layer *l = &now->layers[i];
		if (!is_internet_checksum(l->proto) || l->cut)
			continue;
		uint32_t at = l->offset + SONDE_FIRST(l->proto->checksum_place) / 8;
		if (at + 2 > t->len || memcmp(now->data + at, t->bytes + at, 2) == 0 || covers(slot, at))
			continue;
		if (slot->n_sums == SONDE_MAX_SUMS)
			return SONDE_E_KIND;
		/* Addresses of a pseudo-header are at even offsets of their own header. */
		slot->sums[slot->n_sums++] = (struct sonde_template_sum){
			.at = at,
			.odd = (slot->first / 8 - l->offset) & 1,
			.zero_is_absent = l->proto->zero_is_absent,
			.start = l->offset,
			.end = l->offset + l->have_len,
		};
	}
	return 0;
}

/* Whether other bytes than checksums depend on this number. */
static bool decides(const struct sonde_proto *proto, sonde_place place)
{
	return (place == proto->length_place && !proto->length_or_type) || place == proto->trailer_length ||
		(sonde_deciding_rows(proto->fields) & SONDE_MARK(place)) != 0;
}

/* The values a slot is tested with: its lowest bit flipped, and 0. */
enum trial { FLIPPED, ZEROS, N_TRIALS };

static void fill_trial(uint8_t *bytes, const struct sonde_template_slot *slot, enum trial trial)
{
	uint32_t end = slot->first + slot->width;
	for (uint32_t i = trial == FLIPPED ? end - 1 : slot->first; i < end; i++) {
		uint8_t bit = (uint8_t)(0x80 >> i % 8);
		bool set = trial == FLIPPED && !(bytes[i / 8] & bit);
		bytes[i / 8] = (uint8_t)(set ? bytes[i / 8] | bit : bytes[i / 8] & ~bit);
	}
}

/* A slot that is tested against the builder, in scratch memory after the packet. */
struct trial_run {
	const struct sonde_template *t;
	struct sonde_template_slot *slot;
	struct sonde_packet scratch;
	int layer;         /* layer and place of the field, */
	sonde_place place; /* or 0 for payload */
};

/* Build the packet with another value in the slot. Returns 0 or SONDE_E_RANGE. */
static int build_trial(struct trial_run *run, enum trial trial)
{
	memcpy(run->scratch.data, run->t->bytes, run->t->len);
	fill_trial(run->scratch.data, run->slot, trial);
	if (run->place)
		run->scratch.layers[run->layer].written |= SONDE_MARK(run->place);
	return sonde_finish(&run->scratch);
}

/* --- Stamping ---------------------------------------------------------------------------------------------------- */

/* The ones' complement difference between old and new bytes that start at an even offset. */
static uint16_t difference(const uint8_t *was, const uint8_t *is, unsigned n)
{
	uint64_t sum = sonde_sum(0, sonde_view(is, n));
	return sonde_sum_fold(sonde_sum_add(sum, (uint16_t)~sonde_fold16(sonde_sum(0, sonde_view(was, n)))));
}

/* Whether a layer is all zeros except its checksum. */
static bool is_all_zeros(const uint8_t *frame, const struct sonde_template_sum *sum)
{
	for (uint32_t i = sum->start; i < sum->end; i++)
		if (frame[i] && i != sum->at && i != sum->at + 1)
			return false;
	return true;
}

static void update_sum(uint8_t *frame, const struct sonde_template_sum *sum, uint16_t diff)
{
	uint16_t checksum = sonde_get_be16(frame + sum->at);
	if (sum->odd)
		diff = (uint16_t)(diff << 8 | diff >> 8);
	checksum = (uint16_t)~sonde_fold16((uint64_t)(uint16_t)~checksum + diff);
	/* An update cannot tell 0 and 0xffff apart. A builder writes 0xffff where 0 would mean no checksum, and for a
	 * sum of zeros. */
	if (checksum == 0xffff || checksum == 0)
		checksum = sum->zero_is_absent || is_all_zeros(frame, sum) ? 0xffff : 0;
	sonde_put_be16(frame + sum->at, checksum);
}

static inline void update_sums(uint8_t *frame, const struct sonde_template_slot *slot, uint16_t diff)
{
	for (unsigned i = 0; i < slot->n_sums; i++)
		update_sum(frame, &slot->sums[i], diff);
}

static void replace(uint8_t *frame, const struct sonde_template_slot *slot, const uint8_t *bytes, unsigned n)
{
	uint8_t *at = frame + slot->first / 8;
	uint16_t diff = difference(at, bytes, n);
	memcpy(at, bytes, n);
	update_sums(frame, slot, diff);
}

/* Shifting a number within 16-bit words rotates its folded sum. */
static inline uint16_t rotate16(uint16_t v, unsigned n)
{
	return (uint16_t)(v << n | v >> (16 - n));
}

/* --- Slots ------------------------------------------------------------------------------------------------------- */

/* Whether stamping gives the same bytes as the builder, for all test values. */
static bool stamps_well(struct trial_run *run)
{
	const struct sonde_template_slot *slot = run->slot;
	uint32_t from = slot->first / 8, n = (slot->first % 8 + slot->width + 7) / 8;
	uint8_t *stamped = run->scratch.data + run->t->len;
	for (unsigned trial = 0; trial < N_TRIALS; trial++) {
		if (build_trial(run, trial))
			return false;
		memcpy(stamped, run->t->bytes, run->t->len);
		replace(stamped, slot, run->scratch.data + from, n);
		if (memcmp(stamped, run->scratch.data, run->t->len) != 0)
			return false;
	}
	return true;
}

/* Add a slot for these bits. */
static int make_slot(struct sonde_template *t, const struct sonde_packet *p, struct sonde_slot bits, int layer,
		     sonde_place place)
{
	if (t->n_slots == SONDE_MAX_SLOTS || p->cap - p->len < 2 * p->len)
		return SONDE_E_SPACE;
	struct sonde_template_slot *slot = &t->slots[t->n_slots];
	struct trial_run run = { t, slot, *p, layer, place };
	*slot = (struct sonde_template_slot){ .first = bits.first, .width = (uint16_t)bits.width };
	run.scratch.data = p->data + p->len;
	int err = build_trial(&run, FLIPPED) ? SONDE_E_KIND : 0;
	if (!err)
		err = find_sums(t, slot, &run.scratch);
	if (!err && !stamps_well(&run))
		err = SONDE_E_KIND;
	return err ? err : t->n_slots++;
}

int sonde_template_slot(struct sonde_template *t, const struct sonde_packet *p, int layer, sonde_place place)
{
	if (layer < 0)
		return SONDE_E_ABSENT;
	const struct sonde_layer *l = &p->layers[layer];
	struct sonde_slot s = sonde_locate(l->proto->fields, SONDE_ROW(place), p->data + l->offset, l->header_len);
	if (!s.there || s.width == 0)
		return SONDE_E_ABSENT;
	if (l->proto->fields[SONDE_ROW(place)].shape == SONDE_LIST || decides(l->proto, place))
		return SONDE_E_KIND;
	s.first += l->offset * 8;
	return make_slot(t, p, s, layer, place);
}

int sonde_template_bytes_slot(struct sonde_template *t, const struct sonde_packet *p, uint32_t at, uint32_t len)
{
	struct sonde_view payload = sonde_payload(p);
	uint32_t start = (uint32_t)(payload.data - p->data), end = start + (uint32_t)payload.len;
	if (at < start || at > end || len == 0 || len > end - at)
		return SONDE_E_ABSENT;
	if (len > UINT16_MAX / 8)
		return SONDE_E_KIND;
	return make_slot(t, p, (struct sonde_slot){ .first = at * 8, .width = len * 8, .there = true }, 0, 0);
}

/* --- For callers ------------------------------------------------------------------------------------------------- */

void sonde_template_stamp(uint8_t *frame, const struct sonde_template *t, int slot, uint64_t v)
{
	const struct sonde_template_slot *s = &t->slots[slot];
	uint8_t *at = frame + s->first / 8;
	unsigned before = s->first % 8, behind = (16 - (before + s->width) % 16) % 16;
	uint64_t was = sonde_bits_get(at, before, s->width), is = v & ~UINT64_C(0) >> (64 - s->width);
	sonde_bits_put(at, before, s->width, is);
	update_sums(frame, s,
		    rotate16(sonde_fold16((uint64_t)sonde_fold16(is) + (uint16_t)~sonde_fold16(was)), behind));
}

void sonde_template_stamp_bytes(uint8_t *frame, const struct sonde_template *t, int slot, const uint8_t *bytes)
{
	const struct sonde_template_slot *s = &t->slots[slot];
	replace(frame, s, bytes, s->width / 8);
}
