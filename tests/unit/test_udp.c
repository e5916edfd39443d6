#include "proto/udp.h"

#include "tests/unit/oracle.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "udp: over IPv4", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=53 dport=1024 / text:hello",
	  "4500002100010000401166c90a0000010a00000200350400000da3ca68656c6c6f" },
	{ "udp: over IPv6, odd length", "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=53 dport=1024 / text:hello",
	  "60000000000d114020010db800000000000000000000000120010db800000000000000000000000200350400000d5c5868656c6c"
	  "6f" },
};

#define IP4 "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
#define IP6 "ip6 src=2001:db8::1 dst=2001:db8::2 / "

static void over_ip4(libnet_t *l)
{
	libnet_build_udp(53, 1024, LIBNET_UDP_H + 5, 0, (const uint8_t *)"hello", 5, l, 0);
	oracle_ip4(l, LIBNET_UDP_H + 5, IPPROTO_UDP);
}

static void over_ip6(libnet_t *l)
{
	libnet_build_udp(53, 1024, LIBNET_UDP_H + 5, 0, (const uint8_t *)"hello", 5, l, 0);
	oracle_ip6(l, LIBNET_UDP_H + 5, IPPROTO_UDP, 64);
}

static void summing_up_to_zero(libnet_t *l)
{
	static const uint8_t payload[] = { 0xe0, 0x1f };
	libnet_build_udp(1000, 2000, LIBNET_UDP_H + 2, 0, payload, 2, l, 0);
	oracle_ip4(l, LIBNET_UDP_H + 2, IPPROTO_UDP);
}

/* RFC 768: a computed 0 goes out as all ones; libnet sends 0, which says that there is no checksum. */
static const struct oracle_row libnet_rows[] = {
	{ "udp: libnet over IPv4", IP4 "udp sport=53 dport=1024 / text:hello", over_ip4, { 0, 0 } },
	{ "udp: libnet over IPv6", IP6 "udp sport=53 dport=1024 / text:hello", over_ip6, { 0, 0 } },
	{ "udp: libnet leaves a computed 0",
	  IP4 "udp sport=1000 dport=2000 / hex:e01f",
	  summing_up_to_zero,
	  { 26, 2 } },
};

/* The datagram of summing_up_to_zero: the words of pseudo-header, header and payload add up to 0xffff. */
static void a_computed_zero_is_all_ones(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, IP4 "udp sport=1000 dport=2000 / hex:e01f");
	assert_int_equal(sonde_get(packet + 20, SONDE_UDP_CHECKSUM), 0xffff);
	wire_sum(IP4 "udp sport=1000 dport=2000 / hex:e01f", &sonde_udp, SONDE_SUM_OK);
}

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum(IP4 "udp dport=7 checksum=0", &sonde_udp, SONDE_SUM_ABSENT);
	wire_sum(IP4 "udp dport=7 checksum=1", &sonde_udp, SONDE_SUM_WRONG);
	wire_sum(IP4 "udp dport=7 checksum=partial / text:x", &sonde_udp, SONDE_SUM_PARTIAL);
	wire_sum("ip id=1 flags=MF dst=10.0.0.2 / udp dport=7 length=99 checksum=1", &sonde_udp, SONDE_SUM_FRAGMENT);
	wire_sum(IP4 "udp dport=7 length=99 checksum=5", &sonde_udp, SONDE_SUM_WRONG);
}

/* RFC 768: the sum covers what the length says; bytes behind it belong to nobody. */
static void the_length_bounds_the_sum(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, IP4 "udp sport=1000 dport=2000 length=8 / text:surplus");
	assert_int_equal(sonde_get(packet + 20, SONDE_UDP_CHECKSUM), 0xe023);
}

/* RFC 2675, 4: but in a jumbogram. */
static void a_datagram_over_65535_bytes_is_refused(void **state)
{
	static uint8_t jumbo[70000];
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, jumbo, sizeof jumbo);
	assert_int_equal(sonde_push(&p, &sonde_udp), 0);
	assert_int_equal(sonde_push_payload(&p, sonde_view(jumbo + 8, 65535 - 8)), 0);
	assert_int_equal(sonde_finish(&p), 0);
	assert_int_equal(sonde_get(jumbo, SONDE_UDP_LENGTH), 65535);
	assert_int_equal(sonde_push_payload(&p, sonde_view("x", 1)), 0);
	assert_int_equal(sonde_finish(&p), SONDE_E_RANGE);
}

/* What is written last counts, whether it came before or behind `partial`. */
static void a_written_checksum_ends_partial(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 checksum=partial");
	uint8_t *udp = packet + p.layers[1].offset;
	uint64_t partial = sonde_get(udp, SONDE_UDP_CHECKSUM);
	assert_int_equal(partial, sonde_partial_sum(&p, 1));
	assert_int_equal(sonde_set(&p, 1, SONDE_UDP_CHECKSUM, 0x1234), 0);
	sonde_finish(&p);
	assert_int_equal(sonde_get(udp, SONDE_UDP_CHECKSUM), 0x1234);
	assert_int_equal(sonde_set_partial(&p, 1), 0);
	assert_int_equal(sonde_set(&p, 1, SONDE_UDP_SPORT, 7), 0);
	sonde_finish(&p);
	assert_int_equal(sonde_get(udp, SONDE_UDP_CHECKSUM), partial);
	assert_int_equal(sonde_set_auto(&p, 1, SONDE_UDP_CHECKSUM), 0);
	sonde_finish(&p);
	assert_int_equal(sonde_verify(&p, 1), SONDE_SUM_OK);
	assert_int_equal(sonde_set_partial(&p, 0), SONDE_E_ABSENT);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, a_computed_zero_is_all_ones);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, the_length_bounds_the_sum);
	UNIT_TEST(&u, a_datagram_over_65535_bytes_is_refused);
	UNIT_TEST(&u, a_written_checksum_ends_partial);
	return unit_run(&u, "udp");
}
