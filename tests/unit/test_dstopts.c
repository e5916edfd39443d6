#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes; the checksum with a home address has it for its source (RFC 6275, 11.3.1). */
static const struct wire_row rows[] = {
	{ "dstopts: home address",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts options=padn:2,home:2001:db8::3 / "
	  "tcp sport=1000 dport=80 seq=0 flags=S win=8192",
	  "60000000002c3c4020010db800000000000000000000000120010db8000000000000000000000002060201020000c91020010db8"
	  "00000000000000000000000303e8005000000000000000005002200030340000" },
	{ "dstopts: nothing but filling", "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts / udp sport=1000 dport=2000",
	  "6000000000103c4020010db800000000000000000000000120010db8000000000000000000000002110001040000000003e807d0"
	  "000898b1" },
};

/* The first of them with other padding: nothing that is summed up is another. */
static const struct wire_row drawn[] = {
	{ "dstopts: home address behind a byte of padding",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts options=pad1,home:2001:db8::3 / tcp sport=1000 dport=80 seq=0 "
	  "flags=S win=8192",
	  "60000000002c3c4020010db800000000000000000000000120010db8000000000000000000000002060200c91020010db80000000000"
	  "0000000000000301010003e8005000000000000000005002200030340000" },
};

static void padding(libnet_t *l)
{
	static const uint8_t options[] = { 1, 4, 0, 0, 0, 0 };
	libnet_build_udp(1000, 2000, LIBNET_UDP_H, 0xe023, NULL, 0, l, 0);
	libnet_build_ipv6_destopts(IPPROTO_UDP, 0, options, sizeof options, l, 0);
	oracle_ip6(l, 16, IPPROTO_DSTOPTS, 64);
}

static void padding_and_checksum(libnet_t *l)
{
	static const uint8_t options[] = { 1, 4, 0, 0, 0, 0 };
	libnet_build_udp(1000, 2000, LIBNET_UDP_H, 0, NULL, 0, l, 0);
	libnet_build_ipv6_destopts(IPPROTO_UDP, 0, options, sizeof options, l, 0);
	oracle_ip6(l, 16, IPPROTO_DSTOPTS, 64);
}

/* libnet writes a computed checksum into the options instead of into the datagram (its issue 34). */
static const struct oracle_row libnet_rows[] = {
	{ "dstopts: libnet",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts / udp sport=1000 dport=2000 checksum=0xe023",
	  padding,
	  { 0, 0 } },
	{ "dstopts: libnet, with the checksum in the wrong place",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts / udp sport=1000 dport=2000",
	  padding_and_checksum,
	  { 46, 10 } },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "dstopts");
}
