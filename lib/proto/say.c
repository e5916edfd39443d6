#include "proto/say.h"

static const struct sonde_field *row_of(const struct sonde_saying *s, sonde_place place)
{
	return &s->layer->proto->fields[SONDE_ROW(place)];
}

static bool is_there(const struct sonde_saying *s, sonde_place place)
{
	return s->slots(s)[SONDE_ROW(place)].there;
}

void sonde_say_value(const struct sonde_saying *s, sonde_place place)
{
	if (!is_there(s, place))
		return;
	sonde_text_char(s->t, ' ');
	s->value(s, SONDE_ROW(place));
}

/* A value that is empty is left out with its name. */
void sonde_say_field(const struct sonde_saying *s, sonde_place place)
{
	size_t start = s->t->len;
	if (!is_there(s, place))
		return;
	sonde_text_char(s->t, ' ');
	sonde_text_str(s->t, row_of(s, place)->name);
	sonde_text_char(s->t, '=');
	size_t empty = s->t->len;
	s->value(s, SONDE_ROW(place));
	if (s->t->len == empty)
		sonde_text_cut(s->t, start);
}

void sonde_say_rest(const struct sonde_saying *s, sonde_place from)
{
	const struct sonde_proto *proto = s->layer->proto;
	for (unsigned row = SONDE_ROW(from); proto->fields[row].name; row++) {
		sonde_place place = proto->fields[row].place;
		bool told = proto->fields[row].view || place == proto->checksum_place || place == proto->length_place;
		if (!told && s->differs(s, row))
			sonde_say_field(s, place);
	}
}

void sonde_say_item(const struct sonde_saying *s, const char *name, sonde_place list, uint32_t kind)
{
	size_t start = s->t->len;
	if (!is_there(s, list))
		return;
	sonde_text_char(s->t, ' ');
	sonde_text_str(s->t, name);
	sonde_text_str(s->t, *name ? "=" : "");
	if (!s->item(s, SONDE_ROW(list), kind))
		sonde_text_cut(s->t, start);
}

void sonde_say_length(const struct sonde_saying *s)
{
	sonde_text_str(s->t, " length=");
	sonde_text_uint(s->t, s->payload_len);
}

void sonde_say_text(const struct sonde_saying *s, struct sonde_view text, size_t most)
{
	for (size_t i = 0; i < text.len && i < most; i++) {
		uint8_t c = text.data[i];
		if (c >= ' ' && c < 0x7f && c != '\\') {
			sonde_text_char(s->t, (char)c);
			continue;
		}
		sonde_text_str(s->t, "\\x");
		sonde_text_hex(s->t, sonde_view(&c, 1));
	}
	sonde_text_str(s->t, text.len > most ? "..." : "");
}
