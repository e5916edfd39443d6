/* Taking packets apart and putting them together again. */
#include "packet/fragment.h"

#include <errno.h>
#include <stdlib.h>

#include "packet/notation.h"
#include "packet/reassemble.h"
#include "proto/ether.h"
#include "proto/ip.h"
#include "proto/ip6.h"
#include "proto/tcp.h"

#include "tests/unit/wire.h"

#define MAX_PACKET (65536 + 64)
#define MAX_PIECES 8192
#define KEY        ((struct sonde_key){ 1, 2 })

/* --- Fragments, row by row --------------------------------------------------------------------------------------- */

#define MAX_TEXTS 4

/* A packet and its fragments, as text. */
static const struct split_row {
	const char *name, *text;
	uint32_t max_len;
	bool despite_df;
	const char *want[MAX_TEXTS];
} splits[] = {
	/* The numbers are those of RFC 791, 3.2, example 2 and 3, scaled: offsets count 8 bytes. */
	{ "fragments: ip",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 tos=0x1 ttl=9 proto=udp / text:0123456789abcdefghijklmnopq", 36, false,
	  { "ip id=7 tos=0x01 flags=MF ttl=9 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:0123456789abcdef",
	    "ip id=7 tos=0x01 offset=2 ttl=9 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:ghijklmnopq" } },
	{ "fragments: a last one that fits to the byte",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp / text:0123456789abcdefghijklm", 35, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89abcdefghijklm" } },
	{ "fragments: of a fragment",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 flags=MF offset=100 proto=udp / text:0123456789abcdef", 28, false,
	  { "ip id=7 flags=MF offset=100 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:01234567",
	    "ip id=7 flags=MF offset=101 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89abcdef" } },
	{ "fragments: only copied options are in later ones",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=rr:0.0.0.0,nop,ra:0,sid:5 / text:0123456789abcdefgh",
	    52, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=rr:0.0.0.0,nop,ra,sid:5 / "
	    "text:0123456789abcdef",
	    "ip id=7 offset=2 proto=udp src=192.0.2.1 dst=192.0.2.2 options=ra,sid:5 / text:gh" } },
	{ "fragments: behind an end of options nothing is copied",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=eol,hex:940400 / text:0123456789", 32, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=eol,hex:940400 / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89" } },
	{ "fragments: copied options are filled up",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=sec:0a / text:0123456789", 32, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=sec:0a / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 options=sec:0a / text:89" } },
	{ "fragments: an option without a length ends the copying",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=nop,nop,nop,hex:94 / hex:01020304050607080910", 32,
	    false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=nop,nop,nop,hex:94 / hex:0102030405060708",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / hex:0910" } },
	{ "fragments: and one of length 0",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=hex:94000000 / text:0123456789", 32, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=hex:94000000 / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89" } },
	{ "fragments: and one longer than the header",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp options=hex:94050000 / text:0123456789", 32, false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 options=hex:94050000 / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89" } },
	{ "fragments: don't-fragment stays when it is not obeyed",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 flags=DF proto=udp / text:0123456789abcdef", 28, true,
	  { "ip id=7 flags=MF+DF proto=udp src=192.0.2.1 dst=192.0.2.2 / text:01234567",
	    "ip id=7 flags=DF offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:89abcdef" } },
	{ "fragments: what fits goes as it is",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 flags=DF proto=udp / text:0123", 24, false,
	  { "ip id=7 flags=DF proto=udp src=192.0.2.1 dst=192.0.2.2 / text:0123" } },
	{ "fragments: what fits keeps what lies behind it",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp checksum=0x1234 / text:0123 / pad hex:aabb", 24, false,
	  { "ip id=7 proto=udp src=192.0.2.1 dst=192.0.2.2 checksum=0x1234 / text:0123 / pad hex:aabb" } },
	{ "fragments: a written checksum is in each",
	  "ip src=192.0.2.1 dst=192.0.2.2 id=7 proto=udp checksum=0x1234 options=sec:0a / text:0123456789abcdef", 32,
	  false,
	  { "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 checksum=0x1234 options=sec:0a / text:01234567",
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 checksum=0x1234 options=sec:0a / text:89abcdef" } },
	{ "fragments: with a link layer",
	  "ether src=02:00:00:00:00:01 dst=02:00:00:00:00:02 / vlan id=5 / ip src=192.0.2.1 dst=192.0.2.2 id=7 "
	    "proto=udp / "
	  "text:01234567abc", 28, false,
	  { "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / vlan id=5 / "
	    "ip id=7 flags=MF proto=udp src=192.0.2.1 dst=192.0.2.2 / text:01234567",
	    "ether dst=02:00:00:00:00:02 src=02:00:00:00:00:01 / vlan id=5 / "
	    "ip id=7 offset=1 proto=udp src=192.0.2.1 dst=192.0.2.2 / text:abc" } },
	{ "fragments: ip6",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 flow=0x12 next=200 / text:0123456789abcdefghi", 56, false,
	  { "ip6 flow=0x00012 src=2001:db8::1 dst=2001:db8::2 / fragment next=200 m=1 id=0xabcdef01 / text:01234567",
	    "ip6 flow=0x00012 src=2001:db8::1 dst=2001:db8::2 / fragment next=200 offset=1 m=1 id=0xabcdef01 / "
	      "text:89abcdef",
	    "ip6 flow=0x00012 src=2001:db8::1 dst=2001:db8::2 / fragment next=200 offset=2 id=0xabcdef01 / "
	      "text:ghi" } },
	/* RFC 8200, 4.5: all up to the routing header, and destination options behind it are data. */
	{ "fragments: ip6 with headers that routers look at",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=ra:0 / routing type=2 addrs=2001:db8::3 / dstopts "
	    "next=200 / "
	  "text:0123456789abcdefg", 96, false,
	  { "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=ra:0 / routing type=mobile addrs=2001:db8::3 / "
	    "fragment m=1 id=0xabcdef01 / dstopts next=200 / text:01234567",
	    "ip6 src=2001:db8::1 dst=2001:db8::2 / hopopts options=ra:0 / routing type=mobile addrs=2001:db8::3 / "
	    "fragment next=dstopts offset=2 id=0xabcdef01 / text:89abcdefg" } },
	{ "fragments: ip6 with hop-by-hop options out of place",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / dstopts / hopopts next=200 / text:012345678", 64, false,
	  { "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment m=1 id=0xabcdef01 / dstopts / hopopts next=200",
	    "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment next=dstopts offset=2 id=0xabcdef01 / text:012345678" } },
	{ "fragments: ip6 inside is data, routing header and all",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / ip6 src=2001:db8::3 dst=2001:db8::4 / routing type=2 next=200 / "
	    "text:01234567",
	  95, false,
	  { "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment m=1 id=0xabcdef01 / "
	    "ip6 length=16 next=routing src=2001:db8::3 dst=2001:db8::4",
	    "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment next=ip6 offset=5 id=0xabcdef01 / "
	      "hex:c8000200000000003031323334353637" } },
	{ "fragments: ip6 inside is data",
	  "ip6 src=2001:db8::1 dst=2001:db8::2 / ip6 src=2001:db8::3 dst=2001:db8::4 / hopopts options=ra:0 next=200 "
	    "/ text:01234567",
	  95, false,
	  { "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment m=1 id=0xabcdef01 / "
	    "ip6 length=16 next=hopopts src=2001:db8::3 dst=2001:db8::4",
	    "ip6 src=2001:db8::1 dst=2001:db8::2 / fragment next=ip6 offset=5 id=0xabcdef01 / "
	      "hex:c8000502000001003031323334353637" } },
};

static void expect_text(const uint8_t *bytes, int len, const struct sonde_proto *first, const char *text)
{
	uint8_t want[WIRE_MAX];
	struct sonde_packet p;
	assert_true(len > 0);
	assert_non_null(text);
	wire_build(&p, want, text);
	assert_ptr_equal(p.layers[0].proto, first);
	wire_equal(bytes, (size_t)len, want, p.len);
}

static void split(void **state)
{
	const struct split_row *row = *state;
	uint8_t built[WIRE_MAX], piece[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_fragments f;
	struct sonde_error e = { 0 };
	wire_build(&p, built, row->text);
	int err = sonde_fragments_start(&f, &p, row->max_len, 0xabcdef01, row->despite_df, &e);
	if (err)
		fail_msg("%s", e.what);
	int len, n = 0;
	for (; (len = sonde_fragments_next(&f, piece, sizeof piece)) > 0; n++) {
		assert_true(n < MAX_TEXTS);
		expect_text(piece, len, p.layers[0].proto, row->want[n]);
	}
	assert_int_equal(len, 0);
	assert_true(n > 0 && (n == MAX_TEXTS || !row->want[n]));
}

static const struct refuse_row {
	const char *name, *text;
	uint32_t max_len;
	int want;
} refusals[] = {
	{ "refused: no ip", "ether dst=02:00:00:00:00:02 / arp tpa=10.0.0.1", 40, SONDE_E_ABSENT },
	{ "refused: don't fragment", "ip dst=10.0.0.1 flags=DF / zero:100", 100, -EMSGSIZE },
	{ "refused: not all there", "frame wire=2000 / ip dst=10.0.0.1 / zero:100", 100, SONDE_E_TRUNCATED },
	{ "refused: bytes behind the packet", "ip dst=10.0.0.1 / zero:100 / pad hex:aabbccdd", 100,
	  SONDE_E_UNSUPPORTED },
	{ "refused: a length that lies", "ip dst=10.0.0.1 length=99 / zero:100", 100, SONDE_E_MALFORMED },
	{ "refused: an ihl that lies", "ip dst=10.0.0.1 ihl=6 / zero:100", 100, SONDE_E_MALFORMED },
	{ "refused: a fragment with an odd rest", "ip dst=10.0.0.1 flags=MF / zero:101", 100, SONDE_E_MALFORMED },
	{ "refused: an ip6 fragment", "ip6 dst=::1 / fragment m=1 / zero:100", 100, SONDE_E_UNSUPPORTED },
	{ "refused: no room for data", "ip dst=10.0.0.1 / zero:100", 27, SONDE_E_RANGE },
	{ "refused: no room for data in ip6", "ip6 dst=::1 / zero:100", 55, SONDE_E_RANGE },
	{ "refused: offsets that end", "ip dst=10.0.0.1 offset=8189 / zero:24", 28, SONDE_E_RANGE },
};

static void refused(void **state)
{
	const struct refuse_row *row = *state;
	uint8_t built[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_fragments f;
	struct sonde_error e = { 0 };
	wire_build(&p, built, row->text);
	assert_int_equal(sonde_fragments_start(&f, &p, row->max_len, 1, false, &e), row->want);
	assert_int_equal(e.code, row->want);
	assert_true(strlen(e.what) > 0);
}

static void a_small_buffer_can_be_followed_by_a_large_one(void **state)
{
	uint8_t built[WIRE_MAX], piece[WIRE_MAX];
	struct sonde_packet p;
	struct sonde_fragments f;
	(void)state;
	wire_build(&p, built, "ip dst=10.0.0.1 / zero:16");
	assert_int_equal(sonde_fragments_start(&f, &p, 28, 1, false, NULL), 0);
	assert_int_equal(sonde_fragments_next(&f, piece, 27), SONDE_E_SPACE);
	assert_int_equal(sonde_fragments_next(&f, piece, 28), 28);
	assert_int_equal(sonde_fragments_next(&f, piece, 28), 28);
	assert_int_equal(sonde_fragments_next(&f, piece, 0), 0);
}

/* --- There and back ---------------------------------------------------------------------------------------------- */

struct piece {
	uint8_t *bytes;
	uint32_t len;
};

/* A packet of random kind and length, up to the longest there is. */
static void random_packet(struct sonde_packet *p, uint8_t *buffer, uint64_t *random)
{
	static uint8_t data[MAX_PACKET];
	uint64_t kind = unit_random(random);
	uint32_t len = (uint32_t)(unit_random(random) % (kind & 8 ? 65400 : 3000));
	for (uint32_t i = 0; i < len; i++)
		data[i] = (uint8_t)unit_random(random);
	sonde_packet_init(p, buffer, MAX_PACKET);
	if (kind & 1)
		sonde_push(p, &sonde_ether);
	int ip = sonde_push(p, kind & 2 ? &sonde_ip : &sonde_ip6);
	if (kind & 2) {
		sonde_set(p, ip, SONDE_IP_ID, kind >> 16 & 0xffff);
		if (kind & 4)
			sonde_set_bytes(p, ip, SONDE_IP_OPTIONS, sonde_view("\x94\x04\0\0\x07\x07\x04\0\0\0\0\0", 12));
	}
	sonde_set_bytes(p, ip, kind & 2 ? SONDE_IP_SRC : SONDE_IP6_SRC, sonde_view("0123456789abcdef",
	  kind & 2 ? 4 : 16));
	sonde_push(p, &sonde_tcp);
	assert_int_equal(sonde_push_payload(p, sonde_view(data, len)), 0);
	sonde_finish(p);
}

static size_t take_apart(struct piece *pieces, const struct sonde_packet *p, uint32_t max_len)
{
	static uint8_t out[MAX_PACKET];
	struct sonde_fragments f;
	struct sonde_error e = { 0 };
	size_t n = 0;
	int len = sonde_fragments_start(&f, p, max_len, 99, true, &e);
	if (len)
		fail_msg("%s", e.what);
	while ((len = sonde_fragments_next(&f, out, sizeof out)) > 0) {
		assert_true(n < MAX_PIECES && (uint32_t)len <= max_len + f.ip);
		pieces[n] = (struct piece){ malloc((size_t)len), (uint32_t)len };
		assert_non_null(pieces[n].bytes);
		memcpy(pieces[n++].bytes, out, (size_t)len);
	}
	assert_int_equal(len, 0);
	return n;
}

static void shuffle(struct piece *pieces, size_t n, uint64_t *random)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = unit_random(random) % i;
		struct piece kept = pieces[i - 1];
		pieces[i - 1] = pieces[j];
		pieces[j] = kept;
	}
}

static void read_piece(struct sonde_packet *p, const struct piece *piece, const struct sonde_proto *first)
{
	wire_read(p, piece->bytes, piece->len, first);
}

static void put_together(struct sonde_reassembler *r, const struct piece *pieces, size_t n,
  const struct sonde_packet *want)
{
	struct sonde_packet p;
	struct sonde_view out = { 0 };
	for (size_t i = 0; i < n; i++) {
		read_piece(&p, &pieces[i], want->layers[0].proto);
		enum sonde_reassembly result = sonde_reassemble(&out, r, &p, (sonde_time)i);
		if (n > 1)
			assert_int_equal(result, i + 1 < n ? SONDE_REASSEMBLY_WAITING : SONDE_REASSEMBLY_DONE);
		else
			assert_int_equal(result, SONDE_REASSEMBLY_NONE);
	}
	if (n > 1 && (out.len != want->len || memcmp(out.data, want->data, want->len) != 0))
		fail_msg("%zu fragments of %u bytes make %zu others", n, want->len, out.len);
}

static void what_is_taken_apart_comes_together(void **state)
{
	static struct piece pieces[MAX_PIECES];
	static uint8_t buffer[MAX_PACKET];
	struct sonde_reassembler r;
	uint64_t random = 5;
	(void)state;
	assert_int_equal(sonde_reassembler_init(&r, 4, SONDE_S, KEY), 0);
	for (int round = 0; round < 400; round++) {
		struct sonde_packet p;
		random_packet(&p, buffer, &random);
		uint32_t max_len = 68 + (uint32_t)(unit_random(&random) % (round % 2 ? 100 : 5000));
		size_t n = take_apart(pieces, &p, max_len);
		shuffle(pieces, n, &random);
		put_together(&r, pieces, n, &p);
		for (size_t i = 0; i < n; i++)
			free(pieces[i].bytes);
	}
	assert_true(r.counts.done > 300);
	assert_int_equal(r.oldest, 0);
	sonde_reassembler_free(&r);
}

int main(void)
{
	static struct unit u;
	UNIT_ROWS(&u, split, splits);
	UNIT_ROWS(&u, refused, refusals);
	UNIT_TEST(&u, a_small_buffer_can_be_followed_by_a_large_one);
	UNIT_TEST(&u, what_is_taken_apart_comes_together);
	return unit_run(&u, "fragments");
}
