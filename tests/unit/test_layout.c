/* Which rows a header has, and how long they are, out of a description that no protocol has: a row under two
 * conditions, each on a number of its own, and one that is sized by a number with a unit. */
#include "proto/describe.h"
#include "proto/layout.h"

#include "packet/packet.h"
#include "packet/template.h"

#include "tests/unit/unit.h"

#undef KIND
#define KIND  SONDE_FIELD(0, 0, 8)
#define SUB   SONDE_FIELD(1, 8, 8)
#define COUNT SONDE_FIELD(2, 16, 8)
#define OTHER SONDE_FIELD(3, 24, 8)
#define EXTRA SONDE_FIELD(4, SONDE_NEXT, 16)
#define WORDS SONDE_FIELD(5, SONDE_NEXT, 0)

static const struct sonde_field fields[] = {
	SCALAR("kind", KIND),
	SCALAR("sub", SUB),
	SCALAR("count", COUNT, .open = SONDE_COMPUTED),
	SCALAR("other", OTHER),
	SCALAR("extra", EXTRA, .when = SONDE_WHEN_IS(KIND, 0, 1 << 1), .and_when = SONDE_WHEN_IS(SUB, 0, 1 << 2)),
	BYTES("words", WORDS, .len_from = COUNT, .unit = 4, .plus = -1,
		.when = SONDE_WHEN_IS(KIND, 0, 1 << 3)),
	{ 0 },
};

static const struct sonde_proto proto = { .name = "layout", .fields = fields, .min_len = 4, .varies = true };

static int start(struct sonde_packet *p, uint8_t *buffer, uint32_t cap)
{
	sonde_packet_init(p, buffer, cap);
	int layer = sonde_push(p, &proto);
	assert_int_equal(layer, 0);
	return layer;
}

static void a_row_comes_with_its_second_condition(void **state)
{
	uint8_t buffer[64];
	struct sonde_packet p;
	int layer = start(&p, buffer, sizeof buffer);
	(void)state;
	assert_int_equal(sonde_set(&p, layer, KIND, 1), 0);
	assert_int_equal(p.len, 4);
	assert_int_equal(sonde_set(&p, layer, SUB, 2), 0);
	assert_int_equal(p.len, 6);
	assert_int_equal(sonde_set(&p, layer, EXTRA, 0x1234), 0);
	assert_memory_equal(p.data, "\1\2\0\0\x12\x34", 6);
	assert_int_equal(sonde_set(&p, layer, SUB, 3), 0);
	assert_int_equal(p.len, 4);
	assert_int_equal(p.payload_end, 4);
}

static void what_decides_rows_is_no_slot_of_a_template(void **state)
{
	uint8_t buffer[64], room[64];
	struct sonde_packet p;
	struct sonde_template t;
	int layer = start(&p, buffer, sizeof buffer);
	(void)state;
	sonde_finish(&p);
	assert_int_equal(sonde_template_freeze(&t, &p, room, sizeof room), 0);
	assert_int_equal(sonde_template_slot(&t, &p, layer, KIND), SONDE_E_KIND);
	assert_int_equal(sonde_template_slot(&t, &p, layer, SUB), SONDE_E_KIND);
	assert_int_equal(sonde_template_slot(&t, &p, layer, COUNT), SONDE_E_KIND);
	assert_int_equal(sonde_template_slot(&t, &p, layer, OTHER), 0);
}

/* The number says one word less than there are. */
static void a_number_follows_the_bytes_it_counts(void **state)
{
	static const uint8_t words[256 * 4 + 4];
	uint8_t buffer[2048];
	struct sonde_packet p;
	int layer = start(&p, buffer, sizeof buffer);
	(void)state;
	assert_int_equal(sonde_set(&p, layer, KIND, 3), 0);
	assert_int_equal(p.len, 8);
	for (uint32_t n = 1; n <= 256; n++) {
		assert_int_equal(sonde_set_bytes(&p, layer, WORDS, sonde_view(words, 4 * n)), 0);
		assert_int_equal(sonde_get(p.data, COUNT), n - 1);
		assert_int_equal(p.len, 4 + 4 * n);
		struct sonde_slot s = sonde_locate(fields, SONDE_ROW(WORDS), p.data, p.layers[layer].header_len);
		assert_true(s.there);
		assert_int_equal(s.width, 32 * n);
	}
	assert_int_equal(sonde_set_bytes(&p, layer, WORDS, sonde_view(words, sizeof words)), SONDE_E_RANGE);
	assert_int_equal(p.len, 4 + 4 * 256);
	assert_int_equal(sonde_get(p.data, COUNT), 255);
}

/* What does not fit leaves the packet as it was. */
static void a_number_stays_with_bytes_that_stay(void **state)
{
	static const uint8_t words[12];
	uint8_t buffer[12];
	struct sonde_packet p;
	int layer = start(&p, buffer, sizeof buffer);
	(void)state;
	assert_int_equal(sonde_set(&p, layer, KIND, 3), 0);
	assert_int_equal(sonde_set_bytes(&p, layer, WORDS, sonde_view(words, 8)), 0);
	assert_int_equal(sonde_set_bytes(&p, layer, WORDS, sonde_view(words, 12)), SONDE_E_SPACE);
	assert_int_equal(p.len, 12);
	assert_int_equal(sonde_get(p.data, COUNT), 1);
}

static void bytes_and_numbers_agree(void **state)
{
	static const uint8_t bytes[4 * 300 + 4];
	const struct sonde_field *words = &fields[SONDE_ROW(WORDS)];
	(void)state;
	for (unsigned n = 0; n < 300; n++) {
		assert_int_equal(sonde_count_by_number(words, n), 4 * n + 4);
		assert_int_equal(sonde_number_by_bytes(words, sonde_view(bytes, 4 * n + 4)), n);
	}
	assert_int_equal(sonde_number_by_bytes(words, sonde_view(bytes, 0)), 0);
}

int main(void)
{
	static struct unit u;
	UNIT_TEST(&u, a_row_comes_with_its_second_condition);
	UNIT_TEST(&u, what_decides_rows_is_no_slot_of_a_template);
	UNIT_TEST(&u, a_number_follows_the_bytes_it_counts);
	UNIT_TEST(&u, a_number_stays_with_bytes_that_stay);
	UNIT_TEST(&u, bytes_and_numbers_agree);
	return unit_run(&u, "layout");
}
