#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "mpls: two labels",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16001 ttl=255 / "
	  "mpls label=16 tc=5 ttl=254 / ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000",
	  "020000000002020000000001884703e810ff00010bfe4500001c00010000401166ce0a0000010a00000203e807d00008e023" },
	{ "mpls: IPv6 below the label",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=2 / "
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "020000000002020000000001884700002140600000000008114020010db800000000000000000000000120010db8000000000000"
	  "00000000000203e807d0000898b1" },
	{ "mpls: a pseudowire",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=100 / hex:000000010102030405060708",
	  "020000000002020000000001884700064140000000010102030405060708" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* mpls-over-udp.pcap, frame 1 */
	{ "mpls: in UDP",
	  "ether dst=52:9a:00:c8:4f:88 src=52:9a:00:82:5c:62 / ip id=26479 src=10.100.12.170 dst=10.100.13.157 / "
	  "udp sport=58699 dport=6635 checksum=0x0000 / mpls label=21 ttl=63 / "
	  "ip id=26479 flags=DF ttl=63 src=10.3.0.10 dst=10.1.0.10 / icmp type=echo code=0 id=42731 seq=16 / "
	  "hex:94073f5e000000004588030000000000101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f3031"
	  "323334353637",
	  "529a00c84f88529a00825c62080045000074676f00004011e3fb0a640caa0a640d9de54b19eb006000000001513f45000054676f"
	  "40003f01c0220a03000a0a01000a08007643a6eb001094073f5e000000004588030000000000101112131415161718191a1b1c1d"
	  "1e1f202122232425262728292a2b2c2d2e2f3031323334353637" },
};

static void two_labels(libnet_t *l)
{
	static const uint8_t first[] = { 2, 0, 0, 0, 0, 1 }, second[] = { 2, 0, 0, 0, 0, 2 };
	oracle_ip4(l, 0, 255);
	libnet_build_mpls(16, 5, LIBNET_MPLS_BOS_ON, 254, NULL, 0, l, 0);
	libnet_build_mpls(16001, 0, LIBNET_MPLS_BOS_OFF, 255, NULL, 0, l, 0);
	libnet_build_ethernet(second, first, ETHERTYPE_MPLS, NULL, 0, l, 0);
}

static const struct oracle_row libnet_rows[] = {
	{ "mpls: libnet",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16001 ttl=255 / mpls label=16 tc=5 ttl=254 / "
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2",
	  two_labels,
	  { 0, 0 } },
};

/* The bottom of the stack is the label that no other follows, unless it is written. */
static const struct wire_row drawn[] = {
	{ "mpls: a stack that ends before its bottom",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16 s=0",
	  "0200000000020200000000018847 00010040" },
	{ "mpls: a bottom too early",
	  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / mpls label=16 / hex:00010140",
	  "0200000000020200000000018847 00010140 00010140" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	return unit_run(&u, "mpls");
}
