#include "flow/flows_read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flow/flows_state.h"
#include "proto/proto.h"

int sonde_flows_reader_new(struct sonde_flows_reader **out, const struct sonde_flows_options *o, uint32_t n_parts)
{
	struct sonde_flows_reader *r = *out = calloc(1, sizeof *r);
	if (!r)
		return -ENOMEM;
	r->trusts_sums = o->trusts_sums;
	r->n_parts = n_parts;
	r->tunnels.secret = o->secret;
	r->part_secret = sonde_siphash(o->secret, sonde_view("parts", 5));
	return 0;
}

void sonde_flows_reader_free(struct sonde_flows_reader *r)
{
	if (!r)
		return;
	sonde_tunnels_free(&r->tunnels);
	free(r);
}

struct sonde_flows_stats sonde_flows_reader_stats(const struct sonde_flows_reader *r)
{
	return r->stats;
}

/* --- Parts -------------------------------------------------------------------------------------------------------- */

static uint64_t spread(uint64_t secret, const uint8_t addr[static 16])
{
	uint64_t words[2];
	memcpy(words, addr, sizeof words);
	uint64_t x = (words[0] ^ secret) * UINT64_C(0x9e3779b97f4a7c15) + words[1];
	return (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
}

/* The same for both directions, and for all fragments of a datagram. */
static uint32_t part_of(const struct sonde_flows_reader *r, const struct sonde_ends *e)
{
	if (r->n_parts <= 1)
		return 0;
	uint64_t both = spread(r->part_secret, e->src) + spread(r->part_secret, e->dst);
	return (uint32_t)((both >> 32) * r->n_parts >> 32);
}

/* --- Reading ------------------------------------------------------------------------------------------------------ */

static void count_not_ip(struct sonde_flows_reader *r, uint32_t link)
{
	bool known = sonde_proto_by_id(SONDE_SPACE_LINK, link);
	r->stats.not_ip += known;
	r->stats.unknown_link += !known;
}

static void verify(struct sonde_flows_reader *r, struct sonde_flows_packet *p)
{
	enum sonde_sum_state sum = r->trusts_sums ? SONDE_SUM_NONE : sonde_ends_verify(&p->ends, p->frame.data);
	p->wrong_sum = sum == SONDE_SUM_WRONG;
	r->stats.wrong_sums += p->wrong_sum;
	r->stats.partial_sums += sum == SONDE_SUM_PARTIAL;
}

static uint32_t tunnel_of(struct sonde_flows_reader *r, const struct sonde_flows_packet *p, const struct sonde_ends *e)
{
	return e->encap ? sonde_tunnel_of(&r->tunnels, e->encap, p->frame, p->wire_len, p->link) : 0;
}

/* Returns whether it may be taken by two parts. */
static bool read_frame(struct sonde_flows_reader *r, struct sonde_flows_packet *p,
		       const struct sonde_flows_frame *frame)
{
	struct sonde_ends quoted;
	const struct sonde_view v = frame->bytes;
	p->frame = v;
	p->time = frame->time;
	p->number = frame->number;
	p->wire_len = frame->wire_len;
	p->link = frame->link;
	p->is_error = p->lone = false;
	r->stats.frames++;
	p->is_ip = sonde_ends_read(&p->ends, v.data, (uint32_t)v.len, frame->wire_len, frame->link);
	if (!p->is_ip) {
		count_not_ip(r, frame->link);
		return false;
	}
	verify(r, p);
	r->stats.cut_headers += (p->ends.flags & SONDE_ENDS_CUT_HEADER) != 0;
	p->part = part_of(r, &p->ends);
	p->tunnel = tunnel_of(r, p, &p->ends);
	p->is_error = sonde_flow_is_icmp(&p->ends) && !p->wrong_sum && sonde_ends_quoted(&quoted, &p->ends, v.data);
	if (!p->is_error)
		return false;
	p->quoted_part = part_of(r, &quoted);
	p->quoted_tunnel = tunnel_of(r, p, &quoted);
	return p->quoted_part != p->part;
}

bool sonde_flows_read(struct sonde_flows_reader *r, struct sonde_flows_packet *out,
		      const struct sonde_flows_frame *frames, size_t n)
{
	bool two_parts = false;
	for (size_t i = 0; i < n; i++)
		two_parts |= read_frame(r, &out[i], &frames[i]);
	return two_parts;
}
