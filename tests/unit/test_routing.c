#include "proto/routing.h"

#include "proto/udp.h"
#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "routing: type 0, two addresses left",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / routing type=source addrs=2001:db8::3,2001:db8::4 / "
	  "udp sport=1000 dport=2000",
	  "6000000000302b4020010db800000000000000000000000120010db8000000000000000000000002110400020000000020010db8"
	  "00000000000000000000000320010db800000000000000000000000403e807d0000898af" },
	{ "routing: type 0, used up",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / routing type=source segleft=0 addrs=2001:db8::3 / "
	  "udp sport=1000 dport=2000",
	  "6000000000202b4020010db800000000000000000000000120010db8000000000000000000000002110200000000000020010db8"
	  "00000000000000000000000303e807d0000898b1" },
	{ "routing: a segment routing header",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / routing type=segment tag=5 segs=2001:db8::5,2001:db8::4 / "
	  "udp sport=1000 dport=2000",
	  "6000000000302b4020010db800000000000000000000000120010db8000000000000000000000002110404010100000520010db8"
	  "00000000000000000000000520010db800000000000000000000000403e807d0000898ae" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* ipv6-routing-header.pcap, frame 2 */
	{ "routing: two addresses, both to visit",
	  "ether dst=00:13:c4:c7:84:f0 src=00:12:3f:ae:22:f7 / "
	  "ip6 hlim=5 src=2200::244:212:3fff:feae:22f7 dst=2200::211:2:0:0:2 / "
	  "routing type=source addrs=2200::210:2:0:0:4,2200::240:2:0:0:4 / icmp6 type=echo code=0 id=0 seq=0",
	  "0013c4c784f000123fae22f786dd6000000000302b05220000000000024402123ffffeae22f72200000000000211000200000000"
	  "00023a0400020000000022000000000002100002000000000004220000000000024000020000000000048000d37b00000000" },
};

#define IP6 "ip6 src=2001:db8::1 dst=2001:db8::2 / "

/* Headers from the drawings in RFC 6275, 6.4, RFC 6554, 3, and RFC 8754, 2. */
static const struct wire_row drawn[] = {
	{ "routing: mobile", "routing type=mobile addrs=2001:db8::9",
	  "3b02 02 01 00000000 20010db8000000000000000000000009" },
	{ "routing: RPL, addresses without 15 and 14 bytes",
	  "routing type=rpl segleft=2 cmpri=15 cmpre=14 pad=5 vector=0304050000000000",
	  "3b01 03 02 fe500000 0304050000000000" },
	{ "routing: segments, a tag, padding and an HMAC",
	  "routing type=segment flags=0x08 tag=7 segs=2001:db8::9 "
	  "tlvs=padn:2,pad1,hmac:0x8000:5:0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20",
	  "3b08 04 00 00080007 20010db8000000000000000000000009 04020000 00 0526 8000 00000005"
	  "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20 040100" },
	{ "routing: TLVs that are filled up otherwise",
	  "routing type=segment segs=2001:db8::9 tlvs=padn:2,pad1,pad1,pad1",
	  "3b03 04 00 00000000 20010db8000000000000000000000009 04020000 00000000" },
	{ "routing: a TLV without a description", "routing type=segment segs=2001:db8::9 tlvs=124:0102",
	  "3b03 04 00 00000000 20010db8000000000000000000000009 7c020102 04020000" },
	{ "routing: TLVs with room for one byte", "routing type=segment segs=2001:db8::9 tlvs=124:0102030405",
	  "3b03 04 00 00000000 20010db8000000000000000000000009 7c050102030405 00" },
	{ "routing: a type without a description", "routing type=253 body=0102030405060708090a0b0c",
	  "3b01 fd 00 0102030405060708090a0b0c" },
};

static void source_route(libnet_t *l)
{
	uint8_t body[4 + 16] = { 0 };
	struct libnet_in6_addr a = oracle_addr6("2001:db8::3");
	memcpy(body + 4, &a, sizeof a);
	libnet_build_udp(1000, 2000, LIBNET_UDP_H, 0xe023, NULL, 0, l, 0);
	libnet_build_ipv6_routing(IPPROTO_UDP, 2, 0, 1, body, sizeof body, l, 0);
	oracle_ip6(l, LIBNET_IPV6_ROUTING_H + sizeof body + LIBNET_UDP_H, IPPROTO_ROUTING, 64);
}

/* Behind such a header libnet writes a computed checksum into it (its issue 34): the row gives one. */
static const struct oracle_row libnet_rows[] = {
	{ "routing: libnet",
	  IP6 "routing type=source addrs=2001:db8::3 / udp sport=1000 dport=2000 checksum=0xe023",
	  source_route,
	  { 0, 0 } },
};

static uint32_t udp_checksum(const char *text)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, packet, text);
	return (uint32_t)sonde_get(packet + p.layers[p.n_layers - 1].offset, SONDE_UDP_CHECKSUM);
}

/* RFC 8200, 8.1: with segments left, the pseudo-header has the last address of the route; RFC 6554 leaves the bytes
 * that it shares with the destination out; a segment routing header has its last segment first. */
static void the_route_holds_the_destination(void **state)
{
	uint32_t direct = udp_checksum("ip6 src=2001:db8::1 dst=2001:db8::9 / udp sport=1000 dport=2000");
	(void)state;
	assert_int_equal(udp_checksum(IP6 "routing type=source addrs=::5,2001:db8::9 / udp sport=1000 dport=2000"),
			 direct);
	assert_int_equal(udp_checksum(IP6 "routing type=mobile addrs=2001:db8::9 / udp sport=1000 dport=2000"), direct);
	assert_int_equal(
		udp_checksum(IP6 "routing type=segment segs=2001:db8::9,::5 segleft=1 / udp sport=1000 dport=2000"),
		direct);
	assert_int_equal(udp_checksum(IP6
				      "routing type=rpl segleft=2 cmpri=15 cmpre=15 pad=6 vector=0509000000000000 / "
				      "udp sport=1000 dport=2000"),
			 direct);
	assert_int_equal(udp_checksum("ip6 src=2001:db8::1 dst=2001:db8::9 / routing type=source segleft=0 addrs=::5 / "
				      "udp sport=1000 dport=2000"),
			 direct);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, the_route_holds_the_destination);
	return unit_run(&u, "routing");
}
