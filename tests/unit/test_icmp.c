#include "proto/icmp.h"

#include "tests/unit/oracle.h"

#define IP4 "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "icmp: echo", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=echo code=0 id=4660 seq=7 / text:ping",
	  "4500002000010000400166da0a0000010a000002080006f41234000770696e67" },
	{ "icmp: echo reply",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=echo-reply code=0 id=4660 seq=7 / text:ping",
	  "4500002000010000400166da0a0000010a00000200000ef41234000770696e67" },
	{ "icmp: port unreachable",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=port / ip id=2 src=10.0.0.2 dst=10.0.0.1 / "
	  "udp sport=2000 dport=33434 / text:x",
	  "4500003900010000400166c10a0000010a0000020303111a000000004500001d00020000401166cc0a0000020a00000107d0829a"
	  "0009e96e78" },
	{ "icmp: fragmentation needed",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=unreach code=needfrag mtu=1400 / "
	  "ip id=2 src=10.0.0.2 dst=10.0.0.1 / udp sport=2000 dport=33434 / text:x",
	  "4500003900010000400166c10a0000010a00000203040ba1000005784500001d00020000401166cc0a0000020a00000107d0829a"
	  "0009e96e78" },
	{ "icmp: time exceeded",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=timxceed code=transit / "
	  "ip id=2 src=10.0.0.2 dst=10.0.0.1 / udp sport=2000 dport=33434 / text:x",
	  "4500003900010000400166c10a0000010a0000020b00091d000000004500001d00020000401166cc0a0000020a00000107d0829a"
	  "0009e96e78" },
	{ "icmp: parameter problem",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=paramprob code=pointer pointer=20 / "
	  "ip id=2 src=10.0.0.2 dst=10.0.0.1 / udp sport=2000 dport=33434 / text:x",
	  "4500003900010000400166c10a0000010a0000020c00f41c140000004500001d00020000401166cc0a0000020a00000107d0829a"
	  "0009e96e78" },
	{ "icmp: redirect",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=redirect code=host gateway=10.0.0.254 / "
	  "ip id=2 src=10.0.0.2 dst=10.0.0.1 / udp sport=2000 dport=33434 / text:x",
	  "4500003900010000400166c10a0000010a0000020501041e0a0000fe4500001d00020000401166cc0a0000020a00000107d0829a"
	  "0009e96e78" },
	{ "icmp: timestamp", "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=timestamp code=0 id=1 seq=2 orig=1000",
	  "4500002800010000400166d20a0000010a0000020d00ef1400010002000003e80000000000000000" },
	{ "icmp: address mask reply",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=mask-reply code=0 id=1 seq=2 mask=255.255.255.0",
	  "4500002000010000400166da0a0000010a0000021200eefb00010002ffffff00" },
};

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* icmp-rfc8335.pcap, frame 4 */
	{ "icmp: extended echo",
	  "ether dst=56:00:04:a3:4c:83 src=fe:00:04:a3:4c:83 / "
	  "ip id=16258 ttl=54 src=204.194.23.128 dst=149.28.74.237 / icmp type=xecho code=0 id=63274 seq=0 "
	  "objects=byaddr:1:4:951c4a01 / hex:65933a900007f32d",
	  "560004a34c83fe0004a34c830800450000343f820000360180fbccc21780951c4aed2a004b7cf72a00002000f9d1000c03030001"
	  "0400951c4a0165933a900007f32d" },
	/* icmp-rfc8335.pcap, frame 6 */
	{ "icmp: its reply",
	  "ether dst=56:00:04:a3:4c:83 src=fe:00:04:a3:4c:83 / "
	  "ip id=63324 flags=DF ttl=245 src=204.194.23.128 dst=149.28.74.237 / "
	  "icmp type=xecho-reply code=0 id=42 seq=42 flags=0x07 / "
	  "hex:2000d819000c0301667870302e3000006583629700022de3",
	  "560004a34c83fe0004a34c83080045000034f75c4000f501ca1fccc21780951c4aed2b00b4ce002a2a072000d819000c03016678"
	  "70302e3000006583629700022de3" },
};

/* Messages from their drawings in RFC 1256, 3, RFC 792 (quench, information) and RFC 1393 (type 30). */
static const struct wire_row drawn[] = {
	{ "icmp: router advertisement", IP4 "icmp type=router-advert code=0 addrs=10.0.0.1,10.0.0.9:-5",
	  "4500002c00010000400166ce0a0000010a000002 0900 d9ef 02 02 0708 0a000001 00000000 0a000009 fffffffb" },
	{ "icmp: router solicitation", IP4 "icmp type=router-solicit code=0",
	  "4500001c00010000400166de0a0000010a000002 0a00 f5ff 00000000" },
	{ "icmp: source quench", IP4 "icmp type=quench code=0 / ip id=0 src=1.2.3.4 dst=5.6.7.8",
	  "45000030000100004001 66ca0a0000010a000002 0400 fbff 00000000 4500001400000000 40ff69d8 01020304 05060708" },
	{ "icmp: information request", IP4 "icmp type=info code=0 id=1 seq=2",
	  "4500001c00010000400166de0a0000010a000002 0f00 f0fc 0001 0002" },
	{ "icmp: a type without a description", IP4 "icmp type=30 code=1 rest=0x01020304 / text:x",
	  "4500001d00010000400166dd0a0000010a000002 1e01 65f8 01020304 78" },
};

#define QUOTE "ip id=2 src=10.0.0.2 dst=10.0.0.9"

/* The quoted header: libnet takes it for payload. */
static uint32_t quote(uint8_t out[static WIRE_MAX])
{
	struct sonde_packet p;
	wire_build(&p, out, QUOTE);
	return p.len;
}

static void echo(libnet_t *l)
{
	libnet_build_icmpv4_echo(ICMP_ECHO, 0, 0, 0x1234, 7, (const uint8_t *)"ping", 4, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_ECHO_H + 4, IPPROTO_ICMP);
}

static void mask(libnet_t *l)
{
	libnet_build_icmpv4_mask(ICMP_MASKREPLY, 0, 0, 1, 2, ntohl(oracle_addr4("255.255.255.0")), NULL, 0, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_MASK_H, IPPROTO_ICMP);
}

static void timestamp(libnet_t *l)
{
	libnet_build_icmpv4_timestamp(ICMP_TSTAMP, 0, 0, 1, 2, 1000, 2000, 3000, NULL, 0, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_TS_H, IPPROTO_ICMP);
}

static void unreach(libnet_t *l)
{
	uint8_t inner[WIRE_MAX];
	uint32_t len = quote(inner);
	libnet_build_icmpv4_unreach(ICMP_UNREACH, ICMP_UNREACH_HOST, 0, inner, len, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_UNREACH_H + len, IPPROTO_ICMP);
}

static void redirect(libnet_t *l)
{
	uint8_t inner[WIRE_MAX];
	uint32_t len = quote(inner);
	libnet_build_icmpv4_redirect(ICMP_REDIRECT, 1, 0, oracle_addr4("10.0.0.254"), inner, len, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_REDIRECT_H + len, IPPROTO_ICMP);
}

static void timeexceed(libnet_t *l)
{
	uint8_t inner[WIRE_MAX];
	uint32_t len = quote(inner);
	libnet_build_icmpv4_timeexceed(ICMP_TIMXCEED, 0, 0, inner, len, l, 0);
	oracle_ip4(l, LIBNET_ICMPV4_TIMXCEED_H + len, IPPROTO_ICMP);
}

static const struct oracle_row libnet_rows[] = {
	{ "icmp: libnet, echo", IP4 "icmp type=echo id=0x1234 seq=7 / text:ping", echo, { 0, 0 } },
	{ "icmp: libnet, mask", IP4 "icmp type=mask-reply id=1 seq=2 mask=255.255.255.0", mask, { 0, 0 } },
	{ "icmp: libnet, timestamp",
	  IP4 "icmp type=timestamp id=1 seq=2 orig=1000 recv=2000 xmit=3000",
	  timestamp,
	  { 0, 0 } },
	{ "icmp: libnet, unreachable", IP4 "icmp type=unreach code=host / " QUOTE, unreach, { 0, 0 } },
	{ "icmp: libnet, redirect",
	  IP4 "icmp type=redirect code=host gateway=10.0.0.254 / " QUOTE,
	  redirect,
	  { 0, 0 } },
	{ "icmp: libnet, time exceeded", IP4 "icmp type=timxceed code=transit / " QUOTE, timeexceed, { 0, 0 } },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum(IP4 "icmp type=echo / text:x", &sonde_icmp, SONDE_SUM_OK);
	wire_sum(IP4 "icmp type=echo checksum=7 / text:x", &sonde_icmp, SONDE_SUM_WRONG);
	wire_sum("ip flags=MF dst=1.2.3.4 / icmp type=echo / text:x", &sonde_icmp, SONDE_SUM_FRAGMENT);
}

/* A quote that was cut short counts with its own lengths; the error's lengths count what is there. */
static const struct wire_row cut[] = {
	{ "icmp: a quote cut after eight bytes of the datagram",
	  IP4 "icmp type=unreach code=port / ip id=2 src=10.0.0.2 dst=10.0.0.1 / udp sport=1000 dport=2000 "
	      "checksum=0x1234 / cut:100",
	  "4500003800010000400166c20a0000010a000002 0303 dea4 00000000 4500008000020000401166690a0000020a000001 "
	  "03e807d0 006c1234" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, wire_test_bytes, cut);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "icmp");
}
