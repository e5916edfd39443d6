#include "proto/ip.h"

#include "proto/udp.h"
#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "ip: every field of the header",
	  "ip tos=0xb9 id=4660 flags=MF offset=185 ttl=3 proto=udp src=192.0.2.1 dst=198.51.100.2 / "
	  "hex:0102030405060708",
	  "45b9001c123420b9031197f4c0000201c63364020102030405060708" },
	{ "ip: evil, without a payload", "ip id=1 flags=DF+evil src=10.0.0.1 dst=10.0.0.2",
	  "450000140001c00040ffa5e70a0000010a000002" },
	{ "ip: record route and filling",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=rr:0.0.0.0+0.0.0.0 / udp sport=1000 dport=2000",
	  "4800002800010000401158b70a0000010a000002070b0400000000000000000003e807d00008e023" },
	{ "ip: router alert", "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=ra / udp sport=1000 dport=2000",
	  "46000020000100004011d1c50a0000010a0000029404000003e807d00008e023" },
	{ "ip: a source route",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=lsrr:10.0.0.3+10.0.0.4 / udp sport=1000 dport=2000",
	  "48000028000100004011d5a20a0000010a000002830b040a0000030a0000040003e807d00008e021" },
	{ "ip: a packet in a packet",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / ip id=1 src=192.0.2.1 dst=192.0.2.2 / "
	  "icmp type=echo code=0 id=7 seq=9",
	  "4500003000010000400466c70a0000010a0000024500001c000100004001f6dcc0000201c00002020800f7ef00070009" },
};

/* Options from their drawings in RFC 791, 3.1. */
static const struct wire_row drawn[] = {
	{ "ip: timestamps, none of them there", "ip id=0 src=1.2.3.4 dst=5.6.7.8 options=ts:0:00000000+00000000",
	  "4800 0020 0000 0000 40ff 1dc0 01020304 05060708 440c0500 00000000 00000000" },
	{ "ip: an option without a description", "ip id=0 src=1.2.3.4 dst=5.6.7.8 options=2:0102",
	  "4600 0018 0000 0000 40ff 65ce 01020304 05060708 02040102" },
	{ "ip: timestamps with addresses, and an overflow",
	  "ip id=0 proto=experiment1 src=1.2.3.4 dst=5.6.7.8 options=ts:1:0a000001+00000064+00000000+00000000:13:2",
	  "4a00002800000000 40fd092c0102030405060708 44140d21 0a000001 00000064 00000000 00000000" },
	{ "ip: stream, security, end and filling",
	  "ip id=0 src=1.2.3.4 dst=5.6.7.8 options=sid:7,sec:000000000000000000",
	  "4900002400000000 40ff5bb1 01020304 05060708 88040007 820b0000000000000000 00 00" },
	{ "ip: a strict route, a no-operation between", "ip id=0 src=1.2.3.4 dst=5.6.7.8 options=nop,ssrr:9.9.9.9",
	  "4700001c00000000 40ff4d31 01020304 05060708 01 890704 09090909" },
};

static void every_field(libnet_t *l)
{
	libnet_build_ipv4(LIBNET_IPV4_H + 4, 0xb9, 0x1234, IP_DF | 185, 3, 253, 0, oracle_addr4("192.0.2.1"),
			  oracle_addr4("198.51.100.2"), (const uint8_t *)"abcd", 4, l, 0);
}

static void with_options(libnet_t *l)
{
	static const uint8_t options[] = { 148, 4, 0, 0 };
	libnet_build_ipv4_options(options, sizeof options, l, 0);
	oracle_ip4(l, sizeof options, 255);
}

static void with_options_that_grow(libnet_t *l)
{
	static const uint8_t options[] = { 148, 4, 0, 0, 1, 1, 1, 1 }, payload[228];
	libnet_build_data(payload, sizeof payload, l, 0);
	libnet_ptag_t tag = libnet_build_ipv4_options(options, 4, l, 0);
	oracle_ip4(l, 4 + sizeof payload, 255);
	libnet_build_ipv4_options(options, sizeof options, l, tag);
}

/* Where options change the length, libnet adds to it without a carry: 252 + 4 is 0, and the checksum with it. */
static const struct oracle_row libnet_rows[] = {
	{ "ip: libnet, every field",
	  "ip tos=0xb9 id=0x1234 flags=DF offset=185 ttl=3 proto=253 src=192.0.2.1 dst=198.51.100.2 / "
	  "text:abcd",
	  every_field,
	  { 0, 0 } },
	{ "ip: libnet with options", "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=ra", with_options, { 0, 0 } },
	{ "ip: libnet with options that grow",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=ra,nop,nop,nop,nop / zero:228",
	  with_options_that_grow,
	  { 2, 10 } },
};

#define ROUTED(route) "ip id=1 src=10.0.0.1 dst=10.0.0.2 options=" route " / udp sport=1000 dport=2000"

static uint32_t udp_checksum(const char *text)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, packet, text);
	return (uint32_t)sonde_get(packet + p.layers[1].offset, SONDE_UDP_CHECKSUM);
}

/* RFC 9293, 3.1, and RFC 1122, 3.2.1.8: the pseudo-header has the final destination, which is the route's last address
 * until the route is used up. The sums are those of the same datagrams without a route, by Scapy. */
static void a_source_route_holds_the_destination(void **state)
{
	const uint32_t to_header = 0xe023, to_10_0_0_4 = 0xe021;
	(void)state;
	assert_int_equal(udp_checksum("ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=1000 dport=2000"), to_header);
	assert_int_equal(udp_checksum(ROUTED("lsrr:10.0.0.3+10.0.0.4")), to_10_0_0_4);
	assert_int_equal(udp_checksum(ROUTED("nop,ssrr:10.0.0.3+10.0.0.4:8")), to_10_0_0_4);
	assert_int_equal(udp_checksum(ROUTED("lsrr:10.0.0.3+10.0.0.4:12")), to_header);
	assert_int_equal(udp_checksum(ROUTED("rr:10.0.0.3+10.0.0.4")), to_header);
	assert_int_equal(udp_checksum(ROUTED("lsrr.9:04")), to_header);
	assert_int_equal(udp_checksum(ROUTED("eol,hex:830704,hex:0a000004")), to_header);
}

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum("ip dst=10.0.0.2", &sonde_ip, SONDE_SUM_OK);
	wire_sum("ip dst=10.0.0.2 checksum=0", &sonde_ip, SONDE_SUM_WRONG);
	wire_sum("ip dst=10.0.0.2 ihl=15", &sonde_ip, SONDE_SUM_MALFORMED);
}

static void views_write_into_tos(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip dst=10.0.0.2 dscp=46 ecn=1");
	assert_int_equal(packet[1], 0xb9);
}

/* A total length of 0 is how segmentation offload leaves it; behind the length written there is padding. */
static void the_length_bounds_the_packet(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip length=0 src=1.2.3.4 dst=5.6.7.8 / udp sport=1 dport=2 / text:abc");
	assert_int_equal(p.len, 20 + 8 + 3);
	wire_read(&p, packet, p.len, &sonde_ip);
	assert_int_equal(sonde_payload(&p).len, 3);
	wire_build(&p, packet, "ip src=1.2.3.4 dst=5.6.7.8 / udp sport=1 dport=2 / text:abc / pad zero:5");
	wire_read(&p, packet, p.len, &sonde_ip);
	assert_int_equal(sonde_payload(&p).len, 3);
	assert_int_equal(p.n_trailers, 1);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, a_source_route_holds_the_destination);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, views_write_into_tos);
	UNIT_TEST(&u, the_length_bounds_the_packet);
	return unit_run(&u, "ip");
}
