#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "ah: in IPv4",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / ah spi=0x00000102 seq=7 icv=000102030405060708090a0b / "
	  "udp sport=1000 dport=2000",
	  "4500003400010000403366940a0000010a000002110400000000010200000007000102030405060708090a0b03e807d00008e023" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* OSPFv3_with_AH.pcap, frame 1 */
	{ "ah: OSPF over IPv6",
	  "ether dst=33:33:00:00:00:05 src=c2:00:68:b3:00:01 / ip6 tclass=0xe0 hlim=1 src=fe80::1 dst=ff02::5 / "
	  "ah spi=0x00000100 seq=19 icv=21d3a95c5ffd4d184622b9f8 / "
	  "ospf3 type=hello router=1.1.1.1 area=0.0.0.1 / hex:0000000501000013000a00280000000000000000",
	  "333300000005c20068b3000186dd6e000000003c3301fe800000000000000000000000000001ff02000000000000000000000000"
	  "000559040000000001000000001321d3a95c5ffd4d184622b9f8030100240101010100000001fb8600000000000501000013000a"
	  "00280000000000000000" },
};

static void in_ip4(libnet_t *l)
{
	libnet_build_udp(1000, 2000, LIBNET_UDP_H, 0xe023, NULL, 0, l, 0);
	libnet_build_ipsec_ah(IPPROTO_UDP, 2, 0, 0x102, 7, 0x0a0b0c0d, NULL, 0, l, 0);
	oracle_ip4(l, LIBNET_IPSEC_AH_H + LIBNET_UDP_H, IPPROTO_AH);
}

/* Behind such a header libnet writes a computed checksum into it (its issue 34): the row gives one. */
static const struct oracle_row libnet_rows[] = {
	{ "ah: libnet",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / ah spi=0x102 seq=7 icv=0a0b0c0d / udp sport=1000 dport=2000 "
	  "checksum=0xe023",
	  in_ip4,
	  { 0, 0 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "ah");
}
