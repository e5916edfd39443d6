/* The ends of a packet: rows worked out by hand, and whatever the dissector says. With captures as arguments, their
 * frames are compared with the dissector and nothing else is done (tests/ends.sh). */
#include "packet/ends.h"

#include <glob.h>
#include <stdlib.h>

#include "base/text.h"
#include "flow/key.h"
#include "io/file_read.h"

#include "tests/unit/ends_model.h"
#include "tests/unit/wire.h"

static char difference[ENDS_MODEL_TEXT];

/* --- Rows -------------------------------------------------------------------------------------------------------- */

/* SOURCE > DESTINATION proto N, and what is not 0 of the rest. */
static const char *describe(char *out, size_t cap, const struct sonde_ends *e)
{
	struct sonde_text t = sonde_text(out, cap);
	char src[SONDE_ADDR_STRLEN], dst[SONDE_ADDR_STRLEN];
	struct sonde_addr from = { .family = e->family }, to = { .family = e->family };
	memcpy(from.bytes, e->src, sizeof e->src);
	memcpy(to.bytes, e->dst, sizeof e->dst);
	sonde_text_fmt(&t, "%s %u > %s %u, %u", sonde_addr_format(src, &from), e->sport, sonde_addr_format(dst, &to),
		       e->dport, e->proto);
	const struct {
		const char *name;
		uint32_t value;
	} rest[] = {
		{ "vlan", e->vlan == SONDE_ENDS_NO_VLAN ? 0 : e->vlan }, { "tcp", e->tcp_flags }, { "win", e->win },
		{ "seq", e->seq }, { "ack", e->ack }, { "id", e->fragment_id }, { "type", e->icmp_type },
		{ "code", e->icmp_code }, { "tunnels", e->n_tunnels },
	};
	for (size_t i = 0; i < sizeof rest / sizeof *rest; i++)
		if (rest[i].value)
			sonde_text_fmt(&t, " %s %u", rest[i].name, rest[i].value);
	sonde_text_fmt(&t, ", %u+%u %u %u+%u", e->ip_offset, e->ip_len, e->transport_offset, e->payload_offset,
		       e->payload_len);
	if (e->payload_have != e->payload_len)
		sonde_text_fmt(&t, " of which %u", e->payload_have);
	static const char *const flags[] = { "ports", "first", "later", "cut", "cut-header" };
	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
		if (e->flags >> i & 1)
			sonde_text_fmt(&t, "%s %s", i && e->flags & ((1 << i) - 1) ? "" : ",", flags[i]);
	return out;
}

#define ETHER "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "
#define IP    "ip id=7 src=10.0.0.1 dst=10.0.0.2 "
#define IP6   "ip6 src=2001:db8::1 dst=2001:db8::2 "
#define OUTER "ip id=9 src=192.0.2.1 dst=192.0.2.2 "
#define UDP   "udp sport=1000 dport=53"
#define TCP   "tcp sport=1000 dport=80 seq=5 ack=6 flags=SA win=7"

/* n: bytes that are there, or all. */
static const struct row {
	const char *name, *text;
	uint32_t n, link;
	const char *want;
} rows[] = {
	{ "ends: TCP", ETHER IP "/ " TCP " / text:abc", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+43 34 54+3, ports" },
	{ "ends: TCP with options", ETHER IP "options=nop,nop,nop,nop / " TCP " options=mss:1460 / text:abc", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+51 38 62+3, ports" },
	{ "ends: TCP over IPv6", IP6 "/ " TCP " / text:abc", 0, 101,
	  "2001:db8::1 1000 > 2001:db8::2 80, 6 tcp 18 win 7 seq 5 ack 6, 0+63 40 60+3, ports" },
	{ "ends: padding is no payload", ETHER IP "/ " TCP " / pad zero:6", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+40 34 54+0, ports" },
	{ "ends: UDP", ETHER IP "/ " UDP " / text:abc", 0, 1, "10.0.0.1 1000 > 10.0.0.2 53, 17, 14+31 34 42+3, ports" },
	{ "ends: UDP shorter than IP", ETHER IP "/ udp sport=1000 dport=53 length=9 / text:abc", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 14+31 34 42+1, ports" },
	{ "ends: UDP longer than IP", ETHER IP "/ udp sport=1000 dport=53 length=99 / text:abc", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 14+31 34 42+3, ports" },
	{ "ends: SCTP", ETHER IP "/ sctp sport=5 dport=6 vtag=1 / hex:00", 0, 1,
	  "10.0.0.1 5 > 10.0.0.2 6, 132, 14+33 34 46+1, ports" },
	{ "ends: an echo", ETHER IP "/ icmp type=echo id=11 seq=12 / text:abc", 0, 1,
	  "10.0.0.1 11 > 10.0.0.2 11, 1 seq 12 type 8, 14+31 34 42+3, ports" },
	{ "ends: an echo of IPv6", IP6 "/ icmp6 type=echo-reply id=11 seq=12", 0, 229,
	  "2001:db8::1 11 > 2001:db8::2 11, 58 seq 12 type 129, 0+48 40 48+0, ports" },
	{ "ends: an ICMP error has its own", ETHER IP "/ icmp type=unreach code=port / " OUTER "/ " UDP, 0, 1,
	  "10.0.0.1 0 > 10.0.0.2 0, 1 type 3 code 3, 14+56 34 42+28, ports" },
	{ "ends: a protocol without ports", ETHER IP "proto=50 / hex:0102030405060708", 0, 1,
	  "10.0.0.1 0 > 10.0.0.2 0, 50, 14+28 34 34+8" },
	{ "ends: offload's length of 0", ETHER IP "length=0 / " TCP " / text:abc", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+43 34 54+3, ports" },

	{ "ends: the first fragment", ETHER IP "flags=MF / " UDP " / zero:16", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 id 7, 14+44 34 42+16, ports first" },
	{ "ends: a later fragment", ETHER IP "offset=3 proto=udp / zero:16", 0, 1,
	  "10.0.0.1 0 > 10.0.0.2 0, 17 id 7, 14+36 34 34+16, later" },
	{ "ends: a later fragment of IPv6", IP6 "/ fragment offset=3 id=8 next=tcp / zero:16", 0, 101,
	  "2001:db8::1 0 > 2001:db8::2 0, 6 id 8, 0+64 48 48+16, later" },
	{ "ends: a fragment that is all", IP6 "/ fragment id=8 / " UDP, 0, 101,
	  "2001:db8::1 1000 > 2001:db8::2 53, 17, 0+56 48 56+0, ports" },
	{ "ends: extension headers", IP6 "/ hopopts / routing type=source / ah / dstopts / " UDP " / text:a", 0, 101,
	  "2001:db8::1 1000 > 2001:db8::2 53, 17, 0+85 76 84+1, ports" },
	{ "ends: an extension header that is cut", IP6 "/ dstopts / " UDP, 45, 101,
	  "2001:db8::1 0 > 2001:db8::2 0, 60, 0+56 40 40+16 of which 5, cut cut-header" },
	{ "ends: AH in IPv4", IP "/ ah icv=000102030405060708090a0b / " UDP, 0, 101,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 0+52 44 52+0, ports" },

	{ "ends: payload that is cut", ETHER IP "/ " TCP " / zero:100", 60, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+140 34 54+100 of which 6, ports cut" },
	{ "ends: options that are cut", ETHER IP "/ " TCP " options=mss:1460 / zero:100", 56, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6, 14+144 34 58+100 of which 0, ports cut "
	  "cut-header" },
	{ "ends: TCP that is cut behind seq", ETHER IP "/ " TCP, 43, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 seq 5, 14+40 34 54+0, ports cut cut-header" },
	{ "ends: ports that are cut", ETHER IP "/ " TCP, 37, 1,
	  "10.0.0.1 1000 > 10.0.0.2 0, 6, 14+40 34 54+0, cut cut-header" },
	{ "ends: nothing behind IP", ETHER IP "/ " TCP, 34, 1,
	  "10.0.0.1 0 > 10.0.0.2 0, 6, 14+40 34 54+0, cut cut-header" },
	{ "ends: an IP packet without its transport", ETHER IP "proto=tcp", 0, 1,
	  "10.0.0.1 0 > 10.0.0.2 0, 6, 14+20 34 54+0, cut-header" },
	{ "ends: IP that is cut", ETHER IP "/ " TCP, 33, 1, "no IP, cut" },
	{ "ends: Ethernet that is cut", ETHER IP, 13, 1, "no IP, cut" },
	{ "ends: another protocol", ETHER "arp", 0, 1, "no IP" },
	{ "ends: another link type", IP "/ " TCP, 0, 147, "no IP" },

	{ "ends: VLAN tags", ETHER "vlan id=5 / vlan id=6 / " IP "/ " UDP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 vlan 5, 22+28 42 50+0, ports" },
	{ "ends: a length and SNAP", ETHER "vlan id=5 / llc / " IP "/ " UDP " / pad zero:9", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 vlan 5, 26+28 46 54+0, ports" },
	{ "ends: MPLS labels", ETHER "mpls label=16 / mpls label=17 / " IP "/ " UDP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 22+28 42 50+0, ports" },
	{ "ends: PPPoE", ETHER "pppoe code=data session=1 / " IP "length=0 / " UDP " / pad zero:4", 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 22+28 42 50+0, ports" },
	{ "ends: Wi-Fi, the check sequence behind a packet whose length offload left as 0",
	  "radiotap flags=fcs rate=2 / "
	  "wlan flags=tods addr1=02:00:00:00:00:01 addr2=02:00:00:00:00:02 addr3=02:00:00:00:00:03 / llc / " IP
	  "length=0 / " UDP " / pad zero:4", 0, 127, "10.0.0.1 1000 > 10.0.0.2 53, 17, 42+28 62 70+0, ports" },
	{ "ends: PPPoE discovery", ETHER "pppoe code=padi session=0", 0, 1, "no IP" },
	{ "ends: IP in IP", OUTER "/ " IP6 "/ " UDP, 0, 101,
	  "2001:db8::1 1000 > 2001:db8::2 53, 17 tunnels 1, 20+48 60 68+0, ports" },
	{ "ends: GRE with key and sequence", ETHER OUTER "/ gre key=1 seq=2 / " IP "/ " UDP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 tunnels 1, 46+28 66 74+0, ports" },
	{ "ends: VXLAN",
	  ETHER "vlan id=5 / " OUTER "/ udp sport=1 / vxlan vni=1 / " ETHER "vlan id=6 / " IP "/ " UDP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 vlan 5 tunnels 1, 72+28 92 100+0, ports" },
	{ "ends: PPP with framing", "hdlc / pfc / " IP "/ " UDP, 0, 9,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 3+28 23 31+0, ports" },
	{ "ends: Frame Relay and SNAP", "fr address=16/EA / nlpidpad / frsnap / " IP "/ " UDP, 0, 107,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 10+28 30 38+0, ports" },
	{ "ends: a pseudowire", ETHER "mpls label=16 / pw / " ETHER "vlan id=6 / " IP "/ " UDP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 vlan 6, 40+28 60 68+0, ports" },
	{ "ends: GENEVE with an option", OUTER "/ udp sport=1 / geneve vni=1 options=ovn:1:2 / " ETHER IP "/ " UDP, 0,
		101,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 tunnels 1, 58+28 78 86+0, ports" },
	{ "ends: GTP-U by its source port", OUTER "/ udp sport=2152 dport=9 / gtpu teid=1 flags=S / " IP "/ " UDP, 0,
		101,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 tunnels 1, 40+28 60 68+0, ports" },
	{ "ends: L2TP", OUTER "/ udp sport=1 / l2tp flags=L tunnel=1 session=1 / ppp / " IP "/ " UDP, 0, 101,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 tunnels 1, 38+28 58 66+0, ports" },
	{ "ends: Teredo", OUTER "/ udp sport=1 / teredoauth / teredo port=1 addr=2 / " IP6 "/ " UDP, 0, 101,
	  "2001:db8::1 1000 > 2001:db8::2 53, 17 tunnels 1, 49+48 89 97+0, ports" },
	{ "ends: GRE in UDP, ERSPAN in it", OUTER "/ udp sport=1 / gre seq=1 / erspan session=1 / " ETHER IP "/ " UDP,
		0, 101,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17 tunnels 1, 58+28 78 86+0, ports" },
	{ "ends: VXLAN without IP in it", ETHER OUTER "/ udp sport=1 / vxlan vni=1 / " ETHER "vlan id=6 / arp", 0, 1,
	  "192.0.2.1 1 > 192.0.2.2 4789, 17, 14+82 34 42+54, ports" },
	{ "ends: a tunnel whose IP is cut", ETHER OUTER "/ gre / " IP "/ " UDP, 57, 1,
	  "192.0.2.1 0 > 192.0.2.2 0, 47, 14+52 34 34+32 of which 23, cut" },
	{ "ends: a tunnel that is too short", ETHER OUTER "/ " IP "length=90 / " TCP, 0, 1,
	  "10.0.0.1 1000 > 10.0.0.2 80, 6 tcp 18 win 7 seq 5 ack 6 tunnels 1, 34+90 54 74+50 of which 0, ports cut" },
	{ "ends: a fragment of a tunnel", ETHER OUTER "offset=1 proto=ip / " IP "/ " UDP, 0, 1,
	  "192.0.2.1 0 > 192.0.2.2 0, 4 id 9, 14+48 34 34+28, later" },
	{ "ends: Linux cooked", "sll pkttype=host addr=02:00:00:00:00:01 / " IP "/ " UDP, 0, 113,
	  "10.0.0.1 1000 > 10.0.0.2 53, 17, 16+28 36 44+0, ports" },
	{ "ends: BSD loopback", "null / " IP6 "/ " UDP, 0, 0,
	  "2001:db8::1 1000 > 2001:db8::2 53, 17, 4+48 44 52+0, ports" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	uint8_t built[WIRE_MAX];
	char text[512] = "no IP";
	struct sonde_packet p;
	struct sonde_ends e;
	wire_build(&p, built, row->text);
	uint32_t len = row->n ? row->n : p.len;
	if (sonde_ends_read(&e, p.data, len, p.len, row->link))
		describe(text, sizeof text, &e);
	else if (e.flags == SONDE_ENDS_CUT)
		strcat(text, ", cut");
	assert_string_equal(text, row->want);
}

/* --- Beside the dissector ---------------------------------------------------------------------------------------- */

static void agree(const uint8_t *frame, size_t len, uint32_t wire_len, uint32_t link)
{
	char hex[2 * 256 + 1];
	struct sonde_text t = sonde_text(hex, sizeof hex);
	if (!ends_model_differ(difference, sonde_view(frame, len), wire_len, link))
		return;
	sonde_text_hex(&t, sonde_view(frame, len));
	fail_msg("link type %u, %zu bytes of %u: %s%s", link, len, wire_len, hex, difference);
}

/* A frame, every beginning of it (as far as headers may reach), and what becomes of it when bytes change. */
static void agree_all(const uint8_t *frame, size_t len, uint32_t wire_len, uint32_t link)
{
	static uint64_t seed = 1;
	static uint8_t spoiled[SONDE_MAX_FRAME];
	agree(frame, len, wire_len, link);
	if (len > sizeof spoiled)
		return;
	for (size_t n = 0; n < len && n < 400; n++) {
		agree(frame, n, wire_len, link);
		agree(frame, n, (uint32_t)n, link);
	}
	for (unsigned i = 0; i < 64 && len; i++) {
		memcpy(spoiled, frame, len);
		for (unsigned n = 1 + unit_random(&seed) % 4; n > 0; n--)
			spoiled[unit_random(&seed) % (len < 120 ? len : 120)] = (uint8_t)unit_random(&seed);
		agree(spoiled, len - (i % 4 ? 0 : unit_random(&seed) % len), wire_len, link);
	}
}

static void test_row_beside(void **state)
{
	const struct row *row = *state;
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, built, row->text);
	agree_all(p.data, p.len, p.len, row->link);
}

/* --- Every number ------------------------------------------------------------------------------------------------ */

#define INNER IP "/ " UDP " / text:abc"

/* Whether the ends know the same numbers as the descriptions: each of a field of 16 bits or less, before IP packets. */
static const struct numbered {
	const char *name, *text;
	uint32_t link;
	uint32_t at, width; /* bytes of the number in the packet */
} numbered[] = {
	{ "ends: every Ethernet type, IPv4 in it", ETHER, 1, 12, 2 },
	{ "ends: every service access point", ETHER "llc / ", 1, 14, 2 },
	{ "ends: every length with SNAP", ETHER "llc / ", 1, 12, 2 },
	{ "ends: every Ethernet type of a VLAN, IPv4 in it", ETHER "vlan id=5 type=0 / ", 1, 16, 2 },
	{ "ends: every Ethernet type of GRE, a label in it", OUTER "/ gre type=0 / mpls label=16 / ", 101, 22, 2 },
	{ "ends: every Ethernet type, IPv4 in Ethernet in it", ETHER ETHER, 1, 12, 2 },
	{ "ends: every Ethernet type, IPv4 in a VLAN in it", ETHER "vlan id=5 / ", 1, 12, 2 },
	{ "ends: every Ethernet type, IPv4 in PPPoE in it", ETHER "pppoe code=data session=1 / ", 1, 12, 2 },
	{ "ends: every protocol of PPP", ETHER "pppoe code=data session=1 / ", 1, 20, 2 },
	{ "ends: every code of PPPoE", ETHER "pppoe code=data session=1 / ", 1, 15, 1 },
	{ "ends: every IP protocol", OUTER "/ ", 101, 9, 1 },
	{ "ends: every IP protocol, an extension header in it", OUTER "/ fragment id=1 / ", 101, 9, 1 },
	{ "ends: every IP protocol, GRE in it", OUTER "/ gre / ", 101, 9, 1 },
	{ "ends: every IP protocol, Ethernet in it", OUTER "/ " ETHER, 101, 9, 1 },
	{ "ends: every IP protocol, TCP in it", OUTER "/ " TCP " / ", 101, 9, 1 },
	{ "ends: every IP protocol, a label in it", OUTER "/ mpls label=16 / ", 101, 9, 1 },
	{ "ends: every IPv6 next header", IP6 "/ ", 101, 6, 1 },
	{ "ends: every next header of an extension", IP6 "/ dstopts / ", 101, 40, 1 },
	{ "ends: every UDP port, VXLAN in it", OUTER "/ udp sport=1 / vxlan vni=1 / " ETHER, 101, 22, 2 },
	{ "ends: every UDP port, a label in it", OUTER "/ udp sport=1 dport=6635 / mpls label=16 / ", 101, 22, 2 },
	{ "ends: every UDP port, GENEVE in it", OUTER "/ udp sport=1 / geneve vni=1 / " ETHER, 101, 22, 2 },
	{ "ends: every UDP port, GTP-U in it", OUTER "/ udp sport=1 / gtpu teid=1 / ", 101, 22, 2 },
	{ "ends: every UDP port, IPv6 in it", OUTER "/ udp sport=1 dport=3544 / teredo port=1 addr=2 / " IP6 "/ ",
		101, 22, 2 },
	{ "ends: every protocol of PPP without framing", "ppp / ", 9, 0, 2 },
	{ "ends: every byte where PPP and Cisco HDLC meet", "ppp / ", 50, 0, 2 },
	{ "ends: every header of Frame Relay", "fr address=16/EA / nlpid / ", 107, 2, 2 },
	{ "ends: every word of a pseudowire", ETHER "mpls label=16 / pw / " ETHER, 1, 18, 2 },
	{ "ends: every flag of GTP-U", OUTER "/ udp sport=1 / gtpu teid=1 / ", 101, 28, 2 },
	{ "ends: every flag of L2TP", OUTER "/ udp sport=1 / l2tp tunnel=1 session=1 / ppp / ", 101, 28, 2 },
	{ "ends: every UDP source port", OUTER "/ udp dport=9 / mpls label=16 / ", 101, 20, 2 },
	{ "ends: every version behind a label", ETHER "mpls label=16 / ", 1, 18, 1 },
	{ "ends: every version without a link layer", "", 101, 0, 1 },
	{ "ends: every family of BSD, its first byte", "null / ", 0, 0, 1 },
	{ "ends: every family of BSD, its last byte", "null family=0 / ", 0, 3, 1 },
	{ "ends: every family of BSD, both", "null family=0 / ", 0, 2, 2 },
	{ "ends: every family of OpenBSD", "loop / ", 108, 2, 2 },
	{ "ends: every type of Linux cooked captures", "sll pkttype=host addr=02:00:00:00:00:01 / ", 113, 14, 2 },
	{ "ends: every hardware of Linux cooked captures", "sll pkttype=host addr=02:00:00:00:00:01 / ", 113, 2, 2 },
	{ "ends: every type of version 2", "sll2 ifindex=1 pkttype=host addr=02:00:00:00:00:01 / ", 276, 0, 2 },
	{ "ends: every hardware of version 2", "sll2 ifindex=1 pkttype=host addr=02:00:00:00:00:01 / ", 276, 8, 2 },
	{ "ends: every fragment of TCP", ETHER OUTER "/ " TCP " / ", 1, 20, 2 },
	{ "ends: every length of IP", ETHER OUTER "/ " TCP " / ", 1, 16, 2 },
	{ "ends: every header length of IP", ETHER OUTER "/ " TCP " / ", 1, 14, 1 },
	{ "ends: every header length of TCP", ETHER OUTER "/ " TCP " / ", 1, 46, 1 },
	{ "ends: every length of IPv6", ETHER IP6 "/ " TCP " / ", 1, 18, 2 },
	{ "ends: every length of UDP", ETHER OUTER "/ " UDP " / ", 1, 38, 2 },
	{ "ends: every length of PPPoE", ETHER "pppoe code=data session=1 / ", 1, 18, 2 },
	{ "ends: every flag of GRE", OUTER "/ gre / ", 101, 20, 2 },
	{ "ends: every type of ICMP", OUTER "/ icmp type=echo id=3 seq=4 / ", 101, 20, 1 },
	{ "ends: every type of ICMPv6", IP6 "/ icmp6 type=echo id=3 seq=4 / ", 101, 40, 1 },
};

static void test_numbers(void **state)
{
	const struct numbered *row = *state;
	uint8_t built[WIRE_MAX];
	char text[512];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(text, sizeof text);
	sonde_text_str(&t, row->text);
	sonde_text_str(&t, INNER);
	wire_build(&p, built, text);
	for (uint32_t number = 0; number < UINT32_C(1) << row->width * 8; number++) {
		sonde_bits_put(p.data + row->at, 0, row->width * 8, number);
		agree(p.data, p.len, p.len, row->link);
	}
}

static void test_link_types(void **state)
{
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, built, ETHER IP "/ " TCP);
	for (uint32_t offset = 0; offset <= 14; offset += 14)
		for (uint32_t link = 0; link < 2 * (UINT16_MAX + 1); link++)
			agree(p.data + offset, p.len - offset, p.len - offset, link);
}

/* ICMP's ports are those of flow keys; its type and code are those of flow tuples. */
static void test_icmp_flows(void **state)
{
	static const char *const texts[] = { OUTER "/ icmp type=echo id=3", IP6 "/ icmp6 type=echo id=3" };
	(void)state;
	for (unsigned i = 0; i < 2 * 256; i++) {
		uint8_t built[WIRE_MAX];
		struct sonde_packet p;
		struct sonde_flow_tuple tuple;
		struct sonde_flow_key key;
		struct sonde_ends e;
		bool from_low;
		wire_build(&p, built, texts[i / 256]);
		p.data[p.len - 8] = (uint8_t)i;
		sonde_dissect(&p, built, p.len, p.len, (struct sonde_id){ SONDE_SPACE_LINK, SONDE_LINK_RAW });
		if (sonde_flow_tuple_of(&tuple, &p, false))
			continue;
		sonde_flow_key_of(&key, &from_low, &tuple, &p);
		assert_true(sonde_ends_read(&e, p.data, p.len, p.len, SONDE_LINK_RAW));
		assert_int_equal(e.icmp_type, tuple.pair.local.port);
		assert_int_equal(e.sport, key.low.port);
		assert_int_equal(e.dport, key.high.port);
		assert_int_equal(e.proto, key.proto);
	}
}

static void test_tuple_has_no_gaps(void **state)
{
	(void)state;
	assert_int_equal(SONDE_ENDS_TUPLE_LEN, sizeof((struct sonde_ends *)0)->src * 2 + 2 * sizeof(uint16_t) + 2);
}

/* --- Many headers ------------------------------------------------------------------------------------------------ */

/* most: so many of `more` are passed. */
static const struct stacked {
	const char *name, *first, *more, *last;
	uint32_t link;
	unsigned n_layers; /* of more */
	unsigned most;
} stacked[] = {
	{ "ends: VLAN in VLAN", ETHER, "vlan id=5 / ", INNER, 1, 1, 22 },
	{ "ends: label behind label", ETHER, "mpls label=16 / ", INNER, 1, 1, 22 },
	{ "ends: IP in IP in IP", "", OUTER "/ ", INNER, 101, 1, 23 },
	{ "ends: GRE in GRE", "", OUTER "/ gre / ", INNER, 101, 2, 11 },
	{ "ends: VXLAN in VXLAN", "", OUTER "/ udp / vxlan vni=1 / " ETHER, INNER, 101, 4, 5 },
	{ "ends: extension behind extension", IP6 "/ ", "dstopts / ", UDP " / text:abc", 101, 1, 23 },
	{ "ends: a tunnel behind extensions", IP6 "/ ", "ah / ", INNER, 101, 1, 22 },
};

static void test_stacked(void **state)
{
	const struct stacked *row = *state;
	uint8_t built[WIRE_MAX];
	char text[4096];
	struct sonde_packet p;
	struct sonde_ends e;
	for (unsigned n = 0; n * row->n_layers + 4 < SONDE_MAX_NESTED; n++) {
		struct sonde_text t = sonde_text(text, sizeof text);
		sonde_text_str(&t, row->first);
		for (unsigned i = 0; i < n; i++)
			sonde_text_str(&t, row->more);
		sonde_text_str(&t, row->last);
		wire_build(&p, built, text);
		sonde_ends_read(&e, p.data, p.len, p.len, row->link);
		assert_int_equal(e.dport == 53, n <= row->most);
		agree_all(p.data, p.len, p.len, row->link);
	}
}

/* --- Captures ---------------------------------------------------------------------------------------------------- */

static void test_capture(void **state)
{
	const char *path = *state;
	struct sonde_reader *r;
	struct sonde_record frame;
	struct sonde_error e;
	if (sonde_reader_open(&r, path, NULL, &e))
		UNIT_SKIP("%s", e.what);
	while (sonde_reader_next(&frame, r, &e) == 1)
		agree_all(frame.bytes.data, frame.bytes.len, frame.wire_len, frame.link);
	sonde_reader_close(r);
}

int main(int argc, char **argv)
{
	static struct unit u;
	glob_t found = { 0 };
	for (int i = 1; i < argc; i++)
		unit_add(&u, argv[i], test_capture, argv[i]);
	if (argc > 1)
		return unit_run(&u, "ends");
	UNIT_ROWS(&u, test_row, rows);
	UNIT_ROWS(&u, test_row_beside, rows);
	UNIT_ROWS(&u, test_numbers, numbered);
	UNIT_TEST(&u, test_link_types);
	UNIT_TEST(&u, test_icmp_flows);
	UNIT_TEST(&u, test_tuple_has_no_gaps);
	UNIT_ROWS(&u, test_stacked, stacked);
	assert_int_equal(glob("captures/*.pcap*", 0, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		unit_add(&u, found.gl_pathv[i], test_capture, found.gl_pathv[i]);
	int status = unit_run(&u, "ends");
	globfree(&found);
	return status;
}
