/* Stamping a template gives what building from scratch gives. */
#include "packet/template.h"

#include "proto/layout.h"
#include "proto/icmp.h"
#include "proto/ip.h"
#include "proto/sctp.h"
#include "proto/tcp.h"
#include "proto/udp.h"

#include "tests/unit/wire.h"

/* Packets whose every field is stamped. */
static const struct packet_row {
	const char *name, *text;
	unsigned n; /* fields that can be stamped */
} packets[] = {
	{ "stamp: tcp",
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 / tcp sport=1 dport=2 seq=3 flags=S options=mss:1460,ts:1:2 / text:abc",
	    23 },
	{ "stamp: tcp in ip6",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / tcp sport=1 dport=2 seq=3 ack=9 flags=SA / text:abcd", 17 },
	{ "stamp: udp",
	  "ether src=02:00:00:00:00:01 / ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=1 dport=2 / text:abc", 19 },
	{ "stamp: udp without a sum", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=1 dport=2 checksum=0 / text:abc",
	  16 },
	{ "stamp: udp with a wrong sum",
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=1 dport=2 checksum=0x1234 / text:abc", 16 },
	{ "stamp: udp with a partial sum",
	  "ip src=10.0.0.1 dst=10.0.0.2 id=7 / udp sport=1 dport=2 checksum=partial / text:abc", 14 },
	{ "stamp: udp in ip6", "ip6 src=2001:db8::1 dst=2001:db8::2 / udp sport=1 dport=2 / text:abc", 10 },
	{ "stamp: echo", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / icmp type=echo id=1 seq=2 / text:abc", 17 },
	{ "stamp: timestamps", "ip src=10.0.0.1 dst=10.0.0.2 id=7 / icmp type=timestamp id=1 seq=2 orig=3", 20 },
	{ "stamp: echo in ip6", "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=echo id=1 seq=2 / text:abc", 11 },
	{ "stamp: a solicitation",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / icmp6 type=neighbour-solicit target=2001:db8::2", 11 },
	{ "stamp: arp", "ether dst=ff:ff:ff:ff:ff:ff / arp sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2", 10 },
	{ "stamp: vlans", "ether / vlan pcp=1 id=2 / vlan id=3 / ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2",
	  27 },
	{ "stamp: options of ip", "ip src=10.0.0.1 dst=10.0.0.2 options=ra:0,nop,nop,nop,nop / udp sport=1 dport=2",
	  16 },
	{ "stamp: a source route", "ip src=10.0.0.1 dst=10.0.0.2 options=lsrr:10.0.0.9 / udp sport=1 dport=2", 16 },
	{ "stamp: a routing header",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / routing type=2 addrs=2001:db8::9 / udp sport=1 dport=2", 13 },
	{ "stamp: a routing header with two to go",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / routing type=0 segleft=2 addrs=2001:db8::8,2001:db8::9 / udp "
	    "sport=1 dport=2", 13 },
	{ "stamp: objects",
	  "ip src=10.0.0.9 dst=10.0.0.1 / icmp type=timxceed objects=mpls:16/0/1/1 / ip src=10.0.0.1 dst=10.0.0.2 / "
	  "udp dport=2", 31 },
	{ "stamp: headers of ip6",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=ra:0 / dstopts / fragment id=5 / udp sport=1 "
	  "dport=2", 20 },
	{ "stamp: a tunnel",
	  "ip src=10.0.0.1 dst=10.0.0.2 / ip src=10.1.0.1 dst=10.1.0.2 / tcp sport=1 dport=2 flags=S", 36 },
	{ "stamp: sums over sums",
	  "ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=4789 / vxlan vni=5 / ether / ip src=10.1.0.1 "
	  "dst=10.1.0.2 / "
	  "udp sport=3 dport=4 / text:abc", 37 },
	{ "stamp: gre with a sum",
	  "ip src=10.0.0.1 dst=10.0.0.2 / gre flags=C+K key=5 / ip src=10.1.0.1 dst=10.1.0.2 / tcp sport=3 dport=4",
	    39 },
	{ "stamp: an error",
	  "ip src=10.0.0.9 dst=10.0.0.1 / icmp type=unreach code=port / ip src=10.0.0.1 dst=10.0.0.2 id=9 / udp "
	  "sport=1 dport=2", 31 },
	{ "stamp: a sum at an odd place", "ip src=10.0.0.1 dst=10.0.0.2 / hex:01 / udp sport=1 dport=2 / text:abc",
	  16 },
	{ "stamp: igmp", "ip src=10.0.0.1 dst=224.0.0.1 / igmp type=query group=239.0.0.1", 16 },
	{ "stamp: mpls", "ether / mpls label=16 / mpls label=17 / ip6 src=::1 dst=::2 / tcp dport=1", 28 },
	{ "stamp: sctp", "ip src=10.0.0.1 dst=10.0.0.2 / sctp sport=1 dport=2 vtag=3 chunks=cookie-ack", 14 },
};

static uint64_t width_mask(uint32_t width)
{
	return width < 64 ? (UINT64_C(1) << width) - 1 : ~UINT64_C(0);
}

/* Build the text again with another value in one field. */
static void rebuild(struct sonde_packet *p, uint8_t *buffer, const char *text, int layer, sonde_place place,
		    const uint8_t *bytes, uint64_t v)
{
	wire_build(p, buffer, text);
	p->layers[layer].partial &= place != p->layers[layer].proto->checksum_place;
	const struct sonde_layer *l = &p->layers[layer];
	uint32_t width = sonde_locate(l->proto->fields, SONDE_ROW(place), p->data + l->offset, l->header_len).width;
	int err = bytes ? sonde_set_bytes(p, layer, place, sonde_view(bytes, width / 8))
			: sonde_set(p, layer, place, v);
	assert_int_equal(err, 0);
	sonde_finish(p);
}

/* Stamp one slot with v and see that it is the same as building. */
static void check_value(const struct sonde_template *t, int slot, const char *text, int layer,
			const struct sonde_field *f, uint64_t v)
{
	uint8_t frame[WIRE_MAX], built[WIRE_MAX], bytes[16];
	struct sonde_packet p;
	for (int i = 0; i < 16; i++)
		bytes[i] = (uint8_t)(v >> i % 8 * 8);
	rebuild(&p, built, text, layer, f->place, f->shape == SONDE_BYTES ? bytes : NULL,
		v & width_mask(t->slots[slot].width));
	sonde_template_copy(frame, t);
	if (f->shape == SONDE_BYTES)
		sonde_template_stamp_bytes(frame, t, slot, bytes);
	else
		sonde_template_stamp(frame, t, slot, v);
	if (p.len != t->len || memcmp(frame, built, p.len) != 0)
		print_message("%s %s = %#llx\n", p.layers[layer].proto->name, f->name, (unsigned long long)v);
	wire_equal(frame, t->len, built, p.len);
	/* Once more with another value, and back: nothing is left of the first. */
	if (f->shape == SONDE_BYTES)
		return;
	sonde_template_stamp(frame, t, slot, ~v);
	sonde_template_stamp(frame, t, slot, v);
	wire_equal(frame, t->len, built, p.len);
}

static bool check_field(const struct sonde_packet *p, const char *text, int layer, const struct sonde_field *f,
			uint64_t *random)
{
	uint8_t room[WIRE_MAX];
	struct sonde_template t;
	assert_int_equal(sonde_template_freeze(&t, p, room, sizeof room), 0);
	int slot = sonde_template_slot(&t, p, layer, f->place);
	if (slot < 0) {
		assert_true(slot == SONDE_E_KIND || slot == SONDE_E_ABSENT);
		return false;
	}
	const uint64_t values[] = { 0, ~UINT64_C(0), 1, UINT64_C(0xff00ff00ff00ff00), UINT64_C(0x00ff00ff00ff00ff) };
	for (size_t i = 0; i < sizeof values / sizeof *values; i++)
		check_value(&t, slot, text, layer, f, values[i]);
	for (int i = 0; i < 20; i++)
		check_value(&t, slot, text, layer, f, unit_random(random));
	return true;
}

static void every_field(void **state)
{
	const struct packet_row *row = *state;
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	uint64_t random = 11;
	unsigned n = 0;
	wire_build(&p, buffer, row->text);
	for (int layer = 0; layer < p.n_layers; layer++)
		for (const struct sonde_field *f = p.layers[layer].proto->fields; f->name; f++)
			n += check_field(&p, row->text, layer, f, &random);
	assert_int_equal(n, row->n);
}

/* --- Zero sums --------------------------------------------------------------------------------------------------- */

/* All values of a port: among them the one that makes the sum 0. */
static void sweep(const char *text, const struct sonde_proto *proto, sonde_place place, sonde_place sum_place,
	uint64_t never,
		  uint64_t once)
{
	uint8_t buffer[WIRE_MAX], room[WIRE_MAX], frame[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_template t;
	unsigned n_once = 0;
	wire_build(&p, buffer, text);
	int layer = sonde_find(&p, proto);
	assert_int_equal(sonde_template_freeze(&t, &p, room, sizeof room), 0);
	int slot = sonde_template_slot(&t, &p, layer, place);
	assert_int_equal(slot, 0);
	sonde_template_copy(frame, &t);
	for (uint64_t v = 0; v <= 0xffff; v++) {
		sonde_template_stamp(frame, &t, slot, v);
		sonde_set(&p, layer, place, v);
		sonde_finish(&p);
		assert_memory_equal(frame, p.data, p.len);
		uint64_t sum = sonde_get(frame + p.layers[layer].offset, sum_place);
		assert_true(sum != never);
		n_once += sum == once;
	}
	assert_true(n_once == 1 || n_once == 2);
}

static void sums_of_udp_are_never_0(void **state)
{
	(void)state;
	sweep("ip src=10.0.0.1 dst=10.0.0.2 / udp sport=1 dport=2 / text:abc", &sonde_udp, SONDE_UDP_SPORT,
	  SONDE_UDP_CHECKSUM, 0, 0xffff);
	sweep("ip6 src=::1 dst=::2 / udp sport=1 dport=2 / text:abc", &sonde_udp, SONDE_UDP_DPORT, SONDE_UDP_CHECKSUM,
	  0, 0xffff);
}

static void sums_of_others_are_never_ffff(void **state)
{
	(void)state;
	sweep("ip src=10.0.0.1 dst=10.0.0.2 / tcp sport=1 dport=2 / text:abc", &sonde_tcp, SONDE_TCP_DPORT,
	  SONDE_TCP_CHECKSUM, 0xffff, 0);
	sweep("ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo id=1 seq=2", &sonde_icmp, SONDE_ICMP_SEQ,
	  SONDE_ICMP_CHECKSUM, 0xffff, 0);
	sweep("ip src=10.0.0.1 dst=10.0.0.2 id=5 / udp dport=1", &sonde_ip, SONDE_IP_ID, SONDE_IP_CHECKSUM, 0xffff, 0);
}

static void a_message_of_zeros_has_the_sum_ffff(void **state)
{
	(void)state;
	sweep("ip src=10.0.0.1 dst=10.0.0.2 / icmp type=echo-reply id=0 seq=0", &sonde_icmp, SONDE_ICMP_SEQ,
	  SONDE_ICMP_CHECKSUM, 0x10000, 0xffff);
}

/* --- What cannot be stamped -------------------------------------------------------------------------------------- */

static const struct refuse_row {
	const char *name, *text;
	const struct sonde_proto *proto;
	sonde_place place;
	int want;
} refusals[] = {
	{ "refused: a list", "ip dst=10.0.0.1 / tcp options=mss:1460", &sonde_tcp, SONDE_TCP_OPTIONS, SONDE_E_KIND },
	{ "refused: a kind of message", "ip dst=10.0.0.1 / icmp type=echo", &sonde_icmp, SONDE_ICMP_TYPE,
	  SONDE_E_KIND },
	{ "refused: no field of this message", "ip dst=10.0.0.1 / icmp type=echo", &sonde_icmp, SONDE_ICMP_MTU,
	  SONDE_E_ABSENT },
	{ "refused: the length of a quote", "ip dst=10.0.0.1 / icmp type=timxceed objects=mpls:16/0/1/1 / ip",
	  &sonde_icmp, SONDE_ICMP_LENGTH,
	  SONDE_E_KIND },
	{ "refused: under a CRC", "ip dst=10.0.0.1 / sctp dport=1", &sonde_sctp, SONDE_SCTP_DPORT, SONDE_E_KIND },
	{ "taken: a port", "ip dst=10.0.0.1 / tcp dport=1", &sonde_tcp, SONDE_TCP_DPORT, 0 },
	{ "taken: a view", "ip dst=10.0.0.1 / tcp dport=1", &sonde_ip, SONDE_IP_DSCP, 0 },
};

static void is_refused(void **state)
{
	const struct refuse_row *row = *state;
	uint8_t buffer[WIRE_MAX], room[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_template t;
	wire_build(&p, buffer, row->text);
	assert_int_equal(sonde_template_freeze(&t, &p, room, sizeof room), 0);
	assert_int_equal(sonde_template_slot(&t, &p, sonde_find(&p, row->proto), row->place), row->want);
	assert_int_equal(t.n_slots, row->want == 0);
}

static void room_is_needed(void **state)
{
	uint8_t buffer[WIRE_MAX], room[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_template t;
	(void)state;
	wire_build(&p, buffer, "ip dst=10.0.0.1 / udp dport=1");
	assert_int_equal(sonde_template_freeze(&t, &p, room, p.len - 1), SONDE_E_SPACE);
	assert_int_equal(sonde_template_freeze(&t, &p, room, p.len), 0);
	p.cap = 3 * p.len - 1;
	assert_int_equal(sonde_template_slot(&t, &p, 0, SONDE_IP_TTL), SONDE_E_SPACE);
	p.cap = 3 * p.len;
	for (int i = 0; i < SONDE_MAX_SLOTS; i++)
		assert_int_equal(sonde_template_slot(&t, &p, 0, SONDE_IP_TTL), i);
	assert_int_equal(sonde_template_slot(&t, &p, 0, SONDE_IP_TTL), SONDE_E_SPACE);
	assert_int_equal(sonde_template_slot(&t, &p, -1, SONDE_IP_TTL), SONDE_E_ABSENT);
}

/* Making a slot leaves the packet as it was. */
static void slots_change_nothing(void **state)
{
	uint8_t buffer[WIRE_MAX], before[WIRE_MAX], room[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_template t;
	(void)state;
	wire_build(&p, buffer, "ip src=10.0.0.1 dst=10.0.0.1 / udp dport=1");
	memcpy(before, p.data, p.len);
	assert_int_equal(sonde_template_freeze(&t, &p, room, sizeof room), 0);
	assert_int_equal(sonde_template_slot(&t, &p, 0, SONDE_IP_SRC), 0);
	assert_memory_equal(p.data, before, p.len);
	assert_memory_equal(t.bytes, before, p.len);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, every_field, packets);
	UNIT_TEST(&u, sums_of_udp_are_never_0);
	UNIT_TEST(&u, sums_of_others_are_never_ffff);
	UNIT_TEST(&u, a_message_of_zeros_has_the_sum_ffff);
	UNIT_ROWS(&u, is_refused, refusals);
	UNIT_TEST(&u, room_is_needed);
	UNIT_TEST(&u, slots_change_nothing);
	return unit_run(&u, "template");
}
