#include "tests/unit/law.h"

#include <stdlib.h>

#include "base/text.h"
#include "packet/notation.h"
#include "packet/packet.h"
#include "packet/print.h"
#include "packet/spec.h"

static char text[LAW_MAX_TEXT];
static uint8_t built[SONDE_MAX_FRAME];

static void broken(const uint8_t *data, size_t len, const char *why)
{
	static char hex[2 * 4096 + 1];
	struct sonde_text t = sonde_text(hex, sizeof hex);
	sonde_text_hex(&t, sonde_view(data, len));
	fail_msg("%s\ntext  %s\nbytes %s", why, text, hex);
}

static void ask_everything(const struct sonde_packet *p)
{
	int layer = 0, row = -1, open = 0;
	for (int i = 0; i < p->n_layers + p->n_trailers; i++)
		assert_non_null(sonde_sum_state_name(sonde_verify(p, i)));
	while (sonde_next_open(p, &layer, &row))
		open++;
	assert_int_equal(open, 0);
}

static void print_frame(const uint8_t *data, size_t len, size_t wire_len, struct sonde_id first)
{
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_frame_info frame = { .wire_len = (uint32_t)wire_len };
	uint8_t *exact = malloc(len ? len : 1);
	assert_non_null(exact);
	memcpy(exact, data, len);
	sonde_dissect(&p, exact, (uint32_t)len, (uint32_t)wire_len, first);
	sonde_infer(&p);
	ask_everything(&p);
	frame.link = p.n_layers ? sonde_number_in(p.layers[0].proto, SONDE_SPACE_LINK, UINT32_MAX) : 0;
	sonde_print_frame(&t, &p, &frame);
	free(exact);
	assert_true(sonde_text_fits(&t));
}

const char *law_check(const uint8_t *data, size_t len, size_t wire_len, struct sonde_id first)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_packet p;
	print_frame(data, len, wire_len, first);
	sonde_packet_init(&p, built, sizeof built);
	int err = sonde_notation_parse(&spec, text, strlen(text), NULL, &e);
	if (!err)
		err = sonde_spec_packet(&p, &spec, 0, 1, false, &e);
	sonde_spec_free(&spec);
	if (err)
		broken(data, len, e.what);
	sonde_finish(&p);
	if (p.len != len || memcmp(p.data, data, len) != 0)
		broken(data, len, "the text builds other bytes");
	return text;
}

struct sonde_id law_first(const struct sonde_proto *proto)
{
	for (const struct sonde_id *id = proto->ids; id < proto->ids + SONDE_MAX_IDS && id->space; id++)
		if (id->space == SONDE_SPACE_LINK && sonde_proto_by_id(id->space, id->number) == proto)
			return *id;
	return proto->ids[0];
}
