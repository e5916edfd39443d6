#include "proto/icmp6.h"

#include "tests/unit/oracle.h"

#define IP6 "ip6 src=2001:db8::1 dst=2001:db8::2 / "

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "icmp6: echo", "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=echo code=0 id=4660 seq=7 / text:ping",
	  "60000000000c3a4020010db800000000000000000000000120010db8000000000000000000000002800033381234000770696e67" },
	{ "icmp6: port unreachable",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=unreach code=port / "
	  "ip6 src=2001:db8::2 dst=2001:db8::1 / udp sport=2000 dport=33434 / text:x",
	  "6000000000393a4020010db800000000000000000000000120010db8000000000000000000000002010431e40000000060000000"
	  "0009114020010db800000000000000000000000220010db800000000000000000000000107d0829a0009a1fc78" },
	{ "icmp6: packet too big",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=toobig code=0 mtu=1280 / "
	  "ip6 src=2001:db8::2 dst=2001:db8::1 / udp sport=2000 dport=33434 / text:x",
	  "6000000000393a4020010db800000000000000000000000120010db800000000000000000000000202002be80000050060000000"
	  "0009114020010db800000000000000000000000220010db800000000000000000000000107d0829a0009a1fc78" },
	{ "icmp6: time exceeded",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=timxceed code=transit / "
	  "ip6 src=2001:db8::2 dst=2001:db8::1 / udp sport=2000 dport=33434 / text:x",
	  "6000000000393a4020010db800000000000000000000000120010db800000000000000000000000203002fe80000000060000000"
	  "0009114020010db800000000000000000000000220010db800000000000000000000000107d0829a0009a1fc78" },
	{ "icmp6: parameter problem",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=paramprob code=next-header pointer=6 / "
	  "ip6 src=2001:db8::2 dst=2001:db8::1 / udp sport=2000 dport=33434 / text:x",
	  "6000000000393a4020010db800000000000000000000000120010db800000000000000000000000204012ee10000000660000000"
	  "0009114020010db800000000000000000000000220010db800000000000000000000000107d0829a0009a1fc78" },
	{ "icmp6: MLD query", "ip6 src=fe80::1 dst=ff02::1 / icmp6 type=mld-query code=0 maxresp=10000 group=::",
	  "6000000000183a01fe800000000000000000000000000001ff020000000000000000000000000001820059172710000000000000"
	  "000000000000000000000000" },
	{ "icmp6: MLD done", "ip6 src=fe80::1 dst=ff02::1 / icmp6 type=mld-done code=0 group=ff02::db8",
	  "6000000000183a01fe800000000000000000000000000001ff0200000000000000000000000000018400716c00000000ff020000"
	  "000000000000000000000db8" },
	{ "icmp6: MLD query, version 2",
	  "ip6 src=fe80::1 dst=ff02::1 / icmp6 type=mld-query code=0 maxresp=10000 group=ff02::db8 s=1 qrv=2 "
	  "qqic=125 sources=2001:db8::3,2001:db8::4",
	  "60000000003c3a01fe800000000000000000000000000001ff0200000000000000000000000000018200e63f27100000ff020000"
	  "000000000000000000000db80a7d000220010db800000000000000000000000320010db8000000000000000000000004" },
	{ "icmp6: MLD report, version 2",
	  "ip6 src=fe80::1 dst=ff02::16 / icmp6 type=mld-report2 code=0 "
	  "records=to_ex:[ff02::db8],allow:[ff02::db9]:[2001:db8::3+2001:db8::4]",
	  "6000000000503a01fe800000000000000000000000000001ff0200000000000000000000000000168f00f4e50000000204000000"
	  "ff020000000000000000000000000db805000002ff020000000000000000000000000db920010db8000000000000000000000003"
	  "20010db8000000000000000000000004" },
	{ "icmp6: router solicitation",
	  "ip6 src=fe80::1 dst=ff02::2 / icmp6 type=router-solicit code=0 options=slla:02:00:00:00:00:01",
	  "6000000000103afffe800000000000000000000000000001ff02000000000000000000000000000285007a2c0000000001010200"
	  "00000001" },
	{ "icmp6: router advertisement",
	  "ip6 src=fe80::1 dst=ff02::1 / icmp6 type=router-advert code=0 hlim=32 m=1 o=1 pref=high lifetime=1800 "
	  "reachable=30000 retrans=1000 "
	  "options=mtu:1492,prefix:[2001:db8::]:64:LA:86400:14400,rdnss:[2001:db8::53+2001:db8::54]:600,"
	  "route:48:low:1800:20010db800010000,interval:600000,home-agent:1:2",
	  "6000000000803afffe800000000000000000000000000001ff0200000000000000000000000000018600a9a120c8070800007530"
	  "000003e805010000000005d4030440c000015180000038400000000020010db80000000000000000000000001905000000000258"
	  "20010db800000000000000000000005320010db8000000000000000000000054180230180000070820010db80001000007010000"
	  "000927c00801000000010002" },
	{ "icmp6: DNS search list",
	  "ip6 src=fe80::1 dst=ff02::1 / icmp6 type=router-advert code=0 lifetime=1800 "
	  "options=dnssl:600:03777777076578616d706c6500000000",
	  "6000000000283afffe800000000000000000000000000001ff02000000000000000000000000000186003f294000070800000000"
	  "000000001f0300000000025803777777076578616d706c6500000000" },
	{ "icmp6: neighbour solicitation",
	  "ip6 src=fe80::1 dst=ff02::1:ff00:2 / "
	  "icmp6 type=neighbour-solicit code=0 target=fe80::2 options=slla:02:00:00:00:00:01",
	  "6000000000203afffe800000000000000000000000000001ff0200000000000000000001ff00000287007a9700000000fe800000"
	  "0000000000000000000000020101020000000001" },
	{ "icmp6: neighbour advertisement",
	  "ip6 src=fe80::1 dst=fe80::2 / icmp6 type=neighbour-advert code=0 r=1 s=1 o=1 target=fe80::1 "
	  "options=tlla:02:00:00:00:00:01",
	  "6000000000203afffe800000000000000000000000000001fe8000000000000000000000000000028800981be0000000fe800000"
	  "0000000000000000000000010201020000000001" },
	{ "icmp6: redirect",
	  "ip6 src=fe80::1 dst=fe80::2 / icmp6 type=redirect code=0 target=fe80::3 dst=2001:db8::9 "
	  "options=tlla:02:00:00:00:00:03,redirected:0102030405060708",
	  "6000000000403afffe800000000000000000000000000001fe8000000000000000000000000000028900352000000000fe800000"
	  "00000000000000000000000320010db8000000000000000000000009020102000000000304020000000000000102030405060708" },
	{ "icmp6: node information query",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=ni-query code=0 qtype=2 nonce=0x0102030405060708 / "
	  "hex:20010db8000000000000000000000002",
	  "6000000000203a4020010db800000000000000000000000120010db80000000000000000000000028b00db5e0002000001020304"
	  "0506070820010db8000000000000000000000002" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* icmpv6-ra-pref64.pcap, frame 1 */
	{ "icmp6: NAT64 prefix",
	  "ether dst=33:33:00:00:00:01 src=e2:15:81:b4:b9:45 / "
	  "ip6 flow=0x9fc72 src=fe80::e015:81ff:feb4:b945 dst=ff02::1 / "
	  "icmp6 type=router-advert code=0 hlim=80 o=1 lifetime=500 "
	  "options=slla:e2:15:81:b4:b9:45,prefix:[2001:db8:cc:dd::]:64:L:3600:1800,"
	  "pref64:0:0:20010db800010064ff9b0000",
	  "333300000001e21581b4b94586dd6009fc7200483afffe80000000000000e01581fffeb4b945ff02000000000000000000000000"
	  "0001860015e8504001f400000000000000000101e21581b4b9450304408000000e10000007080000000020010db800cc00dd0000"
	  "0000000000002602000020010db800010064ff9b0000" },
	/* icmpv6-ns-nonce.pcap, frame 1 */
	{ "icmp6: nonce",
	  "ether dst=33:33:ff:e1:00:0f src=56:6f:f7:e1:00:0f / ip6 src=:: dst=ff02::1:ffe1:f / "
	  "icmp6 type=neighbour-solicit code=0 target=fe80::546f:f7ff:fee1:f options=nonce:6069604c0aaa",
	  "3333ffe1000f566ff7e1000f86dd6000000000203aff00000000000000000000000000000000ff0200000000000000000001ffe1"
	  "000f8700566e00000000fe80000000000000546ff7fffee1000f0e016069604c0aaa" },
	/* icmpv6.pcap, frame 1 */
	{ "icmp6: advertisement with many options",
	  "ether dst=33:33:00:00:00:01 src=b0:99:28:c8:d6:6c / ip6 src=fe80::b299:28ff:fec8:d66c dst=ff02::1 / "
	  "icmp6 type=router-advert code=0 h=1 lifetime=15 "
	  "options=prefix:[2222:3333:4444:5555:6600::]:72:LA:2592000:604800,rdnss:[abcd::efef+1234:5678::1]:5,"
	  "dnssl:5:076578616d706c6503636f6d00076578616d706c65036f72670004646f6d3104646f6d3203746c640000000000000000"
	  ",mtu:100,slla:b0:99:28:c8:d6:6c,interval:5000,home-agent:50001:15",
	  "333300000001b09928c8d66c86dd6000000000b03afffe80000000000000b29928fffec8d66cff02000000000000000000000000"
	  "0001860024014020000f0000000000000000030448c000278d0000093a8000000000222233334444555566000000000000001905"
	  "000000000005abcd000000000000000000000000efef123456780000000000000000000000011f07000000000005076578616d70"
	  "6c6503636f6d00076578616d706c65036f72670004646f6d3104646f6d3203746c64000000000000000005010000000000640101"
	  "b09928c8d66c070100000000138808010000c351000f" },
	/* icmpv6-RFC2894-RR.pcap, frame 4 */
	{ "icmp6: a type without a description",
	  "null family=ip6-freebsd / ip6 src=2001:db8:1:0:a00:27ff:fef4:4dcf dst=2001:db8:1:0:a00:27ff:fef4:4dcf / "
	  "icmp6 type=renumber code=0 rest=0x01000000 / "
	  "hex:001000000000000002070030008000003ffe0501ffff000000000000000000003010000000278d0000093a80000000003ffe"
	  "0501ffff00000000000000000000",
	  "1c0000006000000000483a4020010db8000100000a0027fffef44dcf20010db8000100000a0027fffef44dcf8a0096fb01000000"
	  "001000000000000002070030008000003ffe0501ffff000000000000000000003010000000278d0000093a80000000003ffe0501"
	  "ffff00000000000000000000" },
};

/* Options from their drawings in RFC 3971, 6275, 6775, 8910: the message is the one of RFC 4861, 4.1. */
static const struct wire_row drawn[] = {
	{ "icmp6: every flag of a prefix", "icmp6 type=router-solicit code=0 options=prefix:[2001:db8::]:64:LARP:1:2",
	  "8500 094f 00000000 0304 40 f0 00000001 00000002 00000000 20010db8000000000000000000000000" },
	{ "icmp6: a NAT64 prefix with its lifetime",
	  "icmp6 type=router-solicit code=0 options=pref64:225:1:20010db8000100000000ffff",
	  "8500 203a 00000000 2602 0709 20010db8000100000000ffff" },
	{ "icmp6: auxiliary data, and bytes behind the records",
	  "icmp6 type=mld-report2 code=0 records=is_in:[ff02::1]:[::1]:01020304 / text:x",
	  "8f00 f4f0 0000 0001 01 01 0001 ff020000000000000000000000000001 00000000000000000000000000000001 01020304 "
	  "78" },
	{ "icmp6: bytes behind the sources", "icmp6 type=mld-query code=0 group=ff02::1 qrv=2 sources=::1 / text:x",
	  "8200 04f9 0000 0000 ff020000000000000000000000000001 02 00 0001 00000000000000000000000000000001 78" },
	{ "icmp6: options of other documents",
	  "icmp6 type=router-solicit code=0 "
	  "options=timestamp:65536,aro:1:60:0102030405060708,captive:68747470733a2f2f782e79000000,99:010203040506",
	  "8500 3a1d 00000000 0d02 000000000000 0000000000010000 2102 01 000000 003c 0102030405060708"
	  "2502 68747470733a2f2f782e79000000 6301 010203040506" },
	{ "icmp6: an option whose reserved bits are set", "icmp6 type=router-solicit code=0 options=5:0001000005dc",
	  "8500 7021 00000000 0501 0001 000005dc" },
	{ "icmp6: an option of length 0", "icmp6 type=router-solicit code=0 options=slla.0:020000000001",
	  "8500 77fe 00000000 0100 020000000001" },
};

static void echo(libnet_t *l)
{
	uint8_t payload[] = "ping";
	libnet_build_icmpv6_echo(ICMP6_ECHO, 0, 0, 0x1234, 7, payload, 4, l, 0);
	oracle_ip6(l, LIBNET_ICMPV6_ECHO_H + 4, IPPROTO_ICMPV6, 64);
}

static void unreach(libnet_t *l)
{
	uint8_t inner[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, inner, "ip6 src=2001:db8::2 dst=2001:db8::9");
	libnet_build_icmpv6_unreach(ICMP6_UNREACH, 3, 0, inner, p.len, l, 0);
	oracle_ip6(l, LIBNET_ICMPV6_UNREACH_H + p.len, IPPROTO_ICMPV6, 64);
}

static void solicit(libnet_t *l)
{
	uint8_t mac[] = { 2, 0, 0, 0, 0, 1 };
	libnet_build_icmpv6_ndp_opt(1, mac, sizeof mac, l, 0);
	libnet_build_icmpv6_ndp_nsol(ND_NEIGHBOR_SOLICIT, 0, 0, oracle_addr6("2001:db8::2"), NULL, 0, l, 0);
	oracle_ip6(l, LIBNET_ICMPV6_NDP_NSOL_H + 8, IPPROTO_ICMPV6, 255);
}

static void advert(libnet_t *l)
{
	libnet_build_icmpv6_ndp_nadv(ND_NEIGHBOR_ADVERT, 0, 0, 0xe0000000, oracle_addr6("2001:db8::1"), NULL, 0, l, 0);
	oracle_ip6(l, LIBNET_ICMPV6_NDP_NADV_H, IPPROTO_ICMPV6, 255);
}

static const struct oracle_row libnet_rows[] = {
	{ "icmp6: libnet, echo", IP6 "icmp6 type=echo id=0x1234 seq=7 / text:ping", echo, { 0, 0 } },
	{ "icmp6: libnet, unreachable",
	  IP6 "icmp6 type=unreach code=addr / ip6 src=2001:db8::2 dst=2001:db8::9",
	  unreach,
	  { 0, 0 } },
	{ "icmp6: libnet, neighbour solicitation",
	  IP6 "icmp6 type=neighbour-solicit target=2001:db8::2 options=slla:02:00:00:00:00:01",
	  solicit,
	  { 0, 0 } },
	{ "icmp6: libnet, neighbour advertisement",
	  IP6 "icmp6 type=neighbour-advert r=1 s=1 o=1 target=2001:db8::1",
	  advert,
	  { 0, 0 } },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum(IP6 "icmp6 type=echo / text:x", &sonde_icmp6, SONDE_SUM_OK);
	wire_sum(IP6 "icmp6 type=echo checksum=0 / text:x", &sonde_icmp6, SONDE_SUM_WRONG);
	wire_sum(IP6 "icmp6 type=echo checksum=partial / text:x", &sonde_icmp6, SONDE_SUM_PARTIAL);
}

/* RFC 9777, 8.1: the length tells the versions of a query apart. */
static void a_query_is_as_long_as_its_version(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "icmp6 type=mld-query group=::");
	assert_int_equal(p.len, 24);
	wire_build(&p, packet, "icmp6 type=mld-query group=:: qrv=2");
	assert_int_equal(p.len, 28);
	wire_build(&p, packet, "icmp6 type=mld-query group=:: sources=::1,::2");
	assert_int_equal(p.len, 28 + 32);
	assert_int_equal(sonde_get(packet, SONDE_ICMP6_NSOURCES), 2);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, a_query_is_as_long_as_its_version);
	return unit_run(&u, "icmp6");
}
