#include "proto/vrrp.h"

#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "vrrp: version 2",
	  "ip id=1 src=10.0.0.3 dst=224.0.0.18 / vrrp version=2 vrid=7 priority=200 addrs=10.0.0.1+10.0.0.2",
	  "4500002c00010000ff70d14b0a000003e00000122107c802000102f20a0000010a0000020000000000000000" },
	{ "vrrp: version 2, with a password",
	  "ip id=1 src=10.0.0.3 dst=224.0.0.18 / vrrp version=2 vrid=7 priority=0 authtype=simple advint=3 "
	  "addrs=10.0.0.1 auth=pass",
	  "4500002800010000ff70d14f0a000003e0000012210700010103f01e0a0000017061737300000000" },
	{ "vrrp: version 3 in IPv6",
	  "ip6 src=fe80::3 dst=ff02::12 / vrrp vrid=9 addrs=fe80::1+2001:db8::1",
	  "60000000002870fffe800000000000000000000000000003ff0200000000000000000000000000123109640200644023fe800000"
	  "00000000000000000000000120010db8000000000000000000000001" },
	{ "vrrp: version 3 in IPv4",
	  "ip id=1 src=10.0.0.3 dst=224.0.0.18 / vrrp vrid=9 priority=255 advint=250 addrs=10.0.0.1",
	  "4500002000010000ff70d1570a000003e00000123109ff0100fada670a000001" },
};

/* By hand, from the drawings of RFC 3768 and RFC 5798; without IP around there is no pseudo-header. */
static const struct wire_row drawn[] = {
	{ "vrrp: reserved bits, another type", "vrrp type=2 vrid=1 rsvd=0xf advint=4095 checksum=0x0000 addrs=10.0.0.1",
	  "32 01 64 01 ffff 0000 0a000001" },
	{ "vrrp: no addresses", "vrrp vrid=1 checksum=0x0000", "31 01 64 00 0064 0000" },
	{ "vrrp: a number that lies", "vrrp vrid=1 count=3 checksum=0x0000 addrs=0x0a0000010a000002",
	  "31 01 64 03 0064 0000 0a0000010a000002" },
	{ "vrrp: version 2 that is cut", "vrrp version=2 vrid=1 count=2 addrs=0x0a000001 have=12",
	  "21 01 64 02 0001 0000 0a000001" },
	{ "vrrp: another version", "vrrp version=4 vrid=1 checksum=0x0000 addrs=10.0.0.1+10.0.0.2",
	  "41 01 64 02 0064 0000 0a000001 0a000002" },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum("ip dst=224.0.0.18 / vrrp vrid=1 addrs=10.0.0.1", &sonde_vrrp, SONDE_SUM_OK);
	wire_sum("ip6 dst=ff02::12 / vrrp vrid=1 addrs=fe80::1", &sonde_vrrp, SONDE_SUM_OK);
	wire_sum("ip dst=224.0.0.18 / vrrp version=2 vrid=1 addrs=10.0.0.1", &sonde_vrrp, SONDE_SUM_OK);
	wire_sum("ip dst=224.0.0.18 / vrrp vrid=1 checksum=1 addrs=10.0.0.1", &sonde_vrrp, SONDE_SUM_WRONG);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, drawn);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "vrrp");
}
