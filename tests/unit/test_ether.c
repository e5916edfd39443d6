#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "ether: an ethertype without a description",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=macsec / hex:0102030405",
	  "02000000000202000000000188e50102030405" },
	{ "ether: the least padding",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "udp sport=1000 dport=2000 / text:hi / pad zero:16",
	  "02000000000202000000000108004500001e00010000401166cc0a0000010a00000203e807d0000a77b668690000000000000000"
	  "0000000000000000" },
};

static const uint8_t first[] = { 2, 0, 0, 0, 0, 1 }, second[] = { 2, 0, 0, 0, 0, 2 };

static void around_ip(libnet_t *l)
{
	oracle_ip4(l, 0, 255);
	libnet_build_ethernet(second, first, ETHERTYPE_IP, NULL, 0, l, 0);
}

/* An IEEE 802.3 frame: the type is a length. */
static void ieee(libnet_t *l)
{
	libnet_build_802_3(second, first, 3, (const uint8_t *)"abc", 3, l, 0);
}

#define ETHER "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 "
static const struct oracle_row libnet_rows[] = {
	{ "ether: libnet, IPv4 inside", ETHER "/ ip id=1 src=10.0.0.1 dst=10.0.0.2", around_ip, { 0, 0 } },
	{ "ether: libnet, IEEE 802.3", ETHER "type=3 / text:abc", ieee, { 0, 0 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "ether");
}
