#include "unit.h"

#include <stdio.h>

#include "tools/lab/topology.h"

static struct topology t;

static void pair_is_the_documented_one(void **state)
{
	struct sonde_error e = { 0 };
	char text[SONDE_ADDR_STRLEN], mac[SONDE_MAC_STRLEN];

	(void)state;
	assert_int_equal(topology_find(&t, &e, "pair"), 0);
	assert_int_equal(t.n_hosts, 2);
	assert_string_equal(t.hosts[0].name, "client");
	assert_int_equal(topology_host(&t, &e, "server"), 1);
	assert_string_equal(sonde_addr_format(text, topology_address(&t, 0, SONDE_IP4)), "10.0.0.1");
	assert_string_equal(sonde_addr_format(text, topology_address(&t, 1, SONDE_IP6)), "fd00::2");
	assert_int_equal(t.addresses[2].prefix.bits, 24);
	assert_int_equal(t.n_links, 1);
	assert_string_equal(sonde_mac_format(mac, t.links[0].end[0].mac), "02:00:00:00:00:01");
	assert_string_equal(sonde_mac_format(mac, t.links[0].end[1].mac), "02:00:00:00:00:02");
	assert_int_not_equal(t.links[0].end[0].index, t.links[0].end[1].index);
	assert_int_equal(t.n_services, 6);
	assert_int_equal(t.n_filters, 1);
	assert_int_equal(t.filters[0].port, 81);
}

static void interfaces_are_counted_for_each_host(void **state)
{
	struct sonde_error e = { 0 };

	(void)state;
	assert_int_equal(topology_parse(&t, &e, "x",
					"host a 10.0.0.1/8 # comment\n\n  host\tb \n#\nhost c\n"
					"link a b\nlink b c\nlink c a"),
			 0);
	assert_int_equal(t.n_links, 3);
	assert_int_equal(t.links[0].end[1].eth, 0);
	assert_int_equal(t.links[1].end[0].eth, 1);
	assert_int_equal(t.links[2].end[1].host, 0);
	assert_int_equal(t.links[2].end[1].eth, 1);
	assert_int_equal(t.links[2].end[1].mac[5], 6);
	assert_null(topology_address(&t, 0, SONDE_IP6));
}

static void lists_of_ports_and_verdicts_are_read(void **state)
{
	struct sonde_error e = { 0 };

	(void)state;
	assert_int_equal(topology_parse(&t, &e, "x",
					"host a\nlisten a udp 1,65535\nfilter a reset tcp dport=2\n"
					"filter a reject udp dport=3"),
			 0);
	assert_int_equal(t.n_services, 2);
	assert_true(t.services[1].udp);
	assert_int_equal(t.services[1].port, 65535);
	assert_int_equal(t.filters[0].verdict, LAB_RESET);
	assert_int_equal(t.filters[1].verdict, LAB_REJECT);
	assert_true(t.filters[1].udp);
}

#define MANY_WORDS "host a 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"
#define LONG_NAME  "a234567890123456789012345678901x"

static const struct row {
	const char *name; /* what is said, and the test's name */
	const char *text, *hint;
	int code;
} mistakes[] = {
	{ "x: no host in it", "", "", SONDE_E_ABSENT },
	{ "x, line 1: no statement 'hots'", "hots a", "did you mean host?", SONDE_E_UNKNOWN },
	{ "x, line 3: no statement 'frobnicate'", "\n\nfrobnicate", "", SONDE_E_UNKNOWN },
	{ "x, line 1: the form is: host NAME ADDRESS/BITS...", "host", "", SONDE_E_SYNTAX },
	{ "x, line 2: the form is: link HOST HOST", "host a\nlink a", "", SONDE_E_SYNTAX },
	{ "x, line 2: the form is: link HOST HOST", "host a\nlink a a a", "", SONDE_E_SYNTAX },
	{ "x, line 2: host 'a' is there already", "host a\nhost a", "", SONDE_E_TWICE },
	{ "x, line 1: 'a/b' is no name for a host (letters, digits, dashes)", "host a/b", "", SONDE_E_SYNTAX },
	{ "x, line 1: '1a' is no name for a host (letters, digits, dashes)", "host 1a", "", SONDE_E_SYNTAX },
	{ "x, line 1: '" LONG_NAME "' is no name for a host (letters, digits, dashes)", "host " LONG_NAME, "",
	  SONDE_E_SYNTAX },
	{ "x, line 1: '10.0.0.1': not an address with its prefix length", "host a 10.0.0.1", "", SONDE_E_SYNTAX },
	{ "x, line 1: '10.0.0.1/33': not an address with its prefix length", "host a 10.0.0.1/33", "", SONDE_E_SYNTAX },
	{ "x: host 'a' has an address and no link", "host a 10.0.0.1/8", "", SONDE_E_ABSENT },
	{ "x, line 2: no host 'sever' in topology 'x'", "host server\nlink server sever", "did you mean server?",
	  SONDE_E_UNKNOWN },
	{ "x, line 2: 'sctp': neither tcp nor udp", "host a\nlisten a sctp 7", "", SONDE_E_UNKNOWN },
	{ "x, line 2: '': not a port", "host a\nlisten a tcp 7,", "", SONDE_E_SYNTAX },
	{ "x, line 2: 'x': not a port", "host a\nlisten a tcp 7,x,8", "", SONDE_E_SYNTAX },
	{ "x, line 2: '65536': not a port", "host a\nlisten a tcp 65536", "", SONDE_E_SYNTAX },
	{ "x, line 2: '0': not a port", "host a\nlisten a tcp 0", "", SONDE_E_SYNTAX },
	{ "x, line 2: 'lose': drop, reject or reset", "host a\nfilter a lose tcp dport=1", "", SONDE_E_UNKNOWN },
	{ "x, line 2: only tcp can be reset", "host a\nfilter a reset udp dport=1", "", SONDE_E_KIND },
	{ "x, line 2: 'sport=1': dport=PORT is what a filter knows", "host a\nfilter a drop tcp sport=1", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: '': not a port", "host a\nfilter a drop tcp dport=", "", SONDE_E_SYNTAX },
	{ "x, line 1: more than 16 words", MANY_WORDS " 16", "", SONDE_E_SPACE },
};

static void says_what_is_wrong(void **state)
{
	const struct row *row = *state;
	struct sonde_error e = { 0 };

	assert_int_equal(topology_parse(&t, &e, "x", row->text), row->code);
	assert_string_equal(e.what, row->name);
	assert_string_equal(e.hint, row->hint);
	assert_int_equal(e.code, row->code);
}

/* One more of each than there is room for. */
static void bounds_are_kept(void **state)
{
	static char text[40000];
	static const struct {
		const char *head, *line, *what;
		unsigned most;
	} rows[] = {
		{ "", "host h%u\n", "more than 64 hosts", LAB_HOSTS },
		{ "host a\n", "link a a\n", "more than 128 links", LAB_LINKS },
		{ "host a\n", "listen a tcp 7\n", "more than 256 services", LAB_SERVICES },
		{ "host a\n", "filter a drop tcp dport=1\n", "more than 64 filters", LAB_FILTERS },
		{ "", "host h%u 1::/8 1::/8 1::/8 1::/8 1::/8 1::/8 1::/8 1::/8\n", "more than 256 addresses",
		  LAB_ADDRESSES / 8 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sonde_error e = { 0 };
		char *p = text + sprintf(text, "%s", rows[i].head);
		for (unsigned n = 0; n <= rows[i].most; n++)
			p += sprintf(p, rows[i].line, n);
		assert_int_equal(topology_parse(&t, &e, "x", text), SONDE_E_SPACE);
		assert_non_null(strstr(e.what, rows[i].what));
	}
	memset(text, 'x', 300);
	text[300] = 0;
	assert_int_equal(topology_parse(&t, NULL, "x", text), SONDE_E_SPACE);
}

static void an_unknown_topology_is_suggested(void **state)
{
	struct sonde_error e = { 0 };

	(void)state;
	assert_int_equal(topology_find(&t, &e, "piar"), SONDE_E_UNKNOWN);
	assert_string_equal(e.what, "unknown topology 'piar'");
	assert_string_equal(e.hint, "did you mean pair?");
	assert_int_equal(topology_find(&t, &e, "nothing-like-it"), SONDE_E_UNKNOWN);
	assert_string_equal(e.hint, "there is pair");
}

int main(void)
{
	static struct unit u;

	UNIT_TEST(&u, pair_is_the_documented_one);
	UNIT_TEST(&u, interfaces_are_counted_for_each_host);
	UNIT_TEST(&u, lists_of_ports_and_verdicts_are_read);
	UNIT_ROWS(&u, says_what_is_wrong, mistakes);
	UNIT_TEST(&u, bounds_are_kept);
	UNIT_TEST(&u, an_unknown_topology_is_suggested);
	return unit_run(&u, "topology");
}
