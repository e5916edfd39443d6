/* The packet notation: text to spec. */
#ifndef SONDE_PACKET_NOTATION_H
#define SONDE_PACKET_NOTATION_H

#include "base/error.h"
#include "packet/spec.h"

/* Callbacks for what only the caller can look up. With NULL, text that needs the callback is refused. Each returns 0 or
 * a negative error. */
struct sonde_notation_env {
	void *arg;
	/* The address of a host name (len bytes) in a family. */
	int (*resolve)(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len);
	/* The interface index of a zone name (len bytes). */
	int (*zone)(void *arg, uint32_t *out, const char *name, size_t len);
	/* The contents of a file (path ends in 0), valid until the packet is read. SONDE_E_SPACE, without reading it,
	 * for a file longer than SONDE_MAX_FRAME. */
	int (*file)(void *arg, struct sonde_view *out, const char *path);
	bool pattern; /* what is read is a pattern: arguments of list items may be ranges, or left out */
};

/* Read one packet from a text of len bytes: quotes and comments as in a file. out is reset first.
 * Returns 0, or fills e (layer from 1, column within the text) and returns its code. */
int sonde_notation_parse(struct sonde_spec *out, const char *text, size_t len, const struct sonde_notation_env *env,
			 struct sonde_error *e);

/* The same from words, each of which is one token. Columns count as if they were joined by blanks. */
int sonde_notation_parse_words(struct sonde_spec *out, int n_words, char *const *words,
			       const struct sonde_notation_env *env, struct sonde_error *e);

/* The kinds of lines in a packet file. */
enum sonde_file_line_kind {
	SONDE_LINE_EMPTY,
	SONDE_LINE_PACKET,  /* a packet; with a mark, one step of a conversation */
	SONDE_LINE_DEFAULT, /* default values for the packets that follow */
	SONDE_LINE_WAIT,
};
struct sonde_file_line {
	enum sonde_file_line_kind kind;
	char mark;               /* '>' to send, '<' to wait for, or 0 */
	struct sonde_view name;  /* of the packet, or empty */
	struct sonde_view packet;/* the packet's text */
	sonde_time wait_ns;
};

/* Split a line of a packet file (len bytes, without the newline) into its parts. The packet itself is not parsed.
 * Returns 0, or fills e. */
int sonde_notation_line(struct sonde_file_line *out, const char *text, size_t len, struct sonde_error *e);

#endif
