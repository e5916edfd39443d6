/* What a computed field can hold at the most builds; one more is refused. For every field of every protocol that
 * follows how long something is, or how many there are. */
#include <inttypes.h>
#include <stdio.h>

#include "packet/list_text.h"
#include "packet/packet.h"
#include "packet/rows.h"
#include "packet/template.h"
#include "proto/ip.h"
#include "proto/tcp.h"
#include "tests/unit/wire.h"

#define MOST (1u << 21) /* bytes that a packet grows by: 65536 records of a multicast report fit */

static uint8_t room[MOST + 4096], zeros[MOST + 4096];

/* --- What grows -------------------------------------------------------------------------------------------------- */

enum how { BY_PAYLOAD, BY_QUOTE, BY_ROW };

/* A packet of one header, of a type, that grows by payload, by a quote before a trailer, or by one of its rows. */
struct growing {
	const struct sonde_proto *proto;
	const struct sonde_field *type; /* or NULL */
	unsigned number;
	enum how how;
	const struct sonde_field *row;  /* BY_ROW */
	uint64_t written;               /* marks of rows that stay 0, for another one is asked for */
};

static int build(struct sonde_packet *p, const struct growing *g, uint32_t len)
{
	struct sonde_view more = sonde_view(zeros, len);
	sonde_packet_init(p, room, sizeof room);
	int err = sonde_push(p, g->proto);
	if (!err && g->type)
		err = sonde_set(p, 0, g->type->place, g->number);
	if (!err)
		err = g->how == BY_ROW ? sonde_set_bytes(p, 0, g->row->place, more) : sonde_push_payload(p, more);
	if (!err && g->how == BY_QUOTE)
		err = sonde_push_trailer(p, sonde_proto_by_id(SONDE_SPACE_TRAILER, g->proto->trailer)) < 0;
	p->layers[0].written |= g->written;
	return err ? err : sonde_finish(p);
}

/* The number in a row, or 0 when it is not there. */
static uint64_t value(const struct sonde_packet *p, const struct sonde_field *f)
{
	struct sonde_slot s = sonde_locate(p->layers[0].proto->fields, SONDE_ROW(f->place), p->data,
					   p->layers[0].header_len);
	return s.there ? sonde_slot_get(p->data, s) : 0;
}

/* --- The property ------------------------------------------------------------------------------------------------ */

/* Bytes of the longest that is built. */
static uint32_t longest(const struct growing *g)
{
	struct sonde_packet p;
	uint32_t good = 0, bad = MOST;
	while (bad - good > 1) {
		uint32_t middle = good + (bad - good) / 2;
		*(build(&p, g, middle) ? &bad : &good) = middle;
	}
	return good;
}

static bool follows(const struct growing *g, const struct sonde_field *f)
{
	/* A multiple of all units; of quotes, more than the least. */
	const uint32_t enough = g->how == BY_ROW ? 32 : 160;
	struct sonde_packet p;
	if (f->shape != SONDE_SCALAR || f->open != SONDE_COMPUTED || f->place == g->proto->next ||
	    f->place == g->proto->checksum_place || SONDE_WIDTH(f->place) > 16 || build(&p, g, 0))
		return false;
	uint64_t before = value(&p, f);
	return build(&p, g, enough) == 0 && value(&p, f) > before;
}

static void check_limit(const struct growing *g, const struct sonde_field *f)
{
	struct sonde_packet p;
	uint32_t most = longest(g);
	assert_int_equal(build(&p, g, most), 0);
	/* A list that is filled up leaps over some lengths in bytes. */
	bool leaps = g->how == BY_ROW && g->row->list && SONDE_WIDTH(f->place) == 16;
	uint64_t max = sonde_place_max(f->place);
	assert_in_range(value(&p, f), leaps ? max - g->row->list->list_align : max, max);
	assert_int_equal(build(&p, g, most + 1), SONDE_E_RANGE);
}

/* Each field that follows, while all others are written. Returns how many there are. */
static unsigned check_growing(struct growing g)
{
	const struct sonde_field *rows = g.proto->fields;
	uint64_t following = 0;
	unsigned n = 0;
	for (const struct sonde_field *f = rows; f->name; f++)
		following |= follows(&g, f) ? SONDE_MARK(f->place) : 0;
	for (const struct sonde_field *f = rows; f->name; f++) {
		if (!(following & SONDE_MARK(f->place)))
			continue;
		g.written = following & ~SONDE_MARK(f->place);
		check_limit(&g, f);
		n++;
	}
	return n;
}

/* The row by which messages of a protocol differ. */
static const struct sonde_field *type_of(const struct sonde_proto *proto)
{
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (f->when.test == SONDE_IS && SONDE_FIRST(f->when.place) != SONDE_NEXT)
			return &proto->fields[SONDE_ROW(f->when.place)];
	return NULL;
}

static unsigned check_types(struct growing g)
{
	unsigned n = 0, last = g.type && SONDE_WIDTH(g.type->place) <= 8 ? (unsigned)sonde_place_max(g.type->place) : 0;
	for (g.number = 0; g.number <= last; g.number++)
		n += check_growing(g);
	return n;
}

static unsigned check_proto(const struct sonde_proto *proto)
{
	struct growing g = { .proto = proto, .type = type_of(proto), .how = BY_PAYLOAD };
	if (sonde_number_in(proto, SONDE_SPACE_TRAILER, 0) || sonde_number_in(proto, SONDE_SPACE_DATA, 2) < 2)
		return 0;
	unsigned n = check_types(g);
	g.how = BY_QUOTE;
	n += proto->trailer ? check_types(g) : 0;
	g.how = BY_ROW;
	for (g.row = proto->fields; g.row->name; g.row++)
		n += !g.row->view && (g.row->repeat || !SONDE_WIDTH(g.row->place)) ? check_types(g) : 0;
	return n;
}

static void limits_hold(void **state)
{
	check_proto(*state);
}

/* The property is not empty. */
static void fields_that_follow_are_found(void **state)
{
	static const char *const names[] = { "ip",      "ip6",     "udp",  "tcp", "ah",     "routing", "dstopts",
					     "hopopts", "icmp",    "icmp6", "igmp", "dns", "dnstcp",  "pppoe" };
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_true(check_proto(sonde_proto_by_name(names[i], strlen(names[i]))) > 0);
}

/* --- Items of lists ---------------------------------------------------------------------------------------------- */

static void cover(bool *bytes, sonde_place place)
{
	for (uint32_t bit = SONDE_FIRST(place); bit < SONDE_END(place); bit++)
		bytes[bit / 8] = true;
}

/* Bytes of an item that its kind and its length take. */
static size_t head_taken(const struct sonde_list *list)
{
	bool bytes[16] = { false };
	size_t n = 0;
	cover(bytes, list->kind);
	cover(bytes, list->length);
	for (size_t i = 0; i < sizeof bytes / sizeof *bytes; i++)
		n += bytes[i];
	return n;
}

/* KIND:HEX with the longest body, and one byte more than that. Items without a kind have a number in its place. */
static void check_item_length(const struct sonde_list *list)
{
	static char text[2 * MOST + 64];
	static uint8_t bytes[MOST];
	size_t unit = list->length_unit ? list->length_unit : 1;
	size_t most = (size_t)sonde_place_max(list->length) * unit + (size_t)list->length_excludes;
	/* The highest kind is seldom one with a description or without a length. */
	bool has_kind = SONDE_WIDTH(list->kind) > 0;
	uint64_t kind = has_kind ? sonde_place_max(list->kind) - 1 : 0;
	size_t head = has_kind ? head_taken(list) : list->head;
	int start = snprintf(text, sizeof text, "%" PRIu64 ":", kind);
	for (unsigned over = 0; over < 2; over++) {
		size_t n = 2 * (most - head + over);
		struct sonde_buf out = { bytes, 0, sizeof bytes };
		memset(text + start, '0', n);
		int err = sonde_list_parse(&out, list, text, (size_t)start + n, NULL);
		assert_int_equal(err, over ? SONDE_E_RANGE : 0);
		assert_true(over || sonde_get(bytes, list->length) == sonde_place_max(list->length));
	}
}

/* An item with nothing in it, of the type that has the row. */
static void start_item(struct sonde_rows *r, const struct sonde_list *list, const struct sonde_when *when)
{
	memset(room, 0, list->head);
	r->len = list->head;
	r->written = 0;
	assert_int_equal(sonde_rows_start(r), 0);
	if (when->test == SONDE_IS)
		assert_int_equal(sonde_rows_set(r, when->place, when->base + (unsigned)__builtin_ctzll(when->mask)), 0);
}

/* A row of an item and the number that counts it. */
static void check_item_row(const struct sonde_list *list, const struct sonde_item *item, const struct sonde_field *f)
{
	sonde_place place = sonde_sizing_place(f);
	struct sonde_slot slots[SONDE_MAX_ROWS];
	uint32_t good = 0, bad = MOST;
	struct sonde_rows r = { .fields = item->fields, .deciding = sonde_deciding_rows(item->fields), .data = room,
				.room = sizeof room, .full = SONDE_E_SPACE };
	while (bad - good > 1) {
		uint32_t middle = good + (bad - good) / 2;
		start_item(&r, list, &f->when);
		int err = sonde_rows_set_bytes(&r, f->place, sonde_view(zeros, middle));
		if (err && err != SONDE_E_RANGE)
			fail_msg("%s %s: %s", item->name, f->name, sonde_strerror(err));
		*(err ? &bad : &good) = middle;
	}
	start_item(&r, list, &f->when);
	assert_int_equal(sonde_rows_set_bytes(&r, f->place, sonde_view(zeros, good)), 0);
	sonde_layout(slots, item->fields, room, r.len);
	assert_int_equal(sonde_slot_get(room, sonde_slot_of(place, slots)), sonde_place_max(place));
}

/* Lists may hold lists of their own kind. */
static void check_list(const struct sonde_list *list, unsigned depth)
{
	if (SONDE_WIDTH(list->length) && SONDE_WIDTH(list->length) <= 16)
		check_item_length(list);
	for (const struct sonde_item *item = list->items; item->name; item++)
		for (const struct sonde_field *f = item->fields; f && f->name; f++) {
			if (sonde_sizing_place(f) && SONDE_WIDTH(sonde_sizing_place(f)) <= 16)
				check_item_row(list, item, f);
			if (f->shape == SONDE_LIST && depth < 3)
				check_list(f->list, depth + 1);
		}
}

static void items_have_limits(void **state)
{
	const struct sonde_proto *proto = *state;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (f->shape == SONDE_LIST)
			check_list(f->list, 0);
}

/* --- What is told ------------------------------------------------------------------------------------------------ */

static int push_tcp_with_44(struct sonde_packet *p)
{
	sonde_packet_init(p, room, sizeof room);
	assert_int_equal(sonde_push(p, &sonde_ip), 0);
	assert_int_equal(sonde_push(p, &sonde_tcp), 1);
	return sonde_set_bytes(p, 1, SONDE_TCP_OPTIONS, sonde_view(zeros, 44));
}

static void the_message_names_layer_field_limit_and_document(void **state)
{
	struct sonde_packet p;
	struct sonde_error e;
	struct sonde_template t;
	(void)state;
	assert_int_equal(push_tcp_with_44(&p), 0);
	assert_int_equal(sonde_finish(&p), SONDE_E_RANGE);
	assert_int_equal(sonde_check_fit(&p, &e), SONDE_E_RANGE);
	assert_int_equal(e.code, SONDE_E_RANGE);
	assert_int_equal(e.layer, 2);
	assert_string_equal(e.what,
			    "tcp offset: header length in 4-byte words, at most 15 (RFC 9293): this packet needs more");
	assert_int_equal(sonde_template_freeze(&t, &p, zeros + 2048, 1024), SONDE_E_RANGE);
}

static void what_is_written_stays(void **state)
{
	struct sonde_packet p;
	(void)state;
	assert_int_equal(push_tcp_with_44(&p), 0);
	assert_int_equal(sonde_set(&p, 1, SONDE_TCP_OFFSET, 5), 0);
	assert_int_equal(sonde_finish(&p), 0);
	assert_int_equal(sonde_check_fit(&p, NULL), 0);
	assert_int_equal(sonde_get(sonde_layer_header(&p, 1), SONDE_TCP_OFFSET), 5);
}

/* Once it fits, nothing is left of the refusal. */
static void a_packet_is_finished_again(void **state)
{
	struct sonde_packet p;
	(void)state;
	assert_int_equal(push_tcp_with_44(&p), 0);
	assert_int_equal(sonde_finish(&p), SONDE_E_RANGE);
	assert_int_equal(sonde_set_bytes(&p, 1, SONDE_TCP_OPTIONS, sonde_view(zeros, 40)), 0);
	assert_int_equal(sonde_finish(&p), 0);
	assert_int_equal(sonde_check_fit(&p, NULL), 0);
}

int main(void)
{
	static struct unit u;
	static char names[2][256][64];
	unsigned n = 0;
	for (const struct sonde_proto *const *p = sonde_protos; *p && n < 256; p++, n++) {
		snprintf(names[0][n], sizeof names[0][n], "%s: limits of its fields", (*p)->name);
		unit_add(&u, names[0][n], limits_hold, *p);
		snprintf(names[1][n], sizeof names[1][n], "%s: limits of its items", (*p)->name);
		unit_add(&u, names[1][n], items_have_limits, *p);
	}
	UNIT_TEST(&u, fields_that_follow_are_found);
	UNIT_TEST(&u, the_message_names_layer_field_limit_and_document);
	UNIT_TEST(&u, what_is_written_stays);
	UNIT_TEST(&u, a_packet_is_finished_again);
	return unit_run(&u, "packet_fit");
}
