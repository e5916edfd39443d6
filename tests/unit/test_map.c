/* Addresses in place of others. */
#include "packet/map.h"

#include "base/text.h"
#include "packet/notation.h"
#include "packet/print.h"
#include "packet/spec.h"

#include "tests/unit/wire.h"

#define ETHER "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01"

static const struct map_row {
	const char *name, *packet, *map, *want;
} rows[] = {
	{ "map: an address, and both checksums", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / text:ab",
	  "10.0.0.1=192.0.2.9", "ip id=1 src=192.0.2.9 dst=10.0.0.2 / udp sport=1 dport=2 / text:ab" },
	{ "map: as a destination", "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=1 dport=2 / text:ab",
	  "10.0.0.1=192.0.2.9", "ip id=1 src=10.0.0.2 dst=192.0.2.9 / udp sport=1 dport=2 / text:ab" },
	{ "map: a prefix", "ip id=1 src=10.0.0.1 dst=10.0.1.77 / icmp type=echo id=1 seq=1", "10.0.0.0/23=192.0.2.0/23",
	  "ip id=1 src=192.0.2.1 dst=192.0.3.77 / icmp type=echo code=0 id=1 seq=1" },
	{ "map: a prefix within a byte", "ip id=1 src=10.0.0.129 dst=10.0.0.127 / icmp type=echo id=1 seq=1",
	  "10.0.0.128/25=192.0.2.0/25", "ip id=1 src=192.0.2.1 dst=10.0.0.127 / icmp type=echo code=0 id=1 seq=1" },
	{ "map: another address", "ip id=1 src=10.0.0.1 dst=10.0.0.2", "10.0.0.3=10.0.0.4",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2" },
	{ "map: IPv6", "ip6 src=fd00::1 dst=fd00::2 / udp sport=1 dport=2 / text:ab", "fd00::/64=2001:db8::/64",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1 dport=2 / text:ab" },
	{ "map: a MAC address", ETHER " / ip id=1 src=10.0.0.1 dst=10.0.0.2", "02:00:00:00:00:01=02:00:00:00:00:aa",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:aa / ip id=1 src=10.0.0.1 dst=10.0.0.2" },
	{ "map: ARP", "arp sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2", "10.0.0.0/24=192.0.2.0/24",
	  "arp op=request sha=02:00:00:00:00:01 spa=192.0.2.1 tpa=192.0.2.2" },
	{ "map: a wrong checksum stays wrong",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=7 / text:a",
	  "10.0.0.1=192.0.2.9", "ip id=1 src=192.0.2.9 dst=10.0.0.2 / udp sport=1 dport=2 checksum=0x0007 / text:a" },
	{ "map: what an error quotes",
	  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / icmp type=unreach / ip id=2 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1 dport=2",
	  "10.0.0.1=192.0.2.9",
	  "ip id=1 src=10.0.0.2 dst=192.0.2.9 / icmp type=unreach code=net / ip id=2 src=192.0.2.9 dst=10.0.0.2 / "
	  "udp sport=1 dport=2" },
};

static void is_mapped(void **state)
{
	const struct map_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	char printed[1024];
	struct sonde_spec spec = { 0 };
	struct sonde_error e = { 0 };
	struct sonde_map map;
	struct sonde_packet p, q;
	struct sonde_text t = sonde_text(printed, sizeof printed);
	sonde_packet_init(&p, buffer, sizeof buffer);
	if (sonde_notation_parse(&spec, row->packet, strlen(row->packet), NULL, &e) ||
	    sonde_spec_packet(&p, &spec, 0, 1, false, &e) || sonde_map_parse(&map, row->map, &e))
		fail_msg("%s", e.what);
	sonde_finish(&p);
	sonde_dissect(&q, buffer, p.len, p.len, p.layers[0].proto->ids[0]);
	q.cap = sizeof buffer;
	sonde_infer(&q);
	sonde_map_packet(&q, &map, 1);
	sonde_dissect(&p, buffer, q.len, q.len, q.layers[0].proto->ids[0]);
	sonde_infer(&p);
	sonde_print(&t, &p);
	assert_string_equal(printed, row->want);
	sonde_spec_free(&spec);
}

static void one_that_fits_first_counts(void **state)
{
	static const char text[] = "ip src=10.0.0.1 dst=10.0.0.2";
	uint8_t buffer[WIRE_MAX];
	struct sonde_spec spec = { 0 };
	struct sonde_map maps[2];
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, buffer, sizeof buffer);
	assert_int_equal(sonde_notation_parse(&spec, text, strlen(text), NULL, NULL), 0);
	assert_int_equal(sonde_spec_packet(&p, &spec, 0, 1, false, NULL), 0);
	sonde_finish(&p);
	assert_int_equal(sonde_map_parse(&maps[0], "10.0.0.1=10.0.0.2", NULL), 0);
	assert_int_equal(sonde_map_parse(&maps[1], "10.0.0.2=10.0.0.1", NULL), 0);
	assert_int_equal(sonde_map_packet(&p, maps, 2), 2);
	assert_int_equal(buffer[15], 2);
	assert_int_equal(buffer[19], 1);
	sonde_spec_free(&spec);
}

static const struct bad_row {
	const char *name, *text, *why;
} bad[] = {
	{ "map: no equals sign", "10.0.0.1", "OLD=NEW expected" },
	{ "map: no address", "10.0.0.1=host", "an IP address, a prefix or a MAC address expected" },
	{ "map: unlike kinds", "10.0.0.1=fd00::1", "addresses of one kind" },
	{ "map: unlike prefixes", "10.0.0.0/24=10.0.0.0/25", "prefixes of one length" },
	{ "map: too long a prefix", "10.0.0.0/33=10.0.0.0/33", "no such prefix length" },
};

static void is_refused(void **state)
{
	const struct bad_row *row = *state;
	struct sonde_map map;
	struct sonde_error e = { 0 };
	assert_int_equal(sonde_map_parse(&map, row->text, &e), SONDE_E_SYNTAX);
	assert_non_null(strstr(e.what, row->why));
}

int main(void)
{
	struct unit u = { .n = 0 };
	UNIT_ROWS(&u, is_mapped, rows);
	UNIT_TEST(&u, one_that_fits_first_counts);
	UNIT_ROWS(&u, is_refused, bad);
	return unit_run(&u, "map");
}
