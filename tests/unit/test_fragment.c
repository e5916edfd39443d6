#include "proto/fragment.h"

#include "proto/udp.h"
#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "fragment: the first fragment",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment m=1 id=0x12345678 / "
	  "udp sport=1000 dport=2000 length=1000 checksum=0xbeef / zero:8",
	  "6000000000182c4020010db800000000000000000000000120010db8000000000000000000000002110000011234567803e807d0"
	  "03e8beef0000000000000000" },
	{ "fragment: the last fragment",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment next=udp offset=185 id=0x12345678 / hex:0102",
	  "60000000000a2c4020010db800000000000000000000000120010db8000000000000000000000002110005c8123456780102" },
};

static void last(libnet_t *l)
{
	libnet_build_ipv6_frag(IPPROTO_UDP, 0, 185 << 3, 0x12345678, (const uint8_t *)"abcd", 4, l, 0);
	oracle_ip6(l, LIBNET_IPV6_FRAG_H + 4, IPPROTO_FRAGMENT, 64);
}

/* libnet stores offset and identification in the order of the machine. */
static const struct oracle_row libnet_rows[] = {
	{ "fragment: libnet, offset and id swapped",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment next=udp offset=185 id=0x12345678 / text:abcd",
	  last,
	  { 42, 6 } },
};

static void checksums_inside_are_not_judged(void **state)
{
	(void)state;
	wire_sum("ip6 dst=::2 / fragment m=1 / udp dport=7 / text:abcdefgh", &sonde_udp, SONDE_SUM_FRAGMENT);
	wire_sum("ip6 dst=::2 / fragment / udp dport=7 / text:abcdefgh", &sonde_udp, SONDE_SUM_OK);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, rows);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, checksums_inside_are_not_judged);
	return unit_run(&u, "fragment");
}
