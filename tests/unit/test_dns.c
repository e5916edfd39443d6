#include "packet/print.h"

#include "proto/dns.h"

#include "tests/unit/wire.h"

/* Scapy 2.5.0 builds these bytes. */
static const struct wire_row rows[] = {
	{ "dns: a question",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 dport=53 / dns id=7 qname=www.example.com qtype=AAAA",
	  "4500003d00010000401166ad0a0000010a0000029c4000350029e9c000070100000100000000000003777777076578616d706c65"
	  "03636f6d00001c0001" },
	{ "dns: addresses",
	  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=40000 / dns id=7 qr=1 flags=aa+rd+ra "
	  "qname=example.com qtype=A answers=example.com:A:93.184.216.34:ttl=300,example.com:A:93.184.216.35:ttl=300",
	  "4500006f000100004011667b0a0000020a00000100359c40005b7c4b000785800001000200000000076578616d706c6503636f6d"
	  "0000010001076578616d706c6503636f6d00000100010000012c00045db8d822076578616d706c6503636f6d0000010001000001"
	  "2c00045db8d823" },
	{ "dns: no such name",
	  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=40000 / dns id=7 qr=1 rcode=nxdomain "
	  "qname=no.example.com qtype=A authority=example.com:SOA:ns.example.com:root.example.com:1:2:3:4:5:ttl=60",
	  "4500008900010000401166610a0000020a00000100359c400075b19e000781030001000000010000026e6f076578616d706c6503"
	  "636f6d0000010001076578616d706c6503636f6d00000600010000003c0036026e73076578616d706c6503636f6d0004726f6f74"
	  "076578616d706c6503636f6d000000000100000002000000030000000400000005" },
	{ "dns: mail, services, text",
	  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=53 dport=40000 / dns id=7 qr=1 qname=example.com qtype=MX "
	  "answers=example.com:MX:10:mail.example.com:ttl=60,_sip._tcp.example.com:SRV:1:2:5060:sip.example.com:ttl=60,"
	  "example.com:TXT:v\\x3dspf1\\x20-all+x:ttl=60",
	  "450000c100010000401166290a0000020a00000100359c4000ad646b000781000001000300000000076578616d706c6503636f6d"
	  "00000f0001076578616d706c6503636f6d00000f00010000003c0014000a046d61696c076578616d706c6503636f6d00045f7369"
	  "70045f746370076578616d706c6503636f6d00002100010000003c00170001000213c403736970076578616d706c6503636f6d00"
	  "076578616d706c6503636f6d00001000010000003c000e0b763d73706631202d616c6c0178" },
	{ "dns: EDNS",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / udp sport=40000 dport=53 / dns id=7 qname=. qtype=NS "
	  "additional=.:OPT:[cookie:0102030405060708]:class=1232:ttl=32768",
	  "4500004400010000401166a60a0000010a0000029c4000350030b5e10007010000010000000000010000020001000029"
	  "04d000008000000c000a00080102030405060708" },
	{ "dns: multicast, without a question",
	  "ip id=1 src=10.0.0.2 dst=10.0.0.1 / udp sport=5353 dport=5353 / dns id=0 qr=1 flags=aa "
	  "answers=_http._tcp.local:PTR:a\\x20b._http._tcp.local:class=IN-top:ttl=120",
	  "4500005a00010000401166900a0000020a00000114e914e900468b73000084000000000100000000055f68747470045f74637005"
	  "6c6f63616c00000c800100000078001603612062055f68747470045f746370056c6f63616c00" },
};

/* DnsEdit7.pcap of PcapPlusPlus' tests: pointers to names, and into the middle of one. */
#define YAHOO                                                                                                          \
	"450000860424000040118784 9c9a46160a00020f 0035ef7600726f5d 026481800001000300000000 057961686f6f03636f6d00"   \
	"000f0001 c00c000f0001000000bb00190001046d74613503616d30087961686f6f646e73036e657400"                          \
	"c00c000f0001000000bb00090001046d746137c02e c00c000f0001000000bb00090001046d746136c02e"

static const struct wire_row captured[] = {
	{ "dns: pointers come back",
	  "ip id=1060 src=156.154.70.22 dst=10.0.2.15 / udp sport=53 dport=61302 / dns id=612 qr=1 flags=rd+ra "
	  "qname=yahoo.com qtype=MX answers=@12:MX:1:mta5.am0.yahoodns.net:ttl=187,@12:MX:1:mta7.@46:ttl=187,"
	  "@12:MX:1:mta6.@46:ttl=187",
	  YAHOO },
};

/* By hand, out of the drawing of RFC 1035. */
static const struct wire_row odd[] = {
	{ "dns: three questions", "dns id=1 qname=a qtype=A questions=b:NS,c",
	  "000101000003000000000000 016100 00010001 016200 00020001 016300 00010001" },
	{ "dns: a count that is too high", "dns id=1 ancount=2 qname=a qtype=A answers=a:A:1.2.3.4",
	  "00010100000100020000000001610000010001016100000100010000000000040102 0304" },
	{ "dns: a record that is longer than its address", "dns id=1 qname=a qtype=A answers=a:A:1.2.3.4:data=05",
	  "000101000001000100000000016100000100010161000001000100000000000501020304 05" },
	{ "dns: a record that is too short for its address",
	  "dns id=1 qname=a qtype=A answers=hex:01610000010001000000000003010203",
	  "0001010000010001000000000161000001000101610000010001000000000003010203" },
	{ "dns: a string that is empty", "dns id=1 qname=a qtype=A answers=a:TXT:0x00,a:TXT:0x00+b,a:TXT",
	  "000101000001000300000000 016100 00010001 016100 00100001 00000000 0001 00 "
	  "016100 00100001 00000000 0003 00 0162 016100 00100001 00000000 0000" },
	{ "dns: a type without a description", "dns id=1 qname=a qtype=65280 answers=a:65280:data=0102",
	  "000101000001000100000000016100ff0000010161 00ff0000010000000000020102" },
	{ "dns: what lies behind the records is data", "dns id=1 qname=a qtype=A / hex:00",
	  "00010100000100000000000001610000010001 00" },
	{ "dns: dots and unusual bytes in a label", "dns id=1 qname=a\\x2eb\\x00\\xff.c qtype=A",
	  "00010100000100000000000005612e6200ff016300 00010001" },
	{ "dns: a name that would read as hex digits", "dns id=1 qname=\\x30xa qtype=A",
	  "0001010000010000000000000330786100000100 01" },
	{ "dns: a pointer to itself", "dns id=1 qname=@12 qtype=A", "000101000001000000000000c00c00010001" },
};

static void name_is_shown(const char *text, int row, const char *want)
{
	uint8_t packet[WIRE_MAX];
	char shown[1024];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(shown, sizeof shown);
	wire_build(&p, packet, text);
	sonde_print_value(&t, &p, 0, (unsigned)row, true);
	assert_string_equal(shown, want);
}

/* For people, names are shown with what their pointers lead to; pointers that lead nowhere earlier as they are. */
static void pointers_are_resolved_for_people(void **state)
{
	(void)state;
	name_is_shown("dns qname=www.example.com answers=web.@16:CNAME:@12", SONDE_ROW(SONDE_DNS_ANSWERS),
		      "web.example.com:CNAME:www.example.com");
	name_is_shown("dns qname=@12", SONDE_ROW(SONDE_DNS_QNAME), "@12");
	name_is_shown("dns qname=a.@14", SONDE_ROW(SONDE_DNS_QNAME), "a.@14");
	name_is_shown("dns qname=. answers=@12:NS:@12", SONDE_ROW(SONDE_DNS_ANSWERS), ".:NS:.");
	name_is_shown("dns qname=a answers=@9999:NS:.", SONDE_ROW(SONDE_DNS_ANSWERS), "@9999:NS:.");
}

/* Counts follow what is written, unless they are written. */
static void counts_follow(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "dns");
	assert_int_equal(p.len, 12);
	wire_build(&p, packet, "dns qname=a questions=b,c answers=a:A:1.2.3.4 additional=.:OPT,.:OPT");
	assert_memory_equal(packet + 4, "\0\3\0\1\0\0\0\2", 8);
	wire_build(&p, packet, "dns ancount=1 qname=a answers=a:A:1.2.3.4,a:A:1.2.3.5 additional=a:A:1.2.3.6");
	assert_memory_equal(packet + 4, "\0\1\0\1\0\0\0\1", 8);
	assert_memory_equal(packet + p.len - 4, "\1\2\3\6", 4);
}

/* A malformed name goes out as it is written, with the type behind it. */
static void malformed_names_are_built(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "dns id=1 qname=0x8003aabb qtype=AAAA");
	assert_int_equal(p.len, 20);
	assert_memory_equal(packet + 12, "\x80\3\xaa\xbb\0\x1c\0\1", 8);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test, rows);
	UNIT_ROWS(&u, wire_test, captured);
	UNIT_ROWS(&u, wire_test_bytes, odd);
	UNIT_TEST(&u, pointers_are_resolved_for_people);
	UNIT_TEST(&u, counts_follow);
	UNIT_TEST(&u, malformed_names_are_built);
	return unit_run(&u, "dns");
}
