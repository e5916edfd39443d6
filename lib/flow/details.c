#include "flow/details.h"

#include "base/span.h"
#include "flow/tcp_options.h"
#include "flow/track.h"
#include "proto/tcp.h"

static struct sonde_flow_details *details_need(struct sonde_tracked *t)
{
	struct sonde_flow_odd *odd = sonde_flow_odd_need(t);
	if (odd && !odd->details)
		odd->details = sonde_pool_take(&t->pools->details);
	if (!odd || !odd->details) {
		t->no_memory = true;
		return NULL;
	}
	return (struct sonde_flow_details *)sonde_pool_at(&t->pools->details, odd->details);
}

static void take_options(struct sonde_flow_details_side *d, const struct sonde_tracked *t)
{
	const struct sonde_ends *e = t->ends;
	const uint32_t start = e->transport_offset + SONDE_FIRST(SONDE_TCP_OPTIONS) / 8;
	struct sonde_tcp_options options;
	if (e->payload_offset <= start)
		return;
	sonde_tcp_options_read(&options, sonde_view(t->frame + start, e->payload_offset - start));
	if (e->tcp_flags & SONDE_TCP_SYN)
		d->has_timestamps = options.has_timestamps;
	if (options.n_sacks > d->most_sacks)
		d->most_sacks = (uint8_t)options.n_sacks;
}

static void take_data(struct sonde_flow_details_side *d, const struct sonde_tracked *t, bool again)
{
	const struct sonde_ends *e = t->ends;
	if (!d->n_data++)
		d->first_data = t->time;
	d->last_data = t->time;
	d->pushed += !!(e->tcp_flags & SONDE_TCP_PSH);
	if (e->tcp_flags & SONDE_TCP_URG_FLAG) {
		d->urgent++;
		d->urgent_bytes += sonde_get(t->frame + e->transport_offset, SONDE_TCP_URG);
	}
	if (e->payload_have < e->payload_len) {
		d->cut++;
		d->cut_bytes += e->payload_len - e->payload_have;
	}
	if (e->payload_len > d->most_len)
		d->most_len = e->payload_len;
	if (!d->least_len || e->payload_len < d->least_len)
		d->least_len = e->payload_len;
	if (!d->acknowledged && !again) {
		d->initial_bytes += e->payload_len;
		d->initial_segments++;
	}
}

/* Once both sides scale, what was advertised before counts no more. */
static void take_window(struct sonde_flow_details_side *d, uint32_t window, bool scales)
{
	if (scales && !d->scales && window) {
		d->scales = true;
		d->least_window = d->most_window = d->n_windows = 0;
		d->window_sum = 0;
	}
	d->window_sum += window;
	if (window > d->most_window)
		d->most_window = window;
	if (window && (!d->least_window || window < d->least_window))
		d->least_window = window;
}

void sonde_flow_track_details(struct sonde_tracked *t, const struct sonde_flow_tcp *tcp)
{
	const struct sonde_ends *e = t->ends;
	const struct sonde_flow_tcp_side *s = &tcp->sides[t->side], *o = &tcp->sides[!t->side];
	struct sonde_flow_details *details = details_need(t);
	if (!details)
		return;
	struct sonde_flow_details_side *d = &details->sides[t->side];
	const uint32_t n_again = sonde_flow_odd_of(t->pools, t->flow)->sides[t->side].rexmt_packets;
	const bool syn = e->tcp_flags & SONDE_TCP_SYN, fin = e->tcp_flags & SONDE_TCP_FIN;
	const bool rst = e->tcp_flags & SONDE_TCP_RST, ack = e->tcp_flags & SONDE_TCP_ACK_FLAG;
	const bool scales = !syn && s->has_wscale && o->has_wscale;
	if (d->last && sonde_time_since(t->time, d->last) > d->longest_idle)
		d->longest_idle = sonde_time_since(t->time, d->last);
	d->last = t->time;
	d->syns += syn;
	d->fins += fin;
	d->resets += rst;
	d->acks += ack;
	d->pure_acks += ack && !e->payload_len && !syn && !fin && !rst;
	take_options(d, t);
	if (e->payload_len)
		take_data(d, t, n_again != d->n_again);
	if ((ack || syn) && !rst)
		take_window(d, (uint32_t)e->win << (scales ? s->wscale : 0), scales);
	if (ack && !rst && o->known && sonde_seq_diff(e->ack, o->isn + 1) > 0)
		details->sides[!t->side].acknowledged = true;
	d->n_windows++;
	d->n_again = n_again;
}
