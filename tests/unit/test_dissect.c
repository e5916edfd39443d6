/* The index of a packet that is read: which layers, where, how long, and what lies behind. */
#include <stdlib.h>

#include "base/text.h"
#include "packet/packet.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#include "tests/unit/law.h"
#include "tests/unit/wire.h"

/* A layer is written as NAME@OFFSET+HEADER/HAVE of TOTAL, with ! when it is cut, ' when it is quoted. */
static void describe(struct sonde_text *t, const struct sonde_packet *p)
{
	for (unsigned i = 0; i < p->n_layers + p->n_trailers; i++) {
		const struct sonde_layer *l = &p->layers[i];
		sonde_text_fmt(t, "%s%s@%u+%u/%u", i ? " " : "", l->proto->name, l->offset, l->header_len, l->have_len);
		if (l->total_len != l->have_len)
			sonde_text_fmt(t, "of%u", l->total_len);
		sonde_text_str(t, l->cut ? "!" : "");
		sonde_text_str(t, l->quoted ? "'" : "");
	}
	sonde_text_fmt(t, "%spayload %zu", p->n_layers ? " " : "", sonde_payload(p).len);
	if (p->quote_missing)
		sonde_text_fmt(t, " cut %u", p->quote_missing);
}

/* n: bytes that are there of what the text builds, or all; link: the capture's type. */
static const struct row {
	const char *name, *text;
	uint32_t n, link;
	const char *index;
} rows[] = {
	{ "dissect: ether, ip, tcp", "ether / ip / tcp options=mss:1460 / text:abc", 0, 1,
	  "ether@0+14/61 ip@14+20/47 tcp@34+24/27 payload 3" },
	{ "dissect: raw ip", "ip / udp / text:abc", 0, 101, "ip@0+20/31 udp@20+8/11 payload 3" },
	{ "dissect: raw ip6", "ip6 / udp / text:abc", 0, 101, "ip6@0+40/51 udp@40+8/11 payload 3" },
	{ "dissect: no bytes", "ip", UINT32_MAX, 1, "payload 0" },
	{ "dissect: an unknown link", "ether / ip", 0, 147, "payload 34" },
	{ "dissect: an unknown version", "hex:70000000", 0, 101, "payload 4" },
	{ "dissect: an unknown type", "ether type=0x1234 / hex:00", 0, 1, "ether@0+14/15 payload 1" },
	{ "dissect: an unknown protocol", "ip proto=200 / hex:00", 0, 101, "ip@0+20/21 payload 1" },
	{ "dissect: padding", "ether / ip / udp / pad zero:18", 0, 1,
	  "ether@0+14/42 ip@14+20/28 udp@34+8/8 pad@42+18/18 payload 0" },
	{ "dissect: padding of arp", "ether / arp / pad zero:18", 0, 1,
	  "ether@0+14/42 arp@14+28/28 pad@42+18/18 payload 0" },
	{ "dissect: padding that is cut", "ether / ip / udp / pad zero:18", 50, 1,
	  "ether@0+14/42 ip@14+20/28 udp@34+8/8 pad@42+8/8 payload 0" },
	{ "dissect: padding outside the outermost only", "ether / ip / ip length=20 / hex:0011 / pad zero:5", 0, 1,
	  "ether@0+14/56 ip@14+20/42 ip@34+20/22 pad@56+5/5 payload 2" },
	{ "dissect: bytes behind udp", "ip / udp length=9 / text:abc", 0, 101, "ip@0+20/31 udp@20+8/11 payload 3" },
	{ "dissect: a length that is too long", "ip length=99 / udp", 0, 101, "ip@0+20/28 udp@20+8/8 payload 0" },
	{ "dissect: a length that is too short", "ip length=19 / udp", 0, 101, "ip@0+20/28 udp@20+8/8 payload 0" },
	{ "dissect: a length of 0, as offload leaves it", "ip length=0 / udp", 0, 101,
	  "ip@0+20/28 udp@20+8/8 payload 0" },
	{ "dissect: a header length that is too short", "ip ihl=4 / udp", 0, 101, "ip@0+20/28 udp@20+8/8 payload 0" },
	{ "dissect: a header that is longer than the packet", "ip ihl=15 / udp", 0, 101, "ip@0+28/28! payload 0" },
	{ "dissect: a cut frame", "ip / tcp / zero:100", 60, 101, "ip@0+20/60of140 tcp@20+20/40of120 payload 20" },
	{ "dissect: cut in a header", "ip / tcp / zero:100", 29, 101, "ip@0+20/29of140 tcp@20+8/9of120! payload 1" },
	{ "dissect: cut before its first field", "ip6 tclass=0xff / tcp", 3, 101, "ip6@0+0/3of60! payload 3" },
	{ "dissect: cut between headers", "ip / tcp / zero:100", 20, 101, "ip@0+20/20of140 payload 0" },
	{ "dissect: a fragment behind the first", "ip offset=1 proto=tcp / zero:40", 0, 101, "ip@0+20/60 payload 40" },
	{ "dissect: the first fragment", "ip flags=MF / udp / zero:40", 0, 101, "ip@0+20/68 udp@20+8/48 payload 40" },
	{ "dissect: a quote", "ip / icmp type=unreach / ip / udp / text:abc", 0, 101,
	  "ip@0+20/59 icmp@20+8/39 ip@28+20/31' udp@48+8/11' payload 3" },
	{ "dissect: a quote that is cut", "ip / icmp type=unreach / ip / udp / text:abc cut:9", 0, 101,
	  "ip@0+20/59 icmp@20+8/39 ip@28+20/31of40' udp@48+8/11of20' payload 3 cut 9" },
	{ "dissect: a quote with objects, filled up",
	  "ip / icmp type=timxceed objects=mpls:16/0/1/1 / ip / udp / text:abc", 0, 101,
	  "ip@0+20/168 icmp@20+8/148 ip@28+20/31' udp@48+8/11' objects@156+12/12 payload 3" },
	{ "dissect: filling that is no zeros",
	  "ip / icmp type=timxceed objects=mpls:16/0/1/1 / ip length=28 / udp / hex:01", 0, 101,
	  "ip@0+20/168 icmp@20+8/148 ip@28+20/128' udp@48+8/8' objects@156+12/12 payload 100" },
	{ "dissect: padding behind a quote",
	  "ether / ip / icmp type=timxceed / ip length=126 / udp / zero:100 / pad zero:9", 0, 1,
	  "ether@0+14/170 ip@14+20/156 icmp@34+8/136 ip@42+20/128' udp@62+8/106' pad@170+9/9 payload 100" },
	{ "dissect: objects of a quote in a quote are its data",
	  "ip / icmp type=unreach / ip / icmp type=timxceed length=32 / ip / udp / zero:100 hex:20000000", 0, 101,
	  "ip@0+20/188 icmp@20+8/168 ip@28+20/160' icmp@48+8/140' ip@56+20/132' udp@76+8/112' payload 104" },
	{ "dissect: objects with bytes behind them are data",
	  "ip / ip length=168 / icmp type=timxceed length=32 / ip length=28 / udp / zero:100 "
	    "hex:200000000008010101000101 hex:00", 0, 101,
	  "ip@0+20/189 ip@20+20/169 icmp@40+8/148 ip@48+20/140' udp@68+8/8' payload 113" },
	{ "dissect: an echo quotes nothing", "ip / icmp type=echo / ip", 0, 101, "ip@0+20/48 icmp@20+8/28 payload 20" },
	{ "dissect: headers of ip6", "ip6 / hopopts / routing type=2 addrs=::1 / fragment / dstopts / tcp", 0, 101,
	  "ip6@0+40/108 hopopts@40+8/68 routing@48+24/60 fragment@72+8/36 dstopts@80+8/28 tcp@88+20/20 payload 0" },
	{ "dissect: ip6 that says nothing follows", "ip6 next=59 length=0 / zero:4", 0, 101,
	  "ip6@0+40/40 pad@40+4/4 payload 0" },
	{ "dissect: a tunnel by port", "ip / udp dport=4789 / vxlan / ether / ip", 0, 101,
	  "ip@0+20/70 udp@20+8/50 vxlan@28+8/42 ether@36+14/34 ip@50+20/20 payload 0" },
	{ "dissect: tags", "ether type=0x88a8 / vlan / vlan / ip", 0, 1,
	  "ether@0+14/42 vlan@14+4/28 vlan@18+4/24 ip@22+20/20 payload 0" },
	{ "dissect: labels", "ether / mpls / mpls / ip", 0, 1,
	  "ether@0+14/42 mpls@14+4/28 mpls@18+4/24 ip@22+20/20 payload 0" },
};

static void read_index(void **state)
{
	const struct row *row = *state;
	uint8_t built[WIRE_MAX];
	char s[400];
	struct sonde_packet p;
	struct sonde_text t = sonde_text(s, sizeof s);
	wire_build(&p, built, row->text);
	uint32_t wire = p.len, n = row->n == UINT32_MAX ? 0 : row->n ? row->n : wire;
	if (n == 0)
		wire = 0;
	uint8_t *exact = malloc(n ? n : 1);
	assert_non_null(exact);
	memcpy(exact, built, n);
	sonde_dissect(&p, exact, n, wire, (struct sonde_id){ SONDE_SPACE_LINK, row->link });
	describe(&t, &p);
	free(exact);
	assert_string_equal(s, row->index);
}

/* Cut at every length, once as the whole frame and once as what was captured of it. */
static void every_cut(void **state)
{
	const struct row *row = *state;
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, built, row->text);
	uint32_t len = p.len;
	for (uint32_t n = 0; n <= len; n++) {
		law_check(built, n, n, (struct sonde_id){ SONDE_SPACE_LINK, row->link });
		law_check(built, n, len, (struct sonde_id){ SONDE_SPACE_LINK, row->link });
		law_check(built, n, len + 1000, (struct sonde_id){ SONDE_SPACE_LINK, row->link });
	}
}

/* --- Looking for layers ------------------------------------------------------------------------------------------ */

static void the_innermost_outside_a_quote_is_found(void **state)
{
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	wire_build(&p, built, "ip / ip / icmp type=unreach / ip / tcp");
	wire_read(&p, p.data, p.len, &sonde_ip);
	assert_int_equal(sonde_find(&p, &sonde_ip), 1);
	assert_int_equal(sonde_find(&p, &sonde_icmp), 2);
	assert_int_equal(sonde_find(&p, &sonde_tcp), -1);
	assert_int_equal(sonde_find(&p, &sonde_udp), -1);
	assert_ptr_equal(sonde_layer_header(&p, 1), p.data + 20);
}

static void nesting_has_an_end(void **state)
{
	uint8_t bytes[2000] = { 0 };
	struct sonde_packet p;
	(void)state;
	/* Tags in tags, without end. */
	for (size_t i = 12; i < sizeof bytes; i += 4)
		bytes[i] = 0x81;
	sonde_dissect(&p, bytes, sizeof bytes, sizeof bytes, (struct sonde_id){ SONDE_SPACE_LINK, 1 });
	assert_int_equal(p.n_layers, SONDE_MAX_NESTED);
	assert_int_equal(sonde_payload(&p).len, sizeof bytes - 14 - (SONDE_MAX_NESTED - 1) * 4);
	law_check(bytes, sizeof bytes, sizeof bytes, (struct sonde_id){ SONDE_SPACE_LINK, 1 });
}

/* --- Checksums --------------------------------------------------------------------------------------------------- */

static const struct sum_row {
	const char *name, *text;
	const struct sonde_proto *proto;
	uint32_t n; /* bytes that are there, 0: all */
	enum sonde_sum_state want;
} sums[] = {
	{ "sum: ok", "ip src=10.0.0.1 dst=10.0.0.2 / tcp / text:abc", &sonde_tcp, 0, SONDE_SUM_OK },
	{ "sum: ok of the header, though data is cut off", "ip src=10.0.0.1 dst=10.0.0.2 / tcp / text:abc", &sonde_ip,
	  30, SONDE_SUM_OK },
	{ "sum: wrong", "ip src=10.0.0.1 dst=10.0.0.2 / tcp checksum=1 / text:abc", &sonde_tcp, 0, SONDE_SUM_WRONG },
	{ "sum: wrong of the header", "ip checksum=1 / tcp", &sonde_ip, 30, SONDE_SUM_WRONG },
	{ "sum: absent", "ip src=10.0.0.1 dst=10.0.0.2 / udp checksum=0 / text:abc", &sonde_udp, 0, SONDE_SUM_ABSENT },
	{ "sum: partial", "ip src=10.0.0.1 dst=10.0.0.2 / udp checksum=partial / text:abc", &sonde_udp, 0,
	  SONDE_SUM_PARTIAL },
	{ "sum: partial, though data is cut off", "ip src=10.0.0.1 dst=10.0.0.2 / udp checksum=partial / text:abc",
	  &sonde_udp, 29, SONDE_SUM_PARTIAL },
	{ "sum: a fragment", "ip flags=MF / udp / text:abcdefgh", &sonde_udp, 0, SONDE_SUM_FRAGMENT },
	{ "sum: data is cut off", "ip / udp / text:abc", &sonde_udp, 29, SONDE_SUM_TRUNCATED },
	{ "sum: only padding is cut off",
	  "ether / ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=1 dport=2 seq=3 / pad zero:6", &sonde_tcp, 58,
	  SONDE_SUM_OK },
	{ "sum: all of the padding is cut off", "ether / ip src=10.0.0.1 dst=10.0.0.2 / tcp checksum=1 / pad zero:6",
	  &sonde_tcp, 54, SONDE_SUM_WRONG },
	{ "sum: the header is cut off", "ip / udp / text:abc", &sonde_udp, 25, SONDE_SUM_TRUNCATED },
	{ "sum: the header is not there", "ip proto=udp / hex:0001", &sonde_udp, 0, SONDE_SUM_MALFORMED },
	{ "sum: none", "ether / ip", NULL, 0, SONDE_SUM_NONE },
	/* As Linux sent it. */
	{ "sum: zero as 0xffff",
	  "ip id=0 flags=DF src=10.0.0.2 dst=10.0.0.1 / tcp sport=7 dport=1087 seq=3891836421 ack=843691157 flags=SA "
	  "win=64240 checksum=0xffff options=mss:1460",
	  &sonde_tcp, 0, SONDE_SUM_OK },
	{ "sum: zero as 0",
	  "ip id=0 flags=DF src=10.0.0.2 dst=10.0.0.1 / tcp sport=7 dport=1087 seq=3891836421 ack=843691157 flags=SA "
	  "win=64240 checksum=0 options=mss:1460",
	  &sonde_tcp, 0, SONDE_SUM_OK },
	{ "sum: 0xffff for something else", "ip src=10.0.0.1 dst=10.0.0.2 / tcp checksum=0xffff", &sonde_tcp, 0,
	  SONDE_SUM_WRONG },
	{ "sum: in a tunnel", "ip flags=MF / ip src=10.0.0.1 dst=10.0.0.2 / udp", &sonde_udp, 0, SONDE_SUM_OK },
};

static void judge(void **state)
{
	const struct sum_row *row = *state;
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	wire_build(&p, built, row->text);
	uint32_t link = sonde_number_in(p.layers[0].proto, SONDE_SPACE_LINK, 0);
	sonde_dissect(&p, built, row->n ? row->n : p.len, p.len, (struct sonde_id){ SONDE_SPACE_LINK, link });
	int layer = row->proto ? sonde_find(&p, row->proto) : 0;
	assert_string_equal(sonde_sum_state_name(sonde_verify(&p, layer)), sonde_sum_state_name(row->want));
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, read_index, rows);
	UNIT_ROWS(&u, every_cut, rows);
	UNIT_TEST(&u, the_innermost_outside_a_quote_is_found);
	UNIT_TEST(&u, nesting_has_an_end);
	UNIT_ROWS(&u, judge, sums);
	return unit_run(&u, "dissect");
}
