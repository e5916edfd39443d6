/* A packet: its bytes, and the index of its layers. Builder and dissector make the same index. */
#ifndef SONDE_PACKET_PACKET_H
#define SONDE_PACKET_PACKET_H

#include "base/addr.h"
#include "base/bytes.h"
#include "base/error.h"
#include "proto/layout.h"

#define SONDE_MAX_LAYERS   32
#define SONDE_MAX_TRAILERS 2
#define SONDE_MAX_NESTED   (SONDE_MAX_LAYERS - SONDE_MAX_TRAILERS - 1) /* in text, the payload counts as a layer, too */
#define SONDE_MAX_FRAME    (256 * 1024) /* bytes */
#define SONDE_CACHED_SLOTS 192 /* row positions that a packet caches */

/* Whether a packet is a broadcast. Only the sending machine knows, from its prefixes: a header does not show that an
 * address is a directed broadcast. */
enum sonde_delivery {
	SONDE_DELIVERY_UNKNOWN, /* an IPv4 address that ends in 255 may be one */
	SONDE_DELIVERY_UNICAST,
	SONDE_DELIVERY_BROADCAST,
};

/* layers[0 .. n_layers) are nested, outermost first; what follows the last header is payload. After them in the array
 * come the n_trailers layers that follow the payload: ICMP extension objects, padding. */
struct sonde_packet {
	uint8_t *data;          /* the caller's */
	uint32_t len, cap;      /* bytes */
	uint32_t missing;       /* bytes of the frame that were not captured, after len */
	uint32_t quote_missing; /* bytes of the quoted packet that an ICMP error left out */
	uint32_t payload_end;   /* where the innermost payload ends; len without trailers */
	uint32_t scope;         /* interface index of a link-local destination; 0: not given. No header has it */
	uint8_t n_layers, n_trailers;
	uint8_t delivery;       /* enum sonde_delivery, of what is sent */
	uint16_t n_slots;
	struct sonde_layer layers[SONDE_MAX_LAYERS];
	struct sonde_slot slots[SONDE_CACHED_SLOTS]; /* a cache: sonde_slots */
};

/* --- Building: front to back, then finish ------------------------------------------------------------------------ */

/* An empty packet in cap bytes at buffer. */
static inline void sonde_packet_init(struct sonde_packet *p, uint8_t *buffer, uint32_t cap)
{
	p->data = buffer;
	p->len = p->missing = p->quote_missing = p->payload_end = p->scope = 0;
	p->cap = cap;
	p->n_layers = p->n_trailers = p->delivery = 0;
	p->n_slots = 0;
}

/* Write the constants into an empty header whose rows depend on values; called by sonde_add_layer. */
int sonde_start_slow(struct sonde_packet *p, struct sonde_layer *l);

/* Append a layer with an empty header and count it in *count; called by sonde_push. */
static inline int sonde_add_layer(struct sonde_packet *p, const struct sonde_proto *proto, unsigned index,
				  uint8_t *count)
{
	uint32_t offset = p->len, min_len = proto->min_len;
	if (min_len > p->cap - offset)
		return SONDE_E_SPACE;
	struct sonde_layer *l = &p->layers[index];
	memset(l, 0, sizeof *l);
	l->proto = proto;
	l->offset = offset;
	l->header_len = min_len;
	p->len = offset + min_len;
	++*count;
	if (p->n_trailers == 0)
		p->payload_end = p->len;
	int err = 0;
	if (proto->compiled.start)
		l->direct = proto->compiled.start(p->data + offset, &min_len, min_len);
	else
		err = sonde_start_slow(p, l);
	return err ? err : (int)index;
}

/* Append a layer, all its fields open. Returns its index, SONDE_E_LAYERS, SONDE_E_SPACE, or SONDE_E_ORDER when there
 * are trailers already. */
static inline int sonde_push(struct sonde_packet *p, const struct sonde_proto *proto)
{
	if (p->n_trailers)
		return SONDE_E_ORDER;
	return p->n_layers < SONDE_MAX_NESTED ? sonde_add_layer(p, proto, p->n_layers, &p->n_layers) : SONDE_E_LAYERS;
}

/* Append bytes to the payload. Returns 0, SONDE_E_SPACE or SONDE_E_ORDER (trailers there already). */
static inline int sonde_push_payload(struct sonde_packet *p, struct sonde_view bytes)
{
	uint32_t at = p->len;
	if (p->n_trailers)
		return SONDE_E_ORDER;
	if (bytes.len > p->cap - at)
		return SONDE_E_SPACE;
	p->len = p->payload_end = at + (uint32_t)bytes.len;
	if (bytes.len)
		memcpy(p->data + at, bytes.data, bytes.len);
	return 0;
}

/* Append a trailer: the ICMP objects of the outermost layer that can have them (the quote is padded first), or padding
 * after the whole packet. Returns its index or an error as sonde_push, or SONDE_E_ABSENT when no layer can have it. */
int sonde_push_trailer(struct sonde_packet *p, const struct sonde_proto *proto);

/* sonde_set for fields whose place depends on values, views of other fields, and headers that are cut. */
int sonde_set_slow(struct sonde_packet *p, int layer, sonde_place place, uint64_t v);

/* Write a number into a field and mark it as written. Discriminators (types, flags) come before the fields that depend
 * on them. Writing a field whose presence a flag announces (GRE) sets the flag, unless the flags were written. Returns
 * 0, SONDE_E_RANGE when v has more bits than the field, SONDE_E_ABSENT when the field does not exist there (or the
 * layer is negative), SONDE_E_ORDER when the header would have to grow and is not the last. */
static inline int sonde_set(struct sonde_packet *p, int layer, sonde_place place, uint64_t v)
{
	if (layer < 0)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	if (!(l->direct & SONDE_MARK(place)))
		return sonde_set_slow(p, layer, place, v);
	if (SONDE_WIDTH(place) < 64 && v >> SONDE_WIDTH(place))
		return SONDE_E_RANGE;
	sonde_put(p->data + l->offset, place, v);
	l->written |= SONDE_MARK(place);
	return 0;
}

/* sonde_set_bytes for fields of variable width, and layers whose rows depend on values. */
int sonde_set_bytes_slow(struct sonde_packet *p, int layer, sonde_place place, struct sonde_view bytes);

/* Write bytes to a field of fixed width (SONDE_E_RANGE for another number of bytes), or the whole value of a field or
 * list of variable width, whose length field is updated unless it was written. A list is padded to its alignment.
 * Otherwise as sonde_set. */
static inline int sonde_set_bytes(struct sonde_packet *p, int layer, sonde_place place, struct sonde_view bytes)
{
	if (layer < 0)
		return SONDE_E_ABSENT;
	struct sonde_layer *l = &p->layers[layer];
	if (bytes.len * 8 != SONDE_WIDTH(place) || !(l->direct & SONDE_MARK(place)))
		return sonde_set_bytes_slow(p, layer, place, bytes);
	memcpy(p->data + l->offset + SONDE_FIRST(place) / 8, bytes.data, bytes.len);
	l->written |= SONDE_MARK(place);
	return 0;
}

/* Make a field open again, as if it had never been written. Returns 0, SONDE_E_ABSENT, or SONDE_E_ORDER when the header
 * would have to shrink and is not the last. */
int sonde_set_auto(struct sonde_packet *p, int layer, sonde_place place);

/* Write the alignment bytes between the fields of a layer, in order. They are 0 by default, and again after a field
 * appears or disappears. Returns 0, or SONDE_E_RANGE for a wrong number of bytes; some may be written then. */
int sonde_set_gaps(struct sonde_packet *p, int layer, struct sonde_view bytes);

/* Make the checksum partial, as checksum offload leaves it: the folded sum of the pseudo-header. Writing the checksum,
 * or sonde_set_auto, undoes that. Returns 0, or SONDE_E_ABSENT for a layer without a pseudo-header. */
int sonde_set_partial(struct sonde_packet *p, int layer);

/* Whether a row of a layer exists, or would exist once it is written. */
bool sonde_row_is_writable(const struct sonde_packet *p, int layer, unsigned row);

/* Append an IPv4 or IPv6 header between two addresses of one family. Returns the layer's index, SONDE_E_KIND when the
 * families differ, or an error of sonde_push. A source without family stays open. The destination's scope becomes the
 * packet's, unless it has one. */
int sonde_push_ip(struct sonde_packet *p, const struct sonde_addr *src, const struct sonde_addr *dst);

/* Compute every open field that depends on this packet alone: lengths, next protocols, checksums. Fields that the
 * sender looks up stay 0; sonde_next_open lists them. Returns 0, or SONDE_E_RANGE when a computed value does not fit
 * into its field; sonde_check_fit tells which. */
int sonde_finish(struct sonde_packet *p);

/* After sonde_finish: whether every computed value fits into its field. Returns 0, or fills e (which may be NULL) with
 * the first field that is too small and its largest value, and returns SONDE_E_RANGE. */
int sonde_check_fit(const struct sonde_packet *p, struct sonde_error *e);

/* The next open field that the sender has to look up; start with *layer = 0, *row = -1. Returns false at the end. */
bool sonde_next_open(const struct sonde_packet *p, int *layer, int *row);

/* Source ports that are chosen for the user lie above the kernel's own range (net.ipv4.ip_local_port_range ends at
 * 60999), so that no socket of this machine has the same. */
#define SONDE_FIRST_PORT 61000
#define SONDE_N_PORTS    (65536 - SONDE_FIRST_PORT)

/* The number that a sender writes into an open field of packet k: a port of our range; an identifier other than 0,
 * which the kernel would replace; a counter, k + 1; anything else is random. A pure function of its arguments. */
uint64_t sonde_seeded_number(const struct sonde_field *row, unsigned layer, uint64_t seed, uint64_t k);

/* --- Reading ----------------------------------------------------------------------------------------------------- */

/* Index the layers of a frame: the len bytes at data, captured of wire_len (at least len). first is what announces its
 * outermost protocol, such as the link type of the capture in SONDE_SPACE_LINK. The bytes are borrowed and not changed.
 * Never fails: what is not understood is payload. */
void sonde_dissect(struct sonde_packet *p, const uint8_t *data, uint32_t len, uint32_t wire_len, struct sonde_id first);

/* Mark every field whose value differs from what a builder would compute: those that must be written to get these bytes
 * again. Checksums that were verified already are not computed again. */
void sonde_infer(struct sonde_packet *p);

/* Where the rows of a layer are: computed on first use and cached in the packet, const or not. The result is valid
 * until the next call, or until the packet is changed. */
const struct sonde_slot *sonde_slots(const struct sonde_packet *p, int layer);

/* The context in which the kind of a row reads and prints its value. */
struct sonde_row_context sonde_row_context_of(const struct sonde_packet *p, int layer, unsigned row);

/* The innermost layer of a protocol that is not inside a quote, or -1. */
int sonde_find(const struct sonde_packet *p, const struct sonde_proto *proto);

/* Whether a fragment holds the layer, and therefore perhaps not all of it. */
bool sonde_in_fragment(const struct sonde_packet *p, int layer);

/* Whether a layer is a message of a stream that goes on in another segment, by its header or by its length. */
bool sonde_continues(const struct sonde_packet *p, int layer);

/* What follows the innermost header. */
struct sonde_view sonde_payload(const struct sonde_packet *p);

static inline const uint8_t *sonde_layer_header(const struct sonde_packet *p, int layer)
{
	return p->data + p->layers[layer].offset;
}

/* The IP address at a fixed place of a complete header, such as src_place. */
static inline struct sonde_addr sonde_addr_at(const uint8_t *header, sonde_place place)
{
	const uint8_t *at = header + SONDE_FIRST(place) / 8;
	return SONDE_WIDTH(place) == SONDE_IP4_LEN * 8 ? sonde_addr4(at) : sonde_addr6(at);
}

/* The IP address in a row of a layer, wherever it is (as in ARP). Its family is 0 when the row is absent, or holds no
 * IP address. */
struct sonde_addr sonde_row_addr(const struct sonde_packet *p, int layer, sonde_place place);

/* The context that the hooks of a protocol get for a layer. */
struct sonde_context sonde_context_of(const struct sonde_packet *p, int layer);

/* --- Checksums --------------------------------------------------------------------------------------------------- */

enum sonde_sum_state {
	SONDE_SUM_NONE,      /* the protocol has no checksum */
	SONDE_SUM_OK,
	SONDE_SUM_WRONG,
	SONDE_SUM_ABSENT,    /* the sender did not compute it */
	SONDE_SUM_PARTIAL,   /* the pseudo-header's sum, as offload leaves it */
	SONDE_SUM_FRAGMENT,  /* the rest is in other fragments */
	SONDE_SUM_TRUNCATED, /* not all it covers was captured */
	SONDE_SUM_MALFORMED, /* the header is incomplete, or its lengths contradict the packet */
};

/* Verify a layer's checksum, after sonde_dissect or sonde_finish. The result is computed on first use and cached in the
 * packet, const or not. */
enum sonde_sum_state sonde_verify(const struct sonde_packet *p, int layer);

/* The state as a word. */
const char *sonde_sum_state_name(enum sonde_sum_state s);

/* The folded pseudo-header sum that offload leaves in the checksum field of this layer. */
uint16_t sonde_partial_sum(const struct sonde_packet *p, int layer);

/* --- Headers that contradict themselves, or the frame ------------------------------------------------------------ */

/* A header field that cannot be right. */
struct sonde_fault {
	const struct sonde_field *row;
	uint64_t value;  /* the value of the field */
	bool impossible; /* wrong in every packet: version 5, an IPv4 header of 8 bytes */
	uint64_t there;  /* else: the value that fits the bytes on the wire */
};

#define SONDE_MAX_FAULTS 3

/* Find fields of a layer's header that contradict the protocol or the frame: a version other than the protocol's; a
 * header length below the minimum or beyond the frame; a length below that of the header, beyond the enclosing layer,
 * or, in a layer that allows no padding after it, below what the enclosing layer holds. Truncation by the capture is no
 * fault, nor is a length of 0, which offload leaves. Lengths in quoted packets and fragments, which are incomplete, are
 * not checked. Returns the number of faults. */
unsigned sonde_faults(struct sonde_fault out[SONDE_AT_LEAST(SONDE_MAX_FAULTS)], const struct sonde_packet *p,
		      int layer);

/* Compute have_len and total_len of every layer from offsets, length fields and missing bytes: sonde_dissect does so,
 * and whoever needs sizes before sonde_finish. as_read: believe all length fields, not only written ones. */
void sonde_size_layers(struct sonde_packet *p, bool as_read);

#endif
