#include "proto/lines.h"

#include <string.h>

#include "proto/describe.h"
#include "proto/say.h"

static const struct sonde_field header[] = {
	BYTES("name", SONDE_FIELD(0, 0, 0), KIND(headername), .help = "name of the header"),
	BYTES("value", SONDE_FIELD(1, SONDE_NEXT, 0), KIND(lines), .help = "its value"),
	{ 0 },
};

const struct sonde_list sonde_header_lines = {
	.ends_at_others = true,
	.items = (const struct sonde_item[]) { ITEM("", 0, .fields = header), { 0 } },
};

/* Bytes of the first word of a line and the blank behind it; 0: the line has no other word. */
static size_t word_len(struct sonde_view line)
{
	return line.len ? sonde_kind_word.measure(line) : 0;
}

static struct sonde_view first_line(struct sonde_view bytes)
{
	return sonde_view_sub(bytes, 0, bytes.len ? sonde_kind_line.measure(bytes) : 0);
}

static bool begins_with(struct sonde_view v, const char *s)
{
	size_t len = strlen(s);
	return v.len >= len && memcmp(v.data, s, len) == 0;
}

static bool is_method(struct sonde_view word)
{
	for (size_t i = 0; i + 1 < word.len; i++)
		if (!((word.data[i] >= 'A' && word.data[i] <= 'Z') || word.data[i] == '-' || word.data[i] == '_'))
			return false;
	return word.len > 1;
}

bool sonde_lines_are_request(struct sonde_view bytes, const char *version)
{
	struct sonde_view line = first_line(bytes);
	size_t method = word_len(line), target = word_len(sonde_view_sub(line, method, line.len));
	return is_method(sonde_view_sub(line, 0, method)) && target > 1 &&
	       begins_with(sonde_view_sub(line, method + target, line.len), version);
}

bool sonde_lines_are_response(struct sonde_view bytes, const char *version)
{
	struct sonde_view line = first_line(bytes);
	size_t first = word_len(line), code = word_len(sonde_view_sub(line, first, line.len));
	return begins_with(line, version) && code > 1;
}

void sonde_say_first_line(const struct sonde_saying *s)
{
	const size_t most = 120;
	size_t len = s->layer->header_len;
	const uint8_t *end = memchr(s->header, '\n', len);
	len = end ? (size_t)(end - s->header) : len;
	while (len > 0 && s->header[len - 1] == '\r')
		len--;
	sonde_text_char(s->t, ' ');
	sonde_say_text(s, sonde_view(s->header, len), most);
}
