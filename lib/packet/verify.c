#include "packet/packet.h"

#include "proto/describe.h"

/* A layer inside a fragment is not whole: the layer around says so by a condition on its own fields. */
static bool in_fragment(const struct sonde_packet *p, int layer)
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

static enum sonde_sum_state judge(const struct sonde_packet *p, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	const struct sonde_proto *proto = l->proto;
	const uint8_t *header = sonde_layer_header(p, layer);
	if (!proto->checksum)
		return SONDE_SUM_NONE;
	if (l->cut)
		return p->missing || l->quoted ? SONDE_SUM_TRUNCATED : SONDE_SUM_MALFORMED;
	if (!sonde_row_applies(&proto->fields[SONDE_ROW(proto->checksum_place)], header, l->header_len))
		return SONDE_SUM_NONE;
	if (in_fragment(p, layer))
		return SONDE_SUM_FRAGMENT;
	uint64_t stored = sonde_get(header, proto->checksum_place);
	if (stored == 0 && proto->zero_is_absent)
		return SONDE_SUM_ABSENT;
	struct sonde_context c = sonde_context_of(p, layer);
	uint64_t right = proto->checksum(&c);
	bool covers_header_only = SONDE_WIDTH(proto->dst_place) > 0;
	bool truncated = l->total_len > l->have_len && !covers_header_only;
	/* What was cut off may have been zeros, or anything. */
	if (!truncated && stored == (right == 0 && proto->zero_is_absent ? 0xffff : right))
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
