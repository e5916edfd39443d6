#include "packet/reassemble.h"

#include <errno.h>
#include <stdlib.h>

#include "base/checksum.h"
#include "packet/fragment.h"
#include "proto/fragment.h"
#include "proto/ip.h"
#include "proto/ip6.h"

#define UNIT     SONDE_FRAGMENT_UNIT
#define MAX_LEN  65535
#define N_UNITS  (MAX_LEN / UNIT + 1)
#define MAX_HEAD 2048 /* link header and the IPv6 headers that each fragment repeats */

/* What fragments of one packet have in common. */
struct identity {
	uint8_t src[16], dst[16]; /* of IPv4 the first four bytes */
	uint32_t id;
	uint32_t proto;           /* IPv4; or PROTO_IP6 */
};

#define PROTO_IP6 256

/* The ECN codepoints of RFC 3168, 5, that matter here. */
enum { NOT_ECT = 0, CE = 3 };

/* One bit for each 8 bytes. */
typedef uint64_t bits[N_UNITS / 64];

struct sonde_datagram {
	struct identity identity;
	sonde_time started;
	uint32_t next_in_bucket, older, newer; /* index + 1 */
	uint32_t bucket;
	uint32_t have, total;      /* bytes of data received, and of all data; total 0: not known yet */
	uint32_t head_len, ip_at;  /* length of the head, 0: the first fragment has not been received */
	uint32_t next_at;          /* IPv6: where the next-header field is in the head */
	uint8_t ecn;               /* one bit for each codepoint received */
	bool dropped;              /* later fragments are ignored */
	bits came, starts;         /* units received, and units where fragments start */
	uint8_t bytes[MAX_HEAD + N_UNITS * UNIT]; /* the head ends where the data begins */
};

/* A fragment, taken apart. */
struct piece {
	struct identity identity;
	struct sonde_view head; /* headers before the data, without the fragment header */
	struct sonde_view data;
	uint32_t at;            /* bytes from the start of the whole data */
	uint32_t ip_at, next_at;
	uint8_t next;           /* IPv6: the protocol that the whole data starts with */
	uint8_t ecn;            /* codepoint */
	bool more, truncated;
};

/* --- Memory ------------------------------------------------------------------------------------------------------ */

int sonde_reassembler_init(struct sonde_reassembler *r, uint32_t max_datagrams, sonde_time timeout_ns,
			   struct sonde_key key)
{
	*r = (struct sonde_reassembler){
		.timeout_ns = timeout_ns, .key = key, .n_datagrams = max_datagrams, .n_buckets = 1
	};
	if (max_datagrams == 0 || max_datagrams > 65536)
		return -EINVAL;
	while (r->n_buckets < max_datagrams)
		r->n_buckets *= 2;
	r->buckets = calloc(r->n_buckets, sizeof *r->buckets);
	/* One more for atomic fragments. */
	r->datagrams = calloc(max_datagrams + (size_t)1, sizeof *r->datagrams);
	if (!r->buckets || !r->datagrams) {
		sonde_reassembler_free(r);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < max_datagrams; i++)
		r->datagrams[i].next_in_bucket = i + 1 < max_datagrams ? i + 2 : 0;
	r->unused = 1;
	return 0;
}

void sonde_reassembler_free(struct sonde_reassembler *r)
{
	free(r->buckets);
	free(r->datagrams);
	*r = (struct sonde_reassembler){ 0 };
}

static struct sonde_datagram *at_index(const struct sonde_reassembler *r, uint32_t index)
{
	return index ? &r->datagrams[index - 1] : NULL;
}

static uint32_t index_of(const struct sonde_reassembler *r, const struct sonde_datagram *d)
{
	return (uint32_t)(d - r->datagrams) + 1;
}

/* Unlink a datagram. Its bytes stay valid until it is used again. */
static void release(struct sonde_reassembler *r, struct sonde_datagram *d)
{
	uint32_t index = index_of(r, d), *link = &r->buckets[d->bucket];
	while (*link != index)
		link = &at_index(r, *link)->next_in_bucket;
	*link = d->next_in_bucket;
	*(d->older ? &at_index(r, d->older)->newer : &r->oldest) = d->newer;
	*(d->newer ? &at_index(r, d->newer)->older : &r->newest) = d->older;
	d->next_in_bucket = r->unused;
	r->unused = index;
}

unsigned sonde_reassembler_expire(struct sonde_reassembler *r, sonde_time now)
{
	unsigned n = 0;
	for (struct sonde_datagram *d; (d = at_index(r, r->oldest)) && now - d->started >= r->timeout_ns;
	     release(r, d)) {
		n += !d->dropped;
		r->counts.timeouts += !d->dropped;
	}
	return n;
}

unsigned sonde_reassembler_waiting(const struct sonde_reassembler *r)
{
	unsigned n = 0;
	for (const struct sonde_datagram *d = at_index(r, r->oldest); d; d = at_index(r, d->newer))
		n += !d->dropped;
	return n;
}

static struct sonde_datagram *add(struct sonde_reassembler *r, const struct identity *identity, uint32_t bucket,
				  sonde_time now)
{
	if (!r->unused) {
		struct sonde_datagram *oldest = at_index(r, r->oldest);
		r->counts.evicted += !oldest->dropped;
		release(r, oldest);
	}
	struct sonde_datagram *d = at_index(r, r->unused);
	r->unused = d->next_in_bucket;
	/* Clear all but the bytes. */
	memset(d, 0, offsetof(struct sonde_datagram, bytes));
	d->identity = *identity;
	d->started = now;
	d->bucket = bucket;
	d->next_in_bucket = r->buckets[bucket];
	d->older = r->newest;
	r->buckets[bucket] = index_of(r, d);
	*(r->newest ? &at_index(r, r->newest)->newer : &r->oldest) = index_of(r, d);
	r->newest = index_of(r, d);
	return d;
}

static struct sonde_datagram *find_or_add(struct sonde_reassembler *r, const struct identity *identity, sonde_time now)
{
	uint64_t hash = sonde_siphash(r->key, sonde_view(identity, sizeof *identity));
	uint32_t bucket = (uint32_t)hash & (r->n_buckets - 1);
	for (struct sonde_datagram *d = at_index(r, r->buckets[bucket]); d; d = at_index(r, d->next_in_bucket))
		if (memcmp(&d->identity, identity, sizeof *identity) == 0)
			return d;
	return add(r, identity, bucket, now);
}

/* --- Taking a fragment apart ------------------------------------------------------------------------------------- */

static void read_ip4(struct piece *piece, const struct sonde_packet *p, const struct sonde_layer *l)
{
	const uint8_t *header = p->data + l->offset;
	memcpy(piece->identity.src, header + SONDE_FIRST(SONDE_IP_SRC) / 8, SONDE_IP4_LEN);
	memcpy(piece->identity.dst, header + SONDE_FIRST(SONDE_IP_DST) / 8, SONDE_IP4_LEN);
	piece->identity.id = (uint32_t)sonde_get(header, SONDE_IP_ID);
	piece->identity.proto = (uint32_t)sonde_get(header, SONDE_IP_PROTO);
	piece->head = sonde_view(p->data, l->offset + l->header_len);
	piece->data = sonde_view(header + l->header_len, l->have_len - l->header_len);
	piece->at = (uint32_t)sonde_get(header, SONDE_IP_OFFSET) * UNIT;
	piece->more = sonde_get(header, SONDE_IP_FLAGS) & SONDE_IP_MF;
	piece->ecn = (uint8_t)sonde_get(header, SONDE_IP_ECN);
}

static void read_ip6(struct piece *piece, const struct sonde_packet *p, const struct sonde_layer *ip,
		     const struct sonde_layer *l)
{
	const uint8_t *header = p->data + ip->offset, *fragment = p->data + l->offset;
	memcpy(piece->identity.src, header + SONDE_FIRST(SONDE_IP6_SRC) / 8, SONDE_IP6_LEN);
	memcpy(piece->identity.dst, header + SONDE_FIRST(SONDE_IP6_DST) / 8, SONDE_IP6_LEN);
	piece->identity.id = (uint32_t)sonde_get(fragment, SONDE_FRAGMENT_ID);
	piece->identity.proto = PROTO_IP6;
	piece->head = sonde_view(p->data, l->offset);
	piece->data = sonde_view(fragment + l->header_len, l->have_len - l->header_len);
	piece->at = (uint32_t)sonde_get(fragment, SONDE_FRAGMENT_OFFSET) * UNIT;
	piece->more = sonde_get(fragment, SONDE_FRAGMENT_M);
	piece->next = (uint8_t)sonde_get(fragment, SONDE_FRAGMENT_NEXT);
	piece->ecn = (uint8_t)sonde_get(header, SONDE_IP6_ECN);
	piece->next_at = l[-1].offset + SONDE_FIRST(l[-1].proto->next) / 8;
}

/* Read a fragment of the outermost IP packet. Returns false for anything else. */
static bool read_piece(struct piece *piece, const struct sonde_packet *p)
{
	const struct sonde_layer *ip = NULL, *l = p->layers;
	for (; l < p->layers + p->n_layers; l++) {
		bool is_ip = l->proto == &sonde_ip || l->proto == &sonde_ip6;
		if (l->cut || (ip && (is_ip || SONDE_WIDTH(l->proto->next) == 0)))
			return false;
		if (is_ip)
			ip = l;
		if (l->proto == &sonde_ip || l->proto == &sonde_fragment)
			break;
	}
	if (!ip || l == p->layers + p->n_layers)
		return false;
	*piece = (struct piece){ .ip_at = ip->offset, .truncated = l->total_len != l->have_len };
	if (ip->proto == &sonde_ip) {
		read_ip4(piece, p, ip);
		return piece->at || piece->more;
	}
	read_ip6(piece, p, ip, l);
	return true;
}

/* --- Putting together -------------------------------------------------------------------------------------------- */

static bool get_bit(const bits b, uint32_t i)
{
	return b[i / 64] >> (i % 64) & 1;
}

static void set_bit(bits b, uint32_t i)
{
	b[i / 64] |= UINT64_C(1) << (i % 64);
}

/* Whether a part of the piece was received before, or exactly the same piece. */
enum covered { NOT_COVERED, COVERED_BY_SAME, COVERED };

static enum covered is_covered(const struct sonde_datagram *d, const struct piece *piece)
{
	uint32_t first = piece->at / UNIT, end = (piece->at + (uint32_t)piece->data.len + UNIT - 1) / UNIT;
	uint32_t n = 0, n_starts = 0;
	for (uint32_t i = first; i < end; i++) {
		n += get_bit(d->came, i);
		n_starts += get_bit(d->starts, i);
	}
	if (n == 0)
		return NOT_COVERED;
	bool ends = end == N_UNITS || !get_bit(d->came, end) || get_bit(d->starts, end);
	bool one = n == end - first && n_starts == 1 && get_bit(d->starts, first) && ends;
	bool last_alike =
		piece->more ? piece->at + piece->data.len != d->total : piece->at + piece->data.len == d->total;
	bool same = memcmp(d->bytes + MAX_HEAD + piece->at, piece->data.data, piece->data.len) == 0;
	return one && last_alike && same ? COVERED_BY_SAME : COVERED;
}

static void store_data(struct sonde_datagram *d, const struct piece *piece)
{
	uint32_t end = piece->at + (uint32_t)piece->data.len;
	if (end > piece->at)
		memcpy(d->bytes + MAX_HEAD + piece->at, piece->data.data, piece->data.len);
	for (uint32_t i = piece->at / UNIT; i * UNIT < end; i++)
		set_bit(d->came, i);
	set_bit(d->starts, piece->at / UNIT);
	d->have += (uint32_t)piece->data.len;
	d->ecn |= (uint8_t)(1u << piece->ecn);
	if (!piece->more)
		d->total = end;
}

/* The headers of the whole packet are those of the first fragment. */
static void store_head(struct sonde_datagram *d, const struct piece *piece)
{
	uint8_t *head = d->bytes + MAX_HEAD - piece->head.len;
	memcpy(head, piece->head.data, piece->head.len);
	d->head_len = (uint32_t)piece->head.len;
	d->ip_at = piece->ip_at;
	if (piece->identity.proto == PROTO_IP6)
		head[piece->next_at] = piece->next;
}

static void finish_header(struct sonde_datagram *d)
{
	uint8_t *ip = d->bytes + MAX_HEAD - d->head_len + d->ip_at;
	uint32_t header_len = d->head_len - d->ip_at;
	if (d->ecn & 1 << CE)
		sonde_put(ip, d->identity.proto == PROTO_IP6 ? SONDE_IP6_ECN : SONDE_IP_ECN, CE);
	if (d->identity.proto == PROTO_IP6) {
		sonde_put(ip, SONDE_IP6_LENGTH, header_len - SONDE_IP6_HEADER + d->total);
		return;
	}
	sonde_put(ip, SONDE_IP_LENGTH, header_len + d->total);
	sonde_put(ip, SONDE_IP_FLAGS, sonde_get(ip, SONDE_IP_FLAGS) & ~(uint64_t)SONDE_IP_MF);
	sonde_put(ip, SONDE_IP_CHECKSUM, 0);
	sonde_put(ip, SONDE_IP_CHECKSUM, sonde_checksum(sonde_view(ip, header_len)));
}

/* The limit of RFC 8200 does not count the IPv6 header, that of RFC 791 includes the header. */
static bool is_too_long(const struct sonde_datagram *d, const struct piece *piece)
{
	bool ip6 = piece->identity.proto == PROTO_IP6;
	uint32_t head = ip6 ? SONDE_IP6_HEADER : SONDE_IP_MIN_LEN, end = piece->at + (uint32_t)piece->data.len;
	if (d->head_len)
		head = d->head_len - d->ip_at;
	else if (piece->at == 0)
		head = (uint32_t)piece->head.len - piece->ip_at;
	return head + (end > d->total ? end : d->total) - (ip6 ? SONDE_IP6_HEADER : 0) > MAX_LEN;
}

/* Two last fragments with different ends, or data after the end. */
static bool contradicts_end(const struct sonde_datagram *d, const struct piece *piece)
{
	uint32_t end = piece->at + (uint32_t)piece->data.len;
	if (d->total)
		return piece->more ? end >= d->total : end != d->total;
	for (uint32_t i = (end + UNIT - 1) / UNIT; !piece->more && i < N_UNITS; i++)
		if (get_bit(d->came, i))
			return true;
	return false;
}

static enum sonde_reassembly drop(struct sonde_datagram *d, uint64_t *count)
{
	d->dropped = true;
	++*count;
	return SONDE_REASSEMBLY_DROPPED;
}

static enum sonde_reassembly add_piece(struct sonde_reassembler *r, struct sonde_datagram *d, const struct piece *piece)
{
	if (d->dropped) {
		r->counts.late++;
		return SONDE_REASSEMBLY_DROPPED;
	}
	if (is_too_long(d, piece))
		return drop(d, &r->counts.too_long);
	enum covered covered = is_covered(d, piece);
	if (covered == COVERED_BY_SAME) {
		r->counts.duplicates++;
		return SONDE_REASSEMBLY_DROPPED;
	}
	if (covered == COVERED)
		return drop(d, &r->counts.overlaps);
	if (contradicts_end(d, piece))
		return drop(d, &r->counts.malformed);
	store_data(d, piece);
	if (piece->at == 0)
		store_head(d, piece);
	if (!d->total || d->have != d->total)
		return SONDE_REASSEMBLY_WAITING;
	bool congestion_unknown = d->ecn & 1 << CE && d->ecn & 1 << NOT_ECT;
	return congestion_unknown ? drop(d, &r->counts.ecn) : SONDE_REASSEMBLY_DONE;
}

/* The counter for what is wrong with a fragment by itself, or NULL. A last fragment over the limit fits into no
 * packet. */
static uint64_t *fault(struct sonde_reassembly_counts *counts, const struct piece *piece)
{
	bool atomic = piece->at == 0 && !piece->more;
	if (piece->truncated)
		return &counts->truncated;
	if ((piece->data.len == 0 && !atomic) || (piece->more && piece->data.len % UNIT) || piece->head.len > MAX_HEAD)
		return &counts->malformed;
	return piece->at + piece->data.len > MAX_LEN ? &counts->too_long : NULL;
}

static struct sonde_view done(struct sonde_reassembler *r, struct sonde_datagram *d)
{
	r->counts.done++;
	finish_header(d);
	return sonde_view(d->bytes + MAX_HEAD - d->head_len, d->head_len + d->total);
}

enum sonde_reassembly sonde_reassemble(struct sonde_view *out, struct sonde_reassembler *r,
				       const struct sonde_packet *p, sonde_time now)
{
	struct piece piece;
	sonde_reassembler_expire(r, now);
	if (!read_piece(&piece, p))
		return SONDE_REASSEMBLY_NONE;
	r->counts.fragments++;
	uint64_t *count = fault(&r->counts, &piece);
	if (count) {
		++*count;
		return SONDE_REASSEMBLY_DROPPED;
	}
	struct sonde_datagram *d = &r->datagrams[r->n_datagrams];
	/* An atomic fragment is independent of others with the same identification (RFC 8200, 4.5; RFC 6946). */
	if (piece.at == 0 && !piece.more) {
		memset(d, 0, offsetof(struct sonde_datagram, bytes));
		d->identity = piece.identity;
		store_data(d, &piece);
		store_head(d, &piece);
		*out = done(r, d);
		return SONDE_REASSEMBLY_DONE;
	}
	d = find_or_add(r, &piece.identity, now);
	enum sonde_reassembly result = add_piece(r, d, &piece);
	if (result == SONDE_REASSEMBLY_DONE) {
		*out = done(r, d);
		release(r, d);
	}
	return result;
}
