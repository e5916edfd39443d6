/* What building, reading, printing and judging do alike for every protocol, out of the descriptions. */
#include <stdio.h>
#include <stdlib.h>

#include "proto/layout.h"
#include "packet/list_text.h"
#include "proto/data.h"
#include "proto/ip.h"
#include "proto/sctp.h"

#include "tests/unit/items.h"
#include "tests/unit/law.h"
#include "tests/unit/wire.h"

#define ROUNDS 60

static bool is_trailing(const struct sonde_proto *proto)
{
	return sonde_number_in(proto, SONDE_SPACE_TRAILER, 0) ||
	       sonde_number_in(proto, SONDE_SPACE_DATA, UINT32_MAX) != UINT32_MAX;
}

/* --- Numbers in rows --------------------------------------------------------------------------------------------- */

/* A header whose first byte, the type of those that have one, is given; it is written as numbers are. */
static int push_of_type(struct sonde_packet *p, uint8_t *buffer, size_t size, const struct sonde_proto *proto,
			unsigned type)
{
	sonde_packet_init(p, buffer, (uint32_t)size);
	int layer = sonde_push(p, proto);
	assert_int_equal(layer, 0);
	for (const struct sonde_field *f = proto->fields; proto->varies && f->name; f++)
		if (f->shape == SONDE_SCALAR && !f->when.test && SONDE_FIRST(f->place) == 0)
			sonde_set(p, layer, f->place, type & (uint32_t)((1ull << SONDE_WIDTH(f->place)) - 1));
	return layer;
}

static void check_number(struct sonde_packet *p, const struct sonde_field *f, uint64_t v)
{
	unsigned width = SONDE_WIDTH(f->place);
	v &= ~UINT64_C(0) >> (64 - width);
	int err = sonde_set(p, 0, f->place, v);
	if (err == SONDE_E_ABSENT) {
		assert_false(sonde_row_applies(f, p->data, p->layers[0].header_len));
		return;
	}
	assert_int_equal(err, 0);
	struct sonde_slot s = sonde_locate(p->layers[0].proto->fields, SONDE_ROW(f->place), p->data,
		p->layers[0].header_len);
	assert_true(s.there);
	assert_int_equal(sonde_slot_get(p->data, s), v);
	if (width < 64)
		assert_int_equal(sonde_set(p, 0, f->place, v | UINT64_C(1) << width), SONDE_E_RANGE);
	assert_int_equal(sonde_slot_get(p->data, s), v);
}

/* What is set is what is there, in every kind of message; what has more bits, or is in no such message, is refused. */
static void numbers_are_put_and_got(void **state)
{
	static uint8_t buffer[1 << 17]; /* for the most bytes that a number of 16 bits can ask for */
	const struct sonde_proto *proto = *state;
	uint64_t random = 3;
	struct sonde_packet p;
	for (unsigned type = 0; type < (proto->varies ? 256 : 1) && !is_trailing(proto); type++)
		for (const struct sonde_field *f = proto->fields; f->name; f++) {
			push_of_type(&p, buffer, sizeof buffer, proto, type);
			if (f->shape == SONDE_SCALAR)
				check_number(&p, f, unit_random(&random));
		}
}

/* --- Random frames ----------------------------------------------------------------------------------------------- */

static void headers_of_random_bytes_obey_the_law(void **state)
{
	const struct sonde_proto *proto = *state;
	uint8_t bytes[200];
	uint64_t random = 7;
	for (unsigned round = 0; round < 8 * ROUNDS && !is_trailing(proto); round++) {
		size_t len = unit_random(&random) % sizeof bytes;
		items_random_bytes(bytes, sizeof bytes, &random);
		bytes[0] = (uint8_t)(round & 1 ? round : bytes[0]);
		law_check(bytes, len, len + (round % 3 == 0 ? round : 0), law_first(proto));
	}
}

/* --- Random items ------------------------------------------------------------------------------------------------ */

/* A counter behind the rows it counts is no argument. */
static bool has_counters(const struct sonde_item *item)
{
	for (const struct sonde_field *f = item->fields; f && f->name; f++)
		if (SONDE_ROW(sonde_sizing_place(f)) > SONDE_ROW(f->place))
			return true;
	return false;
}

static const struct sonde_list_style exact = { .exact = true };

static void check_item(const struct sonde_list *list, const struct sonde_item *item, uint64_t *random)
{
	char given[1024], printed[1024], again[1024];
	uint8_t bytes[1024], rebuilt[1024];
	struct sonde_error e = { 0 };
	struct sonde_text t = sonde_text(given, sizeof given);
	struct sonde_buf b = { bytes, 0, sizeof bytes }, b2 = { rebuilt, 0, sizeof rebuilt };
	items_print_random(&t, list, item, random);
	if (sonde_list_parse(&b, list, given, t.len, &e))
		fail_msg("%s: %s", given, e.what);
	t = sonde_text(printed, sizeof printed);
	sonde_list_print(&t, list, sonde_view(bytes, b.len), &exact);
	size_t name_len = strlen(item->name);
	if (strncmp(printed, item->name, name_len) != 0 || (name_len && printed[name_len] && printed[name_len] != ':'))
		fail_msg("%s is printed as %s", given, printed);
	assert_int_equal(sonde_list_parse(&b2, list, printed, t.len, &e), 0);
	wire_equal(rebuilt, b2.len, bytes, b.len);
	t = sonde_text(again, sizeof again);
	sonde_list_print(&t, list, sonde_view(rebuilt, b2.len), &exact);
	assert_string_equal(again, printed);
}

/* Every item of every list, with random arguments, is printed by its name and read back. */
static void items_are_written_by_name(void **state)
{
	const struct sonde_proto *proto = *state;
	uint64_t random = 9;
	for (const struct sonde_field *f = proto->fields; f->name; f++)
		for (const struct sonde_item *item = f->list ? f->list->items : NULL; item && item->name; item++)
			for (unsigned round = 0; round < ROUNDS && !has_counters(item); round++)
				check_item(f->list, item, &random);
}

/* --- Packets of all protocols ------------------------------------------------------------------------------------ */

#define E  "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / "
#define I  "ip id=1 src=10.0.0.1 dst=10.0.0.2 "
#define I6 "ip6 src=2001:db8::1 dst=2001:db8::2 "
#define U  "udp sport=1000 dport=2000 / text:hello"

/* Beside the examples of the descriptions. */
static const char *const packets[] = {
	E "vlan pcp=3 id=7 / vlan id=8 / " I "options=rr:0.0.0.0+0.0.0.0,ra / " U " / pad zero:3",
	E "arp op=request sha=02:00:00:00:00:01 spa=10.0.0.1 tpa=10.0.0.2 / pad zero:18",
	I "/ tcp sport=1 dport=2 seq=3 flags=S options=mss:1460,sackok,ts:1:2,nop,wscale:7,sack:1-2+3-4 / text:hello",
	I "/ tcp sport=1 dport=2 seq=3 flags=A options=mptcp:dss:0x0:01020304,md5:000102030405060708090a0b0c0d0e0f / "
	  "zero:9",
	I "options=lsrr:10.0.0.7+10.0.0.8,nop / " U,
	I6 "/ hopopts options=ra:0 / dstopts options=home:2001:db8::7 / routing type=source addrs=::1,::2 / fragment "
	   "id=7 / " U,
	I6 "/ routing type=segment segs=::1,::2 tag=3 tlvs=padn:2,hmac:0x8000:1:0102030405060708,padn:2 / tcp sport=1 "
	   "dport=2 seq=1",
	I6 "/ routing type=rpl cmpri=15 cmpre=15 pad=6 segleft=1 vector=0102000000000000 / ah spi=7 "
	   "icv=0102030405060708 / " U,
	I "/ icmp type=echo id=1 seq=2 / text:ping",
	I "/ icmp type=unreach code=port objects=mpls:16/1/1/64,iface:in:index:7 / ip id=3 src=10.0.0.2 dst=10.0.0.9 "
	  "/ " U,
	I "/ icmp type=timxceed code=transit / ip id=3 src=10.0.0.2 dst=10.0.0.9 / udp sport=7 dport=8 checksum=9 / "
	  "cut:40",
	I "/ icmp type=router-advert addrs=10.0.0.1,10.0.0.2:-7",
	I "/ icmp type=timestamp id=1 seq=2 orig=3 recv=4 xmit=5",
	I6 "/ icmp6 type=echo id=1 seq=2 / text:ping",
	I6 "/ icmp6 type=timxceed code=transit objects=mpls:16/1/1/64 / ip6 src=::1 dst=::2 / " U,
	I6 "/ icmp6 type=router-advert "
	   "options=prefix:[2001:db8::]:64:LA:1:2,mtu:1500,rdnss:[::1+::2]:3,slla:02:00:00:00:00:01",
	I6 "/ icmp6 type=neighbour-solicit target=::1 options=nonce:010203040506",
	I6 "/ hopopts options=ra:0 / icmp6 type=mld-report2 records=is_ex:[ff02::1]:[::1+::2],block:[ff02::2]",
	I6 "/ icmp6 type=mld-query group=:: qrv=2 sources=::1,::2",
	I "/ igmp type=report3 records=is_in:224.1.2.3:1.2.3.4+5.6.7.8:01020304",
	I "/ igmp type=query group=224.1.2.3 qqic=5 sources=1.2.3.4",
	I "/ sctp sport=1 dport=2 vtag=3 "
	  "chunks=data:BE:1:2:3:4:616263,sack:0:5:6:2-3:9,cookie-ack,init:0:1:2:3:4:5:[forward-tsn-supported]",
	I "/ gre flags=C+K+S key=5 seq=6 / " I6 "/ " U,
	I "/ gre flags=R+K key=5 sre=080000040a00000300000000 / hex:0102",
	E "mpls label=16 ttl=3 / mpls label=17 / " I "/ " U,
	I "/ udp sport=5 dport=4789 / vxlan vni=7 / " E I6 "/ " U,
	E "pppoe code=data session=7 / " I "/ " U,
	E "pppoe code=padi session=0 tags=service,host-uniq:0102,max-payload:1500",
	E "lldp tlvs=chassis:mac:020000000001,port:ifname:31,ttl:120,org:0x0080c2:1:0001,end / pad zero:20",
	"null / " I "/ " U,
	"null family=ip6-freebsd-be / " I6 "/ " U,
	"loop / " I6 "/ " U,
	"sll pkttype=host addr=02:00:00:00:00:01 / " I "/ " U,
	"sll2 ifindex=3 pkttype=outgoing addr=02:00:00:00:00:01 / " I6 "/ " U,
	"ip id=1 length=0 src=10.0.0.1 dst=10.0.0.2 / " U,
	"ip id=1 flags=MF src=10.0.0.1 dst=10.0.0.2 / " U,
	I6 "/ fragment next=udp offset=5 id=9 / text:middle",
};

#define N_PACKETS (sizeof packets / sizeof *packets)

/* Every protocol's example, and all of packets[]: the text of number i, or NULL behind the last. */
static const char *packet_text(size_t i)
{
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		if (i-- == 0)
			return (*p)->example;
	return i < N_PACKETS ? packets[i] : NULL;
}

static struct sonde_id build(struct sonde_packet *p, uint8_t buffer[static WIRE_MAX], size_t i)
{
	wire_build(p, buffer, packet_text(i));
	return law_first(p->n_layers ? p->layers[0].proto : &sonde_data);
}

static void every_protocol_is_in_its_example(void **state)
{
	uint8_t buffer[WIRE_MAX];
	size_t i = 0;
	(void)state;
	for (const struct sonde_proto *const *proto = sonde_protos; *proto; proto++, i++) {
		struct sonde_packet p;
		bool found = *proto == &sonde_data;
		assert_non_null((*proto)->example);
		build(&p, buffer, i);
		for (int l = 0; l < p.n_layers + p.n_trailers; l++)
			found |= p.layers[l].proto == *proto;
		if (!found)
			fail_msg("no %s in its example", (*proto)->name);
	}
}

/* A packet that was cut when it was captured, and one that ends too early. */
static void every_truncation_obeys_the_law(void **state)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	(void)state;
	for (size_t i = 0; packet_text(i); i++) {
		struct sonde_id first = build(&p, buffer, i);
		for (size_t len = 0; len <= p.len; len++) {
			law_check(buffer, len, p.len, first);
			law_check(buffer, len, len, first);
		}
	}
}

static void mutated_packets_obey_the_law(void **state)
{
	uint8_t buffer[WIRE_MAX], bytes[WIRE_MAX];
	uint64_t random = 13;
	struct sonde_packet p;
	(void)state;
	for (size_t i = 0; packet_text(i); i++) {
		struct sonde_id first = build(&p, buffer, i);
		for (unsigned round = 0; round < 4 * ROUNDS; round++) {
			memcpy(bytes, buffer, p.len);
			for (unsigned n = 1 + round % 4; n-- > 0;)
				bytes[unit_random(&random) % p.len] =
					(uint8_t)(unit_random(&random) >> (unit_random(&random) % 8));
			size_t len = round % 3 ? p.len : unit_random(&random) % p.len;
			law_check(bytes, len, round % 5 ? len : p.len, first);
		}
	}
}

/* No length bounds this one: as offload leaves it, a packet may be as long as a frame. */
static void a_list_may_be_as_long_as_a_frame(void **state)
{
	static uint8_t frame[200000];
	struct sonde_packet p;
	(void)state;
	sonde_packet_init(&p, frame, sizeof frame);
	int ip = sonde_push(&p, &sonde_ip), sctp = sonde_push(&p, &sonde_sctp);
	sonde_set(&p, ip, SONDE_IP_LENGTH, 0);
	assert_int_equal(sctp, 1);
	while (p.cap - p.len >= 4)
		assert_int_equal(sonde_push_payload(&p, sonde_view("\x0b\0\0\4", 4)), 0);
	sonde_finish(&p);
	assert_non_null(strstr(law_check(frame, p.len, p.len, law_first(&sonde_ip)), "chunks=cookie-ack,cookie-ack"));
}

/* --- Finishing --------------------------------------------------------------------------------------------------- */

/* Overwrite every number of a layer that is computed, and let it be open. */
static void spoil(struct sonde_packet *p, int layer, uint64_t *random)
{
	struct sonde_layer *l = &p->layers[layer];
	for (const struct sonde_field *f = l->proto->fields; f->name; f++) {
		struct sonde_slot s = sonde_locate(l->proto->fields, SONDE_ROW(f->place), p->data + l->offset,
			l->header_len);
		bool computed = f->open == SONDE_COMPUTED && !(l->written & SONDE_MARK(f->place));
		bool sizes = false;
		for (const struct sonde_field *r = l->proto->fields; r->name; r++)
			sizes |= sonde_sizing_place(r) == f->place || (r->announces && r->when.place == f->place);
		if (computed && s.there && !sizes && !l->cut)
			sonde_bits_put(p->data + l->offset, s.first, s.width, unit_random(random));
	}
}

static void finish_repairs_what_is_computed(void **state)
{
	uint8_t want[WIRE_MAX], buffer[WIRE_MAX];
	uint64_t random = 17;
	struct sonde_packet p;
	(void)state;
	for (size_t i = 0; packet_text(i); i++)
		for (unsigned round = 0; round < 8; round++) {
			build(&p, buffer, i);
			memcpy(want, buffer, p.len);
			for (int l = 0; l < p.n_layers + p.n_trailers; l++)
				spoil(&p, l, &random);
			sonde_finish(&p);
			wire_equal(buffer, p.len, want, p.len);
		}
}

/* The description alone gives what the functions that were compiled from it give. */
static void the_walk_and_the_compiled_agree(void **state)
{
	static struct sonde_proto walked[SONDE_MAX_LAYERS];
	uint8_t want[WIRE_MAX], buffer[WIRE_MAX];
	uint64_t random = 19;
	struct sonde_packet p;
	(void)state;
	for (size_t i = 0; packet_text(i); i++) {
		build(&p, buffer, i);
		memcpy(want, buffer, p.len);
		for (int l = 0; l < p.n_layers + p.n_trailers; l++) {
			spoil(&p, l, &random);
			if (!p.layers[l].proto->compiled.finish)
				continue;
			memcpy(&walked[l], p.layers[l].proto, sizeof walked[l]);
			memset(&walked[l].compiled, 0, sizeof walked[l].compiled);
			p.layers[l].proto = &walked[l];
		}
		sonde_finish(&p);
		wire_equal(buffer, p.len, want, p.len);
	}
}

/* Make a message of a kind, the first that is written or behind another, by a description that is compiled or not. */
static void make_kind(struct sonde_packet *p, uint8_t *buffer, const struct sonde_proto *proto, unsigned before,
		      unsigned kind)
{
	memset(buffer, 0xee, WIRE_MAX);
	sonde_packet_init(p, buffer, WIRE_MAX);
	assert_int_equal(sonde_push(p, proto), 0);
	if (before)
		assert_int_equal(sonde_set(p, 0, proto->fields[0].place, before), 0);
	if (before)
		assert_int_equal(sonde_set_auto(p, 0, proto->fields[0].place), 0);
	assert_int_equal(sonde_set(p, 0, proto->fields[0].place, kind), 0);
}

/* What a kind of message is made of at once is what it becomes step by step; and what may be written directly is there.
 */
static void kinds_are_made_at_once(void **state)
{
	uint8_t want[WIRE_MAX], buffer[WIRE_MAX];
	struct sonde_packet p, slow;
	unsigned n = 0;
	(void)state;
	for (const struct sonde_proto *const *proto = sonde_protos; *proto; proto++) {
		if (!(*proto)->compiled.start_kind)
			continue;
		struct sonde_proto walked;
		memcpy(&walked, *proto, sizeof walked);
		memset(&walked.compiled, 0, sizeof walked.compiled);
		for (unsigned kind = 0; kind < 256; kind++, n++) {
			make_kind(&p, buffer, *proto, kind * 7 % 256, kind);
			make_kind(&slow, want, &walked, 0, kind);
			wire_equal(buffer, p.len, want, slow.len);
			assert_int_equal(p.layers[0].written, slow.layers[0].written);
			for (const struct sonde_field *f = (*proto)->fields; f->name; f++)
				if (p.layers[0].direct & SONDE_MARK(f->place))
					assert_true(sonde_row_is_writable(&slow, 0, SONDE_ROW(f->place)));
		}
	}
	assert_true(n >= 512);
}

/* --- Judging ----------------------------------------------------------------------------------------------------- */

static enum sonde_sum_state judge(const uint8_t *data, size_t len, size_t wire_len, struct sonde_id first, int layer)
{
	struct sonde_packet p;
	sonde_dissect(&p, data, (uint32_t)len, (uint32_t)wire_len, first);
	return p.n_layers + p.n_trailers > layer ? sonde_verify(&p, layer) : SONDE_SUM_NONE;
}

static bool in_fragment(const struct sonde_packet *p, int layer)
{
	for (int l = 0; l < layer; l++)
		if (p->layers[l].proto->is_fragment && p->layers[l].proto->is_fragment(p->data + p->layers[l].offset))
			return true;
	return false;
}

/* Every single bit of the checksum that is turned makes it wrong, or absent where 0 means so; so does the last byte. */
static void check_sum(struct sonde_packet *p, struct sonde_id first, int layer)
{
	const struct sonde_layer *l = &p->layers[layer];
	sonde_place place = l->proto->checksum_place;
	uint8_t *header = p->data + l->offset;
	uint64_t right = sonde_get(header, place);
	bool whole = l->offset + l->total_len == p->len && l->have_len > l->header_len;
	assert_int_equal(judge(p->data, p->len, p->len, first, layer), SONDE_SUM_OK);
	for (unsigned bit = 0; bit < SONDE_WIDTH(place); bit++) {
		sonde_put(header, place, right ^ UINT64_C(1) << bit);
		assert_int_equal(judge(p->data, p->len, p->len, first, layer), SONDE_SUM_WRONG);
	}
	sonde_put(header, place, right);
	if (l->proto->zero_is_absent) {
		sonde_put(header, place, 0);
		assert_int_equal(judge(p->data, p->len, p->len, first, layer), SONDE_SUM_ABSENT);
	}
	if (l->proto->pseudo) {
		sonde_put(header, place, sonde_partial_sum(p, layer));
		assert_int_equal(judge(p->data, p->len, p->len, first, layer), SONDE_SUM_PARTIAL);
	}
	sonde_put(header, place, right);
	if (!whole)
		return;
	p->data[p->len - 1] ^= 0x55;
	assert_int_equal(judge(p->data, p->len, p->len, first, layer),
			 l->proto->dst_place ? SONDE_SUM_OK : SONDE_SUM_WRONG);
	p->data[p->len - 1] ^= 0x55;
	enum sonde_sum_state cut = judge(p->data, p->len - 1, p->len, first, layer);
	/* The sum over what is there may be right: a byte of 0 adds nothing. */
	assert_true(cut == SONDE_SUM_TRUNCATED ||
		    (cut == SONDE_SUM_OK && (l->proto->dst_place || p->data[p->len - 1] == 0)));
}

static void checksums_are_judged(void **state)
{
	uint8_t buffer[WIRE_MAX];
	struct sonde_packet p;
	unsigned judged = 0;
	(void)state;
	for (size_t i = 0; packet_text(i); i++) {
		struct sonde_id first = build(&p, buffer, i);
		struct sonde_packet read;
		sonde_dissect(&read, buffer, p.len, p.len, first);
		for (int layer = 0; layer < read.n_layers; layer++) {
			const struct sonde_layer *l = &read.layers[layer];
			if (!l->proto->checksum || l->cut || l->quoted || sonde_verify(&read, layer) == SONDE_SUM_NONE)
				continue;
			if (in_fragment(&read, layer)) {
				assert_int_equal(sonde_verify(&read, layer), SONDE_SUM_FRAGMENT);
				continue;
			}
			check_sum(&read, first, layer);
			judged++;
		}
	}
	assert_true(judged > N_PACKETS);
}

static const struct {
	const char *name;
	CMUnitTestFunction test;
} properties[] = {
	{ "numbers are put and got", numbers_are_put_and_got },
	{ "headers of random bytes obey the law", headers_of_random_bytes_obey_the_law },
	{ "items are written by name", items_are_written_by_name },
};

int main(void)
{
	static struct unit u;
	static char names[1024][64];
	unsigned n = 0;
	for (const struct sonde_proto *const *p = sonde_protos; *p; p++)
		for (size_t i = 0; i < sizeof properties / sizeof *properties && n < 1024; i++, n++) {
			snprintf(names[n], sizeof names[n], "%s: %s", (*p)->name, properties[i].name);
			unit_add(&u, names[n], properties[i].test, *p);
		}
	UNIT_TEST(&u, every_protocol_is_in_its_example);
	UNIT_TEST(&u, every_truncation_obeys_the_law);
	UNIT_TEST(&u, mutated_packets_obey_the_law);
	UNIT_TEST(&u, a_list_may_be_as_long_as_a_frame);
	UNIT_TEST(&u, finish_repairs_what_is_computed);
	UNIT_TEST(&u, the_walk_and_the_compiled_agree);
	UNIT_TEST(&u, kinds_are_made_at_once);
	UNIT_TEST(&u, checksums_are_judged);
	return unit_run(&u, "packet_properties");
}
