/* What a pattern leaves to the kernel. Segments of TCP are most of the traffic, and nothing is tunnelled in them: those
 * whose ports and addresses do not fit, the kernel may leave out. Every other packet may hold another one. */
#include "packet/pattern.h"
#include "proto/tcp.h"

#define MOST_RANGES 8 /* of a set; longer ones are left to the pattern */

static bool is_network(const struct sonde_proto *p)
{
	return SONDE_WIDTH(p->dst_place) != 0;
}

/* Whether a layer cannot be in a segment of TCP: another transport, ARP. */
static bool excludes_tcp(const struct sonde_proto *p)
{
	bool by_ip = sonde_number_in(p, SONDE_SPACE_IP, UINT32_MAX) != UINT32_MAX;
	return p != &sonde_tcp && !is_network(p) && (by_ip || p->network);
}

/* The bits that all addresses of a range share, if it is a prefix; else -1. */
static int prefix_len(const struct sonde_spec_range *r, unsigned width)
{
	sonde_u128 host = r->first ^ r->last;
	if ((host & (host + 1)) || (r->first & host))
		return -1;
	for (; host; host >>= 1)
		width--;
	return (int)width;
}

static bool put_range(struct sonde_text *t, const struct sonde_spec_field *f, const struct sonde_spec_range *r,
		      const char *way)
{
	uint8_t bytes[16];
	if (!f->value_len) {
		sonde_text_fmt(t, "%s portrange %u-%u", way, (unsigned)r->first, (unsigned)r->last);
		return true;
	}
	int len = prefix_len(r, f->value_len * 8u);
	if (len < 0)
		return false;
	sonde_u128_bytes(bytes, f->value_len, r->first);
	const struct sonde_addr a = f->value_len == SONDE_IP4_LEN ? sonde_addr4(bytes) : sonde_addr6(bytes);
	sonde_text_fmt(t, "%s net ", way);
	sonde_addr_print(t, &a);
	sonde_text_fmt(t, "/%d", len);
	return true;
}

/* Append a condition on a field, if libpcap's language has one for it. */
static void put_condition(struct sonde_text *t, const struct sonde_spec *s, const struct sonde_spec_layer *l,
			  const struct sonde_spec_field *f)
{
	uint8_t role = l->proto->fields[f->row].role;
	bool source = role == SONDE_ROLE_SOURCE || role == SONDE_ROLE_SOURCE_PORT;
	bool has_role = source || role == SONDE_ROLE_DESTINATION || role == SONDE_ROLE_DESTINATION_PORT;
	size_t before = t->len;
	if (!has_role || f->trailer || f->negated || f->type != SONDE_SPEC_SET || f->n > MOST_RANGES)
		return;
	for (uint32_t i = 0; i < f->n; i++) {
		const struct sonde_spec_range *r = &s->ranges[f->start + i];
		sonde_text_str(t, i ? " or " : " and (");
		if (r->step != 1 || !put_range(t, f, r, source ? "src" : "dst")) {
			sonde_text_cut(t, before);
			return;
		}
	}
	sonde_text_char(t, ')');
}

void sonde_pattern_filter(struct sonde_text *t, const struct sonde_spec *s)
{
	unsigned n_networks = 0;
	bool excludes = false;
	for (unsigned i = 0; i < s->n_layers; i++) {
		n_networks += is_network(s->layers[i].proto);
		excludes |= excludes_tcp(s->layers[i].proto);
	}
	if (excludes || n_networks > 1) {
		sonde_text_str(t, "not tcp");
		return;
	}
	sonde_text_str(t, "not (tcp and not (tcp");
	size_t before = t->len;
	for (unsigned i = 0; i < s->n_layers; i++) {
		const struct sonde_spec_layer *l = &s->layers[i];
		for (uint32_t k = 0; k < l->n_fields && (is_network(l->proto) || l->proto == &sonde_tcp); k++)
			put_condition(t, s, l, &s->fields[l->field + k]);
	}
	if (t->len == before)
		sonde_text_cut(t, t->len - strlen("not (tcp and not (tcp"));
	else
		sonde_text_str(t, "))");
}
