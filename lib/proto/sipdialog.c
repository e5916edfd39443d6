#include "proto/sipdialog.h"

#include <string.h>
#include <strings.h>

#include "base/hash.h"
#include "proto/lines.h"

static struct sonde_view trimmed(struct sonde_view v)
{
	while (v.len && (v.data[0] == ' ' || v.data[0] == '\t'))
		v = sonde_view(v.data + 1, v.len - 1);
	while (v.len && strchr(" \t\r\n", v.data[v.len - 1]))
		v.len--;
	return v;
}

static bool is_name(struct sonde_view v, const char *name)
{
	return v.len == strlen(name) && strncasecmp((const char *)v.data, name, v.len) == 0;
}

/* The value of a header line, by its name or its short form (RFC 3261, 7.3.3); empty: it is not there. */
static struct sonde_view value_of(struct sonde_view message, const char *name, const char *short_name)
{
	while (message.len) {
		const uint8_t *end = memchr(message.data, '\n', message.len);
		size_t len = end ? (size_t)(end - message.data) + 1 : message.len;
		const uint8_t *colon = memchr(message.data, ':', len);
		size_t name_len = colon ? (size_t)(colon - message.data) : 0;
		struct sonde_view found = trimmed(sonde_view_sub(message, 0, name_len));
		if (colon && (is_name(found, name) || is_name(found, short_name)))
			return trimmed(sonde_view_sub(message, name_len + 1, len - name_len - 1));
		message = sonde_view_sub(message, len, message.len - len);
	}
	return message;
}

/* A number that both lines make; 0: one of them is missing. */
static uint32_t number_of(const struct sonde_context *c)
{
	struct sonde_view message = sonde_view(sonde_header(c), c->layer->header_len);
	struct sonde_view id = value_of(message, "Call-ID", "i"), sequence = value_of(message, "CSeq", "");
	if (!id.len || !sequence.len)
		return 0;
	const struct sonde_key key = { sonde_siphash((struct sonde_key){ 0, 0 }, id), 0 };
	return (uint32_t)sonde_siphash(key, sequence) | 1;
}

static bool is_response(const struct sonde_context *c)
{
	return sonde_lines_are_response(sonde_view(sonde_header(c), c->layer->header_len), "SIP/2.");
}

void sonde_sip_question(struct sonde_question *q, const struct sonde_context *c)
{
	uint32_t number = number_of(c);
	sonde_number_question(q, number);
	if (!number)
		q->message_proto = NULL;
}

enum sonde_answer sonde_sip_answer(const struct sonde_question *q, const struct sonde_context *c)
{
	return is_response(c) && sonde_number_answers(q, c, number_of(c)) ? SONDE_ANSWER_UDP : SONDE_SILENCE;
}
