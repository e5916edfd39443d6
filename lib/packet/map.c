#include "packet/map.h"

#include "packet/overlay.h"

/* --- Reading ----------------------------------------------------------------------------------------------------- */

static int fail(struct sonde_error *e, const char *s, size_t len, const char *why)
{
	return sonde_fail(e, SONDE_E_SYNTAX, "'%.*s': %s", (int)(len > 60 ? 60 : len), s, why);
}

/* One side: an address, or a prefix. */
static int read_side(uint8_t bytes[static 16], uint8_t *len, uint8_t *bits, const char *s, size_t n,
		     struct sonde_error *e)
{
	const char *slash = memchr(s, '/', n);
	size_t head = slash ? (size_t)(slash - s) : n;
	struct sonde_addr a;
	uint64_t given;
	if (sonde_mac_parse(bytes, s, head) == 0)
		*len = SONDE_MAC_LEN;
	else if (sonde_addr_parse(&a, NULL, s, head))
		return fail(e, s, n, "an IP address, a prefix or a MAC address expected");
	else
		memcpy(bytes, a.bytes, *len = (uint8_t)sonde_addr_len(&a));
	*bits = (uint8_t)(8 * *len);
	if (!slash)
		return 0;
	if (sonde_uint_parse(&given, slash + 1, n - head - 1) || given > *bits)
		return fail(e, s, n, "no such prefix length");
	*bits = (uint8_t)given;
	return 0;
}

int sonde_map_parse(struct sonde_map *out, const char *text, struct sonde_error *e)
{
	const char *equals = strchr(text, '=');
	uint8_t len, bits;
	*out = (struct sonde_map){ 0 };
	if (!equals)
		return fail(e, text, strlen(text), "OLD=NEW expected, such as 192.0.2.0/24=10.0.0.0/24");
	int err = read_side(out->from, &out->len, &out->bits, text, (size_t)(equals - text), e);
	if (!err)
		err = read_side(out->to, &len, &bits, equals + 1, strlen(equals + 1), e);
	if (!err && (len != out->len || bits != out->bits))
		return fail(e, text, strlen(text), "both sides are addresses of one kind, or prefixes of one length");
	return err;
}

/* --- Replacing --------------------------------------------------------------------------------------------------- */

/* A mask for the bits of byte i that are the prefix's. */
static uint8_t mask_of(const struct sonde_map *m, unsigned i)
{
	int own = (int)m->bits - (int)(8 * i);
	return own >= 8 ? 0xff : own <= 0 ? 0 : (uint8_t)(0xff << (8 - own));
}

static bool has(const struct sonde_map *m, struct sonde_view addr)
{
	for (unsigned i = 0; i < m->len && m->len == addr.len; i++)
		if ((m->from[i] ^ addr.data[i]) & mask_of(m, i))
			return false;
	return m->len == addr.len;
}

static bool is_address(const struct sonde_field *f)
{
	bool mac = f->kind == &sonde_kind_mac || f->kind == &sonde_kind_mac_padded;
	return f->kind && !f->repeat && (f->kind->family || mac);
}

/* An address in the padding of a row (DHCP's chaddr) begins it. */
static bool replace(struct sonde_packet *p, int layer, const struct sonde_field *f, struct sonde_slot slot,
		    const struct sonde_map *maps, unsigned n)
{
	uint8_t *at = p->data + p->layers[layer].offset + slot.first / 8;
	size_t len = f->kind == &sonde_kind_mac_padded ? SONDE_MAC_LEN : slot.width / 8;
	for (unsigned i = 0; i < n && slot.width >= 8 * len; i++) {
		if (!has(&maps[i], sonde_view(at, len)))
			continue;
		for (unsigned k = 0; k < len; k++)
			at[k] = (uint8_t)((at[k] & ~mask_of(&maps[i], k)) | (maps[i].to[k] & mask_of(&maps[i], k)));
		p->layers[layer].written |= SONDE_MARK(f->place);
		return true;
	}
	return false;
}

static unsigned map_layer(struct sonde_packet *p, int layer, const struct sonde_map *maps, unsigned n)
{
	const struct sonde_slot *slots = sonde_slots(p, layer);
	unsigned count = 0;
	for (const struct sonde_field *f = p->layers[layer].proto->fields; f->name; f++) {
		struct sonde_slot slot = slots[SONDE_ROW(f->place)];
		if (is_address(f) && !f->view && slot.there && slot.first % 8 == 0)
			count += replace(p, layer, f, slot, maps, n);
	}
	return count;
}

unsigned sonde_map_packet(struct sonde_packet *p, const struct sonde_map *maps, unsigned n)
{
	struct sonde_incomplete_sums sums;
	unsigned count = 0;
	sonde_incomplete_sums_find(&sums, p, true);
	for (int i = 0; i < p->n_layers + p->n_trailers; i++)
		count += map_layer(p, i, maps, n);
	for (int i = 0; i < p->n_layers + p->n_trailers && count; i++)
		p->layers[i].sum_state = 0;
	if (count)
		sonde_incomplete_sums_update(p, &sums);
	return count;
}
