/* A writer of JSON lines: one object, one line.
 *
 *	json_begin(j);
 *	json_str(j, "cmd", "send");
 *	json_object(j, "reply");
 *	json_uint(j, "ttl", 64);
 *	json_object_end(j);
 *	json_end(j);
 *
 * Inside an array the key is NULL. A key given twice in one object, a missing or unwanted key, and an end that does
 * not match its beginning are mistakes of the caller: they fail an assert. */
#ifndef SONDE_TOOLS_COMMON_JSON_H
#define SONDE_TOOLS_COMMON_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/bytes.h"
#include "base/text.h"
#include "base/time.h"

#define JSON_DEPTH 32 /* objects and arrays within each other */

struct json_level {
	bool array;
	bool any;      /* something stands in it already */
	uint64_t keys_seen; /* a few bits of each key of it, to look for the same one only where it may be */
	size_t n_keys; /* keys that were there before this level began */
};

struct json_key {
	size_t at, len; /* where its text stands in the line */
};

/* A key with all that stands around it behind another member, ready to be copied. */
#define JSON_READY_LEN 32
struct json_ready {
	uint8_t len;
	char text[JSON_READY_LEN]; /* ,"key": */
};

struct json {
	FILE *out;  /* where each line goes when it is complete; NULL: it stays in data */
	char *data; /* the line being written; not ended by 0 */
	size_t len; /* bytes of it */
	size_t cap;
	unsigned depth;
	struct json_level level[JSON_DEPTH];
	struct json_key *keys; /* of the levels that are open */
	size_t n_keys;
	size_t cap_keys;
};

/* Make j ready to write to out; with NULL the lines gather in j->data (j->len bytes), and the caller may set j->len
 * to 0 between two of them. Running out of memory ends the program. */
void json_open(struct json *j, FILE *out);
void json_close(struct json *j);

/* The object that is the line. json_end writes it out. */
void json_begin(struct json *j);
void json_end(struct json *j);

void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

/* s is taken as UTF-8. Control characters are escaped, each byte that is not UTF-8 becomes U+FFFD. */
void json_str(struct json *j, const char *key, const char *s);
void json_mem(struct json *j, const char *key, const char *s, size_t len);
/* A word of ours, or digits: nothing in it needs an escape, and nothing is looked for. */
void json_word(struct json *j, const char *key, const char *s);
/* A string that is written in its place: append up to `room` bytes to the text, and call json_text_end before anything
 * else. */
struct sonde_text json_text(struct json *j, const char *key, size_t room);
void json_text_end(struct json *j, const struct sonde_text *t);
/* The same for a text in which nothing needs an escape. */
void json_text_end_plain(struct json *j, const struct sonde_text *t);
/* A number; beyond 2^53, where readers with doubles go wrong, a string of its digits. */
void json_int(struct json *j, const char *key, int64_t v);
void json_uint(struct json *j, const char *key, uint64_t v);
void json_bool(struct json *j, const char *key, bool v);
void json_null(struct json *j, const char *key);
/* Two lower-case digits a byte. */
void json_hex(struct json *j, const char *key, struct sonde_view v);

/* For keys that are written often: make one ready. Returns false for one that is too long. */
bool json_make_ready(struct json_ready *out, const char *key);
/* json_text, json_word and json_uint in an object, with such a key. Whether the object has it already is not looked
 * at. */
void json_ready_word(struct json *j, const struct json_ready *key, const char *s);
struct sonde_text json_ready_text(struct json *j, const struct json_ready *key, size_t room);
void json_ready_uint(struct json *j, const struct json_ready *key, uint64_t v);

/* Begin an event: json_begin and what each object has, cmd, type and time, a string of seconds with nine decimals.
 * Durations are json_int with _ns in the key. */
void json_event(struct json *j, const char *cmd, const char *type, sonde_time time);

#endif
