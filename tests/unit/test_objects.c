#include "proto/objects.h"

#include "base/text.h"
#include "packet/print.h"
#include "proto/icmp.h"
#include "tests/unit/wire.h"

/* Frames of the captures in tcpdump's tests. */
static const struct wire_row captured[] = {
	/* mpls-traceroute.pcap, frame 2 */
	{ "objects: an MPLS label, without the length of the quote",
	  "ip id=5014 flags=DF ttl=255 src=10.5.0.1 dst=12.4.4.4 / "
	  "icmp type=timxceed code=transit length=0 objects=mpls:100704/0/1/1 / "
	  "ip id=42316 ttl=1 src=12.4.4.4 dst=12.1.1.1 / udp sport=42315 dport=33435 checksum=0x0000 / zero:12",
	  "450000a813964000ff014db10a0500010c0404040b00cd040000000045000028a54c00000111f76f0c0404040c010101a54b829b"
	  "00140000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "2000c55f0008010118960101" },
	/* icmp-rfc5837.pcap, frame 1 */
	{ "objects: interface information, likewise",
	  "ip id=59168 flags=DF ttl=254 src=10.4.0.2 dst=12.4.4.4 / "
	  "icmp type=timxceed code=transit length=0 "
	  "objects=iface:in:index+addr+name:15:10.10.10.10:"
	  "This-is-the-name-of-the-Interface-that-we-are-looking-for-\\x5b\\x3a-\\x29\\x5d / "
	  "ip id=42321 ttl=1 src=12.4.4.4 dst=12.1.1.1 / udp sport=42315 dport=33440 checksum=0x0000 / zero:12",
	  "450000f0e7204000fe017ade0a0400020c0404040b00ccff0000000045000028a55100000111f76a0c0404040c010101a54b82a0"
	  "00140000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "2000246c0050020e0000000f000100000a0a0a0a40546869732d69732d7468652d6e616d652d6f662d7468652d496e7465726661"
	  "63652d746861742d77652d6172652d6c6f6f6b696e672d666f722d5b3a2d295d" },
};

/* From the drawings in RFC 4884, 5837 and 8335. */
static const struct wire_row drawn[] = {
	{ "objects: in ICMPv6",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=timxceed code=transit objects=mpls:16/0/1/64 / ip6 src=::1 "
	  "dst=::2",
	  "60000000 0094 3a40 20010db8000000000000000000000001 20010db8000000000000000000000002 0300 f578 10 000000 "
	  "60000000 0000 3b400000000000000000000000000000000100000000000000000000000000000002 "
	  "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "00000000000000000000000000000000000000000000000000000000000000000000"
	  " 2000 ddb5 0008 0101 00010140" },
	{ "objects: every kind but labels",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=timxceed code=transit objects=iface:out:index+mtu:7:1500,"
	  "byname:6574683000000000,byindex:9,byaddr:1:4:0a000001 / ip id=0 src=1.2.3.4 dst=5.6.7.8",
	  "450000cc000100004001662e0a0000010a000002 0b00 f4df 00 20 0000 45000014 0000 0000 40ff 69d8 01020304 "
	  "05060708 "
	  "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
	  " 2000 f2b1 000c 0289 00000007 000005dc 000c 0301 6574683000000000 0008 0302 00000009 000c 0303 0001 04 00 "
	  "0a000001" },
};

/* RFC 8335, 2: an extended echo request quotes nothing, and its extension follows the header. */
static const struct wire_row extended_echoes[] = {
	{ "objects: right behind an extended echo request",
	  "ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=xecho code=0 id=5 seq=7 flags=0x01 objects=byindex:2",
	  "4500002800010000400166d20a0000010a0000022a00cef9000507012000dcf30008030200000002" },
	{ "objects: likewise in ICMPv6",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=xecho code=0 id=5 seq=7 flags=0x01 objects=byname:65746830",
	  "6000000000143a4020010db800000000000000000000000120010db8000000000000000000000002"
	  "a000fd350005070120000f520008030165746830" },
	{ "objects: none in an extended echo request of one word",
	  "icmp type=xecho code=0 id=5 seq=7 / hex:200100", "2a00aef9 0005 0700 200100" },
};

/* Interface information alone, after RFC 5837, 4 and 5; the quote is the same, and the checksum of the extension. */
#define ONE(objects)                                                                                                   \
	"ip id=1 src=10.0.0.1 dst=10.0.0.2 / icmp type=timxceed code=transit checksum=0x1234 ext_checksum=0x5678 "     \
	"objects=" objects " / ip id=0 src=1.2.3.4 dst=5.6.7.8"

static const struct iface_row {
	const char *name, *object, *hex;
} ifaces[] = {
	{ "iface: an IPv6 address", "iface:sub:addr:[2001:db8::1]",
	  "0018 0244 0002 0000 20010db8000000000000000000000001" },
	{ "iface: an IPv4 address and an MTU", "iface:out:addr+mtu:10.0.0.1:9000",
	  "0010 0285 0001 0000 0a000001 00002328" },
	{ "iface: a name that is filled up", "iface:in:name:eth0", "000c 0202 08657468 30000000" },
	{ "iface: a name that needs no filling", "iface:in:name:lo0", "0008 0202 046c6f30" },
	{ "iface: an empty name", "iface:in:name", "0008 0202 04000000" },
	{ "iface: no name at all", "514:", "0004 0202" },
	{ "iface: UTF-8 and a slash", "iface:nexthop:index+name:3:\\xc3\\xa9/0.1",
	  "0010 02ca 00000003 08c3a92f 302e3100" },
	{ "iface: everything", "iface:in:index+addr+name+mtu:5:[fe80::1]:ge-0/0/0:1500",
	  "002c 020f 00000005 00020000 fe800000000000000000000000000001 0c67652d 302f302f 30000000 000005dc" },
	{ "iface: what follows the parts", "iface:in:mtu:1500:00", "0009 0201 000005dc 00" },
	/* What would not be built like that stays as bytes. */
	{ "iface: another address family", "516:0006000001020304", "000c 0204 0006 0000 01020304" },
	{ "iface: what is reserved is not 0", "516:000100010a000001", "000c 0204 0001 0001 0a000001" },
	{ "iface: a name of an odd length", "514:03657400", "0008 0202 03657400" },
	{ "iface: a name that is longer than its object", "514:40657430", "0008 0202 40657430" },
	{ "iface: a name that counts nothing", "514:00657430", "0008 0202 00657430" },
	{ "iface: filling that is not 0 is of the name", "iface:in:name:eth0\\x00\\x00\\x01",
	  "000c 0202 0865746830000001" },
};

static void parts_are_arguments(void **state)
{
	const struct iface_row *row = *state;
	uint8_t packet[WIRE_MAX], want[WIRE_MAX];
	char text[512], printed[1024];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	size_t len = wire_hex(want, row->hex);
	sonde_text_fmt(&t, ONE("%s"), row->object);
	wire_build(&p, packet, text);
	uint32_t at = p.layers[p.n_layers].offset + 4;
	wire_equal(packet + at, p.len - at, want, len);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	sonde_infer(&p);
	t = sonde_text(printed, sizeof printed);
	sonde_print(&t, &p);
	if (!strstr(printed, row->object))
		fail_msg("%s is printed as %s", row->object, printed);
}

#define ERROR(fields)                                                                                                  \
	"ip dst=10.0.0.2 / icmp type=timxceed " fields " / ip src=10.0.0.2 dst=10.0.0.9 / udp sport=1 dport=2 / "      \
	"text:x"
#define ERROR6(fields)                                                                                                 \
	"ip6 dst=2001:db8::2 / icmp6 type=timxceed " fields                                                            \
	" / ip6 src=2001:db8::2 dst=2001:db8::9 / udp sport=1 dport=2"

/* RFC 4884, 3 and 4: the quote is filled up to 128 bytes at least, and its length is counted in words of 4 bytes for
 * IPv4 and of 8 for IPv6. */
static void quotes_are_filled_up(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, ERROR("objects=mpls:16/0/1/64"));
	assert_int_equal(p.len, 20 + 8 + 128 + 4 + 8);
	assert_int_equal(packet[20 + 5], 128 / 4);
	wire_build(&p, packet, ERROR6("objects=mpls:16/0/1/64"));
	assert_int_equal(p.len, 40 + 8 + 128 + 4 + 8);
	assert_int_equal(packet[40 + 4], 128 / 8);
	wire_build(&p, packet, ERROR6("objects=mpls:16/0/1/64") " / zero:150");
	assert_int_equal(p.len, 40 + 8 + 200 + 4 + 8);
	assert_int_equal(packet[40 + 4], 200 / 8);
}

static enum sonde_sum_state trailer_sum(const char *text)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, packet, text);
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_trailers, 1);
	return sonde_verify(&p, p.n_layers);
}

static void checksums_are_judged(void **state)
{
	(void)state;
	assert_int_equal(trailer_sum(ERROR("objects=mpls:16/0/1/64")), SONDE_SUM_OK);
	assert_int_equal(trailer_sum(ERROR("ext_checksum=1 objects=mpls:16/0/1/64")), SONDE_SUM_WRONG);
	assert_int_equal(trailer_sum(ERROR6("objects=mpls:16/0/1/64")), SONDE_SUM_OK);
}

/* An error that no IP header is around: what fills the quote is still no padding of a link. */
static void filling_is_no_padding(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, "icmp type=timxceed objects=mpls:16/0/1/64 / ip src=1.2.3.4 dst=5.6.7.8");
	wire_read(&p, packet, p.len, &sonde_icmp);
	assert_int_equal(p.n_trailers, 1);
	assert_int_equal(sonde_payload(&p).len, 0);
}

/* Without a length only a right checksum at byte 128 makes objects of the end of a quote (RFC 4884, 5.5). */
static void a_long_quote_is_no_extension(void **state)
{
	uint8_t packet[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, packet, ERROR("length=0 ext_checksum=1 objects=mpls:16/0/1/64"));
	wire_read(&p, packet, p.len, p.layers[0].proto);
	assert_int_equal(p.n_trailers, 0);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, wire_test_bytes, captured);
	UNIT_ROWS(&u, wire_test, drawn);
	UNIT_ROWS(&u, wire_test, extended_echoes);
	UNIT_ROWS(&u, parts_are_arguments, ifaces);
	UNIT_TEST(&u, quotes_are_filled_up);
	UNIT_TEST(&u, checksums_are_judged);
	UNIT_TEST(&u, filling_is_no_padding);
	UNIT_TEST(&u, a_long_quote_is_no_extension);
	return unit_run(&u, "objects");
}
