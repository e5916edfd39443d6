/* A spec: layers with sets of values, parsed from text. It stands for `count` packets; packet k is a pure function of
 * it. */
#ifndef SONDE_PACKET_SPEC_H
#define SONDE_PACKET_SPEC_H

#include <stdint.h>

#include "base/error.h"
#include "base/time.h"
#include "packet/packet.h"

__extension__ typedef unsigned __int128 sonde_u128;

/* How a field's value is given. */
enum sonde_spec_type {
	SONDE_SPEC_SET,     /* ranges of numbers (addresses count as numbers) */
	SONDE_SPEC_BYTES,   /* bytes: of lists, and of fields of bytes */
	SONDE_SPEC_AUTO,    /* explicitly open */
	SONDE_SPEC_PARTIAL, /* a checksum as offload leaves it */
	SONDE_SPEC_RANDOM,  /* random within the ranges, or of all values */
	SONDE_SPEC_REF,     /* @name.field: a value of another packet, or a list with some; its text is stored */
	SONDE_SPEC_FLAGS,   /* +S-A: one range, the bits that are set (first) and the bits that are clear (last) */
	SONDE_SPEC_PATTERN, /* a list with open ranges, which only matches; its text is stored */
};

struct sonde_spec_range {
	sonde_u128 first, last, step;
};

/* One field=value. column and length are its position in the text. */
struct sonde_spec_field {
	uint16_t row;        /* the first row of that name in its protocol (or in its trailer's) */
	uint8_t type;
	uint8_t value_len;   /* bytes of an address; 0: a number */
	bool trailer;        /* the row belongs to the layer's trailer */
	bool negated;        /* field!=value: any other value */
	uint32_t start, n;   /* index in .ranges, or in .bytes */
	uint32_t text, text_len; /* of lists and references: the value as it was written, in .bytes */
	uint32_t column, length;
};

/* One piece of data. */
enum sonde_spec_data_type { SONDE_DATA_BYTES, SONDE_DATA_ZERO, SONDE_DATA_RANDOM, SONDE_DATA_REF };
struct sonde_spec_data {
	uint8_t type;
	uint32_t start, n; /* in .bytes; or only their number. Of a reference: its text */
};

struct sonde_spec_layer {
	const struct sonde_proto *proto;
	uint32_t field, n_fields; /* in .fields */
	uint32_t data, n_data;    /* in .data */
	int64_t have;             /* have=N, or -1 */
	uint32_t gaps, gaps_len;  /* gaps=HEX, in .bytes */
};

/* The fields of the frame layer, with flags for those that are given. */
struct sonde_spec_frame {
	bool has_time, has_wire, has_iface, has_dir, has_link, has_comment;
	sonde_time time;
	uint32_t wire, link;
	uint8_t dir; /* 1 in, 2 out */
	uint32_t iface, iface_len, comment, comment_len; /* in .bytes */
};

/* A zeroed spec is empty and ready. It owns its memory: sonde_spec_free. */
struct sonde_spec {
	struct sonde_spec_layer layers[SONDE_MAX_LAYERS];
	unsigned n_layers;
	struct sonde_spec_frame frame;
	struct sonde_spec_field *fields;
	struct sonde_spec_range *ranges;
	struct sonde_spec_data *data;
	uint8_t *bytes; /* of values, data and strings; indexed by their .start */
	uint32_t n_fields, n_ranges, n_data, n_bytes;
	uint32_t cap_fields, cap_ranges, cap_data, cap_bytes;
	uint32_t cut;       /* bytes that a quoted packet lacks */
	uint32_t cut_column, cut_length; /* position of that in the text */
	uint32_t scope;     /* interface index of the zone in an address, or 0 */
	/* Some value only matches: an open range (stored with 0 or the largest value as its end), signed flags, !=. No
	 * packet can be built. */
	bool is_pattern;
	bool has_refs;      /* some value refers to another packet */
	uint32_t refused_column, refused_length; /* position of the first of them in the text */
};

/* Remove the contents, keep the memory. */
void sonde_spec_reset(struct sonde_spec *s);
void sonde_spec_free(struct sonde_spec *s);

/* The number of packets: the product of the sizes of all sets, or with zip the size of the largest one; UINT64_MAX if
 * more. A pattern counts as one. */
uint64_t sonde_spec_count(const struct sonde_spec *s, bool zip);

/* Build packet k of the spec into p, which was initialised with a buffer: headers, data and trailers. Open fields stay
 * open, until sonde_finish is called. Random values are derived from (seed, k). Returns 0; SONDE_E_UNSUPPORTED for
 * patterns and references; SONDE_E_ABSENT, SONDE_E_RANGE, SONDE_E_SPACE, SONDE_E_LAYERS or SONDE_E_ORDER with the field
 * named in e. */
int sonde_spec_packet(struct sonde_packet *p, const struct sonde_spec *s, uint64_t k, uint64_t seed, bool zip,
		      struct sonde_error *e);

/* The number of values of a field: the size of a set, 1 for all others. */
uint64_t sonde_spec_field_size(const struct sonde_spec *s, const struct sonde_spec_field *f);
/* Value number n of a set. */
sonde_u128 sonde_spec_nth(const struct sonde_spec *s, const struct sonde_spec_field *f, uint64_t n);
/* The value that a random field of `width` bits has in packet k. */
sonde_u128 sonde_spec_random(const struct sonde_spec *s, const struct sonde_spec_field *f, uint64_t k, uint64_t seed,
			     unsigned width);

/* --- For the parser ---------------------------------------------------------------------------------------------- */

struct sonde_spec_field *sonde_spec_add_field(struct sonde_spec *s);
struct sonde_spec_range *sonde_spec_add_range(struct sonde_spec *s);
struct sonde_spec_data *sonde_spec_add_data(struct sonde_spec *s);
/* Append len bytes to .bytes; *start is their index. NULL without memory. */
uint8_t *sonde_spec_add_bytes(struct sonde_spec *s, uint32_t *start, uint32_t len);
/* Cut .bytes behind the len bytes at start. */
void sonde_spec_trim_bytes(struct sonde_spec *s, uint32_t start, uint32_t len);
/* A number as big-endian bytes. */
void sonde_u128_bytes(uint8_t *out, size_t len, sonde_u128 v);

#endif
