/* Fragments that come in: in order and not, twice, too late, over one another. */
#include "packet/reassemble.h"

#include <errno.h>

#include "base/text.h"

#include "tests/unit/wire.h"

#define KEY ((struct sonde_key){ 1, 2 })
#define MAX_STEPS 8

enum { NONE = SONDE_REASSEMBLY_NONE, WAITING = SONDE_REASSEMBLY_WAITING, DONE = SONDE_REASSEMBLY_DONE,
  DROPPED = SONDE_REASSEMBLY_DROPPED };

#define F4(id, more, at, data) "ip src=10.0.0.1 dst=10.0.0.2 proto=udp id=" id " flags=" more " offset=" at " / " data
#define F6(id, more, at, data) "ip6 src=::1 dst=::2 / fragment next=200 id=" id " m=" more " offset=" at " / " data

#define E4(tos, more, at, data)                                                                                        \
	"ip tos=" tos " src=10.0.0.1 dst=10.0.0.2 proto=udp id=7 flags=" more " offset=" at " / " data
#define E6(class, more, at, data)                                                                                      \
	"ip6 tclass=" class " src=::1 dst=::2 / fragment next=200 id=7 m=" more " offset=" at " / " data

static const struct step_row {
	const char *name;
	struct {
		const char *text;
		int result;
		uint32_t ms; /* when */
	} steps[MAX_STEPS];
	const char *whole; /* of the last that is done */
	struct sonde_reassembly_counts counts;
} flows[] = {
	{ "together: no fragment", { { "ip dst=10.0.0.1 / zero:8", NONE, 0 }, { "ip6 dst=::1 / zero:8", NONE, 0 },
	  { "hex:00", NONE, 0 } }, NULL, { 0 } },
	{ "together: in order", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7", "0", "1", "text:89"),
	  DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:0123456789", { .fragments = 2, .done = 1 } },
	{ "together: the last first", { { F6("7", "0", "1", "text:89"), WAITING, 0 }, { F6("7", "1", "0",
	  "text:01234567"), DONE, 0 } },
	  "ip6 src=::1 dst=::2 next=200 / text:0123456789", { .fragments = 2, .done = 1 } },
	{ "together: the last is missing", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7", "MF", "1",
	  "text:89abcdef"), WAITING, 0 } },
	  NULL, { .fragments = 2 } },
	{ "together: duplicates", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7", "MF", "0",
	  "text:01234567"), DROPPED, 0 },
	    { F4("7", "0", "2", "text:g"), WAITING, 0 }, { F4("7", "0", "2", "text:g"), DROPPED, 0 }, { F4("7", "MF",
	      "1", "text:89abcdef"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:0123456789abcdefg", { .fragments = 5, .done = 1,
	    .duplicates = 2 } },
	{ "together: an overlap drops all that was and will come", { { F6("7", "1", "0", "text:0123456789abcdef"),
	  WAITING, 0 },
	    { F6("7", "1", "1", "text:89abcdef"), DROPPED, 0 }, { F6("7", "0", "2", "text:g"), DROPPED, 0 } },
	  NULL, { .fragments = 3, .overlaps = 1, .late = 1 } },
	{ "together: another text in the same place", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7",
	  "MF", "0", "text:0123456x"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .overlaps = 1 } },
	{ "together: two as one", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7", "MF", "1",
	  "text:89abcdef"), WAITING, 0 },
	    { F4("7", "MF", "0", "text:0123456789abcdef"), DROPPED, 0 } }, NULL, { .fragments = 3, .overlaps = 1 } },
	{ "together: the beginning of one", { { F4("7", "MF", "0", "text:0123456789abcdef"), WAITING, 0 }, { F4("7",
	  "MF", "0", "text:01234567"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .overlaps = 1 } },
	{ "together: the same bytes, as the last", { { F4("7", "MF", "1", "text:01234567"), WAITING, 0 }, { F4("7", "0",
	  "1", "text:01234567"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .overlaps = 1 } },
	{ "together: two ends", { { F4("7", "0", "3", "text:x"), WAITING, 0 }, { F4("7", "0", "1", "text:x"), DROPPED,
	  0 } },
	  NULL, { .fragments = 2, .malformed = 1 } },
	{ "together: data behind the end", { { F4("7", "0", "1", "text:x"), WAITING, 0 }, { F4("7", "MF", "3",
	  "text:01234567"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .malformed = 1 } },
	{ "together: an end before data", { { F4("7", "MF", "3", "text:01234567"), WAITING, 0 }, { F4("7", "0", "1",
	  "text:x"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .malformed = 1 } },
	{ "together: an odd length alone is dropped", { { F4("7", "MF", "0", "text:0123456"), DROPPED, 0 }, { F4("7",
	  "MF", "0", "text:01234567"), WAITING, 0 },
	    { F4("7", "0", "1", "text:8"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:012345678", { .fragments = 3, .done = 1,
	    .malformed = 1 } },
	{ "together: no data", { { F4("7", "0", "1", "hex:"), DROPPED, 0 }, { F6("7", "1", "0", "hex:"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .malformed = 2 } },
	{ "together: not captured whole", { { "frame wire=100 / " F4("7", "MF", "0", "text:01234567"), DROPPED, 0 } },
	  NULL, { .fragments = 1, .truncated = 1 } },
	/* Ping of death: 65528 + 8 bytes behind the header. */
	{ "together: longer than any packet", { { F4("7", "0", "8191", "text:01234567"), DROPPED, 0 } }, NULL,
	  { .fragments = 1, .too_long = 1 } },
	{ "together: longer with its header", { { F4("7", "0", "8189", "text:0123"), DROPPED, 0 }, { F4("7", "MF", "0",
	  "text:01234567"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .too_long = 1, .late = 1 } },
	{ "together: longer with the options of the first", { { F4("7", "0", "8189", "text:0"), WAITING, 0 },
	    { "ip src=10.0.0.1 dst=10.0.0.2 proto=udp id=7 flags=MF options=ra:0 / text:01234567", DROPPED, 0 } }, NULL,
	      { .fragments = 2, .too_long = 1 } },
	{ "together: longer with the options of the first, which came first",
	  { { "ip src=10.0.0.1 dst=10.0.0.2 proto=udp id=7 flags=MF options=ra:0 / text:01234567", WAITING, 0 },
	    { F4("7", "0", "8189", "text:0"), DROPPED, 0 } },
	  NULL, { .fragments = 2, .too_long = 1 } },
	{ "together: as long as can be in ip6", { { F6("7", "0", "8191", "text:0123456"), WAITING, 0 }, { F6("7", "1",
	  "0", "text:01234567"), WAITING, 0 } },
	  NULL, { .fragments = 2 } },
	{ "together: longer with the headers of the first", { { F6("7", "0", "8191", "text:0123456"), WAITING, 0 },
	    { "ip6 src=::1 dst=::2 / hopopts options=ra:0 / fragment next=200 id=7 m=1 / text:01234567", DROPPED, 0 } },
	      NULL, { .fragments = 2, .too_long = 1 } },
	{ "together: more headers than there is room for",
	  { { "ip6 dst=::2 / hopopts options=padn:253,padn:253,padn:253,padn:253,padn:253,padn:253,padn:253,padn:253 "
	    "/ fragment m=1 / text:01234567", DROPPED, 0 } },
	  NULL, { .fragments = 1, .malformed = 1 } },
	{ "together: a duplicate among others", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("7", "MF",
	  "1", "text:89abcdef"), WAITING, 0 },
	    { F4("7", "MF", "0", "text:01234567"), DROPPED, 0 }, { F4("7", "0", "2", "text:g"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:0123456789abcdefg", { .fragments = 4, .done = 1,
	    .duplicates = 1 } },
	{ "together: the room of what was dropped is free", { { F4("1", "MF", "0", "text:01234567"), WAITING, 0 },
	  { F4("1", "MF", "0", "text:x1234567"), DROPPED, 0 },
	    { F4("2", "MF", "0", "text:01234567"), WAITING, 1 }, { F4("3", "MF", "0", "text:01234567"), WAITING, 2 },
	      { F4("4", "MF", "0", "text:01234567"), WAITING, 3 } },
	  NULL, { .fragments = 5, .overlaps = 1, .evicted = 1 } },
	{ "together: too late", { { F6("7", "1", "0", "text:01234567"), WAITING, 0 }, { F6("7", "0", "1", "text:8"),
	  WAITING, 1000 } },
	  NULL, { .fragments = 2, .timeouts = 1 } },
	{ "together: in time", { { F6("7", "1", "0", "text:01234567"), WAITING, 0 }, { F6("7", "0", "1", "text:8"),
	  DONE, 999 } },
	  "ip6 src=::1 dst=::2 next=200 / text:012345678", { .fragments = 2, .done = 1 } },
	{ "together: a drop ends in time, too", { { F6("7", "1", "0", "text:01234567"), WAITING, 0 }, { F6("7", "1",
	  "0", "text:x1234567"), DROPPED, 1 },
	    { F6("7", "1", "0", "text:01234567"), DROPPED, 999 }, { F6("7", "1", "0", "text:01234567"), WAITING, 1000 },
	      { F6("7", "0", "1", "text:8"), DONE, 1500 } },
	  "ip6 src=::1 dst=::2 next=200 / text:012345678", { .fragments = 5, .overlaps = 1, .late = 1, .done = 1 } },
	{ "together: by address, id and protocol", { { F4("7", "MF", "0", "text:01234567"), WAITING, 0 }, { F4("8", "0",
	  "1", "text:8"), WAITING, 0 },
	    { "ip src=10.0.0.1 dst=10.0.0.2 proto=tcp id=7 offset=1 / text:8", WAITING, 0 },
	      { "ip src=10.0.0.9 dst=10.0.0.2 proto=udp id=7 offset=1 / text:8", WAITING, 0 },
	    { F4("7", "0", "1", "text:9"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:012345679", { .fragments = 5, .done = 1 } },
	{ "together: the first says what is next", { { "ip6 src=::1 dst=::2 / fragment next=99 id=7 offset=1 / text:8",
	  WAITING, 0 }, { F6("7", "1", "0", "text:01234567"), DONE, 0 } },
	  "ip6 src=::1 dst=::2 next=200 / text:012345678", { .fragments = 2, .done = 1 } },
	{ "together: a fragment that is whole disturbs nobody", { { F6("7", "1", "0", "text:01234567"), WAITING, 0 },
	  { F6("7", "0", "0", "text:abc"), DONE, 0 },
	    { F6("7", "0", "1", "text:8"), DONE, 0 } },
	  "ip6 src=::1 dst=::2 next=200 / text:012345678", { .fragments = 3, .done = 2 } },
	{ "together: a whole fragment without data", { { F6("7", "0", "0", "hex:"), DONE, 0 } },
	  "ip6 src=::1 dst=::2 next=200", { .fragments = 1, .done = 1 } },
	{ "together: what is before the first counts", { { "ether dst=02:00:00:00:00:01 / " F4("7", "MF", "0",
	  "text:01234567"), WAITING, 0 },
	    { "ether dst=02:00:00:00:00:99 / vlan / " F4("7", "0", "1", "text:8"), DONE, 0 } },
	  "ether dst=02:00:00:00:00:01 / ip src=10.0.0.1 dst=10.0.0.2 id=7 proto=udp / text:012345678",
	    { .fragments = 2, .done = 1 } },
	{ "together: with options and headers of the first", { { F6("7", "0", "1", "text:8"), WAITING, 0 },
	    { "ip6 src=::1 dst=::2 / hopopts options=ra:0 / fragment next=200 id=7 m=1 / text:01234567", DONE, 0 } },
	  "ip6 src=::1 dst=::2 / hopopts options=ra:0 next=200 / text:012345678", { .fragments = 2, .done = 1 } },
	/* RFC 3168, 5.3. tos and tclass: 1 and 2 ECN-capable, 3 congestion experienced. */
	{ "together: congestion that a fragment experienced is the packet's",
	  { { E4("2", "MF", "0", "text:01234567"), WAITING, 0 }, { E4("3", "MF", "1", "text:89abcdef"), WAITING, 0 },
	    { E4("2", "0", "2", "text:g"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 tos=3 id=7 proto=udp / text:0123456789abcdefg", { .fragments = 3, .done = 1 } },
	{ "together: likewise over IPv6",
	  { { E6("3", "1", "0", "text:01234567"), WAITING, 0 }, { E6("1", "0", "1", "text:8"), DONE, 0 } },
	  "ip6 tclass=3 src=::1 dst=::2 next=200 / text:012345678", { .fragments = 2, .done = 1 } },
	{ "together: congestion beside a fragment that cannot tell of it",
	  { { E4("0", "MF", "0", "text:01234567"), WAITING, 0 }, { E4("3", "0", "1", "text:8"), DROPPED, 0 },
	    { E4("0", "0", "1", "text:8"), DROPPED, 0 } },
	  NULL, { .fragments = 3, .ecn = 1, .late = 1 } },
	{ "together: without congestion, as the first", { { E4("1", "MF", "0", "text:01234567"), WAITING, 0 },
	    { E4("2", "0", "1", "text:8"), DONE, 0 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 tos=1 id=7 proto=udp / text:012345678", { .fragments = 2, .done = 1 } },
	{ "together: a third takes the room of the first", { { F4("1", "MF", "0", "text:01234567"), WAITING, 0 },
	  { F4("2", "MF", "0", "text:01234567"), WAITING, 1 },
	    { F4("3", "MF", "0", "text:01234567"), WAITING, 2 }, { F4("2", "0", "1", "text:8"), DONE, 3 }, { F4("1",
	      "0", "1", "text:8"), WAITING, 4 },
	    { F4("3", "0", "1", "text:9"), DONE, 5 } },
	  "ip src=10.0.0.1 dst=10.0.0.2 id=3 proto=udp / text:012345679", { .fragments = 6, .done = 2, .evicted = 1 } },
};

static void expect_counts(const struct sonde_reassembly_counts *got, const struct sonde_reassembly_counts *want)
{
	assert_int_equal(got->fragments, want->fragments);
	assert_int_equal(got->done, want->done);
	assert_int_equal(got->duplicates, want->duplicates);
	assert_int_equal(got->late, want->late);
	assert_int_equal(got->malformed, want->malformed);
	assert_int_equal(got->truncated, want->truncated);
	assert_int_equal(got->overlaps, want->overlaps);
	assert_int_equal(got->too_long, want->too_long);
	assert_int_equal(got->ecn, want->ecn);
	assert_int_equal(got->timeouts, want->timeouts);
	assert_int_equal(got->evicted, want->evicted);
}

static void flow(void **state)
{
	const struct step_row *row = *state;
	uint8_t built[WIRE_MAX];
	struct sonde_reassembler r;
	struct sonde_view out = { 0 };
	/* Room for four, or for two where room is what matters. */
	assert_int_equal(sonde_reassembler_init(&r, row->counts.evicted ? 2 : 4, SONDE_S, KEY), 0);
	for (int i = 0; i < MAX_STEPS && row->steps[i].text; i++) {
		struct sonde_packet p;
		struct sonde_view whole;
		wire_build(&p, built, row->steps[i].text);
		int result = (int)sonde_reassemble(&whole, &r, &p, row->steps[i].ms * SONDE_MS);
		if (result != row->steps[i].result)
			fail_msg("step %d: %d, not %d", i + 1, result, row->steps[i].result);
		if (result == DONE)
			out = whole;
	}
	if (row->whole) {
		struct sonde_packet want;
		wire_build(&want, built, row->whole);
		wire_equal(out.data, out.len, want.data, want.len);
	}
	expect_counts(&r.counts, &row->counts);
	sonde_reassembler_free(&r);
}

static void a_reassembler_has_bounds(void **state)
{
	struct sonde_reassembler r;
	(void)state;
	assert_int_equal(sonde_reassembler_init(&r, 0, SONDE_S, KEY), -EINVAL);
	assert_int_equal(sonde_reassembler_init(&r, 65537, SONDE_S, KEY), -EINVAL);
	sonde_reassembler_free(&r);
}

/* Whatever comes, the lists inside hold, and time empties them. */
static void any_fragments_end(void **state)
{
	uint8_t built[WIRE_MAX];
	char text[200];
	struct sonde_reassembler r;
	uint64_t random = 9;
	sonde_time now = 0;
	(void)state;
	assert_int_equal(sonde_reassembler_init(&r, 7, SONDE_S, KEY), 0);
	for (int i = 0; i < 20000; i++) {
		uint64_t v = unit_random(&random);
		struct sonde_packet p;
		struct sonde_view out;
		struct sonde_text t = sonde_text(text, sizeof text);
		sonde_text_fmt(&t, v & 1 ? "ip src=10.0.0.1 dst=10.0.0.2 id=%u flags=%u offset=%u / zero:%u"
					 : "ip6 src=::1 dst=::2 / fragment id=%u m=%u offset=%u / zero:%u",
			       (unsigned)(v >> 8 & 15), (unsigned)(v >> 12 & 1), (unsigned)(v >> 16 & 7),
			         (unsigned)(v >> 20 & 3) * 8);
		wire_build(&p, built, text);
		/* Now and then a long pause. */
		now += v >> 32 & 31 ? SONDE_MS : 2 * SONDE_S;
		sonde_reassemble(&out, &r, &p, now);
	}
	assert_true(r.counts.done > 100 && r.counts.evicted > 100);
	assert_true(r.counts.timeouts > 100 && r.counts.overlaps > 100);
	sonde_reassembler_expire(&r, INT64_MAX / 2);
	assert_int_equal(r.oldest, 0);
	assert_int_equal(r.newest, 0);
	for (uint32_t i = 0; i < r.n_buckets; i++)
		assert_int_equal(r.buckets[i], 0);
	sonde_reassembler_free(&r);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, flow, flows);
	UNIT_TEST(&u, a_reassembler_has_bounds);
	UNIT_TEST(&u, any_fragments_end);
	return unit_run(&u, "reassemble");
}
