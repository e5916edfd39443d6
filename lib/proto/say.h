/* What a layer says of itself in a line that people read: udp length=29: dns? AAAA example.com.
 *
 * A protocol with the hook .say chooses its words; one without says its name and the fields that a builder would set
 * otherwise. The name stands before the words already (.said_as in its place), so they begin with a blank, or with a
 * sign as in dns?. Hooks are called for headers that are complete. */
#ifndef SONDE_PROTO_SAY_H
#define SONDE_PROTO_SAY_H

#include "proto/layout.h"

struct sonde_saying {
	struct sonde_text *t;
	const struct sonde_layer *layer;    /* layer[1] is inside, if it is before end */
	const struct sonde_layer *end;
	const uint8_t *header;
	uint32_t payload_len;               /* bytes behind the header that were on the wire */
	uint32_t seq_from, ack_from;        /* what sequence numbers are counted from; 0: as they are */
	bool all;                           /* also what is in nearly every packet */
	/* How values are printed, by whoever prints the line. */
	const struct sonde_slot *(*slots)(const struct sonde_saying *s);
	void (*value)(const struct sonde_saying *s, unsigned row);
	bool (*differs)(const struct sonde_saying *s, unsigned row);
	bool (*item)(const struct sonde_saying *s, unsigned row, uint32_t kind);
};

/* " value" of a row that is there; */
void sonde_say_value(const struct sonde_saying *s, sonde_place place);
/* " name=value"; */
void sonde_say_field(const struct sonde_saying *s, sonde_place place);
/* the same for every row from this one on that a builder would set otherwise, but for lengths and checksums; */
void sonde_say_rest(const struct sonde_saying *s, sonde_place from);
/* " name=arguments" of the first item of a kind in a list, if there is one. */
void sonde_say_item(const struct sonde_saying *s, const char *name, sonde_place list, uint32_t kind);

/* " length=N" of the payload. */
void sonde_say_length(const struct sonde_saying *s);

/* Text of others, such as a line of HTTP: up to `most` bytes, and ... for more. What is no printable ASCII is \xHH. */
void sonde_say_text(const struct sonde_saying *s, struct sonde_view text, size_t most);

#endif
