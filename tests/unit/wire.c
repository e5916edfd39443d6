#include "tests/unit/wire.h"

#include "base/text.h"
#include "packet/notation.h"
#include "packet/print.h"
#include "packet/spec.h"

void wire_build(struct sonde_packet *out, uint8_t *buffer, const char *text)
{
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	sonde_packet_init(out, buffer, WIRE_MAX);
	int err = sonde_notation_parse(&spec, text, strlen(text), NULL, &e);
	if (!err)
		err = sonde_spec_packet(out, &spec, 0, 1, false, &e);
	sonde_spec_free(&spec);
	if (err)
		fail_msg("%s: %s", text, e.what);
	sonde_finish(out);
}

void wire_read(struct sonde_packet *out, const uint8_t *data, size_t len, const struct sonde_proto *first)
{
	uint32_t link = sonde_number_in(first, SONDE_SPACE_LINK, UINT32_MAX);
	struct sonde_id id = link == UINT32_MAX ? first->ids[0] : (struct sonde_id){ SONDE_SPACE_LINK, link };
	sonde_dissect(out, data, (uint32_t)len, (uint32_t)len, id);
}

size_t wire_hex(uint8_t *out, const char *hex)
{
	struct sonde_buf b = { out, 0, WIRE_MAX };
	while (*hex) {
		size_t n = strcspn(hex, " ");
		assert_int_equal(sonde_hex_parse(&b, hex, n), 0);
		hex += n + (hex[n] == ' ');
	}
	return b.len;
}

void wire_equal(const uint8_t *got, size_t got_len, const uint8_t *want, size_t want_len)
{
	char s[4 * WIRE_MAX + 64];
	if (got_len == want_len && (!want_len || memcmp(got, want, want_len) == 0))
		return;
	struct sonde_text t = sonde_text(s, sizeof s);
	sonde_text_str(&t, "got  ");
	sonde_text_hex(&t, sonde_view(got, got_len));
	sonde_text_str(&t, "\nwant ");
	sonde_text_hex(&t, sonde_view(want, want_len));
	fail_msg("%s", s);
}

static void check_text(const struct sonde_packet *p, const char *want)
{
	char s[4 * WIRE_MAX];
	struct sonde_packet copy = *p;
	struct sonde_text t = sonde_text(s, sizeof s);
	sonde_infer(&copy);
	sonde_print(&t, &copy);
	assert_string_equal(s, want);
}

static void check_sums(const struct sonde_packet *p)
{
	for (int i = 0; i < p->n_layers + p->n_trailers; i++) {
		enum sonde_sum_state s = sonde_verify(p, i);
		if (s != SONDE_SUM_OK && s != SONDE_SUM_NONE)
			fail_msg("checksum of layer %d (%s): %s", i + 1, p->layers[i].proto->name,
				 sonde_sum_state_name(s));
	}
}

static void check_row(const struct wire_row *row, bool sums)
{
	uint8_t built[WIRE_MAX], want[WIRE_MAX];
	struct sonde_packet p;
	size_t want_len = wire_hex(want, row->hex);
	wire_build(&p, built, row->text);
	wire_equal(built, p.len, want, want_len);
	wire_read(&p, want, want_len, p.layers[0].proto);
	check_text(&p, row->text);
	if (sums)
		check_sums(&p);
}

void wire_test(void **state)
{
	check_row(*state, true);
}

void wire_test_bytes(void **state)
{
	check_row(*state, false);
}

void wire_sum(const char *text, const struct sonde_proto *proto, enum sonde_sum_state want)
{
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	int layer = 0;
	wire_build(&p, built, text);
	wire_read(&p, built, p.len, p.layers[0].proto);
	while (layer < p.n_layers && p.layers[layer].proto != proto)
		layer++;
	assert_true(layer < p.n_layers);
	assert_string_equal(sonde_sum_state_name(sonde_verify(&p, layer)), sonde_sum_state_name(want));
}
