/* Sets: how many packets a text stands for, which is packet k, and what is random. */
#include "packet/spec.h"

#include <stdio.h>
#include <stdlib.h>

#include "packet/notation.h"
#include "proto/ip.h"
#include "proto/tcp.h"

#include "tests/unit/wire.h"

static void parse(struct sonde_spec *spec, const char *text)
{
	struct sonde_error e = { 0 };
	if (sonde_notation_parse(spec, text, strlen(text), NULL, &e))
		fail_msg("%s: %s", text, e.what);
}

static void build(struct sonde_packet *p, uint8_t *buffer, const struct sonde_spec *spec, uint64_t k, uint64_t seed,
		  bool zip)
{
	struct sonde_error e = { 0 };
	sonde_packet_init(p, buffer, WIRE_MAX);
	if (sonde_spec_packet(p, spec, k, seed, zip, &e))
		fail_msg("%s", e.what);
	sonde_finish(p);
}

/* --- How many ---------------------------------------------------------------------------------------------------- */

static const struct count_row {
	const char *name, *text;
	uint64_t count, zipped;
} counts[] = {
	{ "count: one", "ip dst=10.0.0.1 / tcp", 1, 1 },
	{ "count: a range", "ip ttl=1-30", 30, 30 },
	{ "count: steps", "ip ttl=1-30:5", 6, 6 },
	{ "count: a step that ends on the last", "ip ttl=1-31:5", 7, 7 },
	{ "count: a step over the range", "ip ttl=1-30:100", 1, 1 },
	{ "count: a list", "tcp dport=22,80,443", 3, 3 },
	{ "count: twice the same", "tcp dport=22,22", 2, 2 },
	{ "count: ranges and values", "tcp dport=22,80-89,443", 12, 12 },
	{ "count: a product", "ip ttl=1-3 / tcp dport=1,2 flags=S,A,FPU,0", 24, 4 },
	{ "count: a prefix", "ip dst=10.0.0.0/24", 256, 256 },
	{ "count: a prefix of one", "ip dst=10.0.0.9/32", 1, 1 },
	{ "count: all of IPv4", "ip dst=0.0.0.0/0", UINT64_C(1) << 32, UINT64_C(1) << 32 },
	{ "count: addresses from, to", "ip dst=10.0.0.250-10.0.1.5", 12, 12 },
	{ "count: a prefix of IPv6", "ip6 dst=2001:db8::/66", UINT64_C(1) << 62, UINT64_C(1) << 62 },
	{ "count: more than 64 bits", "ip6 dst=2001:db8::/64", UINT64_MAX, UINT64_MAX },
	{ "count: all of IPv6", "ip6 dst=::/0", UINT64_MAX, UINT64_MAX },
	{ "count: a product over 64 bits", "ip dst=0.0.0.0/0 src=0.0.0.0/0 ttl=1-9", UINT64_MAX, UINT64_C(1) << 32 },
	{ "count: all numbers of a field", "tcp seq=0-4294967295", UINT64_C(1) << 32, UINT64_C(1) << 32 },
	{ "count: random is one", "ip ttl=random src=random:10.0.0.1-10.0.0.9", 1, 1 },
	{ "count: a pattern is one", "ip ttl=5- dst=10.0.0.0/8 / tcp dport!=1-9 flags=+S", 1, 1 },
	{ "count: MAC addresses", "ether dst=02:00:00:00:00:00-02:00:00:00:01:00", 257, 257 },
};

static void count(void **state)
{
	const struct count_row *row = *state;
	struct sonde_spec spec = { 0 };
	parse(&spec, row->text);
	assert_int_equal(sonde_spec_count(&spec, false), row->count);
	assert_int_equal(sonde_spec_count(&spec, true), row->zipped);
	sonde_spec_free(&spec);
}

/* --- Which ------------------------------------------------------------------------------------------------------- */

/* Packet k of a text is the packet of another. */
static const struct which_row {
	const char *name, *text;
	uint64_t k;
	bool zip;
	const char *same;
} whiches[] = {
	{ "which: the first", "ip ttl=1-3 / tcp dport=1,2", 0, false, "ip ttl=1 / tcp dport=1" },
	{ "which: the rightmost varies fastest", "ip ttl=1-3 / tcp dport=1,2", 1, false, "ip ttl=1 / tcp dport=2" },
	{ "which: then the next", "ip ttl=1-3 / tcp dport=1,2", 2, false, "ip ttl=2 / tcp dport=1" },
	{ "which: the last", "ip ttl=1-3 / tcp dport=1,2", 5, false, "ip ttl=3 / tcp dport=2" },
	{ "which: and around", "ip ttl=1-3 / tcp dport=1,2", 6, false, "ip ttl=1 / tcp dport=1" },
	{ "which: as written, not as in the header", "tcp dport=1,2 sport=5,6,7", 4, false, "tcp dport=2 sport=6" },
	{ "which: in step", "ip ttl=1-3 / tcp dport=1,2", 1, true, "ip ttl=2 / tcp dport=2" },
	{ "which: in step, the shorter around", "ip ttl=1-3 / tcp dport=1,2", 2, true, "ip ttl=3 / tcp dport=1" },
	{ "which: by steps", "ip ttl=1-30:7", 3, false, "ip ttl=22" },
	{ "which: behind a range", "tcp dport=22,80-89,443", 11, false, "tcp dport=443" },
	{ "which: in a range", "tcp dport=22,80-89,443", 10, false, "tcp dport=89" },
	{ "which: a prefix starts at its first", "ip dst=10.0.0.77/30", 0, false, "ip dst=10.0.0.76" },
	{ "which: and ends at its last", "ip dst=10.0.0.77/30", 3, false, "ip dst=10.0.0.79" },
	{ "which: addresses carry", "ip dst=10.0.0.250-10.0.1.5", 7, false, "ip dst=10.0.1.1" },
	{ "which: far into IPv6", "ip6 dst=2001:db8::/32", UINT64_MAX - 1, false,
	  "ip6 dst=2001:db8::ffff:ffff:ffff:fffe" },
	{ "which: deep in a product", "ip dst=10.0.0.0/8 / tcp dport=0-65535", (UINT64_C(5) << 16) + 7, false,
	  "ip dst=10.0.0.5 / tcp dport=7" },
	{ "which: flags", "tcp flags=S,A,FPU", 2, false, "tcp flags=FPU" },
	{ "which: names", "icmp type=echo,info code=0,1", 2, false, "icmp type=info code=0" },
	{ "which: objects", "icmp type=timxceed,unreach objects=mpls:1/0/1/1 / ip", 1, false,
	  "icmp type=unreach objects=mpls:1/0/1/1 / ip" },
};

static void which(void **state)
{
	const struct which_row *row = *state;
	uint8_t a[WIRE_MAX], b[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_packet p, q;
	parse(&spec, row->text);
	build(&p, a, &spec, row->k, 1, row->zip);
	wire_build(&q, b, row->same);
	wire_equal(p.data, p.len, q.data, q.len);
	sonde_spec_free(&spec);
}

static void all_are_different_and_all_there(void **state)
{
	enum { N = 4 * 3 * 5 };
	static uint8_t seen[4][3][5];
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	(void)state;
	parse(&spec, "ip dst=10.0.0.0/30 ttl=7,9,11 / tcp dport=100-108:2");
	assert_int_equal(sonde_spec_count(&spec, false), N);
	for (uint64_t k = 0; k < N; k++) {
		struct sonde_packet p;
		build(&p, buffer, &spec, k, 1, false);
		unsigned dst = p.data[19], ttl = (p.data[8] - 7u) / 2, port = (p.data[23] - 100u) / 2;
		assert_true(dst < 4 && ttl < 3 && port < 5);
		assert_int_equal(seen[dst][ttl][port]++, 0);
	}
	sonde_spec_free(&spec);
}

/* --- Random ------------------------------------------------------------------------------------------------------ */

static uint64_t id_of(const struct sonde_spec *spec, uint64_t k, uint64_t seed)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	build(&p, buffer, spec, k, seed, false);
	return sonde_get(p.data, SONDE_IP_ID);
}

static void random_follows_from_seed_and_number(void **state)
{
	struct sonde_spec spec = { 0 }, other = { 0 };
	unsigned alike_seed = 0, alike_number = 0;
	(void)state;
	parse(&spec, "ip id=random tos=random dst=random / tcp sport=random");
	parse(&other, "ip tos=1 id=random");
	for (uint64_t k = 0; k < 100; k++) {
		assert_int_equal(id_of(&spec, k, 5), id_of(&spec, k, 5));
		alike_seed += id_of(&spec, k, 5) == id_of(&spec, k, 6);
		alike_number += id_of(&spec, k, 5) == id_of(&spec, k + 1, 5);
	}
	assert_true(alike_seed < 3 && alike_number < 3);
	assert_int_not_equal(id_of(&spec, 1, 5), id_of(&other, 1, 5));
	sonde_spec_free(&spec);
	sonde_spec_free(&other);
}

static void random_fields_differ_from_each_other(void **state)
{
	struct sonde_spec spec = { 0 };
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	parse(&spec, "ip src=random dst=random / tcp seq=random ack=random / random:8 random:8");
	build(&p, buffer, &spec, 3, 1, false);
	assert_memory_not_equal(p.data + 12, p.data + 16, 4);
	assert_memory_not_equal(p.data + 24, p.data + 28, 4);
	assert_memory_not_equal(p.data + 40, p.data + 48, 8);
	sonde_spec_free(&spec);
}

static void random_stays_in_its_range(void **state)
{
	struct sonde_spec spec = { 0 };
	uint8_t buffer[WIRE_MAX];
	bool seen[9] = { false };
	(void)state;
	parse(&spec, "ip ttl=random:5-8 dst=random:10.0.0.0/29 / tcp dport=random:7");
	for (uint64_t k = 0; k < 300; k++) {
		struct sonde_packet p;
		build(&p, buffer, &spec, k, 1, false);
		unsigned ttl = p.data[8];
		assert_true(ttl >= 5 && ttl <= 8 && p.data[19] < 8 && p.data[16] == 10);
		assert_int_equal(sonde_get(p.data + 20, SONDE_TCP_DPORT), 7);
		seen[ttl] = true;
	}
	assert_true(seen[5] && seen[6] && seen[7] && seen[8]);
	sonde_spec_free(&spec);
}

static void random_reaches_all_bits(void **state)
{
	struct sonde_spec spec = { 0 };
	uint8_t buffer[WIRE_MAX], any[16] = { 0 }, all[16];
	(void)state;
	memset(all, 0xff, sizeof all);
	parse(&spec, "ip6 dst=random");
	for (uint64_t k = 0; k < 200; k++) {
		struct sonde_packet p;
		build(&p, buffer, &spec, k, 1, false);
		for (int i = 0; i < 16; i++) {
			any[i] |= p.data[24 + i];
			all[i] &= p.data[24 + i];
		}
	}
	for (int i = 0; i < 16; i++)
		assert_true(any[i] == 0xff && all[i] == 0);
	sonde_spec_free(&spec);
}

/* --- Patterns ---------------------------------------------------------------------------------------------------- */

static const struct pattern_row {
	const char *name, *text;
	bool negated;
	enum sonde_spec_type type;
	unsigned n;
	uint64_t first, last; /* of the last range */
} patterns[] = {
	{ "pattern: an open end", "tcp dport=1024-", false, SONDE_SPEC_SET, 1, 1024, 65535 },
	{ "pattern: an open start", "ip ttl=-5", false, SONDE_SPEC_SET, 1, 0, 5 },
	{ "pattern: an open end behind others", "tcp dport=22,80-90,1024-", false, SONDE_SPEC_SET, 3, 1024, 65535 },
	{ "pattern: addresses up to the last", "ip dst=10.0.0.0-", false, SONDE_SPEC_SET, 1, 0x0a000000, 0xffffffff },
	{ "pattern: a name with an open end", "tcp dport=ssh-", false, SONDE_SPEC_SET, 1, 22, 65535 },
	{ "pattern: another value", "tcp dport!=80", true, SONDE_SPEC_SET, 1, 80, 80 },
	{ "pattern: none of a range", "tcp dport!=-1023", true, SONDE_SPEC_SET, 1, 0, 1023 },
	{ "pattern: flags set and clear", "tcp flags=+SP-AR", false, SONDE_SPEC_FLAGS, 1, 0x0a, 0x14 },
	{ "pattern: flags set, none clear", "tcp flags=+S", false, SONDE_SPEC_FLAGS, 1, 2, 0 },
	{ "pattern: words", "ip flags=-DF+MF", false, SONDE_SPEC_FLAGS, 1, 1, 2 },
	{ "pattern: not these flags", "tcp flags!=-S", true, SONDE_SPEC_FLAGS, 1, 0, 2 },
	{ "pattern: another than the builder's", "tcp checksum!=auto", true, SONDE_SPEC_AUTO, 0, 0, 0 },
};

static void is_kept(void **state)
{
	const struct pattern_row *row = *state;
	struct sonde_spec spec = { 0 };
	parse(&spec, row->text);
	assert_true(spec.is_pattern);
	assert_int_equal(spec.n_fields, 1);
	const struct sonde_spec_field *f = &spec.fields[0];
	assert_int_equal(f->negated, row->negated);
	assert_int_equal(f->type, row->type);
	assert_int_equal(f->n, row->n);
	if (f->n) {
		const struct sonde_spec_range *r = &spec.ranges[f->start + f->n - 1];
		assert_true(r->first == row->first && r->last == row->last);
	}
	sonde_spec_free(&spec);
}

/* --- Memory ------------------------------------------------------------------------------------------------------ */

static void a_spec_is_used_again(void **state)
{
	struct sonde_spec spec = { 0 };
	(void)state;
	parse(&spec, "ip dst=10.0.0.0/24 ttl=1-9 options=ra / udp / text:abc");
	parse(&spec, "frame wire=99 / ip6");
	assert_int_equal(spec.n_layers, 1);
	assert_int_equal(spec.n_fields + spec.n_ranges + spec.n_data + spec.n_bytes, 0);
	assert_true(spec.frame.has_wire);
	parse(&spec, "tcp win=5-");
	assert_true(spec.is_pattern && !spec.frame.has_wire);
	parse(&spec, "tcp");
	assert_false(spec.is_pattern);
	sonde_spec_free(&spec);
	assert_null(spec.fields);
}

static void a_long_text_is_read(void **state)
{
	enum { N = 5000 };
	char *text = malloc(N * 6 + 20);
	struct sonde_spec spec = { 0 };
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	size_t len = 0;
	(void)state;
	assert_non_null(text);
	len += (size_t)sprintf(text, "udp dport=0");
	for (unsigned i = 1; i < N; i++)
		len += (size_t)sprintf(text + len, ",%u", i);
	parse(&spec, text);
	assert_int_equal(sonde_spec_count(&spec, false), N);
	build(&p, buffer, &spec, N - 1, 1, false);
	assert_int_equal(sonde_get(p.data, SONDE_FIELD(0, 16, 16)), N - 1);
	free(text);
	sonde_spec_free(&spec);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, count, counts);
	UNIT_ROWS(&u, which, whiches);
	UNIT_ROWS(&u, is_kept, patterns);
	UNIT_TEST(&u, all_are_different_and_all_there);
	UNIT_TEST(&u, random_follows_from_seed_and_number);
	UNIT_TEST(&u, random_fields_differ_from_each_other);
	UNIT_TEST(&u, random_stays_in_its_range);
	UNIT_TEST(&u, random_reaches_all_bits);
	UNIT_TEST(&u, a_spec_is_used_again);
	UNIT_TEST(&u, a_long_text_is_read);
	return unit_run(&u, "spec");
}
