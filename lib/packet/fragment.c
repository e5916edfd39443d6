#include "packet/fragment.h"

#include <errno.h>

#include "base/checksum.h"
#include "proto/fragment.h"
#include "proto/hopopts.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/routing.h"

#define UNIT       SONDE_FRAGMENT_UNIT
#define MAX_OFFSET 0x1fff
#define HEADER6    8 /* the fragment header */

/* --- What every fragment has ------------------------------------------------------------------------------------- */

/* RFC 791, 3.1: the header with those options that have the copied bit, padded. Returns its length. */
static uint8_t copied_header(uint8_t out[static SONDE_IP_MAX_LEN], const uint8_t *header, uint32_t len)
{
	enum { END = 0, NOP = 1, COPIED = 0x80 };
	uint32_t to = SONDE_IP_MIN_LEN, size;
	memcpy(out, header, SONDE_IP_MIN_LEN);
	for (uint32_t at = SONDE_IP_MIN_LEN; at < len && header[at] != END; at += size) {
		size = header[at] == NOP ? 1 : at + 1 < len ? header[at + 1] : 0;
		if (size == 0 || size > len - at)
			break;
		if (header[at] & COPIED) {
			memcpy(out + to, header + at, size);
			to += size;
		}
	}
	while (to % 4)
		out[to++] = END;
	sonde_put(out, SONDE_IP_IHL, to / 4);
	return (uint8_t)to;
}

static int start_ip4(struct sonde_fragments *f, const struct sonde_layer *l, bool despite_df, struct sonde_error *e)
{
	const uint8_t *header = f->packet + f->ip;
	uint32_t flags = (uint32_t)sonde_get(header, SONDE_IP_FLAGS);
	if (sonde_get(header, SONDE_IP_IHL) * 4 != l->header_len)
		return sonde_fail(e, SONDE_E_MALFORMED, "ip ihl: it contradicts the header");
	if (flags & SONDE_IP_DF && !despite_df)
		return sonde_fail(e, -EMSGSIZE, "ip flags=DF: the packet of %u bytes must not be fragmented",
				  l->have_len);
	f->head_end = f->first = f->ip + l->header_len;
	f->base_offset = (uint32_t)sonde_get(header, SONDE_IP_OFFSET);
	f->more_behind = flags & SONDE_IP_MF;
	f->sum_is_written = l->written & SONDE_MARK(SONDE_IP_CHECKSUM);
	f->later_len = copied_header(f->later_head, header, l->header_len);
	if (f->more_behind && (f->end - f->first) % UNIT)
		return sonde_fail(e, SONDE_E_MALFORMED, "ip flags=MF: the data is no multiple of 8 bytes");
	return 0;
}

/* RFC 8200, 4.5: find the headers that each fragment repeats, and the next-header field that will announce the fragment
 * header. */
static int start_ip6(struct sonde_fragments *f, const struct sonde_packet *p, unsigned ip, struct sonde_error *e)
{
	unsigned last = ip;
	for (unsigned i = ip + 1; i < p->n_layers && SONDE_WIDTH(p->layers[i].proto->next); i++) {
		const struct sonde_proto *proto = p->layers[i].proto;
		if (proto == &sonde_fragment)
			return sonde_fail(e, SONDE_E_UNSUPPORTED, "the packet is a fragment already");
		if (proto->network)
			break;
		if (!p->layers[i].cut && (proto == &sonde_routing || (proto == &sonde_hopopts && i == ip + 1)))
			last = i;
	}
	const struct sonde_layer *l = &p->layers[last];
	f->is_ip6 = true;
	f->head_end = f->first = l->offset + l->header_len;
	f->next_at = l->offset + SONDE_FIRST(l->proto->next) / 8;
	return 0;
}

static int find_ip(const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers; i++)
		if (p->layers[i].proto == &sonde_ip || p->layers[i].proto == &sonde_ip6)
			return i;
	return -1;
}

static uint32_t declared_len(const struct sonde_layer *l, const uint8_t *header)
{
	if (l->proto == &sonde_ip)
		return (uint32_t)sonde_get(header, SONDE_IP_LENGTH);
	return (uint32_t)sonde_get(header, SONDE_IP6_LENGTH) + SONDE_IP6_HEADER;
}

/* Bytes of data in a fragment with this header length, other than the last. */
static uint32_t data_room(const struct sonde_fragments *f, uint32_t header_len)
{
	return f->max_len > header_len ? (f->max_len - header_len) / UNIT * UNIT : 0;
}

static uint32_t header_room(const struct sonde_fragments *f)
{
	return f->head_end - f->ip + (f->is_ip6 ? HEADER6 : 0);
}

int sonde_fragments_start(struct sonde_fragments *f, const struct sonde_packet *p, uint32_t max_len, uint32_t id,
			  bool despite_df, struct sonde_error *e)
{
	int ip = find_ip(p);
	if (ip < 0)
		return sonde_fail(e, SONDE_E_ABSENT, "only IP packets have fragments");
	const struct sonde_layer *l = &p->layers[ip];
	if (l->cut || l->total_len != l->have_len)
		return sonde_fail(e, SONDE_E_TRUNCATED, "%s: not all of the packet is there", l->proto->name);
	*f = (struct sonde_fragments){ .packet = p->data, .ip = l->offset, .max_len = max_len, .id = id };
	bool agrees = declared_len(l, p->data + l->offset) == l->have_len;
	if (!agrees && l->have_len > UINT16_MAX)
		return sonde_fail(e, SONDE_E_RANGE, "%s: %u bytes are more than its length can say", l->proto->name,
				  l->have_len);
	if (!agrees)
		return sonde_fail(e, SONDE_E_MALFORMED, "%s length: it contradicts the packet of %u bytes",
				  l->proto->name, l->have_len);
	f->end = l->offset + l->have_len;
	f->head_end = f->at = f->first = f->ip;
	f->whole = l->have_len <= max_len;
	if (f->whole) {
		f->end = p->len;
		return 0;
	}
	if (f->end < p->len)
		return sonde_fail(e, SONDE_E_UNSUPPORTED, "%u bytes lie behind the %s packet, and no fragment has them",
				  p->len - f->end, l->proto->name);
	int err = l->proto == &sonde_ip ? start_ip4(f, l, despite_df, e) : start_ip6(f, p, (unsigned)ip, e);
	if (err)
		return err;
	f->at = f->first;
	if (data_room(f, header_room(f)) == 0)
		return sonde_fail(e, SONDE_E_RANGE, "%u bytes have no room for %u of headers and 8 of data", max_len,
				  header_room(f));
	if (f->base_offset + (f->end - f->first) / UNIT > MAX_OFFSET)
		return sonde_fail(e, SONDE_E_RANGE, "%s: offsets end before the data does", l->proto->name);
	return 0;
}

/* --- Fragments --------------------------------------------------------------------------------------------------- */

static void write_ip4(const struct sonde_fragments *f, uint8_t *header, uint32_t header_len, uint32_t data_len,
		      bool more)
{
	uint64_t flags = sonde_get(header, SONDE_IP_FLAGS) & ~(uint64_t)SONDE_IP_MF;
	sonde_put(header, SONDE_IP_LENGTH, header_len + data_len);
	sonde_put(header, SONDE_IP_FLAGS, flags | (more ? SONDE_IP_MF : 0));
	sonde_put(header, SONDE_IP_OFFSET, f->base_offset + (f->at - f->first) / UNIT);
	if (f->sum_is_written)
		return;
	sonde_put(header, SONDE_IP_CHECKSUM, 0);
	sonde_put(header, SONDE_IP_CHECKSUM, sonde_checksum(sonde_view(header, header_len)));
}

static void write_ip6(const struct sonde_fragments *f, uint8_t *header, uint32_t data_len, bool more)
{
	uint8_t *next = header + (f->next_at - f->ip), *fragment = header + (f->head_end - f->ip);
	memset(fragment, 0, HEADER6);
	sonde_put(fragment, SONDE_FRAGMENT_NEXT, *next);
	sonde_put(fragment, SONDE_FRAGMENT_OFFSET, (f->at - f->first) / UNIT);
	sonde_put(fragment, SONDE_FRAGMENT_M, more);
	sonde_put(fragment, SONDE_FRAGMENT_ID, f->id);
	*next = (uint8_t)sonde_number_in(&sonde_fragment, SONDE_SPACE_IP, 0);
	sonde_put(header, SONDE_IP6_LENGTH, f->head_end - f->ip - SONDE_IP6_HEADER + HEADER6 + data_len);
}

static int next_whole(struct sonde_fragments *f, uint8_t *out, uint32_t cap)
{
	if (f->at == f->end)
		return 0;
	if (f->end > cap)
		return SONDE_E_SPACE;
	memcpy(out, f->packet, f->end);
	f->at = f->end;
	return (int)f->end;
}

int sonde_fragments_next(struct sonde_fragments *f, uint8_t *out, uint32_t cap)
{
	bool later_ip4 = !f->is_ip6 && f->at > f->first;
	uint32_t header_len = later_ip4 ? f->later_len : header_room(f), left = f->end - f->at;
	if (f->whole)
		return next_whole(f, out, cap);
	if (left == 0)
		return 0;
	uint32_t data_len = left <= f->max_len - header_len ? left : data_room(f, header_len);
	uint32_t len = f->ip + header_len + data_len;
	if (len > cap)
		return SONDE_E_SPACE;
	memcpy(out, f->packet, f->head_end < len ? f->head_end : len);
	if (later_ip4)
		memcpy(out + f->ip, f->later_head, header_len);
	memcpy(out + f->ip + header_len, f->packet + f->at, data_len);
	bool more = left > data_len || f->more_behind;
	if (f->is_ip6)
		write_ip6(f, out + f->ip, data_len, more);
	else
		write_ip4(f, out + f->ip, header_len, data_len, more);
	f->at += data_len;
	return (int)len;
}
