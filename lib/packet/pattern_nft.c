/* Patterns as matches of nftables, for hosts that filter: each field as the bits of a header that it lies in. */
#include <inttypes.h>
#include <string.h>

#include "packet/pattern.h"
#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"

static void put_number(struct sonde_text *out, sonde_u128 v, unsigned width)
{
	uint8_t bytes[16];
	sonde_u128_bytes(bytes, sizeof bytes, v);
	size_t skip = sizeof bytes - (width + 7) / 8;
	sonde_text_str(out, "0x");
	sonde_text_hex(out, sonde_view(bytes + skip, sizeof bytes - skip));
}

/* The whole bytes that a field lies in. */
struct bits {
	unsigned first, width;
	unsigned shift;  /* how far the field is from their end */
	sonde_u128 mask; /* the field's bits; 0: all of them */
};

static struct bits bits_of(const struct sonde_field *row, const struct sonde_spec_field *f)
{
	unsigned width = f->value_len ? f->value_len * 8u : SONDE_WIDTH(row->place);
	unsigned first = SONDE_FIRST(row->place) / 8 * 8, end = (SONDE_FIRST(row->place) + width + 7) / 8 * 8;
	struct bits b = { .first = first, .width = end - first, .shift = end - SONDE_FIRST(row->place) - width };
	if (b.width != width)
		b.mask = (((sonde_u128)1 << width) - 1) << b.shift;
	return b;
}

static void put_place(struct sonde_text *out, const char *base, const struct bits *b, sonde_u128 mask)
{
	sonde_text_fmt(out, "@%s,%u,%u ", base, b->first, b->width);
	if (mask) {
		sonde_text_str(out, "& ");
		put_number(out, mask, b->width);
		sonde_text_char(out, ' ');
	}
}

/* nft(8) has no ranges with steps: their values are written one by one, as far as there is room. */
static void put_set(struct sonde_text *out, const struct sonde_spec *s, const struct sonde_spec_field *f,
		    const struct bits *b)
{
	for (uint32_t i = 0; i < f->n; i++) {
		const struct sonde_spec_range *r = &s->ranges[f->start + i];
		sonde_u128 v = r->first, last = r->step > 1 ? v : r->last;
		for (bool more = true; more && sonde_text_fits(out); v += r->step, last = v) {
			put_number(out, v << b->shift, b->width);
			if (last != v) {
				sonde_text_char(out, '-');
				put_number(out, last << b->shift, b->width);
			}
			more = r->step > 1 && r->last - v >= r->step;
			sonde_text_str(out, more || i + 1 < f->n ? ", " : " ");
		}
	}
}

static int cannot(struct sonde_error *e, const struct sonde_proto *proto, const struct sonde_spec_field *f)
{
	sonde_fail(e, SONDE_E_UNSUPPORTED, "nftables cannot match %s %s", proto->name, proto->fields[f->row].name);
	sonde_hint(e, "a filter takes values, sets, ranges and flags of fields at a fixed place");
	return SONDE_E_UNSUPPORTED;
}

static int put_field(struct sonde_text *out, struct sonde_error *e, const struct sonde_spec *s, const char *base,
		     const struct sonde_proto *proto, const struct sonde_spec_field *f)
{
	const struct sonde_field *row = &proto->fields[f->row];
	const struct sonde_spec_range *r = &s->ranges[f->start];
	bool fixed = SONDE_FIRST(row->place) != SONDE_NEXT && SONDE_WIDTH(row->place) && !f->trailer;
	if (!fixed || (f->type != SONDE_SPEC_SET && f->type != SONDE_SPEC_FLAGS))
		return cannot(e, proto, f);
	struct bits b = bits_of(row, f);
	if (f->type == SONDE_SPEC_SET) {
		put_place(out, base, &b, b.mask);
		sonde_text_str(out, f->negated ? "!= { " : "{ ");
		put_set(out, s, f, &b);
		sonde_text_str(out, "} ");
		return 0;
	}
	put_place(out, base, &b, (r->first | r->last) << b.shift);
	sonde_text_str(out, f->negated ? "!= " : "== ");
	put_number(out, r->first << b.shift, b.width);
	sonde_text_char(out, ' ');
	return 0;
}

/* What nft(8) calls the header of layer i: ll (link), nh (network), th (transport); or NULL where a filter cannot have
 * this layer there. */
static const char *base_of(const struct sonde_spec *s, unsigned i)
{
	const struct sonde_proto *proto = s->layers[i].proto;
	bool first = i == 0 || (i == 1 && s->layers[0].proto == &sonde_ether);
	bool behind_ip = i > 0 && sonde_number_in(s->layers[i - 1].proto, SONDE_SPACE_VERSION, 0);
	if (proto == &sonde_ether)
		return i == 0 ? "ll" : NULL;
	if (proto == &sonde_ip || proto == &sonde_ip6)
		return first ? "nh" : NULL;
	return (first || behind_ip) && proto->ids[0].space == SONDE_SPACE_IP ? "th" : NULL;
}

static int put_layer(struct sonde_text *out, struct sonde_error *e, const struct sonde_spec *s, unsigned i)
{
	const struct sonde_spec_layer *l = &s->layers[i];
	const char *base = base_of(s, i);
	int err = 0;
	if (!base || l->n_data || l->have >= 0)
		return sonde_fail(e, SONDE_E_UNSUPPORTED,
				  "layer %u: a filter knows ether, ip or ip6 and one layer behind it, not '%s' there",
				  i + 1, base ? "data" : l->proto->name);
	if (strcmp(base, "nh") == 0)
		sonde_text_fmt(out, "meta nfproto %s ", l->proto == &sonde_ip ? "ipv4" : "ipv6");
	else if (strcmp(base, "th") == 0)
		sonde_text_fmt(out, "meta l4proto %" PRIu32 " ", l->proto->ids[0].number);
	for (uint32_t k = 0; k < l->n_fields && !err; k++)
		err = put_field(out, e, s, base, l->proto, &s->fields[l->field + k]);
	return err;
}

int sonde_pattern_nft(struct sonde_text *t, const struct sonde_spec *pattern, struct sonde_error *e)
{
	int err = sonde_pattern_check(pattern, e);
	for (unsigned i = 0; i < pattern->n_layers && !err; i++)
		err = put_layer(t, e, pattern, i);
	return err;
}
