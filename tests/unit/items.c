#include "tests/unit/items.h"

#include "packet/list_text.h"

#include "tests/unit/unit.h"

void items_random_bytes(uint8_t *out, size_t len, uint64_t *random)
{
	unsigned style = (unsigned)(unit_random(random) % 3);
	for (size_t i = 0; i < len; i++) {
		uint64_t v = unit_random(random);
		out[i] = (uint8_t)(style == 0 ? v : style == 1 ? v & v >> 8 & 0x0f : v % 5 == 0 ? v >> 16 : 0);
	}
}

static struct sonde_view empty_of(const struct sonde_field *f)
{
	return f->text ? sonde_view(f->text, strlen(f->text)) : f->kind->empty;
}

/* Bytes that measure themselves as they should: what stands in random bytes, or nothing. */
static void print_random_measured(struct sonde_text *t, const struct sonde_field *f, uint64_t *random)
{
	uint8_t bytes[64];
	items_random_bytes(bytes, sizeof bytes, random);
	bytes[0] %= 16;
	size_t len = f->kind->measure(sonde_view(bytes, sizeof bytes));
	struct sonde_view v = len ? sonde_view(bytes, len) : empty_of(f);
	sonde_bytes_print(t, &(struct sonde_row_context){ .row = f }, v);
}

static void print_random_value(struct sonde_text *t, const struct sonde_field *f, uint64_t *random)
{
	uint8_t bytes[16];
	unsigned width = SONDE_WIDTH(f->place);
	items_random_bytes(bytes, sizeof bytes, random);
	if (f->kind == &sonde_kind_zeros)
		sonde_text_uint(t, unit_random(random) % 9);
	else if (f->kind && f->kind->measure)
		print_random_measured(t, f, random);
	else if (f->shape == SONDE_BYTES)
		sonde_bytes_print(t, &(struct sonde_row_context){ .row = f },
				  sonde_view(bytes, width ? width / 8 : 4 * (f->tail + unit_random(random) % 3)));
	else
		sonde_number_print(t, &(struct sonde_row_context){ .row = f },
			unit_random(random) & ~UINT64_C(0) >> (64 - width));
}

static void print_item(struct sonde_text *t, const struct sonde_list *list, const struct sonde_item *item,
		       uint64_t *random, unsigned depth);

/* In brackets, up to two items of a list, none where lists lie in lists; one that closes the list is the last. */
static void print_random_list(struct sonde_text *t, const struct sonde_list *list, uint64_t *random, unsigned depth,
			      unsigned least)
{
	unsigned n_kinds = 0;
	while (list->items[n_kinds].name)
		n_kinds++;
	sonde_text_char(t, '[');
	for (uint64_t n = n_kinds && depth < 3 ? least + unit_random(random) % 2 : least; n-- > 0;) {
		const struct sonde_item *item = &list->items[unit_random(random) % n_kinds];
		bool closes = list->has_end && item->kind == list->end;
		print_item(t, list, item, random, depth + 1);
		sonde_text_str(t, n && !closes ? "," : "");
		n = closes ? 0 : n;
	}
	sonde_text_char(t, ']');
}

static void print_item(struct sonde_text *t, const struct sonde_list *list, const struct sonde_item *item,
		       uint64_t *random, unsigned depth)
{
	const char *joint = item->name[0] ? ":" : "";
	sonde_text_str(t, item->name);
	for (const struct sonde_field *f = item->fields; f && f->name && !f->when.test && !f->named; f++) {
		bool brackets = (f->kind == &sonde_kind_ip6 || f->kind == &sonde_kind_mac) && f[1].name;
		if (!sonde_is_argument(list, item->fields, f))
			continue;
		sonde_text_str(t, joint);
		joint = ":";
		if (f->shape == SONDE_LIST) {
			print_random_list(t, f->list, random, depth, f->tail);
			continue;
		}
		sonde_text_str(t, brackets ? "[" : "");
		for (uint64_t n = f->repeat ? 1 + unit_random(random) % 3 : 1; n-- > 0;) {
			print_random_value(t, f, random);
			sonde_text_str(t, n ? "+" : "");
		}
		sonde_text_str(t, brackets ? "]" : "");
		if (f[1].name && !SONDE_WIDTH(f[1].place) && unit_random(random) % 4 == 0)
			return;
	}
}

void items_print_random(struct sonde_text *t, const struct sonde_list *list, const struct sonde_item *item,
			uint64_t *random)
{
	print_item(t, list, item, random, 0);
}
