/* How a protocol is described: once, as a table of rows, which everything else reads. */
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

/* The value of a field that is not written. */
enum sonde_open {
	SONDE_CONSTANT,  /* .value */
	SONDE_COMPUTED,  /* computed from this packet alone, by finish */
	SONDE_LOOKED_UP, /* filled in by the sender: from routes, neighbours, the seed */
};

/* The role of a field, where other code than its protocol's needs to know it. */
enum sonde_role {
	SONDE_NO_ROLE,
	SONDE_ROLE_SOURCE,      /* source address, on the link or on the network */
	SONDE_ROLE_DESTINATION, /* destination address, likewise */
	SONDE_ROLE_SOURCE_PORT,
	SONDE_ROLE_DESTINATION_PORT,
	SONDE_ROLE_ID,          /* identifies a packet, or the process that asks; 0 may mean none */
	SONDE_ROLE_COUNT,       /* counter of the messages of one process */
	SONDE_ROLE_SEQUENCE,    /* sequence number with an arbitrary start */
};

/* Spaces of numbers by which one protocol announces the next. */
enum sonde_space {
	SONDE_NO_SPACE,
	SONDE_SPACE_LINK,      /* link type of a capture */
	SONDE_SPACE_ETHERTYPE,
	SONDE_SPACE_IP,        /* IPv4 protocol, IPv6 next header */
	SONDE_SPACE_VERSION,   /* the first four bits: 4 or 6 */
	SONDE_SPACE_PPP,       /* PPP protocol */
	SONDE_SPACE_NLPID,     /* network layer protocol identifier (ISO/IEC TR 9577) */
	SONDE_SPACE_SAP,       /* service access point of LLC */
	SONDE_SPACE_UDP,       /* well-known UDP port */
	SONDE_SPACE_TCP,       /* well-known TCP port */
	SONDE_SPACE_TRAILER,   /* what follows a quoted packet */
	SONDE_SPACE_DATA,      /* 0: bytes without a description; 1: what follows the packet */
	SONDE_SPACE_INSIDE,    /* protocols that nothing but their carrier announces */
	SONDE_N_SPACES,
};

/* Numbers of SONDE_SPACE_LINK that need a name: raw IP is the link type of no single protocol. */
#define SONDE_LINK_ETHERNET 1
#define SONDE_LINK_RAW      101 /* IPv4 or IPv6, as the first four bits say; some systems write 12 or 14 */

/* Numbers of SONDE_SPACE_INSIDE: the carrying protocol, and which of those that it carries. LLC is carried by links
 * whose frames have no Ethernet type. */
enum {
	SONDE_INSIDE_TLS = 1, SONDE_INSIDE_DNS, SONDE_INSIDE_WIFI, SONDE_INSIDE_LLC, SONDE_INSIDE_FRAME_RELAY,
	SONDE_INSIDE_CHDLC, SONDE_INSIDE_MPLS, SONDE_INSIDE_NFLOG, SONDE_INSIDE_SNMP,
	SONDE_INSIDE_SNMPPDU,
};
#define SONDE_INSIDE(whose, which) ((uint32_t)(whose) | (uint32_t)(which) << 8)

/* The condition for a row to exist, on the number at a place (such as a message type). */
enum sonde_test {
	SONDE_ALWAYS,
	SONDE_IS,     /* bit (number - base) of mask is set */
	SONDE_IS_NOT, /* that bit is not set */
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
	const struct sonde_kind *kind; /* NULL: decimal numbers, or hex digits for bytes */
	uint8_t shape, open, role;
	uint8_t align;                 /* at SONDE_NEXT: starts at a multiple of this; gaps= writes the bytes before */
	bool always;                   /* printed whatever its value, because it identifies the packet */
	bool evidence;                 /* printed for answers whatever its value, because verdicts rest on it */
	bool view;                     /* its place is a SONDE_VIEW; never printed */
	/* A trailing row, numbered from 1: it exists if the header is long enough, or if a row with this number or a
	 * higher one is written. */
	uint8_t tail;
	bool announces;                /* writing it sets the flag (or type) that .when tests, while that is open */
	/* How long the row is, where its place has width 0, or it repeats: the number of bytes at len_from, or of
	 * values at count_from; or what its kind measures; else all that is left. */
	sonde_place len_from, count_from;
	uint8_t unit;                  /* bytes per unit of len_from; 0 is 1 */
	int8_t plus;                   /* what is added to the count to get the number at len_from or count_from */
	bool repeat;                   /* an array of values of this width or kind; in text joined by + */
	/* In items only. */
	bool optional;                 /* omitted at the end of the arguments when it equals .value */
	bool named;                    /* not positional: written name=value after the other arguments, or omitted */
	uint64_t value;                /* the value of a SONDE_CONSTANT that is not written */
	const char *text;              /* the same for bytes, as they are in the header; NULL: what .kind says */
	struct sonde_when when, and_when; /* the row exists when both hold */
	const struct sonde_name *names;
	sonde_place names_by;          /* names are keyed by (number at this place) << 8 | value; 0: by value */
	uint8_t space;                 /* sonde_kind_named: protocols of this space are names, too */
	const struct sonde_list *list; /* of a SONDE_LIST; for sonde_kind_item, whose items are the names */
};

/* --- Lists --------------------------------------------------------------------------------------------------------
 *
 * An item is a head (kind, length), rows, whose places count from the start of the item, and padding to .align. The
 * order of the rows in a table is the order of the arguments in text.
 */
struct sonde_item {
	const char *name;                 /* NULL ends a table; "" for lists without kinds */
	uint32_t kind;
	const struct sonde_field *fields; /* NULL: no arguments */
	uint32_t kind_mask;               /* bits of the kind that are compared; 0 is all */
};

enum sonde_fill_style { SONDE_FILL_NONE, SONDE_FILL_ZEROS, SONDE_FILL_PADN };

struct sonde_list {
	sonde_place kind, length;         /* places in the head; width 0: none, the rows define it */
	sonde_place length_row;           /* or: the row of its only table that counts the bytes behind it */
	uint8_t head;                     /* bytes of an item before its arguments, kind and length included */
	uint8_t length_unit;              /* bytes per unit of length; 0 is 1 */
	int8_t length_excludes;           /* bytes of the item that length does not count */
	uint8_t align;                    /* items are padded to a multiple of this; 0 is 1 */
	bool last_unpadded;               /* except the last, which what encloses the list may pad */
	uint8_t list_align;               /* padded so that list_before + its length is a multiple of this; 0 is 1 */
	uint8_t list_before;              /* header bytes before the list */
	uint8_t fill;                     /* enum sonde_fill_style: how the list is padded to list_align */
	uint8_t padn;                     /* SONDE_FILL_PADN: the kind of the padding item (one byte: kind 0) */
	uint8_t n_singles;                /* kinds below this are a single byte without a length; */
	bool has_end;                     /* so is kind `end`, which ends the list: */
	uint32_t end;
	bool closes;                      /* the row ends after that item; the next row follows */
	bool ends_at_others;              /* the row ends before bytes that are no item, and before kind `end` */
	const struct sonde_item *items;
};

/* --- Protocols --------------------------------------------------------------------------------------------------- */

struct sonde_proto;
struct sonde_finish;
struct sonde_slot;
struct sonde_saying;

/* Write a header in which every row has its default, into room bytes. Returns the marks of the rows that may be written
 * directly, and its length; 0: there is no room. */
typedef uint64_t sonde_start_fn(uint8_t *header, uint32_t *len, uint32_t room);

/* One layer of a packet. */
struct sonde_layer {
	const struct sonde_proto *proto;
	uint64_t written;     /* a mark for each row that was written; the others are open */
	uint64_t direct;      /* and for each that sonde_set may write without looking at the others */
	uint32_t offset;      /* bytes from the start of the packet */
	uint32_t header_len;  /* bytes of the header that are present */
	uint32_t have_len;    /* bytes of the layer that are present: header and payload */
	uint32_t total_len;   /* bytes that it had on the wire: have_len and what was cut off */
	bool cut;             /* the header is incomplete: nothing in it is computed */
	bool partial;         /* the checksum is the folded pseudo-header sum that offload leaves: sonde_set_partial */
	bool quoted;          /* inside the packet that an ICMP error quotes */
	uint8_t sum_state;    /* cache of its checksum's verification: 1 + enum sonde_sum_state; 0: not verified yet */
	bool faultless;       /* cache: its header was looked at, and has no fault (sonde_faults) */
	uint8_t unfit;        /* 1 + the row that is too small for its computed value; 0: all fit */
	uint16_t slots;       /* cache of its row positions: 1 + index in the packet; 0: not computed yet */
};

/* A layer and its neighbours, as hooks get it: layer[-1] encloses it (layer > first), layer[1] is inside it (layer + 1
 * < end). Layers of trailers come after end. */
struct sonde_context {
	uint8_t *packet;           /* where the packet starts */
	struct sonde_layer *layer;
	const struct sonde_layer *first, *end;
	bool infer;                /* sonde_fill compares and marks instead of writing; lengths are believed */
	uint32_t payload_end;      /* where the innermost payload ends: at a trailer, padding, or the end */
	uint32_t trailer_offset;   /* where the trailer of an ICMP error starts, or 0 */
	uint64_t written;          /* the layer's marks before it is finished */
	bool *unfit;               /* set when a layer becomes .unfit; not used to infer */
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
#define SONDE_MAX_STREAMS 4 /* nested in each other */

struct sonde_proto {
	const char *name, *title;
	const char *source;                  /* the document that defines it */
	const char *alias;                   /* other names that are accepted, separated by blanks, or NULL */
	const char *example;                 /* a packet with it: for people, and for the tests of all protocols */
	const struct sonde_field *fields;
	uint32_t min_len;                    /* bytes of the shortest header */
	struct sonde_id ids[SONDE_MAX_IDS];  /* what announces it; finish writes the first of a space */
	sonde_place next;                    /* the row that names the next protocol, width 0: none */
	uint8_t next_space;                  /* the space of that number */
	uint32_t next_none;                  /* its value when data or nothing follows */
	bool network;                        /* has a length: what follows it is padding of the link layer */
	bool leads_to_ip;                    /* what it carries may be an IP packet: sonde_ends_read looks for it */
	bool length_or_type;                 /* its length is one only before LLC, else an Ethernet type */
	bool varies;                         /* which rows exist, or where, depends on values */
	bool zero_is_absent;                 /* checksum 0 means none; a computed 0 is written as all ones */
	bool pseudo;                         /* the checksum covers a pseudo-header of the enclosing IP layer */
	sonde_place checksum_place;          /* width 0: no checksum */
	uint8_t trailer;                     /* number in SONDE_SPACE_TRAILER of what may follow the payload, or 0 */
	uint8_t trailer_align;               /* before a trailer, the payload is padded to a multiple of this */
	uint8_t trailer_min;                 /* and to at least this many bytes */
	sonde_place trailer_length;          /* where the length of that payload is, in units of trailer_align bytes */

	/* Made by SONDE_COMPILE of proto/finish.h. Without them, the description is interpreted: slower, with the same
	 * result. */
	struct {
		sonde_start_fn *start;                    /* write an empty header of min_len bytes */
		sonde_start_fn *start_kind;               /* write one of the type in its first row; or NULL */
		void (*finish)(struct sonde_finish *f);   /* sonde_finish_layer, when nothing is inferred */
		uint64_t (*deciding)(void);               /* sonde_deciding_rows */
		uint64_t (*loose)(void);                  /* rows that are not at the same place in every header */
		unsigned (*place)(struct sonde_slot *slots); /* where the others are; returns how many rows there are */
		uint64_t (*infer)(const uint8_t *header); /* and those of them that a builder would set otherwise */
	} compiled;
	/* Length of the header that starts here, of which `have` bytes are present (min_len at least). May exceed have.
	 * NULL: min_len. */
	uint32_t (*measure)(const uint8_t *header, uint32_t have);
	/* Whether the payload is a quoted packet. */
	bool (*quotes)(const uint8_t *header);
	/* For protocols over a stream: the protocol of the message that follows this one, or NULL. Protocols with the
	 * same function share a stream: where the next of them begins in a packet, the one before ends. */
	const struct sonde_proto *(*follower)(struct sonde_view rest);
	/* Length of the layer, header included, by its header; 0: not given. header_len bytes are present. */
	uint32_t (*declared)(const struct sonde_layer *layer, const uint8_t *header);
	/* Bytes of the frame check sequence at the end of the frame, or 0. */
	uint32_t (*fcs_len)(const uint8_t *header, uint32_t header_len);
	/* The length field that `declared` reads; or the marks of several rows, of which one is there. */
	sonde_place length_place;
	uint64_t length_rows;
	/* The field with the length of the header: (its value + header_plus) * header_unit bytes. Width 0: there is
	 * none. */
	sonde_place header_length;
	uint8_t header_unit, header_plus;
	/* The protocol that follows, where `next` alone does not decide it. NULL: bytes without a description. */
	const struct sonde_proto *(*child)(const struct sonde_context *c);
	/* Whether bytes look like the start of this protocol, for protocols that only a port announces. */
	bool (*heuristic)(struct sonde_view payload);
	/* Whether they do behind this one of its numbers, where several protocols share the number. */
	bool (*claims)(struct sonde_id announced, struct sonde_view payload);
	/* The spaces in which .claims is asked, a bit 1 << space each; 0: all. */
	uint32_t claims_in;
	/* Bytes of payload before the trailer, or 0 without a trailer. payload is all that follows the header. */
	uint32_t (*trailer_at)(const uint8_t *header, struct sonde_view payload);
	/* Fill computed fields other than the next protocol and the checksum, with sonde_fill. */
	void (*finish)(const struct sonde_context *c);
	/* Compute the checksum, the stored one counted as 0. */
	uint32_t (*checksum)(const struct sonde_context *c);
	/* The source and destination addresses that a pseudo-header takes from this layer. */
	sonde_place src_place, dst_place;
	/* The number of the network that it keeps apart from others: of a VLAN, of a virtual network. */
	sonde_place network_place;
	/* Its TTL or hop limit. */
	sonde_place ttl_place;
	/* Replace the addresses of the IP header by those of the pseudo-header, where this header holds them (source
	 * routes, home addresses). */
	void (*final_addrs)(const struct sonde_layer *layer, const uint8_t *header, uint8_t *src, uint8_t *dst);
	/* Whether the payload is only a part of a packet. */
	bool (*is_fragment)(const uint8_t *header);
	/* Describe the question that a packet asks with this layer: fill in *q beyond addresses and protocol. The first
	 * 8 bytes of the layer are present, here and for the next three hooks. */
	void (*question)(struct sonde_question *q, const struct sonde_context *c);
	/* Judge whether this layer, which came back from where the question was sent, answers it. */
	enum sonde_answer (*answer)(const struct sonde_question *q, const struct sonde_context *c);
	/* Whether this layer, quoted in an ICMP error, is the question's. Only its first 8 bytes are sure to be
	 * present. */
	bool (*is_question)(const struct sonde_question *q, const struct sonde_context *c);
	/* The number that a question and its answers share, by which questions to one host are told apart: both ports,
	 * for instance, our own first. ours: the layer was sent, not received. 0: none. */
	uint32_t (*number)(const struct sonde_context *c, bool ours);
	/* The error that a message with a quote reports. */
	enum sonde_answer (*error)(const uint8_t *header);
	/* Message types that belong together, or NULL. */
	const struct sonde_message_pair *pairs;
	/* TTL or hop limit that this layer requires of the IP header, or 0. */
	uint8_t (*ttl)(const uint8_t *header);
	/* The words for this layer in a line that people read (proto/say.h). NULL: the fields that a builder would set
	 * otherwise. */
	void (*say)(const struct sonde_saying *s);
	const char *said_as; /* what stands there in place of its name; "": nothing */
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

/* The pair that a message type belongs to, or NULL. */
const struct sonde_message_pair *sonde_pair_of(const struct sonde_proto *p, uint8_t type);

/* Whether the header bytes that are present hold all of a fixed place. */
static inline bool sonde_place_there(const struct sonde_layer *l, sonde_place place)
{
	return SONDE_END(place) <= l->header_len * 8;
}

/* --- The registry ------------------------------------------------------------------------------------------------ */

/* All protocols, ended by NULL. */
extern const struct sonde_proto *const sonde_protos[];

/* The protocol announced by a number in a space, or NULL. If there are several, the first of the list. */
const struct sonde_proto *sonde_proto_by_id(uint8_t space, uint32_t number);

/* The first of them that the bytes behind the number may be, or NULL. */
const struct sonde_proto *sonde_proto_by_bytes(uint8_t space, uint32_t number, struct sonde_view bytes);

/* The protocol of that name or alias (len bytes), or NULL. */
const struct sonde_proto *sonde_proto_by_name(const char *name, size_t len);

#endif
