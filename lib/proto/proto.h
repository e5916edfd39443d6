/* How a protocol is described: once, as rows of fields, and everything else walks the rows. */
#ifndef SONDE_PROTO_PROTO_H
#define SONDE_PROTO_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/checksum.h"
#include "proto/kind.h"
#include "proto/place.h"
#include "proto/question.h"

/* --- Rows -------------------------------------------------------------------------------------------------------- */

enum sonde_shape {
	SONDE_SCALAR, /* a number of up to 64 bits */
	SONDE_BYTES,  /* bytes: addresses, names, anything */
	SONDE_LIST,   /* items with tables of their own: options, chunks, records */
};

/* What a field is when it is left out. */
enum sonde_open {
	SONDE_CONSTANT,  /* .value */
	SONDE_COMPUTED,  /* from this packet alone, by finish */
	SONDE_LOOKED_UP, /* by the sender: routes, neighbours, the seed */
};

/* What a field is for, where more than its protocol wants to know. */
enum sonde_role {
	SONDE_NO_ROLE,
	SONDE_ROLE_SOURCE,      /* address that the packet comes from, */
	SONDE_ROLE_DESTINATION, /* and that it goes to; on the link, as on the network */
	SONDE_ROLE_SOURCE_PORT,
	SONDE_ROLE_DESTINATION_PORT,
	SONDE_ROLE_ID,          /* tells one packet, or one asker, from others; 0 may mean none */
	SONDE_ROLE_COUNT,       /* counts the messages of one asker */
	SONDE_ROLE_SEQUENCE,    /* begins anywhere */
};

/* Spaces of numbers in which one protocol names the next. */
enum sonde_space {
	SONDE_NO_SPACE,
	SONDE_SPACE_LINK,      /* link type of a capture */
	SONDE_SPACE_ETHERTYPE,
	SONDE_SPACE_IP,        /* IPv4 protocol, IPv6 next header */
	SONDE_SPACE_VERSION,   /* the first four bits: 4 or 6 */
	SONDE_SPACE_UDP,       /* well-known UDP port */
	SONDE_SPACE_TCP,       /* well-known TCP port */
	SONDE_SPACE_TRAILER,   /* what follows a quoted packet */
	SONDE_SPACE_DATA,      /* 0: bytes without a description; 1: what lies behind the packet */
	SONDE_SPACE_INSIDE,    /* what only one other protocol carries */
	SONDE_N_SPACES,
};

/* Numbers of SONDE_SPACE_LINK that are no one protocol's, or stand where nothing says another. */
#define SONDE_LINK_ETHERNET 1
#define SONDE_LINK_RAW      101 /* IPv4 or IPv6, as the first four bits say */

/* Numbers of SONDE_SPACE_INSIDE: whose it is, and which of those that it carries. */
enum { SONDE_INSIDE_TLS = 1, SONDE_INSIDE_DNS, SONDE_INSIDE_WIFI };
#define SONDE_INSIDE(whose, which) ((uint32_t)(whose) | (uint32_t)(which) << 8)

/* The condition under which a row exists, on the number at a place (for instance a message type). */
enum sonde_test {
	SONDE_ALWAYS,
	SONDE_IS,     /* the number less base is a bit set in mask */
	SONDE_IS_NOT, /* it is not */
	SONDE_HAS,    /* any bit of mask is set in the number */
};
struct sonde_when {
	sonde_place place;
	uint8_t test; /* enum sonde_test */
	uint32_t base;
	uint64_t mask;
};
#define SONDE_WHEN_IS(place, base, mask)     { (place), SONDE_IS, (base), (mask) }
#define SONDE_WHEN_IS_NOT(place, base, mask) { (place), SONDE_IS_NOT, (base), (mask) }
#define SONDE_WHEN_HAS(place, mask)          { (place), SONDE_HAS, 0, (mask) }

struct sonde_list;

/* A row describes a field of a header, or an argument of an item: items are small headers. */
struct sonde_field {
	const char *name;              /* NULL ends a table */
	const char *alias;             /* other names that are accepted, separated by blanks, or NULL */
	const char *help;
	sonde_place place;
	const struct sonde_kind *kind; /* NULL: decimal numbers; bytes: hex digits */
	uint8_t shape, open, role;
	uint8_t align;                 /* at SONDE_NEXT: begins at a multiple of so many bytes; what is skipped is 0,
					* or else told as gaps= */
	bool always;                   /* printed whatever its value: it makes the packet what it is */
	bool evidence;                 /* shown of answers whatever its value: they are judged by it */
	bool view;                     /* its place is one of SONDE_VIEW; never printed */
	uint8_t tail;                  /* from 1: there only if the header is long enough, or a row of this number or
					* of a higher one is written */
	bool announces;                /* writing it makes the number at .when such that it exists,
		while that is open */
	/* How long it is, where its place has width 0, or it repeats: as the number at len_from says in bytes, or that
	 * at count_from in items; or as its kind measures itself; else all that is left. */
	sonde_place len_from, count_from;
	uint8_t unit;                  /* bytes that one of len_from counts; 0 is 1 */
	int8_t plus;                   /* what the number at len_from or count_from is more than the count */
	bool repeat;                   /* as many of this width, or kind, as there are; in text joined by + */
	/* In items only. */
	bool optional;                 /* left out at the end of the arguments while it is .value */
	bool named;                    /* no argument by its order: written name=value behind the others, or left out */
	uint64_t value;                /* SONDE_CONSTANT: the value when left out */
	struct sonde_when when, and_when; /* both hold */
	const struct sonde_name *names;
	sonde_place names_by;          /* names hold (the number at this place) << 8 | value; 0: value alone */
	uint8_t space;                 /* sonde_kind_named: the space whose protocols lend their names */
	const struct sonde_list *list; /* of a SONDE_LIST; of sonde_kind_item, whose items lend their names */
};

/* --- Lists --------------------------------------------------------------------------------------------------------
 *
 * Items follow each other. An item is a head (kind, length), rows, counted in bits from the start of the item, and
 * filling up to .align. The rows of a table stand in the order of the arguments in text.
 */
struct sonde_item {
	const char *name;                 /* NULL ends a table; "" for lists without kinds */
	uint32_t kind;
	const struct sonde_field *fields; /* NULL: no arguments */
	uint32_t kind_mask;               /* bits of the kind that must agree; 0 is all */
};

enum sonde_fill_style { SONDE_FILL_NONE, SONDE_FILL_ZEROS, SONDE_FILL_PADN };

struct sonde_list {
	sonde_place kind, length;         /* places in the item's head; width 0: it has none, and the rows tell */
	sonde_place length_row;           /* or: the row of its only table that counts the bytes behind it */
	uint8_t head;                     /* bytes of an item before its arguments, kind and length included */
	uint8_t length_unit;              /* bytes that one of length counts; 0 is 1 */
	int8_t length_excludes;               /* bytes of the item that length does not count */
	uint8_t align;                    /* every item takes a multiple of this; 0 is 1 */
	bool last_unpadded;                    /* but the last, which is not filled up: what the list is in may be */
	uint8_t list_align;               /* header bytes before the list + the list: a multiple of this; 0 is 1 */
	uint8_t list_before;              /* header bytes before the list, for list_align */
	uint8_t fill;                     /* enum sonde_fill_style: how the list is filled up to list_align */
	uint8_t padn;                     /* SONDE_FILL_PADN: the kind of the item that fills (one byte: kind 0) */
	uint8_t n_singles;                /* kinds below this are one byte without a length; */
	bool has_end;                     /* and this one is, and ends the list: */
	uint32_t end;
	bool closes;                      /* the row ends behind that item: what follows is the next row's */
	const struct sonde_item *items;
};

/* --- Protocols --------------------------------------------------------------------------------------------------- */

struct sonde_proto;
struct sonde_finish;

/* One layer of a packet. */
struct sonde_layer {
	const struct sonde_proto *proto;
	uint64_t written;     /* a mark for each row that is as written; the rest is open */
	uint32_t offset;      /* bytes from the start of the packet */
	uint32_t header_len;  /* bytes of the header that are there */
	uint32_t direct_bits; /* from the start of the header: where numbers are written without asking the rows */
	uint32_t have_len;    /* bytes there are of the layer: header, payload */
	uint32_t total_len;   /* bytes it had on the wire: have_len and what was cut off */
	bool cut;             /* the header itself is not all there: nothing in it is computed */
	bool partial;         /* the checksum is the folded pseudo-header sum that offload leaves: sonde_set_partial */
	bool quoted;          /* inside the packet that an ICMP error quotes */
	uint8_t sum_state;    /* what is known of its checksum: 1 + enum sonde_sum_state; 0: nobody asked yet */
	uint8_t unfit;        /* 1 + a row whose computed value it cannot hold; 0: all fit */
	uint16_t slots;       /* where its rows are, in the packet: 1 + index; 0: nobody asked yet */
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
	bool *unfit;               /* told when a layer becomes .unfit; not used to infer */
};

static inline uint8_t *sonde_header(const struct sonde_context *c)
{
	return c->packet + c->layer->offset;
}

/* The number by which a protocol is announced in a space. */
struct sonde_id {
	uint8_t space;
	uint32_t number;
};

#define SONDE_MAX_IDS     16
#define SONDE_MAX_STREAMS 4 /* in each other */

struct sonde_proto {
	const char *name, *title;
	const char *source;                  /* the document that defines it */
	const char *alias;                   /* other names that are accepted, separated by blanks, or NULL */
	const char *example;                 /* a packet with it: for people, and for the tests of all protocols */
	const struct sonde_field *fields;
	uint32_t min_len;                    /* bytes of the shortest header */
	struct sonde_id ids[SONDE_MAX_IDS];  /* what announces it; the first of a space is what finish writes */
	sonde_place next;                    /* the row that names the next protocol, width 0: none */
	uint8_t next_space;                  /* the space of that number */
	uint32_t next_none;                  /* what it holds before data or nothing */
	bool network;                        /* carries its length: what lies behind is padding of the link layer */
	bool varies;                         /* which rows are there, or where, depends on values */
	bool zero_is_absent;                 /* checksum 0 means there is none; a computed 0 is written as all ones */
	bool pseudo;                         /* the checksum covers the pseudo-header of the layer around */
	sonde_place checksum_place;          /* width 0: no checksum */
	uint8_t trailer;                     /* number in SONDE_SPACE_TRAILER of what may follow the payload, or 0 */
	uint8_t trailer_align;               /* with it, the payload is filled with zeros to a multiple of this */
	uint8_t trailer_min;                 /* and to at least this many bytes */
	sonde_place trailer_length;          /* where the length of the payload before it is, in trailer_align bytes */

	/* SONDE_COMPILE of proto/finish.h makes these; without them the description is walked, more slowly and with
	 * the same result. */
	struct {
		void (*start)(uint8_t *header);           /* an empty header of min_len bytes */
		void (*finish)(struct sonde_finish *f);   /* sonde_finish_layer, when nothing is inferred */
		uint64_t (*deciding)(void);               /* sonde_deciding_rows */
	} compiled;
	/* Bytes of the header that starts here, of which `have` are there (min_len at least). May exceed have. NULL:
	 * min_len. */
	uint32_t (*measure)(const uint8_t *header, uint32_t have);
	/* Whether the payload is a quoted packet. */
	bool (*quotes)(const uint8_t *header);
	/* In a stream: what begins where a message ends and more bytes follow; NULL: nothing. Protocols with the same
	 * function are of one stream, and where the next of them begins in a packet, the one before ends. */
	const struct sonde_proto *(*follower)(struct sonde_view rest);
	/* Bytes of the layer, header included, as the header says it; 0: it does not say. header_len are there. */
	uint32_t (*declared)(const struct sonde_layer *layer, const uint8_t *header);
	/* Bytes at the end of the frame that check it and are no part of what is in this layer, or 0. */
	uint32_t (*fcs_len)(const uint8_t *header, uint32_t header_len);
	/* Where the length is that `declared` reads. */
	sonde_place length_place;
	/* Where the header says how long it is itself: (the number + header_plus) * header_unit bytes. Width 0: it does
	 * not say. */
	sonde_place header_length;
	uint8_t header_unit, header_plus;
	/* What comes next, where `next` alone does not say it. NULL: bytes without a description. */
	const struct sonde_proto *(*child)(const struct sonde_context *c);
	/* Whether bytes look like the start of this protocol: asked where nothing but a port announces it. */
	bool (*heuristic)(struct sonde_view payload);
	/* Bytes of payload before the trailer, or 0 when there is no trailer. payload is all that follows the
	 * header. */
	uint32_t (*trailer_at)(const uint8_t *header, struct sonde_view payload);
	/* Fill computed fields other than the next protocol and the checksum, with sonde_fill. */
	void (*finish)(const struct sonde_context *c);
	/* What the checksum must be, the stored one counted as 0. */
	uint32_t (*checksum)(const struct sonde_context *c);
	/* Where the source and destination addresses of a layer with a pseudo-header are, and how long they are. */
	sonde_place src_place, dst_place;
	/* And its TTL or hop limit. */
	sonde_place ttl_place;
	/* Replace the addresses that the IP header has by those of the pseudo-header, where this header holds them. */
	void (*final_addrs)(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst);
	/* Whether the payload is only a part of a packet. */
	bool (*is_fragment)(const uint8_t *header);
	/* What a packet that ends in this layer asks: fill in more of *q than the addresses and the protocol. At least
	 * its first 8 bytes are there, as for the next three. */
	void (*question)(struct sonde_question *q, const struct sonde_context *c);
	/* What this layer, which came back from where the question went, says to it. */
	enum sonde_answer (*answer)(const struct sonde_question *q, const struct sonde_context *c);
	/* Whether this layer, quoted in an ICMP error, is the question's: 8 bytes of it are there at the least. */
	bool (*is_question)(const struct sonde_question *q, const struct sonde_context *c);
	/* The number that a question and its answers share, and that tells questions to one host apart: our port and
	 * theirs, for instance, the source's first when the layer is ours. 0: it has none. */
	uint32_t (*number)(const struct sonde_context *c, bool ours);
	/* Of a message that quotes: what it reports. */
	enum sonde_answer (*error)(const uint8_t *header);
	/* Types of messages that belong together, or NULL. */
	const struct sonde_message_pair *pairs;
	/* TTL or hop limit that the IP header around needs for this one, or 0. */
	uint8_t (*ttl)(const uint8_t *header);
};

/* --- Using them -------------------------------------------------------------------------------------------------- */

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
	return p->fields[0].role == SONDE_ROLE_SOURCE_PORT;
}

/* The pair that a type of message is in, or NULL. */
const struct sonde_message_pair *sonde_pair_of(const struct sonde_proto *p, uint8_t type);

/* Whether the whole of a fixed place lies in the header bytes that are there. */
static inline bool sonde_place_there(const struct sonde_layer *l, sonde_place place)
{
	return SONDE_END(place) <= l->header_len * 8;
}

/* --- The registry ------------------------------------------------------------------------------------------------ */

/* All protocols, ended by NULL. */
extern const struct sonde_proto *const sonde_protos[];

/* The protocol announced by a number in a space, or NULL. */
const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number);

/* The protocol of that name or alias (len bytes), or NULL. */
const struct sonde_proto *sonde_proto_by_name(const char *name, size_t len);

#endif
