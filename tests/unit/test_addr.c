#include "base/addr.h"

#include <arpa/inet.h>

#include "base/error.h"
#include "tests/unit/unit.h"

static const struct format_row {
	const char *name; /* as written */
	const char *text; /* as RFC 5952 writes it */
} formats[] = {
	/* RFC 5952, sections 1, 2 and 4. */
	{ "2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8::1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:0db8::1:0:0:1", "2001:db8::1:0:0:1" },
	{ "2001:db8:0:0:1::1", "2001:db8::1:0:0:1" },
	{ "2001:db8:0000:0:1::1", "2001:db8::1:0:0:1" },
	{ "2001:DB8:0:0:1::1", "2001:db8::1:0:0:1" },
	{ "2001:db8:aaaa:bbbb:cccc:dddd:eeee:0001", "2001:db8:aaaa:bbbb:cccc:dddd:eeee:1" },
	{ "2001:db8:aaaa:bbbb:cccc:dddd::1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1" },
	{ "2001:db8:aaaa:bbbb:cccc:dddd:0:1", "2001:db8:aaaa:bbbb:cccc:dddd:0:1" },
	{ "2001:db8:0:0:0::1", "2001:db8::1" },
	{ "2001:db8:0:0::1", "2001:db8::1" },
	{ "2001:db8:0::1", "2001:db8::1" },
	{ "2001:db8::1", "2001:db8::1" },
	{ "2001:db8::aaaa:0:0:1", "2001:db8::aaaa:0:0:1" },
	{ "2001:db8:0:0:aaaa::1", "2001:db8::aaaa:0:0:1" },
	{ "2001:db8::0:1", "2001:db8::1" },
	{ "2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1" },
	{ "2001:0:0:1:0:0:0:1", "2001:0:0:1::1" },
	{ "2001:DB8::ABCD", "2001:db8::abcd" },
	{ "::ffff:192.0.2.1", "::ffff:192.0.2.1" },
	{ "0:0:0:0:0:ffff:c000:0201", "::ffff:192.0.2.1" },
	/* RFC 4291, section 2.2. */
	{ "ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789" },
	{ "FF01:0:0:0:0:0:0:101", "ff01::101" },
	{ "0:0:0:0:0:0:0:1", "::1" },
	{ "0:0:0:0:0:0:0:0", "::" },
	{ "::", "::" },
	{ "0:0:0:0:0:0:13.1.68.3", "::d01:4403" },
	{ "::FFFF:129.144.52.38", "::ffff:129.144.52.38" },
	/* The ends. */
	{ "1::", "1::" },
	{ "1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0" },
	{ "::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8" },
	{ "1:2:3:4:5:6:7.8.9.10", "1:2:3:4:5:6:708:90a" },
	{ "1::7.8.9.10", "1::708:90a" },
	{ "64:ff9b::192.0.2.33", "64:ff9b::c000:221" },
	{ "::ffff:0:0", "::ffff:0.0.0.0" },
	{ "::fffe:c000:201", "::fffe:c000:201" },
	{ "0.0.0.0", "0.0.0.0" },
	{ "255.255.255.255", "255.255.255.255" },
	{ "10.0.0.2", "10.0.0.2" },
};

/* The C library reads the same bytes out of the text. */
static void format_of_row(void **state)
{
	const struct format_row *row = *state;
	struct sonde_addr a;
	char out[SONDE_ADDR_STRLEN];
	uint8_t theirs[16] = { 0 };
	memset(&a, 0x55, sizeof a);
	assert_int_equal(sonde_addr_parse(&a, NULL, row->name, strlen(row->name)), 0);
	assert_int_equal(inet_pton(a.family == SONDE_IP4 ? AF_INET : AF_INET6, row->name, theirs), 1);
	assert_memory_equal(a.bytes, theirs, 16);
	assert_int_equal(a.scope, 0);
	assert_string_equal(sonde_addr_format(out, &a), row->text);
}

static const struct bad_row {
	const char *name;
} bad_addrs[] = {
	{ "" },
	{ "." },
	{ ":" },
	{ "1" },
	{ "1.2.3" },
	{ "1.2.3." },
	{ ".1.2.3" },
	{ "1..2.3" },
	{ "1.2.3.4." },
	{ "1.2.3.4.5" },
	{ "256.0.0.1" },
	{ "1.2.3.256" },
	{ "1.2.3.4294967297" },
	{ "01.2.3.4" },
	{ "1.2.3.00" },
	{ "1.2.3.4 " },
	{ " 1.2.3.4" },
	{ "1.2.3.-4" },
	{ "0x1.2.3.4" },
	{ "1.2.3.a" },
	{ "1.2.3.4%lo" },
	{ "1,2,3,4" },
	{ ":::" },
	{ "1:::2" },
	{ "1::2::3" },
	{ ":1:2:3:4:5:6:7" },
	{ "1:2:3:4:5:6:7:" },
	{ ":1::2" },
	{ "1::2:" },
	{ "1:2:3:4:5:6:7" },
	{ "1:2:3:4:5:6:7:8:9" },
	{ "1:2:3:4::5:6:7:8" },
	{ "::1:2:3:4:5:6:7:8" },
	{ "1:2:3:4:5:6:7:8::" },
	{ "12345::" },
	{ "::00001" },
	{ "g::" },
	{ "::-1" },
	{ ":: 1" },
	{ "1:2:3:4:5:6:7:1.2.3.4" },
	{ "1:2:3:4:5:6:7::1.2.3.4" },
	{ "::1:2:3:4:5:6:7:1.2.3.4" },
	{ "::1:2:3:4:5:6:7:8:9" },
	{ "::1:2:3:4:5:6:7:8:9:1.2.3.4" },
	{ "1.2.3.4::" },
	{ "::1.2.3.4:5" },
	{ "::1.2.3" },
	{ "::1.2.3.256" },
	{ "::01.2.3.4" },
	{ "[::1]" },
	{ "::1/64" },
	{ "fe80::1%" },
	{ "%lo" },
	{ "%" },
	{ "fe80%eth0::1" },
};

static void bad_addr_of_row(void **state)
{
	const struct bad_row *row = *state;
	struct sonde_addr a;
	struct sonde_view zone;
	memset(&a, 0x55, sizeof a);
	struct sonde_addr before = a;
	assert_int_equal(sonde_addr_parse(&a, &zone, row->name, strlen(row->name)), SONDE_E_SYNTAX);
	assert_memory_equal(&a, &before, sizeof a);
}

static void zones_are_handed_back(void **state)
{
	struct sonde_addr a;
	struct sonde_view zone;
	const char *text = "fe80::1%eth0";
	(void)state;
	assert_int_equal(sonde_addr_parse(&a, &zone, text, strlen(text)), 0);
	assert_true(sonde_view_equal(zone, sonde_view("eth0", 4)));
	assert_int_equal(a.scope, 0);
	assert_int_equal(sonde_addr_parse(&a, NULL, text, strlen(text)), SONDE_E_SYNTAX);
	assert_int_equal(sonde_addr_parse(&a, &zone, text, 7), 0);
	assert_int_equal(zone.len, 0);
}

/* Whatever the library reads, the C library reads, and to the same bytes; and the other way round. The texts are made
 * of the characters of addresses, so that many of them are nearly right. */
static void same_addresses_as_the_c_library(void **state)
{
	static const char characters[] = "::::...0125f";
	uint64_t random = 17;
	int n_good = 0;
	(void)state;
	for (int round = 0; round < 1000000; round++) {
		char text[20] = { 0 };
		size_t len = unit_random(&random) % (sizeof text - 1);
		for (size_t i = 0; i < len; i++)
			text[i] = characters[unit_random(&random) % (sizeof characters - 1)];
		struct sonde_addr a = { 0 };
		uint8_t theirs[16] = { 0 };
		bool ours = sonde_addr_parse(&a, NULL, text, len) == 0;
		bool good = inet_pton(AF_INET6, text, theirs) == 1 || inet_pton(AF_INET, text, theirs) == 1;
		if (ours != good)
			fail_msg("'%s': %d here, %d in the C library", text, ours, good);
		if (ours)
			assert_memory_equal(a.bytes, theirs, 16);
		n_good += ours;
	}
	assert_true(n_good > 1000);
}

static void texts_read_back(void **state)
{
	uint64_t random = 19;
	(void)state;
	for (int round = 0; round < 100000; round++) {
		struct sonde_addr a = { .family = SONDE_IP6 }, back;
		char out[SONDE_ADDR_STRLEN];
		uint64_t zeros = unit_random(&random);
		for (int i = 0; i < 16; i++)
			a.bytes[i] = zeros >> i / 2 & 1 ? 0 : (uint8_t)unit_random(&random);
		sonde_addr_format(out, &a);
		assert_int_equal(sonde_addr_parse(&back, NULL, out, strlen(out)), 0);
		assert_true(sonde_addr_equal(&a, &back));
	}
}

static const struct prefix_row {
	const char *name;
	int result;
	uint8_t bits;
} prefixes[] = {
	{ "10.0.0.0/8", 0, 8 },
	{ "10.0.0.0/0", 0, 0 },
	{ "10.0.0.1", 0, 32 },
	{ "10.0.0.1/32", 0, 32 },
	{ "2001:db8::/32", 0, 32 },
	{ "::/0", 0, 0 },
	{ "::1", 0, 128 },
	{ "::1/128", 0, 128 },
	{ "10.0.0.0/33", SONDE_E_RANGE, 0 },
	{ "::/129", SONDE_E_RANGE, 0 },
	{ "::/256", SONDE_E_RANGE, 0 },
	{ "::/4294967296", SONDE_E_RANGE, 0 },
	{ "10.0.0.0/", SONDE_E_SYNTAX, 0 },
	{ "10.0.0.0/08", SONDE_E_SYNTAX, 0 },
	{ "10.0.0.0/8/8", SONDE_E_SYNTAX, 0 },
	{ "10.0.0.0/0x8", SONDE_E_SYNTAX, 0 },
	{ "10.0.0.0/-1", SONDE_E_SYNTAX, 0 },
	{ "10.0.0/8", SONDE_E_SYNTAX, 0 },
	{ "/8", SONDE_E_SYNTAX, 0 },
	{ "fe80::%lo/64", SONDE_E_SYNTAX, 0 },
};

static void prefix_of_row(void **state)
{
	const struct prefix_row *row = *state;
	struct sonde_prefix p = { .bits = 77 };
	assert_int_equal(sonde_prefix_parse(&p, row->name, strlen(row->name)), row->result);
	assert_int_equal(p.bits, row->result ? 77 : row->bits);
}

static const struct broadcast_row {
	const char *name, *prefix, *addr;
	bool is;
} broadcasts[] = {
	{ "broadcast: of 24 bits", "10.0.0.7/24", "10.0.0.255", true },
	{ "broadcast: a host of 23 bits", "10.0.1.7/23", "10.0.0.255", false },
	{ "broadcast: of 23 bits", "10.0.0.7/23", "10.0.1.255", true },
	{ "broadcast: of 25 bits", "10.0.1.1/25", "10.0.1.127", true },
	{ "broadcast: of another network", "10.0.1.1/25", "10.0.1.255", false },
	{ "broadcast: of 30 bits", "10.0.0.1/30", "10.0.0.3", true },
	{ "broadcast: 31 bits have none", "10.0.0.0/31", "10.0.0.1", false },
	{ "broadcast: nor has a single address", "10.0.0.255/32", "10.0.0.255", false },
	{ "broadcast: of all addresses", "0.0.0.0/0", "255.255.255.255", true },
	{ "broadcast: not in IPv6", "2001:db8::/120", "2001:db8::ff", false },
};

static void broadcast(void **state)
{
	const struct broadcast_row *row = *state;
	struct sonde_prefix p;
	struct sonde_addr a;
	assert_int_equal(sonde_prefix_parse(&p, row->prefix, strlen(row->prefix)), 0);
	assert_int_equal(sonde_addr_parse(&a, NULL, row->addr, strlen(row->addr)), 0);
	assert_int_equal(sonde_prefix_broadcasts(&p, &a), row->is);
}

/* Of every length: an address that differs in bit n is inside exactly the prefixes of up to n bits. */
static void prefixes_look_at_their_bits(void **state)
{
	(void)state;
	for (unsigned bit = 0; bit < 128; bit++) {
		struct sonde_addr a = { .family = SONDE_IP6, .bytes = { 0x20, 0x01, [7] = 0x5a, [15] = 0xa5 } };
		struct sonde_prefix p = { .addr = a };
		a.bytes[bit / 8] ^= (uint8_t)(0x80 >> bit % 8);
		for (unsigned bits = 0; bits <= 128; bits++) {
			p.bits = (uint8_t)bits;
			assert_int_equal(sonde_prefix_has(&p, &a), bits <= bit);
			assert_true(sonde_prefix_has(&p, &p.addr));
		}
	}
	struct sonde_prefix all4 = { .addr.family = SONDE_IP4 };
	struct sonde_addr loopback6 = sonde_addr6((const uint8_t[16]){ [15] = 1 });
	assert_false(sonde_prefix_has(&all4, &loopback6));
}

enum { LINK = 1, M = 2, U = 4, OWN = 8 };

static const struct class_row {
	const char *name;
	unsigned classes;
} classes[] = {
	{ "127.0.0.1", OWN }, { "127.255.255.255", OWN }, { "126.255.255.255", 0 }, { "128.0.0.0", 0 },
	{ "169.254.0.0", LINK | OWN }, { "169.253.255.255", 0 }, { "169.255.0.0", 0 },
	{ "224.0.0.1", M }, { "239.255.255.255", M }, { "223.255.255.255", 0 }, { "240.0.0.0", 0 },
	{ "0.0.0.0", U }, { "0.0.0.1", 0 }, { "255.255.255.255", 0 },
	{ "10.0.0.0", OWN }, { "10.255.255.255", OWN }, { "9.255.255.255", 0 }, { "11.0.0.0", 0 },
	{ "172.16.0.0", OWN }, { "172.31.255.255", OWN }, { "172.15.255.255", 0 }, { "172.32.0.0", 0 },
	{ "192.168.0.0", OWN }, { "192.168.255.255", OWN }, { "192.167.255.255", 0 }, { "192.169.0.0", 0 },
	{ "100.64.0.0", OWN }, { "100.127.255.255", OWN }, { "100.63.255.255", 0 }, { "100.128.0.0", 0 },
	{ "198.18.0.0", OWN }, { "198.19.255.255", OWN }, { "198.17.255.255", 0 }, { "198.20.0.0", 0 },
	{ "192.0.2.0", OWN }, { "192.0.2.255", OWN }, { "192.0.1.255", 0 }, { "192.0.3.0", 0 },
	{ "198.51.100.7", OWN }, { "198.51.99.255", 0 }, { "198.51.101.0", 0 },
	{ "203.0.113.7", OWN }, { "203.0.112.255", 0 }, { "203.0.114.0", 0 }, { "8.8.8.8", 0 },
	{ "::1", OWN }, { "::2", 0 }, { "::", U }, { "::ffff:127.0.0.1", 0 },
	{ "fe80::1", LINK | OWN }, { "febf:ffff::", LINK | OWN }, { "fec0::", 0 }, { "fe7f:ffff::", 0 },
	{ "ff02::1", M }, { "feff::", 0 },
	{ "fc00::", OWN }, { "fdff:ffff::", OWN }, { "fbff::", 0 }, { "fe00::", 0 },
	{ "2001:db8::1", OWN }, { "2001:db7:ffff::", 0 }, { "2001:db9::", 0 }, { "2606:4700::1", 0 },
};

static void class_of_row(void **state)
{
	const struct class_row *row = *state;
	struct sonde_addr a;
	assert_int_equal(sonde_addr_parse(&a, NULL, row->name, strlen(row->name)), 0);
	assert_int_equal(sonde_addr_is_link_local(&a), !!(row->classes & LINK));
	assert_int_equal(sonde_addr_is_multicast(&a), !!(row->classes & M));
	assert_int_equal(sonde_addr_is_unspecified(&a), !!(row->classes & U));
	assert_int_equal(sonde_addr_is_own_range(&a), !!(row->classes & OWN));
}

static const struct mac_row {
	const char *name;
	int result;
} macs[] = {
	{ "02:00:5e:10:AB:ff", 0 },
	{ "02-00-5e-10-ab-ff", 0 },
	{ "", SONDE_E_SYNTAX },
	{ "02:00:5e:10:ab", SONDE_E_SYNTAX },
	{ "02:00:5e:10:ab:ff:00", SONDE_E_SYNTAX },
	{ "02:00:5e:10:ab:f", SONDE_E_SYNTAX },
	{ "02:00:5e:10:ab:fg", SONDE_E_SYNTAX },
	{ "02:00-5e:10:ab:ff", SONDE_E_SYNTAX },
	{ "02-00-5e-10-ab:ff", SONDE_E_SYNTAX },
	{ "02.00.5e.10.ab.ff", SONDE_E_SYNTAX },
	{ "2:000:5e:10:ab:ff", SONDE_E_SYNTAX },
	{ "0200:5e10:abff:00", SONDE_E_SYNTAX },
};

static void mac_of_row(void **state)
{
	const struct mac_row *row = *state;
	uint8_t mac[SONDE_MAC_LEN] = { 9 };
	char out[SONDE_MAC_STRLEN];
	assert_int_equal(sonde_mac_parse(mac, row->name, strlen(row->name)), row->result);
	assert_string_equal(sonde_mac_format(out, mac), row->result ? "09:00:00:00:00:00" : "02:00:5e:10:ab:ff");
}

static const struct order_row {
	const char *name;
	struct sonde_addr a;
} order[] = {
	{ "none", { .family = SONDE_NO_ADDR } },
	{ "ip4_low", { .family = SONDE_IP4, .bytes = { 1, 2, 3, 4 } } },
	{ "ip4_high", { .family = SONDE_IP4, .bytes = { 200, 0, 0, 0 } } },
	{ "ip6_low", { .family = SONDE_IP6, .bytes = { [15] = 1 } } },
	{ "ip6_low_scope", { .family = SONDE_IP6, .bytes = { [15] = 1 }, .scope = 2 } },
	{ "ip6_high", { .family = SONDE_IP6, .bytes = { [14] = 1 } } },
};

static void addresses_have_one_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		for (size_t j = 0; j < sizeof order / sizeof order[0]; j++) {
			int c = sonde_addr_compare(&order[i].a, &order[j].a);
			assert_int_equal(i < j ? c < 0 : i > j ? c > 0 : c == 0, 1);
			assert_int_equal(sonde_addr_equal(&order[i].a, &order[j].a), i == j);
		}
	}
}

static void endpoints_have_one_order(void **state)
{
	static const struct sonde_endpoint in_order[] = {
		{ { .family = SONDE_IP4, .bytes = { 10, 0, 0, 1 } }, 80 },
		{ { .family = SONDE_IP4, .bytes = { 10, 0, 0, 1 } }, 65535 },
		{ { .family = SONDE_IP4, .bytes = { 10, 0, 0, 2 } }, 0 },
		{ { .family = SONDE_IP6, .bytes = { [15] = 1 } }, 0 },
		{ { .family = SONDE_IP6, .bytes = { [15] = 1 }, .scope = 1 }, 0 },
	};
	const size_t n = sizeof in_order / sizeof in_order[0];
	(void)state;
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++) {
			int c = sonde_endpoint_compare(&in_order[i], &in_order[j]);
			assert_int_equal(i < j ? c < 0 : i > j ? c > 0 : c == 0, 1);
		}
	assert_true(sonde_addr_equal_bytes(&in_order[3].addr, &in_order[4].addr));
	assert_false(sonde_addr_equal_bytes(&in_order[0].addr, &in_order[2].addr));
}

static void endpoints_have_brackets_where_needed(void **state)
{
	char out[SONDE_ENDPOINT_STRLEN];
	struct sonde_endpoint e = { .addr = sonde_addr4((const uint8_t[4]){ 10, 0, 0, 1 }), .port = 80 };
	(void)state;
	assert_string_equal(sonde_endpoint_format(out, &e), "10.0.0.1:80");
	e.addr = sonde_addr6((const uint8_t[16]){ 0x20, 0x01, 0x0d, 0xb8, [15] = 1 });
	assert_string_equal(sonde_endpoint_format(out, &e), "[2001:db8::1]:80");
	memset(e.addr.bytes, 0xff, 16);
	e.addr.scope = UINT32_MAX;
	e.port = UINT16_MAX;
	assert_string_equal(sonde_endpoint_format(out, &e),
	                    "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295]:65535");
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, format_of_row, formats);
	UNIT_ROWS(&u, bad_addr_of_row, bad_addrs);
	UNIT_TEST(&u, zones_are_handed_back);
	UNIT_TEST(&u, same_addresses_as_the_c_library);
	UNIT_TEST(&u, texts_read_back);
	UNIT_ROWS(&u, prefix_of_row, prefixes);
	UNIT_ROWS(&u, broadcast, broadcasts);
	UNIT_TEST(&u, prefixes_look_at_their_bits);
	UNIT_ROWS(&u, class_of_row, classes);
	UNIT_ROWS(&u, mac_of_row, macs);
	UNIT_TEST(&u, addresses_have_one_order);
	UNIT_TEST(&u, endpoints_have_one_order);
	UNIT_TEST(&u, endpoints_have_brackets_where_needed);
	return unit_run(&u, "addr");
}
