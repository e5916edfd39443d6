/* How a protocol is described: once, as rows of fields, and everything else walks the rows. */
#ifndef SONDE_PROTO_PROTO_H
#define SONDE_PROTO_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/checksum.h"

/* --- Places ---------------------------------------------------------------------------------------------------------
 *
 * A field's place is one integer constant: the number of its row, the first bit counted from the start of the header
 * as the RFCs draw it, and the width in bits. SONDE_NEXT as first bit: right behind the row before it that is there.
 * Width 0: as many whole bytes as .len_from says, or all that is left of the header.
 */
#define SONDE_FIELD(row, first, width) ((uint32_t)(row) << 24 | (uint32_t)(width) << 16 | (uint32_t)(first))
#define SONDE_NEXT                     0xffffu
#define SONDE_VIEW(row, first, width)  (SONDE_FIELD(row, first, width) | UINT32_C(1) << 31) /* of bits of other rows */
#define SONDE_IS_VIEW(place)           ((place) >> 31)
#define SONDE_ROW(place)               ((place) >> 24 & 0x7f)
#define SONDE_WIDTH(place)             ((place) >> 16 & 0xff)
#define SONDE_FIRST(place)             ((place) & 0xffff)
#define SONDE_MARK(place)              (UINT64_C(1) << SONDE_ROW(place))
#define SONDE_MAX_ROWS                 64

/* --- Rows -------------------------------------------------------------------------------------------------------- */

enum sonde_shape {
	SONDE_SCALAR, /* a number of up to 64 bits */
	SONDE_BYTES,  /* bytes; addresses are bytes with a kind */
	SONDE_LIST,   /* options, chunks, objects, records: items with a table of their own */
};

/* How a value is written in text. Every kind also reads plain numbers (SCALAR) or hex digits (BYTES). */
enum sonde_kind {
	SONDE_DEC,
	SONDE_HEX,
	SONDE_PORT,    /* reads service names, writes numbers */
	SONDE_NAMED,   /* by .names, or by the protocol that has this number in .space */
	SONDE_LETTERS, /* flags, one letter each: .names has value and letter */
	SONDE_WORDS,   /* flags, joined by +: .names has value and word */
	SONDE_SPAN,    /* two numbers of half the width each, first-last */
	SONDE_LABEL,   /* an MPLS label stack entry, label/tc/s/ttl */
	SONDE_SIGNED,  /* two's complement */
	SONDE_IP4_ADDR,
	SONDE_IP6_ADDR,
	SONDE_MAC_ADDR,
	SONDE_RAW,     /* hex digits */
	SONDE_ZEROS,   /* bytes that are 0, written as their number */
	/* In items, of width 0: bytes that begin with what says how many they are. */
	SONDE_AFI_ADDR,     /* an address behind its family's number (1 or 2) and two zeros */
	SONDE_COUNTED_NAME, /* characters behind a byte that counts it, them, and zeros up to a multiple of 4 */
};

/* What a field is when it is left out. */
enum sonde_open {
	SONDE_CONSTANT,  /* .value */
	SONDE_COMPUTED,  /* from this packet alone, by finish */
	SONDE_LOOKED_UP, /* by the sender: routes, neighbours, the seed */
};

/* Spaces of numbers in which one protocol names the next. */
enum sonde_space {
	SONDE_NO_SPACE,
	SONDE_SPACE_LINK,      /* link type of a capture */
	SONDE_SPACE_ETHERTYPE,
	SONDE_SPACE_IP,        /* IPv4 protocol, IPv6 next header */
	SONDE_SPACE_VERSION,   /* the first four bits: 4 or 6 */
	SONDE_SPACE_UDP,       /* well-known UDP port */
	SONDE_SPACE_TRAILER,   /* what follows a quoted packet */
	SONDE_SPACE_DATA,      /* 0: bytes without a description; 1: what lies behind the packet */
};

/* Numbers of SONDE_SPACE_LINK that are no one protocol's, or stand where nothing says another. */
#define SONDE_LINK_ETHERNET 1
#define SONDE_LINK_RAW      101 /* IPv4 or IPv6, as the first four bits say */

struct sonde_name {
	uint32_t value;
	const char *name; /* a table ends with NULL */
};

/* The condition under which a row exists, on the number at a place (for instance a message type). */
enum sonde_test {
	SONDE_ALWAYS,
	SONDE_IS,     /* the number less base is a bit set in mask */
	SONDE_IS_NOT, /* it is not */
	SONDE_HAS,    /* any bit of mask is set in the number */
};
struct sonde_when {
	uint32_t place;
	uint8_t test; /* enum sonde_test */
	uint8_t base;
	uint64_t mask;
};
#define SONDE_WHEN_IS(place, base, mask)     { (place), SONDE_IS, (base), (mask) }
#define SONDE_WHEN_IS_NOT(place, base, mask) { (place), SONDE_IS_NOT, (base), (mask) }
#define SONDE_WHEN_HAS(place, mask)          { (place), SONDE_HAS, 0, (mask) }

struct sonde_list;

struct sonde_field {
	const char *name;              /* NULL ends a table */
	const char *alias;             /* other names that are accepted, separated by blanks, or NULL */
	const char *help;
	uint32_t place;
	uint8_t shape, kind, open;
	uint8_t space;                 /* SONDE_NAMED: the space whose protocols lend their names */
	bool always;                   /* printed whatever its value: it makes the packet what it is */
	bool view;                     /* its place is one of SONDE_VIEW; never printed */
	bool tail;                     /* with all later rows, there only if the header is long enough, or one is
					* written; in items: an argument that may be left out, with all later ones,
					* when it has .value */
	bool announces;                /* .when has one bit: writing the row sets it, as long as that number is open */
	bool repeat;                   /* in items: as many of this width as there are, joined by + */
	uint32_t len_from;             /* width 0: the place of the number that sizes it; 0: the rest of the header */
	uint8_t unit;                  /* bytes that one of len_from counts; 0 is 1 */
	uint8_t less;                  /* what len_from leaves out of its count (last index instead of count: 1) */
	uint64_t value;                /* SONDE_CONSTANT: the value when left out */
	struct sonde_when when, also;  /* both hold */
	const struct sonde_name *names;
	uint32_t names_by;             /* names hold (the number at this place) << 8 | value; 0: value alone */
	const struct sonde_list *list;
};

/* A row of a table: its number is in its place, so rows cannot be out of order. */
#define SONDE_SHAPE(form, label, where, ...) \
	[SONDE_ROW(where)] = { .name = (label), .place = (where), .view = SONDE_IS_VIEW(where), .shape = (form),       \
			       __VA_ARGS__ }
#define SCALAR(name, place, ...) SONDE_SHAPE(SONDE_SCALAR, name, place, __VA_ARGS__)
#define BYTES(name, place, ...)  SONDE_SHAPE(SONDE_BYTES, name, place, __VA_ARGS__)
#define LIST(name, place, ...)   SONDE_SHAPE(SONDE_LIST, name, place, __VA_ARGS__)

/* --- Lists --------------------------------------------------------------------------------------------------------
 *
 * Items follow each other. An item is a head (kind, length), a body with rows of its own, counted in bits from the
 * start of the item, and filling up to .align. The rows of a table stand in the order of the arguments in text.
 */
struct sonde_item {
	const char *name;                 /* NULL ends a table; "" for lists without kinds */
	uint32_t kind;
	const struct sonde_field *fields; /* NULL: no arguments */
	uint32_t kind_mask;               /* bits of the kind that must agree; 0 is all */
};

#define ITEM(label, number, ...) { .name = (label), .kind = (number), __VA_ARGS__ }

enum sonde_fill_style { SONDE_FILL_NONE, SONDE_FILL_ZEROS, SONDE_FILL_PADN };

struct sonde_list {
	uint32_t kind, length;            /* places in the item's head; width 0: it has none */
	uint8_t head;                     /* bytes of an item before its arguments, kind and length included */
	uint8_t length_unit;              /* bytes that one of length counts; 0 is 1 */
	int8_t length_less;               /* bytes of the item that length does not count */
	uint8_t align;                    /* every item takes a multiple of this; 0 is 1 */
	uint8_t list_align;               /* header bytes before the list + the list: a multiple of this; 0 is 1 */
	uint8_t list_before;              /* header bytes before the list, for list_align */
	uint8_t fill;                     /* enum sonde_fill_style: how the list is filled up to list_align */
	uint8_t padn;                     /* SONDE_FILL_PADN: the kind of the item that fills (one byte: kind 0) */
	uint8_t n_singles;                /* kinds below this are one byte without a length */
	bool has_end;                     /* kind 0 ends the list */
	const struct sonde_item *items;
	/* Items without a length: bytes of the item that starts here, of which have are there. NULL: the rows'
	 * widths. */
	size_t (*measure)(const uint8_t *item, size_t have);
};

/* --- Protocols --------------------------------------------------------------------------------------------------- */

struct sonde_proto;
struct sonde_finish;

/* One layer of a packet. */
struct sonde_layer {
	const struct sonde_proto *proto;
	uint64_t written;    /* a mark for each row that is as written; the rest is open */
	uint32_t offset;     /* bytes from the start of the packet */
	uint32_t header_len; /* bytes of the header that are there */
	uint32_t plain_bits; /* from the start of the header: where numbers are written without asking the rows */
	uint32_t have_len;   /* bytes there are of the layer: header, payload */
	uint32_t total_len;  /* bytes it had on the wire: have_len and what was cut off */
	bool cut;            /* the header itself is not all there: nothing in it is computed */
	bool partial;        /* the checksum is the folded pseudo-header sum that offload leaves: sonde_set_partial */
	bool quoted;         /* inside the packet that an ICMP error quotes */
};

/* A layer among the others, as a hook sees it: layer[-1] is around it (layer > first), layer[1] inside it
 * (layer + 1 < end). Those of trailers lie behind the end. */
struct sonde_context {
	uint8_t *packet;           /* where the packet starts */
	struct sonde_layer *layer;
	const struct sonde_layer *first, *end;
	bool infer;                /* fill compares and marks instead of writing; lengths are believed as if written */
	uint32_t payload_end;      /* where the bytes of the innermost payload end: the trailer, padding, or the end */
	uint32_t trailer_offset;   /* where the trailer of an ICMP error starts, or 0 */
	uint64_t written;          /* the layer's marks as they were before it is finished */
};

static inline uint8_t *sonde_header(const struct sonde_context *c)
{
	return c->packet + c->layer->offset;
}

/* Which protocol comes next: a number in a space. SONDE_NO_SPACE: bytes without a description. */
struct sonde_id {
	uint8_t space;
	uint32_t number;
};

#define SONDE_MAX_IDS 6

struct sonde_proto {
	const char *name, *title;
	const char *source;                  /* the document that defines it */
	const char *alias;                   /* other names that are accepted, separated by blanks, or NULL */
	const struct sonde_field *fields;
	uint32_t min_len;                    /* bytes of the shortest header */
	struct sonde_id ids[SONDE_MAX_IDS];  /* what announces it; the first of a space is what finish writes */
	uint32_t next;                       /* the row that names the next protocol, width 0: none */
	uint8_t next_space;                  /* the space of that number */
	uint32_t next_none;                  /* what it holds before data or nothing */
	bool network;                        /* carries its length: what lies behind is padding of the link layer */
	bool varies;                         /* which rows are there, or where, depends on values */
	bool zero_is_absent;                 /* checksum 0 means there is none; a computed 0 is written as all ones */
	bool pseudo;                         /* the checksum covers the pseudo-header of the layer around */
	uint32_t checksum_place;             /* width 0: no checksum */
	uint8_t trailer;                     /* number in SONDE_SPACE_TRAILER of what may follow the payload, or 0 */
	uint8_t trailer_align;               /* with it, the payload is filled with zeros to a multiple of this */
	uint8_t trailer_min;                 /* and to at least this many bytes */
	uint32_t trailer_length;             /* where the length of the payload before it is, in trailer_align bytes */

	/* SONDE_COMPILE of proto/finish.h makes these; without them the description is walked, more slowly and with
	 * the same result. */
	struct {
		void (*start)(uint8_t *header);           /* an empty header of min_len bytes */
		void (*finish)(struct sonde_finish *f);   /* sonde_finish_layer, when nothing is inferred */
	} compiled;
	/* Bytes of the header that starts here, of which `have` are there (min_len at least). May exceed have. NULL:
	 * min_len. */
	uint32_t (*measure)(const uint8_t *header, uint32_t have);
	/* Bytes of the layer, header included, as the header says it; 0: it does not say. header_len are there. */
	uint32_t (*declared)(const struct sonde_layer *layer, const uint8_t *header);
	/* Where the length is that `declared` reads. */
	uint32_t length_place;
	/* What comes next, where `next` alone does not say it. */
	struct sonde_id (*child)(const struct sonde_context *c);
	/* Whether the payload is a quoted packet. */
	bool (*quotes)(const uint8_t *header);
	/* Bytes of payload before the trailer, or 0 when there is no trailer. payload is all that follows the
	 * header. */
	uint32_t (*trailer_at)(const uint8_t *header, struct sonde_view payload);
	/* Fill computed fields other than the next protocol and the checksum, with sonde_fill. */
	void (*finish)(const struct sonde_context *c);
	/* What the checksum must be, the stored one counted as 0. */
	uint32_t (*checksum)(const struct sonde_context *c);
	/* Where the source and destination addresses of a layer with a pseudo-header are, and how long they are. */
	uint32_t src_place, dst_place;
	/* Replace the addresses that the IP header has by those of the pseudo-header, where this header holds them. */
	void (*final_addrs)(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst);
	/* Whether the payload is only a part of a packet. */
	bool (*is_fragment)(const uint8_t *header);
	/* TTL or hop limit that the IP header around needs for this one, or 0. */
	uint8_t (*ttl)(const uint8_t *header);
};

/* --- What hooks use ---------------------------------------------------------------------------------------------- */

/* The number at a fixed place of a header. With a constant place the compilers make one load of it. */
static inline __attribute__((always_inline)) uint64_t sonde_get(const uint8_t *header, uint32_t place)
{
	return sonde_bits_get(header, SONDE_FIRST(place), SONDE_WIDTH(place));
}

static inline __attribute__((always_inline)) void sonde_put(uint8_t *header, uint32_t place, uint64_t v)
{
	sonde_bits_put(header, SONDE_FIRST(place), SONDE_WIDTH(place), v);
}

/* Whether the whole of a fixed place lies in the header bytes that are there. */
static inline bool sonde_place_there(const struct sonde_layer *l, uint32_t place)
{
	return SONDE_FIRST(place) + SONDE_WIDTH(place) <= l->header_len * 8;
}

/* Whether a condition other than SONDE_ALWAYS holds; len bytes of the header are there. */
bool sonde_when_holds(const struct sonde_when *w, const uint8_t *header, size_t len);

/* Whether the row exists, by its conditions alone. */
static inline bool sonde_row_applies(const struct sonde_field *row, const uint8_t *header, size_t len)
{
	return (row->when.test == SONDE_ALWAYS || sonde_when_holds(&row->when, header, len)) &&
	       (row->also.test == SONDE_ALWAYS || sonde_when_holds(&row->also, header, len));
}

/* Give an open field its computed value: write it, or when inferring, mark it as written where it differs. The place is
 * fixed, and the header that is finished has it. */
static inline __attribute__((always_inline)) void sonde_fill(const struct sonde_context *c, uint32_t place, uint64_t v)
{
	struct sonde_layer *l = c->layer;
	if (c->written & SONDE_MARK(place))
		return;
	if (!c->infer)
		sonde_put(c->packet + l->offset, place, v);
	else if (sonde_get(c->packet + l->offset, place) != (v & (~UINT64_C(0) >> (64 - SONDE_WIDTH(place)))))
		l->written |= SONDE_MARK(place);
}

/* The layer as it is there, header and payload. */
static inline struct sonde_view sonde_layer_view(const struct sonde_context *c)
{
	return sonde_view(sonde_header(c), c->layer->have_len);
}

/* Whether a header may hold other addresses than it shows: at its shortest it has no room for them. */
static inline bool sonde_may_route(const struct sonde_layer *l)
{
	return l->header_len > l->proto->min_len && l->proto->final_addrs && !l->cut;
}

/* sonde_pseudo_sum where the layer around is no IP header, or one with other addresses than it shows. */
uint64_t sonde_distant_sum(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer,
			   uint64_t sum);

/* The sum of two addresses of `size` bytes, the destination right behind the source as all of IP has them. */
static inline uint64_t sonde_sum_addrs(uint64_t sum, const uint8_t *addrs, uint32_t size)
{
	const uint32_t ip4_len = 4;
	return size == ip4_len ? sonde_sum_8(sum, addrs) : sonde_sum_many(sum, addrs, 2 * size);
}

/* The sum of the pseudo-header that a layer of IP protocol `number` and `len` bytes has here: addresses of the IP layer
 * around (or what routing headers and the like put in their place), length, protocol. Without an IP layer around: 0. */
static inline uint64_t sonde_pseudo_sum(const struct sonde_context *c, uint32_t number, uint32_t len)
{
	const struct sonde_layer *ip = c->layer - 1;
	uint64_t sum = sonde_sum_number(0, (uint64_t)number + len);
	if (c->layer == c->first || SONDE_WIDTH(ip->proto->dst_place) == 0 || ip->cut || sonde_may_route(ip))
		return sonde_distant_sum(c->packet, c->first, c->layer, sum);
	return sonde_sum_addrs(sum, c->packet + ip->offset + SONDE_FIRST(ip->proto->src_place) / 8,
			       SONDE_WIDTH(ip->proto->dst_place) / 8);
}

/* The folded pseudo-header sum of a layer: what offload leaves to be completed. */
uint16_t sonde_pseudo_checksum(const uint8_t *packet, const struct sonde_layer *first, const struct sonde_layer *layer);

/* The Internet checksum of the first len bytes of the layer with the 16-bit word at place counted as 0, added to
 * sum. The place is in the first min_len bytes, a constant, so that compilers see the loads of the fixed part. */
static inline __attribute__((always_inline)) uint16_t
sonde_layer_checksum(const struct sonde_context *c, uint32_t place, uint32_t min_len, uint64_t sum, uint32_t len)
{
	const uint8_t *header = sonde_header(c);
	uint32_t at = SONDE_FIRST(place) / 8, behind = at + 2;
	if (len < min_len)
		return 0;
	/* All parts start at even offsets, so they add up. */
	sum = sonde_sum_few(sum, header, at);
	sum = sonde_sum_few(sum, header + behind, min_len - behind);
	if (len > min_len)
		sum = sonde_sum_many(sum, header + min_len, len - min_len);
	return (uint16_t)~sonde_sum_fold(sum);
}

/* Bytes from the start of an ICMP error's payload to its RFC 4884 extension, or 0 when there is none. quote_len is the
 * length of the quote as the header has it; with 0, the fixed place of older routers is tried (RFC 4884, 5.5). */
uint32_t sonde_objects_at(uint32_t quote_len, struct sonde_view payload);

/* Bytes that the quote of this ICMP error takes when it is filled up for the trailer; 0 without a trailer. */
uint32_t sonde_quote_len(const struct sonde_context *c);

/* What a layer asks for, or what is inside it when it extends the IP header; 0: nothing. sonde_child_ttl calls it. */
uint8_t sonde_asked_ttl(const uint8_t *packet, const struct sonde_layer *layer, const struct sonde_layer *end);

/* The TTL or hop limit that the layer inside asks for, or 64. */
static inline uint8_t sonde_child_ttl(const struct sonde_context *c)
{
	const uint8_t usual = 64;
	const struct sonde_layer *inside = c->layer + 1;
	if (inside >= c->end || (!inside->proto->ttl && SONDE_WIDTH(inside->proto->next) == 0))
		return usual;
	uint8_t asked = sonde_asked_ttl(c->packet, inside, c->end);
	return asked ? asked : usual;
}

/* What a layer is followed by, told by the first four bits of the payload. */
struct sonde_id sonde_child_by_version(const struct sonde_context *c);

/* What a layer is followed by, told by an address family as a BSD numbers it: 2, or 10, 24, 28 and 30 for IPv6. */
struct sonde_id sonde_child_by_family(uint32_t family);

/* The address family of the layer inside, or 0. IPv6 has another number on every system: inet6. */
uint32_t sonde_child_family(const struct sonde_context *c, uint32_t inet6);

/* The number by which a protocol is announced in a space, or `none`. */
static inline uint32_t sonde_number_in(const struct sonde_proto *p, uint8_t space, uint32_t none)
{
	for (unsigned i = 0; i < SONDE_MAX_IDS && p->ids[i].space; i++)
		if (p->ids[i].space == space)
			return p->ids[i].number;
	return none;
}

/* Whether its header begins with two ports, the source's first. */
static inline bool sonde_proto_has_ports(const struct sonde_proto *p)
{
	return p->fields[0].name && p->fields[0].kind == SONDE_PORT;
}

/* --- The registry ------------------------------------------------------------------------------------------------ */

/* All protocols, ended by NULL. */
extern const struct sonde_proto *const sonde_protos[];

/* The protocol announced by a number in a space, or NULL. */
const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number);

/* The protocol of that name or alias (len bytes), or NULL. */
const struct sonde_proto *sonde_proto_by_name(const char *name, size_t len);

#endif
