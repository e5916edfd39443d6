/* A reader of objects that stand in one line each, as json.h writes them. It goes through the fields of one object;
 * arrays and objects in it are checked for their ends, and skipped.
 *
 *	struct json_reader r;
 *	if (json_read_begin(&r, line, len))
 *		while ((got = json_read_field(&r, &field)) > 0)
 *			...
 */
#ifndef SONDE_TOOLS_COMMON_JSON_READ_H
#define SONDE_TOOLS_COMMON_JSON_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct json_reader {
	const char *at, *end;
	bool any; /* a field was read */
};

/* Views into the line. */
struct json_field {
	struct sonde_view key;
	struct sonde_view value; /* of a string without its quotes, its escapes as they stand */
	bool is_string;
};

/* Begin with the object in a line, blanks around it. Returns false when there is none. */
bool json_read_begin(struct json_reader *r, const char *line, size_t len);
/* Read the next field. Returns 1; 0 at the end of the object, when nothing follows it; -1 when it is damaged. */
int json_read_field(struct json_reader *r, struct json_field *out);

/* Whether the text of a view is this word. */
bool json_is(struct sonde_view v, const char *word);
/* A number that is not negative, also as a string of digits. Returns false when it is none. */
bool json_read_uint(uint64_t *out, const struct json_field *f);

#endif
