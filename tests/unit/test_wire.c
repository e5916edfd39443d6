#include "unit.h"

#include <stdlib.h>

#include "tools/lab/impair.h"
#include "tools/lab/wheel.h"

/* --- Classes ----------------------------------------------------------------------------------------------------- */

#define MACS       "\0\0\0\0\0\0\0\0\0\0\0\0"
#define IP4(proto) "\x45\0\0\x1c\0\0\0\0\x40" proto "\0\0\x0a\0\0\1\x0a\0\0\2"
#define IP6(next)                                                                                                      \
	"\x60\0\0\0\0\x08" next "\x40"                                                                                 \
	"0123456789abcdef"                                                                                             \
	"0123456789abcdef"
#define TCP(flags) "\0\x50\0\x50\0\0\0\0\0\0\0\0\x50" flags
#define EXT(next) next "\0\0\0\0\0\0\0"

static const struct class_row {
	const char *name, *bytes;
	size_t len;
	unsigned class;
} classes[] = {
#define ROW(name, bytes, class)                                                                                        \
	{                                                                                                              \
		name, bytes, sizeof(bytes) - 1, class                                                                  \
	}
	ROW("class of TCP", MACS "\x08\0" IP4("\x06"), 6),
	ROW("class of a SYN", MACS "\x08\0" IP4("\x06") TCP("\x02"), 1280 + 2),
	ROW("class of a SYN+ACK", MACS "\x08\0" IP4("\x06") TCP("\x12"), 1280 + 18),
	ROW("class of a SYN with ECN", MACS "\x08\0" IP4("\x06") TCP("\xc2"), 1280 + 2),
	ROW("class of TCP data", MACS "\x08\0" IP4("\x06") TCP("\x18"), 1280 + 16),
	ROW("class of a RST over IPv6", MACS "\x86\xdd" IP6("\x06") TCP("\x04"), 1312 + 4),
	ROW("class of an echo request", MACS "\x08\0" IP4("\x01") "\x08\0", 256 + 8),
	ROW("class of a later fragment of ICMP",
	    MACS "\x08\0\x45\0\0\x1c\0\0\0\x09\x40\x01\0\0\x0a\0\0\1\x0a\0\0\2\x08\0", 1),
	ROW("class of ICMP behind options",
	    MACS "\x08\0\x46\0\0\x1c\0\0\0\0\x40\x01\0\0\x0a\0\0\1\x0a\0\0\2\1\1\1\1\x0b\0", 256 + 11),
	ROW("class of ICMP that is cut off", MACS "\x08\0" IP4("\x01"), 1),
	ROW("class of UDP over IPv6", MACS "\x86\xdd" IP6("\x11"), 512 + 17),
	ROW("class of neighbour discovery", MACS "\x86\xdd" IP6("\x3a") "\x87\0", 768 + 135),
	ROW("class of an MLD report behind hop-by-hop options", MACS "\x86\xdd" IP6("\0") EXT("\x3a") "\x8f\0",
	    768 + 143),
	ROW("class of extension headers that are cut off", MACS "\x86\xdd" IP6("\0") "\x3a", 512),
	ROW("class of ARP", MACS "\x08\x06\0\1", 1024 + (0x08 ^ 0x06)),
	ROW("class of TCP in a VLAN", MACS "\x81\0\0\x07\x08\0" IP4("\x06"), 6),
	ROW("class of TCP in two VLANs", MACS "\x88\xa8\0\x07\x81\0\0\x07\x08\0" IP4("\x06"), 6),
	ROW("class of half a frame", MACS, 1024),
	ROW("class of a short IPv4 header", MACS "\x08\0\x45", 0),
#undef ROW
};

static void has_class(void **state)
{
	const struct class_row *row = *state;

	assert_int_equal(impair_class(sonde_view(row->bytes, row->len)), row->class);
	for (size_t len = 0; len < row->len; len++) {
		uint8_t *cut = malloc(len ? len : 1);
		memcpy(cut, row->bytes, len);
		assert_true(impair_class(sonde_view(cut, len)) < IMPAIR_CLASSES);
		free(cut);
	}
}

/* --- Fates ------------------------------------------------------------------------------------------------------- */

#define MANY 100000

static void a_result_depends_on_nothing_else(void **state)
{
	const struct lab_impairment i = { .delay_ns = SONDE_MS,
					  .jitter_ns = SONDE_MS,
					  .loss_ppm = 500000,
					  .duplicate_ppm = 500000,
					  .reorder_ppm = 500000 };
	unsigned differ[4] = { 0 };

	(void)state;
	for (uint64_t n = 0; n < 1000; n++) {
		struct impair_result a, b[5];
		impair_decide(&a, &i, 7, 1, 264, n);
		impair_decide(&b[4], &i, 7, 1, 264, n);
		assert_memory_equal(&a, &b[4], sizeof(a));
		impair_decide(&b[0], &i, 8, 1, 264, n);
		impair_decide(&b[1], &i, 7, 2, 264, n);
		impair_decide(&b[2], &i, 7, 1, 265, n);
		impair_decide(&b[3], &i, 7, 1, 264, n + 1);
		for (unsigned k = 0; k < 4; k++)
			differ[k] += a.lost != b[k].lost;
	}
	for (unsigned k = 0; k < 4; k++)
		assert_in_range(differ[k], 400, 600);
}

static void shares_are_kept(void **state)
{
	const struct lab_impairment i = { .loss_ppm = 50000, .duplicate_ppm = 20000, .reorder_ppm = 10000 };
	unsigned lost = 0, twice = 0, held = 0;

	(void)state;
	for (uint64_t n = 0; n < MANY; n++) {
		struct impair_result f;
		impair_decide(&f, &i, 1, 0, 0, n);
		assert_int_equal(f.n == 0, f.lost);
		lost += f.lost;
		twice += f.n == 2;
		held += f.held_back[0];
	}
	assert_in_range(lost, 4700, 5300);
	assert_in_range(twice, 1700, 2100);
	assert_in_range(held, 850, 1050);
}

static void jitter_is_within_bounds(void **state)
{
	const struct lab_impairment i = { .delay_ns = 5 * SONDE_MS, .jitter_ns = SONDE_MS };
	const struct lab_impairment wide = { .delay_ns = SONDE_MS, .jitter_ns = 5 * SONDE_MS };
	sonde_time least = INT64_MAX, most = 0;
	unsigned zero = 0;

	(void)state;
	for (uint64_t n = 0; n < 10000; n++) {
		struct impair_result f;
		impair_decide(&f, &i, 1, 0, 0, n);
		least = f.delay_ns[0] < least ? f.delay_ns[0] : least;
		most = f.delay_ns[0] > most ? f.delay_ns[0] : most;
		impair_decide(&f, &wide, 1, 0, 0, n);
		assert_true(f.delay_ns[0] >= 0 && f.delay_ns[0] <= 6 * SONDE_MS);
		zero += f.delay_ns[0] == 0;
	}
	assert_in_range(least, 4 * SONDE_MS, 4 * SONDE_MS + 10 * SONDE_US);
	assert_in_range(most, 6 * SONDE_MS - 10 * SONDE_US, 6 * SONDE_MS);
	assert_in_range(zero, 3600, 4400);
}

static void only_what_is_held_back_is_overtaken(void **state)
{
	struct impair_queue q = { 0 };

	(void)state;
	assert_int_equal(impair_due(&q, 1000, 500, false), 1500);
	assert_int_equal(impair_due(&q, 1001, 100, false), 1500);
	assert_int_equal(impair_due(&q, 1002, 600, true), 1602 + SONDE_MS);
	assert_int_equal(impair_due(&q, 1003, 600, false), 1603);
	assert_int_equal(impair_due(&q, 1004, 5 * SONDE_MS, true), 1004 + 10 * SONDE_MS);
}

static void a_rate_takes_its_time(void **state)
{
	const struct lab_impairment slow = { .rate_bps = 8000000 }, none = { 0 }; /* a byte takes a microsecond */
	struct impair_queue q = { 0 };
	unsigned n = 0;

	(void)state;
	assert_true(impair_enqueue(&q, &slow, 1000, 1000));
	assert_int_equal(impair_due(&q, 1000, 7, false), 1000 + SONDE_MS + 7);
	assert_true(impair_enqueue(&q, &slow, 1000, 500));
	assert_int_equal(impair_due(&q, 1000, 0, false), 1000 + 1500 * SONDE_US);
	assert_true(impair_enqueue(&q, &slow, 5 * SONDE_MS, 1000));
	assert_int_equal(impair_due(&q, 5 * SONDE_MS, 0, false), 6 * SONDE_MS);
	/* 65536 bytes may wait, and one frame more. */
	while (impair_enqueue(&q, &slow, 6 * SONDE_MS, 1000))
		n++;
	assert_int_equal(n, 66);
	assert_true(impair_enqueue(&q, &none, 6 * SONDE_MS, 1000));
}

/* --- The wheel --------------------------------------------------------------------------------------------------- */

#define ITEMS 20000
#define TICK  (INT64_C(1) << WHEEL_TICK_BITS)

static struct wheel wheel;
static struct wheel_item items[ITEMS];

/* Against times that span three turns of the wheel, with new items coming in between: each once, never early, at most a
 * tick late when asked every tick, and in the order of their ticks. */
static void items_come_out_at_their_time(void **state)
{
	static sonde_time due[ITEMS];
	static bool taken[ITEMS];
	uint64_t random = 1;
	sonde_time now = 12345678901, span = 3 * WHEEL_SLOTS * TICK;
	uint32_t added = 0, n = 0;

	(void)state;
	wheel_init(&wheel, items, now);
	while (n < ITEMS) {
		for (int i = 0; i < 3 && added < ITEMS; i++, added++) {
			due[added] = now + (sonde_time)(unit_random(&random) % (uint64_t)span);
			wheel_add(&wheel, added, due[added]);
		}
		sonde_time next = wheel_next(&wheel);
		now = added < ITEMS ? now + TICK / 2 : next > now ? next : now;
		for (uint32_t item; (item = wheel_take(&wheel, now)) != WHEEL_NONE; n++) {
			assert_false(taken[item]);
			taken[item] = true;
			assert_true(due[item] <= now);
			assert_true(now - due[item] < 2 * TICK);
		}
	}
	assert_int_equal(wheel.n, 0);
	assert_true(wheel_next(&wheel) == INT64_MAX);
	assert_int_equal(wheel_take(&wheel, now + span), WHEEL_NONE);
}

static void items_of_a_tick_keep_their_order(void **state)
{
	(void)state;
	wheel_init(&wheel, items, 0);
	for (uint32_t i = 0; i < 100; i++)
		wheel_add(&wheel, i, 5 * TICK + i);
	assert_int_equal(wheel_take(&wheel, 5 * TICK + 99), WHEEL_NONE);
	assert_int_equal(wheel_next(&wheel), 6 * TICK);
	for (uint32_t i = 0; i < 100; i++)
		assert_int_equal(wheel_take(&wheel, 6 * TICK), i);
}

/* After a long pause all that is due comes out, the earlier before the later, though they share slots. */
static void a_pause_changes_no_order(void **state)
{
	const sonde_time turn = WHEEL_SLOTS * TICK;

	(void)state;
	wheel_init(&wheel, items, 0);
	wheel_add(&wheel, 2, 10 * TICK + turn);
	wheel_add(&wheel, 0, 10 * TICK);
	wheel_add(&wheel, 1, 11 * TICK);
	wheel_add(&wheel, 3, 9 * TICK + 2 * turn);
	for (uint32_t i = 0; i < 4; i++)
		assert_int_equal(wheel_take(&wheel, 5 * turn), i);
	wheel_add(&wheel, 5, 0);
	assert_int_equal(wheel_take(&wheel, 5 * turn + TICK), 5);
}

int main(void)
{
	static struct unit u;

	UNIT_ROWS(&u, has_class, classes);
	UNIT_TEST(&u, a_result_depends_on_nothing_else);
	UNIT_TEST(&u, shares_are_kept);
	UNIT_TEST(&u, jitter_is_within_bounds);
	UNIT_TEST(&u, only_what_is_held_back_is_overtaken);
	UNIT_TEST(&u, a_rate_takes_its_time);
	UNIT_TEST(&u, items_come_out_at_their_time);
	UNIT_TEST(&u, items_of_a_tick_keep_their_order);
	UNIT_TEST(&u, a_pause_changes_no_order);
	return unit_run(&u, "wire");
}
