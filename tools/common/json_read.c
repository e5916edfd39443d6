#include "tools/common/json_read.h"

#include <string.h>

#include "base/text.h"

static void skip_blanks(struct json_reader *r)
{
	while (r->at < r->end && strchr(" \t\r\n", *r->at) && *r->at)
		r->at++;
}

static bool take(struct json_reader *r, char c)
{
	skip_blanks(r);
	bool is_there = r->at < r->end && *r->at == c;
	r->at += is_there;
	return is_there;
}

static bool read_string(struct json_reader *r, struct sonde_view *out)
{
	if (!take(r, '"'))
		return false;
	const char *begin = r->at;
	while (r->at < r->end && *r->at != '"') {
		if ((unsigned char)*r->at < ' ')
			return false;
		if (*r->at == '\\' && r->end - r->at < 2)
			return false;
		r->at += *r->at == '\\' ? 2 : 1;
	}
	if (r->at >= r->end)
		return false;
	*out = sonde_view(begin, (size_t)(r->at - begin));
	r->at++;
	return true;
}

/* Numbers, true, false, null: what they are made of. */
static bool read_word(struct json_reader *r, struct sonde_view *out)
{
	const char *begin = r->at;
	while (r->at < r->end && *r->at && strchr("+-.0123456789abcdefghijklmnopqrstuvwxyzE", *r->at))
		r->at++;
	*out = sonde_view(begin, (size_t)(r->at - begin));
	return out->len > 0;
}

/* An array or object: its brackets are counted, and not held against each other. */
static bool skip_nested(struct json_reader *r)
{
	struct sonde_view ignored;
	unsigned depth = 0;
	do {
		skip_blanks(r);
		if (r->at >= r->end)
			return false;
		if (*r->at == '"') {
			if (!read_string(r, &ignored))
				return false;
			continue;
		}
		depth += *r->at == '[' || *r->at == '{';
		depth -= *r->at == ']' || *r->at == '}';
		r->at++;
	} while (depth);
	return true;
}

bool json_read_begin(struct json_reader *r, const char *line, size_t len)
{
	*r = (struct json_reader){ .at = line, .end = line + len };
	return take(r, '{');
}

static int end(struct json_reader *r)
{
	skip_blanks(r);
	return r->at == r->end ? 0 : -1;
}

int json_read_field(struct json_reader *r, struct json_field *out)
{
	*out = (struct json_field){ .is_string = false };
	if (take(r, '}'))
		return end(r);
	if (r->any && !take(r, ','))
		return -1;
	r->any = true;
	if (!read_string(r, &out->key) || !take(r, ':'))
		return -1;
	skip_blanks(r);
	if (r->at == r->end)
		return -1;
	const char *begin = r->at;
	out->is_string = *begin == '"';
	if (out->is_string)
		return read_string(r, &out->value) ? 1 : -1;
	if (*begin != '[' && *begin != '{')
		return read_word(r, &out->value) ? 1 : -1;
	bool good = skip_nested(r);
	out->value = sonde_view(begin, (size_t)(r->at - begin));
	return good ? 1 : -1;
}

bool json_is(struct sonde_view v, const char *word)
{
	return v.len == strlen(word) && memcmp(v.data, word, v.len) == 0;
}

bool json_read_uint(uint64_t *out, const struct json_field *f)
{
	return f->value.len && sonde_uint_parse(out, (const char *)f->value.data, f->value.len) == 0;
}
