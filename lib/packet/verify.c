#include "packet/packet.h"

#include "proto/describe.h"

/* --- Checksums --------------------------------------------------------------------------------------------------- */

bool sonde_in_fragment(const struct sonde_packet *p, int layer)
{
	for (int i = layer - 1; i >= 0; i--) {
		const struct sonde_proto *proto = p->layers[i].proto;
		if (proto->is_fragment && proto->is_fragment(sonde_layer_header(p, i)))
			return true;
		if (SONDE_WIDTH(proto->dst_place))
			break;
	}
	return false;
}

/* In ones' complement 0xffff is zero, too: who adds up the whole finds it right, and Linux sends it for every protocol
 * (RFC 1071, 1; skb_checksum_help). UDP's computed zero is always sent so (RFC 768). */
static bool is_right(const struct sonde_proto *proto, uint64_t stored, uint64_t right)
{
	bool ones_complement = SONDE_WIDTH(proto->checksum_place) == 16;
	return stored == right || (ones_complement && right == 0 && stored == 0xffff);
}

static enum sonde_sum_state judge(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_proto *proto = l->proto;
	const uint8_t *header = sonde_layer_header(p, layer);
	if (!proto->checksum)
		return SONDE_SUM_NONE;
	if (l->cut)
		return p->missing || l->quoted  ? SONDE_SUM_TRUNCATED
		       : sonde_in_fragment(p, layer) ? SONDE_SUM_FRAGMENT
						: SONDE_SUM_MALFORMED;
	if (!sonde_row_applies(&proto->fields[SONDE_ROW(proto->checksum_place)], header, l->header_len))
		return SONDE_SUM_NONE;
	if (sonde_in_fragment(p, layer))
		return SONDE_SUM_FRAGMENT;
	uint64_t stored = sonde_get(header, proto->checksum_place);
	if (stored == 0 && proto->zero_is_absent)
		return SONDE_SUM_ABSENT;
	struct sonde_context c = sonde_context_of(p, layer);
	uint64_t right = proto->checksum(&c);
	bool covers_header_only = SONDE_WIDTH(proto->dst_place) > 0;
	bool truncated = l->total_len > l->have_len && !covers_header_only;
	/* The checksum may match although bytes were cut off, if these are zeros. */
	if (!truncated && is_right(proto, stored, right))
		return SONDE_SUM_OK;
	if (proto->pseudo && stored == sonde_partial_sum(p, layer))
		return SONDE_SUM_PARTIAL;
	return truncated ? SONDE_SUM_TRUNCATED : SONDE_SUM_WRONG;
}

enum sonde_sum_state sonde_verify(const struct sonde_packet *p, int layer)
{
	struct sonde_layer *l = (struct sonde_layer *)(uintptr_t)&p->layers[layer];
	if (!l->sum_state)
		l->sum_state = (uint8_t)(1 + judge(p, layer));
	return (enum sonde_sum_state)(l->sum_state - 1);
}

const char *sonde_sum_state_name(enum sonde_sum_state s)
{
	static const char *const names[] = {
		[SONDE_SUM_NONE] = "none",           [SONDE_SUM_OK] = "ok",
		[SONDE_SUM_WRONG] = "wrong",         [SONDE_SUM_ABSENT] = "absent",
		[SONDE_SUM_PARTIAL] = "partial",     [SONDE_SUM_FRAGMENT] = "fragment",
		[SONDE_SUM_TRUNCATED] = "truncated", [SONDE_SUM_MALFORMED] = "malformed",
	};
	return (unsigned)s < sizeof names / sizeof *names ? names[s] : "none";
}

/* --- Faults ------------------------------------------------------------------------------------------------------ */

/* Length that a layer can have had on the wire, by the lengths of enclosing layers. */
static uint64_t room_of(const struct sonde_packet *p, int layer)
{
	uint64_t start = p->layers[layer].offset, end = (uint64_t)p->len + p->missing;
	for (int i = 0; i < layer; i++) {
		const struct sonde_layer *l = &p->layers[i];
		uint64_t len = l->proto->declared && !l->cut ? l->proto->declared(l, sonde_layer_header(p, i)) : 0;
		/* An earlier message of a stream ends where this one begins, or before. */
		if (len && l->offset + len < end && l->offset + len > start)
			end = l->offset + len;
	}
	return end > start ? end - start : 0;
}

struct faults {
	struct sonde_fault *out;
	unsigned n;
	const struct sonde_packet *p;
	int layer;
	const struct sonde_proto *proto;
};

static void add(struct faults *f, sonde_place place, uint64_t value, bool impossible, uint64_t there)
{
	const struct sonde_field *row = &f->proto->fields[SONDE_ROW(place)];
	f->out[f->n++] = (struct sonde_fault){ row, value, impossible, impossible ? 0 : there };
}

static void judge_version(struct faults *f, const struct sonde_layer *l, const uint8_t *header)
{
	const sonde_place place = SONDE_FIELD(0, 0, 4);
	uint32_t version = sonde_number_in(f->proto, SONDE_SPACE_VERSION, 0);
	if (version && sonde_place_there(l, place) && sonde_get(header, place) != version)
		add(f, place, sonde_get(header, place), true, 0);
}

static void judge_header_length(struct faults *f, const struct sonde_layer *l, const uint8_t *header)
{
	sonde_place place = f->proto->header_length;
	if (!SONDE_WIDTH(place) || !sonde_place_there(l, place))
		return;
	uint64_t unit = f->proto->header_unit, plus = f->proto->header_plus, value = sonde_get(header, place);
	uint64_t len = (value + plus) * unit, room = 0;
	if (len < f->proto->min_len)
		add(f, place, value, true, 0);
	else if (len > l->have_len && len > (room = room_of(f->p, f->layer)))
		add(f, place, value, room / unit < plus, room / unit - plus);
}

/* The TCP segment that holds a layer, or NULL. */
static const struct sonde_layer *segment_of(const struct sonde_packet *p, int layer)
{
	for (const struct sonde_layer *l = &p->layers[layer]; l-- > p->layers;)
		if (SONDE_WIDTH(l->proto->dst_place) || l->proto->next_space == SONDE_SPACE_TCP)
			return l->proto->next_space == SONDE_SPACE_TCP ? l : NULL;
	return NULL;
}

bool sonde_continues(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer], *segment = segment_of(p, layer);
	bool to_the_end = segment && l->offset + l->have_len == segment->offset + segment->have_len;
	if (!to_the_end || l->quoted || layer >= p->n_layers)
		return false;
	return l->cut || (l->proto->declared && l->proto->declared(l, sonde_layer_header(p, layer)) > l->have_len);
}

static void judge_length(struct faults *f, const struct sonde_layer *l, const uint8_t *header)
{
	sonde_place place = f->proto->length_place;
	if (!SONDE_WIDTH(place) || l->cut || sonde_continues(f->p, f->layer))
		return;
	uint64_t value = sonde_get(header, place), len = f->proto->declared(l, header);
	if (len && len == l->have_len && !f->p->missing)
		return;
	uint64_t room = room_of(f->p, f->layer);
	if (len == 0) {
		if (value && !f->proto->length_or_type)
			add(f, place, value, true, 0);
	} else if (len > room || (len < room && !f->proto->network && !f->proto->length_or_type &&
			       !f->proto->follower)) {
		uint64_t around = len - value;
		add(f, place, value, room < around, room - around);
	}
}

static unsigned find_faults(struct sonde_fault *out, const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const uint8_t *header = sonde_layer_header(p, layer);
	struct faults f = { .out = out, .proto = l->proto, .p = p, .layer = layer };
	judge_version(&f, l, header);
	bool has_length = SONDE_WIDTH(l->proto->header_length) || SONDE_WIDTH(l->proto->length_place);
	if (has_length && !l->quoted && !sonde_in_fragment(p, layer)) {
		judge_header_length(&f, l, header);
		judge_length(&f, l, header);
	}
	return f.n;
}

unsigned sonde_faults(struct sonde_fault out[static SONDE_MAX_FAULTS], const struct sonde_packet *p, int layer)
{
	struct sonde_layer *l = (struct sonde_layer *)(uintptr_t)&p->layers[layer];
	if (l->faultless || layer >= p->n_layers)
		return 0;
	unsigned n = find_faults(out, p, layer);
	l->faultless = n == 0;
	return n;
}
