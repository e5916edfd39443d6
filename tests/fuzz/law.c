#include "tests/fuzz/law.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "proto/layout.h"
#include "proto/list.h"
#include "packet/match.h"
#include "packet/notation.h"
#include "packet/path.h"
#include "packet/print.h"

#define MAX_TEXT (LAW_MAX_FRAME * 16)

static char text[MAX_TEXT];

static void broken(const char *what, const struct sonde_error *e)
{
	fprintf(stderr, "%s: %s\n%.4000s\n", what, e ? e->what : "", text);
	abort();
}

/* text, read and built, gives these bytes. */
static void reads_back(size_t text_len, struct sonde_view bytes)
{
	static uint8_t room[LAW_MAX_FRAME];
	static struct sonde_spec spec;
	struct sonde_packet again;
	struct sonde_error e;
	if (text_len >= sizeof text)
		broken("the print does not end", NULL);
	if (sonde_notation_parse(&spec, text, text_len, NULL, &e))
		broken("the print is not read", &e);
	sonde_packet_init(&again, room, sizeof room);
	if (sonde_spec_packet(&again, &spec, 0, 1, false, &e))
		broken("the print is not built", &e);
	sonde_finish(&again);
	if (!sonde_view_equal(sonde_view(again.data, again.len), bytes))
		broken("other bytes", NULL);
}

static void print_and_read(const struct sonde_packet *p, uint32_t wire_len, uint32_t link)
{
	struct sonde_text t = sonde_text(text, sizeof text);
	struct sonde_frame_info frame = { .wire_len = wire_len, .link = link };
	sonde_print_frame(&t, p, &frame);
	reads_back(t.len, sonde_view(p->data, p->len));
}

void law_of_built(const struct sonde_packet *p)
{
	uint32_t link = p->n_layers ? sonde_number_in(p->layers[0].proto, SONDE_SPACE_LINK, LAW_NO_LINK) : LAW_NO_LINK;
	print_and_read(p, p->len + p->missing, link);
}

static void walk_list(const struct sonde_list *list, struct sonde_view bytes)
{
	struct sonde_list_item item;
	size_t at = 0, sum = 0;
	while (sonde_list_next(&item, list, bytes, &at))
		sum += item.bytes.len;
	if (sum != bytes.len || at != bytes.len)
		broken("a list is not all items", NULL);
}

/* Every row lies in the header, and every layer in the packet. */
static void walk_rows(const struct sonde_packet *p, const struct sonde_layer *l)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n = sonde_layout(slots, l->proto->fields, p->data + l->offset, l->header_len);
	if (l->offset > p->len || l->header_len > p->len - l->offset)
		broken("a layer outside the packet", NULL);
	for (unsigned i = 0; i < n; i++) {
		if (!slots[i].there)
			continue;
		if (slots[i].first + slots[i].width > l->header_len * 8)
			broken("a row outside its header", NULL);
		if (l->proto->fields[i].shape == SONDE_LIST)
			walk_list(l->proto->fields[i].list, sonde_slot_view(p->data + l->offset, slots[i]));
	}
}

/* Everything else that reads packets from outside. */
static void ask_around(const struct sonde_packet *p)
{
	struct sonde_question ask;
	struct sonde_match match;
	struct sonde_path path;
	struct sonde_error e;
	for (int i = 0; i < p->n_layers; i++)
		sonde_verify(p, i);
	if (sonde_question_of(&ask, p) == 0)
		sonde_match(&match, &ask, p);
	sonde_path_choose(&path, p, 1500, &e);
}

void law_of_frame(struct sonde_view frame, uint32_t wire_len, uint32_t link)
{
	/* Memory of exactly this size: what reads past the end is seen. */
	uint8_t *exact = malloc(frame.len ? frame.len : 1);
	struct sonde_packet p;
	if (!exact)
		abort();
	if (frame.len)
		memcpy(exact, frame.data, frame.len);
	text[0] = 0;
	sonde_dissect(&p, exact, (uint32_t)frame.len, wire_len, (struct sonde_id){ SONDE_SPACE_LINK, link });
	for (unsigned i = 0; i < p.n_layers + p.n_trailers; i++)
		walk_rows(&p, &p.layers[i]);
	ask_around(&p);
	sonde_infer(&p);
	if (frame.len && memcmp(exact, frame.data, frame.len) != 0)
		broken("reading writes", NULL);
	print_and_read(&p, wire_len, link);
	free(exact);
}
