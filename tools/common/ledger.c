#include "tools/common/ledger.h"

#include <inttypes.h>

#include "proto/list.h"

static bool is_ip(const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++)
		if (SONDE_WIDTH(p->layers[i].proto->dst_place))
			return true;
	return false;
}

/* Bytes of a list that are no item. */
static uint32_t broken_bytes(const struct sonde_list *list, struct sonde_view bytes)
{
	struct sonde_list_item item;
	uint32_t n = 0;
	size_t at = 0;
	while (sonde_list_next(&item, list, bytes, &at)) {
		if (item.broken)
			n += (uint32_t)item.bytes.len;
		if (item.ends)
			break;
	}
	return n;
}

static void count_coverage(struct ledger *l, const struct sonde_packet *p, int at)
{
	const struct sonde_layer *layer = &p->layers[at];
	const struct sonde_slot *slots = sonde_slots(p, at);
	const uint8_t *header = p->data + layer->offset;
	uint64_t bits = 0;
	for (unsigned i = 0; layer->proto->fields[i].name; i++) {
		const struct sonde_field *f = &layer->proto->fields[i];
		if (!slots[i].there || f->view)
			continue;
		bits += slots[i].width;
		if (f->shape == SONDE_LIST)
			bits -= 8 * (uint64_t)broken_bytes(f->list, sonde_slot_view(header, slots[i]));
	}
	l->header_bytes += layer->header_len;
	l->field_bytes += bits / 8;
}

void ledger_count(struct ledger *l, const struct sonde_packet *p)
{
	struct sonde_fault faults[SONDE_MAX_FAULTS];
	bool wrong = false, partial = false, cut = false, faulty = false;
	l->read++;
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *layer = &p->layers[i];
		if (l->coverage && layer->proto->fields[0].name)
			count_coverage(l, p, i);
		if (layer->quoted)
			continue;
		enum sonde_sum_state state = sonde_verify(p, i);
		wrong |= state == SONDE_SUM_WRONG;
		partial |= state == SONDE_SUM_PARTIAL;
		cut |= layer->cut;
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
