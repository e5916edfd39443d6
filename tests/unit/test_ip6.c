#include "proto/hopopts.h"
#include "proto/ip6.h"
#include "proto/options6.h"
#include "proto/udp.h"

#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "ip6: every field of the header",
	  "ip6 tclass=0xb8 flow=0x12345 next=experiment1 hlim=7 src=2001:db8::1 dst=2001:db8::2 / hex:0102",
	  "6b8123450002fd0720010db800000000000000000000000120010db80000000000000000000000020102" },
	{ "ip6: nothing inside", "ip6 src=2001:db8::1 dst=2001:db8::2",
	  "6000000000003b4020010db800000000000000000000000120010db8000000000000000000000002" },
	{ "ip6: IPv6 in IPv4",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1000 dport=2000",
	  "45000044000100004029668e0a0000010a000002600000000008114020010db800000000000000000000000120010db800000000"
	  "000000000000000203e807d0000898b1" },
};

static void every_field(libnet_t *l)
{
	libnet_build_ipv6(0xb8, 0x12345, 4, 253, 7, oracle_addr6("2001:db8::1"), oracle_addr6("2001:db8::2"),
			  (const uint8_t *)"abcd", 4, l, 0);
}

/* libnet writes the last byte of the flow label over the one before it. */
static const struct oracle_row libnet_rows[] = {
	{ "ip6: libnet, every field",
	  "ip6 tclass=0xb8 flow=0x12345 next=253 hlim=7 src=2001:db8::1 dst=2001:db8::2 / text:abcd",
	  every_field,
	  { 2, 1 } },
};

/* The hop limit is what the message inside needs (RFC 4861, 6.1.1, RFC 3122, RFC 2710, 3, RFC 4286), extension
 * headers between or not. */
static void the_hop_limit_follows_what_is_inside(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip6 dst=ff02::1 / icmp6 type=neighbour-solicit target=fe80::1");
	assert_int_equal(packet[7], 255);
	wire_build(&p, packet, "ip6 dst=ff02::1 / hopopts options=ra:0 / dstopts / icmp6 type=mld-query group=::");
	assert_int_equal(packet[7], 1);
	wire_build(&p, packet, "ip6 dst=ff02::1 / icmp6 type=inverse-solicit");
	assert_int_equal(packet[7], 255);
	wire_build(&p, packet, "ip6 dst=ff02::1 / icmp6 type=mrd-solicit");
	assert_int_equal(packet[7], 1);
	wire_build(&p, packet, "ip6 dst=ff02::1 / icmp6 type=echo");
	assert_int_equal(packet[7], 64);
	wire_build(&p, packet, "ip6 hlim=9 dst=ff02::1 / icmp6 type=redirect target=:: dst=::");
	assert_int_equal(packet[7], 9);
}

/* RFC 2675: a length of 0 is that of a jumbogram (and what offload leaves), unless nothing follows. */
static void the_length_bounds_the_packet(void **state)
{
	static uint8_t jumbo[70000];
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip6 length=0 src=::1 dst=::2 / udp sport=1 dport=2 / text:abc");
	wire_read(&p, packet, p.len, &sonde_ip6);
	assert_int_equal(sonde_payload(&p).len, 3);
	wire_build(&p, packet, "ip6 src=::1 dst=::2 / pad zero:5");
	wire_read(&p, packet, p.len, &sonde_ip6);
	assert_int_equal(p.n_trailers, 1);
	wire_build(&p, packet, "ip6 src=::1 dst=::2 / udp sport=1 dport=2 / text:abc / pad zero:5");
	wire_read(&p, packet, p.len, &sonde_ip6);
	assert_int_equal(sonde_payload(&p).len, 3);
	sonde_packet_init(&p, jumbo, sizeof jumbo);
	assert_int_equal(sonde_push(&p, &sonde_ip6), 0);
	assert_int_equal(sonde_push_payload(&p, sonde_view(jumbo + 40, 65535)), 0);
	assert_int_equal(sonde_finish(&p), 0);
	assert_int_equal(sonde_get(jumbo, SONDE_IP6_LENGTH), 65535);
	assert_int_equal(sonde_push_payload(&p, sonde_view("x", 1)), 0);
	assert_int_equal(sonde_finish(&p), SONDE_E_RANGE);
}

/* RFC 2675: the length is that of a hop-by-hop option, and 0 in the headers of IPv6 and UDP. */
static void a_jumbogram_has_no_length(void **state)
{
	static uint8_t jumbo[70000];
	static const uint8_t option[] = { 194, 4, 0, 1, 0, 16 };
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, jumbo, sizeof jumbo);
	assert_int_equal(sonde_push(&p, &sonde_ip6), 0);
	assert_int_equal(sonde_push(&p, &sonde_hopopts), 1);
	assert_int_equal(sonde_set_bytes(&p, 1, SONDE_OPTIONS6_OPTIONS, sonde_view(option, sizeof option)), 0);
	assert_int_equal(sonde_push(&p, &sonde_udp), 2);
	assert_int_equal(sonde_push_payload(&p, sonde_view(jumbo + 56, 65536)), 0);
	assert_int_equal(sonde_finish(&p), 0);
	assert_int_equal(sonde_get(jumbo, SONDE_IP6_LENGTH), 0);
	assert_int_equal(sonde_get(sonde_layer_header(&p, 2), SONDE_UDP_LENGTH), 0);
	assert_int_equal(sonde_verify(&p, 2), SONDE_SUM_OK);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, the_hop_limit_follows_what_is_inside);
	UNIT_TEST(&u, the_length_bounds_the_packet);
	UNIT_TEST(&u, a_jumbogram_has_no_length);
	return unit_run(&u, "ip6");
}
