#include "tools/lab/topology.h"
#include "unit.h"

#include <stdio.h>


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
	assert_int_equal(t.addresses[3].prefix.bits, 64);
	assert_int_equal(t.n_routes, 0);
	assert_int_equal(t.n_links, 1);
	assert_string_equal(sonde_mac_format(mac, t.links[0].end[0].mac), "02:00:00:00:00:01");
	assert_string_equal(sonde_mac_format(mac, t.links[0].end[1].mac), "02:00:00:00:00:02");
	assert_int_not_equal(t.links[0].end[0].index, t.links[0].end[1].index);
	assert_int_equal(t.n_services, 6);
	assert_int_equal(t.n_filters, 1);
	assert_string_equal(t.filters[0].pattern, "tcp dport=81");
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
	assert_null(topology_end_address(&t, &t.links[0].end[0], SONDE_IP6));
}

static void lists_of_ports_and_verdicts_are_read(void **state)
{
	struct sonde_error e = { 0 };

	(void)state;
	assert_int_equal(topology_parse(&t, &e, "x",
					"host a\nlisten a udp 1,65535\nfilter a  reset \ttcp dport=2  flags=S\n"
					"filter a limit 5/s udp dport=3 # slowly\nrun a  echo 'a  b'"),
			 0);
	assert_int_equal(t.n_services, 2);
	assert_true(t.services[1].udp);
	assert_int_equal(t.services[1].port, 65535);
	assert_int_equal(t.filters[0].verdict, LAB_RESET);
	assert_string_equal(t.filters[0].pattern, "tcp dport=2  flags=S");
	assert_int_equal(t.filters[1].verdict, LAB_LIMIT);
	assert_int_equal(t.filters[1].limit_pps, 5);
	assert_string_equal(t.filters[1].pattern, "udp dport=3 ");
	assert_string_equal(t.jobs[0].command, "echo 'a  b'");
}

static void impairments_are_read(void **state)
{
	struct sonde_error e = { 0 };

	(void)state;
	assert_int_equal(topology_parse(&t, &e, "x",
					"host a\nhost b\nlink a b delay 10ms jitter 250us loss 0.5% duplicate 100% "
					"reorder 0.0001% rate 10mbit mtu 1400\nlink a b mtu 576\nlink a b loss 12.5%"),
			 0);
	const struct lab_impairment *i = &t.links[0].impairment;
	assert_int_equal(i->delay_ns, 10 * SONDE_MS);
	assert_int_equal(i->jitter_ns, 250 * SONDE_US);
	assert_int_equal(i->loss_ppm, 5000);
	assert_int_equal(i->duplicate_ppm, 1000000);
	assert_int_equal(i->reorder_ppm, 1);
	assert_int_equal(i->rate_bps, 10000000);
	assert_int_equal(t.links[0].mtu, 1400);
	assert_true(lab_is_impaired(&t.links[0]));
	assert_false(lab_is_impaired(&t.links[1]));
	assert_int_equal(t.links[2].impairment.loss_ppm, 125000);
}

/* The routes of a host, as text. */
static const char *routes_of(const char *name)
{
	static char out[1000];
	char to[SONDE_ADDR_STRLEN], via[SONDE_ADDR_STRLEN], *p = out;
	unsigned host = (unsigned)topology_host(&t, NULL, name);

	*p = 0;
	for (unsigned i = 0; i < t.n_routes; i++)
		if (t.routes[i].host == host && t.routes[i].to.addr.family == SONDE_IP4)
			p += sprintf(p, "%s/%u %s ", sonde_addr_format(to, &t.routes[i].to.addr), t.routes[i].to.bits,
				     t.routes[i].via.family ? sonde_addr_format(via, &t.routes[i].via) : "local");
	return out;
}

static const struct {
	const char *name; /* what is shown */
	const char *topology, *host, *routes;
} plans[] = {
	{ "a host has a default route", "line:3", "client", "0.0.0.0/0 10.0.0.2 " },
	{ "a router knows every network", "line:3", "r2", "10.0.0.0/24 10.0.1.1 10.0.3.0/24 10.0.2.2 " },
	{ "two ways of equal length", "diamond", "r1",
	  "10.0.3.0/24 10.0.1.2 10.0.4.0/24 10.0.2.2 10.0.5.0/24 10.0.1.2 10.0.5.0/24 10.0.2.2 " },
	{ "no way into a nat", "nat", "server", "0.0.0.0/0 10.0.2.1 " },
	{ "its router knows none, either", "nat", "r1", "" },
	{ "a way out of it", "nat", "client", "0.0.0.0/0 10.0.0.2 " },
	{ "no routes on one segment", "lan:5", "h5", "" },
	{ "written routes", "wide", "client", "198.18.0.0/16 10.0.0.2 " },
	{ "a network of one's own", "wide", "server", "198.18.0.0/16 local " },
};

static void plans_routes(void **state)
{
	const struct {
		const char *name, *topology, *host, *routes;
	} *row = *state;
	struct sonde_error e = { 0 };

	assert_int_equal(topology_find(&t, &e, row->topology), 0);
	assert_string_equal(routes_of(row->host), row->routes);
}

/* Written addresses give their segment its network; the plan steps out of the way of what is written elsewhere. */
static void written_addresses_are_kept(void **state)
{
	static const char *const expected[] = { "192.0.2.9/28", "10.0.0.5/24",      "10.0.0.1/24", "fd00:0:0:1::1/64",
						"192.0.2.1/28", "fd00:0:0:2::1/64", "10.0.3.1/24", "fd00:0:0:3::1/64",
						"10.0.3.2/24",  "fd00:0:0:3::2/64" };
	struct sonde_error e = { 0 };
	char text[SONDE_ADDR_STRLEN], both[80];

	(void)state;
	assert_int_equal(topology_parse(&t, &e, "x",
					"host a 192.0.2.9/28\nhost b 10.0.0.5/24\nrouter r\nhost c\n"
					"link r b\nlink a r\nlink r c\n"),
			 0);
	for (unsigned i = 0; i < t.n_addresses; i++) {
		sprintf(both, "%s/%u", sonde_addr_format(text, &t.addresses[i].prefix.addr),
			t.addresses[i].prefix.bits);
		assert_string_equal(both, expected[i]);
	}
	assert_int_equal(t.n_addresses, sizeof(expected) / sizeof(*expected));
}

static void all_built_ins_are_read(void **state)
{
	static const char *const names[] = { "pair",     "lan:2", "lan:249", "line:1",    "line:63", "diamond",
					     "firewall", "nat",   "lossy",   "blackhole", "wide" };
	struct sonde_error e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (topology_find(&t, &e, names[i]))
			fail_msg("%s", e.what);
		assert_string_equal(t.hosts[0].name, "client");
		assert_true(topology_host(&t, &e, "server") > 0);
		assert_non_null(topology_address(&t, 0, SONDE_IP6));
	}
	assert_int_equal(topology_find(&t, &e, "line:0"), SONDE_E_RANGE);
	assert_int_equal(topology_find(&t, &e, "lan:250"), SONDE_E_RANGE);
	assert_int_equal(topology_find(&t, &e, "line:64"), SONDE_E_RANGE);
	assert_int_equal(topology_find(&t, &e, "line"), SONDE_E_RANGE);
	assert_string_equal(e.what, "'line': say how many, as in line:5");
}

#define MANY_WORDS "host a 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8"
#define FILTER_TAKES "a filter takes values, sets, ranges and flags of fields at a fixed place"
#define LONG_NAME  "a234567890123456789012345678901x"

static const struct row {
	const char *name; /* what is said, and the test's name */
	const char *text, *hint;
	int code;
} mistakes[] = {
	{ "x: no host in it", "", "", SONDE_E_ABSENT },
	{ "x, line 1: no statement 'hots'", "hots a", "did you mean host?", SONDE_E_UNKNOWN },
	{ "x, line 3: no statement 'frobnicate'", "\n\nfrobnicate", "", SONDE_E_UNKNOWN },
	{ "x, line 1: the form is: host NAME [ADDRESS/BITS...]", "host", "", SONDE_E_SYNTAX },
	{ "x, line 2: the form is: link A B [delay DUR] [loss P%] ...", "host a\nlink a", "", SONDE_E_SYNTAX },
	{ "x, line 2: a link has no property 'los'", "host a\nlink a a los 1%", "did you mean loss?", SONDE_E_UNKNOWN },
	{ "x, line 2: the name 'a' is taken", "host a\nhost a", "", SONDE_E_TWICE },
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
	{ "x, line 2: 'lose': a filter can drop, reject, reset, admin or limit", "host a\nfilter a lose tcp dport=1",
	  "", SONDE_E_UNKNOWN },
	{ "x, line 2: only tcp can be reset", "host a\nfilter a reset udp dport=1", "", SONDE_E_KIND },
	{ "x, line 2: '5': limit takes N/s, up to 1000000/s", "host a\nfilter a limit 5 udp", "", SONDE_E_SYNTAX },
	{ "x, line 2: layer 1: a layer expected, such as: ip dst=10.0.0.2", "host a\nfilter a limit 5/s", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: nftables cannot match tcp options",
	  "host a\nfilter a drop tcp options=mss:-1400 dport=1-", FILTER_TAKES, SONDE_E_UNSUPPORTED },
	{ "x, line 2: nftables cannot match ip checksum", "host a\nfilter a drop ip ttl=5- checksum!=auto",
	  FILTER_TAKES, SONDE_E_UNSUPPORTED },
	{ "x, line 2: nftables cannot match udp sport", "host a\nfilter a drop udp sport=random", FILTER_TAKES,
	  SONDE_E_UNSUPPORTED },
	{ "x, line 2: layer 2: a filter knows ether, ip or ip6 and one layer behind it, not 'ether' there",
	  "host a\nfilter a drop ip / ether", "", SONDE_E_UNSUPPORTED },
	{ "x, line 2: layer 3: a filter knows ether, ip or ip6 and one layer behind it, not 'udp' there",
	  "host a\nfilter a drop ip / icmp / udp", "", SONDE_E_UNSUPPORTED },
	{ "x, line 2: layer 1: a filter knows ether, ip or ip6 and one layer behind it, not 'arp' there",
	  "host a\nfilter a drop arp", "", SONDE_E_UNSUPPORTED },
	{ "x, line 2: layer 2: a filter knows ether, ip or ip6 and one layer behind it, not 'data' there",
	  "host a\nfilter a drop udp / text:x", "", SONDE_E_UNSUPPORTED },
	{ "x, line 2: the pattern is too long", "host a\nfilter a drop tcp seq=1-4000000000:2", "", SONDE_E_SPACE },
	{ "x, line 2: 'loss' takes a value", "host a\nlink a a loss", "", SONDE_E_SYNTAX },
	{ "x, line 2: '5': not a percentage (1%, 0.5%)", "host a\nlink a a loss 5", "", SONDE_E_SYNTAX },
	{ "x, line 2: '101%': not a percentage (1%, 0.5%)", "host a\nlink a a loss 101%", "", SONDE_E_SYNTAX },
	{ "x, line 2: '0.00001%': not a percentage (1%, 0.5%)", "host a\nlink a a loss 0.00001%", "", SONDE_E_SYNTAX },
	{ "x, line 2: '1.5.5%': not a percentage (1%, 0.5%)", "host a\nlink a a loss 1.5.5%", "", SONDE_E_SYNTAX },
	{ "x, line 2: '5': not a rate (10mbit; bit, kbit, mbit, gbit)", "host a\nlink a a rate 5", "", SONDE_E_SYNTAX },
	{ "x, line 2: '0mbit': not a rate (10mbit; bit, kbit, mbit, gbit)", "host a\nlink a a rate 0mbit", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: '500': not an MTU (576 to 65535)", "host a\nlink a a mtu 500", "", SONDE_E_SYNTAX },
	{ "x, line 2: '11s': not a duration up to 10s (10ms, 250us)", "host a\nlink a a delay 11s", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: '10': not a duration up to 10s (10ms, 250us)", "host a\nlink a a delay 10", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: '0.5': not a duration up to 10s (10ms, 250us)", "host a\nlink a a delay 10ms jitter 0.5", "",
	  SONDE_E_SYNTAX },
	{ "x, line 2: 10.0.0.1 is an address of 'a' already", "host a 10.0.0.1/24\nhost b 10.0.0.1/25", "",
	  SONDE_E_TWICE },
	{ "x, line 1: fd00::1 is an address of 'a' already", "host a fd00::1/64 10.0.0.1/8 fd00:0::1/64", "",
	  SONDE_E_TWICE },
	{ "x, line 2: 'a' is a switch, which has no addresses", "switch a\nlisten a tcp 1", "", SONDE_E_KIND },
	{ "x, line 2: 'x': not a network", "host a\nroute a x via 10.0.0.1", "", SONDE_E_SYNTAX },
	{ "x, line 2: ::/0 and 1.2.3.4 are of two families", "host a\nroute a ::/0 via 1.2.3.4", "", SONDE_E_KIND },
	{ "x, line 2: the form is: route HOST PREFIX via ADDRESS, or: local", "host a\nroute a ::/0 over", "",
	  SONDE_E_SYNTAX },
	{ "x: no address is left for eth0 of 'c'",
	  "host a 10.0.0.1/30\nhost b\nhost c\nswitch s\nlink a s\nlink b s\nlink c s", "", SONDE_E_SPACE },
	{ "x, line 1: more than 40 words", MANY_WORDS " 9", "", SONDE_E_SPACE },
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
		{ "", "host h%u\n", "more than 250 hosts", LAB_HOSTS },
		{ "host a\n", "link a a\n", "more than 512 links", LAB_LINKS },
		{ "host a\n", "listen a tcp 7\n", "more than 256 services", LAB_SERVICES },
		{ "host a\n", "filter a drop tcp dport=1\n", "more than 64 filters", LAB_FILTERS },
		{ "",
		  "host h%1$u %1$u::1/64 %1$u::2/64 %1$u::3/64 %1$u::4/64 %1$u::5/64 %1$u::6/64 %1$u::7/64 "
		  "%1$u::8/64 %1$u::9/64\n",
		  "more than 2048 addresses", LAB_ADDRESSES / 9 },
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
	memset(text, 'x', 500);
	text[500] = 0;
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
	assert_string_equal(e.hint, "there are pair lan:N line:N diamond firewall nat lossy blackhole wide, and files");
}

int main(void)
{
	static struct unit u;

	UNIT_TEST(&u, pair_is_the_documented_one);
	UNIT_TEST(&u, interfaces_are_counted_for_each_host);
	UNIT_TEST(&u, lists_of_ports_and_verdicts_are_read);
	UNIT_TEST(&u, impairments_are_read);
	UNIT_ROWS(&u, plans_routes, plans);
	UNIT_TEST(&u, written_addresses_are_kept);
	UNIT_TEST(&u, all_built_ins_are_read);
	UNIT_ROWS(&u, says_what_is_wrong, mistakes);
	UNIT_TEST(&u, bounds_are_kept);
	UNIT_TEST(&u, an_unknown_topology_is_suggested);
	return unit_run(&u, "topology");
}
