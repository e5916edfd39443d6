#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "vlan: 802.1Q",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / vlan pcp=5 dei=1 id=100 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "0200000000020200000000018100b06408004500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "vlan: 802.1ad around 802.1Q",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 type=dot1ad / vlan id=10 / vlan id=20 / "
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "02000000000202000000000188a8000a8100001486dd600000000008114020010db800000000000000000000000120010db80000"
	  "0000000000000000000203e807d0000898b1" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* 802.1ad_QinQ.pcap, frame 1 */
	{ "vlan: 802.1ad",
	  "ether dst=ff:ff:ff:ff:ff:ff src=00:20:d2:5a:fb:3f type=dot1ad / vlan id=200 / vlan id=2001 / "
	  "arp op=request sha=00:20:d2:5a:fb:3f spa=172.21.79.97 tpa=172.21.79.100 / pad zero:14",
	  "ffffffffffff0020d25afb3f88a800c8810007d1080600010800060400010020d25afb3fac154f61000000000000ac154f640000"
	  "000000000000000000000000" },
};

static void tagged(libnet_t *l)
{
	static const uint8_t first[] = { 2, 0, 0, 0, 0, 1 }, second[] = { 2, 0, 0, 0, 0, 2 };
	oracle_ip4(l, 0, 255);
	libnet_build_802_1q(second, first, ETHERTYPE_VLAN, 5, 1, 1234, ETHERTYPE_IP, NULL, 0, l, 0);
}

static const struct oracle_row libnet_rows[] = {
	{ "vlan: libnet",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / vlan pcp=5 dei=1 id=1234 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2",
	  tagged,
	  { 0, 0 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "vlan");
}
