#include "proto/tcp.h"

#include "tests/unit/oracle.h"

#define IP4 "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
#define IP6 "ip6 src=2001:db8::1 dst=2001:db8::2 / "

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "tcp: syn with its options",
	  "ip id=1 flags=DF src=10.0.0.1 dst=10.0.0.2 / "
	  "tcp sport=40000 dport=80 seq=305419896 flags=S win=64240 "
	  "options=mss:1460,sackok,ts:123456:0,nop,wscale:7",
	  "4500003c00014000400626b90a0000010a0000029c4000501234567800000000a002faf0518e0000020405b40402080a0001e240"
	  "0000000001030307" },
	{ "tcp: data with acknowledgement",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / tcp sport=40000 dport=80 seq=1 ack=2 flags=PA win=8192 / text:GET",
	  "600000000017064020010db800000000000000000000000120010db80000000000000000000000029c4000500000000100000002"
	  "50182000fc7b0000474554" },
	{ "tcp: selective acknowledgement",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "tcp sport=40000 dport=80 seq=1 ack=2 flags=A win=8192 options=nop,nop,sack:100-200+300-400",
	  "4500003c00010000400666b90a0000010a0000029c4000500000000100000002a0102000852f00000101051200000064000000c8"
	  "0000012c00000190" },
	{ "tcp: every flag, urgent, reserved bits",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "tcp sport=1 dport=2 seq=3 ack=4 reserved=5 flags=FSRPAUECN win=6 urg=7",
	  "4500002800010000400666cd0a0000010a0000020001000200000003000000045bff00068fcc0007" },
	{ "tcp: fast open, user timeout, filled up",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / "
	  "tcp sport=1 dport=2 seq=3 flags=S win=8192 options=fastopen:0102030405060708,uto:0x8001",
	  "4500003800010000400666bd0a0000010a000002000100020000000300000000900220006da60000220a01020304050607081c04"
	  "80010000" },
};

/* Segments of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* mptcp-aa-v1.pcap, frame 3 */
	{ "tcp: MPTCP",
	  "ether dst=52:54:00:2c:4d:96 src=52:54:00:0a:98:3d / "
	  "ip id=57548 flags=DF src=192.168.125.212 dst=192.168.125.165 / "
	  "tcp sport=52278 dport=55555 seq=653223703 flags=S win=64240 checksum=partial "
	  "options=mss:1460,sackok,ts:2070300959:0,nop,wscale:7,mptcp:capable:0x1:01",
	  "5254002c4d965254000a983d080045000040e0cc40004006dd20c0a87dd4c0a87da5cc36d90326ef671700000000b002faf07cfd"
	  "0000020405b40402080a7b66491f00000000010303071e040101" },
	/* accecn_handshake.pcap, frame 2 */
	{ "tcp: accurate ECN as an experiment",
	  "ether dst=00:0c:29:f7:80:12 src=18:fd:74:07:45:cd / "
	  "ip id=0 flags=DF ttl=54 src=66.228.43.12 dst=31.133.146.248 / "
	  "tcp sport=80 dport=16433 seq=2972234643 ack=1948076590 flags=SAC win=65160 "
	  "options=mss:1460,sackok,ts:2783239876:112147477,exp2:0xacc0:000001000000000000,wscale:7",
	  "000c29f7801218fd740745cd080045000048000040003606244342e42b0c1f8592f800504031b128b393741d4a2ed092fe8822a8"
	  "0000020405b40402080aa5e4dec406af3c15fe0dacc0000001000000000000030307" },
	/* tfo-5c1fa7f9ae91.pcap, frame 1 */
	{ "tcp: fast open as an experiment",
	  "ether dst=1c:7e:e5:4c:a1:cb src=b0:75:0c:00:00:01 / ip id=6 ttl=255 src=192.168.0.100 dst=3.3.3.3 / "
	  "tcp sport=13047 dport=13054 seq=218476388 flags=S win=1400 options=exp2:0xf989",
	  "1c7ee54ca1cbb0750c00000108004500002c00060000ff06f4b3c0a800640303030332f732fe0d05af640000000060020578b966"
	  "0000fe04f989" },
};

static const uint8_t aligned_options[] = { 2, 4, 0x05, 0xb4, 4, 2, 1, 1 };
static const uint8_t odd_options[] = { 3, 3, 7 };

static void segment(libnet_t *l, uint8_t flags, const char *payload)
{
	uint32_t len = (uint32_t)strlen(payload);
	libnet_build_tcp(40000, 80, 0x12345678, 0x9abcdef0, flags, 65535, 0, 7, (uint16_t)(LIBNET_TCP_H + len),
			 (const uint8_t *)payload, len, l, 0);
}

static void data_over_ip4(libnet_t *l)
{
	segment(l, TH_PUSH | TH_ACK | TH_URG, "hello");
	oracle_ip4(l, LIBNET_TCP_H + 5, IPPROTO_TCP);
}

static void data_over_ip6(libnet_t *l)
{
	segment(l, TH_FIN | TH_ECE | TH_CWR, "hello");
	oracle_ip6(l, LIBNET_TCP_H + 5, IPPROTO_TCP, 64);
}

static void with_options(libnet_t *l)
{
	libnet_build_tcp_options(aligned_options, sizeof aligned_options, l, 0);
	segment(l, TH_SYN, "");
	oracle_ip4(l, LIBNET_TCP_H + sizeof aligned_options, IPPROTO_TCP);
}

static void with_options_to_fill_up(libnet_t *l)
{
	libnet_build_tcp_options(odd_options, sizeof odd_options, l, 0);
	segment(l, TH_SYN, "");
	oracle_ip4(l, LIBNET_TCP_H + 4, IPPROTO_TCP);
}

/* libnet takes up to three bytes of filling from an array of one: they, and the checksum, may be anything. */
#define REST "tcp sport=40000 dport=80 seq=0x12345678 ack=0x9abcdef0 urg=7 "
static const struct oracle_row libnet_rows[] = {
	{ "tcp: libnet over IPv4", IP4 REST "flags=PAU / text:hello", data_over_ip4, { 0, 0 } },
	{ "tcp: libnet over IPv6", IP6 REST "flags=FEC / text:hello", data_over_ip6, { 0, 0 } },
	{ "tcp: libnet with options", IP4 REST "flags=S options=mss:1460,sackok,nop,nop", with_options, { 0, 0 } },
	{ "tcp: libnet fills options up", IP4 REST "flags=S options=wscale:7", with_options_to_fill_up, { 36, 8 } },
};

static void checksums_are_judged(void **state)
{
	(void)state;
	wire_sum(IP4 "tcp dport=7 checksum=0", &sonde_tcp, SONDE_SUM_WRONG);
	wire_sum(IP6 "tcp dport=7 checksum=partial / text:x", &sonde_tcp, SONDE_SUM_PARTIAL);
	wire_sum("ip flags=MF dst=10.0.0.2 / tcp dport=7 / text:x", &sonde_tcp, SONDE_SUM_FRAGMENT);
	wire_sum(IP4 "tcp offset=15 dport=7", &sonde_tcp, SONDE_SUM_MALFORMED);
}

/* Options from their drawings in RFC 5925, 8684 and 6994. */
static const struct wire_row drawn[] = {
	{ "tcp: authentication, multipath, an experiment",
	  "tcp sport=1 dport=2 seq=0 flags=S "
	  "options=ao:1:2:0a0b0c0d,mptcp:dss:0x0:01,mptcp:add-addr:0x5:020a000001,exp1:0x1234:5678",
	  "0001 0002 00000000 00000000 c002 ffff 0b14 0000 1d08 0102 0a0b0c0d 1e04 20 01 1e08 35 02 0a000001 fd06 1234 "
	  "5678 0000" },
};

/* Options that lie, as they are printed and built. */
static const struct wire_row broken[] = {
	{ "tcp: an option longer than the header", "tcp sport=1 dport=2 seq=0 flags=S options=mss.9:05b4",
	  "0001000200000000000000006002ffff983d0000 020905b4" },
	{ "tcp: an option of length 0", "tcp sport=1 dport=2 seq=0 flags=S options=ts.0:0000",
	  "0001000200000000000000006002ffff97fa0000 08000000" },
	{ "tcp: bytes behind the end of the options", "tcp sport=1 dport=2 seq=0 flags=S options=eol,hex:010203",
	  "0001000200000000000000006002ffff9df60000 00010203" },
};

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, wire_test_bytes, broken);
	UNIT_ROWS(&u, oracle_test, libnet_rows);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "tcp");
}
