#include "flow/flows_read.h"

#include <string.h>

#include "flow/flows_state.h"

#define UDP 17

/* Fragments and ICMP need what the table knows, and numbers of tunnels are the table's. */
static bool is_plain(const struct sonde_ends *e)
{
	const uint8_t any_fragment = SONDE_ENDS_FIRST_FRAGMENT | SONDE_ENDS_LATER_FRAGMENT;
	return (e->proto == SONDE_FLOW_TCP || e->proto == UDP) && !e->encap && !(e->flags & any_fragment);
}

static void read_frame(struct sonde_flows_packet *p, const struct sonde_flows *t)
{
	const struct sonde_view v = p->frame.bytes;
	struct sonde_ends *e = &p->ends;
	p->is_ip = sonde_ends_read(e, v.data, (uint32_t)v.len, p->frame.wire_len, p->frame.link);
	p->sum = SONDE_SUM_NONE;
	p->is_plain = p->is_ip && is_plain(e);
	if (p->is_ip && !t->o.trusts_sums)
		p->sum = (uint8_t)sonde_ends_verify(e, v.data);
	if (!p->is_plain)
		return;
	p->side = sonde_ends_sort(e);
	const struct sonde_flow_id id = sonde_flow_id_of(e, 0);
	p->hash = sonde_flow_hash(t, &id);
}

void sonde_flows_read(struct sonde_flows_packet *packets, size_t n, const struct sonde_flows *t)
{
	for (size_t i = 0; i < n; i++)
		read_frame(&packets[i], t);
}
