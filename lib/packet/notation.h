/* The packet notation: text to spec. */
#ifndef SONDE_PACKET_NOTATION_H
#define SONDE_PACKET_NOTATION_H

#include "base/error.h"
#include "packet/spec.h"

/* What only the caller can answer. Any of the callbacks may be NULL: what needs it is refused. Each returns 0 or a
 * negative error. */
struct sonde_notation_env {
	void *arg;
	/* The address of a host name (len bytes) in a family. */
	int (*resolve)(void *arg, struct sonde_addr *out, enum sonde_family family, const char *name, size_t len);
	/* The interface index of a zone name (len bytes). */
	int (*zone)(void *arg, uint32_t *out, const char *name, size_t len);
	/* The contents of a file (path ends in 0), which stay until the packet is read. SONDE_E_SPACE for one that is
	 * longer than SONDE_MAX_FRAME: it need not be read. */
	int (*file)(void *arg, struct sonde_view *out, const char *path);
};

/* Read one packet from a text of len bytes: quotes and comments as in a file. out is reset first.
 * Returns 0, or fills e (layer from 1, column within the text) and returns its code. */
int sonde_notation_parse(struct sonde_spec *out, const char *text, size_t len, const struct sonde_notation_env *env,
			 struct sonde_error *e);

/* The same from words, each one token that is never split again. Columns count as if they were joined by blanks. */
int sonde_notation_parse_words(struct sonde_spec *out, int n_words, char *const *words,
			       const struct sonde_notation_env *env, struct sonde_error *e);

/* What a line of a packet file is. */
enum sonde_file_line_kind {
	SONDE_LINE_EMPTY,
	SONDE_LINE_PACKET,  /* a packet, or with a mark, one step of a conversation */
	SONDE_LINE_DEFAULT, /* lies under what follows */
	SONDE_LINE_WAIT,
};
struct sonde_file_line {
	enum sonde_file_line_kind kind;
	char mark;               /* '>' to send, '<' to wait for, or 0 */
	struct sonde_view name;  /* of the packet, or empty */
	struct sonde_view packet;/* the packet's text */
	sonde_time wait_ns;
};

/* Take a line of a packet file (len bytes, without the newline) apart. The packet itself is not read.
 * Returns 0, or fills e. */
int sonde_notation_line(struct sonde_file_line *out, const char *text, size_t len, struct sonde_error *e);

#endif
