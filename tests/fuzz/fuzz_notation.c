/* Any text: it is refused with a place that lies in it, or it becomes a packet whose print makes the same bytes again,
 * and whose bytes, read as a capture's, obey the law of the notation. */
#include <stdlib.h>

#include "packet/notation.h"
#include "tests/fuzz/law.h"

#define MAX_FRAME 65536

static void check_error(const struct sonde_error *e, int code, size_t len)
{
	bool place =
		e->column >= -1 && e->length >= 0 && (e->column < 0 || (size_t)e->column + (size_t)e->length <= len);
	if (code >= 0 || e->code != code || !place || !e->what[0])
		abort();
}

static void check_packet(const struct sonde_spec *spec, uint64_t k, size_t text_len)
{
	static uint8_t bytes[MAX_FRAME];
	struct sonde_packet p;
	struct sonde_error e;
	sonde_packet_init(&p, bytes, sizeof bytes);
	int err = sonde_spec_packet(&p, spec, k, 1, false, &e);
	if (err) {
		check_error(&e, err, text_len);
		return;
	}
	sonde_finish(&p);
	law_of_built(&p);
	uint32_t link = p.n_layers ? sonde_number_in(p.layers[0].proto, SONDE_SPACE_LINK, LAW_NO_LINK) : LAW_NO_LINK;
	law_of_frame(sonde_view(p.data, p.len), p.len + p.missing, link);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct sonde_spec spec;
	struct sonde_error e;
	struct sonde_file_line line;
	const char *text = (const char *)data;
	int err = sonde_notation_line(&line, text, len, &e);
	if (err && err != e.code)
		abort();
	err = sonde_notation_parse(&spec, text, len, NULL, &e);
	if (err) {
		check_error(&e, err, len);
		return 0;
	}
	uint64_t count = sonde_spec_count(&spec, false);
	sonde_spec_count(&spec, true);
	check_packet(&spec, 0, len);
	check_packet(&spec, count - 1, len);
	return 0;
}
