/* Packets for people: a line, a tree, a pair of sockets. */
#include "packet/ends.h"
#include "packet/print.h"

#include "tests/unit/wire.h"

#define IP  "ip id=1 src=10.0.0.1 dst=10.0.0.2 "
#define ETH "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "

static const struct line_row {
	const char *name, *text;
	bool outer;
	const char *line;
} lines[] = {
	{ "line: a segment", ETH IP "/ tcp sport=1 dport=2 seq=3 flags=S options=mss:9 / text:ab", false,
	  "10.0.0.1:1 > 10.0.0.2:2 tcp seq=3 flags=S options=mss:9 len 2" },
	{ "line: and what is around it", ETH IP "/ tcp sport=1 dport=2 seq=3 flags=S / text:ab", true,
	  "ether 02:00:00:00:00:01 > 02:00:00:00:00:02, ip id=1 ttl=64: 10.0.0.1:1 > 10.0.0.2:2 tcp seq=3 flags=S "
	  "len 2" },
	{ "line: tags and labels",
	  ETH "vlan pcp=5 id=7 / mpls label=16 ttl=3 / ip6 src=::1 dst=::2 hlim=9 / udp sport=1 dport=2", true,
	  "ether 02:00:00:00:00:01 > 02:00:00:00:00:02, vlan pcp=5 id=7, mpls label=16 ttl=3, ip6 hlim=9: [::1]:1 > "
	  "[::2]:2 udp len 0" },
	{ "line: a tunnel, alone", IP "/ gre key=5 / ip id=2 src=10.1.0.1 dst=10.1.0.2 / udp sport=1 dport=2", false,
	  "10.1.0.1:1 > 10.1.0.2:2 udp len 0" },
	{ "line: a tunnel, and what is around", IP "/ gre key=5 / ip id=2 src=10.1.0.1 dst=10.1.0.2 / udp sport=1 "
	  "dport=2", true,
	  "ip 10.0.0.1 > 10.0.0.2 id=1 ttl=64, gre key=5, ip id=2 ttl=64: 10.1.0.1:1 > 10.1.0.2:2 udp len 0" },
	{ "line: ports further out", IP "/ udp sport=5 dport=4789 / vxlan vni=6 / " ETH "arp spa=10.0.0.1 tpa=10.0.0.2",
	  true,
	  "ip id=1 ttl=64, udp, vxlan vni=6, ether 02:00:00:00:00:01 > 02:00:00:00:00:02: 10.0.0.1:5 > 10.0.0.2:4789 "
	  "arp op=request sha=00:00:00:00:00:00 spa=10.0.0.1 tpa=10.0.0.2 len 0" },
	{ "line: an error", IP "/ icmp type=unreach code=port / " IP "/ udp sport=1 dport=2", false,
	  "10.0.0.1 > 10.0.0.2 icmp type=unreach code=port quoting udp len 0" },
	{ "line: nothing inside", IP "ttl=9 / hex:00", true,
	  "10.0.0.1 > 10.0.0.2 ip id=1 ttl=9 src=10.0.0.1 dst=10.0.0.2 len 1" },
	{ "line: a fault, and one of a name that two have", IP "length=50 / udp sport=1 dport=2 length=9", false,
	  "10.0.0.1:1 > 10.0.0.2:2 udp length=9 len 0 [length 50, 28 there] [udp length 9, 8 there]" },
	{ "line: faults that say why the header is not all there", IP "/ tcp sport=1 dport=2 seq=3 offset=15 flags=S",
	  false, "10.0.0.1:1 > 10.0.0.2:2 tcp seq=3 offset=15 flags=S len 0 [tcp offset 15, 5 there]" },
	{ "line: a header that is not all there", IP "proto=udp / hex:0001000200", false,
	  "10.0.0.1:1 > 10.0.0.2:2 udp len 1 [udp malformed]" },
	{ "line: sums", IP "checksum=7 / udp sport=1 dport=2 checksum=5", false,
	  "10.0.0.1:1 > 10.0.0.2:2 udp len 0 [ip checksum wrong] [udp checksum wrong]" },
};

static void read_text(struct sonde_packet *out, uint8_t room[static WIRE_MAX], const char *text)
{
	struct sonde_packet p;
	wire_build(&p, room, text);
	sonde_dissect(out, p.data, p.len, p.len, p.layers[0].proto->ids[0]);
	sonde_infer(out);
}

static void is_a_line(void **state)
{
	const struct line_row *row = *state;
	uint8_t room[WIRE_MAX];
	char text[1000];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	const struct sonde_line_style style = { .outer = row->outer };
	read_text(&p, room, row->text);
	sonde_print_line(&t, &p, row->outer ? &style : NULL);
	assert_string_equal(text, row->line);
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
	assert_string_equal(text, "10.0.0.1:1 > server:2 udp len 0");
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
	UNIT_TEST(&u, has_names);
	UNIT_ROWS(&u, is_a_pair, pairs);
	UNIT_ROWS(&u, is_a_tree, trees);
	UNIT_TEST(&u, has_all_bytes);
	return unit_run(&u, "packets for people");
}
