/* Packets for people: a line, a tree, a pair of sockets. */
#include <stdlib.h>

#include "packet/ends.h"
#include "packet/print.h"

#include "tests/unit/wire.h"

#define IP  "ip id=1 src=10.0.0.1 dst=10.0.0.2 "
#define ETH "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "

#define RANDOM "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define OUTER  { .outer = true }

static const char *mark(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "udp") == 0 ? "<" : NULL;
}

static const struct sonde_line_paint paint = { .proto = mark, .doubt = "!", .end = ">" };

static const struct line_row {
	const char *name, *text;
	struct sonde_line_style style;
	const char *line;
} lines[] = {
	{ "line: a segment", ETH IP "/ tcp sport=1 dport=2 seq=3 flags=S options=mss:9 / text:ab", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 tcp flags=S  seq=3:5 win=65535 length=2 options=mss:9" },
	{ "line: numbers counted from others", IP "/ tcp sport=1 dport=2 seq=3 ack=2 flags=PA win=9 / text:ab",
	  { .seq_from = 2, .ack_from = 0xffffffff },
	  "10.0.0.1:1 > 10.0.0.2:2 tcp flags=PA seq=1:3 ack=3 win=9 length=2" },
	{ "line: what is odd in a segment", IP "/ tcp sport=1 dport=2 seq=3 ack=7 flags=SU reserved=1 urg=5",
	  { .ack_from = 5 },
	  "10.0.0.1:1 > 10.0.0.2:2 tcp flags=SU seq=3 ack=7 win=65535 length=0 urg=5 reserved=1" },
	{ "line: timestamps, which all have", IP "/ tcp sport=1 dport=2 seq=3 flags=A options=nop,nop,ts:1:2", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 tcp flags=A  seq=3 ack=0 win=65535 length=0" },
	{ "line: and what is around it", ETH IP "/ tcp sport=1 dport=2 seq=3 flags=A options=nop,nop,ts:1:2", OUTER,
	  "10.0.0.1:1 > 10.0.0.2:2 tcp flags=A  seq=3 ack=0 win=65535 length=0 options=nop,nop,ts:1:2 ttl=64 id=1" },
	{ "line: odd fields of IP", "ip id=1 tos=4 flags=DF options=ra src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2",
	  OUTER, "10.0.0.1:1 > 10.0.0.2:2 udp length=0 ttl=64 tos=0x04 id=1 flags=DF options=ra" },
	{ "line: the link", ETH IP "/ udp sport=1 dport=2", { .link = true },
	  "02:00:00:00:00:01 > 02:00:00:00:00:02 10.0.0.1:1 > 10.0.0.2:2 udp length=0" },
	{ "line: tags and labels",
	  ETH "vlan pcp=5 id=7 / mpls label=16 ttl=3 / ip6 src=::1 dst=::2 hlim=9 / udp sport=1 dport=2", OUTER,
	  "[::1]:1 > [::2]:2 udp length=0 hlim=9 in mpls label=16 ttl=3 in vlan pcp=5 id=7" },
	{ "line: a tunnel", IP "/ gre key=5 / ip id=2 src=10.1.0.1 dst=10.1.0.2 / udp sport=1 dport=2", { 0 },
	  "10.1.0.1:1 > 10.1.0.2:2 udp length=0 in gre key=5 in ip 10.0.0.1 > 10.0.0.2" },
	{ "line: a tunnel with ports and links", IP "/ udp sport=5 dport=4789 / vxlan vni=6 / " ETH IP
	  "/ udp sport=1 dport=2", { .link = true },
	  "10.0.0.1:1 > 10.0.0.2:2 udp length=0 in ether 02:00:00:00:00:01 > 02:00:00:00:00:02 in vxlan vni=6 in ip "
	  "10.0.0.1:5 > 10.0.0.2:4789" },
	{ "line: ports further out", IP "/ udp sport=5 dport=4789 / vxlan vni=6 / " ETH "arp spa=10.0.0.1 tpa=10.0.0.2",
	  { 0 }, "10.0.0.1:5 > 10.0.0.2:4789 udp length=50: vxlan vni=6 ether arp who-has 10.0.0.2 tell 10.0.0.1" },
	{ "line: ARP", ETH "arp op=reply sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2", { 0 },
	  "02:00:00:00:00:01 > 02:00:00:00:00:02 arp 10.0.0.1 is-at 02:00:00:00:00:01" },
	{ "line: ICMP", IP "/ icmp type=echo id=1 seq=2 / zero:56", { 0 },
	  "10.0.0.1 > 10.0.0.2 icmp echo id=1 seq=2 length=56" },
	{ "line: an error", IP "/ icmp type=unreach code=port / " IP "/ udp sport=1 dport=2", { 0 },
	  "10.0.0.1 > 10.0.0.2 icmp unreach port for 10.0.0.1:1 > 10.0.0.2:2 udp" },
	{ "line: a code of an error that has no name", IP "/ icmp type=quench / ip src=10.0.0.2 dst=10.0.0.1 / hex:00",
	  { 0 }, "10.0.0.1 > 10.0.0.2 icmp quench for 10.0.0.2 > 10.0.0.1 ip" },
	{ "line: a question", IP "/ udp sport=1 dport=53 / dns id=1 qname=example.com qtype=AAAA", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:53 udp length=29: dns? AAAA example.com" },
	{ "line: answers", IP "/ udp sport=53 dport=1 / dns id=1 qr=1 qname=a.b answers=@12:A:192.0.2.1,"
	  "@12:CNAME:c.@12,@12:MX:10:@12,@12:A:192.0.2.2,@12:A:192.0.2.3", { 0 },
	  "10.0.0.1:53 > 10.0.0.2:1 udp length=101: dns A a.b = 192.0.2.1, c.a.b, 10 a.b, 2 more" },
	{ "line: no answer", IP "/ udp sport=53 dport=1 / dns id=1 qr=1 rcode=nxdomain qname=a.b flags=tc+rd", { 0 },
	  "10.0.0.1:53 > 10.0.0.2:1 udp length=21: dns A a.b nxdomain (truncated)" },
	{ "line: a handshake", IP "/ tcp sport=1 dport=443 seq=1 flags=PA / tls / clienthello random=" RANDOM
	  " ciphers=TLS_AES_128_GCM_SHA256 compression=null extensions=server_name:example.com,alpn:h2+http/1.1", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:443 tcp flags=PA seq=1:91 ack=0 win=65535 length=90: tls hello sni=example.com "
	  "alpn=h2+http/1.1" },
	{ "line: several records", IP "/ tcp sport=443 dport=1 seq=1 flags=PA / tls / serverhello random=" RANDOM
	  " cipher=TLS_AES_128_GCM_SHA256 / tls type=change-cipher-spec data=01 / tls data=0102", { 0 },
	  "10.0.0.1:443 > 10.0.0.2:1 tcp flags=PA seq=1:61 ack=0 win=65535 length=60: tls server-hello "
	  "cipher=TLS_AES_128_GCM_SHA256, tls change-cipher-spec 1, tls application-data 2" },
	{ "line: several messages of a kind", IP "/ tcp sport=443 dport=1 seq=1 flags=PA / tls / "
	  "handshake type=server-key-exchange data=01 / handshake type=server-hello-done", { 0 },
	  "10.0.0.1:443 > 10.0.0.2:1 tcp flags=PA seq=1:15 ack=0 win=65535 length=14: tls server-key-exchange, "
	  "server-hello-done" },
	{ "line: a message that continues in another segment", IP "/ tcp sport=443 dport=1 seq=1 flags=PA / tls "
	  "type=handshake length=104 / handshake type=finished length=100 data=0102", { 0 },
	  "10.0.0.1:443 > 10.0.0.2:1 tcp flags=PA seq=1:12 ack=0 win=65535 length=11: tls finished "
	  "[handshake continues]" },
	{ "line: a header that does", IP "/ tcp sport=1 dport=80 seq=1 flags=PA / "
	  "text:GET\\x20/\\x20HTTP/1.1\\x0d\\x0aHost:\\x20a", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:80 tcp flags=PA seq=1:24 ack=0 win=65535 length=23: http target=/ [http continues]" },
	{ "line: an alert", IP "/ tcp sport=443 dport=1 seq=1 flags=PA / tls / alert description=unknown_ca", { 0 },
	  "10.0.0.1:443 > 10.0.0.2:1 tcp flags=PA seq=1:8 ack=0 win=65535 length=7: tls alert fatal unknown_ca" },
	{ "line: an address that is asked for", IP "/ udp sport=68 dport=67 / dhcp xid=1 chaddr=02:00:00:00:00:01 "
	  "options=message-type:request,requested-address:10.0.0.9,host-name:me,end", { 0 },
	  "10.0.0.1:68 > 10.0.0.2:67 udp length=254: dhcp request requested=10.0.0.9 name=me "
	  "chaddr=02:00:00:00:00:01" },
	{ "line: the time", IP "/ udp sport=123 dport=123 / ntp mode=server stratum=2", { 0 },
	  "10.0.0.1:123 > 10.0.0.2:123 udp length=48: ntp server version=4 stratum=2" },
	{ "line: what a variable is", IP "/ udp sport=161 dport=1 / snmp long=1 lenlen=1 community=public / "
	  "snmppdu pdu=response long=1 lenlen=1 id=7 error=2 / snmpvars / "
	  "snmpvar oid=1.3.6.1.2.1.1.5.0 value=text:sonde / snmpvar oid=1.3.6.1", { 0 },
	  "10.0.0.1:161 > 10.0.0.2:1 udp length=56: snmp v2c community=public response id=7 error=2 "
	  "1.3.6.1.2.1.1.5.0=text:sonde, 1.3.6.1=null" },
	{ "line: a firewall's log", "nflog resource=1 tlvs=indev:2 / nflogdata / " IP "/ udp sport=1 dport=2", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 udp length=0" },
	{ "line: a first fragment",
	  "ip id=7 flags=MF src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 length=99 / zero:8",
	  { 0 }, "10.0.0.1:1 > 10.0.0.2:2 udp length=8 fragment id=7 at=0 more" },
	{ "line: a later one", "ip6 src=::1 dst=::2 / fragment id=7 offset=2 next=udp / zero:8", { 0 },
	  "::1 > ::2 udp length=8 fragment id=7 at=16" },
	{ "line: nothing inside", IP "ttl=9 / hex:00", OUTER, "10.0.0.1 > 10.0.0.2 proto=255 length=1 ttl=9 id=1" },
	{ "line: a protocol without a description", IP "proto=99 / hex:00", { 0 },
	  "10.0.0.1 > 10.0.0.2 proto=99 length=1" },
	{ "line: a fault, and one of a name that two have", IP "length=50 / udp sport=1 dport=2 length=9", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 udp length=0 [length 50, 28 there] [udp length 9, 8 there]" },
	{ "line: faults that say why the header is not all there", IP "/ tcp sport=1 dport=2 seq=3 offset=15 flags=S",
	  { 0 }, "10.0.0.1:1 > 10.0.0.2:2 tcp seq=3 offset=15 flags=S [tcp offset 15, 5 there]" },
	{ "line: a header that is not all there", IP "proto=udp / hex:0001000200", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 udp [udp malformed]" },
	{ "line: sums", IP "checksum=7 / udp sport=1 dport=2 checksum=5", { 0 },
	  "10.0.0.1:1 > 10.0.0.2:2 udp length=0 [ip checksum wrong] [udp checksum wrong]" },
	{ "line: colours", IP "checksum=7 / udp sport=1 dport=2", { .paint = &paint },
	  "10.0.0.1:1 > 10.0.0.2:2 <udp> length=0! [ip checksum wrong]>" },
};

static void read_text(struct sonde_packet *out, uint8_t room[static WIRE_MAX], const char *text)
{
	struct sonde_packet p;
	wire_build(&p, room, text);
	sonde_dissect(out, p.data, p.len, p.len, p.layers[0].proto->ids[0]);
}

static void is_a_line(void **state)
{
	const struct line_row *row = *state;
	uint8_t room[WIRE_MAX];
	char text[1000];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	read_text(&p, room, row->text);
	sonde_print_line(&t, &p, &row->style);
	assert_string_equal(text, row->line);
}

/* Columns grow as they are needed, and no further than two IPv4 addresses with ports need. */
static void has_columns(void **state)
{
	static const char *const rows[][2] = {
		{ IP "/ udp sport=1 dport=2", "10.0.0.1:1 > 10.0.0.2:2 udp length=0" },
		{ IP "/ icmp6 type=echo id=1 seq=1", "10.0.0.1 > 10.0.0.2     icmp6 echo id=1 seq=1 length=0" },
		{ "ip6 src=2001:db8:1111:2222:3333::4444:5555 dst=2001:db8:1111:2222:3333::4444:6666 "
		  "/ udp sport=1 dport=2",
		  "[2001:db8:1111:2222:3333:0:4444:5555]:1 > [2001:db8:1111:2222:3333:0:4444:6666]:2 udp   length=0" },
		{ IP "/ udp sport=1 dport=2", "10.0.0.1:1 > 10.0.0.2:2                       udp   length=0" },
	};
	struct sonde_line_columns columns = { 0 };
	const struct sonde_line_style style = { .columns = &columns };
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		uint8_t room[WIRE_MAX];
		char text[1000];
		struct sonde_packet p;
		struct sonde_text t = sonde_text(text, sizeof text);
		read_text(&p, room, rows[i][0]);
		sonde_print_line(&t, &p, &style);
		assert_string_equal(text, rows[i][1]);
	}
}

/* A line ends in any room, and says how much it needs. */
static void fits_or_counts(void **state)
{
	const struct line_row *row = *state;
	uint8_t room[WIRE_MAX];
	struct sonde_packet p;
	read_text(&p, room, row->text);
	for (size_t cap = 1; cap < strlen(row->line); cap += 7) {
		char *text = malloc(cap);
		assert_non_null(text);
		struct sonde_text t = sonde_text(text, cap);
		sonde_print_line(&t, &p, &row->style);
		assert_false(sonde_text_fits(&t));
		assert_true(strlen(text) < cap);
		free(text);
	}
}

static bool name_of(void *arg, struct sonde_text *t, const struct sonde_addr *a)
{
	if (a->bytes[3] != 2)
		return false;
	sonde_text_str(t, arg);
	return true;
}

static void has_names(void **state)
{
	uint8_t room[WIRE_MAX];
	char text[1000], name[] = "server";
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	const struct sonde_line_style style = { .name = name_of, .arg = name };
	(void)state;
	read_text(&p, room, IP "/ udp sport=1 dport=2");
	sonde_print_line(&t, &p, &style);
	assert_string_equal(text, "10.0.0.1:1 > server:2 udp length=0");
}

static const struct pair_row {
	const char *name, *text, *pair;
	bool swapped;
} pairs[] = {
	{ "pair: sockets", IP "/ udp sport=1 dport=2", "10.0.0.1:1 <-> 10.0.0.2:2/udp", false },
	{ "pair: the other direction", "ip src=10.0.0.2 dst=10.0.0.1 / udp sport=2 dport=1",
	  "10.0.0.1:1 <-> 10.0.0.2:2/udp", true },
	{ "pair: one host", "ip6 src=::1 dst=::1 / tcp sport=9 dport=8", "[::1]:8 <-> [::1]:9/tcp", true },
	{ "pair: without ports", "ip6 src=::1 dst=::2 next=esp / hex:00", "::1 <-> ::2 esp", false },
	{ "pair: of a number without a name", IP "proto=200 / hex:00", "10.0.0.1 <-> 10.0.0.2", false },
};

static void is_a_pair(void **state)
{
	const struct pair_row *row = *state;
	uint8_t room[WIRE_MAX];
	char text[100];
	struct sonde_packet p;
	struct sonde_ends e;
	struct sonde_text t = sonde_text(text, sizeof text);
	wire_build(&p, room, row->text);
	assert_true(sonde_ends_read(&e, p.data, p.len, p.len, SONDE_LINK_RAW));
	assert_int_equal(sonde_ends_sort(&e), row->swapped);
	assert_false(sonde_ends_sort(&e));
	struct sonde_pair pair = sonde_ends_pair(&e);
	sonde_print_pair(&t, &pair, NULL);
	assert_string_equal(text, row->pair);
}

static const struct tree_row {
	const char *name, *text, *tree;
} trees[] = {
	{ "tree: options, an item a line", "tcp sport=1 dport=2 seq=3 flags=S options=mss:1460,ts:1:2,nop,sackok",
	  "tcp: Transmission Control Protocol, 40 bytes\n"
	  "  0000  00 01                    sport      1\n"
	  "  0002  00 02                    dport      2\n"
	  "  0004  00 00 00 03              seq        3\n"
	  "  0008  00 00 00 00              ack        0\n"
	  "  000c  a0                       offset     10\n"
	  "  000c  a0                       reserved   0\n"
	  "  000c  a0 02                    flags      S\n"
	  "  000e  ff ff                    win        65535\n"
	  "  0010  4d 2e                    checksum   0x4d2e (ok)\n"
	  "  0012  00 00                    urg        0\n"
	  "  0014                           options\n"
	  "  0014  02 04 05 b4                mss:1460\n"
	  "  0018  08 0a 00 00 00 01 00 00    ts:1:2\n"
	  "  0020  00 02\n"
	  "  0022  01                         nop\n"
	  "  0023  04 02                      sackok\n"
	  "  0025  00 00 00                   (filling)\n" },
	{ "tree: long fields, and data", "ip6 src=2001:db8::1 dst=2001:db8::2 length=9 / text:hello",
	  "ip6: Internet Protocol version 6, 40 bytes\n"
	  "  0000  60                       version    6\n"
	  "  0000  60 00                    tclass     0x00\n"
	  "  0001  00 00 00                 flow       0x00000\n"
	  "  0004  00 09                    length     9 [length 9, 5 there]\n"
	  "  0006  3b                       next       nonext\n"
	  "  0007  40                       hlim       64\n"
	  "  0008  20 01 0d b8 00 00 00 00  src        2001:db8::1\n"
	  "  0010  00 00 00 00 00 00 00 01\n"
	  "  0018  20 01 0d b8 00 00 00 00  dst        2001:db8::2\n"
	  "  0020  00 00 00 00 00 00 00 02\n"
	  "data: 5 bytes\n"
	  "  0028  68 65 6c 6c 6f                                    hello\n" },
	{ "tree: a list in an item", "dns id=7 qname=a. qtype=HTTPS answers=a.:HTTPS:1:.:[port:8443,alpn:h2]",
	  "dns: Domain Name System, 48 bytes\n"
	  "  0000  00 07                    id         7\n"
	  "  0002  01                       qr         0\n"
	  "  0002  01                       opcode     query\n"
	  "  0002  01 00                    flags      rd\n"
	  "  0003  00                       rcode      noerror\n"
	  "  0004  00 01                    qdcount    1\n"
	  "  0006  00 01                    ancount    1\n"
	  "  0008  00 00                    nscount    0\n"
	  "  000a  00 00                    arcount    0\n"
	  "  000c  01 61 00                 qname      a\n"
	  "  000f  00 41                    qtype      HTTPS\n"
	  "  0011  00 01                    qclass     IN\n"
	  "  0013                           answers\n"
	  "  0013  01 61 00 00 41 00 01 00    a:HTTPS:1:.:...\n"
	  "  001b  00 00 00 00 10 00 01 00\n"
	  "  0023  00 03 00 02 20 fb            port:8443\n"
	  "  0029  00 01 00 03 02 68 32         alpn:h2\n" },
	{ "tree: what lies behind an end", "tcp sport=1 dport=2 seq=3 flags=S options=eol,hex:0102",
	  "tcp: Transmission Control Protocol, 24 bytes\n"
	  "  0000  00 01                    sport      1\n"
	  "  0002  00 02                    dport      2\n"
	  "  0004  00 00 00 03              seq        3\n"
	  "  0008  00 00 00 00              ack        0\n"
	  "  000c  60                       offset     6\n"
	  "  000c  60                       reserved   0\n"
	  "  000c  60 02                    flags      S\n"
	  "  000e  ff ff                    win        65535\n"
	  "  0010  9d f6                    checksum   0x9df6 (ok)\n"
	  "  0012  00 00                    urg        0\n"
	  "  0014                           options\n"
	  "  0014  00                         eol\n"
	  "  0015  01 02 00                   (behind the end)\n" },
};

static void is_a_tree(void **state)
{
	const struct tree_row *row = *state;
	uint8_t room[WIRE_MAX];
	char text[4000];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	read_text(&p, room, row->text);
	sonde_print_tree(&t, &p);
	assert_string_equal(text, row->tree);
}

/* --- All bytes are there ----------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;
	return at ? (int)(at - digits) : -1;
}

/* Read the bytes of one line, which begins with its offset, into those that were seen. Fails when they are others. */
static void see_line(bool seen[static WIRE_MAX], const struct sonde_packet *p, const char *line, const char *end)
{
	size_t offset = 0;
	const char *s = line + 2;
	for (; hex_digit(*s) >= 0; s++)
		offset = offset * 16 + (size_t)hex_digit(*s);
	for (s += 2; s + 2 <= end && hex_digit(s[0]) >= 0 && hex_digit(s[1]) >= 0; offset++) {
		assert_true(offset < p->len);
		assert_int_equal(hex_digit(s[0]) * 16 + hex_digit(s[1]), p->data[offset]);
		seen[offset] = true;
		s += s + 3 < end && s[2] == ' ' && s[3] == ' ' && hex_digit(s[4]) >= 0 && hex_digit(s[5]) >= 0 &&
		     s[6] == ' ' && s - line > 28 && s - line < 32 ? 4 : 3;
	}
}

static void check_bytes(const struct sonde_packet *p, const char *name)
{
	static char text[1 << 20];
	bool seen[WIRE_MAX] = { false };
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_print_tree(&t, p);
	assert_true(sonde_text_fits(&t));
	for (const char *line = text, *end; *line; line = end + 1) {
		end = strchr(line, '\n');
		if (line[0] == ' ')
			see_line(seen, p, line, end);
	}
	for (uint32_t i = 0; i < p->len; i++)
		if (!seen[i])
			fail_msg("%s: byte %u is not in\n%s", name, (unsigned)i, text);
}

/* The example of every protocol, cut everywhere, and with bytes that are others. */
static void has_all_bytes(void **state)
{
	uint8_t room[WIRE_MAX];
	uint64_t random = 1;
	struct sonde_packet p, q;
	(void)state;
	for (const struct sonde_proto *const *proto = sonde_protos; *proto; proto++) {
		if (!(*proto)->example)
			continue;
		wire_build(&p, room, (*proto)->example);
		struct sonde_id first = p.layers[0].proto->ids[0];
		for (uint32_t len = 0; len <= p.len; len++) {
			sonde_dissect(&q, room, len, p.len, first);
			check_bytes(&q, (*proto)->name);
		}
		for (unsigned i = 0; i < 300; i++) {
			room[unit_random(&random) % p.len] = (uint8_t)unit_random(&random);
			sonde_dissect(&q, room, p.len, p.len, first);
			check_bytes(&q, (*proto)->name);
		}
	}
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, is_a_line, lines);
	UNIT_ROWS(&u, fits_or_counts, lines);
	UNIT_TEST(&u, has_columns);
	UNIT_TEST(&u, has_names);
	UNIT_ROWS(&u, is_a_pair, pairs);
	UNIT_ROWS(&u, is_a_tree, trees);
	UNIT_TEST(&u, has_all_bytes);
	return unit_run(&u, "packets for people");
}
