#include "session/state.h"

/* The arguments that all fill functions share. */
struct filling {
	struct sonde_session *s;
	const struct sonde_plan *plan;
	const struct sonde_addr *src;
	struct sonde_packet *p;
	uint64_t k;
	int layer;
	struct sonde_error *e;
};

static int fill_source(const struct filling *f, const struct sonde_field *row, size_t len)
{
	struct sonde_addr a = *f->src;
	/* An ICMP error goes to the source of the packet that it quotes. */
	if (f->p->layers[f->layer].quoted)
		a = f->plan->dst;
	if (sonde_addr_len(&a) != len) {
		if (f->s->o.offline)
			return 0;
		return sonde_fail(f->e, SONDE_E_OPEN, "%s %s: no address of this family to send from",
				  f->p->layers[f->layer].proto->name, row->name);
	}
	return sonde_set_bytes(f->p, f->layer, row->place, sonde_addr_view(&a));
}

static int fill_own_mac(const struct filling *f, const struct sonde_field *row)
{
	static const uint8_t none[SONDE_MAC_LEN];
	const struct sonde_link *link = sonde_link_by_index(&f->s->links, f->plan->ifindex);
	const uint8_t *mac = link && link->mac_len == SONDE_MAC_LEN ? link->mac : none;
	return sonde_set_bytes(f->p, f->layer, row->place, sonde_view(mac, SONDE_MAC_LEN));
}

/* ARP, the network protocol without a destination address, is broadcast. */
static bool is_arp(const struct filling *f)
{
	const struct sonde_layer *next = &f->p->layers[f->layer + 1];
	return f->layer + 1 < f->p->n_layers && next->proto->network && !SONDE_WIDTH(next->proto->dst_place);
}

static int fill_hop_mac(const struct filling *f, const struct sonde_field *row)
{
	static const uint8_t broadcast[SONDE_MAC_LEN] = { 255, 255, 255, 255, 255, 255 };
	uint8_t mac[SONDE_MAC_LEN];
	if (is_arp(f))
		return sonde_set_bytes(f->p, f->layer, row->place, sonde_view(broadcast, sizeof broadcast));
	if (f->s->o.offline)
		return 0;
	int err = sonde_session_hop_mac(mac, f->s, f->plan, f->e);
	return err ? err : sonde_set_bytes(f->p, f->layer, row->place, sonde_view(mac, sizeof mac));
}

static int fill_row(const struct filling *f, const struct sonde_field *row)
{
	const struct sonde_layer *l = &f->p->layers[f->layer];
	struct sonde_slot slot = sonde_locate(l->proto->fields, SONDE_ROW(row->place), f->p->data + l->offset,
					      l->header_len);
	if (row->kind && row->kind->family)
		return fill_source(f, row, slot.width / 8);
	if (row->kind == &sonde_kind_mac)
		return row->role == SONDE_ROLE_DESTINATION ? fill_hop_mac(f, row) : fill_own_mac(f, row);
	if (row->shape != SONDE_SCALAR)
		return 0;
	return sonde_set(f->p, f->layer, row->place, sonde_seeded_number(row, (unsigned)f->layer, f->s->o.seed, f->k));
}

int sonde_session_fill(struct sonde_session *s, const struct sonde_plan *plan, const struct sonde_addr *src,
		       struct sonde_packet *p, uint64_t k, struct sonde_error *e)
{
	struct filling f = { .s = s, .plan = plan, .src = src, .p = p, .k = k, .e = e };
	int row = -1;
	if (e)
		e->code = 0; /* a function below that sets it has said why */
	while (sonde_next_open(p, &f.layer, &row)) {
		const struct sonde_field *open = &p->layers[f.layer].proto->fields[row];
		int err = fill_row(&f, open);
		if (err) {
			if (e && e->code != err)
				sonde_fail(e, err, "%s %s: %s", p->layers[f.layer].proto->name, open->name,
					   sonde_strerror(err));
			return err;
		}
	}
	return 0;
}
