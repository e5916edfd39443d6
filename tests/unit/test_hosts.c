/* Sets of addresses as spans. */
#include "probe/hosts.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static struct sonde_addr addr(const char *text)
{
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), 0);
	return a;
}

static struct sonde_span span(const char *first, uint64_t n)
{
	return (struct sonde_span){ .first = addr(first), .n = n };
}

/* What the spans are: "10.0.0.1+3 10.0.1.0+1". */
static void is(const struct sonde_span *spans, uint32_t n, const char *want)
{
	char text[1024] = "", a[SONDE_ADDR_STRLEN];
	size_t len = 0;
	for (uint32_t i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s+%llu", i ? " " : "",
					sonde_addr_format(a, &spans[i].first), (unsigned long long)spans[i].n);
	assert_string_equal(text, want);
}

static void arranged(void **state)
{
	struct sonde_span s[8] = { span("10.0.0.9", 2),  span("fd00::1", 3), span("10.0.0.1", 4),
				   span("10.0.0.3", 10), span("10.0.0.1", 1), span("fd00::4", 1),
				   span("10.0.0.20", 1), span("9.255.255.255", 1) };
	(void)state;
	is(s, sonde_spans_arrange(s, 8), "9.255.255.255+1 10.0.0.1+12 10.0.0.20+1 fd00::1+4");
	/* Each order of three gives the same. */
	static const uint8_t orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 },
					      { 1, 2, 0 }, { 2, 0, 1 }, { 2, 1, 0 } };
	for (unsigned i = 0; i < 6; i++) {
		const struct sonde_span three[3] = { span("10.0.0.0", 256), span("10.0.1.0", 256),
						     span("10.0.3.0", 1) };
		for (unsigned k = 0; k < 3; k++)
			s[k] = three[orders[i][k]];
		is(s, sonde_spans_arrange(s, 3), "10.0.0.0+512 10.0.3.0+1");
	}
}

static void excluded(void **state)
{
	static const struct {
		const char *first;
		uint64_t n;
		const char *left;
	} rows[] = {
		{ "10.0.0.10", 10, "10.0.0.30+5" },
		{ "10.0.0.10", 1, "10.0.0.11+9 10.0.0.30+5" },
		{ "10.0.0.19", 1, "10.0.0.10+9 10.0.0.30+5" },
		{ "10.0.0.12", 3, "10.0.0.10+2 10.0.0.15+5 10.0.0.30+5" },
		{ "10.0.0.0", 12, "10.0.0.12+8 10.0.0.30+5" },
		{ "10.0.0.18", 14, "10.0.0.10+8 10.0.0.32+3" },
		{ "10.0.0.0", 256, "" },
		{ "10.0.0.20", 10, "10.0.0.10+10 10.0.0.30+5" },
		{ "9.0.0.0", 4, "10.0.0.10+10 10.0.0.30+5" },
		{ "fd00::", 1000, "10.0.0.10+10 10.0.0.30+5" },
		{ "0.0.0.0", 1ull << 32, "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct sonde_span s[4] = { span("10.0.0.10", 10), span("10.0.0.30", 5) };
		struct sonde_span out = span(rows[i].first, rows[i].n);
		is(s, sonde_spans_exclude(s, 2, &out), rows[i].left);
	}
}

static void found(void **state)
{
	struct sonde_span s[4] = { span("10.0.0.250", 10), span("10.1.0.0", 65536), span("fd00::ffff", 3),
				   span("192.0.2.7", 1) };
	struct sonde_hosts h;
	(void)state;
	assert_true(sonde_hosts_init(&h, s, sonde_spans_arrange(s, 4)));
	assert_int_equal(h.n, 10 + 65536 + 3 + 1);
	for (uint64_t i = 0; i < h.n; i++) {
		struct sonde_addr a = sonde_hosts_at(&h, i);
		assert_int_equal(sonde_hosts_find(&h, &a), i);
	}
	static const char *const outside[] = { "10.0.0.249", "10.0.1.4", "10.0.255.255", "10.2.0.0", "192.0.2.6",
					       "192.0.2.8",  "fd00::fffe", "fd00::1:2", "255.255.255.255", "::" };
	for (size_t i = 0; i < sizeof outside / sizeof *outside; i++) {
		struct sonde_addr a = addr(outside[i]);
		assert_int_equal(sonde_hosts_find(&h, &a), h.n);
	}
}

static void too_many(void **state)
{
	struct sonde_span s[2] = { span("fd00::", UINT64_MAX), span("fd01::", 2) };
	struct sonde_hosts h;
	(void)state;
	assert_false(sonde_hosts_init(&h, s, 2));
}

/* Headers carry no zone: the interface is known by where a frame came in. */
static void link_local(void **state)
{
	struct sonde_span s[3] = { span("fe80::1", 1), span("2001:db8::1", 1), span("fe80::1", 1) };
	struct sonde_hosts h;
	struct sonde_addr a = addr("fe80::1"), other = addr("2001:db8::1"), group = addr("ff02::1");
	(void)state;
	s[0].first.scope = 3;
	s[2].first.scope = 2;
	assert_true(sonde_hosts_init(&h, s, sonde_spans_arrange(s, 3)));
	assert_int_equal(h.n, 3);
	assert_int_equal(sonde_hosts_find(&h, &other), 0);
	assert_int_equal(sonde_hosts_find(&h, &a), 1);
	assert_int_equal(sonde_hosts_find(&h, &group), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arranged), cmocka_unit_test(excluded),   cmocka_unit_test(found),
		cmocka_unit_test(too_many), cmocka_unit_test(link_local),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
