/* What holds for the description of every protocol in the registry, whoever wrote it. */
#include <stdio.h>

#include "proto/layout.h"
#include "packet/packet.h"
#include "proto/names.h"

#include "tests/unit/unit.h"

#define ROUNDS 400
#define HAVE   256 /* bytes of the random headers */

/* --- Rows -------------------------------------------------------------------------------------------------------- */

/* Whether a place is a row's, or some bits of one. */
static bool names_a_row(const struct sonde_field *rows, sonde_place place)
{
	for (const struct sonde_field *f = rows; f->name; f++)
		if (SONDE_FIRST(place) >= SONDE_FIRST(f->place) &&
		    SONDE_FIRST(place) + SONDE_WIDTH(place) <= SONDE_FIRST(f->place) + SONDE_WIDTH(f->place))
			return true;
	return false;
}

static void check_shape(const struct sonde_field *f)
{
	unsigned width = SONDE_WIDTH(f->place), first = SONDE_FIRST(f->place);
	if (f->shape == SONDE_SCALAR)
		assert_in_range(width, 1, 64);
	if (f->shape == SONDE_BYTES)
		assert_true(width % 8 == 0 && (first == SONDE_NEXT || first % 8 == 0));
	if (f->shape == SONDE_LIST)
		assert_true(width == 0 && f->list);
	if (f->kind && f->kind->flags)
		assert_non_null(f->names);
	if (f->kind == &sonde_kind_named)
		assert_true(f->names || f->space);
	if (f->value && width < 64)
		assert_int_equal(f->value >> width, 0);
}

/* Rows of a header, or of an item whose head holds numbers of its own. */
static void check_rows(const struct sonde_field *rows, unsigned head)
{
	unsigned n = 0;
	for (const struct sonde_field *f = rows; f->name; f++, n++) {
		assert_int_equal(SONDE_ROW(f->place), n);
		assert_non_null(f->help);
		check_shape(f);
		if (sonde_sizing_place(f))
			assert_true(names_a_row(rows, sonde_sizing_place(f)) ||
				    SONDE_END(sonde_sizing_place(f)) <= head * 8);
		if (f->names_by)
			assert_true(names_a_row(rows, f->names_by));
		if (f->when.test)
			assert_true(names_a_row(rows, f->when.place));
		if (f->and_when.test)
			assert_true(f->when.test && names_a_row(rows, f->and_when.place));
	}
	assert_true(n < SONDE_MAX_ROWS);
}

static void places_and_rows_agree(void **state)
{
	const struct sonde_proto *proto = *state;
	check_rows(proto->fields, 0);
	if (SONDE_WIDTH(proto->next))
		assert_true(names_a_row(proto->fields, proto->next));
	if (proto->checksum) {
		assert_true(names_a_row(proto->fields, proto->checksum_place));
		assert_ptr_equal(proto->fields[SONDE_ROW(proto->checksum_place)].kind, &sonde_kind_hex);
	}
	if (proto->declared && SONDE_WIDTH(proto->length_place))
		assert_true(names_a_row(proto->fields, proto->length_place));
	assert_int_equal(SONDE_WIDTH(proto->src_place), SONDE_WIDTH(proto->dst_place));
}

static const struct sonde_field *first_of_name(const struct sonde_field *rows, const char *name)
{
	while (strcmp(rows->name, name) != 0)
		rows++;
	return rows;
}

/* Rows of one name are told apart by the message, not by the writer: they read and write as the first does. */
static void a_name_means_one_thing(void **state)
{
	const struct sonde_proto *proto = *state;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		const struct sonde_field *first = first_of_name(proto->fields, f->name);
		assert_int_equal(f->shape, first->shape);
		assert_ptr_equal(f->kind, first->kind);
		assert_ptr_equal(f->names, first->names);
		assert_ptr_equal(f->list, first->list);
		assert_true(SONDE_WIDTH(f->place) <= SONDE_WIDTH(first->place));
	}
}

static bool is_word_of_the_notation(const char *name, size_t len)
{
	static const char words[] = "frame have gaps auto partial default wait";
	return sonde_word_in(words, name, len);
}

/* Of data, which stands where a field or a layer may; a field has = behind its name where they have a colon. */
static bool is_data(const char *name, size_t len)
{
	static const char words[] = "text hex zero random file cut";
	return sonde_word_in(words, name, len);
}

/* An alias is no other row's name and no other row's alias, the rows of the trailer among them. */
static void check_alias(const struct sonde_field *rows, const struct sonde_field *owner, const char *word, size_t len)
{
	for (const struct sonde_field *f = rows; f->name; f++) {
		if (strcmp(f->name, owner->name) == 0)
			continue;
		assert_false(strlen(f->name) == len && memcmp(f->name, word, len) == 0);
		assert_false(sonde_word_in(f->alias, word, len));
	}
}

static void aliases_do_not_collide(void **state)
{
	const struct sonde_proto *proto = *state;
	const struct sonde_proto *trailer =
		proto->trailer ? sonde_proto_by_id(SONDE_SPACE_TRAILER, proto->trailer) : NULL;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		assert_false(is_word_of_the_notation(f->name, strlen(f->name)));
		for (const char *word = f->alias; word && *word;
		     word += strcspn(word, " "), word += strspn(word, " ")) {
			check_alias(proto->fields, f, word, strcspn(word, " "));
			if (trailer)
				check_alias(trailer->fields, f, word, strcspn(word, " "));
		}
		for (const struct sonde_field *t = trailer ? trailer->fields : NULL; t && t->name; t++)
			assert_string_not_equal(t->name, f->name);
	}
}

/* --- Bits -------------------------------------------------------------------------------------------------------- */

/* A header of random bytes, half of the time with few bits set, so that small types and lengths come up. */
static void random_header(uint8_t header[static HAVE], uint64_t *random, unsigned round)
{
	for (unsigned i = 0; i < HAVE; i++)
		header[i] =
			(uint8_t)(round & 1 ? unit_random(random) : unit_random(random) & unit_random(random) & 0x0f);
	header[0] = (uint8_t)round;
}

static void count_bits(uint8_t counts[static HAVE * 8], const struct sonde_proto *proto, const uint8_t *header,
		       uint32_t len)
{
	struct sonde_slot slots[SONDE_MAX_ROWS];
	unsigned n = sonde_layout(slots, proto->fields, header, len);
	memset(counts, 0, HAVE * 8);
	for (unsigned i = 0; i < n; i++) {
		struct sonde_view gap = sonde_gap_before(proto->fields, slots, i, header);
		for (uint32_t bit = 0; bit < gap.len * 8; bit++)
			counts[(gap.data - header) * 8 + bit]++;
		for (uint32_t bit = 0; slots[i].there && !proto->fields[i].view && bit < slots[i].width; bit++)
			counts[slots[i].first + bit]++;
	}
}

/* What a builder writes and a printer shows: each bit of a header once, whatever kind of message it is. */
static void every_bit_is_in_one_row(void **state)
{
	const struct sonde_proto *proto = *state;
	uint8_t header[HAVE], counts[HAVE * 8];
	uint64_t random = 5;
	for (unsigned round = 0; round < ROUNDS; round++) {
		random_header(header, &random, round);
		uint32_t len = proto->measure ? proto->measure(header, HAVE) : proto->min_len;
		if (len > HAVE)
			continue;
		count_bits(counts, proto, header, len);
		for (uint32_t bit = 0; bit < len * 8; bit++)
			if (counts[bit] != 1)
				fail_msg("%s: bit %u of a header of type %u is in %u rows", proto->name, bit, header[0],
					 counts[bit]);
	}
}

static void views_show_other_rows(void **state)
{
	const struct sonde_proto *proto = *state;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		bool covered = false;
		for (const struct sonde_field *r = proto->fields; r->name; r++)
			covered |= !r->view && SONDE_FIRST(r->place) <= SONDE_FIRST(f->place) &&
				   SONDE_FIRST(r->place) + SONDE_WIDTH(r->place) >=
					   SONDE_FIRST(f->place) + SONDE_WIDTH(f->place);
		assert_true(!f->view || covered);
	}
}

/* The shortest header has room for every row that is always there, and an empty one is as long as readers take it. */
static void lengths_agree(void **state)
{
	const struct sonde_proto *proto = *state;
	uint8_t buffer[HAVE];
	struct sonde_packet p;
	uint32_t end = 0;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		if (!f->when.test && !f->tail && SONDE_FIRST(f->place) != SONDE_NEXT &&
		    SONDE_FIRST(f->place) + SONDE_WIDTH(f->place) > end)
			end = SONDE_FIRST(f->place) + SONDE_WIDTH(f->place);
	assert_true(end <= proto->min_len * 8);
	assert_true(proto->varies || !proto->fields[0].name || end == proto->min_len * 8);
	sonde_packet_init(&p, buffer, sizeof buffer);
	bool trailing = sonde_number_in(proto, SONDE_SPACE_TRAILER, 0) || sonde_number_in(proto, SONDE_SPACE_DATA, 0);
	if (trailing)
		return;
	assert_int_equal(sonde_push(&p, proto), 0);
	sonde_finish(&p);
	assert_true(p.len >= proto->min_len && p.len == p.layers[0].header_len);
	assert_int_equal(proto->measure ? proto->measure(buffer, p.len) : proto->min_len, p.len);
}

/* --- Lists and names --------------------------------------------------------------------------------------------- */

static bool is_plain(const char *name, const char *refused)
{
	return name[0] && strcspn(name, refused) == strlen(name) && strspn(name, "0123456789") < strlen(name);
}

/* Arguments of fixed places are parts of the item of their own; what takes the rest stands behind them. */
static void check_arguments(const struct sonde_field *rows)
{
	assert_non_null(rows->name);
	for (const struct sonde_field *a = rows; a->name; a++)
		for (const struct sonde_field *b = rows; b->name && !a->when.test; b++) {
			uint32_t first = SONDE_FIRST(a->place),
				 end = SONDE_FIRST(b->place) + (b->repeat ? 0 : SONDE_WIDTH(b->place));
			if (a != b && first != SONDE_NEXT && SONDE_FIRST(b->place) != SONDE_NEXT &&
			    SONDE_FIRST(b->place) <= first)
				assert_true(end <= first);
		}
}

static void check_item(const struct sonde_list *list, const struct sonde_item *item)
{
	assert_true(!SONDE_WIDTH(list->kind) || is_plain(item->name, " :,.+/=@\""));
	for (const struct sonde_item *other = item + 1; other->name; other++) {
		uint32_t mask = other->kind_mask ? other->kind_mask : UINT32_MAX;
		assert_string_not_equal(other->name, item->name);
		assert_true((other->kind ^ item->kind) & mask);
	}
	if (!item->fields)
		return;
	check_rows(item->fields, list->head);
	check_arguments(item->fields);
}

static void lists_are_sound(void **state)
{
	const struct sonde_proto *proto = *state;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		const struct sonde_list *list = f->list;
		if (!list)
			continue;
		assert_true(list->fill == SONDE_FILL_NONE || (list->list_align > 0 && list->list_align <= 8));
		assert_true(SONDE_WIDTH(list->kind) || (list->items[0].name && !list->items[1].name));
		assert_true(SONDE_WIDTH(list->kind) <= list->head * 8u && SONDE_WIDTH(list->length) <= list->head * 8u);
		for (const struct sonde_item *item = list->items; item->name; item++)
			check_item(list, item);
	}
}

/* A name is a word of its own, and has one value among those it stands beside. */
static void check_names(const struct sonde_field *f)
{
	for (const struct sonde_name *a = f->names; a && a->name; a++) {
		bool dashes = f->kind == &sonde_kind_named || f->kind == &sonde_kind_code;
		assert_true(is_plain(a->name, dashes ? " ,:+/=@\"" : " ,:+/=@\"-"));
		assert_true(f->kind != &sonde_kind_letters || strlen(a->name) == 1);
		uint32_t value = f->names_by ? a->value & 0xff : a->value;
		assert_true(SONDE_WIDTH(f->place) >= 32 || value >> SONDE_WIDTH(f->place) == 0);
		for (const struct sonde_name *b = a + 1; b->name; b++)
			if (!f->names_by || a->value >> 8 == b->value >> 8)
				assert_string_not_equal(a->name, b->name);
	}
}

static void names_are_words(void **state)
{
	const struct sonde_proto *proto = *state;
	for (const struct sonde_field *f = proto->fields; f->name; f++) {
		check_names(f);
		for (const struct sonde_item *item = f->list ? f->list->items : NULL; item && item->name; item++)
			for (const struct sonde_field *arg = item->fields; arg && arg->name; arg++)
				check_names(arg);
	}
}

/* --- The registry ------------------------------------------------------------------------------------------------ */

static void protocols_have_their_own_names(void **state)
{
	(void)state;
	for (const struct sonde_proto *const *a = sonde_protos; *a; a++) {
		assert_false(is_word_of_the_notation((*a)->name, strlen((*a)->name)));
		assert_false(is_data((*a)->name, strlen((*a)->name)));
		assert_true((*a)->title && (*a)->source && is_plain((*a)->name, " :,.+/=@\"-"));
		assert_ptr_equal(sonde_proto_by_name((*a)->name, strlen((*a)->name)), *a);
		for (const char *word = (*a)->alias; word && *word;
		     word += strcspn(word, " "), word += strspn(word, " "))
			assert_ptr_equal(sonde_proto_by_name(word, strcspn(word, " ")), *a);
	}
}

static bool has_id(const struct sonde_proto *proto, const struct sonde_id *wanted)
{
	for (const struct sonde_id *id = proto->ids; id < proto->ids + SONDE_MAX_IDS && id->space; id++)
		if (id->space == wanted->space && id->number == wanted->number)
			return true;
	return false;
}

/* Where several protocols share a number, all but the last look at the bytes; the last gets what is left. */
static void shared_numbers_are_told_apart(void **state)
{
	(void)state;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (const struct sonde_id *id = (*p)->ids; id < (*p)->ids + SONDE_MAX_IDS && id->space; id++)
			for (const struct sonde_proto *const *earlier = sonde_protos; earlier < p; earlier++)
				assert_true(!has_id(*earlier, id) || (*earlier)->claims || (*earlier)->heuristic);
}

static const struct {
	const char *name;
	CMUnitTestFunction test;
} properties[] = {
	{ "places and rows agree", places_and_rows_agree },
	{ "a name means one thing", a_name_means_one_thing },
	{ "aliases do not collide", aliases_do_not_collide },
	{ "every bit is in one row", every_bit_is_in_one_row },
	{ "views show other rows", views_show_other_rows },
	{ "lengths agree", lengths_agree },
	{ "lists are sound", lists_are_sound },
	{ "names are words", names_are_words },
};

int main(void)
{
	static struct unit u;
	static char names[1024][64];
	unsigned n = 0;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (size_t i = 0; i < sizeof properties / sizeof *properties && n < 1024; i++, n++) {
			snprintf(names[n], sizeof names[n], "%s: %s", (*p)->name, properties[i].name);
			unit_add(&u, names[n], properties[i].test, *p);
		}
	UNIT_TEST(&u, protocols_have_their_own_names);
	UNIT_TEST(&u, shared_numbers_are_told_apart);
	return unit_run(&u, "packet_rows");
}
