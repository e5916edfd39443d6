#include "tools/common/json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "tools/common/message.h"

#define JSON_MAX_SAFE (UINT64_C(1) << 53)

/* Make room for len more bytes at the end. Returns where they are to begin. */
static inline char *reserve(struct json *j, size_t len)
{
	if (len > j->cap - j->len) {
		j->cap = (j->cap + len) * 2;
		j->data = message_need_memory(realloc(j->data, j->cap));
	}
	return j->data + j->len;
}

static inline void put(struct json *j, const char *s, size_t len)
{
	memcpy(reserve(j, len), s, len);
	j->len += len;
}

static inline void put_char(struct json *j, char c)
{
	put(j, &c, 1);
}

static void put_text(struct json *j, const char *s)
{
	put(j, s, strlen(s));
}

static void put_escape(struct json *j, unsigned c)
{
	static const char named[] = "\bb\tt\nn\ff\rr";
	char out[8];

	for (const char *p = named; *p; p += 2) {
		if ((unsigned char)*p == c) {
			put_char(j, '\\');
			put_char(j, p[1]);
			return;
		}
	}
	snprintf(out, sizeof(out), "\\u%04x", c);
	put(j, out, 6);
}

typedef int8_t chars __attribute__((vector_size(16)));

/* Whether one of these characters may need an escape. Those from 0x80 on are negative. */
static inline bool may_need_escape(const void *s)
{
	chars c;
	uint64_t half[2];

	memcpy(&c, s, sizeof c);
	c = (c < ' ') | (c == 0x7f) | (c == '"') | (c == '\\');
	memcpy(half, &c, sizeof c);
	return half[0] | half[1];
}

/* How many characters need no escape. */
static size_t unescaped_len(const uint8_t *s, size_t len)
{
	size_t n = 0;
	while (n + sizeof(chars) <= len && !may_need_escape(s + n))
		n += sizeof(chars);
	while (n < len && s[n] >= ' ' && s[n] < 0x7f && s[n] != '"' && s[n] != '\\')
		n++;
	return n;
}

static void put_escaped(struct json *j, const char *s, size_t len)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t i = 0, n; i < len; i += n ? n : 1) {
		bool control = false;
		n = unescaped_len(p + i, len - i);
		if (n) {
			put(j, s + i, n);
			continue;
		}
		n = sonde_utf8_len(p + i, len - i, &control);
		if (n == 0)
			put_escape(j, 0xfffd);
		else if (control)
			put_escape(j, n == 1 ? p[i] : p[i + 1]);
		else if (p[i] == '"' || p[i] == '\\')
			put(j, (const char[]){ '\\', s[i] }, 2);
		else
			put(j, s + i, n);
	}
}

/* A string of len bytes stands at the end already, behind its quote, with room for a block behind it. */
static void end_string(struct json *j, size_t len)
{
	char *s = j->data + j->len;
	size_t n = 0;

	/* Behind it stand blanks, so that no less than a block is looked at at once. */
	memset(s + len, ' ', sizeof(chars));
	while (n < len && !may_need_escape(s + n))
		n += sizeof(chars);
	if (n < len) {
		char *copy = message_need_memory(malloc(len));
		memcpy(copy, s, len);
		put_escaped(j, copy, len);
		free(copy);
	} else {
		j->len += len;
	}
	put_char(j, '"');
}

static void put_string(struct json *j, const char *s, size_t len)
{
	char *out = reserve(j, 1 + len + sizeof(chars));

	*out = '"';
	memcpy(out + 1, s, len);
	j->len++;
	end_string(j, len);
}

static bool key_is_new(const struct json *j, size_t at, size_t len)
{
	for (size_t i = j->level[j->depth - 1].n_keys; i < j->n_keys; i++) {
		if (j->keys[i].len == len && memcmp(j->data + j->keys[i].at, j->data + at, len) == 0)
			return false;
	}
	return true;
}

/* Whether a level may have a key already: one of 64 marks stands for it and others. */
static bool mark_key(struct json_level *l, const char *key, size_t len)
{
	unsigned sum = len ? (unsigned)len * 7 + (unsigned char)key[0] * 5 + (unsigned char)key[len - 1] : 0;
	uint64_t mark = UINT64_C(1) << sum % 64;
	bool marked = l->keys_seen & mark;
	l->keys_seen |= mark;
	return marked;
}

static void remember_key(struct json *j, size_t at, size_t len)
{
	if (j->n_keys == j->cap_keys) {
		j->cap_keys = j->cap_keys * 2 + 16;
		j->keys = message_need_memory(realloc(j->keys, j->cap_keys * sizeof(*j->keys)));
	}
	j->keys[j->n_keys++] = (struct json_key){ at, len };
}

/* What stands before every value: the comma, and in an object the key. Keys are words of ours: none needs an escape. */
static void put_place(struct json *j, const char *key)
{
	assert(j->depth > 0);
	struct json_level *l = &j->level[j->depth - 1];

	assert(l->array == !key);
	if (l->any)
		put_char(j, ',');
	l->any = true;
	if (!key)
		return;
	size_t at = j->len, len = strlen(key);
	char *out = reserve(j, len + strlen("\"\":"));
	out[0] = '"';
	memcpy(out + 1, key, len);
	memcpy(out + 1 + len, "\":", 2);
	j->len += len + 3;
	bool marked = mark_key(l, key, len);
	assert(!marked || key_is_new(j, at, len + 2));
	(void)marked;
	remember_key(j, at, len + 2);
}

static void enter(struct json *j, bool array)
{
	assert(j->depth < JSON_DEPTH);
	j->level[j->depth++] = (struct json_level){ .array = array, .n_keys = j->n_keys };
	put_char(j, array ? '[' : '{');
}

static void leave(struct json *j, bool array)
{
	assert(j->depth > 0 && j->level[j->depth - 1].array == array);
	j->n_keys = j->level[--j->depth].n_keys;
	put_char(j, array ? ']' : '}');
}

void json_open(struct json *j, FILE *out)
{
	*j = (struct json){ .out = out };
}

void json_close(struct json *j)
{
	free(j->data);
	free(j->keys);
	*j = (struct json){ 0 };
}

void json_begin(struct json *j)
{
	assert(j->depth == 0);
	enter(j, false);
}

void json_end(struct json *j)
{
	leave(j, false);
	assert(j->depth == 0);
	put_char(j, '\n');
	if (j->out) {
		fwrite(j->data, 1, j->len, j->out);
		j->len = 0;
	}
}

void json_object(struct json *j, const char *key)
{
	put_place(j, key);
	enter(j, false);
}

void json_object_end(struct json *j)
{
	assert(j->depth > 1);
	leave(j, false);
}

void json_array(struct json *j, const char *key)
{
	put_place(j, key);
	enter(j, true);
}

void json_array_end(struct json *j)
{
	leave(j, true);
}

void json_str(struct json *j, const char *key, const char *s)
{
	json_mem(j, key, s, strlen(s));
}

void json_mem(struct json *j, const char *key, const char *s, size_t len)
{
	put_place(j, key);
	put_string(j, s, len);
}

void json_word(struct json *j, const char *key, const char *s)
{
	size_t len = strlen(s);

	put_place(j, key);
	char *out = reserve(j, len + 2);
	out[0] = '"';
	memcpy(out + 1, s, len);
	out[1 + len] = '"';
	j->len += len + 2;
}

struct sonde_text json_text(struct json *j, const char *key, size_t room)
{
	put_place(j, key);
	put_char(j, '"');
	return sonde_text(reserve(j, room + sizeof(chars)), room);
}

void json_text_end(struct json *j, const struct sonde_text *t)
{
	end_string(j, sonde_text_fits(t) ? t->len : t->cap - 1);
}

void json_text_end_plain(struct json *j, const struct sonde_text *t)
{
	j->len += sonde_text_fits(t) ? t->len : t->cap - 1;
	put_char(j, '"');
}

#define DIGITS 24 /* room for a number, quotes included */

/* Returns how many bytes it takes. */
static size_t write_number(char out[static DIGITS], uint64_t v, bool negative)
{
	const char *quote = v > JSON_MAX_SAFE ? "\"" : "";
	struct sonde_text t = sonde_text(out, DIGITS);

	if (v < 10 && !negative) {
		out[0] = (char)('0' + v);
		return 1;
	}
	sonde_text_str(&t, quote);
	sonde_text_str(&t, negative ? "-" : "");
	sonde_text_uint(&t, v);
	sonde_text_str(&t, quote);
	return t.len;
}

static void put_number(struct json *j, const char *key, uint64_t v, bool negative)
{
	put_place(j, key);
	j->len += write_number(reserve(j, DIGITS), v, negative);
}

void json_int(struct json *j, const char *key, int64_t v)
{
	put_number(j, key, v < 0 ? -(uint64_t)v : (uint64_t)v, v < 0);
}

void json_uint(struct json *j, const char *key, uint64_t v)
{
	put_number(j, key, v, false);
}

void json_bool(struct json *j, const char *key, bool v)
{
	put_place(j, key);
	put_text(j, v ? "true" : "false");
}

void json_null(struct json *j, const char *key)
{
	put_place(j, key);
	put_text(j, "null");
}

void json_hex(struct json *j, const char *key, struct sonde_view v)
{
	put_place(j, key);
	char *at = reserve(j, 2 * v.len + 2);
	at[0] = at[2 * v.len + 1] = '"';
	sonde_hex_digits(at + 1, v);
	j->len += 2 * v.len + 2;
}

/* --- Keys that are ready ------------------------------------------------------------------------------------------ */

bool json_make_ready(struct json_ready *out, const char *key)
{
	size_t len = strlen(key);

	if (len + strlen(",\"\":") >= sizeof(out->text))
		return false;
	out->len = (uint8_t)(len + strlen(",\"\":"));
	struct sonde_text t = sonde_text(out->text, sizeof(out->text));
	sonde_text_str(&t, ",\"");
	sonde_text_str(&t, key);
	sonde_text_str(&t, "\":");
	return true;
}

/* Copying all of the room takes fewer steps than copying as much as is needed. Returns where the value is to begin,
 * with `room` bytes. */
static inline char *put_ready(struct json *j, const struct json_ready *key, size_t room)
{
	char *out = reserve(j, sizeof(key->text) + room);
	assert(j->depth > 0 && !j->level[j->depth - 1].array);
	struct json_level *l = &j->level[j->depth - 1];
	const size_t comma = !l->any;

	l->any = true;
	memcpy(out, key->text + comma, sizeof(key->text) - 1);
	j->len += key->len - comma;
	return out + key->len - comma;
}

struct sonde_text json_ready_text(struct json *j, const struct json_ready *key, size_t room)
{
	char *out = put_ready(j, key, room + 1 + sizeof(chars));

	*out = '"';
	j->len++;
	return sonde_text(out + 1, room);
}

void json_ready_word(struct json *j, const struct json_ready *key, const char *s)
{
	size_t len = strlen(s);
	char *out = put_ready(j, key, len + 2);

	out[0] = '"';
	memcpy(out + 1, s, len);
	out[1 + len] = '"';
	j->len += len + 2;
}

void json_ready_uint(struct json *j, const struct json_ready *key, uint64_t v)
{
	char *out = put_ready(j, key, DIGITS);

	j->len += write_number(out, v, false);
}

void json_event(struct json *j, const char *cmd, const char *type, sonde_time time)
{
	static const struct json_ready keys[] = { { 7, ",\"cmd\":" }, { 8, ",\"type\":" }, { 8, ",\"time\":" } };
	char text[SONDE_TIME_STRLEN];

	json_begin(j);
	json_ready_word(j, &keys[0], cmd);
	json_ready_word(j, &keys[1], type);
	json_ready_word(j, &keys[2], sonde_time_format(text, time));
}
