#include "tools/common/ledger.h"

#include <inttypes.h>

#include "packet/list_text.h"

static bool is_ip(const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++)
		if (SONDE_WIDTH(p->layers[i].proto->dst_place))
			return true;
	return false;
}

/* --- Coverage ---------------------------------------------------------------------------------------------------- */

#define SCRATCH_LEN (1 << 20)

/* How many bytes of a row are printed as hex digits, because no description fits them. */
static uint64_t bytes_without_field(const struct sonde_packet *p, int layer, unsigned row, struct sonde_slot s)
{
	static char scratch[SCRATCH_LEN];
	struct sonde_text t = sonde_text(scratch, sizeof scratch);
	const struct sonde_row_context ctx = sonde_row_context_of(p, layer, row);
	const struct sonde_kind *kind = ctx.row->kind;
	struct sonde_view bytes = sonde_slot_view(p->data + p->layers[layer].offset, s);
	uint64_t n = 0;
	if (ctx.row->shape == SONDE_LIST) {
		const struct sonde_list_style form = { .exact = p->layers[layer].cut, .untyped = &n };
		sonde_list_print(&t, ctx.row->list, bytes, &form);
	} else if (ctx.row->shape == SONDE_BYTES && bytes.len) {
		/* A kind that measures its values prints nothing where none begins. */
		bool none = kind && kind->measure && kind->print_bytes && !kind->print_bytes(&t, &ctx, bytes);
		n = none || kind == &sonde_kind_opaque ? bytes.len : 0;
	}
	return n;
}

void ledger_cover(struct ledger *l, const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *layer = &p->layers[i];
		const struct sonde_slot *slots = sonde_slots(p, i);
		uint64_t n = 0;
		if (!layer->proto->fields[0].name)
			continue;
		for (unsigned row = 0; layer->proto->fields[row].name; row++)
			if (slots[row].there && !layer->proto->fields[row].view)
				n += bytes_without_field(p, i, row, slots[row]);
		l->header_bytes += layer->header_len;
		l->field_bytes += layer->header_len - n;
	}
}

/* --- Counting ---------------------------------------------------------------------------------------------------- */

void ledger_count(struct ledger *l, const struct sonde_packet *p)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	bool wrong = false, partial = false, cut = false, faulty = false;
	l->read++;
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *layer = &p->layers[i];
		if (layer->quoted)
			continue;
		enum sonde_sum_state state = sonde_verify(p, i);
		wrong |= state == SONDE_SUM_WRONG;
		partial |= state == SONDE_SUM_PARTIAL;
		cut |= layer->cut && !sonde_in_fragment(p, i) && !sonde_continues(p, i);
		faulty |= sonde_faults(faults, p, i) > 0;
	}
	l->decoded += p->n_layers > 0;
	l->unknown_link += p->n_layers == 0;
	l->not_ip += p->n_layers > 0 && !is_ip(p);
	l->truncated += p->missing > 0;
	l->malformed += cut && !p->missing;
	l->faulty += faulty;
	l->wrong += wrong;
	l->offload += partial;
}

void ledger_print(FILE *out, const struct ledger *l)
{
	if (l->only_counts) {
		fprintf(out, "%" PRIu64 " read\n", l->read);
		return;
	}
	fprintf(out,
		"%" PRIu64 " read, %" PRIu64 " decoded, %" PRIu64 " not IP, %" PRIu64 " truncated, %" PRIu64
		" malformed, %" PRIu64 " bad headers, %" PRIu64 " checksum wrong, %" PRIu64 " left to offload, %" PRIu64
		" unknown link type\n",
		l->read, l->decoded, l->not_ip, l->truncated, l->malformed, l->faulty, l->wrong, l->offload,
		l->unknown_link);
}

void ledger_json(struct json *j, const struct ledger *l)
{
	json_uint(j, "read", l->read);
	if (l->only_counts)
		return;
	json_uint(j, "decoded", l->decoded);
	json_uint(j, "not_ip", l->not_ip);
	json_uint(j, "truncated", l->truncated);
	json_uint(j, "malformed", l->malformed);
	json_uint(j, "bad_headers", l->faulty);
	json_uint(j, "checksum_wrong", l->wrong);
	json_uint(j, "offload", l->offload);
	json_uint(j, "unknown_link", l->unknown_link);
}

void ledger_json_coverage(struct json *j, const struct ledger *l)
{
	json_uint(j, "header_bytes", l->header_bytes);
	json_uint(j, "field_bytes", l->field_bytes);
}

void ledger_print_coverage(FILE *out, const struct ledger *l)
{
	double share = l->header_bytes ? 100.0 * (double)l->field_bytes / (double)l->header_bytes : 100.0;
	fprintf(out, "%" PRIu64 " header bytes, %" PRIu64 " of them fields: %.2f %%\n", l->header_bytes, l->field_bytes,
		share);
}
